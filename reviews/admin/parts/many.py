"""How a bulk act stands: what will happen, how far it is, what stayed and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef

from claims.models import Actor, Claim, Job
from reviews.bulk.acts import AS_IT_IS
from reviews.bulk.begin import KIND
from reviews.bulk.look import items_of
from reviews.models import BulkAct, BulkItem, Review

# Sentences are the verbs' own; there are few of them.
GROUPS = 50
Outcome = BulkItem.Outcome


@dataclass(frozen=True, slots=True)
class Group:
    """Claims with one outcome for one reason."""

    outcome: str
    code: str
    why: str
    many: int


@dataclass(frozen=True, slots=True)
class Staying:
    """Claims that stay for one reason, or will."""

    why: str
    many: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many claims of the act: which will change or did, which will stay or did."""

    all: int
    waiting: int
    will: int
    done: int
    unchanged: int
    stayed: int

    @property
    def over(self) -> int:
        return self.all - self.waiting


@dataclass(frozen=True, slots=True)
class Loss:
    """What dismissing takes: open rounds, and among them such with a review in."""

    rounds: int
    reviewed: int


def standing_of(row: BulkAct, by: Actor, *, after: int, shown: int) -> dict[str, Any]:
    """What the page of a bulk act shows of its claims, to whom may know of them."""
    items = items_of(row, by)
    by_reason = items.values("outcome", "code", "why").annotate(many=Count("pk"))
    groups = [Group(**one) for one in by_reason.order_by("-many", "why")]
    staying = items.filter(outcome=Outcome.STAYED)
    if row.begun_at is None:
        staying = items.exclude(code="").exclude(code=AS_IT_IS)
    page = list(staying.filter(pk__gt=after).select_related("claim").order_by("pk")[: shown + 1])
    return {
        "counts": _counts(groups, begun=row.begun_at is not None),
        "staying": _staying(groups, begun=row.begun_at is not None),
        "stayed": page[:shown],
        "further": page[shown - 1].pk if len(page) > shown else 0,
        "loss": _loss(row, items) if row.begun_at is None else None,
        "failed": _failed(row) if row.is_going else None,
    }


def _counts(groups: Sequence[Group], *, begun: bool) -> Counts:
    def of(outcome: str) -> int:
        return sum(one.many for one in groups if one.outcome == outcome)

    waiting = of(Outcome.WAITING)
    as_it_is = sum(one.many for one in groups if one.code == AS_IT_IS)
    will = sum(one.many for one in groups if not one.code)
    unchanged = of(Outcome.UNCHANGED) if begun else as_it_is
    stayed = of(Outcome.STAYED) if begun else waiting - will - as_it_is
    return Counts(
        all=sum(one.many for one in groups),
        waiting=waiting,
        will=will,
        done=of(Outcome.DONE),
        unchanged=unchanged,
        stayed=stayed,
    )


def _staying(groups: Sequence[Group], *, begun: bool) -> list[Staying]:
    found = [
        Staying(one.why, one.many)
        for one in groups
        if (one.outcome == Outcome.STAYED if begun else one.code not in {"", AS_IT_IS})
    ]
    return found[:GROUPS]


def _loss(row: BulkAct, items: Any) -> Loss | None:
    """Rounds that a dismissal would void. That a review is in is visible; what it says is not."""
    if row.kind != BulkAct.Kind.DISMISS:
        return None
    hit = items.filter(code="", claim__state=Claim.State.CHECKING)
    review = Review.objects.filter(round__claim=OuterRef("claim"), round__voided_at__isnull=True)
    return Loss(hit.count(), hit.filter(Exists(review)).count())


def _failed(row: BulkAct) -> Job | None:
    """The job that came to nothing, while claims still wait for it."""
    ours = Job.objects.filter(key__startswith=f"{KIND}:{row.pk}:", state=Job.State.FAILED)
    return ours.first()
