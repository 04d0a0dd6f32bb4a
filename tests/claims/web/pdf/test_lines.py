"""Printed lines become running text: whole words, whole paragraphs, no head in mid-sentence."""

from collections.abc import Sequence

import pytest

from claims.web.pdf.lines import MAYBE, Line, flowing

FULL = "a line as wide as the column is"


def stacked(*texts: str, left: float = 50, top: float = 700, pitch: float = 14) -> list[Line]:
    """Lines below each other, letters of six points."""
    return [
        Line(text, left, left + 6 * len(text), top - at * pitch - 10, top - at * pitch)
        for at, text in enumerate(texts)
    ]


def text_of(*pages: Sequence[Line]) -> str:
    return flowing(pages)[0]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ([FULL, "and it goes on"], f"{FULL} and it goes on"),
        ([FULL, "short.", "Another one"], f"{FULL} short.\nAnother one"),
        ([FULL, "• an item of a list"], f"{FULL}\n• an item of a list"),
        ([FULL, "2.1 A heading of a part"], f"{FULL}\n2.1 A heading of a part"),
        (["Year Lorries", "2024 1,234", "2025 2,345 " + FULL], None),
        ([FULL + " misun-", "derstood it"], f"{FULL} misun{MAYBE}derstood it"),
        ([FULL + " misun\u2010", "derstood it"], f"{FULL} misun{MAYBE}derstood it"),
        ([FULL + " Baden-", "Baden has it"], f"{FULL} Baden-Baden has it"),
        ([FULL + " COVID-", "19 spreads"], f"{FULL} COVID-19 spreads"),
        ([FULL + " Ein-", "und Ausfuhr"], f"{FULL} Ein- und Ausfuhr"),
        (["It is well-known.", FULL + " well-", "known it is"], None),
        (["这是十年来的最高数字和很多别的", "东西。"], "这是十年来的最高数字和很多别的东西。"),
    ],
)
def test_lines_are_joined_as_they_are_read(lines: list[str], text: str | None) -> None:
    found = text_of(stacked(*lines))
    if text is not None:
        assert found == text
    elif "Year" in found:
        assert found.startswith("Year Lorries\n2024 1,234\n2025")
    else:
        assert f"{FULL} well-known it is" in found


def test_an_indented_line_and_one_farther_below_begin_a_paragraph() -> None:
    first, second, third = stacked(FULL, FULL, FULL)
    indented = Line(FULL, second.left + 20, second.right, second.bottom, second.top)
    assert text_of([first, indented, third]) == f"{FULL}\n{FULL} {FULL}"
    below = stacked(FULL, top=664)
    assert text_of([first, second, *below]) == f"{FULL} {FULL}\n{FULL}"


def test_a_heading_in_larger_letters_stands_for_itself() -> None:
    heading = Line("The harbour report of", 50, 300, 700, 720)
    assert text_of([heading, *stacked(FULL, top=695)]) == f"The harbour report of\n{FULL}"


def test_a_sentence_runs_on_in_the_next_column_and_on_the_next_page() -> None:
    left, right = stacked(FULL, "it goes"), stacked("on there and", left=320)
    text, starts = flowing([[*left, *right], stacked("on the next page. End.")])
    assert text == f"{FULL} it goes on there and on the next page. End."
    assert text[starts[1] :] == "on the next page. End."


def test_a_word_broken_at_the_end_of_a_page_is_whole_and_each_half_on_its_page() -> None:
    text, starts = flowing([stacked(f"{FULL} misun-"), [], stacked("derstood it")])
    assert text == f"{FULL} misun{MAYBE}derstood it"
    assert text[starts[2] :] == "derstood it"
    assert len(starts) == 3
    assert starts == sorted(starts)


def test_running_heads_are_told_once_and_numbers_of_pages_not_at_all() -> None:
    pages = [
        [
            *stacked("Ministry of Harbours", top=780),
            *stacked(FULL, FULL, FULL, FULL, FULL, f"and {word} goes"),
            *stacked(f"Page {number} of 4", top=60),
            *stacked(f"{number + 6}", top=40),
        ]
        for number, word in enumerate(["one", "two", "three", "four"], start=1)
    ]
    text = text_of(*pages)
    assert text.count("Ministry of Harbours") == 1
    assert text.count("Page") == 1
    assert f"and two goes {FULL}" in text
    assert "\n8" not in text


def test_long_lines_are_no_running_heads() -> None:
    many = " ".join(map(str, range(400)))
    pages = [stacked(many, *[FULL] * 7) for _ in range(4)]
    assert text_of(*pages).count("397 398") == 4
    years = [stacked("2024", *[FULL] * 7) for _ in range(4)]
    assert text_of(*years).count("2024") == 1


def test_rows_at_the_same_height_of_each_page_are_no_running_heads() -> None:
    rows = [f"Lorries {number}" for number in (1234, 2345, 3456)]
    pages = [stacked(row, FULL, FULL, FULL, FULL, FULL, FULL, FULL) for row in rows]
    text = text_of(*pages)
    assert all(row in text for row in rows)
    short = [[*stacked(f"The bridge {number} is shut.")] for number in range(5)]
    assert text_of(*short).count("The bridge") == 5
