"""How much an assertion is worth checking: a sum of named parts that a person can see."""

# ruff: noqa: PLR2004 - counts of a few words; a name for each would hide the grammar

import re
from dataclasses import dataclass

from claims.extraction.wording import Wording

_NAME = re.compile(r"(?<=\w[ ,])[^\W\d_a-z]\w+")
_FIGURE = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Part:
    """One reason and its points; the points of a candidate add up to its score."""

    name: str
    points: float


@dataclass(frozen=True, slots=True)
class Standing:
    """How an assertion stands in its article: what the score looks at besides the words.

    ``nearness`` is 0 to 1, how much of the headline and deck it says; ``unnamed`` whether its
    chain ends with nobody named; ``alone`` whether it reads without its context.
    """

    nearness: float
    position: int
    attributed: bool
    unnamed: bool
    hedged: bool
    alone: bool


def parts(passage: str, standing: Standing, words: Wording) -> tuple[Part, ...]:
    """The reasons why *passage* is worth checking, weightiest first; the points sum to 0–1."""
    found = [
        Part("says what the headline says", round(0.25 * standing.nearness, 2)),
        Part("names somebody or something", 0.15 if _names(passage, words) else 0.0),
        Part("gives a figure or a date", 0.12 if _FIGURE.search(passage) else 0.0),
        Part("would matter if it were false", 0.15 if words.has("consequence", passage) else 0.0),
        Part("stands early in the article", 0.1 if standing.position < 3 else 0.0),
        Part("rests on somebody else's word", 0.06 if standing.attributed else 0.0),
        Part("nobody named vouches for it", 0.07 if standing.unnamed or standing.hedged else 0.0),
        Part("can be read without its context", 0.1 if standing.alone else 0.0),
    ]
    return tuple(sorted((part for part in found if part.points > 0), key=lambda p: -p.points))


def score(found: tuple[Part, ...]) -> float:
    """The sum of the parts, 0 to 1, two decimals."""
    return round(min(1.0, sum(part.points for part in found)), 2)


def _names(passage: str, words: Wording) -> bool:
    """Whether a name stands in the passage; scripts without capitals get the benefit of doubt."""
    if words.language in {"ar", "he"}:
        return True
    return bool(_NAME.search(passage))
