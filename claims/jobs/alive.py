"""Whether work is being done: proved by work that was done, not by a process being there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Min
from django.db.models.functions import Now
from django.utils import timezone

from claims.jobs.sweeping import LOST_AFTER
from claims.jobs.telling import tell_on_commit
from claims.jobs.wanting import Wanted, enqueue_all
from claims.models import Job

# A job that waits longer than this for a worker is worth a banner.
TOO_OLD = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Liveness:
    """Whether work is being done. ``waiting``: age of the oldest due job; ``silent``: queues."""

    waiting: timedelta
    silent: tuple[str, ...]

    @property
    def behind(self) -> bool:
        return self.waiting > TOO_OLD or bool(self.silent)


def ping(queues: Iterable[str]) -> None:
    """Ask each queue for a sign of life: one row per queue, done over and over."""
    names = [_ping(queue) for queue in queues]
    enqueue_all(Wanted(name, name) for name in names)
    with transaction.atomic():
        again = Job.objects.filter(key__in=names).exclude(state__in=Job.OPEN)
        rows = list(again.select_for_update(skip_locked=True))
        Job.objects.filter(pk__in=[job.pk for job in rows]).update(
            state=Job.State.QUEUED, attempts=0, not_before=Now(), heartbeat_at=None
        )
        for job in rows:
            job.not_before = timezone.now()
        tell_on_commit(rows)


def liveness(queues: Iterable[str] = ()) -> Liveness:
    """How long the oldest due job has waited, and which queues gave no sign for too long."""
    now = timezone.now()
    oldest = Job.objects.filter(state=Job.State.QUEUED, not_before__lte=now).aggregate(
        oldest=Min("not_before")
    )["oldest"]
    names = {_ping(queue): queue for queue in queues}
    alive = set(
        Job.objects.filter(key__in=names, finished_at__gt=now - TOO_OLD).values_list(
            "key", flat=True
        )
    )
    return Liveness(
        waiting=now - oldest if oldest else timedelta(),
        silent=tuple(queue for name, queue in names.items() if name not in alive),
    )


def at_work() -> bool:
    """Whether some worker is in the middle of a job and gave a sign of life lately."""
    alive = Job.objects.filter(heartbeat_at__gt=timezone.now() - LOST_AFTER)
    return alive.filter(state=Job.State.RUNNING).exists()


def _ping(queue: str) -> str:
    return f"ping.{queue}"
