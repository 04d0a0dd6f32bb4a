"""Urgent: an editor's word with a reason; due in hours, told, at the top, under the same rules."""

from datetime import timedelta

import pytest
from django.utils import timezone

from claims.ledger import read
from claims.models import Claim
from reviews import policy
from reviews.models import Notification
from reviews.queue import pick
from reviews.workflow.amend import Amendment, edit
from tests import factories as make
from tests.reviews.admin.desk import Desk

pytestmark = pytest.mark.django_db
URGENT = Amendment({"urgent": True}, reason="People act on it now.")


def hours_left(claim: Claim) -> float:
    claim.refresh_from_db()
    assert claim.due_at is not None
    return (claim.due_at - timezone.now()).total_seconds() / 3600


def test_it_is_due_within_the_policys_hours_and_the_log_says_so() -> None:
    claim = make.in_checking()

    edit(claim, URGENT, by=make.editor(), version=None)

    assert 3.9 < hours_left(claim) <= policy.current().urgent_due_hours
    [entry] = read.entries(claim=claim.pk)
    assert entry.data["fields"] == ["due_at", "urgent"]


def test_a_later_due_date_is_brought_forward_and_a_sooner_one_stays() -> None:
    now = timezone.now()
    later = make.in_checking(due_at=now + timedelta(days=3))
    sooner = make.in_checking(due_at=now + timedelta(hours=1))

    for claim in (later, sooner):
        edit(claim, URGENT, by=make.editor(), version=None)

    assert hours_left(later) < 4.1
    assert hours_left(sooner) < 1.1


def test_the_form_of_the_claim_page_makes_it_due_as_well() -> None:
    claim = make.in_checking(due_at=timezone.now() + timedelta(days=3))
    shown = (claim.due_at or timezone.now()).strftime("%Y-%m-%dT%H:%M")
    typed = {
        "text": claim.text,
        "base_text": claim.text,
        "language": "en",
        "due_at": shown,
        "harm": "0",
        "visibility": "desk",
        "urgent": "on",
        "reason": "People act on it now.",
    }

    Desk.of(make.editor()).press(claim, "edit", **typed)

    assert hours_left(claim) < 4.1
    claim.refresh_from_db()
    assert claim.urgent


def test_a_due_date_that_the_form_only_showed_is_not_changed() -> None:
    due = timezone.now() + timedelta(days=3)
    claim = make.in_checking(due_at=due)
    typed = {
        "text": claim.text,
        "base_text": claim.text,
        "language": "en",
        "due_at": due.strftime("%Y-%m-%dT%H:%M"),
        "harm": "2",
        "visibility": "desk",
    }

    Desk.of(make.editor()).press(claim, "edit", **typed)

    claim.refresh_from_db()
    assert (claim.harm, claim.due_at) == (2, due)


def test_reviewers_are_told_and_of_a_restricted_claim_those_alone_who_may_know() -> None:
    reviewer, assigned = make.reviewer(), make.person("contributor")
    hidden = make.in_checking(visibility=Claim.Visibility.RESTRICTED)
    hidden.assigned_to.add(assigned)

    edit(make.in_checking(), URGENT, by=make.editor(), version=None)
    assert [one.person for one in Notification.objects.all()] == [reviewer.person]
    Notification.objects.all().delete()
    edit(hidden, URGENT, by=make.editor(), version=None)

    assert [one.person for one in Notification.objects.all()] == [assigned]


def test_it_stands_first_in_the_queue_under_any_weights() -> None:
    weights = dict.fromkeys(policy.current().weights, 100)
    policy.change(None, weights=weights)
    pressing = make.in_checking(
        harm=3, demand=1_000, due_at=timezone.now(), checkworthiness={"score": 1.0}
    )
    edit(pressing, Amendment({"external_ref": "x"}), by=make.editor(), version=None)
    urgent = make.in_checking()

    edit(urgent, URGENT, by=make.editor(), version=None)

    assert list(pick.queue(make.reviewer())) == [urgent, pressing]
