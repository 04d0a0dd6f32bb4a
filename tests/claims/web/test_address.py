"""One page has one address, whoever wrote it down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.web.address import aliases, parse, site, try_parse, twin_key, zones
from claims.web.errors import BadAddress


@pytest.mark.parametrize(
    ("raw", "url"),
    [
        ("  https://Good.Test  ", "https://good.test/"),
        ("HTTP://GOOD.test:80/%7Ea/./b/../c", "http://good.test/~a/c"),
        ("http://good.test/%66oo.htm%c0", "http://good.test/foo.htm%C0"),
        ("http://good.test/a%2fb?x=%2f&y=1%262", "http://good.test/a%2Fb?x=%2F&y=1%262"),
        ("http://good.test:8080/a", "http://good.test:8080/a"),
        ("https://user:secret@good.test/a#part", "https://good.test/a"),
        ("https://münchen.test./ä?ö=ü", "https://xn--mnchen-3ya.test/%C3%A4?%C3%B6=%C3%BC"),
        ("https://good.test/you too?a b", "https://good.test/you%20too?a%20b"),
        ("https://good.test/?b=2&a=1&b=", "https://good.test/?b=2&a=1&b="),
        ("https://good.test/?id=5&utm_source=x&page=2&fbclid=y", "https://good.test/?id=5&page=2"),
        ("https://good.test/a?UTM_Campaign=x", "https://good.test/a"),
        ("https://good.test/a?ref=b&source=c&q=a+b", "https://good.test/a?ref=b&source=c&q=a+b"),
        ("https://good.test/search?q=utm_source", "https://good.test/search?q=utm_source"),
        ("https://good.test/?one;two=2=3", "https://good.test/?one;two=2=3"),
        ("https://good.test/?", "https://good.test/"),
        ("https://good.test/100%?a=%", "https://good.test/100%25?a=%"),
        ("http://[2A00:1450::1]:80/a", "http://[2a00:1450::1]/a"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
    ],
)
def test_an_address_has_one_normal_form_and_keeps_what_was_written(raw: str, url: str) -> None:
    address = parse(raw)
    assert address.url == url
    assert address.raw == raw
    assert parse(address.url).url == url


@pytest.mark.parametrize(
    "raw",
    [
        "", "   ", "good.test", "ftp://good.test/", "file:///etc/passwd", "javascript:alert(1)",
        "mailto:a@good.test", "http:good.test", "http:///a", "http://", "http://a b.test/",
        "http://good.test:port/", "http://good.test:99999/", "http://good.test\\a",
        "http://good.test/\x00", "http://good.test/a\nb", "http://[::1", "http://good.test/\ud800",
        "http://1.2.3.4.5/", "https://good.test/" + "a" * 9000, "about:blank", "//good.test/a",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_page_is_said_so_in_a_sentence(raw: str) -> None:
    with pytest.raises(BadAddress) as caught:
        parse(raw)
    assert caught.value.message.endswith(".")
    assert try_parse(raw) is None


@pytest.mark.parametrize("junk", [None, 7, [], {}, b"http://good.test/"])
def test_what_strangers_send_instead_of_an_address_is_none(junk: object) -> None:
    assert try_parse(junk) is None


@given(st.text(max_size=80))
def test_the_normal_form_is_its_own_normal_form(text: str) -> None:
    address = try_parse(f"https://good.test/{text}")
    if address is not None:
        assert address.url.isascii()
        assert parse(address.url).url == address.url


@pytest.mark.parametrize(
    ("url", "kind", "other"),
    [
        ("https://www.good.test/a", "www", "https://good.test/a"),
        ("https://good.test/a", "www", "https://www.good.test/a"),
        ("https://m.good.test/a?b=1", "mobile", "https://good.test/a?b=1"),
        ("https://amp.good.test/a", "amp", "https://good.test/a"),
        ("https://good.test/a/amp/", "amp", "https://good.test/a/"),
        ("https://good.test/a?amp=1&id=2", "amp", "https://good.test/a?id=2"),
        ("https://good.test/a.amp.html", "amp", "https://good.test/a.html"),
        ("https://good.test/print/a", "print", "https://good.test/a"),
        ("https://www.google.com/amp/s/good.test/a", "amp", "https://good.test/a"),
        ("https://good-test.cdn.ampproject.org/c/s/good.test/a", "amp", "https://good.test/a"),
        ("http://good.test/a", "https", "https://good.test/a"),
    ],
)
def test_likely_twins_of_a_page_are_named_as_hints(url: str, kind: str, other: str) -> None:
    assert (kind, other) in {(alias.kind, alias.url) for alias in aliases(parse(url))}


def test_twins_share_a_key_and_other_pages_do_not() -> None:
    twins = [
        "https://good.test/a/b?id=1",
        "http://www.good.test/a/b/?id=1",
        "https://m.good.test/a/b?id=1",
        "https://amp.good.test/a/b/amp/?id=1&outputType=amp",
        "https://www.google.com/amp/s/www.good.test/a/b?id=1",
    ]
    assert len({twin_key(parse(url)) for url in twins}) == 1
    others = ["https://good.test/a/b?id=2", "https://news.good.test/a/b?id=1", "https://m.test/"]
    assert len({twin_key(parse(url)) for url in [*others, twins[0]]}) == 4


def test_a_site_is_told_from_its_hosts() -> None:
    assert site("news.bbc.example.co.uk") == "example.co.uk"
    assert site("www.good.test") == "good.test"
    assert site("abc.de") == "abc.de"
    assert site("9.9.9.9") == "9.9.9.9"
    assert zones("news.good.co.uk") == ("news.good.co.uk", "good.co.uk", "co.uk")
    assert zones("good.test") == ("good.test",)
