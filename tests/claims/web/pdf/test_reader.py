"""PDFs give their words, page by page; what hurts or locks gives none and says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.web import sandbox
from claims.web.errors import Unreadable
from claims.web.page import Page, read
from claims.web.pdf import Document, document
from claims.web.pdf.reader import MOST_PAGES
from tests.claims.web.pdf.printed import (
    file_of,
    locked,
    of_contents,
    picture,
    printed,
    stream,
)

SHUT = "The bridge is shut."


def words(body: bytes) -> Document:
    found = document(body)
    assert found is not None
    return found


def test_the_words_of_each_page_are_told_with_where_it_begins() -> None:
    found = words(printed([SHUT], [], ["It stays so, said the o\ufb03ce, until ju-", "ne 2027."]))
    assert found.text == f"{SHUT}\nIt stays so, said the office, until ju\u00adne 2027."
    assert [found.text[start : start + 5] for start in found.pages] == ["The b", "\nIt s", "It st"]
    assert found.oddities == ()


@pytest.mark.parametrize(
    ("drawn", "read_"),
    [
        ("港口管理局表示，去年共有1234艘船只通过。", "港口管理局表示，去年共有1234艘船只通过。"),
        (".2026 תנשב לדגי ביצקתה", "התקציב יגדל בשנת 2026."),
        ("ﻢﻜﻴﻠﻋ ﻡﻼﺴﻟﺍ", "السلام عليكم"),
        ("a 😀 b", "a 😀 b"),
    ],
)
def test_every_script_is_told_as_it_is_written(drawn: str, read_: str) -> None:
    assert words(printed([drawn])).text == read_


def test_a_page_is_a_document_whatever_a_server_calls_it() -> None:
    body = printed([SHUT])
    for media_type in ("application/pdf", "text/html", "text/plain", ""):
        page = read(body, url="https://ministry.example/report", media_type=media_type)
        assert page == Page(text=SHUT, pages=(0,), oddities=("document",))
    assert read(b"\r\n\r\n" + body).text == SHUT


def test_what_was_typed_into_a_form_is_read_where_it_is_shown() -> None:
    box = b"/Rect[72 600 300 620]/AP<</N %d 0 R>>"
    drawn = b"BT /F 10 Tf 2 5 Td (%b) Tj ET"
    font = b"/Type/XObject/Subtype/Form/BBox[0 0 228 20]/Resources<</Font<</F 4 0 R>>>>"
    found = words(
        file_of(
            {
                1: b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R]>>>>",
                2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
                3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Annots[5 0 R 6 0 R]"
                b"/Resources<</Font<</F 4 0 R>>>>/Contents 9 0 R>>",
                4: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
                5: b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/F 4%b>>" % (box % 7),
                6: b"<</Type/Annot/Subtype/Widget/FT/Tx/T(b)/F 2%b>>" % (box % 8),
                7: stream(drawn % b"the Petrel", told=font),
                8: stream(drawn % b"what is hidden", told=font),
                9: stream(b"BT /F 10 Tf 72 700 Td (Name of the ferry:) Tj ET"),
            }
        )
    )
    assert found.text == "Name of the ferry:\nthe Petrel"


def test_a_locked_one_and_a_scanned_one_have_no_words_and_say_so() -> None:
    assert document(locked()) == Document(oddities=("locked",))
    assert document(picture()) == Document(pages=(0,), oddities=("scanned",))
    assert read(locked()).oddities == ("document", "locked")
    assert read(picture()).oddities == ("document", "scanned")


def test_a_font_that_names_no_letters_gives_no_words() -> None:
    assert words(printed(["\ue001\ue002\ue003 \ue004"])) == Document(pages=(0,))


def test_a_part_that_is_read_is_labelled_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    found = words(printed(*([f"Page of {n}."] for n in range(MOST_PAGES + 5))))
    assert len(found.pages) == MOST_PAGES
    assert found.oddities == ("cut_short",)
    assert f"of {MOST_PAGES - 1}." in found.text
    assert f"of {MOST_PAGES}." not in found.text
    monkeypatch.setattr("claims.web.pdf.reader.MOST_CHARACTERS", 30)
    found = words(printed([SHUT], [SHUT], [SHUT], [SHUT]))
    assert (len(found.pages), found.oddities) == (2, ("cut_short",))
    monkeypatch.setattr("claims.web.pdf.reader._MOST_SECONDS", -1.0)
    assert len(words(printed([SHUT], [SHUT])).pages) == 1


ENDLESS = file_of({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Count 9/Kids[2 0 R 2 0 R]>>"})
WHOLE = printed([SHUT], [SHUT])


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7",
        b"%PDF-1.7\n\0\1",
        WHOLE[:200],
        b"%PDF-1.4\n" + b"\xff" * 5_000,
        file_of({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Count 2147483647/Kids[]>>"}),
    ],
)
def test_what_is_none_or_damaged_is_not_text(body: bytes) -> None:
    assert document(body) is None
    assert read(body, media_type="application/pdf").oddities == ("not_text",)


def test_a_page_of_html_that_begins_like_one_is_read_as_what_it_is() -> None:
    page = read(b"<p>They begin like this:\n%PDF-1.4 and so on.</p>", media_type="text/html")
    assert "document" not in page.oddities
    assert "and so on" in page.text


def test_pages_that_lead_back_to_themselves_come_to_an_end() -> None:
    assert words(ENDLESS).text == ""
    assert words(file_of({1: b"<</Type/Catalog/Pages 1 0 R>>"})).text == ""


def test_pages_without_sense_have_no_words_and_the_others_keep_theirs() -> None:
    content = f"BT /F 10 Tf 72 720 Td <{SHUT.encode('utf-16-be').hex()}> Tj ET".encode()
    body = of_contents(b"\xff\xfe ((( q q q", content, letters=SHUT)
    assert words(body).text == SHUT


@pytest.mark.slow
def test_a_bomb_costs_its_child_and_nothing_else() -> None:
    drawn = b"BT /F 1 Tf 0 0 Td " + b"<0061>Tj " * 20_000_000
    bomb = of_contents(drawn, letters="a")
    assert len(bomb) < 1 << 20
    with pytest.raises(Unreadable):
        sandbox.read(bomb, media_type="application/pdf")
    assert sandbox.read(WHOLE).text.startswith(SHUT)
    sandbox.close()


def test_the_child_reads_it_as_here() -> None:
    assert sandbox.read(WHOLE) == read(WHOLE)
    sandbox.close()


@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=40))
def test_whatever_is_broken_in_a_file_it_is_read_or_not(at: int, noise: bytes) -> None:
    document(WHOLE[:at] + noise + WHOLE[at + len(noise) :])


def test_an_object_may_be_anything() -> None:
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Count 1/Kids[3 0 R]>>", 3: stream(b"")}
    found = document(file_of(objects))
    assert found is None or found.text == ""
