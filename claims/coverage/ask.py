"""Asking one provider, as a job: what it names becomes one job per page."""

import hashlib
from dataclasses import asdict

from django.db import transaction
from django.db.models import F

from claims import jobs
from claims.coverage import places
from claims.coverage.answers import HITS_MAX, Answer, Hit
from claims.coverage.queries import Query, report_of
from claims.coverage.work import FETCH, retry_until
from claims.jobs import Again, GaveUp, Held
from claims.models import CoverageProblem, CoverageRun
from claims.web.address import page_key

LEADS_MAX = 100


def ask(held: Held) -> None:
    """Ask the provider of one job of a run. Raises Again and GaveUp; may run twice."""
    run = CoverageRun.objects.select_related("claim").get(pk=held.run_key)
    place = places.known().get(held.args["provider"])
    if place is None or not place.configured:
        raise GaveUp("not_configured", place.missing if place else "This provider is gone.")
    CoverageRun.objects.filter(pk=run.pk, status=CoverageRun.Status.QUEUED).update(
        status=CoverageRun.Status.RUNNING
    )
    try:
        answer = place.ask(_questions(held, run))
    except Again as error:
        raise Again(error.code, error.cause, after=error.after, until=retry_until(run)) from error
    _keep(held, run, answer)


def _questions(held: Held, run: CoverageRun) -> list[Query]:
    """Those of the run; of a job that looks for a cited outlet, the one for its report."""
    if "outlet" in held.args:
        return [report_of(held.args["name"], run.claim.text, language=run.claim.language)]
    return [Query.from_json(query) for query in run.queries]


@transaction.atomic
def _keep(held: Held, run: CoverageRun, answer: Answer) -> None:
    run = (
        CoverageRun.objects.select_for_update(of=("self",)).select_related("claim").get(pk=run.pk)
    )
    jobs.own(held)
    provider = held.args["provider"]
    hits = answer.hits[:HITS_MAX]
    wanted = [_wanted(hit, provider, run) for hit in _apart(hits)]
    many = _named_first(run, wanted) if "outlet" in held.args else len(hits)
    jobs.enqueue_all(wanted)
    known = {lead.get("url") for lead in run.leads}
    leads = [asdict(lead) for lead in answer.leads if lead.url not in known]
    room = max(LEADS_MAX - len(run.leads), 0)
    kept = [{"provider": provider, **lead} for lead in leads[:room]]
    CoverageRun.objects.filter(pk=run.pk).update(hits=F("hits") + many, leads=[*run.leads, *kept])
    losses = [(loss.code, loss.message) for loss in answer.losses]
    if left := len(leads) - len(kept):
        losses.append(("too_many", f"{left} more leads were named; {LEADS_MAX} are kept."))
    if len(answer.hits) > HITS_MAX:
        left = len(answer.hits) - HITS_MAX
        losses.append(("too_many", f"{left} more pages were named; {HITS_MAX} are looked at."))
    # A second question to one provider comes back with the same complaints.
    noted = set(run.problems.filter(provider=provider).values_list("code", "message"))
    CoverageProblem.objects.bulk_create(
        CoverageProblem(
            run=run, job_id=held.id, provider=provider, code=code[:40], message=message
        )
        for code, message in losses
        if (code[:40], message) not in noted
    )
    jobs.succeed(held)


def _named_first(run: CoverageRun, wanted: list[jobs.Wanted]) -> int:
    """How many of *wanted* nobody named yet: a second question brings up the same pages."""
    keys = [wish.key for wish in wanted]
    known = run.jobs.filter(kind=FETCH, key__in=keys).values_list("key", flat=True)
    return len(keys) - len(set(known))


def _wanted(hit: Hit, provider: str, run: CoverageRun) -> jobs.Wanted:
    # Once for a run, under whichever of its twins' addresses it is named.
    digest = hashlib.sha256(page_key(hit.url).encode()).hexdigest()[:40]
    return jobs.Wanted(
        FETCH,
        f"{FETCH}:{run.pk}:{digest}",
        {
            "provider": provider,
            # Feeds hold addresses with bare spaces, which browsers send as this.
            "url": hit.url.strip().replace(" ", "%20"),
            "title": hit.title,
            "page": str(hit.page) if hit.page is not None else None,
        },
        claim=run.claim,
        run=run,
        deadline=run.deadline,
    )


def _apart(hits: tuple[Hit, ...]) -> list[Hit]:
    return list({page_key(hit.url): hit for hit in reversed(hits)}.values())[::-1]
