"""Quotes are found where they stand, and found again after small changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.text.passage import How, anchor_at, find, find_again

TEXT = (
    "The mayor said the “bridge” is closed. Nobody asked why.\n"
    "The engineer said the bridge is safe for lorries up to seven tonnes, and left.\n"
    "The mayor said the “bridge” is closed. Everybody nodded."
)


def test_words_are_found_where_they_stand() -> None:
    found = find(TEXT, "Nobody asked why.")
    assert found is not None
    assert TEXT[found.start : found.end] == "Nobody asked why."
    assert found.how is How.EXACT


@pytest.mark.parametrize(
    "typed",
    [
        'the mayor said the "bridge" is closed',
        "The mayor said   the “bridge”\nis closed",
        "THE MAYOR SAID THE \u00abBRIDGE\u00bb IS CLOSED",
        "The mayor said the “brid\u00adge” is closed",
    ],
)
def test_spaces_quotes_case_and_hidden_marks_make_no_difference(typed: str) -> None:
    found = find(TEXT, typed)
    assert found is not None
    assert TEXT[found.start : found.end] == "The mayor said the “bridge” is closed"
    assert found.how is How.SPELLING


def test_what_stands_around_tells_one_place_from_another() -> None:
    words = "The mayor said the “bridge” is closed."
    first, second = TEXT.index(words), TEXT.rindex(words)
    assert find(TEXT, words).start == first  # type: ignore[union-attr]
    assert find(TEXT, words, suffix=" Everybody nodded").start == second  # type: ignore[union-attr]
    assert find(TEXT, words, prefix="tonnes, and left.\n").start == second  # type: ignore[union-attr]
    assert find(TEXT, words, near=second + 3).start == second  # type: ignore[union-attr]


def test_other_words_are_not_found() -> None:
    assert find(TEXT, "The mayor said the bridge is open") is None
    assert find(TEXT, "the engineer said the bridge is safe for lorries up to nine tonnes") is None
    assert find(TEXT, " \n ") is None


def test_a_passage_is_found_again_after_small_changes() -> None:
    found = find_again(TEXT, "The engineer said the old bridge is safe for lorries up to 7 tonnes")
    assert found is not None
    assert found.how is How.CHANGED
    assert TEXT[found.start : found.end] == (
        "The engineer said the bridge is safe for lorries up to seven tonnes"
    )


def test_something_else_is_not_found_again() -> None:
    assert (
        find_again(TEXT, "The engineer said the tunnel will open to buses in the spring") is None
    )
    assert find_again(TEXT, "the tunnel") is None


def test_a_long_quote_in_a_long_text_is_found_again() -> None:
    words = [f"word{n * 7919 % 9973}" for n in range(60_000)]
    quote = words[40_000:40_600]
    changed = [*quote[:300], "inserted", *quote[301:]]
    text = " ".join(words)
    found = find_again(text, " ".join(changed))
    assert found is not None
    assert text[found.start : found.end] == " ".join(quote)


@given(st.text(max_size=200), st.integers(0, 200), st.integers(0, 200))
def test_every_passage_is_found_in_its_own_text(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    if start == end:
        with pytest.raises(ValueError, match="no passage"):
            anchor_at(text, start, end)
        return
    anchor = anchor_at(text, start, end)
    assert text[anchor.start : anchor.end] == anchor.exact
    found = find(text, anchor.exact, prefix=anchor.prefix, suffix=anchor.suffix, near=anchor.start)
    if anchor.exact.strip():
        assert found is not None
        assert text[found.start : found.end] == anchor.exact
    else:
        assert found is None
