"""Google's Fact Check Tools: what fact-checkers all over the world have published."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from claims.coverage.providers.base import (
    Answer,
    Get,
    Hit,
    ProviderError,
    Query,
    Skip,
    ask,
    day_of,
    gather,
    joined,
    json_of,
    language_of,
    link,
    onward,
    page_of,
    raw_of,
    refuse_status,
    snippet_of,
    spoken,
    words_of,
)
from claims.coverage.providers.refusals import listed
from claims.web.fetched import Fetched
from claims.web.lenient import loads

# Codes of Google's for too many questions, in the shapes its services have had.
_TOO_OFTEN = re.compile(
    r"\b(?:RESOURCE_EXHAUSTED|RATE_LIMIT_EXCEEDED|(?:userR|r)ateLimitExceeded|quotaExceeded"
    r"|dailyLimitExceeded)\b"
)
_URL = "https://factchecktools.googleapis.com/v1alpha1/claims:search"


@dataclass(frozen=True, slots=True)
class GoogleFactCheck:
    """``key``: an API key. It is sent as a header, so that no log holds it in an address."""

    key: str = ""
    name: str = "google_factcheck"
    label: str = "Google Fact Check Tools"
    pace: float = 0.5
    pages: int = 5

    @property
    def missing(self) -> str:
        return "" if self.key else "An API key for Google Fact Check Tools is not set."

    def search(self, query: Query, *, get: Get, cursor: str = "") -> Answer:
        url = link(
            _URL,
            query=query.words,
            languageCode=spoken(query.language),
            pageSize=50,
            pageToken=cursor,
        )
        fetched = ask(
            get, url, label=self.label, headers={"X-Goog-Api-Key": self.key}, refuse=False
        )
        if not fetched.ok:
            _refuse_key(fetched)
            refuse_status(fetched, label=self.label)
        return onward(parse(json_of(fetched, label=self.label)), cursor)


def parse(data: Mapping[str, Any]) -> Answer:
    """One hit for each review of each claim; no match is an empty object."""
    token = data.get("nextPageToken")
    rest = {name: value for name, value in data.items() if name != "nextPageToken"}
    claims = listed(rest, "claims", label="Google Fact Check Tools", bare=True)
    if isinstance(claims, list):
        answers = [_reviews(claim) for claim in claims]
    else:
        answers = [gather(claims, _never)]
    return joined(answers, token if isinstance(token, str) else "")


def _reviews(claim: object) -> Answer:
    if not isinstance(claim, Mapping):
        return gather([claim], _never)
    reviews = claim.get("claimReview")
    if not reviews:
        return gather([None], _never)

    def hit(review: Mapping[str, Any]) -> Hit:
        publisher = review.get("publisher")
        named = publisher if isinstance(publisher, Mapping) else {}
        raw, day = day_of(review.get("reviewDate"))
        return Hit(
            url=review["url"],
            title=words_of(review.get("title")) or words_of(claim.get("text")),
            outlet_hint=words_of(named.get("name"))
            or words_of(named.get("site"))
            or page_of(review["url"]).host,
            published_raw=raw,
            published_on=day,
            lang=language_of(review.get("languageCode")),
            snippet=snippet_of(claim.get("text")),
            kind="fact_check",
            raw=raw_of({**claim, "claimReview": [review]}),
        )

    return gather(reviews, hit)


def _refuse_key(fetched: Fetched) -> None:
    """A key that is not valid is a bad request to Google, and to ask too often is forbidden: the
    body says so.
    """
    if fetched.status not in {400, 401, 403}:
        return
    said = loads(fetched.body.decode("utf-8", "replace"))
    error = said.get("error") if isinstance(said, dict) else None
    words = words_of(error.get("message"), 160) if isinstance(error, dict) else ""
    if not words:
        return
    after, told = fetched.retry_after, f"Google Fact Check Tools refused: {words}"
    if _TOO_OFTEN.search(str(error)):
        raise ProviderError("rate_limited", told, retry=True, retry_after=after)
    if fetched.status == 400 and "key" not in words.lower():  # noqa: PLR2004
        raise ProviderError("rejected", told)
    raise ProviderError("denied", told, retry=after is not None, retry_after=after)


def _never(entry: Mapping[str, Any]) -> Hit:
    raise Skip("no_entry")
