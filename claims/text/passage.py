"""Finds a quoted passage in a text, and finds it again after small changes."""

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from rapidfuzz import fuzz

from claims.text.attributed import Span
from claims.text.normalise import normalise, straighten
from claims.text.shingles import shingles

AROUND = 60
"""Characters kept on either side of a passage, to tell it from the same words elsewhere."""

LEAST_LIKENESS = 85.0
"""How alike two passages must be, 0 to 100, to be one passage with small changes."""

_PLACES = 1_000
_LEAST_WORDS = 5
_WORDS_MORE_OR_LESS = 12
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))
_SPACE = re.compile(r"\s+")


class How(StrEnum):
    """How closely the words found are the words looked for."""

    EXACT = "exact"
    SPELLING = "spelling"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A passage as it is kept: its words, what stands around them, and where they stood.

    ``text[start:end] == exact`` for the text it was read from.
    """

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int

    def as_json(self) -> dict[str, str | int]:
        return {
            "exact": self.exact,
            "prefix": self.prefix,
            "suffix": self.suffix,
            "start": self.start,
            "end": self.end,
        }


@dataclass(frozen=True, slots=True)
class Found:
    """Where a passage stands now. ``likeness`` is 0 to 100; 100 but for changed words."""

    start: int
    end: int
    how: How
    likeness: float = 100.0


def anchor_at(text: str, start: int, end: int) -> Anchor:
    """The anchor of ``text[start:end]``. Raises ValueError where that is no passage of it."""
    if not 0 <= start < end <= len(text):
        raise ValueError(f"{start} to {end} is no passage of a text of {len(text)} characters.")
    return Anchor(
        exact=text[start:end],
        prefix=text[max(0, start - AROUND) : start],
        suffix=text[end : end + AROUND],
        start=start,
        end=end,
    )


def find(
    text: str, exact: str, *, prefix: str = "", suffix: str = "", near: int | None = None
) -> Found | None:
    """Where *exact* stands in *text*: word for word, else but for spaces, quotes, dashes, case.

    Where it stands in several places, *prefix* and *suffix* decide, then the distance from
    *near*, then the order. None where the words are not there. Linear in the length of *text*.
    """
    if not exact.strip():
        return None
    places = list(islice(_occurrences(text, exact), _PLACES))
    if places:
        spans = [(place, place + len(exact)) for place in places]
        start, end = _best(text, spans, prefix=prefix, suffix=suffix, near=near)
        return Found(start, end, How.EXACT)
    plain = _Plain(text)
    wanted = _Plain(exact).text.strip()
    places = list(islice(_occurrences(plain.text, wanted), _PLACES)) if wanted else []
    if not places:
        return None
    spans = [plain.span(place, place + len(wanted)) for place in places]
    start, end = _best(text, spans, prefix=prefix, suffix=suffix, near=near)
    return Found(start, end, How.SPELLING)


def stands_between(
    text: str, found: Found, *, prefix: str = "", suffix: str = ""
) -> tuple[bool, bool]:
    """Whether *prefix* stands right before what was found, and *suffix* right after it.

    Spaces, quotation marks, dashes and case may differ; nothing stands anywhere.
    """
    far = 2 * max(len(prefix), len(suffix)) + AROUND
    before = _Plain(text[max(0, found.start - far) : found.start]).text
    after = _Plain(text[found.end : found.end + far]).text
    return (
        before.rstrip().endswith(_Plain(prefix).text.strip()),
        after.lstrip().startswith(_Plain(suffix).text.strip()),
    )


def find_again(
    text: str, exact: str, *, prefix: str = "", suffix: str = "", near: int | None = None
) -> Found | None:
    """As ``find``; where the words were changed a little since, the passage most like them.

    Fewer than five words are never found changed: too much is like them.
    """
    found = find(text, exact, prefix=prefix, suffix=suffix, near=near)
    return found if found is not None else _changed(text, exact)


class _Plain:
    """A text in its comparing form, and where each character of it came from."""

    def __init__(self, text: str) -> None:
        clean = normalise(text)
        shown = straighten(clean.text).translate(_DASHES)
        pieces: list[str] = []
        starts, ends = array("L"), array("L")
        for match in re.finditer(r"\s+|\S", shown):
            first, last = match.start(), match.end() - 1
            low = " " if match[0].isspace() else match[0].casefold()
            pieces.append(low)
            starts.extend([clean.starts[first]] * len(low))
            ends.extend([clean.ends[last]] * len(low))
        self.text = "".join(pieces)
        self._starts, self._ends = starts, ends

    def span(self, start: int, end: int) -> Span:
        return self._starts[start], self._ends[end - 1]


def _occurrences(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def _best(text: str, spans: list[Span], *, prefix: str, suffix: str, near: int | None) -> Span:
    if len(spans) == 1:
        return spans[0]

    def fits(span: Span) -> tuple[float, int, int]:
        start, end = span
        before = _alike(text[max(0, start - len(prefix)) : start], prefix)
        after = _alike(text[end : end + len(suffix)], suffix)
        away = abs(start - near) if near is not None else 0
        return before + after, -away, -start

    return max(spans, key=fits)


def _alike(here: str, there: str) -> float:
    """How alike two short texts are, 0 to 100; nothing to compare tells nothing."""
    return fuzz.ratio(_spaced(here), _spaced(there)) if there else 0.0


def _spaced(text: str) -> str:
    return _SPACE.sub(" ", straighten(text)).strip().casefold()


def _changed(text: str, exact: str) -> Found | None:
    """The window of *text* that shares most three-word runs with *exact*, if alike enough."""
    wanted, there = shingles(exact), shingles(text)
    if len(wanted.spans) < _LEAST_WORDS or not there.hashes:
        return None
    offsets: defaultdict[int, list[int]] = defaultdict(list)
    for number, value in enumerate(wanted.hashes):
        offsets[value].append(number)
    # Each shared run votes for the word at which the passage would then begin.
    votes: Counter[int] = Counter()
    for number, value in enumerate(there.hashes):
        for offset in offsets.get(value, ()):
            begin = number - offset
            votes.update((begin - 1, begin, begin + 1))
    best: Found | None = None
    for begin, _ in votes.most_common(5):
        found = _aligned(text, exact, there.spans, begin, len(wanted.spans))
        if found is not None and (best is None or found.likeness > best.likeness):
            best = found
    return best if best is not None and best.likeness >= LEAST_LIKENESS else None


def _aligned(text: str, exact: str, spans: Sequence[Span], begin: int, words: int) -> Found | None:
    """The run of words from about *begin* on that is most like *exact*."""
    slack = min(max(2, words // 5), _WORDS_MORE_OR_LESS)
    wanted = _spaced(exact)
    best: Found | None = None
    for first in range(max(0, begin - 1), min(len(spans), begin + 2)):
        for last in range(max(first, first + words - 1 - slack), first + words + slack):
            if last >= len(spans):
                break
            start, end = spans[first][0], spans[last][1]
            likeness = fuzz.ratio(_spaced(text[start:end]), wanted)
            if best is None or likeness > best.likeness:
                best = Found(start, end, How.CHANGED, likeness)
    return best
