"""Queries come from a claim's own words, narrow first; what is only reporting is left out."""

import re

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


@pytest.mark.parametrize(
    ("language", "claim", "narrow"),
    [
        ("en", "The Marlby Health Board reported 3 million deaths from tuberculosis in 2023.",
         "Marlby Health Board 3 million deaths tuberculosis 2023"),
        ("en", "Orle’s unemployment rate fell to 10.6% in the EU on 4 March.",
         "Orle unemployment rate 10.6 EU March"),
        ("en", 'Rhea Vant said "there is no plan to close the old bridge at all before winter".',
         '"there is no plan to close the old" Rhea Vant'),
        ("es", "La alcaldesa Ana Ruzo dijo que Quelada «no venderá el puerto» en 2025.",
         '"no venderá el puerto" Ana Ruzo Quelada 2025'),
        ("fr", "L’Ostal indique que le chômage a baissé à 7,3 % en 2024.",
         "Ostal chômage baissé 7,3 2024"),
        ("de", "Der Stadtrat von Marlstadt werde „keine Hafenbrücke verkaufen“, hieß es.",
         '"keine Hafenbrücke verkaufen" Stadtrat Marlstadt'),
        ("ar", "أعلنت مرلبة أنها \"لن تبيع الميناء أبدا\"", '"لن تبيع الميناء أبدا" مرلبة'),
        ("he", 'הלמ"ס של מרלבי: "לא נמכור את הנמל" עד 2025.',
         '"לא נמכור את הנמל" הלמ״ס מרלבי 2025'),
        ("tr", ("Marlbı Başkanı Orhan Vel, Ankel'in 2024'te F-16 için 23 milyar dolar ödediğini"
         " söyledi."),
         "Marlbı Başkanı Orhan Vel Ankel 2024 F-16 dolar ödediğini"),
        ("ru", "Мэр Игорь Орлов заявил, что Марлбов «не продаст портовый мост» в 2025 году.",
         '"не продаст портовый мост" Мэр Игорь Орлов Марлбов 2025'),
        ("it", "Il sindaco Vanni dice che il Ponte sull’Orle costerà 13,5 miliardi.",
         "sindaco Vanni Ponte Orle costerà 13,5 miliardi"),
    ],
)  # fmt: skip
def test_the_narrow_query_is_what_a_person_would_type(
    language: str, claim: str, narrow: str
) -> None:
    assert build(claim, language=language)[0].text == narrow


@pytest.mark.parametrize(
    ("language", "claim"),
    [
        ("de", "2023 kamen rund 55 Prozent des Stroms aus Wind- und Solarenergie."),
        ("ar", "ارتفعت أسعار الخبز في مرلبة بنسبة ٢٥٪ خلال عام ٢٠٢٣"),
        ("he", "שיעור האבטלה במרלבי עלה ל-4.1% ברבעון השני של 2024."),
    ],
)
def test_no_query_asks_for_numbers_alone(language: str, claim: str) -> None:
    found = build(claim, language=language)
    assert found
    assert all(len(re.findall(r"[^\W\d]{4,}", query.text)) > 2 for query in found)


def test_what_is_shouted_has_no_names() -> None:
    [query, *_] = build("BREAKING: ORLE BANS ALL PETROL CARS FROM 2030!!!", language="en")
    assert query.text == "ORLE BANS PETROL CARS 2030"


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
