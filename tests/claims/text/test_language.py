"""The guess at a language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.text.language import guess


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


@given(st.text(max_size=200))
def test_any_text_gives_one_of_the_known_tags(text: str) -> None:
    assert guess(text) in {"en", "fr", "es", "ar", "he", "de", "und"}
    assert guess(text) == guess(text)
