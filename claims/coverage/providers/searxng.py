"""A SearXNG server of the desk's own choice, asked for news."""

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
    ask_json,
    day_of,
    gather,
    link,
    number_of,
    page_of,
    raw_of,
    snippet_of,
    spoken,
    unwrapped,
    words_of,
)
from claims.coverage.providers.refusals import listed


@dataclass(frozen=True, slots=True)
class SearXNG:
    """``url``: the server, as ``https://search.example``; it has to allow JSON answers."""

    url: str = ""
    name: str = "searxng"
    label: str = "SearXNG"
    pace: float = 2.0
    pages: int = 3

    @property
    def missing(self) -> str:
        return "" if self.url else "The address of a SearXNG server is not set."

    def search(self, query: Query, *, get: Get, cursor: str = "") -> Answer:
        page = max(number_of(cursor, 1), 1)
        url = link(
            f"{self.url.rstrip('/')}/search",
            q=query.words,
            format="json",
            categories="news",
            language=spoken(query.language),
            pageno=page,
        )
        try:
            data = ask_json(get, url, label=self.label)
        except ProviderError as error:
            if error.code == "denied":
                words = "SearXNG refused; its settings have to list json under search.formats."
                raise ProviderError(
                    "denied", words, retry=error.retry, retry_after=error.retry_after
                ) from error
            raise
        answer = parse(data)
        return Answer(answer.items, str(page + 1) if answer.items else "", answer.notices)


def parse(data: Mapping[str, Any]) -> Answer:
    """Hits of one page of results; engines that did not answer are told."""

    def hit(entry: Mapping[str, Any]) -> Hit:
        raw, day = day_of(entry.get("publishedDate") or entry.get("pubdate"))
        url = unwrapped(entry["url"])
        return Hit(
            url=url,
            title=words_of(entry.get("title")),
            outlet_hint=page_of(url).host,
            published_raw=raw,
            published_on=day,
            snippet=snippet_of(entry.get("content")),
            raw=raw_of(entry),
        )

    answer = gather(listed(data, "results", label="SearXNG"), hit)
    silent = data.get("unresponsive_engines")
    notices = [_silent(engine) for engine in silent] if isinstance(silent, list) else []
    return Answer(answer.items, "", (*answer.notices, *notices))


def _silent(engine: object) -> Notice:
    parts = engine if isinstance(engine, list) else [engine]
    words = [words_of(part, 60) for part in parts if isinstance(part, str)]
    return Notice("engine_silent", f"SearXNG heard nothing from {': '.join(words) or 'one'}.")
