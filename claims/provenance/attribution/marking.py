"""Finds the cues in a sentence, what stands in quotation marks, and what only looks like a cue."""

from collections.abc import Sequence

from claims.provenance.attribution.lexicon import Lexicon
from claims.provenance.attribution.tokens import Token
from claims.provenance.attribution.words import Words

_VERBAL = frozenset(
    ["say", "weak", "claim", "show", "accuse", "tell", "learn", "quote", "deny", "brand", "saying"]
)

_WORDS_AHEAD = 3
_LONGEST_PART = 6
"""Tokens between an auxiliary and its verb, and of the verb itself."""

_NOMINAL = frozenset(["account", "agent", "claim_noun", "carried", "holds"])
"""Classes of cues that are nouns, or open with one."""


def words_of(tokens: Sequence[Token], lex: Lexicon) -> Words:
    """The tokens with the cues among them and which stand in a quotation."""
    cue_at: dict[int, tuple[int, frozenset[str]]] = {}
    in_cue: set[int] = set()
    index = 0
    while index < len(tokens):
        hits = [
            hit
            for form in lex.forms(tokens[index].low)
            for hit in lex.cues.at(tokens, index, form)
        ]
        hits = hits or _parted(tokens, index, lex)
        hits = [hit for hit in hits if not _only_dates(tokens, index, hit, lex)]
        hits.sort(reverse=True)
        length = hits[0][0] if hits else 0
        joined = index - 1 in in_cue and _joins(cue_at, index)
        if joined and lex.noun(tokens[index]) & {"story", "document"}:
            hits = []  # "according to | a report in": the word can only be a noun there
        elif index in in_cue or joined:
            hits = [hit for hit in hits if hit[1] not in {"agent", "from"}]
            length = hits[0][0] if hits else 0
        if hits and _names_paper(tokens, index, cue_at, lex):
            hits = []  # "according to the police report,"
        hits = [h for h in hits if h[1] != "claim_noun" or _claimed(tokens, index + h[0], lex)]
        length = hits[0][0] if hits else 0
        if length == 1 and _qualifies(tokens, index, lex):
            hits = []
        if length == 1 and _is_noun(tokens, index, lex):
            hits = [hit for hit in hits if hit[1] in _NOMINAL]
        if hits and not _inside_name(tokens, index, lex):
            cue_at[index] = (length, frozenset(name for size, name in hits if size == length))
            in_cue.update(range(index, index + length))
            index += length
        else:
            index += 1
    return Words(tokens, cue_at, frozenset(in_cue), _quotations(tokens), lex)


def _parted(tokens: Sequence[Token], index: int, lex: Lexicon) -> list[tuple[int, str]]:
    """Cues whose auxiliary and verb an adverb parts: "a de son côté annoncé"."""
    if not lex.capitals or not lex.word(tokens[index], "auxiliary"):
        return []
    at = index + 1
    while at < min(len(tokens), index + _LONGEST_PART):
        sizes = [
            size for size, name in lex.words.at(tokens, at, tokens[at].low) if name == "adverb"
        ]
        if not sizes:
            break
        at += max(sizes)
    gap = at - index - 1
    if not gap or at >= len(tokens):
        return []
    closed = [tokens[index], *tokens[at : at + _LONGEST_PART]]
    return [(size + gap, name) for size, name in lex.cues.at(closed, 0, closed[0].low) if size > 1]


def _claimed(tokens: Sequence[Token], after: int, lex: Lexicon) -> bool:
    """Whether "that" follows the noun, and somebody's "'s" or "his" stands before it."""
    before = tokens[after - 2] if after > 1 else None
    owned = before is not None and (
        before.low in {"'s", "'"} or lex.word(before, "he_own", "she_own", "they_own", "it_own")
    )
    return owned and after < len(tokens) and lex.word(tokens[after], "that")


def _only_dates(tokens: Sequence[Token], index: int, hit: tuple[int, str], lex: Lexicon) -> bool:
    """As in "reported in May": the preposition of the cue leads to a date, not to a source."""
    length, name = hit
    following = index + length
    if name not in {"agent", "from"} or length == 1 or following >= len(tokens):
        return False
    token = tokens[following]
    return (
        (token.low.isdigit() or lex.word(token, "time"))
        and lex.word(tokens[following - 1], "preposition")
        and not _goes_on_as_name(tokens, following, lex)
    )


def _goes_on_as_name(tokens: Sequence[Token], at: int, lex: Lexicon) -> bool:
    """Whether the date opens the name of a paper: "reported by Sunday Mirror"."""
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    return following is not None and following.cap and lex.named(following)


def _names_paper(
    tokens: Sequence[Token],
    index: int,
    cue_at: dict[int, tuple[int, frozenset[str]]],
    lex: Lexicon,
) -> bool:
    """Whether a paper ends the few words after a cue that wants a source."""
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    if following is not None and following.word:
        return False
    last = max(cue_at, default=-1)
    if last < 0 or not cue_at[last][1] & {"cite", "quote", "from"}:
        return False
    end = last + cue_at[last][0]
    near = end < index <= end + _WORDS_AHEAD and all(token.word for token in tokens[end:index])
    return near and bool(lex.noun(tokens[index]) & {"story", "document"})


def _joins(cue_at: dict[int, tuple[int, frozenset[str]]], index: int) -> bool:
    """Whether a cue that wants a source ends right here: "citing | a report in the Post"."""
    last = max((at for at in cue_at if at < index), default=-1)
    if last < 0 or last + cue_at[last][0] != index:
        return False
    return bool(cue_at[last][1] & {"cite", "quote", "from"})


def _inside_name(tokens: Sequence[Token], index: int, lex: Lexicon) -> bool:
    """A cue with a capital in mid-sentence is a name: the Said Theatre, the Daily Denied."""
    if not (lex.capitals and tokens[index].cap) or index == 0:
        return False
    before = tokens[index - 1]
    named = index + 1 < len(tokens) and tokens[index + 1].cap
    return before.word or (before.low == "," and named)  # "its chairman, Per Lie,"


def _qualifies(tokens: Sequence[Token], index: int, lex: Lexicon) -> bool:
    """As in "an informed source" or "عدم ذكر": no verb stands right after such a word."""
    if index == 0 or index + 1 >= len(tokens):
        return False
    following = tokens[index + 1]
    if lex.word(tokens[index], "counts") and following.low.endswith(lex.plural_suffix or ("\0",)):
        return True  # "מספר התיירים": their number, nobody tells
    return lex.word(tokens[index - 1], "before_nouns") and following.word


def _is_noun(tokens: Sequence[Token], index: int, lex: Lexicon) -> bool:
    """Whether "report" or "claims" is a noun: before a verb or "by", and after an article."""
    token = tokens[index]
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if lex.word(token, "prints"):
        subject = tokens[index - 1] if index else None
        return subject is None or not (subject.cap or lex.word(subject, "auxiliary", "adverb"))
    if (
        index
        and lex.noun(token) & {"person", "unnamed"}
        and lex.word(tokens[index - 1], "definite")
    ):
        return True
    if not (
        lex.noun(token) & {"document", "story", "collective"}
        or token.low in lex.denial.get("objects", ())
    ):
        return False
    before = tokens[index - 1] if index else None
    if before is not None and (
        lex.word(before, "definite", "indefinite", "possessive", "own")
        or before.low in {"'s", "'"}
    ):
        return True
    if before is not None and before.word and not before.cap and _opens_phrase(tokens, index, lex):
        return True
    doing = before is not None and before.low.endswith(lex.participle_suffix or ("\0",))
    if before is not None and doing and not (before.cap or lex.noun(before)):
        return True  # "are investigating claims that"
    if after is None or not after.word:
        return before is None or not before.word
    return (
        lex.finite(after)
        or lex.word(after, "by", "passive")
        or any(
            name in _VERBAL
            for form in lex.forms(after.low)
            for _, name in lex.cues.at(tokens, index + 1, form)
        )
    )


def _opens_phrase(tokens: Sequence[Token], index: int, lex: Lexicon) -> bool:
    """Whether an article or a preposition stands shortly before, with no verb in between."""
    for at in range(index - 1, max(-1, index - 4), -1):
        token = tokens[at]
        if lex.word(token, "preposition", "boundary") and at < index - 1:
            return True
        if token.word and lex.word(token, "finite", "auxiliary", "modal", "relative"):
            return False
        if any(name in _VERBAL for _, name in lex.cues.at(tokens, at, token.low)):
            return not lex.noun(token) and at < index
        if token.low in {"'s", "'"} and at == index - 2 and not tokens[index - 1].cap:
            return True  # "the opera's annual report"
        if (
            lex.word(token, "definite", "indefinite")
            and at == index - 2
            and not tokens[index - 1].cap
        ):
            return not lex.noun(tokens[index - 1]) & {
                "organisation",
                "person",
                "unnamed",
                "outlet",
            }
    return False


def _quotations(tokens: Sequence[Token]) -> list[int]:
    """For each token the number of the outermost quotation around it, 0 outside."""
    numbers = [0] * len(tokens)
    marks = [index for index, token in enumerate(tokens) if token.low == '"']
    for number, (opening, closing) in enumerate(zip(marks[::2], marks[1::2], strict=False), 1):
        for index in range(opening + 1, closing):
            numbers[index] = number
    if len(marks) % 2:
        for index in range(marks[-1] + 1, len(tokens)):
            numbers[index] = len(marks) // 2 + 1
    return numbers
