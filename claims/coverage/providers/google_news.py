"""Google News by RSS: leads, since its links only lead back to Google."""

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
    page_of,
    raw_of,
    spoken,
    words_of,
)
from claims.coverage.providers.feeds import read

_URL = "https://news.google.com/rss/search"


@dataclass(frozen=True, slots=True)
class GoogleNews:
    """``enabled``: a person has read the terms (personal, non-commercial feed reading).

    ``country``: two letters, for the edition that is asked; without it the one of the language.
    """

    enabled: bool = False
    country: str = ""
    name: str = "google_news"
    label: str = "Google News"
    pace: float = 5.0
    pages: int = 1

    @property
    def missing(self) -> str:
        return (
            "" if self.enabled else "Google News is switched off; its terms have to be accepted."
        )

    def search(self, query: Query, *, get: Get, cursor: str = "") -> Answer:
        del cursor
        language = spoken(query.language) or "en"
        country = self.country or country_of(language)
        words = [query.words]
        if query.since:
            words.append(f"after:{query.since}")
        if query.until:
            words.append(f"before:{query.until}")
        url = link(
            _URL,
            q=" ".join(words),
            hl=f"{language}-{country}",
            gl=country,
            ceid=f"{country}:{language}",
        )
        return parse(read(ask(get, url, label=self.label), label=self.label), language=language)


def parse(found: Mapping[str, Any], *, language: str = "") -> Answer:
    """Leads: the title without the outlet, and the outlet's own address as the hint."""

    def hit(entry: Mapping[str, Any]) -> Hit:
        page_of(entry.get("url"))
        outlet = words_of(entry.get("outlet"))
        raw, day = day_of(entry.get("date"))
        return Hit(
            url=entry["url"],
            title=words_of(entry.get("title")).removesuffix(f" - {outlet}"),
            outlet_hint=words_of(entry.get("outlet_url")) or outlet,
            published_raw=raw,
            published_on=day,
            lang=language,
            kind="lead",
            raw=raw_of(entry),
        )

    return gather(found["entries"], hit)
