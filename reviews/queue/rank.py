"""Storing each claim’s priority, so that the queue is read from an index."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from claims.models import Claim
from reviews.policy import current as current_policy
from reviews.queue.priority import Facts, Priority, prioritise

RANK_LOCK = 0x72616E6B
BATCH = 2_000
SOON = timedelta(days=3)
LATELY = timedelta(hours=2)


def priority_of(claim: Claim, *, now: datetime | None = None) -> Priority:
    """The claim’s priority now, with its parts."""
    return priority_under(claim, current_policy().weights, now=now)


def priority_under(
    claim: Claim, weights: Mapping[str, int], *, now: datetime | None = None
) -> Priority:
    """The same where the caller looked the policy’s weights up already."""
    return prioritise(_facts(claim, now or timezone.now()), weights)


def priorities_of(claims: Iterable[Claim]) -> list[tuple[Claim, Priority]]:
    """Several claims, each with its priority now: the policy is asked once."""
    now, weights = timezone.now(), current_policy().weights
    return [(claim, prioritise(_facts(claim, now), weights)) for claim in claims]


def rerank(*, everything: bool = False) -> int:
    """Store priorities anew where time or news may have moved them; returns how many moved.

    Runs by the clock. Two at once do no harm: the second finds the lock taken and leaves.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [RANK_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    now = timezone.now()
    open_claims = Claim.objects.on_desk()
    if not everything:
        open_claims = open_claims.filter(
            Q(due_at__lte=now + SOON) | Q(updated_at__gte=now - LATELY) | Q(priority=0)
        )
    weights = current_policy().weights
    moved: list[Claim] = []
    for claim in open_claims.iterator(chunk_size=BATCH):
        score = prioritise(_facts(claim, now), weights).score
        if score != claim.priority:
            claim.priority = score
            moved.append(claim)
    Claim.objects.bulk_update(moved, ["priority"], batch_size=BATCH)
    _free_lapsed(now)
    return len(moved)


def _free_lapsed(now: datetime) -> None:
    """Let claims whose seats ran out stand in the queue’s index again.

    They are found without it, by ``busy_until``; a night’s worth of them would be slow to sort
    with every taking.
    """
    Claim.objects.filter(
        state=Claim.State.CHECKING, stage=Claim.Stage.REVIEW, busy_until__lte=now
    ).update(busy_until=None)


def _facts(claim: Claim, now: datetime) -> Facts:
    left = claim.time_left(now)
    return Facts(
        harm=claim.harm,
        demand=claim.demand,
        hours_to_due=left.total_seconds() / 3600 if left is not None else None,
        checkworthiness=float(claim.checkworthiness.get("score", 0)),
        articles=int(claim.sources.get("articles", 0)),
        hours_waiting=(now - claim.created_at).total_seconds() / 3600,
        urgent=claim.urgent,
    )
