"""What is odd about a page is labelled, and an ordinary article carries no label."""

import pytest

from claims.web.page import read
from tests.claims.web.pages import SENTENCE, WORDS, html, ld, of


@pytest.mark.parametrize(
    ("page", "label"),
    [
        (html("<p>Checking your browser</p>", title="Just a moment..."), "bot_wall"),
        (html("<p>Access denied. Unusual traffic from your network.</p>"), "bot_wall"),
        (html('<iframe src="/_Incapsula_Resource?x"></iframe>', title=""), "bot_wall"),
        (html("<p>Before you continue: we value your privacy.</p><form></form>"), "consent_wall"),
        (html("<p>Alle akzeptieren</p>", title="Zustimmung"), "consent_wall"),
        (html("<p>The page you asked for was not found.</p>", title="Oops"), "soft_404"),
        (html(title="404 - Page not found"), "soft_404"),
        (html("<p>Die Seite wurde nicht gefunden.</p>", title="Fehler"), "soft_404"),
        (
            html(f"<p>{SENTENCE}</p><p>Subscribe to continue reading.</p>"),
            "paywall_stub",
        ),
        (html(f"<p>{SENTENCE}</p>", head=ld(isAccessibleForFree=False)), "paywall_stub"),
        (html(f"<p>{SENTENCE}</p><p>Réservé aux abonnés</p>"), "paywall_stub"),
        (html("<p>Please log in</p><input type=password>"), "login_wall"),
        (html(head=ld(**{"@type": "LiveBlogPosting"})), "liveblog"),
        (html(attributes="amp"), "amp"),
        (html(attributes="⚡"), "amp"),
        (html('<meta http-equiv="refresh" content="0; url=/elsewhere">'), "meta_refresh"),
        (html("<script>window.location='/b'</script>", title=""), "script_redirect"),
        (
            html(head='<link rel="canonical" href="https://other.example/a">'),
            "canonical_elsewhere",
        ),
        (html(head='<link rel="canonical" href="/">'), "canonical_home"),
        (b"<?xml version='1.0'?><rss><channel><title>x</title></channel></rss>", "feed"),
        (b"%PDF-1.7 \x00\x01", "not_text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "not_text"),
        (b"MZ\x90\x00" + bytes(100), "not_text"),
        (b"text\x00with\x00nul", "not_text"),
        (html("<frameset><frame src=a></frameset>"), "frames"),
    ],
)
def test_a_page_that_is_not_the_article_is_labelled(page: bytes, label: str) -> None:
    found = read(page, url="https://www.marlby.example/news/ferry", media_type="text/html")
    assert label in found.oddities


@pytest.mark.parametrize(
    "page",
    [
        html(),
        html(title="404 people saw the ferry, and it was not found again by any of them that day"),
        html(WORDS + "<p>Subscribe to our newsletter</p><footer>Cookie policy. Log in</footer>"),
        html(head=ld(isAccessibleForFree=True)),
        html(WORDS + "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"),
        html(head='<link rel="canonical" href="https://marlby.example/news/ferry">'),
    ],
)
def test_an_ordinary_article_carries_no_label(page: bytes) -> None:
    assert read(page, url="https://www.marlby.example/news/ferry").oddities == ()


def test_twins_are_known_by_their_address() -> None:
    assert "mobile" in of(url="https://m.marlby.example/a").oddities
    assert "print" in of(url="https://marlby.example/print/a").oddities
    assert "liveblog" in of(url="https://marlby.example/live/ferry").oddities
