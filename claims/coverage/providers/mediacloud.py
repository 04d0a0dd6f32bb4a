"""Media Cloud's news index, for researchers with a free account."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from claims.coverage.providers.base import (
    Answer,
    Get,
    Hit,
    Query,
    ask_json,
    day_of,
    gather,
    language_of,
    link,
    onward,
    page_of,
    raw_of,
    spoken,
    words_of,
)
from claims.coverage.providers.refusals import listed

_URL = "https://search.mediacloud.org/api/search/story-list"
_DAYS = 90


@dataclass(frozen=True, slots=True)
class MediaCloud:
    """``token`` of an account. ``collections``: numbers of collections to search, or all."""

    token: str = ""
    collections: tuple[int, ...] = ()
    name: str = "mediacloud"
    label: str = "Media Cloud"
    pace: float = 30.0
    pages: int = 2

    @property
    def missing(self) -> str:
        return "" if self.token else "A token of a Media Cloud account is not set."

    def search(self, query: Query, *, get: Get, cursor: str = "") -> Answer:
        today = datetime.now(UTC).date()
        words = query.words
        if language := spoken(query.language):
            words = f"({words}) AND language:{language}"
        url = link(
            _URL,
            q=words,
            start=query.since or today - timedelta(days=_DAYS),
            end=query.until or today,
            p="onlinenews-mediacloud",
            cs=",".join(map(str, self.collections)),
            pagination_token=cursor,
        )
        headers = {"Authorization": f"Token {self.token}", "Accept": "application/json"}
        return onward(parse(ask_json(get, url, label=self.label, headers=headers)), cursor)


def parse(data: Mapping[str, Any]) -> Answer:
    """Hits of one page of stories."""

    def hit(entry: Mapping[str, Any]) -> Hit:
        raw, day = day_of(entry.get("publish_date"))
        return Hit(
            url=entry["url"],
            title=words_of(entry.get("title")),
            outlet_hint=words_of(entry.get("media_name")) or page_of(entry["url"]).host,
            published_raw=raw,
            published_on=day,
            lang=language_of(entry.get("language")),
            raw=raw_of(entry),
        )

    answer = gather(listed(data, "stories", label="Media Cloud"), hit)
    token = data.get("pagination_token")
    return Answer(answer.items, token if isinstance(token, str) else "", answer.notices)
