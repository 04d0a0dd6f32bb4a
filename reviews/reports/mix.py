"""How claims of each side were rated, by what is published."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, F

from reviews.models import Publication, Rating
from reviews.reports.scope import ENOUGH_FOR_SHARE, Scope

CLASSES: tuple[str, ...] = tuple(Rating.Class.values)


@dataclass(frozen=True, slots=True)
class Side:
    """One side (empty: nobody said which) and how often each class of rating came out."""

    name: str
    ratings: Counter[str]

    @property
    def many(self) -> int:
        return self.ratings.total()

    @property
    def enough(self) -> bool:
        return self.many >= ENOUGH_FOR_SHARE


def mix_of_ratings(scope: Scope) -> list[Side]:
    """Of checks whose present version came out in the scope’s time; the largest side first.

    By class, since desks change their scale. What is not published is not in here, and what was
    withdrawn no longer.
    """
    living = Publication.objects.filter(
        published_at__gte=scope.since,
        version=F("claim__published_version"),
        withdrawal__isnull=True,
    )
    rows = (
        scope.of(living)
        .values_list("claim__claimant__side", "verdict__rating__rating_class")
        .annotate(many=Count("pk"))
        .order_by()
    )
    sides: dict[str, Counter[str]] = {}
    for name, rating, many in rows:
        sides.setdefault(name or "", Counter())[rating] += many
    found = [Side(name, ratings) for name, ratings in sides.items()]
    return sorted(found, key=lambda side: (-side.many, side.name))
