"""Queries come from a claim's own words, narrow first; what is only reporting is left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.coverage.queries import LENGTH_MAX, QUERIES_MAX, Query, build, by_hand
from claims.coverage.relevance import ENOUGH, best_share

LETTER = 'Pakistan has reportedly initiated "secret normalisation talks" with Israel'


def test_the_narrow_query_has_the_exact_words_and_the_names() -> None:
    assert build(LETTER, language="en")[0].text == '"secret normalisation talks" Pakistan Israel'


def test_words_that_only_say_that_somebody_says_so_are_left_out() -> None:
    for query in build(LETTER, language="en"):
        assert "reportedly" not in query.text


def test_numbers_are_kept() -> None:
    assert any("3.5" in query.text for query in build("Crime fell by 3.5% in 2019 in Brindle."))


def test_the_headline_of_the_article_is_asked_for_too() -> None:
    found = build(LETTER, language="en", headline="Pakistan sends envoy to Israel")
    assert any("envoy" in query.text for query in found)


def test_a_headline_in_title_case_has_no_names_of_its_own() -> None:
    found = build("", headline="Big Storm Hits Old Harbour Town At Night", language="en")
    assert found
    assert best_share(found, "A big storm hit the old harbour town.") >= ENOUGH


@pytest.mark.parametrize(
    ("words", "language", "other_form"),
    [
        (
            "بدأت باكستان محادثات تطبيع سرية مع إسرائيل",
            "ar",
            "المحادثات والتطبيع في باكستان وإسرائيل سرية",
        ),
        ("פקיסטן פתחה בשיחות חשאיות עם ישראל", "he", "השיחות החשאיות של פקיסטן עם ישראל"),
        ("Normalisation talks between Alba and Brea", "en", "Alba, Brea talk of normalization"),
        ("La Ville ferme le pont du port", "fr", "Le pont du port est fermé, dit la Ville"),
    ],
)
def test_other_forms_of_a_word_are_found(words: str, language: str, other_form: str) -> None:
    assert best_share(build(words, language=language), other_form) >= ENOUGH


def test_two_countries_alone_make_no_story() -> None:
    text = "Pakistan and Israel both sent athletes to the games."
    assert best_share(build(LETTER, language="en"), text) < ENOUGH


def test_a_topic_alone_makes_no_story() -> None:
    text = "Secret talks on normalisation were initiated between Alba and Brea."
    assert best_share(build(LETTER, language="en"), text) < ENOUGH


def test_a_query_of_a_person_may_be_the_address_of_a_page() -> None:
    [words, page] = by_hand(["harbour  bridge", "https://paper.example/a?utm_source=x"])
    assert (words.text, words.address) == ("harbour bridge", "")
    assert page.address == "https://paper.example/a"


def test_pages_whose_addresses_differ_in_case_alone_are_two() -> None:
    both = ["https://paper.example/A", "https://paper.example/a"]
    assert [query.address for query in by_hand([*both, both[0]])] == both


@given(st.text(max_size=400), st.text(max_size=100))
def test_any_words_give_few_short_queries_that_survive_storing(words: str, head: str) -> None:
    found = build(words, headline=head)
    assert len(found) <= QUERIES_MAX
    for query in found:
        assert 0 < len(query.text) <= LENGTH_MAX
        assert Query.from_json(query.as_json()) == query
    assert 0 <= best_share(found, words) <= 1
