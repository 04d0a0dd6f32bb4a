"""An interval in words: what a reader understands without knowing what an origin is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.provenance.tongue import Tongue
from claims.provenance.words import explain

ALONE = {
    "articles": 1,
    "origins_low": 1,
    "origins_high": 1,
    "named": 0,
    "unnamed": 1,
    "untraced": 0,
    "retracted": 0,
    "circular_groups": 0,
    "unconfirmed": 0,
}


def test_many_articles_of_one_unnamed_origin_say_so() -> None:
    words = explain({**ALONE, "articles": 34})

    assert words == (
        "34 articles, but every one of them goes back to one report that names nobody."
        " No named source stands behind it."
    )


def test_named_sources_are_told_apart_from_the_rest() -> None:
    words = explain(
        {
            **ALONE,
            "articles": 16,
            "origins_low": 2,
            "origins_high": 5,
            "named": 3,
            "untraced": 1,
            "retracted": 1,
            "unconfirmed": 13,
        }
    )

    assert "at least two and at most five origins" in words
    assert "Among them three named sources; besides, one unnamed source and one untraced" in words
    assert "One source it rested on was withdrawn." in words
    assert "13 links of the chain are not yet confirmed" in words


def test_what_was_all_withdrawn_rests_on_nothing() -> None:
    words = explain({**ALONE, "origins_low": 0, "origins_high": 0, "unnamed": 0, "retracted": 1})

    assert "nothing they rest on still stands" in words


def test_no_article_is_no_number() -> None:
    assert explain({**ALONE, "articles": 0}) == "No article about this is known yet."


@given(st.fixed_dictionaries({name: st.integers(0, 40) for name in ALONE}))
def test_any_summary_reads_as_sentences(summary: dict[str, int]) -> None:
    words = explain(summary)

    assert words.endswith(".")
    assert words[0].isupper() or words[0].isdigit()
    assert "None" not in words


@pytest.mark.parametrize("named", [0, 1])
def test_it_never_says_just_one_origin(named: int) -> None:
    words = explain({**ALONE, "named": named, "unnamed": 1 - named})

    assert len(words) > len("One article, resting on one origin.")


def test_one_article_says_what_it_goes_back_to() -> None:
    assert explain(ALONE).startswith(
        "One article, and it goes back to one report that names nobody."
    )
    untraced = {**ALONE, "unnamed": 0, "untraced": 1}
    assert "one report whose own source nobody could trace" in explain(untraced)
    assert "reports that only cite one another" in explain({**untraced, "circular_groups": 1})


def test_articles_that_only_deny_are_not_called_withdrawn() -> None:
    denials = {**ALONE, "origins_low": 0, "origins_high": 0, "unnamed": 0}
    assert explain(denials) == "One article, and what was found only passes on denials."


def test_copies_are_told_from_different_texts() -> None:
    many = {**ALONE, "articles": 34, "wordings": 3}
    assert "They are three different texts; the others are copies." in explain(many)
    assert "They are all copies of one text." in explain({**many, "wordings": 1})


def test_two_mouths_of_one_body_are_explained() -> None:
    two = {**ALONE, "articles": 2, "origins_high": 2, "named": 2, "unnamed": 0}
    assert "count as one voice" in explain(two)
    # While links are open, the low end may be low for want of a decision.
    assert "count as one voice" not in explain({**two, "unconfirmed": 1})


def test_each_sentence_is_told_in_the_language_of_the_reader() -> None:
    asked: list[str] = []

    def shouted(message: str) -> str:
        asked.append(message)
        return (
            message.upper()
            .replace("%(ARTICLES)S", "%(articles)s")
            .replace("%(ORIGIN)S", "%(origin)s")
        )

    words = explain(
        {**ALONE, "articles": 34},
        tongue=Tongue(shouted, lambda one, many, count: "%(count)s ARTIKEL"),
    )

    assert words == (
        "34 ARTIKEL, BUT EVERY ONE OF THEM GOES BACK TO ONE REPORT THAT NAMES NOBODY."
        " NO NAMED SOURCE STANDS BEHIND IT."
    )
    assert "No named source stands behind it." in asked
