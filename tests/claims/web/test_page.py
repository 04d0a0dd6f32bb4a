"""A page is read whole, whatever its bytes, and nothing breaks the reader."""

import importlib.util
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.web.page import as_json, from_json, read, read_folder
from tests.claims.web.pages import SENTENCE, html, ld, meta, of
from tests.shared import shared


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


@pytest.mark.parametrize("words", ["MZ motorcycles", "ID3 tags", "RIFF files", "BMW cars"])
def test_words_that_begin_as_files_do_are_text(words: str) -> None:
    found = read(f"{words} were made in Zschopau.".encode(), media_type="text/plain")
    assert found.text == f"{words} were made in Zschopau."


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
