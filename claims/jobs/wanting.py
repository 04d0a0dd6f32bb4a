"""Work that is wanted: its rows are written, stopped and started again here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from claims.errors import Conflict
from claims.jobs.telling import tell_on_commit
from claims.models import Actor, Article, Claim, CoverageRun, Job


@dataclass(frozen=True, slots=True)
class Wanted:
    """A job to be: what ``enqueue_all`` makes rows of."""

    kind: str
    key: str
    args: Mapping[str, Any] = field(default_factory=dict)
    article: Article | None = None
    claim: Claim | None = None
    run: CoverageRun | None = None
    not_before: datetime | None = None
    deadline: datetime | None = None


def enqueue(
    kind: str,
    *,
    key: str,
    args: Mapping[str, Any] | None = None,
    article: Article | None = None,
    claim: Claim | None = None,
    run: CoverageRun | None = None,
    not_before: datetime | None = None,
    deadline: datetime | None = None,
) -> Job:
    """Want some work done, in the caller's transaction; a worker is told when it commits.

    The key names the effect: a key that is there already gives its row as it stands, whatever
    its state (``start_again`` is for one that ended). Never fails because the broker is gone.
    """
    wanted = Wanted(kind, key, args or {}, article, claim, run, not_before, deadline)
    return enqueue_all([wanted])[0]


@transaction.atomic
def enqueue_anew(kind: str, *, key: str, args: Mapping[str, Any]) -> Job:
    """``enqueue`` for what is wanted now and then: where it ended, it begins again."""
    Job.objects.filter(key=key).exclude(state__in=Job.OPEN).delete()
    return enqueue(kind, key=key, args=args)


def enqueue_all(wanted: Iterable[Wanted]) -> list[Job]:
    """Want many at once, in two statements; rows in the order of the wishes."""
    wishes = list(wanted)
    made = [_row(wish) for wish in wishes]
    Job.objects.bulk_create(made, ignore_conflicts=True)
    rows = {job.key: job for job in Job.objects.filter(key__in=[wish.key for wish in wishes])}
    ours = {job.pk for job in made}
    found = [rows[wish.key] for wish in wishes]
    # In the order of the wishes: who asks for many at once names the most promising first.
    tell_on_commit([job for job in dict.fromkeys(found) if job.pk in ours])
    return found


def cancel(jobs: Iterable[Job]) -> int:
    """End what is still open; a worker in the middle of it is fenced. How many there were."""
    return Job.objects.filter(pk__in=[job.pk for job in jobs], state__in=Job.OPEN).update(
        state=Job.State.CANCELLED,
        fence=F("fence") + 1,
        finished_at=Now(),
        code="cancelled",
        cause="Somebody stopped this.",
    )


def start_again(jobs: Iterable[Job], *, deadline: datetime | None = None) -> int:
    """Let jobs that failed or were stopped run anew, with all their attempts. How many."""
    ended = Job.objects.filter(
        pk__in=[job.pk for job in jobs], state__in=[Job.State.FAILED, Job.State.CANCELLED]
    )
    with transaction.atomic():
        rows = list(ended.select_for_update())
        Job.objects.filter(pk__in=[job.pk for job in rows]).update(
            state=Job.State.QUEUED,
            attempts=0,
            fence=F("fence") + 1,
            not_before=Now(),
            deadline=deadline,
            heartbeat_at=None,
            finished_at=None,
            code="",
            cause="",
        )
        for job in rows:
            job.not_before = timezone.now()
        tell_on_commit(rows)
    return len(rows)


def retry(job: Job, *, by: Actor) -> Job:
    """A person lets one failed job run again. Raises Forbidden; Conflict if it did not fail."""
    by.need("coverage:write" if job.run_id else "claims:write")
    if not start_again([job]):
        raise Conflict("Only work that failed or was stopped can be started again.")
    return Job.objects.get(pk=job.pk)


def _row(wish: Wanted) -> Job:
    return Job(
        kind=wish.kind,
        key=wish.key,
        args=dict(wish.args),
        article=wish.article,
        claim=wish.claim,
        run=wish.run,
        not_before=wish.not_before or timezone.now(),
        deadline=wish.deadline,
    )
