"""Lines of printed pages joined to running text: paragraphs, broken words, running heads."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

# Where a line breaks off within a word; most readers of the text take no notice of this sign.
MAYBE = "\u00ad"
_BROKEN = re.compile(r"(?P<begin>\w+)[-\u00ad\u2010]$")
_BEGINS = re.compile(r"\w+")
_NUMBER = re.compile(r"\d{1,5}")
_COMPOUND = re.compile(r"\w+-\w+")
_ENDS = re.compile(r"[.!?:…؟۔。！？][\"'”’»)\]]*$")
_ITEM = re.compile(
    r"(?:[•◦▪●■–—*·-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]|\d{1,2}(?:\.\d{1,2})+\.?)\s"
)
# "Ein- und Ausfuhr": the hyphen stands for a word.
_STANDS_FOR = frozenset({"und", "oder", "bzw", "sowie", "and", "or"})
# Scripts that put no space between words, and so none where a line ends.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]"
)
_RUNNING = 3
_OUTER_LINES = 3
_LONGEST_HEAD = 200
_SAME_SIZE = (0.85, 1.18)
_FARTHEST = 2.5
_LOOSER = 1.3
_INDENT = 0.8


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: its words as they are read, and its box in points from below left."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    leftward: bool = False

    @property
    def height(self) -> float:
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class _Column:
    """What lines below each other have in common: their edges, and how far they are apart."""

    left: float
    right: float
    pitch: float


def flowing(pages: Sequence[Sequence[Line]]) -> tuple[str, list[int]]:
    """The text of all pages, a line for each paragraph, and where in it each page begins.

    A word that is broken at a line's end is whole again, with ``MAYBE`` where it was; a sentence
    that runs over a page's end is one. What stands on top or below of many pages is told once.
    """
    kept = _without_running_heads(pages)
    compounds = _compounds(kept)
    pieces: list[str] = []
    starts: list[int] = []
    length = 0
    last: Line | None = None
    for page in kept:
        starts.append(length)
        columns = _columns(page)
        for at, line in enumerate(page):
            text = line.text
            if last is not None:
                column = columns[at] if at and columns[at] is columns[at - 1] else None
                cut, gap = _between(last, line, column, compounds)
                pieces[-1] = pieces[-1][: len(pieces[-1]) - cut]
                pieces.append(gap)
                length += len(gap) - cut
            if at == 0:
                starts[-1] = length
            pieces.append(text)
            length += len(text)
            last = line
    return "".join(pieces), starts


def _between(
    last: Line, line: Line, column: _Column | None, compounds: frozenset[str]
) -> tuple[int, str]:
    """How many signs of the line before go, and what stands between it and the next."""
    goes_on = _goes_on(last, line, column)
    broken, begins = _BROKEN.search(last.text), _BEGINS.match(line.text)
    if broken is not None and begins is not None:
        small = not begins[0][0].isupper() and not begins[0][0].isdecimal()
        if small and begins[0].casefold() in _STANDS_FOR:
            return 0, " "
        if small and f"{broken['begin']}-{begins[0]}".casefold() not in compounds:
            return 1, MAYBE
        if small or goes_on:
            return 0, ""
    if not goes_on:
        return 0, "\n"
    unspaced = _UNSPACED.match(last.text[-1]) and _UNSPACED.match(line.text[0])
    return 0, "" if unspaced else " "


def _goes_on(last: Line, line: Line, column: _Column | None) -> bool:
    """Whether *line* belongs to the paragraph of the line before it; no *column*: it is elsewhere.

    It does where the line before had no room for its first word.
    """
    if _ITEM.match(line.text) or not _are_alike(last, line):
        return False
    if column is None:
        return not _ENDS.search(last.text) and not line.text[0].isupper()
    if last.bottom - line.bottom > column.pitch * _LOOSER:
        return False
    if line.leftward:
        room, indent, before = last.left - column.left, -line.right, -last.right
    else:
        room, indent, before = column.right - last.right, line.left, last.left
    if indent - before > line.height * _INDENT and not _ITEM.match(last.text):
        return False
    word = 1 if _UNSPACED.match(line.text[0]) else len(line.text.split(maxsplit=1)[0]) + 1
    return room < (line.right - line.left) / len(line.text) * word + 1


def _are_alike(one: Line, two: Line) -> bool:
    least, most = _SAME_SIZE
    return one.leftward == two.leftward and least * one.height <= two.height <= most * one.height


def _columns(page: Sequence[Line]) -> list[_Column]:
    """For each line the column it stands in; lines of one column have the same object."""
    groups: list[list[Line]] = []
    for at, line in enumerate(page):
        if at and _is_below(page[at - 1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    columns = []
    for group in groups:
        pitches = [one.bottom - two.bottom for one, two in pairwise(group)]
        column = _Column(
            left=min(line.left for line in group),
            right=max(line.right for line in group),
            pitch=min(pitches, default=0.0),
        )
        columns += [column] * len(group)
    return columns


def _is_below(last: Line, line: Line) -> bool:
    """Whether *line* is the next one of the same column."""
    pitch = last.bottom - line.bottom
    near = 0 < pitch <= _FARTHEST * last.height
    return near and max(last.left, line.left) < min(last.right, line.right)


def _compounds(pages: Sequence[Sequence[Line]]) -> frozenset[str]:
    """Words with a hyphen that stand whole in a line."""
    return frozenset(
        found.casefold()
        for page in pages
        for line in page
        for found in _COMPOUND.findall(line.text)
    )


def _without_running_heads(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Pages without what stands at the same height on top or below of many; the first keeps it.

    Numbers of pages go altogether.
    """
    counts = Counter(
        key
        for number, page in enumerate(pages)
        for line in _outer(page)
        for key in set(_keys(line, number))
    )
    least = min(_RUNNING, max(len(pages), 2))
    told: set[tuple[str, int]] = set()
    kept = []
    for number, page in enumerate(pages):
        dropped = set()
        for line in _outer(page):
            running = [key for key in _keys(line, number) if counts[key] >= least]
            counts_pages = any("#" in key for key, _ in running)
            is_number = counts_pages and not any(char.isalpha() for char in line.text)
            if is_number or not told.isdisjoint(running):
                dropped.add(id(line))
            told.update(running)
        kept.append([line for line in page if id(line) not in dropped])
    return kept


def _outer(page: Sequence[Line]) -> list[Line]:
    ordered = sorted(page, key=lambda line: line.top)
    # A page of a few lines is all text.
    most = min(_OUTER_LINES, len(ordered) // 4)
    outer = ordered[:most] + ordered[len(ordered) - most :]
    return [line for line in outer if len(line.text) <= _LONGEST_HEAD]


def _keys(line: Line, page: int) -> Iterator[tuple[str, int]]:
    """The line as it is, then with each number that may be the page's counted from the page."""
    height = round(line.top)
    yield line.text, height
    for found in _NUMBER.finditer(line.text):
        counted = f"#{int(found[0]) - page}"
        yield line.text[: found.start()] + counted + line.text[found.end() :], height
