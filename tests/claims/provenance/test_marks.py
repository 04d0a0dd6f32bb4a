"""What makes a copy surer without deciding that it is one."""

import pytest

from claims.provenance.copies import Kind, Text, compare
from claims.provenance.issued import is_press_release
from claims.provenance.marks import MOST, body_start, marks, shared, strength
from tests.claims.text.generator import article, dice, edited

REPORT = (
    "Homes lost in the flood\n"
    "The goverment said on Monday that 1,437 homes were lost near Lake Orrel. The government "
    "will pay, and the government waits for figures. Inspector Hanne Brandt of the the survey "
    "counted 3.75 million bricks in 2021, and 1,500 tiles. It was said before."
)


def test_odd_figures_full_names_and_mistakes_are_marks() -> None:
    found = marks(REPORT)

    assert found.figures == {"1437", "375"}
    assert found.names == {"lake orrel", "hanne brandt"}
    assert found.mistakes == {"goverment", "the the"}


@pytest.mark.parametrize(
    "text",
    [
        "The lock closed in 1998. It closes at 10.30 on 1.3.2031. Nobody closed it. It is shut.",
        "He had had enough, and the mayor, the mayor said, had had more.",
        "The county of the country was though through with it; the country, through and through.",
        "About 2,000 people and 30,000 sheep. Nearly 500 died.",
        "",
    ],
)
def test_good_prose_bears_no_marks(text: str) -> None:
    found = marks(text)

    assert not (found.figures | found.mistakes | found.names)


def test_what_stands_in_quotation_marks_is_nobodys_mark() -> None:
    assert not marks('He said: "We counted 2,341 of the the bricks in there," and left.').figures


def test_one_copy_is_surer_for_the_mistakes_it_took_along() -> None:
    plain = article(4, sentences=16)
    slip = " The goverment, the government, the government of Orrel paid 1,437 for it."
    other = edited(0.35)(plain, dice(9))
    without = compare(Text("a", plain), Text("b", other))
    with_slip = compare(Text("a", plain + slip), Text("b", other + slip.replace("paid", "gave")))

    assert any(mark.startswith("mistake: goverment") for mark in with_slip.marks)
    assert with_slip.kind is without.kind
    assert with_slip.confidence > without.confidence


def test_marks_alone_make_no_copy() -> None:
    slip = " The goverment of the the town, the government, the government paid 1,437 crowns."
    relation = compare(Text("a", article(11) + slip), Text("b", slip + article(12)))

    assert relation.kind in {Kind.INDEPENDENT, Kind.INCIDENTAL}
    assert shared(article(11) + slip, slip + article(12))


def test_marks_never_add_more_than_their_share() -> None:
    assert strength(tuple(f"mistake: {n}" for n in range(12))) == MOST
    assert strength(()) == 0.0


def test_a_headline_that_two_papers_share_decides_nothing() -> None:
    head = "Ten thousand cheer as the old harbour bridge of Orrel opens again after nine years"
    here = (
        f"{head}\n\nThe first train left at noon, and a band from the school of music played on."
    )
    there = (
        f"{head}\n\nNobody from the ministry came. Two swimmers crossed below, for a bet of beer."
    )

    assert compare(Text("a", here), Text("b", there)).kind is Kind.INDEPENDENT
    assert compare(Text("a", head), Text("b", head.upper())).kind is Kind.COPY


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("No headline here. Only a text of one line that goes on and on.", ""),
        ("Broken off in the\nmiddle of a sentence that goes on for more than ten words here.", ""),
        (
            "Head\nDeck below\nAnd now the text begins, with more than ten words in all of it.",
            "And",
        ),
        ("Head\n\nToo short.", ""),
    ],
)
def test_the_text_proper_begins_after_headline_and_deck(text: str, start: str) -> None:
    at = body_start(text)

    assert text[at:].startswith(start) if start else at == 0


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("FOR IMMEDIATE RELEASE\nKestrel buys a mill.", ""),
        ("Communiqué de presse\nLe moulin est vendu.", ""),
        ("בית חרושת נמכר.\nהודעה לעיתונות\n", ""),
        ("The mill is sold.\n- ends -\nNotes to editors: founded in 1900.", ""),
        ("The mill is sold.", "https://kestrel.example/press-releases/mill"),
    ],
)
def test_a_press_release_says_what_it_is(text: str, url: str) -> None:
    assert is_press_release(text, url=url)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("The mill is sold, a press release said.", "https://herald.example/news/mill"),
        ("The show ends -ends- here.", ""),
        ("", ""),
    ],
)
def test_a_report_that_speaks_of_one_is_none(text: str, url: str) -> None:
    assert not is_press_release(text, url=url)
