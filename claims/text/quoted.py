"""Where a text gives the words of somebody else in quotation marks."""

import re
from collections.abc import Iterator
from itertools import chain

from claims.text.attributed import Span

LEAST_WORDS = 4
"""Fewer words in quotation marks are a term or a title, and the writer's own."""

_LONGEST = 2_000
_OPENING = re.compile("[“„‚”«»「『\"‘']")
# A mark between two letters is an apostrophe or the sign of a Hebrew abbreviation (צה"ל).
_STRAIGHT = rf'(?<!\w)"((?:[^"\n]|(?<=\w)"(?=\w)){{1,{_LONGEST}}})"(?!\w)'
_PAIRS = re.compile(
    "|".join(
        (
            rf"“([^“”\n]{{1,{_LONGEST}}})”",
            rf"[„‚]([^„‚“”‘\n]{{1,{_LONGEST}}})[“”‘]",
            rf"(?<!\w)”([^“”\n]{{1,{_LONGEST}}})”",
            rf"«([^«»\n]{{1,{_LONGEST}}})»",
            rf"»([^«»\n]{{1,{_LONGEST}}})«",
            rf"[「『]([^「」『』\n]{{1,{_LONGEST}}})[」』]",
            _STRAIGHT,
            rf"(?<!\w)‘((?:[^‘’\n]|(?<=\w)’(?=\w)|(?<=s)’(?= [a-z])){{1,{_LONGEST}}})’(?!\w)",
            rf"(?<!\w)'((?:[^'\n]|(?<=\w)'(?=\w)|(?<=s)'(?= [a-z])){{1,{_LONGEST}}})'(?!\w)",
        )
    )
)
# Speech over several paragraphs opens each of them and closes only the last.
_UNCLOSED = re.compile(r'(?:^|(?<=\n))[ \t]*[“"«]([^“”"«»\n]+)(?=\n\s*[“"«])')


def quoted_spans(text: str) -> tuple[Span, ...]:
    """The spans between quotation marks, without the marks, in order and apart.

    Passages of fewer than four words are left out, and what no mark closes in its paragraph,
    unless the next paragraph opens again. Offsets are characters of *text*.
    """
    found = sorted(
        match.span(match.lastindex or 0)
        for match in chain(_paired(text), _UNCLOSED.finditer(text))
    )
    spans: list[Span] = []
    for start, end in found:
        if len(text[start:end].split()) >= LEAST_WORDS and (not spans or start >= spans[-1][1]):
            spans.append((start, end))
    return tuple(spans)


def _paired(text: str) -> Iterator[re.Match[str]]:
    end = 0
    for mark in _OPENING.finditer(text):
        if mark.start() >= end and (match := _PAIRS.match(text, mark.start())):
            end = match.end()
            yield match
