"""Hebrew and Arabic are read from where the letters stand, in whatever order they were drawn."""

import pytest

from claims.web.pdf.visual import Glyph, is_leftward, logical


def glyphs(shown: str) -> list[Glyph]:
    """Letters as they stand from left to right, drawn in any order; spaces are only gaps."""
    placed = [Glyph(char, at * 6.0, at * 6.0 + 6) for at, char in enumerate(shown) if char != " "]
    # Every other one first, then from the end.
    return placed[::2] + placed[1::2][::-1]


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        ("םולש", "שלום"),
        ("ًاركش", "شكراً"),
        (".2026 תנשב לדגי ביצקתה", "התקציב יגדל בשנת 2026."),
        ("5.4-ב ולע םיריחמה", "המחירים עלו ב-5.4"),
        ("20 10 ןיב", "בין 10 20"),
        ("1,234 ىلإ عفترا", "ارتفع إلى 1,234"),
        ("١٢٣ نفس", "سفن ١٢٣"),
        ("עיגה Boeing 737 סוטמה", "המטוס Boeing 737 הגיע"),
        ("The word םולש תא means the peace of all", "The word את שלום means the peace of all"),
        ("In 2026 he wrote 7 םירפס here and there", "In 2026 he wrote 7 ספרים here and there"),
    ],
)
def test_a_line_is_read_as_it_is_meant(shown: str, read: str) -> None:
    assert logical(glyphs(shown), height=12, leftward=is_leftward(shown)) == read


def test_a_long_foreign_name_does_not_turn_a_page_that_is_read_leftwards() -> None:
    shown = "רמא World Health Organization ןוגרא"
    read = "ארגון World Health Organization אמר"
    assert logical(glyphs(shown), height=12, leftward=True) == read


@pytest.mark.parametrize("shown", [".(2 תמועל) םיזוחא", ".)2 תמועל( םיזוחא"])
def test_brackets_open_where_they_open_whether_letters_or_shapes_are_told(shown: str) -> None:
    assert logical(glyphs(shown), height=12, leftward=True) == "אחוזים (לעומת 2)."


def test_points_go_with_the_letter_they_stand_at() -> None:
    points = [Glyph("\u05b8", 7.5, 10), Glyph("\u05b9", 2, 3)]
    assert (
        logical([*points, Glyph("ש", 6, 12), Glyph("ל", 0, 6)], height=12, leftward=True) == "שָלֹ"
    )


def test_a_space_that_was_drawn_is_one_and_one_without_width_is_none() -> None:
    letters = [Glyph("ב", 0, 6), Glyph("א", 7, 13)]
    assert logical([*letters, Glyph(" ", 6, 7)], height=12, leftward=True) == "א ב"
    assert logical([*letters, Glyph(" ", 6.5, 6.5)], height=12, leftward=True) == "אב"
