"""The outlets' own feeds, RSS, Atom or JSON: read whole, and searched here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

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
    language_of,
    number_of,
    only_about,
    page_of,
    raw_of,
    snippet_of,
    unwrapped,
    words_of,
)
from claims.web import sandbox
from claims.web.errors import Unreadable
from claims.web.fetched import Fetched


@dataclass(frozen=True, slots=True)
class Feeds:
    """``urls``: the feeds of outlets that the desk follows. One feed is one page of results."""

    urls: tuple[str, ...] = ()
    name: str = "feeds"
    label: str = "Feeds of outlets"
    pace: float = 0.5
    pages: int = 200

    @property
    def missing(self) -> str:
        return "" if self.urls else "No outlet has a feed yet."

    def search(self, query: Query, *, get: Get, cursor: str = "") -> Answer:
        """What the feed at *cursor* (its number) holds about the query.

        A feed that fails is a notice: the others are read all the same.
        """
        index = number_of(cursor)
        if index >= len(self.urls):
            return Answer()
        following = str(index + 1) if index + 1 < len(self.urls) else ""
        url = self.urls[index]
        try:
            fetched = ask(get, url, label=host_of(url))
            answer = parse(read(fetched, label=host_of(url)), base=fetched.final or url)
        except ProviderError as error:
            return Answer(next_cursor=following, notices=(Notice(error.code, error.message),))
        return joined([only_about(answer, query)], following)


def read(fetched: Fetched, *, label: str) -> dict[str, Any]:
    """The feed or sitemap in *fetched*, read in the sandbox; ``ProviderError`` when it is none."""
    try:
        found = sandbox.call(
            "claims.web.feed:read_feed", fetched.body, options={"charset": fetched.charset}
        )
    except Unreadable as error:
        raise ProviderError("odd_answer", f"{label}: {error.message}") from error
    if not found["kind"]:
        raise ProviderError("odd_answer", f"{label} answered with something that is no feed.")
    return found


def parse(found: Mapping[str, Any], *, base: str = "") -> Answer:
    """Hits of a feed as ``claims.web.feed`` reads it; relative addresses are those of *base*."""
    outlet = words_of(found["title"])
    language = language_of(found["language"])

    def hit(entry: Mapping[str, Any]) -> Hit:
        if not entry.get("url"):
            raise Skip("no_address")
        url = unwrapped(urljoin(base, entry["url"]))
        host = page_of(url).host
        raw, day = day_of(entry.get("date"))
        return Hit(
            url=url,
            title=words_of(entry.get("title")),
            outlet_hint=words_of(entry.get("outlet")) or outlet or host,
            published_raw=raw,
            published_on=day,
            lang=language_of(entry.get("language")) or language,
            snippet=snippet_of(entry.get("summary")),
            raw=raw_of(entry),
        )

    answer = gather(found["entries"], hit)
    return Answer(answer.items, answer.next_cursor, (*answer.notices, *_losses(found)))


def _losses(found: Mapping[str, Any]) -> Iterator[Notice]:
    if lost := found["left_out"]:
        yield Notice("no_address", f"{lost} entries had no address of a web page.", lost)
    if lost := found["cut"]:
        words = f"{lost} entries behind the first {len(found['entries'])} were not read."
        yield Notice("too_many", words, lost)
    if found["broken_off"]:
        yield Notice("cut", "The answer breaks off: what stood at its end is missing.")


def host_of(url: str) -> str:
    """What to call the place at *url* in a sentence."""
    return page_of(url).host
