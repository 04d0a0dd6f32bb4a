"""The words of one sentence and the phrases in them: what every rule looks at."""

from collections.abc import Sequence
from dataclasses import dataclass

from claims.provenance.attribution.lexicon import Lexicon
from claims.provenance.attribution.tokens import Token

_FULL_NAME = 2
_LONGEST_CUE = 10
CONNECTORS = frozenset(
    [
        "of",
        "the",
        "and",
        "for",
        "&",
        "de",
        "del",
        "la",
        "las",
        "los",
        "el",
        "des",
        "du",
        "d'",
        "l'",
        "al",
        "van",
        "von",
        "der",
        "den",
        "di",
        "da",
        "bin",
        "ibn",
        "y",
        "et",
    ]
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase that could name a source: its tokens, the words that name, and the kind.

    ``known`` tells a name or a word of the lists from a mere guess by position; ``pronoun`` and
    ``definite`` ("the report") say what may stand for something named before; ``head`` is the
    noun it turns on, ``named_run`` whether it turns on a name.
    """

    first: int
    stop: int
    start: int
    end: int
    kind: str
    named: bool
    known: bool
    head: str = ""
    definite: bool = False
    pronoun: str = ""
    is_name: bool = False
    outlet_like: bool = False
    generic_outlet: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """The tokens of one sentence with what rules ask of them: where cues and quotations are."""

    tokens: Sequence[Token]
    cue_at: dict[int, tuple[int, frozenset[str]]]
    in_cue: frozenset[int]
    quoted: Sequence[int]
    lexicon: Lexicon

    def opens(self, index: int) -> bool:
        """Whether the token starts a sentence or a quotation, where capitals say nothing."""
        return index == 0 or not self.tokens[index - 1].word

    def cue_over(self, index: int) -> frozenset[str]:
        """The classes of the cue that the token is part of; empty where it is part of none."""
        for at in range(index, max(-1, index - _LONGEST_CUE), -1):
            length, classes = self.cue_at.get(at, (0, frozenset()))
            if at + length > index:
                return classes
        return frozenset()

    def introduces(self, index: int) -> int:
        """The token before the phrase at *index*, past article and year: "in a 2021 report"."""
        at = index - 1
        while at > 0 and (
            self.tokens[at].low.isdigit() or self.lexicon.word(self.tokens[at], "indefinite")
        ):
            at -= 1
        return at

    def is_name(self, index: int) -> bool:
        """Whether the token is part of a name, as far as capitals tell."""
        token = self.tokens[index]
        if not (token.word and token.cap):
            return False
        lex = self.lexicon
        if lex.word(token, "he", "she", "they", "it", "first_person"):
            return False
        if not self.opens(index):
            return True
        if lex.word(
            token, "definite", "indefinite", "possessive", "preposition", "opener", "both"
        ) or lex.word(token, "boundary", "contrast"):
            return False
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        known = bool(lex.noun(token)) and not lex.names.classes(token.low)
        known = known or token.low.endswith(lex.unnamed_suffix or ("\0",))
        if following is not None and following.word and not following.cap:
            return not (known or self._names_a_thing(index + 1)) or self._connected(index)
        return not known or (following is not None and following.cap and following.word)

    def _connected(self, index: int) -> bool:
        """A name at the start that runs on in small words: "Times of Harrow"."""
        after = self.tokens[index + 1 : index + 4]
        if self.lexicon.noun(self.tokens[index]) & {"unnamed", "person", "collective"}:
            return False  # "Residents of the Old Town"
        return (
            len(after) > 1 and after[0].low in {"of", "de", "du", "des", "del"} and after[-1].cap
        )

    def _names_a_thing(self, index: int) -> bool:
        """A noun right after the first word, unless it is the verb: "Verdens reports that"."""
        if not self.lexicon.noun(self.tokens[index]):
            return False
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        return index not in self.in_cue or following is None or not following.word


def runs(words: Words, first: int, stop: int) -> list[tuple[int, int]]:
    """The names between two tokens: capitalised words, with the small words that join them."""
    found: list[tuple[int, int]] = []
    index = first
    while index < stop:
        if not words.is_name(index):
            index += 1
            continue
        end = index + 1
        while end < stop:
            if words.tokens[end].word and (
                words.tokens[end].cap or words.tokens[end].low.isdigit()
            ):
                end += 1
                continue
            joined = _joined(words, end, stop)
            if joined == end or _member_of(words, index, end):
                break
            end = joined
        found.append((index, end))
        index = end
    return found


def _member_of(words: Words, first: int, end: int) -> bool:
    """As in "Ilse Kant of the Kell Institute": a full name, and whom it belongs to."""
    if words.tokens[end].low != "of" or end - first < _FULL_NAME:
        return False
    tells = {"outlet_names", "organisation_names", "outlets", "agencies", "countries"}
    return not any(
        words.lexicon.names.classes(token.low) & tells or token.low in CONNECTORS
        for token in words.tokens[first:end]
    )


def _joined(words: Words, end: int, stop: int) -> int:
    """Where the name goes on after small words, or *end*; "and" joins no two full names."""
    at = end
    if words.tokens[end].low == "'" and end + 1 < stop and words.tokens[end + 1].cap:
        # "the Mill Street Residents' Association"
        classes = words.lexicon.names.classes(words.tokens[end + 1].low)
        return end + 1 if "organisation_names" in classes else end
    if words.lexicon.word(words.tokens[end], "definite"):
        return end  # "told Reuters the Pentagon knew": an article alone joins nothing
    while at < stop and words.tokens[at].low in CONNECTORS and not words.tokens[at].cap:
        at += 1
    if at == end or at >= stop or not (words.tokens[at].cap and words.tokens[at].word):
        return end
    return at


def made(words: Words, first: int, stop: int, span: tuple[int, int], **what: object) -> Phrase:
    tokens = words.tokens
    return Phrase(
        first=first,
        stop=stop,
        start=tokens[span[0]].start,
        end=tokens[span[1] - 1].end,
        **what,  # type: ignore[arg-type]
    )
