"""Where the marks of a chart stand; a template draws them, and its table says the same. Pure.

Units are those of the picture, which grows with the page: 360 of them on a narrow one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDE = 360
PLOT = 120
ROW = 40
TEXT = 14


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the series ``style``, which has a look of its own, not a colour alone."""

    x: float
    y: float
    width: float
    height: float
    style: int


@dataclass(frozen=True, slots=True)
class Word:
    x: float
    y: float
    text: str
    anchor: str = "start"
    inside: int | None = None
    """The series whose bar it stands on."""


@dataclass(frozen=True, slots=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """All marks, the names of the series in order, and how high it is."""

    label: str
    high: float
    series: tuple[str, ...] = ()
    bars: tuple[Bar, ...] = ()
    words: tuple[Word, ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def wide(self) -> int:
        return WIDE


@dataclass(frozen=True, slots=True)
class Range:
    """A middle and a far end; None where there is not enough data."""

    name: str
    middle: float | None
    far: float | None
    said: str


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one whole; ``enough`` tells whether shares say anything."""

    name: str
    parts: tuple[int, ...]
    enough: bool
    said: str


def columns(
    label: str, names: Sequence[str], groups: Sequence[Sequence[int]], series: Sequence[str]
) -> Chart:
    """Groups of columns side by side, from the first to the last time."""
    most = max((many for group in groups for many in group), default=0) or 1
    top = TEXT + 4
    slot = WIDE / max(len(groups), 1)
    thick = slot * 0.8 / max(len(series), 1)
    bars = [
        Bar(
            _r(place * slot + slot * 0.1 + number * thick),
            _r(top + PLOT * (1 - many / most)),
            _r(thick * 0.9),
            _r(PLOT * many / most),
            number,
        )
        for place, group in enumerate(groups)
        for number, many in enumerate(group)
        if many
    ]
    floor = top + PLOT
    words = [Word(0, TEXT - 3, str(most))]
    if names:
        words.append(Word(0, floor + TEXT + 2, names[0]))
        words.append(Word(WIDE, floor + TEXT + 2, names[-1], "end"))
    lines = [Line(0, top, WIDE, top), Line(0, floor, WIDE, floor, strong=True)]
    return Chart(label, floor + TEXT + 8, tuple(series), tuple(bars), tuple(words), tuple(lines))


def ranges(label: str, rows: Sequence[Range], series: Sequence[str]) -> Chart:
    """A bar to the middle of each row, and a whisker to its far end."""
    most = max((row.far or row.middle or 0 for row in rows), default=0) or 1
    bars, words, lines = [], [], []
    for number, row in enumerate(rows):
        y = number * ROW
        words += [Word(0, y + TEXT, row.name), Word(WIDE, y + TEXT, row.said, "end")]
        if row.middle is not None:
            bars.append(Bar(0, y + TEXT + 6, _r(max(WIDE * row.middle / most, 1)), 8, 0))
        if row.far is not None:
            far = _r(WIDE * row.far / most - 1)
            lines.append(Line(0, y + TEXT + 10, far, y + TEXT + 10))
            lines.append(Line(far, y + TEXT + 5, far, y + TEXT + 15, strong=True))
    high = len(rows) * ROW
    return Chart(label, high, tuple(series), tuple(bars), tuple(words), tuple(lines))


def lengths(label: str, rows: Sequence[tuple[str, int]]) -> Chart:
    """A bar for each row, as long as its number."""
    most = max((many for _name, many in rows), default=0) or 1
    bars, words = [], []
    for number, (name, many) in enumerate(rows):
        y = number * ROW
        words += [Word(0, y + TEXT, name), Word(WIDE, y + TEXT, str(many), "end")]
        if many:
            bars.append(Bar(0, y + TEXT + 6, _r(max(WIDE * many / most, 1)), 8, 0))
    return Chart(label, len(rows) * ROW, (), tuple(bars), tuple(words))


def stacks(label: str, rows: Sequence[Parts], series: Sequence[str]) -> Chart:
    """Each row a whole of the same width, cut into its parts."""
    bars, words = [], []
    for number, row in enumerate(rows):
        y = number * (ROW + 6)
        words += [Word(0, y + TEXT, row.name), Word(WIDE, y + TEXT, row.said, "end")]
        whole, left = sum(row.parts), 0.0
        for place, many in enumerate(row.parts if row.enough else ()):
            width = WIDE * many / whole
            if many:
                bars.append(Bar(_r(left), y + TEXT + 6, _r(max(width - 1, 0.5)), 16, place))
            if width > 2 * TEXT:
                words.append(Word(_r(left + width / 2), y + TEXT + 18, str(many), "middle", place))
            left += width
    high = len(rows) * (ROW + 6)
    return Chart(label, high, tuple(series), tuple(bars), tuple(words))


def _r(number: float) -> float:
    return round(number, 2)
