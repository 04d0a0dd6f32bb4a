"""Finds a quoted passage in a text, and finds it again after small changes."""

import re
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from rapidfuzz import fuzz

from claims.text.attributed import Span
from claims.text.likely import likely_parts
from claims.text.normalise import normalise, straighten
from claims.text.shingles import shingles

AROUND = 60
"""Characters kept on either side of a passage, to tell it from the same words elsewhere."""

LEAST_LIKENESS = 85.0
"""How alike two passages must be, 0 to 100, to be one passage with small changes."""

_PLACES = 1_000
_LEAST_WORDS = 5
# Characters on either side by which a place is known, and how alike its words have to be then.
_LEAST_AROUND = 15
_LEAST_LIKE_BETWEEN = 50.0
# What stands around tells equal passages apart; it never makes one of another.
_SHARE_OF_AROUND = 20
_CANDIDATES = 12
_WORDS_MORE_OR_LESS = 12
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))
# Full-width letters and figures are the same in another width.
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
# Vowel points of Arabic and Hebrew are set or left out, letters of Arabic stretched or not.
_SIGNS = (
    *range(0x0591, 0x05BE),
    *(0x05BF, 0x05C1, 0x05C2, 0x05C4, 0x05C5, 0x05C7, 0x0640, 0x0670),
    *range(0x0610, 0x061B),
    *range(0x064B, 0x0653),
    *range(0x0656, 0x0660),
    *range(0x06D6, 0x06DD),
)
_LOW = {"\u2026": "..."} | dict.fromkeys(map(chr, _SIGNS), "")
_SPACE = re.compile(r"\s+")
# A word that a printed line's end broke, where its hyphen may be its own: "well" + "known".
_MAYBE = re.compile(r"(?<!\w)(\w+)\u00ad(?=(\w+))")
# Each word processor sets its own spaces here, or none: within French quotation marks, before
# high punctuation, and around dashes that are no hyphens.
_PIECES = re.compile(
    r"(?<=\u00ab)\s+|\s+(?=[\u00bb?!:;])|\s+(?=[\u2012-\u2015])|(?<=[\u2012-\u2015])\s+"
    r"|\s+(?=[-\u2010\u2011\u2212]\s)|(?<=\s[-\u2010\u2011\u2212])\s+|(?P<told>\s+|\S)"
)


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


def hyphened(text: str, *quoted: str) -> str:
    """*text* with a hyphen for each soft one where the words that are quoted have one.

    Character for character: offsets stay.
    """
    if "\u00ad" not in text:
        return text
    said = " ".join(quoted).translate(_DASHES).casefold()
    if "-" not in said:
        return text

    def own(broken: re.Match[str]) -> str:
        is_own = f"{broken[1]}-{broken[2]}".casefold() in said
        return f"{broken[1]}-" if is_own else broken[0]

    return _MAYBE.sub(own, text)


def find(
    text: str, exact: str, *, prefix: str = "", suffix: str = "", near: int | None = None
) -> Found | None:
    """Where *exact* stands in *text*: word for word, else but for spaces, quotes, dashes, case,
    and the vowel points that Arabic and Hebrew set or leave out.

    Where it stands in several places, *prefix* and *suffix* decide, then whole words, then the
    distance from *near*, then the order. None where the words are not there. Linear in the
    length of *text*.
    """
    if not exact.strip():
        return None
    around = {"prefix": prefix, "suffix": suffix}
    text = hyphened(text, exact, prefix, suffix)
    places = list(islice(_occurrences(text, exact), _PLACES))
    spans = [(place, place + len(exact)) for place in places]
    if spans:
        found = Found(*_best(text, spans, near=near, **around), How.EXACT)
        if all(stands_between(text, found, **around)):
            return found
    spelled = _spelled(text, exact)
    if not spelled:
        return found if spans else None
    other = Found(*_best(text, spelled, near=near, **around), How.SPELLING)
    # The same words in another spelling, where they are said to stand, are the ones meant.
    return found if spans and not all(stands_between(text, other, **around)) else other


def _spelled(text: str, exact: str) -> list[Span]:
    """Where *exact* stands but for spaces, quotation marks, dashes and case."""
    wanted = _Plain(exact).text.strip()
    if not wanted:
        return []
    return list(islice(_compared(text, wanted), _PLACES))


def _compared(text: str, wanted: str) -> Iterator[Span]:
    """Where what compares as *wanted* stands."""
    for first, last in likely_parts(text, wanted):
        plain = _Plain(text[first:last])
        for place in _occurrences(plain.text, wanted):
            start, end = plain.span(place, place + len(wanted))
            yield first + start, first + end


def parts_a_word(text: str, at: int) -> bool:
    """Whether a word or number of *text* goes on from before *at* to behind it.

    "20" is no part of "200", nor "legal" of "illegal". Of letters only those of scripts with
    capitals are looked at: elsewhere small words are written onto others, or nothing parts words.
    """
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    # Where a line's end broke a word, it goes on behind the soft hyphen.
    if "\u00ad" in {left, right} and 1 < at < len(text) - 1:
        left = text[at - 2] if left == "\u00ad" else left
        right = text[at + 1] if right == "\u00ad" else right
    if unicodedata.combining(right):
        return _is_cased(left)
    if left.isdecimal() and right.isdecimal():
        return True
    if left in ".," and right.isdecimal():
        return at > 1 and text[at - 2].isdecimal()
    if right in ".," and left.isdecimal():
        return at + 1 < len(text) and text[at + 1].isdecimal()
    return _is_cased(left) and _is_cased(right)


def _is_cased(char: str) -> bool:
    return char.isupper() or char.islower()


def stands_between(
    text: str, found: Found, *, prefix: str = "", suffix: str = ""
) -> tuple[bool, bool]:
    """Whether *prefix* stands right before what was found, and *suffix* right after it.

    Spaces, quotation marks, dashes and case may differ; nothing stands anywhere.
    """
    text = hyphened(text, prefix, suffix)
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

    Fewer than five words are found changed only between what stood around them: too much is like
    them.
    """
    found = find(text, exact, prefix=prefix, suffix=suffix, near=near)
    if found is None:
        found = _changed(text, exact, prefix=prefix, suffix=suffix)
    return found or _between(text, exact, prefix=prefix, suffix=suffix)


def _between(text: str, exact: str, *, prefix: str, suffix: str) -> Found | None:
    """What stands now between the words that stood around *exact*, if that is like it at all."""
    plain = _Plain(text)
    before, after = _Plain(prefix).text.strip(), _Plain(suffix).text.strip()
    if min(len(before), len(after)) < _LEAST_AROUND:
        return None
    for place in islice(_occurrences(plain.text, before), _PLACES):
        begin = place + len(before)
        end = plain.text.find(after, begin, begin + 2 * len(exact) + len(after) + _LEAST_AROUND)
        words = plain.text[begin:end].strip() if end > begin else ""
        if not words:
            continue
        first = plain.text.index(words, begin)
        start, stop = plain.span(first, first + len(words))
        likeness = fuzz.ratio(_spaced(text[start:stop]), _spaced(exact))
        if likeness >= _LEAST_LIKE_BETWEEN:
            return Found(start, stop, How.CHANGED, likeness)
    return None


class _Plain:
    """A text in its comparing form, and where each character of it came from."""

    def __init__(self, text: str) -> None:
        clean = normalise(text)
        pieces: list[str] = []
        starts, ends = array("L"), array("L")
        told = clean.text.translate(_WIDE)
        shown = straighten(told).translate(_DASHES)
        for match in _PIECES.finditer(told):
            if match["told"] is None:
                continue
            first, last = match.start(), match.end() - 1
            low = " " if match[0].isspace() else _LOW.get(match[0], shown[first].casefold())
            if not low and ends:
                # A sign that is left out belongs to the letter that bears it.
                ends[-1] = clean.ends[last]
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

    def fits(span: Span) -> tuple[float, bool, int, int]:
        start, end = span
        around = _surrounded(text, span, prefix=prefix, suffix=suffix)
        away = abs(start - near) if near is not None else 0
        whole = not parts_a_word(text, start) and not parts_a_word(text, end)
        return around, whole, -away, -start

    return max(spans, key=fits)


def _surrounded(text: str, span: Span, *, prefix: str, suffix: str) -> float:
    """How like what is said to stand around a passage is what does, 0 to 200."""
    start, end = span
    before = _alike(text[max(0, start - len(prefix)) : start], prefix)
    return before + _alike(text[end : end + len(suffix)], suffix)


def _alike(here: str, there: str) -> float:
    """How alike two short texts are, 0 to 100; nothing to compare tells nothing."""
    return fuzz.ratio(_spaced(here), _spaced(there)) if there else 0.0


def _spaced(text: str) -> str:
    return _SPACE.sub(" ", straighten(text)).strip().casefold()


def _changed(text: str, exact: str, *, prefix: str, suffix: str) -> Found | None:
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
    found = [
        one
        for begin, _ in votes.most_common(_CANDIDATES)
        if (one := _aligned(text, exact, there.spans, begin, len(wanted.spans))) is not None
        and one.likeness >= LEAST_LIKENESS
    ]

    def fits(one: Found) -> float:
        around = _surrounded(text, (one.start, one.end), prefix=prefix, suffix=suffix)
        return one.likeness + around / _SHARE_OF_AROUND

    return max(found, key=fits, default=None)


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
