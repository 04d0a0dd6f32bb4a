"""The rule that a quote occurs in the capture: the words, in the capture's own spelling."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from claims.text.attributed import Span
from claims.text.passage import (
    AROUND,
    Found,
    How,
    anchor_at,
    find,
    find_again,
    hyphened,
    parts_a_word,
    stands_between,
)

# What programs put on the clipboard where a printed line ends within a word.
_BROKEN = re.compile(r"(?<=\w)(?:[-\u2010]\s+|\u00ad\s*|[\x02\ufffe]\s*)(?=\w)")


def placed(
    quote: Mapping[str, Any], text: str, *, within: Span | None = None
) -> dict[str, str | int] | None:
    """The quote as it stands in *text*: {exact, prefix, suffix, start, end}; None if it does not.

    Spaces, quotation marks, dashes and case may differ; then the text's spelling is kept.
    ``start`` and ``end`` count characters of *text*, end exclusive. Within a longer word or number
    it stands only where what is said to stand around it shows that. Words that were copied with
    the ends of printed lines in them are those words. ``within``: the part of the text, or a
    passage across its ends, that goes before all others.
    """
    for exact in _spellings(quote["exact"]):
        for found in _places(quote, exact, text, within):
            if _is_whole(quote, text, found):
                return anchor_at(hyphened(text, exact), found.start, found.end).as_json()
    return None


def _places(
    quote: Mapping[str, Any], exact: str, text: str, within: Span | None
) -> Iterator[Found]:
    """Where the words stand: in the part that is meant, across its ends, anywhere."""
    around = _around(quote)
    if within is not None:
        start, end = within
        for far in (0, 2 * len(exact) + AROUND):
            first = max(0, start - far)
            found = find(text[first : end + far], exact, **{**around, "near": start - first})
            if found is None:
                continue
            moved = replace(found, start=found.start + first, end=found.end + first)
            if moved.start < end and moved.end > start:
                yield moved
    anywhere = find(text, exact, **around)
    if anywhere is not None:
        yield anywhere


def _spellings(exact: str) -> Iterator[str]:
    """The words as they are told, then with those whole that a line's end broke."""
    yield exact
    if _BROKEN.search(exact):
        yield _BROKEN.sub("\u00ad", exact)
        yield _BROKEN.sub("-", exact)


def _is_whole(quote: Mapping[str, Any], text: str, found: Found) -> bool:
    """Whether no word is cut, or whoever quotes shows with what stands around that it is."""
    ends = ((found.start, "prefix"), (found.end, "suffix"))
    return all(quote.get(beside) or not parts_a_word(text, at) for at, beside in ends)


def misplaced(quote: Mapping[str, Any], text: str, place: Span) -> list[str]:
    """Which of prefix and suffix do not stand where they are said to, beside the words there."""
    prefix, suffix = quote.get("prefix", ""), quote.get("suffix", "")
    found = Found(*place, How.EXACT)
    before, after = stands_between(text, found, prefix=prefix, suffix=suffix)
    return [name for name, fits in (("prefix", before), ("suffix", after)) if not fits]


def found_again(quote: Mapping[str, Any], text: str) -> Found | None:
    """Where a kept quote stands in a later text, also after small changes to its words."""
    return find_again(text, quote["exact"], **_around(quote))


def _around(quote: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "prefix": quote.get("prefix", ""),
        "suffix": quote.get("suffix", ""),
        "near": quote.get("start"),
    }
