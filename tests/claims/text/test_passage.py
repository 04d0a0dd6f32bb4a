"""Quotes are found where they stand, and found again after small changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.text.passage import (
    How,
    anchor_at,
    find,
    find_again,
    hyphened,
    parts_a_word,
    stands_between,
)

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


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("puis «\u202fOui\u202f», dit-il", '"Oui", dit-il'),
        ("Vraiment\u202f? Oui.", "vraiment? oui."),
        ("He said: wait… what now", "wait... what"),
        ("The café near it — “Le Pont” — closed", 'near it—"Le Pont" – closed'),
        ("from 5–6 points to", "5 – 6 points"),
        ("code ABC123，here", "ＡＢＣ１２３，"),
        ("the ﬁnal oﬃce", "final office"),
    ],
)
def test_the_habits_of_typesetters_make_no_difference(text: str, typed: str) -> None:
    found = find(text, typed)
    assert found is not None
    assert found.how is How.SPELLING


@pytest.mark.parametrize(
    ("text", "typed", "stands"),
    [
        ("قال إنّ المِيناءَ مُغلقٌ اليومَ.", "الميناء مغلق اليوم", "المِيناءَ مُغلقٌ اليومَ"),
        ("قال إن الميناء مغلق اليوم.", "المِيناءَ مُغلقٌ اليومَ", "الميناء مغلق اليوم"),
        ("شكرًا جزيلًا لكم", "شكرا جزيلا لكم", "شكرًا جزيلًا لكم"),
        ("قال: المـيـنـاء مغلق", "الميناء مغلق", "المـيـنـاء مغلق"),
        ("אמר שהַנָּמֵל סָגוּר היום", "שהנמל סגור היום", "שהַנָּמֵל סָגוּר היום"),
    ],
)
def test_signs_that_may_be_left_out_make_no_difference(text: str, typed: str, stands: str) -> None:
    found = find(text, typed)
    assert found is not None
    assert (text[found.start : found.end], found.how) == (stands, How.SPELLING)


def test_the_same_words_in_another_spelling_are_meant_where_they_are_said_to_stand() -> None:
    text = 'She said: “no way” and left. Later the paper wrote "no way" again.'
    found = find(text, '"no way"', prefix="She said: ")
    assert found is not None
    assert text[found.start : found.end] == "“no way”"


def test_whole_words_come_before_parts_of_words() -> None:
    text = "Iranian masons came. Masons of Iran left."
    assert find(text, "Iran").start == text.rindex("Iran")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "place", "parted"),
    [
        ("killed 200 people", "killed 20", True),
        ("illegal", "il", True),
        ("3,000", "3", True),
        ("1.25", "1.2", True),
        ("cafe\u0301", "cafe", True),
        ("in 1822. The", "in 1822", False),
        ("Weir’s", "Weir", False),
        ("והשלום", "וה", False),
        ("mis\u00adunderstood", "mis", True),
        ("mis\u00adunderstood", "mis\u00ad", True),
        ("a\u00ad b", "a\u00ad", False),
        ("入口", "入", False),
    ],
)
def test_a_word_or_number_is_one_piece(text: str, place: str, *, parted: bool) -> None:
    assert parts_a_word(text, len(place)) is parted


BROKEN = "They mis\u00adunderstood the well\u00adknown and the re\u00adsigned."


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ("They misunderstood the well-known", "They mis\u00adunderstood the well\u00adknown"),
        ("misunderstood the wellknown and", "mis\u00adunderstood the well\u00adknown and"),
        ("the WELL\u2011KNOWN and the resigned.", "the well\u00adknown and the re\u00adsigned."),
        ("the well-known and the re-signed", "the well\u00adknown and the re\u00adsigned"),
        ("mis-under-stood", None),
    ],
)
def test_a_word_that_a_line_broke_has_its_hyphen_or_not(typed: str, stands: str | None) -> None:
    found = find(BROKEN, typed)
    assert (found and BROKEN[found.start : found.end]) == stands


def test_what_stands_around_may_be_broken_by_a_line_too() -> None:
    found = find(BROKEN, "and the", prefix="well-known", suffix="re-signed")
    assert found is not None
    assert all(stands_between(BROKEN, found, prefix="well-known", suffix="re-signed"))
    assert hyphened(BROKEN, "well-known") == BROKEN.replace("well\u00ad", "well-")
    assert hyphened("a\u00ad" * 20_000, "a-b") == "a\u00ad" * 20_000


SPEECH = (
    "He was asked again. The tax is five percent, the minister said on Monday. Nobody replied,"
    " and that was all for the day. The tax is due, others said."
)


@pytest.mark.parametrize(
    ("quote", "now"),
    [("five percent", "six percent"), ("Nobody replied", "Nobody answered")],
)
def test_a_few_words_are_found_again_between_what_stood_around_them(quote: str, now: str) -> None:
    kept = anchor_at(SPEECH, SPEECH.index(quote), SPEECH.index(quote) + len(quote))
    text = SPEECH.replace(quote, now)
    found = find_again(text, quote, prefix=kept.prefix, suffix=kept.suffix)
    assert found is not None
    assert (text[found.start : found.end], found.how) == (now, How.CHANGED)
    other = SPEECH.replace(quote, "zebra")
    assert find_again(other, quote, prefix=kept.prefix, suffix=kept.suffix) is None


def test_of_equal_passages_the_one_between_the_same_words_is_found_again() -> None:
    said = "The bridge is closed to all heavy {} today. "
    text = said + "Filler one stands here. " + said + "Filler two stands there."
    old, new = (text.format(word, word) for word in ("traffic", "trucks"))
    words = said.format("traffic").strip()
    kept = anchor_at(old, old.rindex(words), old.rindex(words) + len(words))
    found = find_again(new, kept.exact, prefix=kept.prefix, suffix=kept.suffix)
    assert found is not None
    assert found.start == new.rindex("The bridge")


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
