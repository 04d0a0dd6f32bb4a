"""Bing News by RSS: the addresses of articles are inside those of its counter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from claims.coverage.providers.base import (
    Answer,
    Get,
    Hit,
    Query,
    ask,
    country_of,
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
from claims.coverage.providers.feeds import read

_URL = "https://www.bing.com/news/search"


@dataclass(frozen=True, slots=True)
class BingNews:
    """``enabled``: a person has read the terms (personal use)."""

    enabled: bool = False
    name: str = "bing_news"
    label: str = "Bing News"
    pace: float = 5.0
    pages: int = 3

    @property
    def missing(self) -> str:
        return "" if self.enabled else "Bing News is switched off; its terms have to be accepted."

    def search(self, query: Query, *, get: Get, cursor: str = "") -> Answer:
        first = number_of(cursor, 1)
        language = spoken(query.language)
        country = country_of(language)
        market = f"{language}-{country}" if country != "US" else "en-US"
        url = link(_URL, q=query.words, format="rss", mkt=market, first=first if first > 1 else "")
        answer = parse(read(ask(get, url, label=self.label), label=self.label))
        following = str(first + len(answer.items)) if answer.items else ""
        return Answer(answer.items, following, answer.notices)


def parse(found: Mapping[str, Any]) -> Answer:
    """Hits under their own addresses: those of the counter change with every answer."""

    def hit(entry: Mapping[str, Any]) -> Hit:
        url = unwrapped(str(entry.get("url", "")))
        raw, day = day_of(entry.get("date"))
        return Hit(
            url=url,
            title=words_of(entry.get("title")),
            outlet_hint=words_of(entry.get("outlet")) or page_of(url).host,
            published_raw=raw,
            published_on=day,
            snippet=snippet_of(entry.get("summary")),
            raw=raw_of(entry),
        )

    return gather(found["entries"], hit)
