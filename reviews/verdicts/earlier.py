"""What the desk said of nearly the same words: read by whoever has rated these already."""

from collections.abc import Sequence
from dataclasses import dataclass

from claims.matching.near import near
from claims.models import Actor, Claim
from reviews.models import Rating, Verdict

COMPARED = 20
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Earlier:
    """A verdict on a claim near this one, and whether it is another than one’s own rating."""

    claim: Claim
    verdict: Verdict
    likeness: float
    differs: bool


def earlier_verdicts(claim: Claim, *, by: Actor, own: Rating) -> Sequence[Earlier]:
    """Verdicts that stand on claims in nearly the same words, the most alike first.

    ``own`` is how ``by`` rates the claim; asked only of whoever did, so that no earlier answer
    leads a rating. A verdict is there once its round was revealed, and none of a void round is
    given. Ratings of another scale, or version, are compared by their class.
    """
    likely = {one.claim.pk: one for one in near(claim, by=by, most=COMPARED)}
    standing = (
        Verdict.objects.filter(claim__in=likely, round__voided_at__isnull=True)
        .exclude(claim__outcome=Claim.Outcome.WITHDRAWN)
        .order_by("claim_id", "-recorded_at", "-id")
        .distinct("claim_id")
        .select_related("rating")
    )
    verdicts = {one.claim_id: one for one in standing}
    return [
        Earlier(one.claim, verdicts[key], one.likeness, _differs(own, verdicts[key].rating))
        for key, one in likely.items()
        if key in verdicts
    ][:SHOWN]


def _differs(own: Rating, other: Rating) -> bool:
    if own.scale_id == other.scale_id:
        return own.pk != other.pk
    return own.rating_class != other.rating_class
