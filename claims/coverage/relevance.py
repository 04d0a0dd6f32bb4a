"""Whether a text is about the same story: how many of the telling terms stand in it."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from claims.coverage.queries import Kind, Query, Term, terms
from claims.text.normalise import folded

ENOUGH = 0.6
"""The share of a query's weight a text has to hold. A name or number weighs two words."""

_ENOUGH_WORDS = 1 / 3
_ENOUGH_CLUES = 5
_WEIGHT = {Kind.NAME: 2.0, Kind.NUMBER: 2.0, Kind.WORD: 1.0}
_WORD = re.compile(r"\w+")
_PLURAL = re.compile(r"(?<=[a-z]{4})(?:es|s)$")
_LONG, _LONGEST_STEM, _WHOLE = 8, 7, 3
_ARABIC = re.compile("[\u0620-\u064a]")
_HEBREW = re.compile("[\u05d0-\u05ea]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
# What these scripts write in front of a word, in one with it: and, the, in, to, from, as, that.
_ARABIC_FRONTS = ("", "ال", "و", "وال", "ب", "بال", "ل", "لل", "ف", "ك")
_HEBREW_FRONTS = ("", "ה", "ו", "ב", "ל", "מ", "ש", "כ", "וה", "בה", "של")


@dataclass(frozen=True, slots=True)
class Clue:
    """One word to look for: any of ``stems``, as the beginning of a word or as a whole one."""

    stems: tuple[str, ...]
    whole: bool
    weight: float
    strong: bool

    def stands_in(self, words: Sequence[str]) -> bool:
        """Whether a text has it; *words* sorted."""
        return any(self._one(stem, words) for stem in self.stems)

    def _one(self, stem: str, words: Sequence[str]) -> bool:
        at = bisect_left(words, stem)
        if at == len(words):
            return False
        return words[at] == stem if self.whole else words[at].startswith(stem)


def clues(query: Query) -> tuple[Clue, ...]:
    """The words of a query, strongest first; a phrase gives its words."""
    found: dict[tuple[str, ...], Clue] = {}
    for term in terms(query.text, language=query.language):
        for clue in _clues_of(term):
            found.setdefault(clue.stems, clue)
    return tuple(sorted(found.values(), key=lambda clue: (-clue.weight, -len(clue.stems[0]))))


def share(looked_for: Iterable[Clue], words: Sequence[str]) -> float:
    """The share of the weight that stands in a text, 0 to 1; *words* as ``words_of`` has them.

    Nothing where the query has names or numbers and the text has none of them, or has names and
    next to none of the words: neither a topic nor two countries make a story.
    """
    wanted = tuple(looked_for)
    there = [clue for clue in wanted if clue.stands_in(words)]
    strong = [clue for clue in wanted if clue.strong]
    weak = [clue for clue in wanted if not clue.strong]
    if strong and not any(clue.strong for clue in there):
        return 0.0
    if weak and sum(not clue.strong for clue in there) < _ENOUGH_WORDS * len(weak):
        return 0.0
    whole = sum(clue.weight for clue in wanted)
    return sum(clue.weight for clue in there) / whole if whole else 0.0


def best_share(queries: Iterable[Query], text: str) -> float:
    """How well a text answers the query that it answers best.

    Short queries are for finding more, not for judging what was found; they count alone only
    where there are no others.
    """
    asked = [clues(query) for query in queries]
    full = [found for found in asked if len(found) >= _ENOUGH_CLUES] or asked
    words = words_of(text)
    return max((share(found, words) for found in full), default=0.0)


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: folded, each once, sorted."""
    return sorted(set(_words(text)))


def _clues_of(term: Term) -> Iterable[Clue]:
    kind = Kind.WORD if term.kind is Kind.PHRASE else term.kind
    return [_clue(word, kind) for word in _words(term.text)]


def _words(text: str) -> list[str]:
    """Folded, and with one kind of digits: papers of one country print two."""
    plain = _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), folded(text))
    return _WORD.findall(plain)


def _clue(word: str, kind: Kind) -> Clue:
    number = kind is Kind.NUMBER
    stem = word if number else _stem(word, name=kind is Kind.NAME)
    return Clue(
        stems=_with_fronts(stem),
        whole=number or len(stem) <= _WHOLE,
        weight=_WEIGHT.get(kind, 1.0),
        strong=kind in {Kind.NAME, Kind.NUMBER},
    )


def _stem(word: str, *, name: bool) -> str:
    """The part of a word that its other forms share, roughly; names keep all of theirs."""
    if word.startswith("ال") and len(word) > len("ال") + 2:
        return word.removeprefix("ال")
    if _CYRILLIC.match(word) and len(word) > _WHOLE + 1:
        # Names bend there as words do.
        return word[: min(max(len(word) - 2, _WHOLE + 1), _LONGEST_STEM)]
    if name:
        return word
    bare = _PLURAL.sub("", word)
    return bare[:_LONGEST_STEM] if len(bare) > _LONG else bare


def _with_fronts(stem: str) -> tuple[str, ...]:
    if _ARABIC.search(stem):
        return tuple(front + stem for front in _ARABIC_FRONTS)
    if _HEBREW.search(stem):
        return tuple(front + stem for front in _HEBREW_FRONTS)
    return (stem,)
