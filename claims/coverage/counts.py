"""How far a run is and what it found, from its rows alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from claims.coverage.work import ASK, FETCH, FOLLOW
from claims.models import CoverageRun, Job
from claims.web.address import try_parse

IN_WORK_MAX = 40


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: providers to ask and pages to fetch. At the end done + failed = total."""

    total: int
    done: int
    failed: int

    @property
    def ended(self) -> int:
        """What nothing is left to do of, well or badly: how far the bar is."""
        return self.done + self.failed


@dataclass(frozen=True, slots=True)
class Found:
    """What providers named, the articles that came of it, and those the claim did not have."""

    hits: int
    articles: int
    new: int


def progress(run: CoverageRun) -> Progress:
    """How far the run is, from its rows."""
    states = list(
        run.jobs.filter(kind__in=[ASK, FETCH])
        .exclude(state=Job.State.CANCELLED)
        .values_list("state", flat=True)
    )
    return Progress(
        total=len(states),
        done=states.count(Job.State.SUCCEEDED),
        failed=states.count(Job.State.FAILED),
    )


def with_counts(runs: QuerySet[CoverageRun]) -> QuerySet[CoverageRun]:
    """The same runs, each with ``total``, ``done``, ``failed`` and ``articles`` counted.

    What ``progress`` and ``found`` say of one run, for pages that show it in one statement.
    """
    looked = Q(jobs__kind__in=[ASK, FETCH]) & ~Q(jobs__state=Job.State.CANCELLED)
    done = Q(jobs__state=Job.State.SUCCEEDED)
    return runs.annotate(
        total=Count("jobs", filter=looked),
        done=Count("jobs", filter=looked & done),
        failed=Count("jobs", filter=looked & Q(jobs__state=Job.State.FAILED)),
        articles=Count("jobs__article", filter=Q(jobs__kind=FETCH) & done, distinct=True),
    )


def found(run: CoverageRun) -> Found:
    """What the run found so far, from its rows."""
    brought = run.jobs.filter(kind=FETCH, state=Job.State.SUCCEEDED, article__isnull=False)
    return Found(
        hits=run.hits,
        articles=brought.values("article").distinct().count(),
        new=run.items.count(),
    )


def in_work(run: CoverageRun) -> tuple[str, ...]:
    """Whom the run asks at this moment: the hosts of pages, and providers by their names."""
    going = run.jobs.filter(kind__in=[ASK, FETCH, FOLLOW], state=Job.State.RUNNING)
    told = going.values_list("args", flat=True)[:IN_WORK_MAX]
    return tuple(sorted({_asked(args) for args in told}))


def _asked(args: Mapping[str, Any]) -> str:
    address = try_parse(args.get("url"))
    return address.host if address is not None else str(args.get("provider", ""))
