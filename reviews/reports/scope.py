"""Which claims a report is about, and over which time; what it may not tell stays out here."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from claims.models import Actor, Claim
from claims.models.claim import ClaimQuerySet, sees_every_claim

Row = TypeVar("Row", bound=Model)
WEEKS = (4, 13, 26, 52)
OUTCOMES = {
    "open": _("still open"),
    "published": _("published"),
    "not_taken_up": _("not taken up"),
    "duplicate": _("duplicates"),
    "withdrawn": _("withdrawn"),
}
# Below so many a middle, a share, or the slow end of a distribution says nothing.
ENOUGH_FOR_MEDIAN = 5
ENOUGH_FOR_SHARE = 10
ENOUGH_FOR_TAIL = 20


@dataclass(frozen=True, slots=True)
class Scope:
    """The claims somebody may know of, as they narrowed them, over whole weeks up to now.

    ``topic`` and ``tag`` are names, ``outcome`` a key of OUTCOMES; empty means all.
    """

    by: Actor
    until: datetime
    weeks: int = 13
    language: str = ""
    topic: str = ""
    tag: str = ""
    outcome: str = ""

    @property
    def mondays(self) -> list[datetime]:
        """When each week begins, the running one last; UTC."""
        today = self.until.astimezone(UTC).date()
        monday = datetime.combine(today - timedelta(days=today.weekday()), time(), UTC)
        return [monday - timedelta(weeks=ago) for ago in reversed(range(self.weeks))]

    @property
    def since(self) -> datetime:
        return self.mondays[0]

    @property
    def is_narrowed(self) -> bool:
        """Whether any claim may be left out; if not, no row has to be asked for its claim."""
        filters = (self.language, self.topic, self.tag, self.outcome)
        return any(filters) or not sees_every_claim(self.by)

    def claims(self) -> ClaimQuerySet:
        """The claims, over all time."""
        found = Claim.objects.visible_to(self.by).order_by()
        if self.language:
            found = found.filter(language=self.language)
        if self.topic:
            found = found.filter(topic__name=self.topic)
        if self.tag:
            found = found.filter(tags__name=self.tag)
        if self.outcome == "open":
            found = found.on_desk()
        elif self.outcome == "published":
            found = found.filter(state=Claim.State.PUBLISHED)
        elif self.outcome:
            found = found.filter(outcome=self.outcome)
        return found

    def of(self, rows: QuerySet[Row], claim: str = "claim") -> QuerySet[Row]:
        """Only rows of these claims; ``claim`` is the way to one from a row."""
        if not self.is_narrowed:
            return rows
        narrowed: Any = {f"{claim}__in": self.claims().values("pk")}
        return rows.filter(**narrowed)
