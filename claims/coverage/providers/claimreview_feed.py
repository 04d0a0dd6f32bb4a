"""A ClaimReview data feed: published fact-checks of one or many publishers in one file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from claims.coverage.providers.base import (
    Answer,
    Get,
    Hit,
    Notice,
    ProviderError,
    Query,
    Skip,
    ask,
    day_of,
    gather,
    joined,
    json_of,
    language_of,
    number_of,
    only_about,
    page_of,
    raw_of,
    snippet_of,
    words_of,
)
from claims.coverage.providers.refusals import listed
from claims.web.charset import decode
from claims.web.lenient import loads

# What holds reviews, or what holds them: the outer ones first.
_HOLDING = ("dataFeedElement", "@graph", "itemListElement", "item")
_MAY_BE_EMPTY = frozenset(_HOLDING[:-1])
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class ClaimReviewFeed:
    """``urls`` of DataFeed files. One file is one page of results; it is searched here."""

    urls: tuple[str, ...] = ()
    name: str = "claimreview_feed"
    label: str = "ClaimReview feeds"
    pace: float = 1.0
    pages: int = 20

    @property
    def missing(self) -> str:
        return "" if self.urls else "The address of a ClaimReview feed is not set."

    def search(self, query: Query, *, get: Get, cursor: str = "") -> Answer:
        index = number_of(cursor)
        if index >= len(self.urls):
            return Answer()
        following = str(index + 1) if index + 1 < len(self.urls) else ""
        try:
            answer = parse(_asked(get, self.urls[index], label=self.label))
        except ProviderError as error:
            if len(self.urls) == 1:
                raise
            return Answer(next_cursor=following, notices=(Notice(error.code, error.message),))
        return joined([only_about(answer, query)], following)


def parse(data: Mapping[str, Any]) -> Answer:
    """One hit per ClaimReview, from a DataFeed, a graph, a list, or a single ClaimReview."""
    held = next((data[name] for name in _HOLDING if name in data), None)
    if "ClaimReview" not in _types(data) and not isinstance(held, list | Mapping):
        return gather(listed(data, "dataFeedElement", label="A ClaimReview feed"), _hit)
    return joined(gather([one], _hit) for one in _reviews(data, _DEEPEST))


def _asked(get: Get, url: str, *, label: str) -> dict[str, Any]:
    """The feed at *url*; a bare list, which JSON-LD allows, as a graph."""
    fetched = ask(get, url, label=label)
    if fetched.body.lstrip().startswith(b"["):
        found = loads(decode(fetched.body, declared=fetched.charset).text)
        if isinstance(found, list):
            return {"@graph": found}
    return json_of(fetched, label=label)


def _reviews(node: object, depth: int, dated: object = None) -> Iterator[object]:
    """Whatever stands where a review should, as it is; JSON-LD writes one thing without a list."""
    if isinstance(node, list) and node and depth:
        for inner in node:
            yield from _reviews(inner, depth - 1, dated)
    elif not isinstance(node, Mapping):
        yield node
    elif "ClaimReview" in _types(node):
        yield {"datePublished": dated, **node} if dated else node
    else:
        name = next((name for name in _HOLDING if name in node), "")
        held = node.get(name)
        if held and depth:
            yield from _reviews(held, depth - 1, node.get("dateCreated") or dated)
        elif name not in _MAY_BE_EMPTY or depth < _DEEPEST:
            yield None


def _hit(review: Mapping[str, Any]) -> Hit:
    if "ClaimReview" not in _types(review):
        raise Skip("no_entry")
    places = (review.get(name) for name in ("url", "mainEntityOfPage", "@id"))
    url = next(filter(None, map(_address, places)), "")
    claimed = words_of(review.get("claimReviewed"))
    raw, day = day_of(review.get("datePublished"))
    return Hit(
        url=page_of(url).raw,
        title=words_of(review.get("headline")) or words_of(review.get("name")) or claimed,
        outlet_hint=_name(review.get("publisher")) or _name(review.get("author")),
        published_raw=raw,
        published_on=day,
        lang=language_of(review.get("inLanguage")),
        snippet=snippet_of(review.get("claimReviewed")),
        kind="fact_check",
        raw=raw_of(review),
    )


def _types(node: Mapping[str, Any]) -> list[str]:
    kinds = node.get("@type")
    several = kinds if isinstance(kinds, list) else [kinds]
    # A name, its address, or the name behind a prefix.
    return [re.split("[/:#]", kind)[-1] for kind in several if isinstance(kind, str)]


def _address(value: object) -> str:
    """The address in a value of JSON-LD: its words, a node's, or the first of a list's."""
    if isinstance(value, list):
        value = next(iter(value), None)
    if isinstance(value, Mapping):
        value = value.get("@id") or value.get("url")
    return value if isinstance(value, str) else ""


def _name(party: object) -> str:
    if isinstance(party, list):
        party = next(iter(party), None)
    if isinstance(party, Mapping):
        party = party.get("name") or party.get("url")
    if isinstance(party, list):
        party = next(iter(party), None)
    return words_of(party)
