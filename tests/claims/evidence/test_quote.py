"""A quote is kept as it stands in the captured text, however it was copied from there."""

import pytest

from claims.evidence.quote import placed

BROKEN = "They mis\u00adunderstood the well\u00adknown report."


@pytest.mark.parametrize(
    ("copied", "kept"),
    [
        ("They misunderstood", "They mis\u00adunderstood"),
        ("They mis-\r\nunderstood the", "They mis\u00adunderstood the"),
        ("They mis\u00ad\nunderstood the", "They mis\u00adunderstood the"),
        ("They mis\ufffeunderstood the", "They mis\u00adunderstood the"),
        ("They mis- understood the well- known", "They mis\u00adunderstood the well\u00adknown"),
        ("the well-known report", "the well-known report"),
    ],
)
def test_words_copied_with_the_ends_of_their_lines_are_those_words(copied: str, kept: str) -> None:
    place = placed({"exact": copied}, BROKEN)
    assert place is not None
    assert place["exact"] == kept


def test_a_hyphen_at_the_end_of_a_copied_line_may_be_the_words_own() -> None:
    place = placed({"exact": "a well-\nknown one"}, "It is a well-known one.")
    assert place is not None
    assert place["exact"] == "a well-known one"


def test_half_of_a_broken_word_is_no_quote() -> None:
    assert placed({"exact": "understood the"}, BROKEN) is None
    assert placed({"exact": "They mis"}, BROKEN) is None
    assert placed({"exact": "understood the", "prefix": "They mis"}, BROKEN) is not None
