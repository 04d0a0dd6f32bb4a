"""The parts of a plain text as handed in: datelines, headline, deck, cross-heads, paragraphs."""

# ruff: noqa: PLR2004 - counts of a few words; a name for each would hide the grammar

import re
from collections.abc import Iterable
from dataclasses import dataclass

from claims.extraction.printed_date import PrintedDate, read_date
from claims.text.attributed import Span
from claims.text.blocks import paragraphs
from claims.text.normalise import folded
from claims.text.sentences import sentences

__all__ = ["Block", "Layout", "PrintedDate", "read_layout"]

_STOPPED = re.compile(r"[.!?…؟。][\"'”’»)\]]*\s*$")
_BYLINE = re.compile(
    r"^(?:by|par|por|von|reported by|written by|texte de|من|بقلم|כתב|מאת)\s*:?\s+\S", re.IGNORECASE
)
_CREDIT = re.compile(
    r"^[(\[].{2,80}[)\]]\.?$|^(?:with (?:agency )?inputs?|additional reporting)\b.{0,80}$"
    r"|^(?:source|file photo|photo|photo credit|image|credit|picture|"
    r"crédit|foto|fuente)s?\s*[:/].{0,80}$",
    re.IGNORECASE,
)
_LONGEST_HEADLINE = 220
_LONGEST_DECK = 400
_LONGEST_CROSS_HEAD = 90
_LONGEST_BYLINE = 100


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph or line; ``role`` is headline, deck, body, cross_head, dateline or byline."""

    role: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The blocks of a text in order, and what its datelines say."""

    blocks: tuple[Block, ...] = ()
    title: str = ""
    published: PrintedDate | None = None
    updated: PrintedDate | None = None
    byline: str = ""

    def of(self, role: str) -> tuple[Block, ...]:
        """The blocks with this role, in order."""
        return tuple(block for block in self.blocks if block.role == role)


def read_layout(text: str, *, title: str = "") -> Layout:
    """Read the layout of *text*; *title* is a headline known from elsewhere (a page's markup).

    Where the text itself starts with a headline, or repeats *title*, that line is the headline;
    otherwise ``title`` is *title* and no block has the role. Never raises on words.
    """
    spans = paragraphs(text)
    roles = ["body"] * len(spans)
    dates = {at: found for at, span in enumerate(spans) if (found := _dateline(text, span))}
    for at, (start, end) in enumerate(spans):
        line = text[start:end]
        if at in dates:
            roles[at] = "dateline"
        elif _is_byline(line):
            roles[at] = "byline"
    _name_headings(text, spans, roles, folded(title))
    blocks = tuple(
        Block(role, start, end) for role, (start, end) in zip(roles, spans, strict=True)
    )
    shown = next((text[b.start : b.end] for b in blocks if b.role == "headline"), title)
    bylines = [text[b.start : b.end] for b in blocks if b.role == "byline"]
    return Layout(
        blocks=blocks,
        title=" ".join(shown.split()),
        published=_first(dates.values(), updated=False),
        updated=_first(dates.values(), updated=True),
        byline=next((" ".join(line.split()) for line in bylines if _BYLINE.match(line)), ""),
    )


def _dateline(text: str, span: Span) -> PrintedDate | None:
    """The date of a line that holds little else."""
    start, end = span
    if end - start > _LONGEST_BYLINE:
        return None
    found = read_date(text[start:end], offset=start)
    if found is None:
        return None
    rest = len(text[start:end].strip()) - (found.span[1] - found.span[0])
    return found if found.label or rest <= 12 else None


def _first(dates: Iterable[PrintedDate], *, updated: bool) -> PrintedDate | None:
    return next(
        (found for found in dates if (found.label == "updated") is updated),
        None,
    )


def _name_headings(text: str, spans: tuple[Span, ...], roles: list[str], title: str) -> None:
    """Tell headline, deck and cross-heads from paragraphs, in place."""
    bodies = [at for at, role in enumerate(roles) if role == "body"]
    if len(bodies) < 2:
        return
    first, second = bodies[0], bodies[1]
    head = text[slice(*spans[first])]
    if len(head) <= _LONGEST_HEADLINE and (not _STOPPED.search(head) or folded(head) == title):
        roles[first] = "headline"
        deck = text[slice(*spans[second])]
        if len(bodies) > 2 and len(deck) <= _LONGEST_DECK and _is_deck(deck):
            roles[second] = "deck"
    for at in bodies[1:-1]:
        start, end = spans[at]
        if (
            roles[at] == "body"
            and end - start <= _LONGEST_CROSS_HEAD
            and _is_cross_head(text[start:end])
        ):
            roles[at] = "cross_head"


def _is_byline(line: str) -> bool:
    short = len(line) <= _LONGEST_BYLINE and not _STOPPED.search(line)
    return bool((short and _BYLINE.match(line)) or _CREDIT.match(line))


def _is_deck(line: str) -> bool:
    return not _STOPPED.search(line) and len(sentences(line)) == 1 and len(line.split()) > 5


def _is_cross_head(line: str) -> bool:
    return not _STOPPED.search(line) and len(line.split()) <= 12 and line[-1] not in ":;,\"”»'"
