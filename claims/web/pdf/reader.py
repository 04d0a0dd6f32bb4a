"""The words of a PDF, page by page, so that evidence can quote them."""

import ctypes
import re
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from pypdfium2 import raw

from claims.web.pdf.lines import Line, flowing
from claims.web.pdf.visual import Glyph, is_leftward, logical

MOST_PAGES = 2_000
MOST_CHARACTERS = 3_000_000
_MOST_SECONDS = 9.0
"""Of CPU, before what is left of a document is left unread; the child itself may have more."""

_LOCKED = frozenset({raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY})
# What the parser puts where a line ends, and where one ends with a hyphen.
_HYPHENS = frozenset("\x02\ufffe")
_LINE_END = re.compile("[\r\n\x02\ufffe]|$(?!\n)")
_LEFTWARD = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
# Letters in the shape they have within a word, and letters that are printed as one.
_SHAPES = re.compile("[\ufb00-\ufdff\ufe70-\ufefc]")
# Of such signs a font is made that does not say which letters it draws.
_UNKNOWN = re.compile("[\0\x01\x03-\x08\x0e-\x1f\ue000-\uf8ff\ufffd]")
_CONTROL = re.compile("[\0-\x1f\x7f-\x9f\ufeff\uffff]+")
_SPACES = re.compile(r"\s+")
_TYPED = frozenset({raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT})
_MOST_OBJECTS = 200
_DEEPEST = 2


@dataclass(frozen=True, slots=True)
class Document:
    """What was read of a PDF. ``pages``: where in ``text`` each page begins, first page first.

    ``oddities``: ``locked`` wants a password; ``scanned`` has no words at all, ``partly_scanned``
    has pages that are pictures; ``cut_short`` goes on after what was read. None of them and no
    text: its letters are drawn as shapes, or in a font that does not say which they are.
    """

    text: str = ""
    pages: tuple[int, ...] = ()
    oddities: tuple[str, ...] = ()


def document(body: bytes) -> Document | None:
    """The words of a PDF in reading order; None where *body* is none, or too damaged to open.

    Pages that are damaged have no words. Hostile bytes go through ``claims.web.sandbox``.
    """
    with _opened(body) as file:
        if file is None:
            return Document(oddities=("locked",)) if raw.FPDF_GetLastError() in _LOCKED else None
        count = raw.FPDF_GetPageCount(file)
        if count < 1:
            return None
        pages, pictures = _read(file, count)
    text, starts = flowing(pages)
    odd = {
        "scanned": not text and pictures > 0,
        "partly_scanned": bool(text) and pictures > 0,
        "cut_short": len(pages) < count,
    }
    found = tuple(label for label, is_so in odd.items() if is_so)
    return Document(text, tuple(starts), found)


@contextmanager
def _opened(body: bytes) -> Iterator[Any]:
    # The empty password is tried, with which most locked files open.
    file = raw.FPDF_LoadMemDocument64(body, len(body), None)
    try:
        yield file or None
    finally:
        if file:
            raw.FPDF_CloseDocument(file)


def _read(file: Any, count: int) -> tuple[list[list[Line]], int]:
    """The lines of each page that is read, and how many pages are pictures without words."""
    end = time.process_time() + _MOST_SECONDS
    pages: list[list[Line]] = []
    pictures = characters = 0
    for number in range(min(count, MOST_PAGES)):
        if characters > MOST_CHARACTERS or (pages and time.process_time() > end):
            break
        page = _loaded(file, number)
        lines, pictured = _page(page) if page else ([], False)
        pages.append(lines)
        pictures += pictured
        characters += sum(len(line.text) for line in lines)
    return pages, pictures


def _loaded(file: Any, number: int) -> Any:
    """A page with what was typed into its fields; nothing where it is damaged."""
    page = raw.FPDF_LoadPage(file, number)
    if not page or not _has_fields(page):
        return page
    # What is typed there lies above the page until it is made a part of it.
    raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
    raw.FPDF_ClosePage(page)
    return raw.FPDF_LoadPage(file, number)


def _has_fields(page: Any) -> bool:
    for at in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_OBJECTS)):
        found = raw.FPDFPage_GetAnnot(page, at)
        if not found:
            continue
        kind = raw.FPDFAnnot_GetSubtype(found)
        raw.FPDFPage_CloseAnnot(found)
        if kind in _TYPED:
            return True
    return False


def _page(page: Any) -> tuple[list[Line], bool]:
    """The lines of one page; whether it is a picture without words. Closes it."""
    try:
        text = raw.FPDFText_LoadPage(page)
        if not text:
            return [], False
        try:
            lines = list(_lines(text))
        finally:
            raw.FPDFText_ClosePage(text)
        return lines, not lines and _has_picture(page)
    finally:
        raw.FPDF_ClosePage(page)


def _lines(text: Any) -> Iterator[Line]:
    known = _characters(text)
    leftward = _LEFTWARD.search(known) is not None and is_leftward(known)
    if len(_UNKNOWN.findall(known)) * 3 > len(known):
        return
    start = 0
    for end in _LINE_END.finditer(known):
        line = _line(text, known, start, end.start(), leftward=leftward)
        if line is not None:
            yield replace(line, text=f"{line.text}-") if end[0] in _HYPHENS else line
        start = end.end()


def _characters(text: Any) -> str:
    """The characters of a page, each where the parser counts it; some are half of one."""
    count = min(raw.FPDFText_CountChars(text), MOST_CHARACTERS)
    codes = (ctypes.c_ushort * (count + 1))()
    # All at once leaves out what has no meaning, and then counts otherwise.
    if raw.FPDFText_GetText(text, 0, count, codes) == count + 1:
        return "".join(map(chr, codes[:count]))
    return "".join(chr(raw.FPDFText_GetUnicode(text, at)) for at in range(count))


def _line(text: Any, known: str, start: int, end: int, *, leftward: bool) -> Line | None:
    """The line of the characters from *start* to *end*; None where nothing is told in it.

    ``leftward``: the page is mostly read from right to left.
    """
    told = _SPACES.sub(" ", _clean(known[start:end])).strip()
    if not told:
        return None
    ends = [at for at in range(start, end) if not known[at].isspace()]
    if _LEFTWARD.search(told):
        boxes = [_box(text, at) for at in range(start, end)]
        leftward = leftward or is_leftward(told)
        told = _as_read(known[start:end], boxes, leftward=leftward)
    else:
        leftward = False
        boxes = [_box(text, at) for at in (ends[0], ends[-1])]
    return Line(
        told,
        left=min(box.left for box in boxes),
        right=max(box.right for box in boxes),
        bottom=min(box.bottom for box in boxes),
        top=max(box.top for box in boxes),
        leftward=leftward,
    )


def _as_read(chars: str, boxes: Sequence["_Box"], *, leftward: bool) -> str:
    glyphs = [
        Glyph(clean, box.left, box.right)
        for char, box in zip(chars, boxes, strict=True)
        if (clean := _clean(char))
    ]
    height = max(box.top - box.bottom for box in boxes)
    told = logical(glyphs, height=height, leftward=leftward)
    return _SPACES.sub(" ", told).strip()


def _clean(chars: str) -> str:
    """Characters as they are written, not as they are shaped; halves of one are joined."""
    whole = chars.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    shaped = _SHAPES.sub(lambda found: unicodedata.normalize("NFKC", found[0]), whole)
    return _CONTROL.sub(" ", shaped)


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    right: float
    bottom: float
    top: float


def _box(text: Any, at: int) -> _Box:
    """Where a character stands, with what belongs to it as its font says."""
    found = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text, at, found)
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, at, x, y)
    return _Box(min(found.left, x.value), found.right, found.bottom, found.top)


def _has_picture(page: Any) -> bool:
    return any(one == raw.FPDF_PAGEOBJ_IMAGE for one in _objects(page))


def _objects(page: Any) -> Iterator[int]:
    """The kinds of what is on a page, also of what is put together to forms."""
    for at in range(min(raw.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        yield from _kinds(raw.FPDFPage_GetObject(page, at), 0)


def _kinds(found: Any, depth: int) -> Iterator[int]:
    kind = raw.FPDFPageObj_GetType(found)
    yield kind
    if kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
        for at in range(min(raw.FPDFFormObj_CountObjects(found), _MOST_OBJECTS)):
            yield from _kinds(raw.FPDFFormObj_GetObject(found, at), depth + 1)
