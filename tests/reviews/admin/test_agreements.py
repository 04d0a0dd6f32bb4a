"""The agreement page: blind ratings alone, in words, for those who lead."""

import pytest
from django.urls import reverse

from reviews.verdicts.agreement import ENOUGH
from tests import factories
from tests.reviews import stories
from tests.reviews.admin.desk import Desk, words

pytestmark = pytest.mark.django_db
PAGE = reverse("desk:agreement")


def revealed(one: str, other: str, *, people: tuple[object, object] | None = None) -> None:
    """A round as rows: two reviews in, and revealed."""
    claim = factories.in_checking()
    round_ = claim.rounds.get()
    lead, second = people or (factories.person("reviewer"), factories.person("reviewer"))
    factories.review(round_, lead, one)  # type: ignore[arg-type]
    factories.review(round_, second, other)  # type: ignore[arg-type]
    round_.revealed_at = round_.opened_at
    round_.save()


def test_a_desk_that_just_began_is_told_that_there_is_not_enough_data() -> None:
    factories.scale()
    revealed("false", "mostly-false")

    told = words(Desk.of(factories.editor()).get(PAGE))

    assert "1 pair of ratings" in told
    assert "Not enough data" in told


def test_with_enough_rounds_there_are_values_with_intervals_and_a_picture() -> None:
    factories.scale()
    two = (factories.person("reviewer", name="ada"), factories.person("reviewer", name="bo"))
    for number in range(ENOUGH):
        revealed("false", "true" if number % 5 == 0 else "false", people=two)

    response = Desk.of(factories.editor()).get(PAGE)
    told = words(response)

    assert "0.80" in told
    assert "always the same two" in told
    assert b"<svg" in response.content
    assert b"style=" not in response.content


def test_what_nobody_may_see_yet_is_not_counted() -> None:
    claim = stories.sent_to_review()
    stories.reviewed(claim, factories.reviewer(), "false")

    assert "No round was revealed yet" in words(Desk.of(factories.admin()).get(PAGE))


def test_reviewers_are_not_shown_who_agrees_with_whom() -> None:
    assert Desk.of(factories.reviewer()).get(PAGE).status_code == 403


@pytest.mark.parametrize("query", [{"scale": "x", "days": "x"}, {"days": "-1"}, {"days": "30"}])
def test_what_is_wrong_in_the_address_falls_back_to_the_usual(query: dict[str, str]) -> None:
    factories.scale()
    assert Desk.of(factories.editor()).get(PAGE, **query).status_code == 200
