"""How often editors pass a gate over when they publish, which one, and why."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from reviews.models import Override, Publication
from reviews.reports.scope import ENOUGH_FOR_SHARE, Scope


@dataclass(frozen=True, slots=True)
class Passed:
    """One gate passed over for one reason of the list; empty where none was given."""

    code: str
    reason: str
    many: int


@dataclass(frozen=True, slots=True)
class Overrides:
    """``passed`` of so many ``published`` went out with a gate passed over."""

    published: int
    passed: int
    rows: tuple[Passed, ...]

    @property
    def rate(self) -> float | None:
        """The share, or None where there is not enough data."""
        return self.passed / self.published if self.published >= ENOUGH_FOR_SHARE else None


def overrides(scope: Scope) -> Overrides:
    """Of all decisions to publish; a correction repeats what the version before passed over."""
    released = scope.of(
        Publication.objects.filter(
            published_at__gte=scope.since, correction__proposal__isnull=True
        )
    )
    passed = Exists(Override.objects.filter(publication=OuterRef("pk")))
    said = released.order_by().aggregate(all=Count("pk"), passed=Count("pk", filter=passed))
    rows = (
        Override.objects.filter(publication__in=released.values("pk"))
        .values_list("code", "reason")
        .annotate(many=Count("pk"))
        .order_by("-many", "code", "reason")
    )
    return Overrides(said["all"], said["passed"], tuple(Passed(*row) for row in rows))
