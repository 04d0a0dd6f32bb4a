"""My desk: everything that waits for this person, the most pressing first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.admin.base import actor_of, desk_page
from claims.models import Actor, Article, Claim, Job, Role
from claims.models.claim import ClaimQuerySet
from reviews.models import Finding, Lease, Notification, Review
from reviews.policy import current as current_policy
from reviews.queue import pick
from reviews.queue.rank import priorities_of

A_FEW = 5
Stage = Claim.Stage


@dataclass(frozen=True, slots=True)
class Held:
    """A seat I hold, and until when."""

    claim: Claim
    seat: str
    expires_at: datetime


def page(request: HttpRequest) -> HttpResponse:
    return desk_page(request, "desk/mine.html", context(actor_of(request)), title=_("My desk"))


def context(by: Actor) -> dict[str, Any]:
    """What the first page of the desk shows; each part is empty where nothing waits."""
    reviews = by.holds(Role.REVIEWER)
    edits = by.holds(Role.EDITOR)
    # What an editor's queue holds stands here under what it waits for: a decision, or publishing.
    queue = list(pick.queue(by).select_related("article__outlet")[: A_FEW + 1]) if reviews else []
    return {
        "held": _held(by) if reviews else [],
        "wip_limit": current_policy().wip_limit,
        "queue": priorities_of(queue[:A_FEW]),
        "queue_goes_on": len(queue) > A_FEW,
        "to_agree": list(to_agree(by)[:A_FEW]) if reviews else [],
        "to_settle": list(to_settle(by)[:A_FEW]) if reviews else [],
        "to_decide": _few(pick.for_editor(by).filter(stage=Stage.ADJUDICATION)) if edits else [],
        "to_publish": _few(pick.for_editor(by).filter(stage=Stage.READY)) if edits else [],
        "needs_look": _few(Claim.objects.visible_to(by).filter(needs_look=True)) if edits else [],
        "assigned": _few(_assigned(by)),
        "incoming": list(_incoming(by)[:A_FEW]),
        "notices": list(_notices(by)[:A_FEW]),
        "failed": list(failed_jobs(by)[:A_FEW]),
        "unread_articles": list(
            Article.objects.filter(status=Article.Status.FAILED, handed_in=True)[:A_FEW]
        ),
        "reviews": reviews,
        "edits": edits,
    }


def to_agree(by: Actor) -> ClaimQuerySet:
    """Claims whose text this reviewer may agree to: of a round they sat in, written by another."""
    newest = Finding.objects.filter(
        round__claim=OuterRef("pk"), round__voided_at__isnull=True
    ).order_by("-round__number", "-number")
    return (
        _sat_in(by)
        .filter(stage=Stage.FINDING)
        .annotate(writer=Subquery(newest.values("author")[:1]))
        .filter(writer__isnull=False)
        .exclude(writer=by.person.pk if by.person is not None else None)
    )


def to_settle(by: Actor) -> ClaimQuerySet:
    """Claims this reviewer and the others rated differently."""
    return _sat_in(by).filter(stage=Stage.DISPUTED)


def failed_jobs(by: Actor) -> QuerySet[Job]:
    """Work that came to nothing and that somebody may start again, newest first."""
    known = Claim.objects.visible_to(by).values("pk")
    return (
        Job.objects.filter(Q(claim__isnull=True) | Q(claim__in=known), state=Job.State.FAILED)
        .select_related("claim", "article")
        .order_by("-finished_at")
    )


def _sat_in(by: Actor) -> ClaimQuerySet:
    sat = Review.objects.filter(
        round__claim=OuterRef("pk"),
        round__voided_at__isnull=True,
        round__revealed_at__isnull=False,
        reviewer=by.person,
    )
    return (
        Claim.objects.visible_to(by)
        .filter(Exists(sat), state=Claim.State.CHECKING)
        .order_by("-priority", "id")
    )


def _held(by: Actor) -> list[Held]:
    leases = Lease.objects.filter(holder=by.person, expires_at__gt=timezone.now())
    return [
        Held(lease.claim, lease.seat, lease.expires_at)
        for lease in leases.select_related("claim").order_by("expires_at")
        if lease.expires_at is not None
    ]


def _assigned(by: Actor) -> ClaimQuerySet:
    return Claim.objects.visible_to(by).on_desk().filter(assigned_to=by.person)


def _incoming(by: Actor) -> ClaimQuerySet:
    return (
        Claim.objects.visible_to(by)
        .filter(state=Claim.State.DRAFT)
        .select_related("article__outlet")
        .order_by("-created_at", "-id")
    )


def _few(claims: ClaimQuerySet) -> list[Claim]:
    return list(claims.order_by("-priority", "id")[:A_FEW])


def _notices(by: Actor) -> QuerySet[Notification]:
    return Notification.objects.filter(person=by.person, read_at__isnull=True).select_related(
        "claim"
    )
