"""The outlets' news sitemaps: every article of the last two days, found through robots.txt."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from claims.coverage.providers.base import (
    Answer,
    Get,
    Notice,
    ProviderError,
    Query,
    ask,
    joined,
    number_of,
    only_about,
)
from claims.coverage.providers.feeds import parse, read
from claims.web.address import try_parse
from claims.web.charset import decode

_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_NEWS = re.compile(r"news|noticias|nachrichten|actualit|latest|recent", re.IGNORECASE)
_USUAL = ("/news-sitemap.xml", "/sitemap_news.xml", "/sitemap-news.xml", "/sitemap.xml")
_MOST_ASKED = 5
# No such page, or one that is something else; all other answers say nothing about what is there.
_NONE_THERE = frozenset({"rejected", "odd_answer"})


@dataclass(frozen=True, slots=True)
class Sitemaps:
    """``hosts`` of the outlets that the desk follows. One host is one page of results."""

    hosts: tuple[str, ...] = ()
    name: str = "sitemaps"
    label: str = "News sitemaps of outlets"
    pace: float = 0.5
    pages: int = 200

    @property
    def missing(self) -> str:
        return "" if self.hosts else "No outlet has a host yet."

    def search(self, query: Query, *, get: Get, cursor: str = "") -> Answer:
        """What the sitemaps of the host at *cursor* (its number) hold about the query."""
        index = number_of(cursor)
        if index >= len(self.hosts):
            return Answer()
        following = str(index + 1) if index + 1 < len(self.hosts) else ""
        answers = list(_walk(self.hosts[index], get))
        return joined([only_about(answer, query) for answer in answers], following)


def _walk(host: str, get: Get) -> Iterator[Answer]:
    try:
        named = _declared(host, get)
    except ProviderError as error:
        yield _told(error)
        return
    if named:
        yield from _opened(named, host, get)
        return
    trouble = None
    for path in _USUAL:
        url = f"https://{host}{path}"
        try:
            found = read(ask(get, url, label=host), label=host)
        except ProviderError as error:
            trouble = error if error.code not in _NONE_THERE else trouble
            continue
        yield from _opened([url], host, get, read_already={url: found})
        return
    if trouble is not None:
        yield _told(trouble)
        return
    words = f"{host} names no sitemap, and has none at the usual places."
    yield Answer(notices=(Notice("no_sitemap", words),))


def _opened(
    waiting: list[str], host: str, get: Get, *, read_already: Mapping[str, Any] | None = None
) -> Iterator[Answer]:
    """The sitemaps *waiting*, at most five, those that speak of news first; one index opened.

    Those of older years are left; where more of them speak of news than are opened, it is told.
    """
    opened = False
    for _ in range(_MOST_ASKED):
        if not waiting:
            return
        url = waiting.pop(0)
        try:
            found = (read_already or {}).get(url) or read(ask(get, url, label=host), label=host)
        except ProviderError as error:
            yield _told(error)
            continue
        if found["kind"] == "index" and not opened:
            opened = True
            inner = _inner(found)
            waiting = inner + waiting
            if lost := len(found["entries"]) - len(inner) + found["left_out"] + found["cut"]:
                yield _lost(host, lost, "were none, or there twice, or one too many")
            if found["broken_off"]:
                yield Answer(notices=(Notice("cut", f"{url} breaks off before its end."),))
        elif found["kind"] == "index":
            yield _lost(host, len(found["entries"]), "stand in an index inside an index")
        else:
            yield parse(found, base=url)
    if left := sum(1 for url in waiting if _NEWS.search(url)):
        yield _lost(host, left, f"speak of news too; {_MOST_ASKED} are opened")


def _lost(host: str, many: int, why: str) -> Answer:
    words = f"{many} sitemaps of {host} were not opened: they {why}."
    return Answer(notices=(Notice("sitemaps_left", words, many),))


def _told(error: ProviderError) -> Answer:
    return Answer(notices=(Notice(error.code, error.message),))


def _inner(found: Mapping[str, Any]) -> list[str]:
    entries = found["entries"] if found["kind"] == "index" else []
    addresses = (try_parse(entry.get("url")) for entry in entries)
    return _news_first([address.url for address in addresses if address])


def _declared(host: str, get: Get) -> list[str]:
    try:
        robots = ask(get, f"https://{host}/robots.txt", label=host)
    except ProviderError as error:
        if error.code in {"rejected", "denied"}:
            return []
        raise
    text = decode(robots.body[: 512 << 10], declared=robots.charset).text
    # Some name the path alone.
    named = [urljoin(f"https://{host}/", found) for found in _LINE.findall(text)]
    return _news_first([found for found in named if try_parse(found)])


def _news_first(urls: list[str]) -> list[str]:
    return sorted(dict.fromkeys(urls), key=lambda url: not _NEWS.search(url))
