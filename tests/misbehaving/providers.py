"""Search services that misbehave, under their real names: what each answers and how it is told."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from tests.claims.web.loopback import page
from tests.misbehaving import pages
from tests.misbehaving.hosts import ZONE
from tests.misbehaving.web import NO_FILE, Answer, Asked

LIST = f"list.{ZONE}"
MAPS = f"maps.{ZONE}"
SEARCH = f"search.{ZONE}"
DATA = f"data.{ZONE}"
UNKNOWN = f"unknown-name.{ZONE}"


@dataclass(frozen=True, slots=True)
class Service:
    """``codes``: what has to stand at the run for ``provider``, each at least once."""

    provider: str
    host: str
    answer: Answer | bytes
    codes: frozenset[str]

    def __call__(self, asked: Asked) -> bytes | Iterable[bytes]:
        return self.answer if isinstance(self.answer, bytes) else self.answer(asked)


def _json(value: object, *, status: str = "200 OK", **headers: str) -> bytes:
    return page(json.dumps(value).encode(), status=status, content_type="application/json",
                **headers)  # fmt: skip


def _search(asked: Asked) -> bytes:
    """Pages of results without end, the same ones over and over, most of them no result."""
    wrong: list[object] = [
        None,
        7,
        [],
        {},
        {"url": "javascript:alert(1)"},
        {"url": "http://"},
        {"url": ["x"]},
    ]
    del asked
    return _json({
        "results": [*wrong, {"url": f"http://good.{ZONE}/news/ferry", "title": 3}],
        "unresponsive_engines": [["one", "timeout"], "two", None],
    })  # fmt: skip


def _maps(asked: Asked) -> bytes:
    """A sitemap that leads to the next, and that one to the next."""
    if asked.path == "/robots.txt":
        return page(f"Sitemap: https://{MAPS}/0.xml".encode(), content_type="text/plain")
    number = int(asked.path.strip("/").partition(".")[0] or 0)
    inner = "".join(
        f"<sitemap><loc>https://{MAPS}/{number * 10 + n}.xml</loc></sitemap>" for n in range(1, 9)
    )
    return page(f"<sitemapindex>{inner}</sitemapindex>".encode(), content_type="text/xml")


def listed(urls: Iterable[str]) -> Answer:
    """A feed that names *urls*, each with the words of the claim, among entries that are none."""
    entries = "".join(
        f"<item><title>{escape(pages.CLAIM)} {number}</title><link>{escape(url)}</link></item>"
        for number, url in enumerate(urls)
    )
    wrong = (
        "<item/><item><title>No address</title></item><item><link>mailto:a@b.example</link></item>"
    )
    feed = f"<rss version='2.0'><channel><title>List</title>{wrong}{entries}</channel></rss>"

    def answer(asked: Asked) -> bytes:
        if asked.path != "/feed.xml":
            return page(pages.FRONT) if asked.path == "/moved" else NO_FILE
        return page(feed.encode(), content_type="application/rss+xml")

    return answer


def services(urls: Iterable[str]) -> tuple[Service, ...]:
    """All of them; the list of outlets' feeds names *urls*."""
    return (
        Service("feeds", LIST, listed(urls), frozenset({"no_address", "odd_answer", "rejected"})),
        Service("sitemaps", MAPS, _maps, frozenset()),
        Service("searxng", SEARCH, _search, frozenset({"no_entry", "engine_silent"})),
        Service("claimreview_feed", DATA, page(b'{"dataFeedElement": "none"}'),
                frozenset({"odd_answer"})),
        Service("google_news", "news.google.com", page(pages.CONSENT), frozenset({"odd_answer"})),
        Service("bing_news", "www.bing.com", page(pages.FRONT), frozenset({"odd_answer"})),
        Service("gdelt", "api.gdeltproject.org", page(b"Your query was too short.",
                content_type="text/html"), frozenset({"rejected"})),
        Service("newsapi", "newsapi.org", _json({"status": "error", "code": "rateLimited",
                "message": "Slow down."}, status="429 Too Many", retry_after="86400"),
                frozenset({"rate_limited"})),
        Service("google_factcheck", "factchecktools.googleapis.com", _json({"error": {"code": 403,
                "message": "API key not valid.", "status": "PERMISSION_DENIED"}},
                status="403 Forbidden"), frozenset({"denied"})),
        Service("wikipedia", "en.wikipedia.org", _json({"error": {"code": "maxlag",
                "info": "Waiting for a host."}}), frozenset({"unavailable"})),
        Service("mediacloud", "search.mediacloud.org", page(pages.FRONT, status="503 Down"),
                frozenset({"unavailable"})),
    )  # fmt: skip


def told() -> Mapping[str, Mapping[str, object]]:
    """What a desk says of each in its file of providers."""
    return {
        "feeds": {
            "urls": [f"https://{LIST}{path}" for path in ("/moved", "/none.xml", "/feed.xml")]
        },
        "sitemaps": {"hosts": [MAPS]},
        "searxng": {"url": f"https://{SEARCH}"},
        "claimreview_feed": {"urls": [f"https://{DATA}/feed.json"]},
        "google_news": {"enabled": True},
        "bing_news": {"enabled": True},
        "newsapi": {"key": "a-key"},
        "google_factcheck": {"key": "a-key"},
        "mediacloud": {"token": "a-token"},
    }
