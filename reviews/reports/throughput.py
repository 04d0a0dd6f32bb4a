"""How many claims came in, went out and were not taken up, week by week, and why not."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar

from django.db.models import Count, Model, QuerySet
from django.db.models.functions import TruncWeek

from claims.ledger import read
from reviews.models import Publication
from reviews.reports.scope import Scope

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Week:
    """One week from its Monday on, UTC. ``published`` are first versions, not corrections."""

    monday: date
    came_in: int
    published: int
    dismissed: int


@dataclass(frozen=True, slots=True)
class Throughput:
    """Every week of the scope, empty ones too; and the reasons of dismissals, the most first."""

    weeks: tuple[Week, ...]
    reasons: tuple[tuple[str, int], ...]


def throughput(scope: Scope) -> Throughput:
    since = scope.since
    first = Publication.objects.filter(version=1, published_at__gte=since)
    came_in = _by_week(scope.claims().filter(created_at__gte=since), "created_at")
    published = _by_week(scope.of(first), "published_at")
    dismissals = read.dismissals(since=since, claims=scope.claims() if scope.is_narrowed else None)
    dismissed = _summed((one.monday, one.many) for one in dismissals)
    reasons = _summed((one.reason, one.many) for one in dismissals)
    return Throughput(
        tuple(
            Week(day, came_in[day], published[day], dismissed[day])
            for day in (monday.date() for monday in scope.mondays)
        ),
        tuple(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
    )


def _by_week(rows: QuerySet[Model], at: str) -> Counter[date]:
    weeks = rows.annotate(monday=TruncWeek(at, tzinfo=UTC)).values("monday").order_by()
    found = weeks.annotate(many=Count("pk")).values_list("monday", "many")
    return _summed((_day(monday), many) for monday, many in found)


def _day(monday: datetime) -> date:
    return monday.astimezone(UTC).date()


def _summed(pairs: Iterable[tuple[Key, int]]) -> Counter[Key]:
    total: Counter[Key] = Counter()
    for key, many in pairs:
        total[key] += many
    return total
