"""Doing a job: taken, done, and noted how it ended."""

from collections.abc import Callable
from uuid import UUID

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, InterfaceError

from claims.errors import Busy, DeskError
from claims.jobs.errors import Again, Fenced, GaveUp, JobError
from claims.jobs.heart import heart
from claims.jobs.held import Held, fail, succeed_at_last, take
from claims.models import Job
from claims.web.errors import FetchError, Unreadable

log = structlog.get_logger(__name__)


def work(job_id: UUID, do: Callable[[Held], None]) -> tuple[Held, Job.State] | None:
    """Take a job, do it, and note how it ended; None where there was nothing to take or tell.

    ``do`` may run twice: it writes under ``own`` or in ways that do no harm twice. Whatever it
    raises counts as an attempt. When the database itself is gone nothing can be noted; the
    sweep takes the job back.
    """
    held = take(job_id)
    if held is None:
        return None
    with heart.beating(held):
        try:
            do(held)
            succeed_at_last(held)
        except Fenced:
            log.info("job.fenced", job=str(held.id), kind=held.kind)
            return None
        except Exception as error:  # noqa: BLE001 - whatever it was belongs into the row
            state = _note(held, error)
            return (held, state) if state is not None else None
    return held, Job.State.SUCCEEDED


def _note(held: Held, error: Exception) -> Job.State | None:
    """Write down what an attempt ran into; None where that cannot be written either."""
    try:
        return fail(held, _as_job_error(held, error))
    except Fenced:
        return None
    except (DatabaseError, InterfaceError):
        log.exception("job.not_noted", job=str(held.id), kind=held.kind)
        return None


def _as_job_error(held: Held, error: Exception) -> JobError:
    if isinstance(error, JobError):
        return error
    if isinstance(error, Busy | FetchError):
        return Again(_code(error), error.message, after=error.retry_after or 0)
    if isinstance(error, DeskError | Unreadable):
        return GaveUp(_code(error), error.message)
    if isinstance(error, SoftTimeLimitExceeded):
        return Again("too_slow", "This took too long and was stopped.")
    log.error("job.crashed", exc_info=error, job=str(held.id), kind=held.kind)
    return Again("crashed", f"The desk ran into an error of its own ({type(error).__name__}).")


def _code(error: DeskError | FetchError | Unreadable) -> str:
    return error.reason if isinstance(error, DeskError) else error.code
