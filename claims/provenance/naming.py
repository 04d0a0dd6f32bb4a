"""When two mentions mean one source: names in one spelling, short forms with the whole name."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

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
        # Nearly no word begins a name: how long those are that begin with one, longest first.
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for name in self._names:
            words = name.split()
            lengths[words[0]].add(len(words))
        self._lengths = {word: sorted(found, reverse=True) for word, found in lengths.items()}

    def called(self, label: str) -> str | None:
        """The outlet with this name, or None."""
        return self.named(plain_name(label))

    def named(self, plain: str) -> str | None:
        """The outlet with this plain name, or None."""
        return self._names.get(plain)

    def opening(self, plain: str) -> str | None:
        """The outlet whose whole name these plain words begin with, the longest that fits."""
        if plain.partition(" ")[0] not in self._lengths:
            return None
        return next(self._at(plain.split(), 0), None)

    def among(self, plain: str) -> set[str]:
        """All outlets that a few plain words name."""
        words = plain.split()
        return {
            key
            for first, word in enumerate(words)
            if word in self._lengths
            for key in self._at(words, first)
        }

    def _at(self, words: Sequence[str], first: int) -> Iterator[str]:
        """The outlets named from this word on, those of the longest name first."""
        for length in self._lengths[words[first]]:
            key = self._names.get(" ".join(words[first : first + length]))
            if key is not None:
                yield key
