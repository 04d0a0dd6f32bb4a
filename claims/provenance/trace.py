"""Tracing a claim anew: its graph is read from the coverage, kept in rows, and counted."""

import math
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims.ledger.events import Event, OriginsGrew
from claims.ledger.record import record
from claims.models import SYSTEM, Alert, Claim, OriginTrace
from claims.provenance import graph, kept, origins, related
from claims.provenance.draft import VERSION as DRAFT_VERSION
from claims.provenance.draft import Draft, compose
from claims.provenance.grown import new_origins
from claims.provenance.uncollected import uncollected

RULE_VERSION = f"{origins.VERSION}.{DRAFT_VERSION}"
NEW_ORIGIN = "new_origin"
SOURCES = (
    "articles outlets owners wordings origins_low origins_high named unnamed untraced retracted"
    " circular_groups unconfirmed headline"
).split()
"""What a claim shows of its newest trace, beside the circles and the list of origins."""
_NOTHING = origins.count((), (), ()).as_json()
UNTRACED: dict[str, Any] = {name: _NOTHING[name] for name in SOURCES}
"""What it shows before the first: to find no coverage at all is no change."""

_PATIENCE = 2
_NAMED_IN_ALERT = 3
_ON_RECORD = 50
_OF_OUTLETS = [
    f"article__outlet{further}__{field}"
    for further in ("", "__merged_into")
    for field in ("pk", "name", "owner__name", "agency", "unknown")
]


@uncollected()
def recompute(claim: Claim, *, within: float = math.inf) -> OriginTrace:
    """Read the claim's coverage anew and count its origins; what people decided stays.

    Twice is as once, also at the same time: whoever is second waits for the claim's row and
    finds everything in place. Texts are compared before the row is locked, so that a story of
    ten thousand articles does not keep people from their work; where articles came in
    meanwhile, it is done again. Only texts that are new or changed are compared.

    What was read and compared is kept on the way: whoever was cut off goes on from there. Where
    that alone takes longer than ``within`` seconds it raises Unfinished: call it again.
    """
    so_far = kept.SoFar(claim, within=within)
    for _ in range(_PATIENCE):
        seen, before, draft = _draft(claim, so_far)
        with transaction.atomic():
            held = Claim.objects.select_for_update().get(pk=claim.pk)
            if _state(held) == seen:
                return _lay_and_count(held, before, draft)
    with transaction.atomic():
        held = Claim.objects.select_for_update().get(pk=claim.pk)
        _, before, draft = _draft(held, None)
        return _lay_and_count(held, before, draft)


@uncollected()
def recount(claim: Claim) -> OriginTrace:
    """Count the origins of the rows as they stand; the claim row is locked by the caller."""
    return _count(claim, None)


def _draft(claim: Claim, so_far: kept.SoFar | None) -> tuple[object, kept.Before, Draft]:
    seen = _state(claim)
    kept.sketch_missing(claim)
    coverage = graph.Coverage(claim)
    before = kept.before(claim)
    draft = compose(
        graph.wanted_of(claim),
        coverage.told(),
        before=before.compared,
        heard=before.heard,
        near=kept.near_in(claim),
        shelf=coverage,
        so_far=so_far,
    )
    return seen, before, draft


def _state(claim: Claim) -> object:
    """What a draft depends on: the words, which articles are there as what, and whose they are."""
    words = Claim.objects.values_list("text", "language").get(pk=claim.pk)
    items = claim.coverage.values_list("article", "set_aside", "article__status")
    outlets = claim.coverage.order_by().values_list(*_OF_OUTLETS).distinct()
    return words, frozenset(items), frozenset(outlets)


def _lay_and_count(claim: Claim, before: kept.Before, draft: Draft) -> OriginTrace:
    graph.lay_beside(claim, draft)
    kept.keep(claim, before, draft.kept, draft.heard)
    return _count(claim, draft)


def rely(claim: Claim, trace: OriginTrace | None) -> list[Event]:
    """Note which count a published verdict relied on, and look whether origins came up since.

    Composed: the caller holds the claim's lock, saves ``relied_on`` and ``needs_look``, and
    records the events.
    """
    claim.relied_on = trace
    newest = claim.traces.first()
    return _look_again(claim, newest) if newest is not None else []


def _count(claim: Claim, draft: Draft | None) -> OriginTrace:
    rows = graph.load(claim)
    found = graph.trace(rows)
    numbers = graph.wordings(claim, rows, found.wordings)
    if draft is not None:
        related.relate(claim, rows, draft.compared)
    else:
        related.relate_again(claim, rows)
    newest = claim.traces.defer("graph").first()
    # Nothing is kept anew where nothing that it is made of changed.
    if newest is None or newest.inputs_digest != found.digest:
        newest = OriginTrace.objects.create(
            claim=claim,
            summary=found.summary.as_json(),
            graph=graph.frozen(rows, found, numbers),
            inputs_digest=found.digest,
            rule_version=RULE_VERSION,
        )
    grew = _look_again(claim, newest) if claim.published_version is not None else []
    _show(claim, found.summary.as_json(), look=bool(grew))
    if grew:
        record(*grew, claim=claim, actor=SYSTEM)
    return newest


def _show(claim: Claim, summary: dict[str, Any], *, look: bool) -> None:
    """Put the count onto the claim; a new headline is a new version of it."""
    sources = {name: summary[name] for name in SOURCES}
    if claim.sources == sources and not look:
        return
    before = claim.sources or UNTRACED
    if before["headline"] != sources["headline"] or look:
        claim.version += 1
        claim.updated_at = timezone.now()
    claim.sources = sources
    claim.save(update_fields=["sources", "version", "updated_at", "needs_look"])


def _look_again(claim: Claim, newest: OriginTrace) -> list[Event]:
    """Ask for another look where origins count that the published verdict did not see.

    Once for what came up and the interval it made: a link that is rejected and confirmed again
    does not ring twice.
    """
    seen = [claim.relied_on.graph] if claim.relied_on is not None else []
    new = new_origins(newest.graph, *seen)
    if not new:
        return []
    told = _told(claim)
    untold = new_origins(newest.graph, *seen, *(trace.graph for trace in told))
    if not untold and _interval(newest) in map(_interval, told):
        return []
    headline = newest.summary["headline"]
    named = ", ".join(f"“{label}”" for label in new[:_NAMED_IN_ALERT])
    more = f" and {len(new) - _NAMED_IN_ALERT} more" if len(new) > _NAMED_IN_ALERT else ""
    claim.needs_look = True
    Alert.objects.create(
        claim=claim,
        kind=NEW_ORIGIN,
        trace=newest,
        message=f"A new origin came up since the verdict: {named}{more}. Now: {headline}.",
    )
    return [OriginsGrew(trace=str(newest.pk), origins=new[:_ON_RECORD], headline=headline)]


def _told(claim: Claim) -> list[OriginTrace]:
    """The counts that alerts told of since the one that the published verdict relied on."""
    told = claim.alerts.filter(kind=NEW_ORIGIN, trace__isnull=False).select_related("trace")
    if claim.relied_on is not None:
        told = told.filter(trace__created_at__gt=claim.relied_on.created_at)
    return [alert.trace for alert in told if alert.trace is not None]


def _interval(trace: OriginTrace) -> tuple[int, int]:
    return trace.summary["origins_low"], trace.summary["origins_high"]
