"""The rule that a quote occurs in the capture: the words, in the capture's own spelling."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from claims.text.passage import (
    Found,
    anchor_at,
    find,
    find_again,
    hyphened,
    parts_a_word,
    stands_between,
)

# What programs put on the clipboard where a printed line ends within a word.
_BROKEN = re.compile(r"(?<=\w)(?:[-\u2010]\s+|\u00ad\s*|[\x02\ufffe]\s*)(?=\w)")


def placed(quote: Mapping[str, Any], text: str) -> dict[str, str | int] | None:
    """The quote as it stands in *text*: {exact, prefix, suffix, start, end}; None if it does not.

    Spaces, quotation marks, dashes and case may differ; then the text's spelling is kept.
    ``start`` and ``end`` count characters of *text*, end exclusive. Within a longer word or number
    it stands only where what is said to stand around it shows that. Words that were copied with
    the ends of printed lines in them are those words.
    """
    for exact in _spellings(quote["exact"]):
        found = find(text, exact, **_around(quote))
        if found is not None and _is_whole(quote, text, found):
            return anchor_at(hyphened(text, exact), found.start, found.end).as_json()
    return None


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


def misplaced(quote: Mapping[str, Any], text: str) -> list[str]:
    """Which of prefix and suffix do not stand where they are said to, beside the words."""
    found = find(text, quote["exact"], **_around(quote))
    if found is None:
        return []
    prefix, suffix = quote.get("prefix", ""), quote.get("suffix", "")
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
