"""Coverage runs: who is asked, what became of it, and when it is over.

A run is rows: one job per provider, one per page they name, and at the end one that counts the
origins anew. Status and counts follow from them. A run always ends, and never moves a claim.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from claims import jobs
from claims.coverage import places
from claims.coverage.queries import ADDRESSES_MAX, LENGTH_MAX, QUERIES_MAX, Query, build, by_hand
from claims.errors import Conflict, Forbidden, Invalid, Problem
from claims.ledger.events import CoverageAsked, CoverageFinished, Event
from claims.ledger.record import record
from claims.models import SYSTEM, Actor, Claim, CoverageProblem, CoverageRun, Job
from claims.text.usable import problem_with
from claims.web.address import try_parse
from claims.web.guard import LONGEST_URL

ASK = "coverage.ask"
FETCH = "coverage.fetch"
FOLLOW = "coverage.follow"
TRACE = "claim.trace"
# Nothing of a run lives longer than this, however many pages it has.
RUN_LIMIT = timedelta(minutes=10)
# So many cited outlets are looked for in one run, each once.
FOLLOWED_MAX = 3
IN_WORK_MAX = 40
ASK_A_PERSON = "This claim is marked discreet: a person has to start the look for it."
# What fails later than this is not tried again: with the limits of one attempt, retries are
# over 45 seconds after the start.
RETRY_FOR = timedelta(seconds=30)


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


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be asked of whom: shown before anything of a discreet claim leaves the house.

    ``places``: every provider there is, by name; ``chosen`` those that would be asked.
    """

    places: tuple[places.Place, ...]
    chosen: frozenset[str]
    queries: tuple[Query, ...]


def open_run(
    claim: Claim,
    *,
    by: Actor,
    providers: Sequence[str] | None = None,
    queries: Sequence[str] | None = None,
) -> tuple[CoverageRun, list[Event]]:
    """Start a look, or give the one that is going (then without events).

    Composed: the caller holds the claim's lock and records the events. Without *providers* those
    that are on; without *queries* those built from the claim's words. Raises Invalid.
    """
    going = claim.coverage_runs.filter(status__in=CoverageRun.GOING).first()
    if going is not None:
        if providers is not None or queries is not None:
            _chosen(providers, _queries(claim, queries))  # what cannot be asked for is refused
        return going, []
    asked = _queries(claim, queries)
    chosen = _chosen(providers, asked)
    now = timezone.now()
    run = CoverageRun.objects.create(
        claim=claim,
        providers=[place.name for place in chosen],
        queries=[query.as_json() for query in asked],
        asked_by=by.person,
        deadline=now + RUN_LIMIT,
    )
    _note_unconfigured(run, chosen)
    jobs.enqueue_all(
        jobs.Wanted(
            ASK,
            f"{ASK}:{run.pk}:{place.name}",
            {"provider": place.name},
            claim=claim,
            run=run,
            deadline=run.deadline,
        )
        for place in chosen
        if place.configured
    )
    events: list[Event] = [CoverageAsked(run=str(run.pk))]
    if not any(place.configured for place in chosen):
        events += _close(run)
    return run, events


@transaction.atomic
def ask(
    claim: Claim,
    *,
    by: Actor,
    providers: Sequence[str] | None = None,
    queries: Sequence[str] | None = None,
) -> tuple[CoverageRun, bool]:
    """Look for coverage of a claim; returns the run and whether it is new.

    A discreet claim is looked for by a person only, who says what is asked of whom outside the
    house: ``preview`` shows it. Raises Forbidden and Invalid.
    """
    by.need("coverage:write")
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    if claim.discreet:
        _refuse_unseen(claim, by=by, providers=providers, queries=queries)
    run, events = open_run(claim, by=by, providers=providers, queries=queries)
    if events:
        record(*events, claim=claim, actor=by)
    return run, bool(events)


@transaction.atomic
def cancel(run: CoverageRun, *, by: Actor) -> CoverageRun:
    """Stop a look. What it found stays, and the origins are counted with it."""
    by.need("coverage:write")
    claim, run = _locked(run)
    if run.status not in CoverageRun.GOING:
        return run
    record(*_stopped(claim, run), claim=claim, actor=by)
    return run


def stop(claim: Claim) -> list[Event]:
    """End the look that is going, if there is one: a claim that becomes discreet asks no more.

    Composed: the caller holds the claim's lock and records the events.
    """
    going = claim.coverage_runs.select_for_update().filter(status__in=CoverageRun.GOING).first()
    return _stopped(claim, going) if going is not None else []


def _stopped(claim: Claim, run: CoverageRun) -> list[Event]:
    jobs.cancel(run.jobs.all())
    jobs.enqueue(TRACE, key=f"{TRACE}:{run.pk}:cancelled:{_now_key()}", claim=claim)
    return _close(run, status=CoverageRun.Status.CANCELLED)


@transaction.atomic
def retry(run: CoverageRun, *, by: Actor) -> CoverageRun:
    """Do again what failed in a run, and only that. A run that is going goes on as it is.

    Raises Forbidden, and Conflict while another run of the claim is going.
    """
    by.need("coverage:write")
    claim, run = _locked(run)
    if claim.discreet and by.person is None:
        raise Forbidden(ASK_A_PERSON)
    if run.status in CoverageRun.GOING:
        return run
    if claim.coverage_runs.filter(status__in=CoverageRun.GOING).exists():
        raise Conflict("Another look for this claim is going on; wait until it ends.")
    broken = list(run.jobs.filter(state__in=[Job.State.FAILED, Job.State.CANCELLED]))
    if not broken:
        return run
    CoverageProblem.objects.filter(run=run, job__in=broken).delete()
    run.status, run.finished_at = CoverageRun.Status.QUEUED, None
    run.deadline = timezone.now() + RUN_LIMIT
    run.save(update_fields=["status", "finished_at", "deadline"])
    jobs.start_again(broken, deadline=run.deadline)
    record(CoverageAsked(run=str(run.pk)), claim=claim, actor=by)
    return run


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
    record(*_close(run), claim=run.claim, actor=SYSTEM)


@transaction.atomic
def follow(run_id: UUID, outlets: Sequence[tuple[str, str]]) -> bool:
    """Look for the reports of cited outlets, as (key, name), once in a run; whether it is begun.

    Nothing more is asked for a discreet claim than what a person saw beforehand.
    """
    run = (
        CoverageRun.objects.select_for_update(of=("self",)).select_related("claim").get(pk=run_id)
    )
    if not outlets or run.status not in CoverageRun.GOING or run.claim.discreet:
        return False
    if run.jobs.filter(kind=FOLLOW).exists():
        return False
    known = places.known()
    asked = [
        known[name]
        for name in run.providers
        if name != places.BY_HAND and name in known and known[name].configured
    ]
    jobs.enqueue_all(
        jobs.Wanted(
            FOLLOW,
            f"{FOLLOW}:{run.pk}:{place.name}:{number}",
            {"provider": place.name, "outlet": key, "name": name},
            claim=run.claim,
            run=run,
            deadline=run.deadline,
        )
        for place in asked
        for number, (key, name) in enumerate(outlets[:FOLLOWED_MAX])
    )
    return bool(asked)


def followed(run_id: UUID) -> tuple[set[str], str]:
    """The keys of the outlets a run looked for, and where, in words; empty before it did."""
    done = Job.objects.filter(run=run_id, kind=FOLLOW, state=Job.State.SUCCEEDED)
    said = [(job.args["outlet"], job.args["provider"]) for job in done]
    return {key for key, _ in said}, ", ".join(sorted({name for _, name in said}))


def settle_all() -> int:
    """Settle the runs whose last job ended without anybody left to notice. How many."""
    waiting = Job.objects.filter(run__status__in=CoverageRun.GOING, state__in=Job.OPEN)
    over = CoverageRun.objects.filter(status__in=CoverageRun.GOING).exclude(
        pk__in=waiting.values("run")
    )
    found = list(over.values_list("pk", flat=True)[:100])
    for pk in found:
        settle(pk)
    return len(found)


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


def retry_until(run: CoverageRun) -> datetime | None:
    """After this moment what fails is not tried again."""
    return run.deadline - RUN_LIMIT + RETRY_FOR if run.deadline is not None else None


def preview(claim: Claim) -> Preview:
    """What a look would ask of whom where nobody says otherwise."""
    asked, known = _queries(claim, None), places.known()
    chosen = places.default(known)
    every = {**known, **{place.name: place for place in chosen}}
    return Preview(tuple(every.values()), frozenset(place.name for place in chosen), asked)


def _refuse_unseen(
    claim: Claim,
    *,
    by: Actor,
    providers: Sequence[str] | None,
    queries: Sequence[str] | None,
) -> None:
    """Unless a person names what leaves the house and where it goes, nothing does."""
    if by.person is None:
        raise Forbidden(ASK_A_PERSON)
    asked = _queries(claim, queries)
    outside = [place for place in _chosen(providers, asked) if place.outside and place.configured]
    if not outside:
        return
    problems = []
    if providers is None:
        names = ", ".join(place.name for place in outside)
        problems.append(Problem("/providers", f"Name who is asked. These would be: {names}."))
    if queries is None:
        words = " · ".join(query.text for query in asked)
        problems.append(Problem("/queries", f"Say what is asked for. It would be: {words}"))
    if problems:
        raise Invalid("This claim is discreet: say what leaves the house.", problems=problems)


def _locked(run: CoverageRun) -> tuple[Claim, CoverageRun]:
    claim = Claim.objects.select_for_update().get(pk=run.claim_id)
    return claim, CoverageRun.objects.select_for_update().get(pk=run.pk)


def _chosen(names: Sequence[str] | None, asked: tuple[Query, ...]) -> tuple[places.Place, ...]:
    """Whom to ask; addresses among the queries are looked at whoever else is asked."""
    known = places.known()
    if names is None:
        chosen = list(places.default(known))
    else:
        problems = [
            Problem(f"/providers/{at}", f"There are these providers: {', '.join(sorted(known))}.")
            for at, name in enumerate(names)
            if name not in known
        ]
        if not names:
            problems = [Problem("/providers", "Name at least one provider.")]
        if problems:
            raise Invalid("These providers cannot be asked.", problems=problems)
        chosen = [known[name] for name in dict.fromkeys(names)]
    by_hand = known[places.BY_HAND]
    if by_hand not in chosen and any(query.address for query in asked):
        chosen.append(by_hand)
    return tuple(chosen)


def _queries(claim: Claim, texts: Sequence[str] | None) -> tuple[Query, ...]:
    if texts is None:
        headline = claim.article.title if claim.article is not None else ""
        return build(claim.text, language=claim.language, headline=headline)
    problems = []
    asked = by_hand(texts, language=claim.language)
    addresses = sum(1 for query in asked if query.address)
    if not asked or addresses > ADDRESSES_MAX or len(asked) - addresses > QUERIES_MAX:
        most = f"up to {QUERIES_MAX} searches and {ADDRESSES_MAX} addresses"
        problems.append(Problem("/queries", f"Ask with {most}, or leave it to the desk."))
    for at, text in enumerate(texts):
        longest = LENGTH_MAX if try_parse(text) is None else LONGEST_URL
        what = problem_with(text, longest=longest, what="The query")
        if what is None and not text.strip():
            what = "The query is empty."
        if what is not None:
            problems.append(Problem(f"/queries/{at}", what))
    if problems:
        raise Invalid("These queries cannot be asked.", problems=problems)
    return asked


def _note_unconfigured(run: CoverageRun, chosen: Iterable[places.Place]) -> None:
    CoverageProblem.objects.bulk_create(
        CoverageProblem(run=run, provider=place.name, code="not_configured", message=place.missing)
        for place in chosen
        if not place.configured
    )


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


def _close(run: CoverageRun, *, status: str = "") -> list[Event]:
    run.status = status or _status(run)
    run.finished_at = timezone.now()
    run.save(update_fields=["status", "finished_at"])
    return [CoverageFinished(run=str(run.pk), status=run.status, articles=found(run).articles)]


def _status(run: CoverageRun) -> CoverageRun.Status:
    states = list(run.jobs.values_list("kind", "state"))
    work = [state for kind, state in states if kind != TRACE]
    if Job.State.SUCCEEDED not in work:
        # Nobody could be asked: not configured is no failure, but no success either.
        return CoverageRun.Status.FAILED if work else CoverageRun.Status.PARTIAL
    failed = any(state != Job.State.SUCCEEDED for _, state in states)
    return CoverageRun.Status.PARTIAL if failed else CoverageRun.Status.SUCCEEDED


def _now_key() -> str:
    return timezone.now().strftime("%Y%m%dT%H%M%S%f")
