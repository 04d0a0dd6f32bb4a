"""NewsAPI, for desks with a key; its free plan is for development alone."""

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
    json_of,
    link,
    number_of,
    page_of,
    raw_of,
    refuse_status,
    snippet_of,
    spoken,
    words_of,
)
from claims.coverage.providers.refusals import listed, said_in
from claims.web.lenient import loads

_URL = "https://newsapi.org/v2/everything"
_PER_PAGE = 100
_KEYS = frozenset({"apiKeyDisabled", "apiKeyInvalid", "apiKeyMissing"})
_LATER = frozenset({"rateLimited", "apiKeyExhausted"})
_LANGUAGES = frozenset(
    {"ar", "de", "en", "es", "fr", "he", "it", "nl", "no", "pt", "ru", "sv", "ud", "zh"}
)


@dataclass(frozen=True, slots=True)
class NewsApi:
    """``key`` of an account, sent as a header."""

    key: str = ""
    name: str = "newsapi"
    label: str = "NewsAPI"
    pace: float = 1.0
    pages: int = 3

    @property
    def missing(self) -> str:
        return "" if self.key else "A key for NewsAPI is not set."

    def search(self, query: Query, *, get: Get, cursor: str = "") -> Answer:
        page = max(number_of(cursor, 1), 1)
        language = spoken(query.language)
        url = link(
            _URL,
            q=query.words,
            language=language if language in _LANGUAGES else "",
            sortBy="publishedAt",
            pageSize=_PER_PAGE,
            page=page,
            to=query.until or "",
            **{"from": query.since or ""},
        )
        fetched = _asked(get, url, label=self.label, headers={"X-Api-Key": self.key})
        return parse(fetched, page=page)


def parse(data: Mapping[str, Any], *, page: int = 1) -> Answer:
    """Hits of one page; what publishers withdrew is counted and left out."""
    _refuse_error(data)

    def hit(entry: Mapping[str, Any]) -> Hit:
        title = words_of(entry.get("title"))
        url = entry["url"]
        address = page_of(url)
        if title == "[Removed]" or address.host == "removed.com":
            raise Skip("withdrawn")
        source = entry.get("source")
        named = source if isinstance(source, Mapping) else {}
        raw, day = day_of(entry.get("publishedAt"))
        return Hit(
            url=url,
            title=title,
            outlet_hint=words_of(named.get("name")) or address.host,
            published_raw=raw,
            published_on=day,
            snippet=snippet_of(entry.get("description")),
            raw=raw_of(entry),
        )

    answer = gather(listed(data, "articles", label="NewsAPI"), hit)
    total = data.get("totalResults")
    more = isinstance(total, int) and total > page * _PER_PAGE and bool(answer.items)
    return Answer(answer.items, str(page + 1) if more else "", answer.notices)


def _asked(get: Get, url: str, *, label: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """The answer's object. Of an error the body says more than the status."""
    fetched = ask(get, url, label=label, headers=headers, refuse=False)
    if not fetched.ok:
        said = loads(fetched.body.decode("utf-8", "replace"))
        if isinstance(said, dict):
            _refuse_error(said, status=fetched.status, retry_after=fetched.retry_after)
        refuse_status(fetched, label=label)
    return json_of(fetched, label=label)


def _refuse_error(
    data: Mapping[str, Any], *, status: int = 200, retry_after: int | None = None
) -> None:
    if data.get("status") != "error" and "code" not in data:
        return
    code = words_of(data.get("code"), 40)
    message = said_in(data) or code
    if code in _KEYS:
        raise ProviderError("denied", f"NewsAPI does not accept the key: {message}")
    if code in _LATER:
        raise ProviderError(
            "rate_limited", f"NewsAPI: {message}", retry=True, retry_after=retry_after
        )
    if code == "unexpectedError":
        raise ProviderError(
            "unavailable", f"NewsAPI: {message}", retry=True, retry_after=retry_after
        )
    if status == 429 or status >= 500:  # noqa: PLR2004
        return  # A code that is not known says less than the status does.
    raise ProviderError("rejected", f"NewsAPI did not accept the question: {message}")
