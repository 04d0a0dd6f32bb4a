"""Pages are read for their words, their day and their signature, and odd ones are labelled."""

import importlib.util
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.web.article import tidy
from claims.web.page import Page, as_json, from_json, read, read_folder
from tests.shared import shared

SENTENCE = (
    "The harbour board of Marlby said on Monday that the ferry would not sail before spring. "
)
WORDS = "".join(f"<p>{SENTENCE * 3}Number {number}.</p>" for number in range(8))


def html(
    body: str = WORDS, *, head: str = "", title: str = "The ferry stops", attributes: str = ""
) -> bytes:
    return (
        f"<!DOCTYPE html><html {attributes}><head><title>{title}</title>{head}</head>"
        f"<body><article>{body}</article></body></html>"
    ).encode()


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def ld(**data: Any) -> str:
    text = json.dumps({"@context": "https://schema.org", "@type": "NewsArticle"} | data)
    return f'<script type="application/ld+json">{text}</script>'


def of(*parts: str, url: str = "https://www.marlby.example/2024/ferry", **given: str) -> Page:
    return read(html(head="".join(parts)), url=url, **given)


def test_the_extraction_beats_its_reference_on_the_shared_pages(
    record_property: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shared("coverage/extraction")
    spec = importlib.util.spec_from_file_location("scorer", folder / "score_extraction.py")
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    truth = json.loads((folder / "truth.json").read_text())
    score = scorer.score(truth, read_folder(folder / "pages"))
    record_property("extraction", score)
    with capsys.disabled():
        print("\nextraction:", json.dumps(score))  # noqa: T201
    assert score["answered"] == 40
    assert score["body"]["f1"] >= 0.96
    assert score["with"] >= 0.99
    assert score["without"] >= 0.96
    assert score["date"] >= 0.95
    assert score["author"] >= 0.8
    assert score["false_author"] <= 0.25
    assert score["title"] >= 0.9


def test_a_year_alone_is_no_day() -> None:
    closed = "<p>The line was closed in 2011.</p>"
    assert read(html(WORDS + closed), url="https://www.marlby.example/ferry").published_on is None
    signed = '<p class="when">1 January 2011</p>'
    page = read(html(signed + WORDS), url="https://www.marlby.example/ferry")
    assert page.published_on == date(2011, 1, 1)


def test_what_no_reader_sees_is_not_the_article() -> None:
    for hides in ("hidden", 'style="Display : none"', 'hidden=""'):
        unseen = (
            f"<div {hides}><p>{'The ferry sails each day, whatever people say. ' * 3}</p></div>"
        )
        page = read(html(WORDS + unseen))
        assert "each day" not in page.text, hides
        assert page.text.count("harbour board") == 24
    assert "harbour board" in read(html(f"<div hidden>{WORDS}</div>")).text
    assert "each day" in read(html(WORDS + unseen.replace("hidden", "hidden='until-found'"))).text


def test_a_body_that_was_escaped_twice_is_read_without_its_markup() -> None:
    escaped = WORDS.replace("<", "&lt;").replace(">", "&gt;")
    page = read(html("<div id=root></div>", head=ld(headline="Ferry", articleBody=escaped)))
    assert page.text.count("harbour board") == 24
    assert "<p>" not in page.text


def test_a_page_is_read_whole() -> None:
    page = of(
        meta("og:site_name", "The Marlby Post"),
        ld(
            headline="The ferry stops",
            datePublished="2024-03-01T23:30:00-05:00",
            author={"@type": "Person", "name": "Ann Orrel"},
        ),
    )
    assert page.title == "The ferry stops"
    assert page.text.count("harbour board") == 24
    assert page.site_name == "The Marlby Post"
    assert page.published_on == date(2024, 3, 1)
    assert page.published_at == datetime(2024, 3, 2, 4, 30, tzinfo=UTC)
    assert page.published_raw == "2024-03-01T23:30:00-05:00"
    assert page.date_source == "json-ld"
    assert page.oddities == ()
    assert not page.lost_text
    assert from_json(json.loads(json.dumps(as_json(page)))) == page


@pytest.mark.parametrize(
    "title",
    [
        "The ferry stops | The Marlby Post",
        "The ferry stops - The Marlby Post",
        "The Marlby Post: The ferry stops".replace(": ", " : "),
        "The ferry stops — marlby.example",
        "The ferry stops",
    ],
)
def test_the_site_is_not_part_of_the_headline(title: str) -> None:
    page = read(
        html(head=meta("og:site_name", "The Marlby Post"), title=title),
        url="https://www.marlby.example/a",
    )
    assert page.title == "The ferry stops"


@pytest.mark.parametrize(
    "title",
    [
        "Marlby – a town without a ferry",
        "Ferry: the board speaks",
        "War - and peace - in Marlby",
        "Marlby-Orrel line closed",
    ],
)
def test_a_dash_in_a_headline_is_left_alone(title: str) -> None:
    assert read(html(title=title), url="https://www.orrel.example/a").title == title


def test_the_headline_on_the_page_wins_over_the_one_for_machines() -> None:
    page = read(html(f"<h1>“The ferry stops”</h1>{WORDS}", title='"The ferry stops" - Somewhere'))
    assert page.title == "“The ferry stops”"


@pytest.mark.parametrize(
    ("head", "byline"),
    [
        (ld(author={"@type": "Person", "name": "Ann Orrel"}), "Ann Orrel"),
        (ld(author=[{"name": "Ann Orrel"}, {"name": "Bo Halver"}]), "Ann Orrel; Bo Halver"),
        (ld(author="Ann Orrel and Bo Halver"), "Ann Orrel; Bo Halver"),
        (ld(author={"@type": "Organization", "name": "Ann Orrel"}), ""),
        (ld(author={"@type": "Person", "name": "Nobody Seen"}), ""),
        (meta("author", "Ann Orrel"), "Ann Orrel"),
        (meta("author", "admin"), ""),
        (meta("author", "cms_user_7"), ""),
        (meta("author", "https://marlby.example/ann"), ""),
        (ld(author={"name": {"deep": ["x"]}}), ""),
    ],
)
def test_a_signature_counts_when_readers_can_see_it(head: str, byline: str) -> None:
    body = f"{WORDS}<p>Notes of Ann Orrel, with Bo Halver. Set by admin and cms_user_7.</p>"
    assert read(html(body, head=head)).byline == byline


@pytest.mark.parametrize(
    "signed",
    [
        '<a rel="author" href="/ann">Ann Orrel</a>',
        '<span class="byline">By Ann Orrel</span>',
        '<span class="byline">By <b>Ann Orrel</b>, Marlby correspondent</span>',
        '<div class="author-name">Von Ann Orrel</div>',
        "<p>By Ann Orrel</p>",
        '<p class="author">Written by: Ann Orrel</p>',
    ],
)
def test_a_signature_on_the_page_is_found(signed: str) -> None:
    assert read(html(f"<h1>The ferry stops</h1>{signed}{WORDS}")).byline == "Ann Orrel"


def test_who_comments_has_not_signed_the_page() -> None:
    comments = '<div class="comments"><p class="author">Troll Bridge</p><p>Nonsense</p></div>'
    assert read(html(WORDS + comments)).byline == ""


def test_an_agency_is_no_person_and_is_told_apart() -> None:
    page = of(ld(author={"@type": "Person", "name": "Reuters"}))
    assert page.byline == ""
    assert page.signals["agency"] == ("Reuters",)
    page = of(ld(sourceOrganization={"@type": "Organization", "name": "Agence France-Presse"}))
    assert page.signals["agency"] == ("Agence France-Presse",)


@pytest.mark.parametrize(
    ("head", "day", "source"),
    [
        (meta("article:published_time", "2024-03-01T10:00:00Z"), "2024-03-01", "meta article:"),
        (ld(datePublished="2024-03-01"), "2024-03-01", "json-ld"),
        (ld(datePublished="yesterday"), "2024-02-29", "address"),
        (ld(datePublished="2024-13-45"), "2024-02-29", "address"),
        (ld(datePublished={"@value": "2024-03-01"}), "2024-02-29", "address"),
        (ld(datePublished="1970-01-01"), "2024-02-29", "address"),
        (ld(dateModified="2024-03-05"), "2024-02-29", "address"),
        ("", "2024-02-29", "address"),
    ],
)
def test_the_day_comes_with_where_it_was_read(head: str, day: str, source: str) -> None:
    page = of(head, url="https://marlby.example/2024/02/29/ferry")
    assert str(page.published_on) == day
    assert page.date_source.startswith(source)


def test_a_day_to_come_is_passed_over_and_told() -> None:
    page = of(ld(datePublished="2199-01-01"), url="https://marlby.example/2024/02/29/ferry")
    assert page.published_on == date(2024, 2, 29)
    assert "future_date" in page.oddities


def test_a_time_element_is_read_and_that_of_a_comment_is_not() -> None:
    comment = '<div class="comment"><time datetime="2020-01-01">x</time></div>'
    published = '<time class="published">1 March 2024</time>'
    page = read(html(f"{comment}<h1>A</h1>{published}{WORDS}"))
    assert (page.published_on, page.date_source) == (date(2024, 3, 1), "time element")
    assert page.published_raw == "1 March 2024"


@pytest.mark.parametrize(
    ("body", "declared", "charset", "odd"),
    [
        ("Grüße".encode(), "utf-8", "utf-8", False),
        ("Grüße".encode(), "iso-8859-1", "utf-8", True),
        ("Grüße".encode("cp1252"), "iso-8859-1", "cp1252", False),
        ("שלום עולם".encode("cp1255"), "windows-1255", "windows-1255", False),
        ("مرحبا".encode("cp1256"), "windows-1256", "windows-1256", False),
        ("你好".encode("gb18030"), "gb2312", "gb18030", False),
        ("\ufeffGrüße".encode(), "iso-8859-1", "utf-8", True),
        ("\ufeffGrüße".encode("utf-16-le"), "utf-8", "utf-16-le", True),
        (b"plain", "no-such-charset", "utf-8", False),
        (b"plain", "rot13", "utf-8", False),
        (b"plain", "zip", "utf-8", False),
    ],
)
def test_words_come_out_right_whatever_was_declared(
    body: bytes, declared: str, charset: str, *, odd: bool
) -> None:
    page = read(body, media_type="text/plain", charset=declared)
    assert page.charset == charset
    assert page.text == body.decode(charset).lstrip("\ufeff")
    assert ("wrong_charset" in page.oddities) == odd


def test_bytes_that_are_not_what_they_were_declared_to_be_are_guessed() -> None:
    words = "Grüße aus Marlby: die Fähre fährt im März wieder, für alle, die müde vom Fußweg sind."
    page = read(words.encode("cp1252"), media_type="text/plain", charset="utf-8")
    assert page.text == words
    assert "wrong_charset" in page.oddities


def test_a_charset_in_the_page_is_heard_when_the_header_is_silent() -> None:
    body = html(f'<p dir="rtl">{"שלום עולם טוב " * 60}</p>', head='<meta charset="windows-1255">')
    page = read(body.decode().encode("cp1255"))
    assert page.charset == "windows-1255"
    assert "שלום עולם" in page.text


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


@pytest.mark.parametrize("words", ["MZ motorcycles", "ID3 tags", "RIFF files", "BMW cars"])
def test_words_that_begin_as_files_do_are_text(words: str) -> None:
    found = read(f"{words} were made in Zschopau.".encode(), media_type="text/plain")
    assert found.text == f"{words} were made in Zschopau."


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


def test_words_that_only_a_script_holds_are_read_from_what_the_page_declares() -> None:
    body = (SENTENCE * 12).strip()
    page = read(html("<div id=app></div>", head=ld(articleBody=f"<p>{body}</p>")))
    assert page.text == body


def test_lost_words_are_told() -> None:
    hidden = "".join(
        f'<div class="related nav-list"><p>{SENTENCE * 3}</p></div>' for _ in range(9)
    )
    outer = read(html(hidden))
    assert outer.text or outer.lost_text


def test_lines_that_point_elsewhere_and_the_headline_are_not_the_articles_words() -> None:
    text = (
        "The ferry stops\n1 March 2024\nThe board met.\nRead more: Another story\nLire aussi : x\n"
        "Reading more is good for you, said the board.\nTags: a, b"
    )
    kept = "The board met.\nReading more is good for you, said the board."
    assert tidy(text, title="The ferry stops") == kept


@pytest.mark.parametrize(
    "junk",
    [
        b"", b" ", b"\n", b"<", b"<html", b"<html></html>", b"</p>", b"&#0;&#xD800;&#99999999;",
        b"<p>" * 20_000, b"<div>" * 300 + b"x", b"<!DOCTYPE" + b"A" * 5000, b"<script>",
        b"<html><head><title></title><script type='application/ld+json'>{{{</script></head>",
        b"<html><script type='application/ld+json'>" + b"[" * 50_000 + b"</script><p>x</p></html>",
        b"<html><script type='application/ld+json'>[1, null, {'@type': 7}]</script></html>",
        b'<html><script type="application/ld+json">[{"@type": {}, "@id": []}]</script></html>',
        b"<html><link rel=canonical href='http://[::1'><body><p>x</p></body></html>",
        b"<html xmlns='x'><svg><title>y</title></svg><meta name=date content='\x01'></html>",
    ],
)  # fmt: skip
def test_no_page_breaks_the_reader(junk: bytes) -> None:
    page = read(junk, url="https://marlby.example/a")
    assert json.loads(json.dumps(as_json(page)))["title"] == page.title


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=400), st.sampled_from(["", "text/html", "text/plain", "image/png"]))
def test_no_bytes_break_the_reader(body: bytes, media_type: str) -> None:
    json.dumps(as_json(read(body, media_type=media_type, url="https://a.example/")))
    json.dumps(as_json(read(b"<html><body><p>" + body, charset="windows-1255")))


@pytest.mark.parametrize("sign", ["&#1;", "&#x1f;", "\x01", "\x0c", "&#0;", "\x0b"])
def test_signs_of_control_cost_no_words(sign: str) -> None:
    assert SENTENCE.strip() in read(html(f"{WORDS}<p>{sign}</p>")).text


def test_numbers_of_old_letters_are_read_as_browsers_do() -> None:
    page = read(
        html(f"{WORDS}<p>It&#146;s &#x93;closed&#148; for &#128; 5, &#8217;twas said.</p>")
    )
    assert "It’s “closed” for € 5, ’twas said." in page.text


def test_what_no_database_takes_is_left_out() -> None:
    text = (SENTENCE * 12).strip()
    odd = json.dumps({
        "@type": "NewsArticle", "headline": "Fer\0ry \ud800", "datePublished": "2024-03-01\0",
        "publisher": {"name": "The\0 Post\ud800"}, "articleBody": f"\0{text}\udc00",
    })  # fmt: skip
    page = read(
        html("<p>x</p>", head=f'<script type="application/ld+json">{odd}</script>', title="")
    )
    assert (page.title, page.site_name, page.published_raw) == (
        "Ferry ?",
        "The Post?",
        "2024-03-01",
    )
    assert page.text == f"{text}?"
    assert read(b"x" * 2000 + b"\0y", media_type="text/plain").text.endswith("xy")


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
