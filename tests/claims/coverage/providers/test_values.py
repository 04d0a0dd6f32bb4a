"""What providers read is what a person would read: the right date, title, outlet and language."""

import json
from datetime import date
from typing import Any

import pytest

from claims.coverage.providers import claimreview_feed, feeds, wayback
from claims.coverage.providers.base import (
    Answer,
    Hit,
    Provider,
    ProviderError,
    Query,
    ask_json,
    day_of,
    gather,
    language_of,
    words_of,
)
from claims.coverage.providers.bing_news import BingNews
from claims.coverage.providers.claimreview_feed import ClaimReviewFeed
from claims.coverage.providers.feeds import Feeds
from claims.coverage.providers.gdelt import Gdelt
from claims.coverage.providers.google_factcheck import GoogleFactCheck
from claims.coverage.providers.google_news import GoogleNews
from claims.coverage.providers.mediacloud import MediaCloud
from claims.coverage.providers.newsapi import NewsApi
from claims.coverage.providers.searxng import SearXNG
from claims.coverage.providers.sitemaps import Sitemaps
from claims.coverage.providers.wayback import WaybackAvailability, WaybackCdx
from claims.coverage.providers.wikipedia import Wikipedia
from claims.web.feed import read_feed
from tests.claims.coverage.providers.strangers import Strangers, answer

FOURTH = date(2025, 6, 4)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("mer., 04 juin 2025 10:00:00 +0200", FOURTH),
        ("Mié, 04 Jun 2025 12:00:00 GMT", FOURTH),
        ("Ср, 04 Июн 2025 10:00:00 +0300", FOURTH),
        ("Çar, 04 Haz 2025 10:00:00 +0300", FOURTH),
        ("Wednesday, 04-Jun-25 10:00:00 GMT", FOURTH),
        ("04-Jun-2025", FOURTH),
        ("Wed Jun  4 10:00:00 2025", FOURTH),
        ("Wed Jun 04 10:00:00 +0000 2025", FOURTH),
        ("20250604T101500Z", FOURTH),
        ("٤ يونيو ٢٠٢٥", FOURTH),
        ("05 Ago 2025", date(2025, 8, 5)),
        ("4 juil. 2025", date(2025, 7, 4)),
        ("Sat, 01 Jan 0001 00:00:00 +0000", None),
        ("Mon, 31 Feb 2025 10:00:00 GMT", None),
        ("31 Nisan 2025", None),
        ("1717488000", None),
        ("04/06/2025", None),
        ("0000-00-00", None),
    ],
)
def test_a_date_is_the_day_that_is_written_or_none(written: str, day: date | None) -> None:
    assert day_of(written)[1] == day


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Profit < 5% and > 3%", "Profit < 5% and > 3%"),
        ("Sch<b>ul</b>e <span class='searchmatch'>Marlby</span>'s", "Schule Marlby's"),
        ("one<br>two<p>three</p><!-- four -->", "one two three"),
        ("&lt;b&gt;AT&amp;T&nbsp;cuts", "<b>AT&T cuts"),
        ("told \u202edlot\u202c\0 \ud800so", "told dlot so"),
    ],
)
def test_a_title_is_read_as_its_readers_see_it(written: str, read: str) -> None:
    assert words_of(written) == read


@pytest.mark.parametrize(
    ("said", "tag"),
    [("iw", "he"), ("zh-Hans-CN", "zh-hans"), ("sr_Latn_RS", "sr-latn"), ("English", "")],
)
def test_a_language_is_a_tag_of_today(said: str, tag: str) -> None:
    assert language_of(said) == tag


def test_an_endless_number_costs_nothing_beside_it() -> None:
    body = b'{"results": [{"url": "https://a.example/1", "score": ' + b"9" * 6000 + b"}]}"
    assert ask_json(Strangers([body]), "https://s.example/", label="S")["results"][0]["url"]


def test_losses_of_many_lists_are_added_up() -> None:
    found = claimreview_feed.parse({"dataFeedElement": [7, None, {"item": [{}]}, "x"]})
    assert [(one.code, one.count) for one in found.notices] == [("no_entry", 4)]


def test_an_answer_without_measure_is_read_up_to_the_most() -> None:
    entries = [{"url": f"https://a.example/{number}"} for number in range(2_300)]
    found = gather(entries, lambda entry: Hit(entry["url"]))
    assert len(found.items) == 2_000
    assert [(one.code, one.count) for one in found.notices] == [("too_many", 300)]


@pytest.mark.parametrize("body", [b'{"articles": [{"url": "https://a.exa', b"[1, 2"])
def test_an_answer_that_was_cut_short_is_asked_for_again(body: bytes) -> None:
    with pytest.raises(ProviderError) as told:
        ask_json(Strangers([body]), "https://s.example/", label="S")
    assert (told.value.code, told.value.retry) == ("odd_answer", True)


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Sammler</title><entry>
<source><id>tag:x</id><title>Marlbyer Bote</title><link href="https://bote.example/"/>
<updated>2001-01-01T00:00:00Z</updated></source>
<title type="html">Br&amp;uuml;cke &lt;i&gt;zu&lt;/i&gt;</title>
<link rel="self" href="https://sammler.example/1.atom"/><link href="/bruecke"/>
<published>2025-06-04T01:00:00+02:00</published><updated>2025-06-05T00:00:00Z</updated>
<id>urn:1</id></entry><entry><id>urn:2</id><title>Ohne Adresse</title></entry></feed>"""
RSS = """<rss xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Post</title><dc:language>tr</dc:language><item>
<media:group><media:title>A photograph</media:title></media:group>
<media:title>A picture</media:title><media:description>Of it</media:description>
<title>Köprü kapandı</title><description>Neden?</description><link>https://post.example/k</link>
<pubDate>Çar, 04 Haz 2025 10:00:00 +0300</pubDate></item></channel></rss>"""
SITEMAP = """<urlset xmlns:news="n" xmlns:xhtml="x"><url>
<xhtml:link rel="alternate" hreflang="fr" href="https://paper.example/fr/pont"/>
<loc>https://paper.example/bridge</loc>
<xhtml:link rel="alternate" hreflang="de" href="https://paper.example/de/bruecke"/>
<news:news><news:publication><news:name>The Paper</news:name><news:language>en</news:language>
</news:publication><news:publication_date>2025-06-04</news:publication_date>
<news:title>Bridge</news:title></news:news></url></urlset>"""


def read(body: str, base: str) -> Answer:
    return feeds.parse(read_feed(body.encode()), base=base)


def test_an_entry_of_atom_is_told_from_the_feed_it_was_taken_from() -> None:
    found = read(ATOM, "https://sammler.example/feed")
    (hit,) = found.items
    assert (hit.url, hit.title) == ("https://sammler.example/bruecke", "Brücke zu")
    assert (hit.outlet_hint, hit.published_on, hit.lang) == ("Marlbyer Bote", FOURTH, "de")
    assert [(one.code, one.count) for one in found.notices] == [("no_address", 1)]


def test_the_title_of_an_entry_is_not_that_of_its_picture() -> None:
    (hit,) = read(RSS, "https://post.example/rss").items
    assert (hit.title, hit.snippet, hit.lang) == ("Köprü kapandı", "Neden?", "tr")
    assert hit.published_on == FOURTH


def test_other_languages_of_a_page_in_a_sitemap_are_not_its_address() -> None:
    (hit,) = read(SITEMAP, "https://paper.example/sitemap.xml").items
    assert (hit.url, hit.title, hit.lang) == ("https://paper.example/bridge", "Bridge", "en")


def test_a_sitemap_named_by_its_path_alone_is_found() -> None:
    get = Strangers([b"\xef\xbb\xbfSitemap: /news.xml\n", SITEMAP.encode()])
    found = Sitemaps(("paper.example",)).search(Query(), get=get)
    assert get.asked[1][0] == "https://paper.example/news.xml"
    assert len(found.items) == 1


@pytest.mark.parametrize(
    ("language", "wikipedia", "edition", "market"),
    [
        ("en", "en", "US:en", "en-US"),
        ("es", "es", "ES:es", "es-ES"),
        ("he", "he", "IL:he", "he-IL"),
        ("ru-ru", "ru", "RU:ru", "ru-RU"),
        ("nb", "no", "NO:no", "no-NO"),
        ("", "en", "US:en", "en-US"),
        ("und", "en", "US:en", "en-US"),
    ],
)
def test_services_are_asked_in_the_edition_of_the_language(
    language: str, wikipedia: str, edition: str, market: str
) -> None:
    get = Strangers([b"{}", b"<rss><channel/></rss>"])
    query = Query("ferry", language=language)
    Wikipedia().search(query, get=get)
    GoogleNews(enabled=True).search(query, get=get)
    BingNews(enabled=True).search(query, get=get)
    wiki, google, bing = (url for url, _ in get.asked)
    assert f"https://{wikipedia}.wikipedia.org/" in wiki
    assert f"ceid={edition.replace(':', '%3A')}" in google
    assert f"mkt={market}" in bing


def test_gdelt_is_asked_in_english_for_every_language() -> None:
    get = Strangers([b"{}"])
    Gdelt().search(Query("ferry", language="en"), get=get)
    Gdelt().search(Query("ferry", language="tr"), get=get)
    english, turkish = (url for url, _ in get.asked)
    assert "sourcelang" not in english
    assert "sourcelang%3Aturkish" in turkish


def test_all_versions_of_every_page_are_asked_for_in_turn() -> None:
    row = "example,a)/ 20240101000000 http://{}.example/ text/html 200 D 1"
    get = Strangers([(row.format("a") + "\n\nkey+1").encode(), b"", row.format("b").encode()])
    query = Query(urls=("https://a.example/", "https://b.example/"))
    cursor, found = "", []
    for _ in range(3):
        page = WaybackCdx().search(query, get=get, cursor=cursor)
        found += [hit.outlet_hint for hit in page.items]
        cursor = page.next_cursor
    assert (found, cursor) == (["a.example", "b.example"], "")
    assert "resumeKey=key+1" in get.asked[1][0]


def test_the_fields_of_versions_are_those_that_are_named() -> None:
    rows = [
        ["urlkey", "original", "timestamp", "statuscode"],
        ["a", "http://a.example/", "20250604000000", "200"],
    ]
    (hit,) = wayback.parse_cdx(json.dumps(rows)).items
    assert (hit.url[-17:], hit.published_on) == ("http://a.example/", FOURTH)


def test_a_page_that_was_kept_as_missing_is_no_snapshot() -> None:
    closest: dict[str, Any] = {
        "available": True, "url": "http://web.archive.org/web/20250604/http://a.example/",
        "timestamp": "20250604000000", "status": "404",
    }  # fmt: skip
    body = json.dumps({"archived_snapshots": {"closest": closest}}).encode()
    query = Query(urls=("http://a.example/",))
    found = WaybackAvailability().search(query, get=Strangers([body]))
    assert (found.items, [one.count for one in found.notices]) == ((), [1])


def test_google_says_why_it_refuses() -> None:
    body = {"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT"}}
    get = Strangers([answer(json.dumps(body), status=400)])
    with pytest.raises(ProviderError, match="API key not valid") as told:
        GoogleFactCheck("key").search(Query("ferry"), get=get)
    assert told.value.code == "denied"


def test_a_feed_that_moved_names_pages_of_where_it_is_now() -> None:
    moved = answer("<rss><channel><item><link>/a</link></item></channel></rss>")
    moved = type(moved)(**{**{f: getattr(moved, f) for f in moved.__slots__},
                           "final": "https://new.example/feed"})  # fmt: skip
    found = Feeds(("https://old.example/feed",)).search(Query(), get=Strangers([moved]))
    assert [hit.url for hit in found.items] == ["https://new.example/a"]


@pytest.mark.parametrize(
    ("counted", "page"),
    [
        ("https://www.google.com/url?rct=j&sa=t&url=https://a.example/1%3Fb%3D2&ct=ga&cd=X",
         "https://a.example/1?b=2"),
        ("https://www.google.de/url?q=https%3A%2F%2Fa.example%2F1&sa=U", "https://a.example/1"),
        ("https://www.bing.com/news/apiclick.aspx?tid=7&url=https%3a%2f%2fa.example%2f1",
         "https://a.example/1"),
        ("https://notbing.com/apiclick?url=https://a.example/1",
         "https://notbing.com/apiclick?url=https://a.example/1"),
        ("https://a.example/url?url=https://b.example/", "https://a.example/url?url=https://b.example/"),
    ],
)  # fmt: skip
def test_a_page_is_known_by_its_own_address_and_not_by_a_counters(counted: str, page: str) -> None:
    item = f"<item><title>x</title><link>{counted.replace('&', '&amp;')}</link></item>"
    found = read(f"<rss><channel>{item}</channel></rss>", "https://feed.example/")
    assert [hit.url for hit in found.items] == [page]


LISTED: list[tuple[Provider, str]] = [
    (SearXNG("https://search.example"), "results"),
    (MediaCloud("token"), "stories"),
    (NewsApi("key"), "articles"),
    (Wikipedia(), "query"),
    (ClaimReviewFeed(("https://checks.example/feed.json",)), "dataFeedElement"),
    (WaybackAvailability(), "archived_snapshots"),
]
ASKED = Query(words="ferry", language="en", urls=("https://marlby.example/a",))
BARE = '{"batchcomplete": true, "totalResults": 3}'


@pytest.mark.parametrize(("provider", "name"), LISTED, ids=[one.name for one, _ in LISTED])
@pytest.mark.parametrize("body", ["{}", BARE])
def test_an_answer_that_lacks_its_list_is_not_taken_for_an_empty_one(
    provider: Provider, name: str, body: str
) -> None:
    found = provider.search(ASKED, get=Strangers([answer(body)]))
    assert found.items == ()
    assert [one.code for one in found.notices] == ["odd_answer"], name


@pytest.mark.parametrize("held", ['"none"', "7", "true"])
@pytest.mark.parametrize("name", ["dataFeedElement", "@graph", "item"])
def test_a_feed_that_holds_a_word_where_reviews_should_be_is_odd(name: str, held: str) -> None:
    feed = ClaimReviewFeed(("https://checks.example/feed.json",))
    found = feed.search(ASKED, get=Strangers([answer(f'{{"{name}": {held}}}')]))
    assert [one.code for one in found.notices] == ["odd_answer"]


@pytest.mark.parametrize("provider", [GoogleFactCheck("key"), Gdelt()])
def test_where_an_empty_object_means_that_nothing_was_found_it_is_no_loss(
    provider: Provider,
) -> None:
    assert provider.search(ASKED, get=Strangers([b"{}"])) == Answer()
    odd = provider.search(ASKED, get=Strangers([b'{"anything": 1}']))
    assert [one.code for one in odd.notices] == ["odd_answer"]


REFUSALS: list[dict[str, Any]] = [
    {"error": "The query is too short."},
    {"error": {"code": 7, "message": "The query is too short."}},
    {"errors": [{"message": "The query is too short."}]},
    {"status": "error", "note": "The query is too short."},
    {"detail": "The query is too short."},
]


@pytest.mark.parametrize("said", REFUSALS)
@pytest.mark.parametrize("provider", [one for one, _ in LISTED] + [GoogleFactCheck("k"), Gdelt()])
def test_a_refusal_with_status_200_is_told_in_its_own_words(
    provider: Provider, said: dict[str, Any]
) -> None:
    with pytest.raises(ProviderError, match=r"The query is too short\.") as told:
        provider.search(ASKED, get=Strangers([answer(json.dumps(said))]))
    assert told.value.code in {"rejected", "denied"}


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        '{"code": 503, "message": "Out of order"}',
        '{"status": "error", "code": "somethingNew", "message": "Out of order"}',
        '{"status": "error", "code": "unexpectedError", "message": "Out of order"}',
        '{"error": {"code": 503, "message": "Out of order", "status": "UNAVAILABLE"}}',
    ],
)
@pytest.mark.parametrize(("status", "code"), [(429, "rate_limited"), (503, "unavailable")])
@pytest.mark.parametrize("provider", [NewsApi("key"), GoogleFactCheck("key"), MediaCloud("t")])
def test_the_status_of_an_error_says_whether_to_come_back_whatever_the_body_says(
    provider: Provider, status: int, code: str, body: str
) -> None:
    reply = answer(body, status=status, retry_after=9)
    with pytest.raises(ProviderError) as told:
        provider.search(ASKED, get=Strangers([reply]))
    assert (told.value.retry, told.value.retry_after) == (True, 9)
    assert told.value.code in {code, "unavailable"}


@pytest.mark.parametrize(
    ("error", "code", "retry"),
    [
        ({"message": "Quota exceeded", "status": "RESOURCE_EXHAUSTED"}, "rate_limited", True),
        (
            {"message": "Rate Limit Exceeded", "errors": [{"reason": "rateLimitExceeded"}]},
            "rate_limited",
            True,
        ),
        ({"message": "The API is disabled.", "status": "PERMISSION_DENIED"}, "denied", False),
        ({"message": 7, "status": ["PERMISSION_DENIED"], "errors": [7]}, "denied", False),
    ],
)
def test_google_tells_apart_who_may_not_ask_and_who_asked_too_often(
    error: dict[str, Any], code: str, *, retry: bool
) -> None:
    reply = answer(json.dumps({"error": {"code": 403, **error}}), status=403)
    with pytest.raises(ProviderError) as told:
        GoogleFactCheck("k").search(ASKED, get=Strangers([reply]))
    assert (told.value.code, told.value.retry) == (code, retry)


REVIEW = {
    "@type": "ClaimReview",
    "url": "https://checks.example/1",
    "claimReviewed": "The ferry stopped.",
    "datePublished": "2025-06-04",
}


@pytest.mark.parametrize(
    "body",
    [
        [REVIEW],
        [[REVIEW]],
        {"@graph": REVIEW},
        {"@type": "DataFeed", "dataFeedElement": {"@type": "DataFeedItem", "item": REVIEW}},
        {"@graph": [{"@type": "DataFeed", "dataFeedElement": [{"item": [REVIEW]}]}]},
        {"dataFeedElement": [{"item": {"@graph": [REVIEW]}}]},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": REVIEW}]},
        {**REVIEW, "@type": ["Article", "schema:ClaimReview"]},
        {**REVIEW, "url": {"@id": "https://checks.example/1"}},
        {**REVIEW, "url": ["https://checks.example/1"]},
        {**REVIEW, "url": "", "mainEntityOfPage": {"@type": "WebPage", "@id": REVIEW["url"]}},
        {**REVIEW, "url": None, "@id": REVIEW["url"]},
    ],
    ids=range(12),
)
def test_a_review_is_found_however_its_feed_nests_it(body: Any) -> None:
    provider = ClaimReviewFeed(("https://checks.example/feed.json",))
    found = provider.search(
        Query(words="ferry stopped"), get=Strangers([answer(json.dumps(body))])
    )
    assert [(hit.url, hit.published_on) for hit in found.items] == [(REVIEW["url"], FOURTH)]
    assert found.notices == ()


def test_a_feed_of_reviews_nested_without_end_costs_itself_alone() -> None:
    deep: Any = REVIEW
    for _ in range(200):
        deep = {"item": [deep]}
    found = claimreview_feed.parse({"dataFeedElement": [deep, {"item": REVIEW}, "words", [7]]})
    assert [hit.url for hit in found.items] == [REVIEW["url"]]
    assert sum(one.count for one in found.notices) == 3


@pytest.mark.parametrize("text", ["Temporarily Offline", "null", '{"error": "x"}', "Not today."])
def test_an_index_of_versions_that_speaks_in_words_is_heard(text: str) -> None:
    with pytest.raises(ProviderError) as told:
        wayback.parse_cdx(text)
    assert told.value.code in {"rejected", "odd_answer"}
