"""Every few seconds: what lost its worker is taken back, what is late ends, what waits is told."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from claims.jobs.held import ATTEMPTS_MAX, sentence
from claims.jobs.telling import messages_in, queue_of, tell_on_commit
from claims.models import Job

LOST_AFTER = timedelta(seconds=15)
KEEP_DONE = timedelta(days=30)
_WINDOW = 200
_SWEEP_LOCK = 0x6A6F62
_ODD_CLOCK = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did, in jobs."""

    taken_back: int = 0
    ended: int = 0
    told: int = 0
    pruned: int = 0


@transaction.atomic
def sweep() -> Swept:
    """Take back what lost its worker, end what is out of time, tell workers what still waits.

    A second sweep at the same time does nothing.
    """
    if not _only_one():
        return Swept()
    taken_back = _take_back()
    ended = _end_the_late()
    overdue = _overdue()
    tell_on_commit(overdue)
    return Swept(taken_back, ended, len(overdue), _prune())


def _only_one() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SWEEP_LOCK])
        return bool(cursor.fetchone()[0])


def _take_back() -> int:
    """Running without a heartbeat: waits again, or ends after too many workers were lost on it.

    A heartbeat from the future means that the clock was set back; nothing proves that worker.
    """
    now = timezone.now()
    lost = Job.objects.filter(state=Job.State.RUNNING).filter(
        Q(heartbeat_at__lt=now - LOST_AFTER)
        | Q(heartbeat_at__gt=now + _ODD_CLOCK)
        | Q(heartbeat_at__isnull=True)
    )
    ids = list(lost.select_for_update(skip_locked=True).values_list("pk", flat=True))
    taken = Job.objects.filter(pk__in=ids)
    worn_out = taken.filter(attempts__gte=ATTEMPTS_MAX).update(
        state=Job.State.FAILED,
        fence=F("fence") + 1,
        finished_at=now,
        code="lost",
        cause=f"The worker was lost {ATTEMPTS_MAX} times in the middle of this.",
    )
    again = taken.filter(state=Job.State.RUNNING).update(
        state=Job.State.QUEUED, fence=F("fence") + 1, not_before=now, heartbeat_at=None
    )
    return worn_out + again


def _end_the_late() -> int:
    """Open past its deadline: failed, with what went wrong last where something did."""
    now = timezone.now()
    late = Job.objects.filter(state__in=Job.OPEN, deadline__lt=now)
    rows = list(late.select_for_update(skip_locked=True))
    for job in rows:
        said = f" Last: {job.cause}" if job.cause else ""
        Job.objects.filter(pk=job.pk).update(
            state=Job.State.FAILED,
            fence=F("fence") + 1,
            finished_at=now,
            code="deadline",
            cause=sentence(f"The time for this was over.{said}"),
        )
    return len(rows)


def _overdue() -> list[Job]:
    """Due jobs nobody took, oldest first: as many per queue as its messages leave room for.

    A long queue has its messages still; sending them again each time would only make it longer.
    """
    now = timezone.now()
    # A row made in the future means that the clock was set back: it is due now.
    Job.objects.filter(
        state=Job.State.QUEUED, created_at__gt=now + _ODD_CLOCK, not_before__gt=now
    ).update(not_before=now)
    waiting = Job.objects.filter(
        state=Job.State.QUEUED, not_before__lte=now - timedelta(seconds=3)
    ).order_by("not_before")
    room: dict[str, int] = {}
    chosen = []
    for job in waiting[: 5 * _WINDOW]:
        queue = queue_of(job.kind)
        if queue not in room:
            room[queue] = _WINDOW - messages_in(queue)
        if room[queue] > 0:
            room[queue] -= 1
            chosen.append(job)
    return chosen


def _prune() -> int:
    """Forget what was done long ago; a run keeps its jobs, because its counts are made of them."""
    old = Job.objects.filter(
        state=Job.State.SUCCEEDED, run__isnull=True, finished_at__lt=timezone.now() - KEEP_DONE
    ).values("pk")[:1000]
    return Job.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()[0]
