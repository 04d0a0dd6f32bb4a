"""Recorded answers, changed anywhere in any way: a provider reads on, and counts its losses."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.coverage.providers.base import Answer, Provider, ProviderError, Query
from claims.coverage.providers.claimreview_feed import ClaimReviewFeed
from claims.coverage.providers.feeds import parse
from claims.coverage.providers.gdelt import Gdelt
from claims.coverage.providers.google_factcheck import GoogleFactCheck
from claims.coverage.providers.newsapi import NewsApi
from claims.coverage.providers.wayback import WaybackAvailability, WaybackCdx
from claims.coverage.providers.wikipedia import Wikipedia
from claims.web.address import try_parse
from claims.web.feed import read_feed
from tests.claims.coverage.providers.strangers import Strangers
from tests.shared import shared

ASKED = Query(urls=("https://marlby.example/a",))


def of(name: str) -> bytes:
    return shared(f"coverage/{name}").read_bytes()


def checks() -> dict[str, Any]:
    claim = json.loads(of("factcheck_claim.json"))
    return {"claims": [claim, *(with_url(claim, number) for number in range(3))]}


def with_url(claim: dict[str, Any], number: int) -> dict[str, Any]:
    other: dict[str, Any] = copy.deepcopy(claim)
    other["claimReview"][0]["url"] = f"https://checks.example/{number}"
    return other


def feed_of_checks() -> dict[str, Any]:
    names = ("africa_check_raw", "india_today_mixed_ld_json_types")
    found = [json.loads(of(f"claimreview/{name}.jsonld")) for name in names]
    return {"@type": "DataFeed", "dataFeedElement": [{"item": [one]} for one in found]}


def recorded(name: str) -> Callable[[], Any]:
    return lambda: json.loads(of(name))


# The provider, its recorded answer, and where in it the entries are.
JSON: dict[str, tuple[Provider, Callable[[], Any], tuple[str, ...]]] = {
    "gdelt": (Gdelt(), recorded("gdelt_artlist.json"), ("articles",)),
    "newsapi": (NewsApi("key"), recorded("newsapi_everything.json"), ("articles",)),
    "wikipedia": (Wikipedia(), recorded("wikipedia_search.json"), ("query", "search")),
    "wayback": (WaybackAvailability(), recorded("wayback_available.json"), ()),
    "google_factcheck": (GoogleFactCheck("key"), checks, ("claims",)),
    "claimreview_feed": (
        ClaimReviewFeed(("https://checks.example/f",)),
        feed_of_checks,
        ("dataFeedElement",),
    ),
}
JUNK = st.sampled_from([
    None, True, 0, -1, 10**40, 1e308, "", " ", "\0", "\ud83d", "<b>x</b>", "2024-02-31", "http://",
    "//x.example/", "javascript:alert(1)", "20240101000000", [], [[]], {}, [None, 7], {"url": {}},
])  # fmt: skip


def place(data: st.DataObject, value: Any) -> tuple[Any, Any]:
    """Some holder inside of *value* and a key of it, deeper or less deep."""
    holder, key = None, None
    while isinstance(value, dict | list) and value:
        if holder is not None and data.draw(st.integers(0, 3)) == 0:
            break
        holder = value
        keys = list(value) if isinstance(value, dict) else range(len(value))
        key = data.draw(st.sampled_from(list(keys)))
        value = value[key]
    return holder, key


def change(data: st.DataObject, document: Any) -> None:
    holder, key = place(data, document)
    if holder is None:
        return
    act = data.draw(st.sampled_from(["replace", "remove", "wrap", "double", "open", "rename"]))
    old = holder[key]
    if act == "remove":
        del holder[key]
    elif act == "double" and isinstance(holder, list):
        holder.insert(key, copy.deepcopy(old))
    elif act == "rename" and isinstance(holder, dict):
        name = data.draw(st.sampled_from(list(holder)))
        holder[name] = holder.pop(key)
    elif act == "open" and isinstance(old, list | dict) and old:
        holder[key] = next(iter(old.values() if isinstance(old, dict) else old))
    else:
        holder[key] = [old] if act == "wrap" else copy.deepcopy(data.draw(JUNK))


def entries_at(document: Any, path: tuple[str, ...]) -> int:
    """How many entries there are, where they still are a list."""
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return len(document) if path and isinstance(document, list) else 0


def answer_of(provider: Provider, body: bytes) -> Answer | None:
    """What the provider makes of it; None where it refuses, which it does in words."""
    refused = None
    try:
        return provider.search(ASKED, get=Strangers([body]))
    except ProviderError as error:
        refused = error
    assert refused.message.strip()
    return None


def can_be_shown(found: Answer) -> None:
    assert all(try_parse(hit.url) for hit in found.items)
    assert all(notice.message.strip() and notice.count > 0 for notice in found.notices)
    kept = [dict(hit.raw) for hit in found.items]
    assert "\\u0000" not in json.dumps(kept, allow_nan=False)


@pytest.mark.parametrize("name", JSON)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_json_changed_anywhere_loses_nothing_in_silence(name: str, data: st.DataObject) -> None:
    provider, load, path = JSON[name]
    document = load()
    for _ in range(data.draw(st.integers(1, 3))):
        change(data, document)
    body = json.dumps(document).encode()
    found = answer_of(provider, body)
    if found is None:
        return
    can_be_shown(found)
    told = sum(notice.count for notice in found.notices)
    assert len(found.items) + told >= entries_at(document, path)


FEEDS = ("feed_atom.xml", "feed_rss_with_sitemap_ns.xml", "feed_json_npr.json", "sitemap_news.xml",
         "google_news_rss.xml")  # fmt: skip
BYTES = st.sampled_from([
    b"", b"&", b"<", b">", b"<item>", b"</item>", b"</entry>", b"<![CDATA[", b"]]>", b"<!--",
    b"-->", b"&nbsp;", b"&x;", b"\0", b"\xff", b"\xef\xbb\xbf", b"<link/>", b"<url>", b'"', b"\\",
    b"{", b"]", b"<!DOCTYPE a [<!ENTITY x 'y'>]>", b"http://",
    b'<?xml version="1.0" encoding="utf-16"?>',
])  # fmt: skip


@pytest.mark.parametrize("name", FEEDS)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_feed_with_anything_in_it_anywhere_is_read_or_refused(
    name: str, data: st.DataObject
) -> None:
    body = of(name)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body)))
        cut = data.draw(st.sampled_from([0, 0, 1, 7, 60]))
        body = body[:at] + data.draw(BYTES) + body[at + cut :]
    body = body[: data.draw(st.sampled_from([len(body), len(body), len(body) // 2]))]
    found = read_feed(body)
    json.dumps(found, allow_nan=False)
    if found["kind"]:
        can_be_shown(parse(found, base="https://marlby.example/feed"))


@pytest.mark.parametrize("name", ["wayback_cdx.txt", "wayback_cdx_404filter.txt"])
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_an_index_of_versions_with_anything_in_it_is_read_or_refused(
    name: str, data: st.DataObject
) -> None:
    lines = of(name).decode().split("\n")
    at = data.draw(st.integers(0, len(lines) - 1))
    fields = lines[at].split(" ")
    odd = st.text(max_size=20) | st.sampled_from(["", "-", "99999999999999", "\u0660" * 14])
    fields[data.draw(st.integers(0, len(fields) - 1))] = data.draw(odd)
    lines[at] = " ".join(fields)
    found = answer_of(WaybackCdx(), "\n".join(lines).encode())
    if found is not None:
        can_be_shown(found)
