"""Markup is read as browsers do, whatever stands in it."""

import pytest

from claims.web.page import read
from tests.claims.web.pages import SENTENCE, WORDS, html


@pytest.mark.parametrize("character", ["&#1;", "&#x1f;", "\x01", "\x0c", "&#0;", "\x0b"])
def test_control_characters_cost_no_words(character: str) -> None:
    assert SENTENCE.strip() in read(html(f"{WORDS}<p>{character}</p>")).text


def test_numbers_of_old_letters_are_read_as_browsers_do() -> None:
    page = read(
        html(f"{WORDS}<p>It&#146;s &#x93;closed&#148; for &#128; 5, &#8217;twas said.</p>")
    )
    assert "It’s “closed” for € 5, ’twas said." in page.text
