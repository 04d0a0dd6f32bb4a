"""Paragraphs of a plain text with their offsets, whether lines are wrapped or not."""

# ruff: noqa: PLR2004 - counts of a few words; a name for each would hide the grammar

import re
from itertools import pairwise
from statistics import median

from claims.text.attributed import Span

_LINE = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")
_BREAK = re.compile(r"\r\n|[\r\n\u2028\u2029\x0b\x0c\x85]")
_ENDS = re.compile(r"[.!?:…؟۔。][\"'”’»)\]]*\s*$")
_WRAP = (45, 100)
"""Widths between which a text whose lines are all about as long reads as wrapped."""


def paragraphs(text: str) -> tuple[Span, ...]:
    """The paragraphs of *text* without white space around, in order.

    An empty line always ends one; a single line break does so too, unless the text is wrapped
    to a fixed width (then only where a line stops short).
    """
    lines = [_trim(text, *found.span()) for found in _LINE.finditer(text)]
    lines = [line for line in lines if line[0] < line[1]]
    if not lines:
        return ()
    width = _wrap_width(text, lines)
    found: list[Span] = [lines[0]]
    for before, line in pairwise(lines):
        if width and _runs_on(text, before, line, width):
            found[-1] = (found[-1][0], line[1])
        else:
            found.append(line)
    return tuple(found)


def _runs_on(text: str, before: Span, line: Span, width: int) -> bool:
    gap = text[before[1] : line[0]]
    if len(_BREAK.findall(gap)) > 1:
        return False
    first_word = text[line[0] : line[1]].split(maxsplit=1)[0]
    return before[1] - before[0] + len(first_word) + 1 >= width * 0.9


def _wrap_width(text: str, lines: list[Span]) -> int:
    """The width the lines were wrapped to, or 0: most long lines stop in mid-sentence."""
    lengths = [end - start for start, end in lines]
    widest = max(lengths)
    if not _WRAP[0] <= widest <= _WRAP[1] or len(lines) < 3 or median(lengths) < widest * 0.7:
        return 0
    unfinished = sum(not _ENDS.search(text[max(start, end - 8) : end]) for start, end in lines)
    return widest if unfinished * 2 > len(lines) else 0


def _trim(text: str, start: int, end: int) -> Span:
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))
