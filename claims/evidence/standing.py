"""Where a quote stands in a capture: its place in the text, and the page it is on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from claims.errors import Invalid, Problem
from claims.evidence.quote import misplaced, placed
from claims.models import Reading
from claims.text.paged import page_span, pages_of
from claims.web.oddities import UNREAD

_NOT_THERE = (
    "These words are not in the captured text, or begin or end within a longer word there."
)
_NO_TEXT = "No text could be read from this file, so no quote can be held against it."
_WITHOUT = (
    "Attach a copy that can be read, or leave the quote out, say the page, region or timecode, and"
    " put the words into the note."
)
_NOT_BESIDE = {
    "prefix": "These words do not stand before the quote in the captured text.",
    "suffix": "These words do not stand after the quote in the captured text.",
}

Place = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Standing:
    """A quote as it is kept, and the pages it stands on, counted from the first of the file.

    ``pages``: from and to; None where the text has no pages.
    """

    place: Place
    pages: tuple[int, int] | None

    def anchor(self, said: Mapping[str, Any] | None, *, stated: bool) -> dict[str, Any] | None:
        """The anchor with the page, where nothing was said or the page went along unnoticed.

        ``stated``: somebody says so now. Raises Invalid where they name another page.
        """
        if self.pages is None:
            return None if said is None else dict(said)
        first, last = self.pages
        if not said:
            return {"page": first}
        page = said.get("page")
        if page is None or first <= page <= last:
            return dict(said)
        if stated:
            raise Invalid.at("/anchor/page", _elsewhere(page, first))
        return {**said, "page": first}


def standing(
    quote: Mapping[str, Any], reading: Reading, *, page: int | None = None, moved: bool = False
) -> Standing:
    """Where a quote stands in what was read, on that *page* if it stands there at all.

    What is said to stand around it has to, but for a quote that was ``moved`` here from another
    capture: there it only tells which of several places is meant. Raises Invalid.
    """
    text = reading.text
    if not text.strip():
        raise Invalid.at("/quote/exact", _without_text(reading))
    within = page_span(reading.pages, page, len(text)) if page is not None else None
    place = placed(quote, text, within=within)
    if place is None:
        partly = [UNREAD[odd] for odd in reading.oddities if odd in UNREAD]
        raise Invalid.at("/quote/exact", " ".join([_NOT_THERE, *partly]))
    start, end = int(place["start"]), int(place["end"])
    wrong = [] if moved else misplaced(quote, text, (start, end))
    if wrong:
        raise Invalid(
            "The words are in the captured text, but not between these.",
            problems=[Problem(f"/quote/{name}", _NOT_BESIDE[name]) for name in wrong],
        )
    return Standing(place, pages_of(reading.pages, start, end))


def _without_text(reading: Reading) -> str:
    why = next((UNREAD[odd] for odd in reading.oddities if odd in UNREAD), _NO_TEXT)
    return f"{why} {_WITHOUT}"


def _elsewhere(page: int, first: int) -> str:
    return (
        f"These words do not stand on page {page} but on page {first}, counted from the first page"
        " of the file."
    )
