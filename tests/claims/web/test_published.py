"""The day of a page is its article's, not that of what stands around it."""

import json
from datetime import date
from typing import Any

import pytest

from claims.web.page import Page, read
from tests.claims.web import pages

WORDS = "".join(
    f"<p>The council of Tarn met {number} times to speak of the weir, and of much else.</p>"
    for number in range(20, 40)
)


def page(body: str = "", *, head: str = "", url: str = "https://www.tarn.example/weir") -> Page:
    text = (
        f"<!doctype html><html><head><title>Weir closes</title>{head}</head>"
        f"<body><main><article><h1>Weir closes</h1>{body}{WORDS}</article></main></body></html>"
    )
    return read(text.encode(), url=url, media_type="text/html", charset="utf-8")


OWN = {"@type": "NewsArticle", "headline": "Weir closes", "datePublished": "2024-03-04"}


def ld(*nodes: dict[str, Any]) -> str:
    return f'<script type="application/ld+json">{json.dumps(nodes)}</script>'


def card(day: str = "2022-05-06", **more: Any) -> dict[str, Any]:
    return {"@type": "NewsArticle", "headline": "Another story", "datePublished": day} | more


@pytest.mark.parametrize(
    "body",
    [
        (
            "<time datetime='2024-03-09'>Updated: 9 March</time>"
            "<time datetime='2024-03-04'>4 March</time>"
        ),
        (
            "<div>Updated <time datetime='2024-03-09'>9 March</time> · Published"
            " <time datetime='2024-03-04'>4 March</time></div>"
        ),
        "<div class='date'>Aktualisiert: 9.3.2024</div><div class='date'>Erstellt: 4.3.2024</div>",
        "<div class='date'>Mis à jour le 9 mars 2024, publié le 4 mars 2024</div>",
        "<div class='date'>Publié le 4 mars 2024, mis à jour le 9 mars 2024</div>",
        "<div class='date'>Обновлено 9 марта 2024</div><div class='date'>4 марта 2024</div>",
        "<div class='current-date'>9 March 2024</div><p class='published'>4 March 2024</p>",
        (
            "<a href='/o'>Another story of today <time datetime='2022-05-06'>6 May</time></a>"
            "<p><time datetime='2024-03-04'>4 March</time></p>"
        ),
    ],
)
def test_the_day_of_a_change_or_of_another_article_is_not_the_pages(body: str) -> None:
    found = page(body)
    assert (str(found.published_on), found.date_source) == ("2024-03-04", "time element")


@pytest.mark.parametrize(
    "nodes",
    [
        [{"@type": "ItemList", "itemListElement": [card()]}, OWN],
        [card(), OWN],
        [OWN | {"datePublished": "1709546400"}],
        [OWN | {"datePublished": 1709546400000}],
        [{"@type": "VideoObject", "datePublished": "2021-01-02"}, card("2024-03-04")],
    ],
)  # fmt: skip
def test_of_several_declared_articles_the_one_with_the_pages_title_counts(
    nodes: list[dict[str, Any]],
) -> None:
    found = page(head=ld(*nodes))
    assert (str(found.published_on), found.date_source) == ("2024-03-04", "json-ld")


def test_what_a_page_lists_is_not_the_page() -> None:
    listed = card(isAccessibleForFree=False) | {"@type": ["NewsArticle", "LiveBlogPosting"]}
    found = page(head=ld({"@type": "ItemList", "itemListElement": [{"item": listed}]}))
    assert (found.published_on, found.oddities) == (None, ())


@pytest.mark.parametrize(
    "part",
    [
        "<meta http-equiv='last-modified' content='2024-04-01'>",
        "<aside class='related'><a>Other</a><time datetime='2022-05-06'>x</time></aside>",
        "<div class='comments'><time datetime='2024-03-08'>8 March</time></div>",
    ],
)
def test_no_day_is_better_than_that_of_something_else(part: str) -> None:
    assert page(part).published_on is None


@pytest.mark.parametrize("path", ["/2024/03/04/weir", "/news/2024-03-04-weir", "/20240304/weir"])
def test_a_day_in_the_address_is_told_as_such(path: str) -> None:
    found = page(url=f"https://www.tarn.example{path}")
    assert (str(found.published_on), found.date_source) == ("2024-03-04", "address")


@pytest.mark.parametrize(
    ("lang", "shown", "day"),
    [
        ("en-US", "Published 03/04/2024", "None"),
        ("en", "Published 03/04/2024", "None"),
        ("en-GB", "Published 03/04/2024", "2024-04-03"),
        ("en-US", "03/04/2024</p><p>March 4, 2024", "2024-03-04"),
        ("en", "Published 2024-02-31", "None"),
        ("en", "Published in April 2024", "None"),
        ("en", "Published 1 April 2024", "2024-04-01"),
    ],
)
def test_a_guess_is_no_day_that_nobody_wrote(lang: str, shown: str, day: str) -> None:
    text = f'<html lang="{lang}"><head><title>Weir closes</title></head>'
    found = read(f"{text}<body><article><p>{shown}</p>{WORDS}</article></body>".encode())
    assert str(found.published_on) == day


def test_a_year_alone_is_no_day() -> None:
    assert page("<p>The line was closed in 2011.</p>").published_on is None
    signed = page('<p class="when">1 January 2011</p>')
    assert signed.published_on == date(2011, 1, 1)


@pytest.mark.parametrize(
    ("head", "day", "source"),
    [
        (
            pages.meta("article:published_time", "2024-03-01T10:00:00Z"),
            "2024-03-01",
            "meta article:",
        ),
        (pages.ld(datePublished="2024-03-01"), "2024-03-01", "json-ld"),
        (pages.ld(datePublished="yesterday"), "2024-02-29", "address"),
        (pages.ld(datePublished="2024-13-45"), "2024-02-29", "address"),
        (pages.ld(datePublished={"@value": "2024-03-01"}), "2024-02-29", "address"),
        (pages.ld(datePublished="1970-01-01"), "2024-02-29", "address"),
        (pages.ld(dateModified="2024-03-05"), "2024-02-29", "address"),
        ("", "2024-02-29", "address"),
    ],
)
def test_the_day_comes_with_where_it_was_read(head: str, day: str, source: str) -> None:
    found = pages.of(head, url="https://marlby.example/2024/02/29/ferry")
    assert str(found.published_on) == day
    assert found.date_source.startswith(source)


def test_a_day_to_come_is_passed_over_and_told() -> None:
    found = pages.of(
        pages.ld(datePublished="2199-01-01"), url="https://marlby.example/2024/02/29/ferry"
    )
    assert found.published_on == date(2024, 2, 29)
    assert "future_date" in found.oddities


def test_a_time_element_is_read_and_that_of_a_comment_is_not() -> None:
    comment = '<div class="comment"><time datetime="2020-01-01">x</time></div>'
    published = '<time class="published">1 March 2024</time>'
    found = read(pages.html(f"{comment}<h1>A</h1>{published}{pages.WORDS}"))
    assert (found.published_on, found.date_source) == (date(2024, 3, 1), "time element")
    assert found.published_raw == "1 March 2024"
