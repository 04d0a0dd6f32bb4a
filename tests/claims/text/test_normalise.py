"""One spelling for one word, with every offset still traceable."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from claims.text.normalise import folded, normalise, plain, straighten

TRICKY = st.text(
    alphabet=st.sampled_from("aeé e\u0301\u200b\u200f\u00ad\u202b\ufeffقُלָ가각\u0308😀\n“”'")
    | st.characters(codec="utf-8"),
    max_size=60,
)


def test_invisible_characters_go_and_spans_lead_back() -> None:
    text = "Kell\u200bford \u202babc\u202c re\u00adport"

    clean = normalise(text)

    assert clean.text == "Kellford abc report"
    start = clean.text.index("report")
    assert text[slice(*clean.span(start, start + 6))] == "re\u00adport"


def test_a_composed_letter_stands_for_its_base_and_mark() -> None:
    clean = normalise("cafe\u0301!")

    assert clean.text == "café!"
    assert clean.span(3, 4) == (3, 5)


def test_quotation_marks_are_straightened_in_place() -> None:
    assert straighten("« “Oui” ‘non’ »") == '" "Oui" \'non\' "'


def test_plain_text_has_single_spaces_and_keeps_case() -> None:
    assert plain("The\u00a0“Herald”\n  said") == 'The "Herald" said'


def test_folded_text_ignores_case_accents_and_vowel_points() -> None:
    assert folded("ÉCHO") == folded("echo")
    assert folded("קוֹל") == folded("קול")


@given(TRICKY)
def test_every_piece_of_clean_text_leads_back_to_its_original(text: str) -> None:
    clean = normalise(text)

    assert unicodedata.is_normalized("NFC", clean.text)
    assert len(clean.starts) == len(clean.ends) == len(clean.text)
    for at, char in enumerate(clean.text):
        start, end = clean.span(at, at + 1)
        assert 0 <= start < end <= len(text)
        assert char in unicodedata.normalize("NFC", text[start:end])


@given(TRICKY)
def test_straightening_never_moves_a_character(text: str) -> None:
    assert len(straighten(text)) == len(text)
