"""What is overdue now, by how much, and what waits for an answer from outside."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q

from claims.models import Claim, User
from reviews.reports.scope import Scope

SOON = timedelta(days=3)
# Open claims with a due date that are looked at, the earliest first.
CAP = 20_000
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Lateness:
    """How many claims are late by up to a day, three, a week, more; due soon; and stand still.

    ``latest`` are the first of them with ``people``, to whom they are assigned.
    """

    buckets: tuple[tuple[str, int], ...]
    soon: int
    paused: int
    latest: tuple[Claim, ...]
    cut: bool

    @property
    def late(self) -> int:
        return sum(many for _name, many in self.buckets)


def lateness(scope: Scope) -> Lateness:
    """By the clock that stands still while answers are awaited, whatever the scope’s weeks."""
    now = scope.until
    dated = scope.claims().on_desk().filter(due_at__isnull=False).order_by("due_at")
    clocked = dated.annotate(clock=F("due_at") + F("paused_for"))[:CAP]
    days = {name: now - timedelta(days=limit) for name, limit in (("1", 1), ("3", 3), ("7", 7))}
    still = Q(paused_until__gt=now)
    said = clocked.aggregate(
        seen=Count("pk"),
        day=Count("pk", filter=Q(clock__lt=now, clock__gte=days["1"])),
        three=Count("pk", filter=Q(clock__lt=days["1"], clock__gte=days["3"])),
        week=Count("pk", filter=Q(clock__lt=days["3"], clock__gte=days["7"])),
        more=Count("pk", filter=Q(clock__lt=days["7"])),
        soon=Count("pk", filter=Q(clock__gte=now, clock__lt=now + SOON) & ~still),
        paused=Count("pk", filter=still & Q(clock__gte=now)),
    )
    people = User.objects.filter(assigned_claims=OuterRef("pk")).order_by("username")
    latest = scope.claims().overdue().annotate(people=ArraySubquery(people.values("username")))
    return Lateness(
        buckets=tuple((name, said[name]) for name in ("day", "three", "week", "more")),
        soon=said["soon"],
        paused=said["paused"],
        latest=tuple(latest.order_by("due_at")[:SHOWN]),
        cut=said["seen"] == CAP,
    )
