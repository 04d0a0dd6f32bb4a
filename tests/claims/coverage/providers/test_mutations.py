"""Every value of one entry is made wrong, in turn: that entry may go, and is counted; no other."""

import copy
import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from claims.coverage.providers import (
    claimreview_feed,
    feeds,
    gdelt,
    google_factcheck,
    mediacloud,
    newsapi,
    searxng,
    wayback,
    wikipedia,
)
from claims.coverage.providers.base import Answer, ProviderError, Query
from claims.coverage.providers.sitemaps import Sitemaps
from claims.web import feed
from claims.web.feed import read_feed
from tests.claims.coverage.providers.strangers import Strangers, answer

JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**40, 1.5, float("inf"), "", " ", "\0", "\ud800", "x" * 9000,
    "<b>", "&#0;", "2024-02-31", "99999999T999999Z", "0001-01-01", "http://", "https://[::1",
    "//x.example/", "javascript:alert(1)", "ftp://x.example/", "http://x.example:99999/",
    [], [[]], [None], {}, {"": None}, {"url": {"url": []}}, [{"name": 7}] * 3,
)  # fmt: skip
BEFORE, ODD, AFTER = (f"https://paper.example/{name}" for name in ("before", "odd", "after"))


def gdelt_entry(url: str) -> dict[str, Any]:
    return {"url": url, "url_mobile": "", "title": "A ferry stops", "seendate": "20240615T123000Z",
            "socialimage": "", "domain": "paper.example", "language": "English",
            "sourcecountry": "Malta"}  # fmt: skip


def newsapi_entry(url: str) -> dict[str, Any]:
    return {"source": {"id": None, "name": "The Paper"}, "author": "A", "title": "A ferry stops",
            "description": "It stopped.", "url": url, "urlToImage": None,
            "publishedAt": "2024-06-15T12:30:00Z", "content": "It stopped."}  # fmt: skip


def searxng_entry(url: str) -> dict[str, Any]:
    return {"url": url, "title": "A ferry stops", "content": "It stopped.", "engine": "bing news",
            "engines": ["bing news"], "score": 1.0, "category": "news",
            "publishedDate": "2024-06-15T12:30:00",
            "parsed_url": ["https", "paper.example", "/", "", "", ""]}  # fmt: skip


def mediacloud_entry(url: str) -> dict[str, Any]:
    return {"id": "a1", "title": "A ferry stops", "url": url, "media_name": "paper.example",
            "media_url": "paper.example", "language": "en", "publish_date": "2024-06-15",
            "indexed_date": "2024-06-16 02:03:04"}  # fmt: skip


def factcheck_entry(url: str) -> dict[str, Any]:
    review = {"publisher": {"name": "Checks", "site": "checks.example"}, "url": url,
              "title": "Did the ferry stop?", "reviewDate": "2024-06-15T00:00:00Z",
              "textualRating": "False", "languageCode": "en"}  # fmt: skip
    return {"text": "The ferry stopped.", "claimant": "A", "claimDate": "2024-06-14T00:00:00Z",
            "claimReview": [review]}  # fmt: skip


def claimreview_entry(url: str) -> dict[str, Any]:
    review = {"@type": "ClaimReview", "url": url, "claimReviewed": "The ferry stopped.",
              "author": {"@type": "Organization", "name": "Checks"}, "inLanguage": "en",
              "datePublished": "2024-06-15", "reviewRating": {"ratingValue": "-1"}}  # fmt: skip
    return {"@type": "DataFeedItem", "dateCreated": "2024-06-15", "item": [review]}


def wikipedia_entry(url: str) -> dict[str, Any]:
    return {"ns": 0, "title": url.rpartition("/")[2], "pageid": 7, "size": 1, "wordcount": 2,
            "snippet": "A <span>ferry</span>.", "timestamp": "2024-06-15T12:30:00Z"}  # fmt: skip


Shape = tuple[Callable[[str], dict[str, Any]], Callable[[list[Any]], Answer]]
SHAPES: dict[str, Shape] = {
    "gdelt": (gdelt_entry, lambda found: gdelt.parse({"articles": found})),
    "newsapi": (
        newsapi_entry,
        lambda found: newsapi.parse({"status": "ok", "totalResults": 3, "articles": found}),
    ),
    "searxng": (searxng_entry, lambda found: searxng.parse({"results": found})),
    "mediacloud": (mediacloud_entry, lambda found: mediacloud.parse({"stories": found})),
    "google_factcheck": (
        factcheck_entry,
        lambda found: google_factcheck.parse({"claims": found}),
    ),
    "claimreview_feed": (
        claimreview_entry,
        lambda found: claimreview_feed.parse({"dataFeedElement": found}),
    ),
    "wikipedia": (
        wikipedia_entry,
        lambda found: wikipedia.parse({"query": {"search": found}}, language="en"),
    ),
}


def paths(value: Any, start: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield start
    keys: list[Any] = list(value) if isinstance(value, dict) else []
    keys = list(range(len(value))) if isinstance(value, list) else keys
    for key in keys:
        yield from paths(value[key], (*start, key))


def spoilt(entry: Any) -> Iterator[tuple[str, Any]]:
    """Copies of *entry*, each with one value wrong, missing, or in a list of its own."""
    for path in paths(entry):
        for junk in JUNK:
            yield f"{path} = {junk!r:.40}", _with(entry, path, partial(_instead, junk))
        yield f"[{path}]", _with(entry, path, lambda old: [old])
        if path and isinstance(path[-1], str):
            changed = copy.deepcopy(entry)
            del _at(changed, path[:-1])[path[-1]]
            yield f"without {path}", changed


def _instead(junk: Any, _: Any) -> Any:
    return junk


def _with(entry: Any, path: tuple[Any, ...], change: Callable[[Any], Any]) -> Any:
    changed = copy.deepcopy(entry)
    if not path:
        return change(changed)
    holder = _at(changed, path[:-1])
    holder[path[-1]] = change(holder[path[-1]])
    return changed


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


@pytest.mark.parametrize("name", SHAPES)
def test_one_wrong_value_costs_no_more_than_its_entry_and_every_loss_is_counted(name: str) -> None:
    entry, parse = SHAPES[name]
    whole = parse([entry(BEFORE), entry(ODD), entry(AFTER)])
    assert len(whole.items) == 3
    assert whole.notices == ()
    before, _, after = (hit.url for hit in whole.items)
    for what, odd in spoilt(entry(ODD)):
        found = parse([entry(BEFORE), odd, entry(AFTER)])
        urls = [hit.url for hit in found.items]
        assert before in urls, what
        assert after in urls, what
        counted = sum(notice.count for notice in found.notices)
        assert len(urls) == 3 or counted, what
        assert all(url.startswith(("http://", "https://")) for url in urls), what
        kept = json.dumps([dict(hit.raw) for hit in found.items], allow_nan=False)
        assert "\\u0000" not in kept, what


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("junk", [junk for junk in JUNK if junk is not None and junk != []])
def test_a_list_that_is_none_is_said(name: str, junk: Any) -> None:
    _, parse = SHAPES[name]
    try:
        found = parse(junk)
    except ProviderError:
        return
    assert found.items == ()
    assert found.notices or not junk


ROWS = [
    ["example,paper)/a", "20240101000000", "http://paper.example/a", "text/html", "200", "A", "1"],
    ["example,paper)/b", "20240102000000", "http://paper.example/b", "text/html", "200", "B", "1"],
    ["example,paper)/c", "20240103000000", "http://paper.example/c", "text/html", "200", "C", "1"],
]


@pytest.mark.parametrize("as_json", [True, False])
def test_a_wrong_row_of_versions_costs_that_row_and_is_counted(*, as_json: bool) -> None:
    for at in range(len(ROWS[1])):
        for junk in ("", "-", "x", "99999999999999", "20240231000000", "http://", "\u0660" * 14):
            rows = copy.deepcopy(ROWS)
            rows[1][at] = junk
            text = json.dumps(rows) if as_json else "\n".join(" ".join(row) for row in rows)
            found = wayback.parse_cdx(text)
            urls = [hit.url for hit in found.items]
            assert urls[0].endswith("/a"), (at, junk)
            assert urls[-1].endswith("/c"), (at, junk)
            assert len(urls) == 3 or sum(one.count for one in found.notices) == 1, (at, junk)


@pytest.mark.parametrize("junk", [*JUNK[:12], {}, ["x"], [None] * 7, [[]] * 7])
def test_a_row_of_versions_that_is_none_is_counted(junk: Any) -> None:
    text = json.dumps([ROWS[0], junk, ROWS[2]])
    found = wayback.parse_cdx(text)
    assert [hit.url[-1] for hit in found.items] == ["a", "c"]
    assert sum(notice.count for notice in found.notices) == 1


ITEM = "<item><title>A ferry</title><link>https://paper.example/{}</link></item>"
ODD_ITEMS = (
    "<item/>", "<item></item>", "<item>text</item>", "<item><link/></item>",
    "<item><link>   </link></item>", "<item><title>x</title></item>",
    "<item><link><b>https://paper.example/inner</b></link></item>",
    "<item><guid isPermaLink='false'>7</guid></item>",
    "<item><link>https://paper.example/odd</link><pubDate>Mon, 31 Feb 2024</pubDate></item>",
    "<item><link>https://paper.example/odd</link><title><![CDATA[<script>x</script>]]></title></item>",
    "<x:item xmlns:x='y'><link>https://paper.example/odd</link></x:item>",
    "<item><item><link>https://paper.example/odd</link></item></item>",
    "<item><title>&nbsp;&bogus;</title><link>https://paper.example/odd?a=1&b=2</link></item>",
    "<item><link>https://paper.example/odd</link>", "</item>", "<!-- <item> -->", "\x0b\x00",
)  # fmt: skip


@pytest.mark.parametrize("odd", ODD_ITEMS)
def test_a_wrong_item_of_a_feed_costs_no_other(odd: str) -> None:
    items = ITEM.format("before") + odd + ITEM.format("after")
    found = read_feed(f"<rss><channel><title>The Paper</title>{items}</channel></rss>".encode())
    urls = [entry.get("url") for entry in found["entries"]]
    assert "https://paper.example/before" in urls
    assert "https://paper.example/after" in urls


def test_a_feed_in_json_with_stray_backslashes_is_read() -> None:
    found = read_feed(rb'{"items": [{"url": "https://paper.example/a", "title": "C:\dir \u12"}]}')
    assert [entry["url"] for entry in found["entries"]] == ["https://paper.example/a"]


def test_what_stands_behind_the_most_that_is_read_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(feed, "MOST_ENTRIES", 2)
    items = "".join(ITEM.format(number) for number in range(5))
    listed = [{"url": f"https://paper.example/{number}"} for number in range(5)]
    for body in (f"<rss><channel>{items}</channel></rss>", json.dumps({"items": listed})):
        found = feeds.parse(read_feed(body.encode()))
        assert len(found.items) == 2
        assert [(one.code, one.count) for one in found.notices] == [("too_many", 3)]


def test_a_feed_that_breaks_off_is_told_as_such() -> None:
    whole = f"<rss><channel>{ITEM.format('a')}{ITEM.format('b')}</channel></rss>"
    for at in range(whole.index("</item>") + 7, len(whole) - 6, 3):
        found = feeds.parse(read_feed(whole[:at].encode()))
        assert {hit.url[-2:] for hit in found.items} <= {"/a", "/b"}
        assert [one.code for one in found.notices] == ["cut"]


def index_of(*urls: str) -> str:
    inner = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return f"<sitemapindex>{inner}</sitemapindex>"


def test_sitemaps_that_are_not_opened_are_counted() -> None:
    news = [f"https://paper.example/news-{number}.xml" for number in range(9)]
    robots = b"Sitemap: https://paper.example/index.xml"
    first = index_of(*news, "nonsense", "ftp://paper.example/x.xml")
    below = index_of("https://paper.example/deep-1.xml", "https://paper.example/deep-2.xml")
    page = "<urlset><url><loc>https://paper.example/ferry</loc></url></urlset>"
    found = Sitemaps(("paper.example",)).search(
        Query(), get=Strangers([robots, first.encode(), below.encode(), page.encode()])
    )
    assert [hit.url for hit in found.items] == ["https://paper.example/ferry"]
    left = [(one.code, one.count) for one in found.notices if one.code == "sitemaps_left"]
    assert sum(count for _, count in left) == 2 + 2 + (9 - 4), found.notices


def test_losses_of_an_index_at_a_usual_place_are_counted_too() -> None:
    index = index_of("https://paper.example/news.xml", "nonsense", "ftp://paper.example/x.xml")
    page = "<urlset><url><loc>https://paper.example/ferry</loc></url></urlset>"
    get = Strangers([answer("none", status=404), index.encode(), page.encode()])
    found = Sitemaps(("paper.example",)).search(Query(), get=get)
    assert [hit.url for hit in found.items] == ["https://paper.example/ferry"]
    assert [(one.code, one.count) for one in found.notices] == [("sitemaps_left", 2)]
    assert len(get.asked) == 3


@pytest.mark.parametrize(
    ("status", "code"),
    [(404, "no_sitemap"), (503, "unavailable"), (429, "rate_limited"), (403, "denied")],
)
def test_a_host_that_would_not_say_is_not_one_without_sitemaps(status: int, code: str) -> None:
    get = Strangers([answer("none", status=404), answer("?", status=status)])
    found = Sitemaps(("paper.example",)).search(Query(), get=get)
    assert [one.code for one in found.notices] == [code]


def test_a_feed_that_is_named_as_a_sitemap_is_read_as_what_it_is() -> None:
    robots = b"Sitemap: https://paper.example/feed.xml"
    body = f"<rss><channel>{ITEM.format('ferry')}</channel></rss>".encode()
    found = Sitemaps(("paper.example",)).search(Query(), get=Strangers([robots, body]))
    assert [hit.url for hit in found.items] == ["https://paper.example/ferry"]
