"""How far the desk’s reviewers agree before they see each other, for editors and admins."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.admin.base import actor_of, desk_page
from claims.models import Claim, Role
from reviews.models import RatingScale
from reviews.verdicts.agreement import ENOUGH, Estimate, Pair
from reviews.verdicts.blind import agreement_on

DAYS = (30, 90, 365)
SHOWN = 50
# The chart: from -1 to 1 over so many units, rows so many apart.
WIDE, ROW = 400, 34


@dataclass(frozen=True, slots=True)
class Bar:
    """One measure as a line of the table and, where there is enough data, of the chart."""

    label: str
    estimate: Estimate | None
    y: int

    @property
    def line_y(self) -> int:
        return self.y + 8

    @property
    def low_x(self) -> int:
        return _x(self.estimate.low) if self.estimate else 0

    @property
    def high_x(self) -> int:
        return _x(self.estimate.high) if self.estimate else 0

    @property
    def x(self) -> int:
        return _x(self.estimate.value) if self.estimate else 0


@dataclass(frozen=True, slots=True)
class Apart:
    """A claim on which two ratings differed."""

    claim: Claim
    people: tuple[str, str]
    ratings: tuple[str, str]


def page(request: HttpRequest) -> HttpResponse:
    """The figures of one scale over a time; both stand in the URL."""
    by = actor_of(request)
    if not by.holds(Role.EDITOR, Role.ADMIN):
        raise PermissionDenied
    scales = list(RatingScale.objects.order_by("-active", "slug", "-version"))
    asked = request.GET.get("scale", "")
    scale = next((one for one in scales if str(one.pk) == asked), next(iter(scales), None))
    days = next((one for one in DAYS if str(one) == request.GET.get("days")), None)
    since = timezone.now() - timedelta(days=days) if days else None
    report = agreement_on(scale, by=by, since=since) if scale is not None else None
    found = report.agreement if report is not None else None
    return desk_page(
        request,
        "desk/agreement.html",
        {
            "scales": scales,
            "scale": scale,
            "days": days,
            "days_choices": DAYS,
            "report": report,
            "found": found,
            "bars": _bars(found.raw, found.kappa, found.linear, found.quadratic) if found else [],
            "high": 4 * ROW,
            "wide": WIDE,
            "middle": WIDE // 2,
            "apart": _apart(found.disagreements[:SHOWN], scale) if found and scale else [],
            "together": found.together[:SHOWN] if found else [],
            "shown": SHOWN,
            "enough": ENOUGH,
        },
        title=_("Agreement"),
    )


def _bars(*estimates: Estimate | None) -> list[Bar]:
    labels = (
        _("Same rating"),
        _("Kappa"),
        _("Weighted kappa, linear"),
        _("Weighted kappa, quadratic"),
    )
    return [
        Bar(label, estimate, number * ROW + ROW // 2)
        for number, (label, estimate) in enumerate(zip(labels, estimates, strict=True))
    ]


def _x(value: float) -> int:
    return round((value + 1) / 2 * WIDE)


def _apart(pairs: tuple[Pair, ...], scale: RatingScale) -> list[Apart]:
    claims = Claim.objects.in_bulk([one.item for one in pairs])
    by_key = {str(key): claim for key, claim in claims.items()}
    codes = [str(rating) for rating in scale.ratings.order_by("position")]
    return [
        Apart(by_key[one.item], one.people, (codes[one.ratings[0]], codes[one.ratings[1]]))
        for one in pairs
        if one.item in by_key
    ]
