"""One job in one worker's hands: taken, proved, brought to its end."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from claims.jobs.errors import Again, Fenced, JobError, Later
from claims.jobs.telling import tell_on_commit
from claims.models import Article, Job
from claims.statements import Statement

ATTEMPTS_MAX = 5
CAUSE_MAX = 2_000
_FIRST_WAIT, _LONGEST_WAIT = 2.0, 600.0
# Every job walks these three (docs/adr/0012).
_TAKE = Statement("""
UPDATE claims_job SET state = 'running', attempts = attempts + 1, fence = fence + 1,
  heartbeat_at = statement_timestamp(), finished_at = NULL
WHERE id = %(job)s::uuid AND state = 'queued' AND not_before <= statement_timestamp()
  AND (deadline IS NULL OR deadline > statement_timestamp())
RETURNING id, kind, key, fence, attempts, args, article_id, claim_id, run_id, created_at, deadline
""")
_OWN = Statement("""
SELECT 1 FROM claims_job
WHERE id = %(job)s::uuid AND fence = %(fence)s::integer AND state = 'running' FOR UPDATE
""")
_SUCCEED = Statement("""
UPDATE claims_job SET state = 'succeeded', finished_at = statement_timestamp(), code = '',
  cause = '', article_id = coalesce(%(article)s::uuid, article_id)
WHERE id = %(job)s::uuid AND fence = %(fence)s::integer AND state = 'running'
RETURNING 1
""")
_SUCCEED_SOON = Statement("""
UPDATE claims_job SET state = 'succeeded', finished_at = statement_timestamp(), code = '',
  cause = ''
WHERE id = %(job)s::uuid AND fence = %(fence)s::integer AND state = 'running'
  AND set_config('synchronous_commit', 'off', true) = 'off'
RETURNING 1
""")


@dataclass(frozen=True, slots=True)
class Held:
    """A job in one worker's hands. ``fence`` proves it; ``attempt`` counts from 1."""

    id: UUID
    kind: str
    key: str
    fence: int
    attempt: int
    args: Mapping[str, Any]
    article_id: UUID | None
    claim_id: UUID | None
    run_id: UUID | None
    created_at: datetime
    deadline: datetime | None

    @property
    def run_key(self) -> UUID:
        """The run the job is part of; a job that is part of none has no business asking."""
        if self.run_id is None:
            raise RuntimeError(f"job {self.key} is part of no run")
        return self.run_id


def take(job_id: UUID) -> Held | None:
    """Take a waiting job, or None where there is nothing to take: one winner, whoever asks."""
    taken = _TAKE.row(job=job_id)
    if taken is None:
        return None
    job, kind, key, fence, attempt, args, article, claim, run, created, deadline = taken
    return Held(
        id=job,
        kind=kind,
        key=key,
        fence=fence,
        attempt=attempt,
        args=json.loads(args),
        article_id=article,
        claim_id=claim,
        run_id=run,
        created_at=created,
        deadline=deadline,
    )


def beat(held: Held) -> None:
    """Say that the work goes on. Raises Fenced when somebody else has it."""
    if not _mine(held).update(heartbeat_at=Now()):
        raise Fenced


def own(held: Held) -> None:
    """Prove, in the transaction that writes, that the job is still this worker's.

    The row stays locked until the commit, so nobody can take it over in between. Call it after
    the locks on claim and run. Raises Fenced.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("own() belongs into the transaction that writes.")
    if _OWN.row(job=held.id, fence=held.fence) is None:
        raise Fenced


def succeed(held: Held, *, article: Article | None = None) -> None:
    """The work is done. In the transaction that writes its effect, both are there or neither.

    ``article``: what the work was about, where that was not known before. Does nothing to a job
    that ended already or is somebody else's.
    """
    about = article.pk if article is not None else None
    _SUCCEED.row(job=held.id, fence=held.fence, article=about)


def succeed_at_last(held: Held) -> None:
    """Note the end of work whose effects are safe already, without waiting for the disk.

    An end that is lost with the server is one that was never noted: the sweep takes the job
    back, and ``do`` runs again, as it may after any worker's death.
    """
    if connection.in_atomic_block:
        succeed(held)
    else:
        _SUCCEED_SOON.row(job=held.id, fence=held.fence)


@transaction.atomic
def fail(held: Held, error: JobError) -> Job.State:
    """Note why an attempt came to nothing. Waits and tries again, or ends; says which.

    Ends after five attempts, on GaveUp, and where the next attempt would be too late for the
    job's deadline or the error's ``until``. Raises Fenced.
    """
    own(held)
    job = Job.objects.get(pk=held.id)
    job.code, job.cause = error.code[:40], sentence(error.cause)
    due = timezone.now() + timedelta(seconds=_wait(job.attempts, error))
    if isinstance(error, Later):
        job.attempts -= 1
    if _may_try_again(job, error, due):
        job.state, job.not_before = Job.State.QUEUED, due
        tell_on_commit([job])
    else:
        job.state, job.finished_at = Job.State.FAILED, timezone.now()
    job.save(update_fields=["state", "attempts", "code", "cause", "not_before", "finished_at"])
    return Job.State(job.state)


def sentence(cause: str) -> str:
    return cause.replace("\0", "")[:CAUSE_MAX]


def _mine(held: Held) -> QuerySet[Job]:
    return Job.objects.filter(pk=held.id, fence=held.fence, state=Job.State.RUNNING)


def _wait(attempts: int, error: JobError) -> float:
    """Seconds before the next attempt: 2, 6, 18, 54, each by half more or less."""
    backoff = min(_FIRST_WAIT * 3.0 ** (attempts - 1), _LONGEST_WAIT)
    spread = random.uniform(0.5, 1.5)  # noqa: S311 - to spread them, not to hide
    if isinstance(error, Later):
        return error.after * spread
    return max(backoff * spread, error.after if isinstance(error, Again) else 0)


def _may_try_again(job: Job, error: JobError, due: datetime) -> bool:
    if isinstance(error, Later):
        return job.deadline is None or due < job.deadline
    if not isinstance(error, Again) or job.attempts >= ATTEMPTS_MAX:
        return False
    ends = [moment for moment in (job.deadline, error.until) if moment is not None]
    return all(due < end for end in ends)
