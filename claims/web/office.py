"""The text of office documents, so that evidence can quote them: OOXML and OpenDocument."""

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

_MOST = 32 << 20
"""Bytes of XML that are unpacked of one document; what is beyond is not read."""

_MOST_PARTS = 1_000
_WORD = re.compile(r"word/(?:document|footnotes|endnotes)\.xml")
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml")
_SHARED = "xl/sharedStrings.xml"
_OPEN = "content.xml"
# What ends a line, by the local name of the element: paragraphs, headings, rows of a table.
_LINES = frozenset({"p", "h", "row", "table-row", "si"})
_CELLS = frozenset({"c", "table-cell"})
_GAPS = {"tab": "\t", "br": "\n", "cr": "\n", "line-break": "\n", "s": " "}
# Comments, what was struck out, phonetic readings, the same once more for older programs.
_UNSEEN = frozenset({"annotation", "tracked-changes", "deletion", "del", "rPh", "Fallback"})
# What the standard library says of archives that were made to trip it, and lxml of names.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    ValueError,
    LookupError,
    RuntimeError,
    EOFError,
    OSError,
)
_TOLD = frozenset({"t", "v"})


def text_of(body: bytes) -> str | None:
    """What a document says, a line for each paragraph or row; None where it is none of these.

    Cells of a row are parted by tabs. A damaged document gives what can be read of it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as file:
            names = file.namelist()[:_MOST_PARTS]
            parts = _Parts(file)
            told = _open_document(parts) if _OPEN in names else _ooxml(parts, names)
    except _DAMAGED:
        return None
    return None if told is None else "\n".join(_spaced(told)).strip()


class _Parts:
    """The parts of a document, unpacked up to a limit that counts for all of them."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file, self._left = file, _MOST

    def __getitem__(self, name: str) -> etree._Element | None:
        """One part as a tree; None where it is too much, or no XML."""
        with self._file.open(name) as part:
            read = part.read(self._left + 1)
        if len(read) > self._left:
            return None
        self._left -= len(read)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
        )
        try:
            return etree.fromstring(read, parser)
        except etree.XMLSyntaxError:
            return None


def _ooxml(parts: _Parts, names: list[str]) -> list[str] | None:
    if "word/document.xml" in names:
        # The document itself first, then its notes.
        found = sorted(filter(_WORD.fullmatch, names), key=lambda name: "document" not in name)
        return [line for name in found for line in _lines(parts[name])]
    if "xl/workbook.xml" in names:
        shared = list(_lines(parts[_SHARED])) if _SHARED in names else []
        sheets = _numbered(_SHEET, names)
        return [row for name in sheets for row in _rows(parts[name], shared)]
    if "ppt/presentation.xml" in names:
        slides = _numbered(_SLIDE, names)
        return [line for name in slides for line in _lines(parts[name])]
    return None


def _open_document(parts: _Parts) -> list[str] | None:
    root = parts[_OPEN]
    if root is None or _name(root) != "document-content":
        return None
    return list(_lines(root, whole=True))


def _numbered(pattern: re.Pattern[str], names: list[str]) -> list[str]:
    found = [match for name in names if (match := pattern.fullmatch(name))]
    return [match[0] for match in sorted(found, key=lambda match: int(match[1]))]


def _lines(root: etree._Element | None, *, whole: bool = False) -> Iterator[str]:
    """The words of each line. ``whole``: all text counts, not only that of text elements."""
    if root is None:
        return
    line: list[str] = []
    skipped = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = _name(element)
        if not name:
            continue
        if name in _UNSEEN:
            skipped += 1 if event == "start" else -1
        if event == "start":
            if not skipped:
                line.append(_GAPS.get(name, ""))
                told = whole or name in _TOLD
                line.append(element.text or "" if told else "")
            continue
        if name in _CELLS:
            line.append("\t")
        if name in _LINES and not skipped and not _in_a_cell(element):
            yield "".join(line)
            line = []
        if whole and not skipped:
            line.append(element.tail or "")


def _name(element: etree._Element) -> str:
    """The local name of an element; of a comment or an instruction nothing."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _in_a_cell(element: etree._Element) -> bool:
    return any(_name(one) in _CELLS for one in element.iterancestors())


def _rows(root: etree._Element | None, shared: list[str]) -> Iterator[str]:
    """The rows of a sheet; most words of it lie in a table of their own."""
    if root is None:
        return
    for row in root.iter("{*}row"):
        yield "\t".join(_cell(cell, shared) for cell in row.iter("{*}c"))


def _cell(cell: etree._Element, shared: list[str]) -> str:
    value = cell.findtext("{*}v") or ""
    if cell.get("t") == "s" and value.isdecimal() and int(value) < len(shared):
        return shared[int(value)]
    return value or "".join(node.text or "" for node in cell.iter("{*}t"))


def _spaced(lines: list[str]) -> Iterator[str]:
    """Lines without spaces around, and without those that hold nothing."""
    for line in lines:
        told = "\n".join(part.strip(" \t") for part in line.split("\n"))
        if told.strip():
            yield told
