"""A ClaimReview data feed: published fact-checks of one or many publishers in one file."""

from collections.abc import Mapping
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
    ask_json,
    day_of,
    gather,
    joined,
    language_of,
    number_of,
    only_about,
    page_of,
    raw_of,
    snippet_of,
    words_of,
)


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
            answer = parse(ask_json(get, self.urls[index], label=self.label))
        except ProviderError as error:
            if len(self.urls) == 1:
                raise
            return Answer(next_cursor=following, notices=(Notice(error.code, error.message),))
        return joined([only_about(answer, query)], following)


def parse(data: Mapping[str, Any]) -> Answer:
    """One hit per ClaimReview, from a DataFeed, a graph, or a single ClaimReview."""
    if "ClaimReview" in _types(data):
        return gather([data], _hit)
    elements = data.get("dataFeedElement", data.get("@graph"))
    if elements is None:
        return Answer()
    if not isinstance(elements, list):
        notice = Notice("odd_answer", "The list of results was no list.")
        return Answer(notices=(notice,))
    return joined([gather(_reviews(element), _hit) for element in elements])


def _reviews(element: object) -> list[object]:
    if not isinstance(element, Mapping) or "ClaimReview" in _types(element):
        return [element]
    inner = element.get("item")
    if not inner:
        return [None]
    reviews = inner if isinstance(inner, list) else [inner]
    dated = element.get("dateCreated")
    return [
        {"datePublished": dated, **review} if isinstance(review, Mapping) else review
        for review in reviews
    ]


def _hit(review: Mapping[str, Any]) -> Hit:
    if "ClaimReview" not in _types(review):
        raise Skip("no_entry")
    url = review.get("url") or review.get("mainEntityOfPage")
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
    listed = kinds if isinstance(kinds, list) else [kinds]
    return [kind.rpartition("/")[2] for kind in listed if isinstance(kind, str)]


def _name(party: object) -> str:
    if isinstance(party, list):
        party = next(iter(party), None)
    if isinstance(party, Mapping):
        party = party.get("name") or party.get("url")
    if isinstance(party, list):
        party = next(iter(party), None)
    return words_of(party)
