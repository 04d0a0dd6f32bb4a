"""The rule that a quote occurs in the capture: the words, in the capture's own spelling."""

from collections.abc import Mapping
from typing import Any

from claims.text.passage import Found, anchor_at, find, find_again, stands_between


def placed(quote: Mapping[str, Any], text: str) -> dict[str, str | int] | None:
    """The quote as it stands in *text*: {exact, prefix, suffix, start, end}; None if it does not.

    Spaces, quotation marks, dashes and case may differ; then the text's spelling is kept.
    ``start`` and ``end`` count characters of *text*, end exclusive.
    """
    found = find(text, quote["exact"], **_around(quote))
    return anchor_at(text, found.start, found.end).as_json() if found is not None else None


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
