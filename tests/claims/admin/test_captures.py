"""The page of a capture: its text with what is quoted, and nothing of what is not theirs."""

from typing import Any

import pytest
from django.urls import reverse

from claims.capturing import read
from claims.models import Capture
from claims.templatetags.desk import place
from claims.web import sandbox
from tests import factories as make
from tests.claims.web.pdf.printed import locked, picture, printed
from tests.reviews.admin.desk import Desk, words

pytestmark = pytest.mark.django_db

TEXT = (
    "The council of Brindle Quay closed the harbour bridge on Monday after the storm.\n\n"
    "The mayor said that it will stay closed until the repair is paid for by the county."
)


def page_of(capture: Capture, who: Any = None) -> Any:
    url = reverse("admin:claims_capture_change", args=[capture.pk])
    return Desk.of(who or make.reviewer()).get(url)


def test_what_evidence_quotes_is_marked_in_the_text() -> None:
    capture = make.capture(text=TEXT)
    make.evidence(make.claim(), capture=capture, quote={"exact": "closed the harbour bridge"})
    shown = page_of(capture).content.decode()
    assert ">closed the harbour bridge</mark>" in shown
    assert 'class="quote"' in shown


def test_a_quote_is_found_again_after_small_changes_and_that_is_said() -> None:
    capture = make.capture(text=TEXT)
    quote = {"exact": "said it will stay closed until the repairs are paid for by the county"}
    make.evidence(make.claim(), capture=capture, quote=quote, title="Who pays")
    shown = page_of(capture)
    assert "until the repair is paid for by the county</mark>" in shown.content.decode()
    assert "The words that “Who pays” quotes stand here a little changed." in words(shown)


def test_a_quote_far_below_in_a_long_text_is_shown_with_what_stands_around_it() -> None:
    text = "\n\n".join(f"Paragraph {n} of a very long report by the county." for n in range(9_000))
    capture = make.capture(text=f"{text}\n\nThe needle is here.\n\n{text}")
    make.evidence(make.claim(), capture=capture, quote={"exact": "The needle is here"})
    shown = page_of(capture).content.decode()
    assert "The needle is here</mark>" in shown
    assert "Paragraph 8999 of" in shown
    assert "Paragraph 7000 of" not in shown
    assert "too long to be shown whole" in shown


def test_the_pages_of_a_pdf_are_told_and_on_which_of_them_a_quote_stands() -> None:
    report = printed(["Preface"], ["The bridge is shut, said the"], ["mayor. Nobody asked."])
    capture = make.capture(report, media_type="application/pdf")
    read(capture)
    make.evidence(
        make.claim(), capture=capture, quote={"exact": "said the mayor"}, title="The ruling"
    )
    shown = page_of(capture)
    told = words(shown)
    assert "Page 1 Preface Page 2 The bridge is shut, said the Page 3 mayor" in told
    assert "“The ruling” quotes page 2." in told
    assert ">said the </mark>" in shown.content.decode()
    assert ">mayor</mark>" in shown.content.decode()
    sandbox.close()


@pytest.mark.parametrize(
    ("body", "why"), [(locked(), "locked with a password"), (picture(), "are pictures")]
)
def test_a_pdf_without_words_says_why(body: bytes, why: str) -> None:
    capture = make.capture(body, media_type="application/pdf")
    read(capture)
    assert why in words(page_of(capture))
    sandbox.close()


def test_a_quote_that_is_not_there_is_said() -> None:
    capture = make.capture(text=TEXT)
    make.evidence(
        make.claim(), capture=capture, quote={"exact": "nobody was hurt"}, title="The harm"
    )
    assert "that “The harm” quotes are not in this text" in words(page_of(capture))


def test_others_sealed_evidence_and_hidden_claims_are_not_named() -> None:
    capture = make.capture(text=TEXT)
    make.evidence(make.claim(), capture=capture, title="Open")
    make.evidence(make.claim(visibility="restricted"), capture=capture, title="Restricted one")
    make.evidence(
        make.claim(),
        capture=capture,
        title="Sealed one",
        visibility="sealed",
        added_by=make.person(),
    )
    seen = words(page_of(capture))
    assert "Open" in seen
    assert "Sealed one" not in seen
    assert "Restricted one" not in seen
    assert "Sealed one" in words(page_of(capture, make.editor()))


def test_what_only_hidden_evidence_stands_on_is_not_there() -> None:
    sealed, hidden = make.capture(text=TEXT), make.capture(text=TEXT)
    make.evidence(make.claim(), capture=sealed, visibility="sealed", added_by=make.person())
    make.evidence(make.claim(visibility="restricted"), capture=hidden)
    for capture in (sealed, hidden):
        assert page_of(capture).status_code == 404
        assert page_of(capture, make.editor()).status_code == 200


def test_a_file_that_no_evidence_stands_on_yet_is_not_listed() -> None:
    capture = make.capture(via="upload")
    assert page_of(capture, make.editor()).status_code == 404
    make.evidence(make.claim(), capture=capture)
    assert page_of(capture).status_code == 200


def test_stance_and_note_are_not_on_it() -> None:
    capture = make.capture(text=TEXT)
    make.evidence(make.claim(), capture=capture, stance="refutes", note="I rate this false")
    shown = words(page_of(capture))
    assert "I rate this" not in shown
    assert "Refutes" not in shown


def test_anchors_of_pictures_and_films_are_told() -> None:
    capture = make.capture(b"\x89PNG", media_type="image/png")
    make.evidence(make.claim(), capture=capture, kind="image", anchor={"region": [1, 2, 30, 40]})
    make.evidence(make.claim(), capture=capture, kind="video", anchor={"timecode": "2:03-2:40"})
    shown = words(page_of(capture))
    assert "30 × 40 pixels from 1, 2" in shown
    assert "at 2:03–2:40" in shown


@pytest.mark.parametrize(
    ("anchor", "told"),
    [
        (None, ""),
        ({"page": 12}, "page 12"),
        ({"timecode": 0}, "at 0:00"),
        ({"timecode": "95"}, "at 1:35"),
        ({"timecode": 3723}, "at 1:02:03"),
        ({"timecode": "95.5-120"}, "at 95.5–120"),
        ({"page": 1, "region": [1, 2, 30, 40]}, "page 1 · 30 × 40 pixels from 1, 2"),
    ],
)
def test_a_place_is_told_in_words(anchor: dict[str, Any] | None, told: str) -> None:
    assert place(anchor) == told


def test_an_address_that_is_none_is_no_link() -> None:
    capture = make.capture(via="upload", final_url="javascript:alert(1)", asked_url="x")
    make.evidence(make.claim(), capture=capture)
    assert 'href="javascript' not in page_of(capture).content.decode()


@pytest.mark.parametrize("text", ["", None])
def test_without_text_it_says_what_to_do(text: str | None) -> None:
    assert "Save the bytes" in words(page_of(make.capture(text=text)))


def test_it_costs_few_questions(django_assert_max_num_queries: Any) -> None:
    capture, who = make.capture(text=TEXT), Desk.of(make.reviewer())
    for number in range(6):
        make.evidence(make.claim(), capture=capture, title=f"Piece {number}")
    url = reverse("admin:claims_capture_change", args=[capture.pk])
    with django_assert_max_num_queries(25):
        assert who.get(url).status_code == 200
