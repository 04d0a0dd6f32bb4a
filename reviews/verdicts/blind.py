"""The blind ratings of revealed rounds, as pairs to measure agreement on."""

from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from django.db.models import Prefetch

from claims.models import Actor, Claim
from reviews.models import RatingScale, Review, Round
from reviews.verdicts.agreement import Agreement, Pair, measure

ROUNDS_MAX = 20_000


@dataclass(frozen=True, slots=True)
class Report:
    """Agreement on one scale, and how many rounds it rests on; ``cut`` where there are more."""

    scale: RatingScale
    rounds: int
    cut: bool
    agreement: Agreement


def agreement_on(scale: RatingScale, *, by: Actor, since: datetime | None = None) -> Report:
    """How far reviewers agreed on a scale before they saw each other, in the newest rounds.

    Only revealed rounds of claims ``by`` may know of. A round voided after its reveal counts:
    its ratings were blind. Reconciliation and adjudication never enter.
    """
    by.need("claims:read")
    rounds = Round.objects.filter(
        scale=scale,
        revealed_at__isnull=False,
        claim__in=Claim.objects.visible_to(by),
    )
    if since is not None:
        rounds = rounds.filter(revealed_at__gte=since)
    reviews = Review.objects.visible_to(by).select_related("reviewer").order_by("submitted_at")
    newest = list(
        rounds.order_by("-revealed_at").prefetch_related(Prefetch("reviews", reviews))[
            : ROUNDS_MAX + 1
        ]
    )
    ratings = list(scale.ratings.order_by("position"))
    place = {rating.pk: number for number, rating in enumerate(ratings)}
    pairs = [
        Pair(
            item=str(round_.claim_id),
            people=(one.reviewer.get_username(), other.reviewer.get_username()),
            ratings=(place[one.rating_id], place[other.rating_id]),
        )
        for round_ in newest[:ROUNDS_MAX]
        for one, other in combinations(sorted(round_.reviews.all(), key=_seat), 2)
    ]
    numbers = [float(one.number) if one.number is not None else None for one in ratings]
    return Report(
        scale=scale,
        rounds=min(len(newest), ROUNDS_MAX),
        cut=len(newest) > ROUNDS_MAX,
        agreement=measure(pairs, numbers=numbers),
    )


def _seat(review: Review) -> tuple[bool, str]:
    """The lead first, then second, then third."""
    return review.seat != "first", review.seat
