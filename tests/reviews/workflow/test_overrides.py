"""Passing a gate over: public words, a reason of the desk's list, and a note that stays inside."""

import json
from typing import Any

import pytest

from claims.errors import Invalid
from claims.ledger import read
from claims.models import Claim
from claims.models.ledger import LogEntry, Secret
from reviews.events import ClaimPublished
from reviews.models import Override
from reviews.workflow.correct import propose_correction
from reviews.workflow.step import OverrideWish, Wish
from reviews.workflow.transition import transition
from tests import factories
from tests.rest import Api
from tests.reviews import stories

pytestmark = pytest.mark.django_db

NOTE = "Two people saw it; both are protected."
SECRET = "They are Ada and Bo, of the night shift."


def passed_over(**said: str) -> Claim:
    wish = Wish(overrides=(OverrideWish("sources", NOTE, **said),))
    claim = stories.settled(rating="true")
    return transition(claim, "publish", by=factories.editor(), wish=wish)


def test_the_public_gets_the_words_and_the_desk_keeps_reason_and_note() -> None:
    claim = passed_over(reason="source_protected", private_note=SECRET)

    kept = Override.objects.get(publication=stories.living(claim))
    document = json.loads(bytes(stories.living(claim).document))

    assert document["overrides"] == [{"code": "sources", "note": NOTE}]
    assert (kept.reason, kept.private_note) == ("source_protected", SECRET)


def test_the_log_holds_what_stays_inside_as_a_commitment_alone() -> None:
    claim = passed_over(reason="source_protected", private_note=SECRET)

    entry = LogEntry.objects.get(claim=claim.pk, type=ClaimPublished.type)
    line = json.loads(bytes(entry.body))

    assert line["data"]["overrides"] == [{"code": "sources", "note": NOTE}]
    assert "Ada" not in bytes(entry.body).decode()
    assert "source_protected" not in bytes(entry.body).decode()
    assert len(line["private"]["passed_over"]) == 64
    (shown,) = read.reveal([(entry.seq, "passed_over")])
    assert shown["value"] == [{"code": "sources", "reason": "source_protected", "private": SECRET}]


def test_words_alone_are_enough_and_leave_nothing_to_commit_to() -> None:
    claim = passed_over()

    entry = LogEntry.objects.get(claim=claim.pk, type=ClaimPublished.type)

    assert Override.objects.get().reason == ""
    assert json.loads(bytes(entry.body))["private"] == {}
    assert not Secret.objects.filter(seq=entry.seq).exists()


@pytest.mark.parametrize(
    "said", [{"reason": "we felt like it"}, {"private_note": "x" * 10_001}], ids=["reason", "note"]
)
def test_a_reason_is_of_the_list_and_a_note_has_an_end(said: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        passed_over(**said)
    assert not Override.objects.exists()


def test_a_correction_carries_them_over() -> None:
    claim = passed_over(reason="source_protected", private_note=SECRET)

    propose_correction(
        claim,
        by=factories.editor(),
        kind="typo",
        note="A letter.",
        changes={"claimant": ("Somebody", "person")},
    )

    newest = Override.objects.filter(publication__version=2).get()
    assert (newest.reason, newest.private_note) == ("source_protected", SECRET)


@pytest.mark.parametrize(
    ("said", "reason", "private"),
    [
        ({}, "", ""),
        ({"reason": "no_second_source"}, "no_second_source", ""),
        ({"reason": "other", "private": SECRET}, "other", SECRET),
        ({"private_note": SECRET}, "", SECRET),
    ],
)
def test_over_rest_reason_and_note_may_be_left_out(
    said: dict[str, Any], reason: str, private: str
) -> None:
    claim = stories.settled(rating="true")
    api = Api(factories.editor())

    answer = api.post(
        f"claims/{claim.pk}/transitions/",
        {"name": "publish", "override": [{"code": "sources", "note": NOTE, **said}]},
    )

    assert answer.status_code == 200
    kept = Override.objects.get()
    assert (kept.reason, kept.private_note) == (reason, private)
    assert SECRET not in json.dumps(answer.json())


def test_over_rest_an_unknown_reason_is_named() -> None:
    claim = stories.settled(rating="true")

    answer = Api(factories.editor()).post(
        f"claims/{claim.pk}/transitions/",
        {"name": "publish", "override": [{"code": "sources", "note": NOTE, "reason": "x"}]},
    )

    assert answer.status_code == 400
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/override/0/reason"]
