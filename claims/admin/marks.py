"""A text with passages marked in it, cut into pieces that a template can only print."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from claims.text.blocks import paragraphs

# A role, and where the block stands in the text.
Block = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Mark:
    """A passage to mark: where, as what (a class of the style sheet), and what it stands for."""

    start: int
    end: int
    kind: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words under the same marks. ``start`` counts characters of the whole text."""

    words: str
    start: int
    kinds: str = ""
    # What begins here: the marks' refs, for a link beside the first words.
    begins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``page``: the page of the document that begins with it; None within a page."""

    role: str
    start: int
    pieces: tuple[Piece, ...]
    marked: bool
    page: int | None = None


def plain_blocks(text: str) -> list[Block]:
    """The paragraphs of a text of which no layout is known."""
    return [("body", start, end) for start, end in paragraphs(text)]


def cut_at(blocks: Iterable[Block], places: Sequence[int]) -> list[Block]:
    """The same blocks, parted wherever one of *places* lies within; places in order."""
    parted = []
    for role, start, end in blocks:
        inside = places[bisect_right(places, start) : bisect_left(places, end)]
        ends = dict.fromkeys([start, *inside, end])
        parted += [(role, first, last) for first, last in pairwise(ends)]
    return parted


def laid_out(text: str, blocks: Iterable[Block], marks: Sequence[Mark]) -> list[Paragraph]:
    """The text in its blocks, cut wherever a mark begins or ends; marks may overlap."""
    ordered = sorted(marks, key=lambda mark: (mark.start, -mark.end))
    return [_paragraph(text, block, ordered) for block in blocks]


def around(
    found: Sequence[Paragraph], *, before: int = 1, after: int = 1
) -> list[Paragraph | None]:
    """The marked paragraphs with their neighbours; None stands where something is left out."""
    near = {
        place
        for at, paragraph in enumerate(found)
        if paragraph.marked
        for place in range(at - before, at + after + 1)
    }
    shown: list[Paragraph | None] = []
    for at, paragraph in enumerate(found):
        if at in near:
            shown.append(paragraph)
        elif not shown or shown[-1] is not None:
            shown.append(None)
    return shown


def one_line(text: str, marks: Sequence[Mark]) -> tuple[Piece, ...]:
    """A short text, as one quote, with its marks."""
    return _paragraph(text, ("body", 0, len(text)), sorted(marks, key=lambda m: m.start)).pieces


def _paragraph(text: str, block: Block, marks: Sequence[Mark]) -> Paragraph:
    role, start, end = block
    inside = [mark for mark in marks if mark.start < end and mark.end > start]
    cuts = {start, end}
    cuts |= {mark.start for mark in inside if mark.start > start}
    cuts |= {mark.end for mark in inside if mark.end < end}
    ordered = sorted(cuts)
    pieces = []
    for left, right in pairwise(ordered):
        over = [mark for mark in inside if mark.start <= left and mark.end >= right]
        begins = [mark.ref for mark in over if mark.ref and max(mark.start, start) == left]
        kinds = dict.fromkeys(mark.kind for mark in over)
        pieces.append(Piece(text[left:right], left, " ".join(kinds), tuple(begins)))
    return Paragraph(role, start, tuple(pieces), bool(inside))
