"""A worker is killed in the middle of a bulk act: another goes on, and each claim changes once."""

import os
import signal
import time
from datetime import timedelta

import pytest

from claims import jobs
from claims.jobs import sweeping
from claims.ledger import read
from claims.models import Claim
from factcheck import children
from reviews.bulk import begin, look
from reviews.bulk.acts import Tag
from reviews.models import BulkAct, BulkItem
from tests import factories as make
from tests.faults.test_workers import another_worker, until

__all__ = ["another_worker"]
CLAIMS = 60
Outcome = BulkItem.Outcome


def test_after_a_kill_in_the_middle_each_claim_is_changed_once(
    real_worker: children.Child,
    another_worker: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sweeping, "LOST_AFTER", timedelta(seconds=3))
    for _ in range(CLAIMS):
        make.claim()
    by = make.editor()
    row = begin.begin(look.look(Tag(add=["flood"]), Claim.objects.all(), by=by), by=by)
    done = row.items.filter(outcome=Outcome.DONE)
    until(lambda: done.count() >= 5, what="the first claims are done")

    os.killpg(real_worker.pid, signal.SIGKILL)
    killed_at = done.count()
    another_worker()  # type: ignore[operator]

    def over() -> bool:
        jobs.sweep()
        time.sleep(0.5)
        return BulkAct.objects.get(pk=row.pk).ended_at is not None

    until(over, what="the rest is done")
    assert killed_at < CLAIMS
    assert done.count() == CLAIMS
    for claim in Claim.objects.all():
        assert claim.version == 2
        assert [one.type for one in read.entries(claim=claim.pk)] == ["x-claim.amended"]
