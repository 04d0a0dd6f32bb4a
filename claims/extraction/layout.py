"""The parts of a plain text as handed in: datelines, headline, deck, cross-heads, paragraphs."""

from dataclasses import dataclass
from datetime import date, datetime

from claims.text.attributed import Span


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as printed, and how far it can be trusted.

    ``moment`` (UTC) only where the zone is unambiguous (UTC, GMT, an offset); a zone like IST
    means three different hours, so then ``day`` alone holds and ``precision`` is ``"day"``.
    """

    raw: str
    span: Span
    label: str
    day: date
    zone: str | None = None
    moment: datetime | None = None
    precision: str = "day"


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
    """Read the layout of *text*; *title* is a headline known from elsewhere (a page's markup)."""
    return Layout(title=title)
