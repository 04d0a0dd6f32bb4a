"""What a page declares of its ties to other texts is kept."""

from claims.web.page import read
from tests.claims.web.pages import ld, meta, of


def test_declared_ties_to_other_texts_are_kept() -> None:
    page = of(
        '<link rel="canonical" href="https://agency.example/1">',
        '<link rel="amphtml" href="/a/amp">',
        meta("syndication-source", "https://first.example/x"),
        '<meta name="robots" content="noarchive">',
        ld(isBasedOn=["https://paper.example/pdf", {"@id": "https://data.example/set"}, 7, None]),
    )
    assert page.canonical == "https://agency.example/1"
    assert page.signals["elsewhere"] == ("https://agency.example/1", "https://first.example/x")
    assert page.signals["based_on"] == ("https://paper.example/pdf", "https://data.example/set")
    assert page.signals["amp"] == ("https://www.marlby.example/a/amp",)
    assert page.signals["noarchive"] == ("meta robots",)


def test_a_page_tells_which_feeds_its_site_offers() -> None:
    body = (
        b"<html><head><link rel='alternate' type='application/rss+xml' href='/feed'>"
        b"<link rel='alternate' type='application/rss+xml' href='/comments/feed'>"
        b"<link rel='alternate' hreflang='fr' href='/fr'>"
        b"<link rel='ALTERNATE' type='application/feed+json; charset=utf-8' href='//x.example/j'>"
        b"<link rel='alternate' type='application/atom+xml' href='javascript:alert(1)'>"
        b"</head><body><p>The ferry is closed.</p></body></html>"
    )
    page = read(body, url="https://paper.example/news/a", media_type="text/html")
    assert page.signals["feeds"] == ("https://paper.example/feed", "https://x.example/j")
