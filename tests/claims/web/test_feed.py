"""Feeds as outlets really write them: each entry under its own address, with its own words."""

import json
from typing import Any

import pytest

from claims.web.feed import read_feed

ITEM = "<item><title>{}</title><link>{}</link></item>"


def entries(body: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = read_feed(body.encode())["entries"]
    return found


def rss(inner: str) -> str:
    return f"<rss><channel><title>Post</title>{inner}</channel></rss>"


def atom(inner: str, more: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {more}><title>P</title>{inner}</feed>'


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://p.example/?a=1&b=2&copy=3", "https://p.example/?a=1&b=2&copy=3"),
        ("https://p.example/?a=1&amp;b=2", "https://p.example/?a=1&b=2"),
        ("<![CDATA[https://p.example/?a=1&b=2&amp;c]]>", "https://p.example/?a=1&b=2&amp;c"),
        ("https://p.example/?q=a&#38;b&#x26;c", "https://p.example/?q=a&b&c"),
    ],
)
def test_an_address_with_bare_ampersands_is_read_as_it_was_meant(written: str, read: str) -> None:
    assert entries(rss(ITEM.format("A", written)))[0]["url"] == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Salt & vinegar", "Salt & vinegar"),
        ("Caf&eacute; shuts &mdash; owner&rsquo;s word", "Café shuts — owner’s word"),
        ("Profit < 5 % & rising", "Profit < 5 % & rising"),
        ("AT&T; and &bogus; too", "AT&T; and &bogus; too"),
        ("&amp;lt; as it is &lt;", "&lt; as it is <"),
    ],
)
def test_a_title_with_signs_that_xml_does_not_know_keeps_its_words(
    written: str, read: str
) -> None:
    assert entries(rss(ITEM.format(written, "https://p.example/a")))[0]["title"] == read


@pytest.mark.parametrize(
    "junk",
    [
        "<br />\n<b>Warning</b>: headers already sent in <b>/x.php</b> on line <b>3</b><br />\n",
        "<!-- made by <cache> in 0.1 s -->\n",
        "Notice: undefined\n",
        "<script>var a = 1;</script>\n\n",
    ],
)
def test_what_a_server_writes_before_a_feed_does_not_hide_it(junk: str) -> None:
    body = f'{junk}<?xml version="1.0"?>{rss(ITEM.format("A", "https://p.example/a"))}'
    assert [entry["url"] for entry in entries(body)] == ["https://p.example/a"]


def test_a_page_that_shows_a_feed_is_none() -> None:
    feed = rss(ITEM.format("A", "https://p.example/a"))
    assert read_feed(f"<!doctype html><html><body><pre>{feed}".encode())["kind"] == ""


def test_relative_addresses_are_those_of_the_base_that_is_declared() -> None:
    inner = '<entry xml:base="more/"><title>A</title><link href="a.html"/></entry>'
    base = 'xml:base="https://q.example/feeds/"'
    assert entries(atom(inner, base))[0]["url"] == "https://q.example/feeds/more/a.html"
    feed = f"<rss {base}><channel><item><link>b.html</link></item></channel></rss>"
    assert entries(feed)[0]["url"] == "https://q.example/feeds/b.html"


@pytest.mark.parametrize(
    "relation", ["", "ALTERNATE", "http://www.iana.org/assignments/relation/alternate"]
)
def test_the_link_to_the_page_itself_is_known_however_it_is_named(relation: str) -> None:
    inner = f'<entry><link rel="{relation}" href="https://p.example/a"/><id>urn:1</id></entry>'
    assert entries(atom(inner))[0].get("url") == "https://p.example/a"


def test_an_entry_behind_a_counter_is_known_by_its_own_address() -> None:
    inner = (
        "<item><title>A</title><link>http://counter.example/~r/x/~3/abc/</link>"
        '<feedburner:origLink xmlns:feedburner="f">https://p.example/a</feedburner:origLink></item>'
    )
    assert entries(rss(inner))[0]["url"] == "https://p.example/a"


def test_an_item_of_rdf_without_a_link_is_the_one_it_is_about() -> None:
    feed = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><channel/>'
        '<item rdf:about="https://p.example/a"><title>A</title></item></rdf:RDF>'
    )
    assert entries(feed)[0]["url"] == "https://p.example/a"


def test_words_about_a_picture_are_known_by_their_namespace() -> None:
    feed = (
        '<rss xmlns:m="http://search.yahoo.com/mrss/"><channel><item><m:title>A photo</m:title>'
        "<title>A</title><link>https://p.example/a</link></item></channel></rss>"
    )
    assert entries(feed)[0]["title"] == "A"


@pytest.mark.parametrize(
    "rest",
    ["<item><title>B</title><link>https://p.exam", "<item>", "<item><title>B</title>", ""],
)
def test_a_feed_that_breaks_off_says_so_and_gives_no_half_entry(rest: str) -> None:
    whole = rss(ITEM.format("A", "https://p.example/a"))
    cut = whole.partition("</channel>")[0] + rest
    found: dict[str, Any] = read_feed(cut.encode())
    assert [entry["url"] for entry in found["entries"]] == ["https://p.example/a"]
    assert found["broken_off"]
    assert not read_feed(whole.encode())["broken_off"]
    assert not read_feed(json.dumps({"items": []}).encode())["broken_off"]
