"""In a long text passages are found where they are found in a short one, only sooner."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from claims.text.likely import likely_parts
from claims.text.passage import find

FILLER = "Zzz 0 zzz.\n" * 950
SIGNS = "abAB stfilßſSUuıKkdg12-–'’«»…?!  \u00ad\n\u00a0éÉءבְ港"


@settings(deadline=None)
@given(st.text(SIGNS, min_size=3, max_size=40), st.text(SIGNS, min_size=1, max_size=12))
@example("The ﬁnal straße", "FINAL STRASSE")
@example("it is mis\u00adunder\u00adstood", "Misunderstood")
@example("a  \n  well-known\u00a0thing", "WELL–KNOWN THING")
@example("הַשָּׁלוֹם הזה", "השלום הזה")
@example("２０２６ was ｆｕｌｌ", "2026 WAS FULL")
@example("a" + " " * 40 + "word", "A WORD")
@example("cafe\u0301 society", "CAFÉ SOCIETY")
def test_a_passage_is_found_in_a_long_text_as_in_a_short_one(text: str, typed: str) -> None:
    short = find(f". {text} .", typed)
    long = find(f"{FILLER}. {text} .{FILLER}", typed)
    if "z" in typed.casefold() or typed.strip() in {"0", ".", ""}:
        return
    assert (long and (long.start - len(FILLER), long.end - len(FILLER), long.how)) == (
        short and (short.start, short.end, short.how)
    )


@pytest.mark.parametrize("sign", ["ـ", "\u200d", "\u0301", "\u00ad\u00ad", " " * 9])
def test_of_a_text_with_unusual_signs_nothing_is_told(sign: str) -> None:
    text = f"{FILLER}e{sign}{FILLER}"
    assert likely_parts(text, "bridge") == [(0, len(text))]


def test_a_long_text_is_looked_at_where_its_rarest_word_stands() -> None:
    text = f"{FILLER}The Bridge is shut.{FILLER}A bri\u00addge{FILLER}"
    [one, two] = likely_parts(text, "the bridge is")
    assert text[slice(*one)].count("Bridge") == 1
    assert text[slice(*two)].count("bri\u00addge") == 1
    assert likely_parts(text, "harbour") == []
    assert likely_parts(text, "is it so") == [(0, len(text))]
    assert likely_parts("short", "harbour") == [(0, 5)]
