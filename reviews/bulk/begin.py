"""Beginning and stopping a bulk act: once each, by whoever looked at it first."""

from django.db import transaction
from django.utils import timezone

from claims import jobs
from claims.errors import Conflict, Missing
from claims.models import Actor, Job
from reviews.bulk.acts import may_ask
from reviews.models import BulkAct, BulkItem

KIND = "bulk"


@transaction.atomic
def begin(row: BulkAct, *, by: Actor) -> BulkAct:
    """Let the work begin; pressed twice it is one act. Raises Forbidden, Missing, Conflict."""
    held = _mine(row, by)
    may_ask(held.kind, by)
    if held.begun_at is None:
        held.begun_at = timezone.now()
        held.save(update_fields=["begun_at"])
        jobs.enqueue(KIND, key=key_of(held, 0), args={"act": str(held.pk), "slice": 0})
    elif held.stopped_at is not None:
        raise Conflict("This was stopped. Choose what is left, and look at it anew.")
    return held


@transaction.atomic
def stop(row: BulkAct, *, by: Actor) -> BulkAct:
    """End it where it stands: what is done stays done, the rest stays as it was."""
    held = _mine(row, by)
    if held.begun_at is None:
        raise Conflict("It has not begun; leaving the page is enough.")
    if held.ended_at is not None:
        raise Conflict("It is over already.")
    # A worker in the middle of one claim holds its job's row: this waits for that claim's end.
    jobs.cancel(Job.objects.filter(key__startswith=f"{KIND}:{held.pk}:", state__in=Job.OPEN))
    now = timezone.now()
    held.items.filter(outcome=BulkItem.Outcome.WAITING).update(
        outcome=BulkItem.Outcome.STAYED, code="stopped", why="You stopped before its turn.", at=now
    )
    held.stopped_at = held.ended_at = now
    held.save(update_fields=["stopped_at", "ended_at"])
    return held


def key_of(row: BulkAct, number: int) -> str:
    """The key of the job that does the slice of this number."""
    return f"{KIND}:{row.pk}:{number}"


def _mine(row: BulkAct, by: Actor) -> BulkAct:
    held = BulkAct.objects.select_for_update().filter(pk=row.pk, by=by.person).first()
    if held is None:
        raise Missing("This is not yours, or it is gone: look at the claims anew.")
    return held
