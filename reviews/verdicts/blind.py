"""The blind ratings of revealed rounds, as pairs to measure agreement on."""

from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from django.db.models import Count, F, Prefetch, QuerySet

from claims.models import Actor, Claim
from claims.models.claim import sees_every_claim
from reviews.models import RatingScale, Review, Round
from reviews.verdicts.agreement import (
    ENOUGH,
    Agreement,
    Estimate,
    Pair,
    distances,
    kappa,
    measure,
    wilson,
)

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


@dataclass(frozen=True, slots=True)
class Measures:
    """Agreement in numbers alone: so many pairs, so many the same, raw and weighted (linear).

    An estimate is None where there is not enough data.
    """

    pairs: int
    agreed: int
    raw: Estimate | None
    kappa: Estimate | None


def measures_on(
    scale: RatingScale, *, by: Actor, since: datetime, claims: QuerySet[Claim] | None = None
) -> Measures:
    """The same pairs as ``agreement_on`` counts, of these claims or all, counted by the database.

    As fast with a million rounds as with few, since no review is read.
    """
    by.need("claims:read")
    known = claims if claims is not None else Claim.objects.visible_to(by)
    # Names of seats are in the order of the alphabet, so each two meet once, the lead first.
    pairs = Review.objects.visible_to(by).filter(
        round__scale=scale, round__revealed_at__gte=since, round__reviews__seat__gt=F("seat")
    )
    if claims is not None or not sees_every_claim(by):
        pairs = pairs.filter(round__claim__in=known.values("pk"))
    ratings = list(scale.ratings.order_by("position"))
    place = {rating.pk: number for number, rating in enumerate(ratings)}
    counts = [[0] * len(ratings) for _ in ratings]
    met = pairs.values_list("rating", "round__reviews__rating").annotate(many=Count("pk"))
    for one, other, many in met.order_by():
        counts[place[one]][place[other]] = many
    total, agreed = sum(map(sum, counts)), sum(row[i] for i, row in enumerate(counts))
    if total < ENOUGH:
        return Measures(total, agreed, None, None)
    numbers = [float(one.number) if one.number is not None else None for one in ratings]
    linear = kappa(counts, distances(numbers, power=1))
    return Measures(total, agreed, wilson(agreed, total), linear)


def _seat(review: Review) -> tuple[bool, str]:
    """The lead first, then second, then third."""
    return review.seat != "first", review.seat
