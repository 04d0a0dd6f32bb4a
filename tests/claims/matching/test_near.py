"""Claims in nearly the same words are found; those that are only about the same are not."""

import pytest

from claims.matching.near import near
from claims.models import Claim
from tests import factories

pytestmark = pytest.mark.django_db


def found(claim: Claim, most: int = 5) -> list[str]:
    return [one.claim.text for one in near(claim, by=factories.reviewer(), most=most)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "The bridge at Orrel was closed on Monday.",
            "“The bridge at Orrel was closed on Monday”",
        ),
        ("The bridge at Orrel was closed on Monday.", "The Orrel bridge was closed on Monday."),
        ("أُغلق الجسر في أوريل يوم الاثنين", "أُغلق الجسر في أوريل يوم الاثنين الماضي"),
        ("הגשר באורל נסגר ביום שני", "הגשר באורל נסגר ביום שני האחרון"),
    ],
)
def test_nearly_the_same_words_are_near(one: str, other: str) -> None:
    claim, near_it = factories.claim(one), factories.claim(other)

    assert found(claim) == [near_it.text]


def test_the_most_alike_come_first_and_others_do_not_come() -> None:
    claim = factories.claim("The bridge at Orrel was closed on Monday.")
    factories.claim("The bridge at Orrel was closed on Tuesday.")
    factories.claim("the bridge at Orrel was closed on “Monday”.")
    factories.claim("The ferry to Orrel sails again.")

    assert found(claim) == [
        "the bridge at Orrel was closed on “Monday”.",
        "The bridge at Orrel was closed on Tuesday.",
    ]
    assert found(claim, most=1) == ["the bridge at Orrel was closed on “Monday”."]


def test_what_somebody_may_not_know_of_is_not_near() -> None:
    claim = factories.claim("The bridge at Orrel was closed on Monday.")
    factories.claim("The bridge at Orrel was closed on Tuesday.", visibility="restricted")

    assert found(claim) == []
