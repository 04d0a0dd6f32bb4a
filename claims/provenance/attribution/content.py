"""Tells where what was said stands: before its speaker, after, or nowhere."""

# ruff: noqa: PLR2004 - counts of a few words; a name for each would hide the grammar

from collections.abc import Sequence

from claims.provenance.attribution.lexicon import Lexicon
from claims.provenance.attribution.words import Phrase, Words

CLAUSE_WINDOW = 14


def mark_at(words: Words, index: int) -> str:
    return (
        words.tokens[index].low
        if 0 <= index < len(words.tokens) and not words.tokens[index].word
        else ""
    )


def is_content_first(words: Words, subject: Sequence[Phrase], stop: int) -> bool:
    """Whether what was said stands before: nothing but time and place follows the cue."""
    first = min(phrase.first for phrase in subject)
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
            if any(
                token.low.startswith(mark) and len(token.low) > len(mark) + 1
                for mark in _that_prefixes(lex)
            ):
                return True
            if token.word and token.low == ",":
                return False
    return has_clause(words, at)


def _that_prefixes(lex: Lexicon) -> tuple[str, ...]:
    return tuple(word[:-1] for word in lex.denial.get("that_prefix", ()))


def has_clause(words: Words, index: int) -> bool:
    """A subject and a finite verb of the list within the next words, no relative in between."""
    lex = words.lexicon
    for at in range(index, min(len(words.tokens), index + CLAUSE_WINDOW)):
        token = words.tokens[at]
        if not token.word and token.low not in {"'", "'s", "-"}:
            return False
        if lex.word(token, "relative", "that") and at > index:
            return False
        if at > index and lex.word(token, "finite", "auxiliary", "modal"):
            return True
    return False


def next_is_cue(words: Words, index: int) -> bool:
    """As in "Media reports said": the first word is a noun where a verb of saying follows it."""
    hit = words.cue_at.get(index)
    return (
        hit is not None
        and bool(hit[1] & {"say", "tell", "weak", "show"})
        and not hit[1] & {"from"}
    )
