"""Every provider survives what strangers answer, keeps the good, and counts what it loses."""

import contextlib
import json
from dataclasses import asdict
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.coverage import queries
from claims.coverage.providers import (
    bing_news,
    claimreview_feed,
    gdelt,
    google_factcheck,
    google_news,
    mediacloud,
    newsapi,
    searxng,
    wayback,
    wikipedia,
)
from claims.coverage.providers.base import (
    Answer,
    Hit,
    Provider,
    ProviderError,
    Query,
    day_of,
    gather,
    is_about,
    language_of,
    raw_of,
    unwrapped,
    words_of,
)
from claims.coverage.providers.bing_news import BingNews
from claims.coverage.providers.by_hand import ByHand
from claims.coverage.providers.claimreview_feed import ClaimReviewFeed
from claims.coverage.providers.feeds import Feeds
from claims.coverage.providers.gdelt import Gdelt
from claims.coverage.providers.google_factcheck import GoogleFactCheck
from claims.coverage.providers.google_news import GoogleNews
from claims.coverage.providers.mediacloud import MediaCloud
from claims.coverage.providers.newsapi import NewsApi
from claims.coverage.providers.registry import PROVIDERS, build
from claims.coverage.providers.searxng import SearXNG
from claims.coverage.providers.sitemaps import Sitemaps
from claims.coverage.providers.wayback import WaybackAvailability, WaybackCdx
from claims.coverage.providers.wikipedia import Wikipedia
from claims.web.errors import FetchError
from claims.web.lenient import loads
from tests.claims.coverage.providers.strangers import Strangers, answer
from tests.shared import shared

QUERY = Query(words='"closed ferry" Marlby', language="en", urls=("https://marlby.example/a",))
READY: list[Provider] = [
    Feeds(("https://marlby.example/feed",)),
    Sitemaps(("marlby.example",)),
    Wikipedia(),
    SearXNG("https://search.example"),
    GoogleFactCheck("key"),
    Gdelt(),
    GoogleNews(enabled=True),
    BingNews(enabled=True),
    WaybackAvailability(),
    WaybackCdx(),
    MediaCloud("token"),
    NewsApi("key"),
    ClaimReviewFeed(("https://checks.example/feed.json",)),
]
ids = [provider.name for provider in READY]
each = pytest.mark.parametrize("provider", READY, ids=ids)


def of(name: str) -> bytes:
    return shared(f"coverage/{name}").read_bytes()


def codes(found: Answer) -> dict[str, int]:
    return {notice.code: notice.count for notice in found.notices}


# What was recorded


def test_google_fact_check_as_recorded() -> None:
    claim = json.loads(of("factcheck_claim.json"))
    found = google_factcheck.parse({"claims": [claim], "nextPageToken": "CAoQ"})
    (hit,) = found.items
    assert hit.kind == "fact_check"
    assert hit.outlet_hint == "vishvasnews.com"
    assert (hit.published_on, hit.lang) == (date(2019, 6, 20), "ur")
    assert "Hit" not in hit.title
    assert found.next_cursor == "CAoQ"
    assert google_factcheck.parse({}) == Answer()


def test_gdelt_as_recorded() -> None:
    found = gdelt.parse(json.loads(of("gdelt_artlist.json")))
    assert [hit.outlet_hint for hit in found.items] == ["bbc.co.uk", "lemonde.fr", "example.org"]
    assert [hit.lang for hit in found.items] == ["en", "fr", "en"]
    assert [hit.published_on for hit in found.items] == [date(2024, 6, 15)] * 2 + [None]
    assert found.items[0].published_raw == "20240615T123000Z"


def test_google_news_as_recorded() -> None:
    found = GoogleNews(enabled=True).search(QUERY, get=Strangers([of("google_news_rss.xml")]))
    assert [hit.title for hit in found.items] == [
        "Rust 2.0 release brings major performance gains",
        "Why developers love the Rust programming language",
    ]
    assert [hit.outlet_hint for hit in found.items] == [
        "https://example.com",
        "https://techdaily.example",
    ]
    assert {hit.kind for hit in found.items} == {"lead"}
    assert found.items[0].published_on == date(2026, 5, 29)


def test_newsapi_as_recorded() -> None:
    found = newsapi.parse(json.loads(of("newsapi_everything.json")))
    assert [hit.outlet_hint for hit in found.items] == ["Reuters", "The Guardian"]
    assert found.items[0].published_on == date(2024, 6, 15)
    assert found.next_cursor == ""
    with pytest.raises(ProviderError) as caught:
        newsapi.parse(json.loads(of("newsapi_error.json")))
    assert (caught.value.code, caught.value.retry) == ("denied", False)


def test_wikipedia_as_recorded() -> None:
    found = wikipedia.parse(json.loads(of("wikipedia_search.json")), language="en")
    assert len(found.items) == 3
    assert found.items[0].url.endswith("/wiki/Python_(programming_language)")
    assert "<span" not in found.items[0].snippet
    assert {hit.kind for hit in found.items} == {"lead"}
    assert found.next_cursor == "3"


def test_wayback_as_recorded() -> None:
    (hit,) = wayback.parse_available(json.loads(of("wayback_available.json"))).items
    assert (hit.kind, hit.published_on) == ("snapshot", date(2024, 1, 1))
    assert hit.outlet_hint == "example.org"
    found = wayback.parse_cdx(of("wayback_cdx.txt").decode())
    assert len(found.items) == 10
    assert found.next_cursor == "gov,nasa)/ 20220101013953"
    assert found.items[0].url == "https://web.archive.org/web/20220101003924/http://www.nasa.gov/"
    second = wayback.parse_cdx(of("wayback_cdx_404filter.txt").decode())
    assert len(second.items) == 10
    assert second.next_cursor.startswith("gov,nasa)/.%c2%a0")


def test_feeds_as_recorded() -> None:
    names = ("feed_atom.xml", "feed_rss_with_sitemap_ns.xml", "feed_json_npr.json")
    everything = Query()
    provider = Feeds(tuple(f"https://marlby.example/{name}" for name in names))
    get = Strangers([of(name) for name in names])
    atom = provider.search(everything, get=get)
    rss = provider.search(everything, get=get, cursor=atom.next_cursor)
    npr = provider.search(everything, get=get, cursor=rss.next_cursor)
    assert (atom.next_cursor, rss.next_cursor, npr.next_cursor) == ("1", "2", "")
    assert [hit.url for hit in atom.items] == ["http://example.org/2003/12/13/atom03.html"]
    assert atom.items[0].published_on == date(2003, 12, 13)
    assert [hit.url for hit in rss.items] == [
        "https://example.com/lorem/123",
        "https://example.com/lorem/456",
    ]
    assert rss.items[0].published_on == date(2025, 1, 24)
    assert (rss.items[0].lang, rss.items[0].outlet_hint) == ("en-us", "Lorem Ipsum Feed")
    assert len(npr.items) > 5
    assert npr.items[0].outlet_hint == "Technology"
    assert "<" not in npr.items[0].snippet


def test_a_news_sitemap_as_recorded_is_found_through_robots() -> None:
    robots = (
        b"User-agent: *\nSitemap: https://www.example.com/other.xml\n"
        b"sitemap:https://www.example.com/news.xml\nSitemap: nonsense\n"
    )
    get = Strangers([robots, of("sitemap_news.xml"), answer("gone", status=404)])
    found = Sitemaps(("www.example.com",)).search(Query(), get=get)
    (hit,) = found.items
    assert (hit.title, hit.lang) == ("Companies A, B in Merger Talks", "en")
    assert (hit.outlet_hint, hit.published_on) == ("The Example Times", date(2008, 12, 23))
    assert get.asked[1][0] == "https://www.example.com/news.xml"
    assert codes(found) == {"rejected": 1}


def test_claim_reviews_as_recorded() -> None:
    africa = json.loads(of("claimreview/africa_check_raw.jsonld"))
    india = json.loads(of("claimreview/india_today_mixed_ld_json_types.jsonld"))
    feed = {
        "@type": "DataFeed",
        "dataFeedElement": [
            {"@type": "DataFeedItem", "item": [africa, india]},
            {"@type": "DataFeedItem", "dateCreated": "2020-01-01", "item": None},
            africa,
            7,
        ],
    }
    found = claimreview_feed.parse(feed)
    assert [hit.outlet_hint for hit in found.items] == ["Taryn Willows", "India Today"]
    assert found.items[0].published_on == date(2020, 3, 27)
    assert codes(found)["no_entry"] >= 1
    assert len(claimreview_feed.parse(africa).items) == 1
    assert len(claimreview_feed.parse({"@graph": [india]}).items) == 1


# What was asked


def test_bing_is_read_past_its_counter_whatever_its_namespace() -> None:
    feed = """<rss xmlns:News="https://www.bing.com/news/search?q=ferry&amp;format=rss"><channel>
    <item><title>Ferry closed</title><News:Source>Marlby Post</News:Source>
    <link>http://www.bing.com/news/apiclick.aspx?ref=x&amp;tid=1&amp;url=https%3a%2f%2fmarlby.example%2fa%3fb%3d1</link></item>
    <item><title>Again</title>
    <link>http://www.bing.com/news/apiclick.aspx?tid=2&amp;url=https%3A%2F%2Fmarlby.example%2Fa%3Fb%3D1</link></item>
    <item><link>http://www.bing.com/news/apiclick.aspx?tid=3</link></item>
    <item><link>http://www.bing.com/news/apiclick.aspx?url=javascript%3Aalert(1)</link></item>
    </channel></rss>"""
    found = BingNews(enabled=True).search(QUERY, get=Strangers([feed.encode()]))
    assert [hit.url for hit in found.items] == ["https://marlby.example/a?b=1"]
    assert found.items[0].outlet_hint == "Marlby Post"
    assert codes(found) == {"duplicate": 1, "no_address": 2}
    assert unwrapped("https://marlby.example/apiclick?url=https://b.example") == (
        "https://marlby.example/apiclick?url=https://b.example"
    )


def test_keys_go_into_headers_and_never_into_addresses() -> None:
    for provider in (GoogleFactCheck("s3cret"), NewsApi("s3cret"), MediaCloud("s3cret")):
        get = Strangers([b"{}"])
        provider.search(QUERY, get=get)
        url, headers = get.asked[0]
        assert "s3cret" not in url
        assert any("s3cret" in value for value in headers.values())


def test_nothing_but_the_query_leaves_the_house() -> None:
    query = Query("ferry", since=date(2024, 1, 2), until=date(2024, 3, 4), language="de-at")
    sent = {}
    for provider in READY:
        get = Strangers([answer("", status=404)])
        with contextlib.suppress(ProviderError):
            provider.search(query, get=get)
        if get.asked:
            sent[provider.name] = parse_qs(urlsplit(get.asked[0][0]).query)
    assert sent["gdelt"]["query"] == ["ferry sourcelang:german"]
    assert sent["gdelt"]["startdatetime"] == ["20240102000000"]
    assert sent["gdelt"]["enddatetime"] == ["20240304235959"]
    assert sent["google_news"]["q"] == ["ferry after:2024-01-02 before:2024-03-04"]
    assert sent["newsapi"]["from"] == ["2024-01-02"]
    assert sent["google_factcheck"]["languageCode"] == ["de"]
    assert sent["mediacloud"]["q"] == ["(ferry) AND language:de"]
    assert sent["feeds"] == {}


def test_what_a_person_brings_is_taken_as_it_is() -> None:
    urls = ("https://a.example/1", " https://a.example/1#x ", "ftp://b.example/", "nonsense")
    found = ByHand().search(Query(urls=urls), get=Strangers([b""]))
    assert [hit.url for hit in found.items] == ["https://a.example/1"]
    assert codes(found) == {"duplicate": 1, "no_address": 2}


def test_a_provider_without_its_key_says_that_it_is_not_configured() -> None:
    made = {name: build(name) for name in PROVIDERS}
    assert all(name == provider.name for name, provider in made.items())
    unset = {name for name, provider in made.items() if provider.missing}
    assert unset == {
        "feeds", "sitemaps", "searxng", "google_factcheck", "google_news", "bing_news",
        "mediacloud", "newsapi", "claimreview_feed",
    }  # fmt: skip
    assert all(provider.missing.endswith(".") for provider in made.values() if provider.missing)
    assert not any(provider.missing for provider in READY)


class OurOwn(ByHand):
    """A desk's own provider."""


def test_a_desk_adds_a_provider_by_its_path() -> None:
    path = f"{__name__}:OurOwn"
    made = build(path, name="ours", label="Ours")
    assert (made.name, made.label) == ("ours", "Ours")
    for wrong in ("no_such", "no.such:Thing", f"{__name__}:Nothing"):
        with pytest.raises(LookupError):
            build(wrong)
    with pytest.raises(TypeError, match="lacks"):
        build("builtins:dict")
    with pytest.raises(TypeError):
        build("newsapi", kee="k")


# What strangers answer

BAD: list[tuple[bytes | Any, str]] = [
    (b"", "odd_answer"),
    (b"<!DOCTYPE html><html><body>Please accept cookies</body></html>", "odd_answer"),
    (answer("later", status=429, retry_after=120), "rate_limited"),
    (answer("later", status=429), "rate_limited"),
    (answer("who are you", status=401), "denied"),
    (answer("no", status=403), "denied"),
    (answer("no", status=403, retry_after=60), "denied"),
    (answer("oh", status=500), "unavailable"),
    (answer("oh", status=503, retry_after=30), "unavailable"),
    (answer("?", status=400), "rejected"),
    (FetchError("timeout", "It took too long to answer."), "timeout"),
    (FetchError("too_large", "It is too large."), "too_large"),
]


def outcome(provider: Provider, reply: Any) -> Answer | ProviderError:
    try:
        return provider.search(QUERY, get=Strangers([reply]))
    except ProviderError as error:
        return error


@each
@pytest.mark.parametrize(("reply", "code"), BAD, ids=range(len(BAD)))
def test_what_is_no_answer_is_told_in_words(provider: Provider, reply: Any, code: str) -> None:
    found = outcome(provider, reply)
    if isinstance(found, Answer):
        # Places of many hosts go on with the next; an empty text is an empty list of versions.
        assert provider.name in {"feeds", "sitemaps"} or (reply, provider.name) == (
            b"",
            "wayback_cdx",
        )
        assert found.items == ()
        assert found.notices or reply == b""
        return
    web_page = isinstance(reply, bytes) and provider.name == "wayback_cdx"
    assert found.code == ("denied" if web_page else code)
    assert provider.label.split(",")[0].split(" ")[0] in found.message or "checks" in found.message
    if not isinstance(reply, bytes | FetchError):
        assert found.retry_after == reply.retry_after
    assert found.retry == (
        code in {"odd_answer", "rate_limited", "unavailable", "timeout"}
        or found.retry_after is not None
    ) or provider.name in {"google_news", "bing_news", "wayback_cdx"}


ODD_OBJECTS: list[bytes] = [
    b"{}",
    b"[]",
    b"null",
    b"7",
    b'"words"',
    b'{"error": "no"}',
    b'{"status": "error"}',
    b'{"results": null, "articles": null, "claims": null, "stories": null, "query": null}',
    b'{"results": {}, "articles": "x", "claims": 7, "stories": {}, "query": []}',
    (b'{"results": [null, 7, "x", [], {}], "articles": [null, 7, [], {}, {"url": 7}],'
    b' "claims": [null, 7, {}, {"claimReview": 7}, {"claimReview": [null, {}]}],'
    b' "stories": [null, {}, {"url": null}], "dataFeedElement": [null, 7, {"item": [{}]}],'
    b' "query": {"search": [null, {}, {"title": null}]},'
    b' "archived_snapshots": {"closest": {"available": true, "url": 7, "timestamp": 3}}}'),
    b"[[]]",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"results": [' + b"1," * 5000 + b"1]}",
    b"<?xml version='1.0'?><rss><channel></channel></rss>",
    b"<rss><channel><item></item><item><link>ftp://x</link></item></channel></rss>",
    b"<rss><channel><item><link>/relative</link><pubDate>Mon, 99 Foo 2024</pubDate></item>",
    b"<feed><entry><link href='javascript:alert(1)'/></entry><entry><id>x</id></entry></feed>",
    (b"<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
    b"<!ENTITY c SYSTEM 'file:///etc/passwd'>]><rss><channel><item><title>&b;&c;</title>"
    b"<link>https://marlby.example/a</link></item></channel></rss>"),
    b"\x1f\x8b\x08broken",
    b"\xff\xfe\x00\x01",
    b"a b c\n\n\nkey",
    b"x y z http://m.example/ text/html 200 D 1\n\n%%%zz",
]  # fmt: skip


@each
@pytest.mark.parametrize("body", ODD_OBJECTS, ids=range(len(ODD_OBJECTS)))
def test_no_answer_breaks_a_provider(provider: Provider, body: bytes) -> None:
    found = outcome(provider, body)
    if isinstance(found, ProviderError):
        assert found.message.endswith((".", "…")) or ":" in found.message
    else:
        assert all(hit.url.startswith(("http://", "https://")) for hit in found.items)
        stored = json.dumps([asdict(hit) for hit in found.items], default=str, allow_nan=False)
        assert "root:" not in stored


KEYS = (
    "url title results articles claims claimReview query search text stories publisher name "
    "source date seendate dataFeedElement item @type archived_snapshots closest nextPageToken "
    "continue sroffset language"
).split()
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(value=json_values)
def test_no_json_breaks_a_parser(value: Any) -> None:
    data = value if isinstance(value, dict) else {"results": value, "articles": value,
        "claims": value, "stories": value, "query": {"search": value},
        "dataFeedElement": value, "archived_snapshots": {"closest": value}}  # fmt: skip
    for parse in (
        gdelt.parse, searxng.parse, google_factcheck.parse, mediacloud.parse,
        claimreview_feed.parse, wayback.parse_available,
        lambda d: wikipedia.parse(d, language="en"),
        newsapi.parse, lambda d: google_news.parse({"entries": d.get("results") or []}),
        lambda d: bing_news.parse({"entries": d.get("results") or []}),
    ):  # fmt: skip
        try:
            found = parse(data)
        except ProviderError:
            continue
        json.dumps([asdict(hit) for hit in found.items], default=str, allow_nan=False)


@settings(max_examples=80, deadline=None)
@given(text=st.text(max_size=200))
def test_no_text_breaks_the_reader_of_versions(text: str) -> None:
    with contextlib.suppress(ProviderError):
        wayback.parse_cdx(text)


def test_one_bad_entry_costs_that_entry_and_is_counted() -> None:
    good = {"url": "https://marlby.example/a", "title": "Ferry", "seendate": "20240615T123000Z"}
    entries = [good, None, {"url": None}, {"url": "ftp://x"}, "text", good, {**good, "url":
               "http://www.marlby.example/a/"}, {**good, "url": "https://marlby.example/b",
               "seendate": 7}]  # fmt: skip
    found = gdelt.parse({"articles": entries})
    assert [hit.url[-1] for hit in found.items] == ["a", "b"]
    assert found.items[1].published_on is None
    assert codes(found) == {"no_entry": 2, "no_address": 2, "duplicate": 2}
    assert all(f"{notice.count} " in notice.message for notice in found.notices)


junk = (
    st.none()
    | st.integers()
    | st.text(max_size=5)
    | st.lists(st.none(), max_size=2)
    | st.fixed_dictionaries(
        {
            "url": st.none()
            | st.sampled_from(["", "x", "ftp://a.example/", "http://", "http://[/"])
        },
        optional={"title": st.integers(), "seendate": st.just("20269931T256161Z")},
    )
)


@settings(max_examples=60, deadline=None)
@given(
    many=st.integers(0, 4),
    bad=st.lists(junk, max_size=6),
    order=st.randoms(use_true_random=False),
    odd=st.fixed_dictionaries({}, optional={"title": junk, "seendate": junk, "language": junk,
        "publishedAt": junk, "publish_date": junk, "publishedDate": junk, "source": junk}),
)  # fmt: skip
def test_among_any_nonsense_each_good_entry_is_kept_and_each_bad_one_counted(
    many: int, bad: list[Any], order: Any, odd: dict[str, Any]
) -> None:
    good = [f"https://marlby.example/{number}" for number in range(many)]
    entries: list[Any] = [*({"url": url, **odd} for url in good), *bad]
    order.shuffle(entries)
    for parse, key in (
        (gdelt.parse, "articles"), (newsapi.parse, "articles"),
        (searxng.parse, "results"), (mediacloud.parse, "stories"),
    ):  # fmt: skip
        found = parse({"status": "ok", key: entries})
        assert {hit.url for hit in found.items} == set(good)
        counted = sum(notice.count for notice in found.notices)
        assert len(found.items) + counted == len(entries), (parse, found.notices)


def test_a_broken_file_of_checks_does_not_stop_the_next() -> None:
    urls = ("https://data.example/a.json", "https://data.example/b.json")
    provider = claimreview_feed.ClaimReviewFeed(urls=urls)
    get = Strangers([answer("no", status=500), b'{"dataFeedElement": []}'])
    first = provider.search(QUERY, get=get)
    assert (first.next_cursor, [notice.code for notice in first.notices]) == ("1", ["unavailable"])
    assert provider.search(QUERY, get=get, cursor="1") == Answer()


def test_stray_backslashes_are_mended_and_good_ones_left() -> None:
    assert loads(r'{"title": "Don\'t \x \u12 C:\\dir \"q\" \n \u00e9"}') == {
        "title": 'Don\\\'t \\x \\u12 C:\\dir "q" \n é'
    }
    found = Gdelt().search(
        QUERY,
        get=Strangers([rb'{"articles": [{"url": "https://m.example/a", "title": "it\'s"}]}']),
    )
    assert found.items[0].title == "it\\'s"


def test_gdelt_speaks_plainly_when_it_refuses() -> None:
    for text, code, retry in [
        ("Your search was too short.", "rejected", False),
        ("Please limit requests to one every 5 seconds.", "rate_limited", True),
    ]:
        with pytest.raises(ProviderError) as caught:
            Gdelt().search(QUERY, get=Strangers([text.encode()]))
        assert (caught.value.code, caught.value.retry) == (code, retry)
        assert text.rstrip(".") in caught.value.message


def test_gdelt_goes_backwards_in_time_and_ends() -> None:
    full = {"articles": [{"url": f"https://m.example/{n}", "seendate": "20240615T123000Z"}
                         for n in range(250)]}  # fmt: skip
    get = Strangers([json.dumps(full).encode()])
    first = Gdelt().search(QUERY, get=get)
    assert first.next_cursor == "20240615123000"
    second = Gdelt().search(QUERY, get=get, cursor=first.next_cursor)
    assert second.next_cursor == "20240615122959"
    third = Gdelt().search(QUERY, get=get, cursor=second.next_cursor)
    assert third.next_cursor == ""
    assert "enddatetime=20240615122959" in get.asked[2][0]


def test_wikipedias_errors_come_with_status_200() -> None:
    for code, retry in [("maxlag", True), ("ratelimited", True), ("badvalue", False)]:
        body = json.dumps({"error": {"code": code, "info": "words"}}).encode()
        with pytest.raises(ProviderError) as caught:
            Wikipedia().search(QUERY, get=Strangers([body]))
        assert caught.value.retry == retry


def test_newsapi_tells_errors_apart_and_leaves_out_what_was_withdrawn() -> None:
    for status, code, expected in [
        (401, "apiKeyInvalid", "denied"),
        (429, "rateLimited", "rate_limited"),
        (426, "maximumResultsReached", "rejected"),
        (500, "unexpectedError", "unavailable"),
    ]:
        body = json.dumps({"status": "error", "code": code, "message": "words"})
        with pytest.raises(ProviderError) as caught:
            NewsApi("k").search(QUERY, get=Strangers([answer(body, status=status)]))
        assert caught.value.code == expected
    gone = {"title": "[Removed]", "url": "https://removed.com"}
    assert codes(newsapi.parse({"articles": [gone]})) == {"withdrawn": 1}


def test_searxng_tells_which_engines_were_silent_and_what_to_set() -> None:
    data = {"results": [], "unresponsive_engines": [["bing", "timeout"], "x", 7]}
    assert len(searxng.parse(data).notices) == 3
    with pytest.raises(ProviderError, match=r"search\.formats"):
        SearXNG("https://s.example").search(QUERY, get=Strangers([answer("", status=403)]))


def test_versions_are_read_as_json_too_and_repeated_rows_once() -> None:
    row = ["a", "20240101000000", "http://m.example/", "text/html", "200", "D", "-"]
    rows = [["urlkey", "timestamp"], row, row, [*row[:1], "20249901000000", *row[2:]], [1], [],
            ["key%20x"]]  # fmt: skip
    found = wayback.parse_cdx(json.dumps(rows))
    assert len(found.items) == 1
    assert codes(found) == {"duplicate": 1, "no_entry": 2}
    assert found.next_cursor == "key x"
    with pytest.raises(ProviderError):
        wayback.parse_cdx("org.archive.util.io.RuntimeIOException: Blocked Site Error")


def test_a_page_token_that_never_ends_is_held_by_the_page_cap() -> None:
    endless = json.dumps({"claims": [], "nextPageToken": "same"}).encode()
    provider = GoogleFactCheck("k")
    assert provider.search(QUERY, get=Strangers([endless]), cursor="same").next_cursor == ""
    assert all(0 < provider.pages <= 200 for provider in READY)


def test_a_failing_feed_does_not_stop_the_next() -> None:
    provider = Feeds(("https://a.example/f", "https://b.example/f"))
    get = Strangers([answer("no", status=500), of("feed_atom.xml")])
    first = provider.search(Query(), get=get)
    assert (codes(first), first.next_cursor) == ({"unavailable": 1}, "1")
    assert "a.example" in first.notices[0].message
    assert len(provider.search(Query(), get=get, cursor="1").items) == 1


def test_a_feed_is_searched_for_the_words_of_the_query() -> None:
    feed = b"""junk before <?xml version="1.0"?><rss><channel><title>Marlby Post</title>
      <item><title>Ferry to Marlby closed &amp; sold</title><link>https://m.example/1</link></item>
      <item><title>Cats & dogs</title><link>https://m.example/2</link></item></channel></rss>"""
    found = Feeds(("https://m.example/f",)).search(Query("Marlby ferry"), get=Strangers([feed]))
    assert [hit.title for hit in found.items] == ["Ferry to Marlby closed & sold"]
    assert found.notices == ()


def test_an_index_of_sitemaps_is_opened_once_and_news_come_first() -> None:
    index = (
        b"<sitemapindex><sitemap><loc>https://m.example/old.xml</loc></sitemap><sitemap>"
        b"<loc>https://m.example/news-1.xml</loc></sitemap></sitemapindex>"
    )
    get = Strangers([b"Sitemap: https://m.example/i.xml", index, index])
    Sitemaps(("m.example",)).search(Query(), get=get)
    asked = [url for url, _ in get.asked]
    assert asked[2] == "https://m.example/news-1.xml"
    assert len(asked) <= 7


# What is kept


def test_words_are_kept_without_markup_and_days_only_when_they_are_clear() -> None:
    assert words_of("<b>A</b> &amp; B\x00\ud800\n c") == "A & B c"
    assert words_of(7) == ""
    assert len(words_of("x" * 5000)) == 400
    assert day_of("Fri, 01 Mar 2024 23:59:00 -0800") == (
        "Fri, 01 Mar 2024 23:59:00 -0800",
        date(2024, 3, 1),
    )
    for impossible in ("2024-02-30", "0001-01-01", "2999-01-01", "soon", "99999999", "1/2/2024"):
        assert day_of(impossible) == (impossible, None)
    assert day_of({}) == ("", None)
    assert (language_of("en_US"), language_of("English"), language_of(7)) == ("en-us", "", "")


def test_what_came_raw_can_be_stored() -> None:
    deep: Any = "end"
    for _ in range(50):
        deep = {"in": deep}
    odd: dict[Any, Any] = {
        "a": "x\x00\ud800",
        "n": float("nan"),
        "i": 10**40,
        "deep": deep,
        "long": "y" * 9999,
        "many": list(range(999)),
        7: object(),
    }
    kept = raw_of(odd)
    text = json.dumps(kept, allow_nan=False).encode()
    assert len(text) < 20_000
    assert b"\\u0000" not in text
    assert b"ud800" not in text


def test_a_hit_is_about_a_question_when_it_answers_one_of_its_searches() -> None:
    hit = Hit(url="https://m.example/1", title="Ferry to Marlby closed in 2024")
    assert is_about(hit, Query("Marlby ferry closed", language="en"))
    assert is_about(hit, Query(""))
    assert is_about(hit, Query("the ferry", language="en"))
    assert not is_about(hit, Query("Orrel bridge closed tomorrow", language="en"))
    assert is_about(hit, Query("Orrel bridge closed tomorrow\nMarlby ferry", language="en"))


@pytest.mark.parametrize(
    ("language", "claim", "about", "other"),
    [
        ("en", "A mast in Marlby killed 300 starlings, a viral video claims.",
         "Did masts kill starlings in Marlby? No", "Marlby bin strike enters third month"),
        ("es", "El precio del aceite de Quelada subió un 112 % desde 2021.",
         "El aceite de Quelada se encarece un 112% desde 2021", "Quelada celebra su feria"),
        ("fr", "L’Ostal indique que le taux de chômage a baissé de 0,2 point à 7,3 % en 2024.",
         "Le chômage recule à 7,3 % fin 2024, selon l’Ostal", "L’Ostal publie ses prévisions"),
        ("de", "In Marlstadt wurden in der Silvesternacht 38 Polizisten verletzt.",
         "Silvesternacht: 38 verletzte Polizisten in Marlstadt", "Marlstadt plant Radwege"),
        ("ar", "ارتفعت أسعار الخبز في مرلبة بنسبة ٢٥٪ خلال عام ٢٠٢٣",
         "مرلبة: ارتفاع أسعار الخبز 25 في المئة في 2023", "مرلبة تستضيف القمة"),
        ("he", "שיעור האבטלה במרלבי עלה ל-4.1% ברבעון השני של 2024.",
         "האבטלה במרלבי עלתה ל-4.1% ברבעון השני", "מרלבי: מדד המחירים ירד"),
        ("tr", "Marlbı'da yıllık enflasyon Haziran ayında yüzde 71,60 oldu.",
         "Marlbı: Yıllık enflasyon haziranda yüzde 71,60", "Marlbı nüfus verilerini açıkladı"),
        ("ru", "В Марлбове в результате удара погибли 43 человека, сообщил мэр Орлов.",
         "Удар по Марлбову: 43 погибших", "Орлов рассказал о ремонте метро в Марлбове"),
    ],
)  # fmt: skip
def test_headlines_are_found_in_the_forms_their_languages_write(
    language: str, claim: str, about: str, other: str
) -> None:
    words = "\n".join(query.text for query in queries.build(claim, language=language))
    asked = Query(words, language=language)
    assert is_about(Hit("https://m.example/1", about), asked)
    assert not is_about(Hit("https://m.example/2", other), asked)


def test_gathering_takes_nothing_for_an_empty_list() -> None:
    assert gather(None, lambda entry: Hit(**entry)) == Answer()
    assert codes(gather({}, lambda entry: Hit(**entry))) == {"odd_answer": 1}
