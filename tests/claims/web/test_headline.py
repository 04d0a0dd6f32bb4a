"""The headline is the one that readers see, without the name of the site."""

import pytest

from claims.web.page import read
from tests.claims.web.pages import WORDS, html, meta


@pytest.mark.parametrize(
    "title",
    [
        "The ferry stops | The Marlby Post",
        "The ferry stops - The Marlby Post",
        "The Marlby Post: The ferry stops".replace(": ", " : "),
        "The ferry stops — marlby.example",
        "The ferry stops",
    ],
)
def test_the_site_is_not_part_of_the_headline(title: str) -> None:
    page = read(
        html(head=meta("og:site_name", "The Marlby Post"), title=title),
        url="https://www.marlby.example/a",
    )
    assert page.title == "The ferry stops"


@pytest.mark.parametrize(
    "title",
    [
        "Marlby – a town without a ferry",
        "Ferry: the board speaks",
        "War - and peace - in Marlby",
        "Marlby-Orrel line closed",
    ],
)
def test_a_dash_in_a_headline_is_left_alone(title: str) -> None:
    assert read(html(title=title), url="https://www.orrel.example/a").title == title


def test_the_headline_on_the_page_wins_over_the_one_for_machines() -> None:
    page = read(html(f"<h1>“The ferry stops”</h1>{WORDS}", title='"The ferry stops" - Somewhere'))
    assert page.title == "“The ferry stops”"
