"""Right of reply over REST."""

from typing import Any

import pytest

from tests import factories
from tests.rest import Api
from tests.reviews import stories

pytestmark = pytest.mark.django_db


def test_who_was_asked_and_what_they_said_is_on_record() -> None:
    claim = factories.claim()
    api = Api(factories.contributor("contributor-1"))
    path = f"claims/{claim.pk}/replies/"
    asked = {
        "asked": "The mayor",
        "role": "mayor",
        "channel": "e-mail",
        "asked_at": "2026-03-01T09:00:00Z",
        "deadline": "2026-03-02T09:00:00Z",
    }
    made = api.post(path, asked)
    assert made.status_code == 201
    assert {name: made.json()[name] for name in asked} == asked
    assert (made.json()["answer"], made.json()["added_by"]) == (None, "contributor-1")
    said = api.patch(
        f"replies/{made.json()['id']}/",
        {"answer": "“No.”", "answered_at": "2026-03-01T12:00:00Z"},
    )
    assert (said.json()["answer"], said.json()["answered_at"]) == ("“No.”", "2026-03-01T12:00:00Z")
    assert api.get(path).json() == [said.json()]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/asked"),
        ({"asked": " "}, "/asked"),
        ({"asked": "x" * 201}, "/asked"),
        ({"asked": "x", "deadline": "tomorrow"}, "/deadline"),
        (
            {"asked": "x", "asked_at": "2026-03-02T09:00:00Z", "deadline": "2026-03-01T09:00:00Z"},
            "/deadline",
        ),
        ({"asked": "x", "answer": "y", "not_asked_because": "z"}, "/not_asked_because"),
        ({"asked": "x", "phone": "1"}, "/phone"),
    ],
)
def test_what_cannot_be_used_is_named(body: dict[str, Any], pointer: str) -> None:
    claim = factories.claim()
    answer = Api(factories.contributor()).post(f"claims/{claim.pk}/replies/", body)
    assert answer.status_code == 400
    assert pointer in {one["pointer"] for one in answer.json()["errors"]}
    assert not claim.replies.exists()


def test_a_late_answer_is_a_new_version_of_the_claim() -> None:
    claim = stories.published()
    api = Api(factories.contributor())
    api.post(f"claims/{claim.pk}/replies/", {"asked": "The mayor", "answer": "“No.”"})
    assert api.get(f"claims/{claim.pk}/").headers["ETag"] != claim.etag
