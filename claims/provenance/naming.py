"""When two mentions mean one source: names in one spelling, short forms with the whole name."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from claims.text.normalise import folded

_WORD = re.compile(r"\w+(?:'\w+)?")
_DETERMINERS = frozenset(
    "the a an this that its their le la les l un une des el los las una der die das ein".split()
)
_LEAST = 2

NAME_ROOM = 120
"""So many characters from where a source begins may hold the whole name of an outlet."""


def plain_words(text: str) -> str:
    """A few words for comparing: no case, accents, marks or possessive."""
    return " ".join(word.removesuffix("'s") for word in _WORD.findall(folded(text)))


def plain_name(label: str) -> str:
    """A name for comparing: plain words without a leading article."""
    words = plain_words(label).split()
    if words and words[0].startswith("l'"):
        words[0] = words[0].removeprefix("l'")
    while len(words) > 1 and words[0] in _DETERMINERS:
        words = words[1:]
    return " ".join(words)


def whole_names(names: Iterable[str]) -> dict[str, str]:
    """Each plain name with the one it is short for: "wick" for "dana wick", if only one fits.

    A title in front is taken off the same way: "engineer dana wick" is "dana wick". Names that
    stand for themselves are their own.
    """
    known = sorted(set(names), key=lambda name: (len(name.split()), name))
    by_last: dict[str, list[str]] = defaultdict(list)
    for name in known:
        if len(name.split()) == _LEAST:
            by_last[name.split()[-1]].append(name)
    told = {}
    for name in known:
        words = name.split()
        fitting = by_last.get(words[-1], []) if words else []
        if len(words) == 1:
            told[name] = fitting[0] if len(fitting) == 1 else name
        else:
            told[name] = next((full for full in fitting if name.endswith(f" {full}")), name)
    return told


class Outlets:
    """The outlets of a coverage by their names, to be recognised where a text names one."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """``names``: any name or host of an outlet → what stands for the outlet."""
        self._names = {plain: key for name, key in names.items() if (plain := plain_name(name))}
        self._longest = max((len(name.split()) for name in self._names), default=0)

    def called(self, label: str) -> str | None:
        """The outlet with this name, or None."""
        return self._names.get(plain_name(label))

    def at(self, text: str, start: int) -> str | None:
        """The outlet whose whole name *text* prints from *start* on, the longest that fits.

        A reader of sentences may cut "Harbour Evening" short; who knows the name does not.
        """
        return self.opening(plain_name(text[start : start + NAME_ROOM]))

    def opening(self, plain: str) -> str | None:
        """The outlet whose whole name these plain words begin with, the longest that fits."""
        words = plain.split(maxsplit=self._longest)[: self._longest]
        for length in range(len(words), 0, -1):
            key = self._names.get(" ".join(words[:length]))
            if key is not None:
                return key
        return None

    def among(self, plain: str) -> set[str]:
        """All outlets that a few plain words name."""
        words = plain.split()
        return {
            key
            for first in range(len(words))
            for length in range(1, self._longest + 1)
            if (key := self._names.get(" ".join(words[first : first + length]))) is not None
        }
