"""Tables for spreadsheets, and charts that say what their tables say."""

import csv
import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.reports import chart
from reviews.reports.chart import Parts, Range
from reviews.reports.table import Table, as_csv, harmless


@pytest.mark.parametrize(
    "words",
    ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "＝1", "-2+cmd|' /C calc'!A0"],
)
def test_what_a_spreadsheet_would_run_is_made_harmless(words: str) -> None:
    assert harmless(words).startswith("'")


@given(st.lists(st.tuples(st.text(), st.integers(0)), max_size=5))
def test_a_table_comes_back_as_it_was_but_for_the_apostrophes(rows: list[tuple[str, int]]) -> None:
    table = Table("t", "T", ("What", "Many"), tuple(rows))

    back = list(csv.reader(io.StringIO(as_csv(table), newline="")))

    assert back[0] == ["What", "Many"]
    assert [(row[0], int(row[1])) for row in back[1:]] == [
        (harmless(words), many) for words, many in rows
    ]


def test_columns_are_as_high_as_their_numbers() -> None:
    drawn = chart.columns("c", ["a", "b"], [(4, 0), (2, 1)], ("in", "out"))

    assert [(bar.style, bar.height) for bar in drawn.bars] == [
        (0, chart.PLOT),
        (0, chart.PLOT / 2),
        (1, chart.PLOT / 4),
    ]
    assert len({bar.y + bar.height for bar in drawn.bars}) == 1


@pytest.mark.parametrize("weeks", [1, 4, 52])
def test_columns_stay_inside_the_picture_and_beside_each_other(weeks: int) -> None:
    drawn = chart.columns("c", [], [(1, 2, 3)] * weeks, ("a", "b", "c"))

    ends = [(bar.x, bar.x + bar.width) for bar in drawn.bars]
    assert ends == sorted(ends)
    assert all(end <= start for (_, end), (start, _) in pairwise(ends))
    assert ends[-1][1] <= chart.WIDE


def test_nothing_is_drawn_of_what_there_is_not_enough_of() -> None:
    few = chart.ranges("r", [Range("Stage", None, None, "not enough data")], ())
    side = chart.stacks("s", [Parts("Side", (1, 2), enough=False, said="3")], ("a", "b"))

    assert not few.bars
    assert not few.lines
    assert not side.bars
    assert [word.text for word in side.words] == ["Side", "3"]


def test_the_parts_of_a_side_fill_its_bar() -> None:
    drawn = chart.stacks("s", [Parts("Side", (1, 0, 3), enough=True, said="4")], ("a", "b", "c"))

    assert [bar.style for bar in drawn.bars] == [0, 2]
    assert drawn.bars[1].x + drawn.bars[1].width == pytest.approx(chart.WIDE, abs=1.5)
    assert chart.columns("c", [], [], ()).bars == ()
