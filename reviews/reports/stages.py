"""How long claims stay in each stage: the middle one, and the slowest tenth."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Extract

from reviews.models import FindingAgreement, Publication, Round, Verdict
from reviews.reports.scope import ENOUGH_FOR_MEDIAN, ENOUGH_FOR_TAIL, Scope

# Settled in the moment of the reveal: no time passes in which ratings differ.
AT_ONCE = (Verdict.By.AGREEMENT, Verdict.By.MAJORITY)
# The newest of each stage that are looked at: to put more of them in order takes seconds.
CAP = 20_000


@dataclass(frozen=True, slots=True)
class Passage:
    """How long ``many`` claims stayed in a stage that they left in the scope’s time.

    ``median`` and ``slow`` (nine of ten were faster) are None where there is not enough data.
    """

    stage: str
    many: int
    median: timedelta | None
    slow: timedelta | None

    @property
    def is_cut(self) -> bool:
        """Whether only the newest were looked at."""
        return self.many == CAP


class _Quantiles(Aggregate):
    template = "percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = ArrayField(FloatField())


def passages(scope: Scope) -> list[Passage]:
    """From rows that say when each stage ended: of reviews, only those of revealed rounds.

    An open round shows when it was opened and no more, so nothing of a hidden review is in here.
    """
    since = scope.since
    first = scope.of(Round.objects.filter(number=1, opened_at__gte=since))
    revealed = scope.of(Round.objects.filter(revealed_at__gte=since))
    settled = scope.of(Verdict.objects.filter(recorded_at__gte=since).exclude(by__in=AT_ONCE))
    return [
        _passage("incoming", _measured(first, "claim__created_at", "opened_at")),
        _passage("review", _measured(revealed, "opened_at", "revealed_at")),
        _passage("disputed", _measured(settled, "round__revealed_at", "recorded_at")),
        *_to_publication(scope, since),
    ]


def _to_publication(scope: Scope, since: datetime) -> list[Passage]:
    """The text, the wait for an editor, and the whole way; corrections of what is out are none."""
    agreed = FindingAgreement.objects.filter(
        finding__round=OuterRef("verdict__round"), agreed_at__lte=OuterRef("published_at")
    ).order_by("-agreed_at")
    released = scope.of(
        Publication.objects.filter(published_at__gte=since, correction__proposal__isnull=True)
    )
    # As in ``_measured``: only of these is the claim asked, and who agreed to the text.
    cut = released.order_by("-published_at").values("pk")[:CAP]
    newest = Publication.objects.filter(pk__in=cut).order_by()
    is_first, has_yes = Q(version=1), Q(agreed__isnull=False)
    said = newest.annotate(agreed=Subquery(agreed.values("agreed_at")[:1])).aggregate(
        yes=Count("pk", filter=has_yes),
        finding=_between("verdict__recorded_at", "agreed", filter=has_yes),
        ready=_between("agreed", "published_at", filter=has_yes),
        first=Count("pk", filter=is_first),
        whole=_between("claim__created_at", "published_at", filter=is_first),
    )
    return [
        _passage("finding", (said["yes"], said["finding"])),
        _passage("ready", (said["yes"], said["ready"])),
        _passage("whole", (said["first"], said["whole"])),
    ]


def _measured(rows: QuerySet[Any], start: str, end: str) -> tuple[int, list[float] | None]:
    # Cut off by the index before anything is joined: the claim is then asked of these alone.
    cut = rows.order_by(f"-{end}").values("pk")[:CAP]
    newest = rows.model._default_manager.filter(pk__in=cut).order_by()  # noqa: SLF001 - Django's public name
    said = newest.aggregate(many=Count("pk"), times=_between(start, end))
    return said["many"], said["times"]


def _between(start: str, end: str, **how: Any) -> _Quantiles:
    time = ExpressionWrapper(F(end) - F(start), output_field=DurationField())
    return _Quantiles(Extract(time, "epoch"), **how)


def _passage(stage: str, measured: tuple[int, list[float] | None]) -> Passage:
    many, times = measured
    median, slow = (timedelta(seconds=one) for one in times or (0.0, 0.0))
    return Passage(
        stage,
        many,
        median if many >= ENOUGH_FOR_MEDIAN else None,
        slow if many >= ENOUGH_FOR_TAIL else None,
    )
