"""The guess at a language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.text.language import guess, settled


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The bridge was closed on Monday after the storm.", "en"),
        ("Le pont est fermé depuis lundi et il ne sera pas rouvert.", "fr"),
        ("El puente está cerrado desde el lunes por la tormenta.", "es"),
        ("Die Brücke ist seit Montag wegen des Sturms nicht mehr offen.", "de"),
        ("أغلق الجسر منذ يوم الاثنين بسبب العاصفة.", "ar"),
        ("הגשר סגור מאז יום שני בגלל הסערה.", "he"),
        ("پل از روز دوشنبه به دلیل طوفان بسته شده و گفته می‌شود که چند روز", "und"),
        ("Мост закрыт с понедельника из-за бури.", "und"),
        ("12345 !!", "und"),
        ("", "und"),
    ],
)
def test_the_language_is_told_by_script_and_small_words(text: str, language: str) -> None:
    assert guess(text) == language


@pytest.mark.parametrize(
    ("text", "said", "language"),
    [
        ("הגשר סגור מאז יום שני בגלל הסערה.", "en", "he"),
        ("הגשר סגור מאז יום שני בגלל הסערה.", "iw", "iw"),
        ("Le pont est fermé depuis lundi et il ne sera pas rouvert.", "en", "fr"),
        ("The bridge was closed on Monday after the storm.", "ar", "en"),
        ("A ponte está fechada desde segunda-feira, por causa de uma tempestade.", "pt", "pt"),
        ("12345 !!", "en", "en"),
        ("The bridge was closed on Monday after the storm.", "", "en"),
        ("12345 !!", "", ""),
    ],
)
def test_words_that_plainly_deny_the_declared_language_are_believed(
    text: str, said: str, language: str
) -> None:
    assert settled(text, said=said) == language


@given(st.text(max_size=200))
def test_any_text_gives_one_of_the_known_tags(text: str) -> None:
    assert guess(text) in {"en", "fr", "es", "ar", "he", "de", "und"}
    assert guess(text) == guess(text)
