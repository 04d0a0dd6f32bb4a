"""Tells where what was said stands: before its speaker, after, or nowhere."""

# ruff: noqa: PLR2004 - counts of a few words; a name for each would hide the grammar

from collections.abc import Sequence

from claims.provenance.attribution.lexicon import Lexicon
from claims.provenance.attribution.tokens import Token
from claims.provenance.attribution.words import Phrase, Words

CLAUSE_WINDOW = 14
THAT_WINDOW = 10
_PLACE_WINDOW = 6
_SCARE_QUOTES = 2


def mark_at(words: Words, index: int) -> str:
    return (
        words.tokens[index].low
        if 0 <= index < len(words.tokens) and not words.tokens[index].word
        else ""
    )


def is_content_first(words: Words, subject: Sequence[Phrase], stop: int) -> bool:
    """Whether what was said stands before: nothing but time and place follows the cue."""
    first = _clause_start(words, min(subject, key=lambda phrase: phrase.first))
    preceded = content_mark(words, first)
    if not preceded:
        return False
    if stop >= len(words.tokens):
        return True
    lex = words.lexicon
    token = words.tokens[stop]
    if not token.word:
        return token.low in {".", ",", "!", "?", ";", ")", "—", "–", "…", "،", "-"}
    return lex.word(
        token, "preposition", "time", "adverb", "contrast", "as", "boundary"
    ) and not lex.word(token, "that")


def _clause_start(words: Words, phrase: Phrase) -> int:
    """Where the clause of *phrase* starts: "The priest, Benno Ulm, laughed" says nothing."""
    first, stop = phrase.first, phrase.stop
    if mark_at(words, stop) != "," or mark_at(words, first - 1) != ",":
        return first
    at = first - 2
    while at >= 0 and words.tokens[at].word:
        if at in words.in_cue or (
            words.lexicon.finite(words.tokens[at]) and not words.tokens[at].cap
        ):
            return first
        at -= 1
    return at + 1


def content_mark(words: Words, first: int) -> bool:
    """Whether a comma or a closing quotation with words before it stands before token *first*."""
    at = first - 1
    while at >= 0 and words.lexicon.word(words.tokens[at], "definite", "indefinite", "both"):
        at -= 1
    while at >= 0 and words.tokens[at].word and at > first - 6 and words.is_name(at) is not False:
        at -= 1
    mark = mark_at(words, at)
    return mark in {",", '"', "'", "?", "!", "—", "–", "،", "”"} and at >= 2


def clause_follows(words: Words, index: int) -> bool:
    """Whether a clause or quotation that could be what was said stands after the cue."""
    lex = words.lexicon
    if lex.clause_needs_that:
        return _that_follows(words, index)
    at = index
    while (
        at < len(words.tokens)
        and at < index + 5
        and lex.word(words.tokens[at], "time", "adverb", "preposition")
        and not lex.word(words.tokens[at], "that")
    ):
        at += 1
    for start in {index, at}:
        if start < len(words.tokens):
            token = words.tokens[start]
            if lex.word(token, "that") and not token.cap:
                return True
            if mark_at(words, start) in {":", '"', "'"}:
                return True
    if mark_at(words, at) == ",":
        return _that_after_aside(words, at)
    return has_clause(words, at) or _that_past_place(words, index) or _experience(words, index)


def _experience(words: Words, index: int) -> bool:
    """As in "described hearing a blast": what somebody went through, without a clause."""
    lex = words.lexicon
    if not 0 < index < len(words.tokens):
        return False
    token = words.tokens[index]
    return (
        lex.word(words.tokens[index - 1], "experiences")
        and not token.cap
        and token.word
        and token.low.endswith(lex.participle_suffix or ("\0",))
    )


def _that_past_place(words: Words, index: int) -> bool:
    """As in "allege in court filings that": where it was said stands in between."""
    lex = words.lexicon
    if index >= len(words.tokens) or not lex.word(words.tokens[index], "preposition"):
        return False
    for token in words.tokens[index + 1 : index + _PLACE_WINDOW]:
        if not token.word or (
            lex.word(token, "finite", "relative") and not lex.word(token, "that")
        ):
            return False
        if lex.word(token, "that"):
            return True
    return False


def _that_follows(words: Words, index: int) -> bool:
    """Whether "that", a quotation or an infinitive stands after a verb that needs one of them.

    The one who is told and the day may stand in between, another clause may not.
    """
    lex = words.lexicon
    for at in range(index, min(len(words.tokens), index + THAT_WINDOW)):
        token = words.tokens[at]
        if not token.word:
            if mark_at(words, at) == ":":
                return True
            if mark_at(words, at) == '"':
                return _long_quotation(words, at)
            if mark_at(words, at) in {",", ".", ";", "،"}:
                return at == index and _that_after_aside(words, at)
            continue
        if opens_clause(lex, token) or (
            at <= index + 1 and lex.word(token, "infinitive_opener") and not token.cap
        ):
            return True
        if lex.word(token, "relative", "finite", "contrast") and not token.cap:
            return False
    return False


def _that_after_aside(words: Words, comma: int) -> bool:
    """As in "claimed, without proof, that": "that" after a parenthesis."""
    stop = min(len(words.tokens) - 1, comma + CLAUSE_WINDOW)
    closing = next((at for at in range(comma + 1, stop) if mark_at(words, at) in {",", "،"}), None)
    return closing is not None and opens_clause(words.lexicon, words.tokens[closing + 1])


def _long_quotation(words: Words, opening: int) -> bool:
    """Whether the quotation is somebody's words, not a thing in scare quotes."""
    length = (
        sum(
            words.quoted[at] == words.quoted[opening + 1]
            for at in range(opening + 1, min(len(words.tokens), opening + 1 + THAT_WINDOW))
        )
        if opening + 1 < len(words.tokens)
        else 0
    )
    return length > _SCARE_QUOTES


def opens_clause(lex: Lexicon, token: Token) -> bool:
    """Whether the word is "that", or has it written on: "שהכביש"."""
    if lex.word(token, "that") and not token.cap:
        return True
    return any(
        token.low.startswith(mark) and len(token.low) > len(mark) + 1 and not lex.known(token)
        for mark in lex.that_prefix
    )


def object_follows(words: Words, index: int) -> bool:
    """Whether a thing, not a clause, stands after the verb: "assure trois traversées".

    Only asked of languages where a clause needs its "that": English leaves it out.
    """
    lex = words.lexicon
    if not lex.clause_needs_that:
        return False
    at = index
    while at < len(words.tokens) and lex.word(words.tokens[at], "time", "adverb"):
        at += 1
    if at >= len(words.tokens):
        return False
    token = words.tokens[at]
    opens = token.low.isdigit() or lex.word(
        token, "definite", "indefinite", "possessive", "object_mark", "testifies"
    )
    opens = opens or (not lex.capitals and bool(lex.nouns.classes(token.low)))
    return opens and not _that_follows(words, at)


def has_clause(words: Words, index: int) -> bool:
    """A subject and a finite verb of the list within the next words, no relative in between."""
    lex = words.lexicon
    for at in range(index, min(len(words.tokens), index + CLAUSE_WINDOW)):
        token = words.tokens[at]
        if not token.word and token.low not in {"'", "'s", "-"}:
            return False
        if lex.word(token, "relative", "that") and at > index:
            return False
        following = words.tokens[at + 1] if at + 1 < len(words.tokens) else None
        if lex.word(token, "and") and following is not None and lex.finite(following):
            return False
        if at > index and not token.cap and lex.word(token, "finite", "auxiliary", "modal"):
            return True
        if at > index + 1 and _takes_object(words, at):
            return True
    return False


def _takes_object(words: Words, at: int) -> bool:
    """As in "the video showed a shark": a verb of the regular past with its object."""
    lex = words.lexicon
    token, before = words.tokens[at], words.tokens[at - 1]
    if token.cap or not lex.finite(token) or at + 1 >= len(words.tokens):
        return False
    if not before.word or lex.word(before, "definite", "indefinite", "possessive", "preposition"):
        return False
    following = words.tokens[at + 1]
    return following.low.isdigit() or lex.word(following, "definite", "indefinite", "possessive")


def next_is_cue(words: Words, index: int) -> bool:
    """As in "Media reports said": the first word is a noun where a verb of saying follows it."""
    hit = words.cue_at.get(index)
    return (
        hit is not None
        and bool(hit[1] & {"say", "tell", "weak", "show"})
        and not hit[1] & {"from"}
    )
