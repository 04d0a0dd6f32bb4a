"""Coverage runs: begun, followed up, stopped, done again.

A run is rows: one job per provider, one per page they name, and at the end one that counts the
origins anew. Status and counts follow from them. A run always ends, and never moves a claim.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from claims import jobs
from claims.coverage import places
from claims.coverage.choosing import ASK_A_PERSON, places_for, queries_for, refuse_unseen
from claims.coverage.ending import close
from claims.coverage.work import ASK, FOLLOW, RUN_LIMIT, TRACE
from claims.errors import Conflict, Forbidden
from claims.ledger.events import CoverageAsked, Event
from claims.ledger.record import record
from claims.models import Actor, Claim, CoverageProblem, CoverageRun, Job

# So many cited outlets are looked for in one run, each once.
FOLLOWED_MAX = 3


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
            # What cannot be asked for is refused all the same.
            places_for(providers, queries_for(claim, queries))
        return going, []
    asked = queries_for(claim, queries)
    chosen = places_for(providers, asked)
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
        events += close(run)
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
        refuse_unseen(claim, by=by, providers=providers, queries=queries)
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


def _stopped(claim: Claim, run: CoverageRun) -> list[Event]:
    jobs.cancel(run.jobs.all())
    jobs.enqueue(TRACE, key=f"{TRACE}:{run.pk}:cancelled:{_now_key()}", claim=claim)
    return close(run, status=CoverageRun.Status.CANCELLED)


def _locked(run: CoverageRun) -> tuple[Claim, CoverageRun]:
    claim = Claim.objects.select_for_update().get(pk=run.claim_id)
    return claim, CoverageRun.objects.select_for_update().get(pk=run.pk)


def _note_unconfigured(run: CoverageRun, chosen: Iterable[places.Place]) -> None:
    CoverageProblem.objects.bulk_create(
        CoverageProblem(run=run, provider=place.name, code="not_configured", message=place.missing)
        for place in chosen
        if not place.configured
    )


def _now_key() -> str:
    return timezone.now().strftime("%Y%m%dT%H%M%S%f")
