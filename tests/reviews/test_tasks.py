"""The clock's part: it moves places in the queue, and never a claim's state."""

from datetime import timedelta

import pytest
from django.utils import timezone

from claims.ledger import read
from reviews import policy, tasks
from reviews.models import Round
from tests import factories
from tests.reviews import stories

pytestmark = pytest.mark.django_db


def test_a_dispute_that_waits_too_long_goes_to_an_editor() -> None:
    claim = stories.sent_to_review()
    stories.reviewed(claim, factories.reviewer(), "true")
    stories.reviewed(claim, factories.reviewer(), "false")

    tasks.disputes()
    claim.refresh_from_db()
    assert claim.stage == "disputed"

    hours = policy.current().reconcile_hours
    Round.objects.update(revealed_at=timezone.now() - timedelta(hours=hours + 1))
    tasks.disputes()
    tasks.disputes()

    claim.refresh_from_db()
    assert claim.stage == "adjudication"
    asked = [one for one in read.entries(claim=claim.pk) if one.type == "x-adjudication.asked"]
    assert len(asked) == 1


def test_what_comes_due_moves_up() -> None:
    claim = factories.claim(due_at=timezone.now() + timedelta(hours=1))

    tasks.rank()

    claim.refresh_from_db()
    assert claim.priority > 0
