"""How a run ends: what failed is noted, the origins are counted anew, then it is closed."""

from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from claims import jobs
from claims.coverage.counts import found
from claims.coverage.work import ASK, FETCH, FOLLOW, TRACE
from claims.ledger.events import CoverageFinished, Event
from claims.ledger.record import record
from claims.models import SYSTEM, CoverageProblem, CoverageRun, Job


@transaction.atomic
def settle(run_id: UUID) -> None:
    """Note what failed, and end the run when nothing of it is left to do.

    Called after each of its jobs and by the sweep; the run's lock makes one of them the last.
    """
    run = (
        CoverageRun.objects.select_for_update(of=("self",))
        .select_related("claim")
        .filter(pk=run_id)
        .first()
    )
    if run is None or run.status not in CoverageRun.GOING:
        return
    _note_failures(run)
    if run.jobs.filter(state__in=Job.OPEN).exists():
        return
    if _count_anew(run):
        return
    record(*close(run), claim=run.claim, actor=SYSTEM)


def settle_all() -> int:
    """Settle the runs whose last job ended without anybody left to notice. How many."""
    waiting = Job.objects.filter(run__status__in=CoverageRun.GOING, state__in=Job.OPEN)
    over = CoverageRun.objects.filter(status__in=CoverageRun.GOING).exclude(
        pk__in=waiting.values("run")
    )
    ended = list(over.values_list("pk", flat=True)[:100])
    for pk in ended:
        settle(pk)
    return len(ended)


def close(run: CoverageRun, *, status: str = "") -> list[Event]:
    """End the run, with what its jobs say or with *status*. The caller records the events."""
    run.status = status or _status(run)
    run.finished_at = timezone.now()
    run.save(update_fields=["status", "finished_at"])
    return [CoverageFinished(run=str(run.pk), status=run.status, articles=found(run).articles)]


def _note_failures(run: CoverageRun) -> None:
    """A problem for each failed job that has none yet."""
    failed = run.jobs.filter(state=Job.State.FAILED)
    noted = CoverageProblem.objects.filter(run=run, job__in=failed).values("job")
    CoverageProblem.objects.bulk_create(
        CoverageProblem(
            run=run,
            job=job,
            provider=str(job.args.get("provider", job.kind))[:40],
            code=job.code or "failed",
            message=_told(job),
            at=job.finished_at or timezone.now(),
        )
        for job in failed.exclude(pk__in=noted)
    )


def _told(job: Job) -> str:
    """What happened, of which page, and how often it was tried."""
    url = job.args.get("url", "")
    times = f" Tried {job.attempts} times." if job.attempts > 1 else ""
    return f"{url + ': ' if url else ''}{job.cause}{times}"


def _count_anew(run: CoverageRun) -> bool:
    """Want the origins counted once all pages are in; True while that has still to be done.

    Fences grow whenever work is taken or started again, so their sum says whether anything
    happened since the last count; clocks of several machines could not.
    """
    work = (
        run.jobs.filter(kind__in=[ASK, FETCH, FOLLOW]).aggregate(fences=Sum("fence"))["fences"]
        or 0
    )
    counted = run.jobs.filter(kind=TRACE, args__after=work)
    if counted.exists():
        return False
    jobs.enqueue(
        TRACE,
        key=f"{TRACE}:{run.pk}:{work}",
        args={"after": work},
        claim=run.claim,
        run=run,
        deadline=run.deadline,
    )
    return True


def _status(run: CoverageRun) -> CoverageRun.Status:
    states = list(run.jobs.values_list("kind", "state"))
    work = [state for kind, state in states if kind != TRACE]
    if Job.State.SUCCEEDED not in work:
        # Nobody could be asked: not configured is no failure, but no success either.
        return CoverageRun.Status.FAILED if work else CoverageRun.Status.PARTIAL
    failed = any(state != Job.State.SUCCEEDED for _, state in states)
    return CoverageRun.Status.PARTIAL if failed else CoverageRun.Status.SUCCEEDED
