"""Words that are written leftwards, from where their letters stand on the paper."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

# A wider gap between two letters, in heights of the line, parts words.
_GAP = 0.2
_MIRRORED = dict(zip("()[]{}«»‹›", ")(][}{»«›‹", strict=True))
_OPENING = frozenset("([{«‹")
_ENDING = frozenset(".!?%\"'”’…")
_BEGINNING = frozenset("\"'“„‘")


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and the stretch of the line that it takes, in points from the left."""

    char: str
    left: float
    right: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def is_leftward(text: str) -> bool:
    """Whether a text is read from right to left: most of its letters are."""
    classes = [unicodedata.bidirectional(char) for char in text]
    return sum(one in {"R", "AL"} for one in classes) > classes.count("L")


def logical(glyphs: Sequence[Glyph], *, height: float, leftward: bool) -> str:
    """The line as it is read, whatever the order its letters were drawn in.

    ``leftward``: the paragraph is read from right to left, which a line alone may not show.
    Figures and foreign words within stand the other way round. Producers of PDFs disagree on
    everything but where a letter stands, so nothing else is believed.
    """
    signs = _spaced(glyphs, height=height, leftward=leftward)
    if leftward:
        return _bracketed("".join(_turned(signs)))
    return _bracketed("".join(_with_runs_turned(signs)))


def _spaced(glyphs: Sequence[Glyph], *, height: float, leftward: bool) -> list[str]:
    """Signs as they stand side by side, marks with their letters, spaces where there are gaps."""
    solid = [glyph for glyph in glyphs if not glyph.char.isspace()]
    bases = [glyph for glyph in solid if not unicodedata.combining(glyph.char)] or solid
    bases.sort(key=lambda glyph: glyph.middle, reverse=leftward)
    signs = [glyph.char for glyph in bases]
    for mark in solid:
        if unicodedata.combining(mark.char) and bases is not solid:
            nearest = min(range(len(bases)), key=lambda at: abs(bases[at].middle - mark.middle))
            signs[nearest] += mark.char
    blanks = [one.middle for one in glyphs if one.char.isspace() and one.right > one.left]
    told = signs[:1]
    for (one, two), sign in zip(pairwise(bases), signs[1:], strict=True):
        near, far = sorted((one, two), key=lambda glyph: glyph.middle)
        wide = far.left - near.right > _GAP * height
        if wide or any(near.middle < blank < far.middle for blank in blanks):
            told.append(" ")
        told.append(sign)
    return told


def _kind(sign: str) -> str:
    """``R`` and ``L`` for letters, ``N`` for figures, a space, and ``S`` for all signs between."""
    if sign == " ":
        return " "
    found = unicodedata.bidirectional(sign[0])
    if found in {"R", "AL"}:
        return "R"
    if found in {"EN", "AN"}:
        return "N"
    return "L" if found == "L" else "S"


def _turned(signs: Sequence[str]) -> list[str]:
    """Signs from right to left as they are read: what is no such script is turned round."""
    kinds = [_kind(sign) for sign in signs]
    told: list[str] = []
    at = 0
    while at < len(signs):
        end = _run(kinds, at) if kinds[at] in "LN" else at + 1
        told += reversed(signs[at:end])
        at = end
    return told


def _run(kinds: Sequence[str], start: int) -> int:
    """Where the figures or foreign words end that begin at *start*."""
    end = start + 1
    for at in range(start + 1, len(kinds)):
        if kinds[at] == "R":
            break
        if kinds[at] not in "LN":
            continue
        between = kinds[end:at]
        # Of two numbers each is one for itself; "Boeing 737" is one name.
        joined = " " not in between and len(between) <= 1
        if not joined and "L" not in _word(kinds, at):
            break
        end = at + 1
    return end


def _word(kinds: Sequence[str], start: int) -> str:
    """What the signs from *start* to the next space are."""
    stop = next((at for at in range(start, len(kinds)) if kinds[at] in " R"), len(kinds))
    return "".join(kinds[start:stop])


def _with_runs_turned(signs: Sequence[str]) -> list[str]:
    """Signs from left to right as they are read: what is written leftwards is turned round."""
    told: list[str] = []
    at = 0
    while at < len(signs):
        end = at + 1
        if _kind(signs[at]) == "R":
            for later in range(at + 1, len(signs)):
                if _kind(signs[later]) == "L":
                    break
                end = later + 1 if _kind(signs[later]) == "R" else end
            told += _turned(signs[at:end][::-1])
        else:
            told.append(signs[at])
        at = end
    return told


def _bracketed(text: str) -> str:
    """*text* with brackets that open where they open: on paper they show the other way round."""
    told = list(text)
    for at, sign in enumerate(told):
        if sign not in _MIRRORED:
            continue
        before = at > 0 and (told[at - 1].isalnum() or told[at - 1] in _ENDING)
        after = at + 1 < len(told) and (told[at + 1].isalnum() or told[at + 1] in _BEGINNING)
        if before != after and (sign in _OPENING) == before:
            told[at] = _MIRRORED[sign]
    return "".join(told)
