"""A quote from a PDF stands on a page, and on no other."""

from collections.abc import Iterator
from typing import Any

import pytest

from claims import evidence
from claims.errors import Invalid
from claims.models import Capture, Evidence, Reading
from claims.web import sandbox
from claims.web.page import READER
from tests import factories as make
from tests.claims.web.pdf.printed import locked, picture, printed

pytestmark = pytest.mark.django_db

REPORT = printed(
    ["Summary", "The bridge is shut for good. It is"],
    ["as old as the harbour, and it was mis-", "managed for years. The bridge is shut."],
    [],
    ["The bridge is shut for good, says the", "well-known annex. Nobody paid."],
)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    sandbox.close()


@pytest.fixture
def report() -> Capture:
    return make.capture(REPORT, media_type="application/pdf")


def attach(capture: Capture | None, exact: str, **said: Any) -> Evidence:
    usual: dict[str, Any] = {"title": "Report", "stance": "supports", "kind": "document"}
    usual["by"] = make.contributor()
    usual["quote"] = {"exact": exact}
    return evidence.attach(make.claim(), capture=capture, **{**usual, **said})


def refused(capture: Capture, exact: str, **said: Any) -> tuple[str, str]:
    with pytest.raises(Invalid) as told:
        attach(capture, exact, **said)
    [problem] = told.value.problems
    assert not Evidence.objects.exists()
    return problem.pointer, problem.message


@pytest.mark.parametrize(
    ("exact", "page"),
    [
        ("The bridge is shut for good", 1),
        ("it was mismanaged for years", 2),
        ("it was mis-\r\nmanaged for years", 2),
        ("It is as old as the harbour", 1),
        ("says the well-known annex", 4),
    ],
)
def test_a_quote_without_a_place_is_given_its_page(report: Capture, exact: str, page: int) -> None:
    assert attach(report, exact).anchor == {"page": page}


@pytest.mark.parametrize(
    ("exact", "page", "begins"),
    [
        ("The bridge is shut", 1, "The bridge is shut for"),
        ("The bridge is shut", 2, "The bridge is shut.\n"),
        ("The bridge is shut", 4, "The bridge is shut for good, s"),
        ("It is as old", 1, "It is as old"),
        ("It is as old", 2, "It is as old"),
    ],
)
def test_a_quote_is_found_on_the_page_that_is_named(
    report: Capture, exact: str, page: int, begins: str
) -> None:
    item = attach(report, exact, anchor={"page": page})
    assert item.anchor == {"page": page}
    assert item.quote is not None
    text = Reading.objects.get(capture=report).text
    assert text[item.quote["start"] :].startswith(begins)


@pytest.mark.parametrize(
    ("exact", "page", "stands"),
    [("Nobody paid", 2, 4), ("mismanaged", 1, 2), ("Nobody paid", 3, 4), ("Nobody paid", 99, 4)],
)
def test_a_wrong_page_is_refused_with_the_right_one(
    report: Capture, exact: str, page: int, stands: int
) -> None:
    pointer, message = refused(report, exact, anchor={"page": page})
    assert pointer == "/anchor/page"
    assert f"not stand on page {page} but on page {stands}, counted from the first" in message


def test_what_is_said_to_stand_around_counts_on_that_page(report: Capture) -> None:
    quote = {"exact": "The bridge is shut", "suffix": " for good, says"}
    assert attach(report, "x", quote=quote).anchor == {"page": 4}
    with pytest.raises(Invalid) as told:
        attach(report, "x", quote=quote, anchor={"page": 2})
    assert [problem.pointer for problem in told.value.problems] == ["/quote/suffix"]


def test_a_region_stays_what_was_said_and_a_page_of_what_has_no_pages_too(
    report: Capture,
) -> None:
    region = {"region": [1, 2, 3, 4]}
    assert attach(report, "Nobody paid", anchor=region).anchor == region
    plain = make.capture(text="Nobody paid.")
    assert attach(plain, "Nobody paid", anchor={"page": 7}).anchor == {"page": 7}
    assert attach(plain, "Nobody paid").anchor is None


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (locked(), "locked with a password"),
        (picture(), "are pictures"),
        (b"%PDF-1.7\n\0", "No text could be read"),
    ],
)
def test_what_has_no_words_says_why_and_what_to_do(body: bytes, why: str) -> None:
    capture = make.capture(body, media_type="application/pdf")
    pointer, message = refused(capture, "Nobody paid")
    assert pointer == "/quote/exact"
    assert why in message
    assert "put the words into the note" in message
    assert attach_without_quote(capture).anchor == {"page": 3}


def attach_without_quote(capture: Capture) -> Evidence:
    said = {"title": "Scan", "stance": "supports", "kind": "document", "anchor": {"page": 3}}
    return evidence.attach(make.claim(), by=make.contributor(), capture=capture, **said)


def test_words_that_may_be_in_the_unread_part_are_refused_with_that(report: Capture) -> None:
    Reading.objects.create(
        capture=report, reader=READER, text="A part.", oddities=["document", "cut_short"]
    )
    _, message = refused(report, "Nobody paid")
    assert message.endswith("It is so long that only its beginning was read.")


def change(item: Evidence, **changes: Any) -> None:
    evidence.change(item, by=make.contributor(), changes=changes)
    item.refresh_from_db()


def test_a_page_goes_along_with_its_quote_unless_somebody_names_one(report: Capture) -> None:
    item = attach(report, "Nobody paid")
    change(item, quote={"exact": "mismanaged for years"})
    assert item.anchor == {"page": 2}
    with pytest.raises(Invalid, match="on page 4 but on page 2"):
        change(item, anchor={"page": 4})
    item.refresh_from_db()
    change(item, quote={"exact": "the harbour"}, anchor={"page": 2})
    change(item, anchor=None)
    assert item.anchor is None
    change(item, anchor={"page": 2})
    assert item.anchor == {"page": 2}


def fetched(capture: Capture, exact: str, **said: Any) -> Evidence:
    item = attach(None, exact, url="https://ministry.example/report", **said)
    return evidence.fetched(item, capture)


def test_a_fetched_report_tells_the_page_or_that_it_is_another_one(report: Capture) -> None:
    item = fetched(report, "Nobody paid")
    assert (item.capturing, item.anchor) == ("stored", {"page": 4})
    item = fetched(report, "Nobody paid", anchor={"page": 2})
    assert item.capturing == "failed"
    assert "not stand on page 2 but on page 4" in item.capture_problem
    change(item, anchor={"page": 4})
    assert (item.capturing, item.capture_problem) == ("stored", "")
    item = fetched(make.capture(locked()), "Nobody paid")
    assert "locked with a password" in item.capture_problem


def test_a_fetched_page_that_no_reader_survives_is_kept_and_says_so(
    monkeypatch: pytest.MonkeyPatch, report: Capture
) -> None:
    monkeypatch.setattr(sandbox, "_READ_PAGE", "tests.claims.web.hostile:die")
    item = fetched(report, "Nobody paid")
    assert (item.capture, item.capturing) == (report, "failed")
    assert "broke down over this page" in item.capture_problem
