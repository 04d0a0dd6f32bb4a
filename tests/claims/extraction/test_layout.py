"""The parts of a text as handed in, and the dates it prints."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.extraction.layout import read_layout
from claims.extraction.printed_date import read_date

_SEEDS = Path(__file__).parents[3] / "seeds"


def test_the_seed_article_has_its_parts() -> None:
    text = next(_SEEDS.glob("000_*.txt")).read_text(encoding="utf-8")

    layout = read_layout(text)

    assert [block.role for block in layout.blocks] == [
        "dateline", "headline", "deck", "body", "cross_head", "body", "body", "body", "dateline",
    ]  # fmt: skip
    assert layout.title.startswith("Pakistan sends envoy to Israel")


def test_a_zone_that_means_three_hours_gives_only_the_day() -> None:
    text = next(_SEEDS.glob("000_*.txt")).read_text(encoding="utf-8")

    published = read_layout(text).published

    assert published is not None
    assert published.raw == "Published 18:02 IST, December 20th 2020"
    assert published.day == date(2020, 12, 20)
    assert published.zone == "IST"
    assert published.moment is None
    assert published.precision == "day"


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("Published 2024-03-01 18:02 UTC", datetime(2024, 3, 1, 18, 2, tzinfo=UTC)),
        ("Updated March 1, 2024 at 6:02 pm GMT", datetime(2024, 3, 1, 18, 2, tzinfo=UTC)),
        ("Publié le 1 mars 2024 à 19:02 +01:00", datetime(2024, 3, 1, 18, 2, tzinfo=UTC)),
    ],
)
def test_a_certain_zone_gives_the_moment(line: str, moment: datetime) -> None:
    found = read_date(line)

    assert found is not None
    assert found.moment == moment


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("20 December 2020", date(2020, 12, 20)),
        ("Publicado el 20 de diciembre de 2020", date(2020, 12, 20)),
        ("20.12.2020", date(2020, 12, 20)),
        ("נשמר 20 בדצמבר 2020", date(2020, 12, 20)),
        ("نشر في 20 ديسمبر 2020", date(2020, 12, 20)),
        ("05/04/2020", None),
        ("31 February 2020", None),
        ("99:99 IST", None),
    ],
)
def test_days_are_read_where_they_are_certain(line: str, day: date | None) -> None:
    found = read_date(line)

    assert (found.day if found else None) == day


def test_one_paragraph_is_body_and_no_headline() -> None:
    assert [block.role for block in read_layout("The bridge is closed").blocks] == ["body"]


def test_a_known_title_is_found_again_in_the_text() -> None:
    text = "Bridge closed.\nThe bridge was closed on Monday.\nNobody knows why it was closed."

    layout = read_layout(text, title="Bridge closed.")

    assert layout.blocks[0].role == "headline"


@given(st.text(max_size=300), st.text(max_size=40))
def test_any_text_has_a_layout_whose_blocks_hold_all_its_words(text: str, title: str) -> None:
    blocks = read_layout(text, title=title).blocks

    ends = [0, *(block.end for block in blocks)]
    starts = [*(block.start for block in blocks), len(text)]
    assert all(not text[end:start].strip() for end, start in zip(ends, starts, strict=True))
