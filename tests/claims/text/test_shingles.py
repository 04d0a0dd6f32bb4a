"""How much of one text stands in another: cut, sampled, compared and shown."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.text.shingles import (
    KEEP_AT_LEAST,
    boilerplate,
    containment,
    folded_word,
    passages,
    shingles,
    sketch,
    without,
)
from tests.claims.text.generator import COPIES, article, dice


def hashes(text: str) -> frozenset[int]:
    return frozenset(shingles(text).hashes)


def test_case_accents_and_punctuation_make_no_difference() -> None:
    plain = hashes("The cafe opened in 1911, he said")
    assert hashes("the CAFÉ — opened in “1911”; he\nsaid.") == plain


def test_arabic_vowels_and_digits_make_no_difference() -> None:
    assert hashes("قالَ الوزيرُ إنّ ١٢ سفينة غرقت") == hashes("قال الوزير ان 12 سفينة غرقت")


def test_hebrew_points_make_no_difference() -> None:
    assert hashes("שָׁלוֹם לכל תושבי העיר") == hashes("שלום לכל תושבי העיר")


def test_a_script_without_spaces_is_cut_sign_by_sign() -> None:
    assert len(shingles("渡船今天停运").hashes) == 4


def test_hidden_characters_inside_a_word_make_no_difference() -> None:
    assert folded_word("infor\u00admation") == "information"
    assert hashes("the in\u00adfor\u200bmation desk \u200fopens") == hashes(
        "the information desk opens"
    )


def test_two_words_are_one_shingle_and_none_are_none() -> None:
    assert len(shingles("Ferry closed").hashes) == 1
    assert not shingles(" … — ").hashes
    assert containment(hashes(""), hashes("some words here")) == 0.0


def test_a_hash_is_the_same_in_every_process_and_fits_postgres() -> None:
    assert list(shingles("the ferry is closed").hashes) == [
        -5818507512911073106,
        -6887530695233035996,
    ]
    assert all(-(2**63) <= value < 2**63 for value in hashes(article(3)))


def test_a_sketch_keeps_every_eighth_shingle_and_at_least_sixty_four() -> None:
    long, short = hashes(article(1, sentences=200)), hashes("one two three four five")
    kept = set(sketch(long))
    assert kept == {value for value in long if value % 8 == 0}
    assert set(sketch(short)) == short
    assert len(sketch(hashes(article(2, sentences=5)))) >= KEEP_AT_LEAST


@pytest.mark.parametrize("kind", COPIES)
def test_a_copy_shares_part_of_its_sketch_with_the_original(kind: str) -> None:
    text = article(11)
    copied = COPIES[kind](text, dice(12))
    assert len(set(sketch(hashes(text))) & set(sketch(hashes(copied)))) >= 8


def test_what_five_articles_of_a_site_share_does_not_count() -> None:
    notice = "Support our newsroom with a gift of any size today."
    pages = [f"{article(n, sentences=6)} {notice}" for n in range(5)]
    common = boilerplate(hashes(page) for page in pages)
    assert hashes(notice) <= common
    assert containment(without(hashes(pages[0]), common), without(hashes(pages[1]), common)) < 0.1
    assert not boilerplate(hashes(page) for page in pages[:4])


def test_a_text_its_site_published_five_times_is_no_boilerplate() -> None:
    same = hashes(article(5))
    assert without(same, boilerplate([same] * 5)) == same


def test_shared_passages_are_shown_where_they_stand_in_both_texts() -> None:
    here = "First things first. The old pier was closed on Monday after a survey. Good."
    there = "In Marlby, THE OLD PIER was closed on monday after a survey, they say."
    (found,) = passages(shingles(here), shingles(there))
    assert here[slice(*found.here)] == "The old pier was closed on Monday after a survey"
    assert there[slice(*found.there)] == "THE OLD PIER was closed on monday after a survey"
    assert (found.words, found.said) == (10, False)


def test_a_passage_in_quotation_marks_is_told_from_the_writers_own_words() -> None:
    here = "She said: “Every rivet is being looked at as we speak.” Then she left."
    there = "“Every rivet is being looked at as we speak,” she told the council."
    assert [found.said for found in passages(shingles(here), shingles(there))] == [True]


@given(st.text(max_size=300))
def test_any_text_is_cut_and_its_spans_lie_inside_it(text: str) -> None:
    cut = shingles(text)
    assert len(cut.hashes) == len(cut.said) == max(len(cut.spans) - 2, min(len(cut.spans), 1))
    assert all(0 <= start < end <= len(text) for start, end in cut.spans)
    assert all(
        text[slice(*found.here)] and text[slice(*found.there)] for found in passages(cut, cut)
    )


def test_a_sentence_of_a_megabyte_is_cut_in_seconds() -> None:
    long = " ".join(f"word{n % 9000}" for n in range(130_000))
    started = time.perf_counter()
    cut = shingles(long)
    assert len(passages(cut, cut)) == 1
    assert time.perf_counter() - started < 10
