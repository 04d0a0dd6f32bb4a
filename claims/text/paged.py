"""Pages of a text that has them: which of them a passage stands on."""

from bisect import bisect_right
from collections.abc import Sequence

from claims.text.attributed import Span


def page_span(pages: Sequence[int], number: int, length: int) -> Span | None:
    """Where page *number*, counted from 1, stands in a text of *length*; None for none of it.

    *pages*: where each page begins, in order.
    """
    if not 1 <= number <= len(pages):
        return None
    return pages[number - 1], pages[number] if number < len(pages) else length


def pages_of(pages: Sequence[int], start: int, end: int) -> tuple[int, int] | None:
    """The first and the last page, counted from 1, of the passage from *start* to *end*."""
    if not pages:
        return None
    return max(bisect_right(pages, start), 1), max(bisect_right(pages, end - 1), 1)
