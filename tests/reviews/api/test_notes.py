"""Notes over REST: written and read by people, and blind while a round is."""

import json

import pytest

from reviews.models import Note, Notification
from tests import factories
from tests.rest import Api
from tests.reviews import stories

pytestmark = pytest.mark.django_db


def test_a_note_is_written_once_read_by_colleagues_and_tells_whom_it_names() -> None:
    claim, author = factories.claim(), factories.contributor("ana")
    factories.reviewer("bo")
    path, said = f"claims/{claim.pk}/notes/", {"text": "@bo, look at the map."}

    made, again = (Api(author).post(path, said, Idempotency_Key="one") for _ in range(2))

    assert (made.status_code, again.status_code) == (201, 201)
    assert made.json() == again.json()
    assert (made.json()["author"], made.json()["text"]) == ("ana", "@bo, look at the map.")
    assert Api(factories.editor()).get(path).json() == [made.json()]
    assert Notification.objects.get().person.username == "bo"


def test_what_a_reviewer_notes_in_a_blind_round_is_read_after_the_reveal() -> None:
    claim = stories.sent_to_review()
    lead, second = factories.reviewer("lead"), factories.reviewer("second")
    path = f"claims/{claim.pk}/notes/"
    Api(lead).post(path, {"text": "Plainly false."})
    Api(factories.editor()).post(path, {"text": "Due on Friday."})

    before = Api(second).get(path).json()
    assert [one["text"] for one in before] == ["Due on Friday."]
    assert [one["text"] for one in Api(lead).get(path).json()] == [
        "Plainly false.",
        "Due on Friday.",
    ]
    for elsewhere in (f"claims/{claim.pk}/", f"events/?claim={claim.pk}", "events/"):
        assert "Plainly" not in json.dumps(Api(second).get(elsewhere).json())

    stories.reviewed(claim, lead)
    stories.reviewed(claim, second)
    assert len(Api(second).get(path).json()) == 2


def test_a_service_reads_and_writes_none() -> None:
    claim = factories.claim()
    Api(factories.editor()).post(f"claims/{claim.pk}/notes/", {"text": "Ring Bo first."})
    service = Api(factories.service("claims:read", "claims:write"))

    for answer in (
        service.get(f"claims/{claim.pk}/notes/"),
        service.post(f"claims/{claim.pk}/notes/", {"text": "Hm."}),
    ):
        assert answer.status_code == 403
        assert "Bo" not in answer.content.decode()
    assert Note.objects.count() == 1


def test_notes_on_a_claim_one_may_not_know_of_are_not_there() -> None:
    claim = factories.claim(visibility="restricted")
    assert Api(factories.reviewer()).get(f"claims/{claim.pk}/notes/").status_code == 404


@pytest.mark.parametrize("text", ["", "  ", "x" * 10_001, None, 3])
def test_what_is_no_note_is_refused_at_its_field(text: object) -> None:
    claim = factories.claim()
    answer = Api(factories.editor()).post(f"claims/{claim.pk}/notes/", {"text": text})
    assert answer.status_code == 400
    assert {one["pointer"] for one in answer.json()["errors"]} == {"/text"}
