"""The ClaimReview that goes out with the page is whole and sane."""

from django.conf import settings

from claims.errors import Unmet
from reviews.gates.base import Case
from reviews.markup.claimreview import Described, problems_of
from reviews.models import in_language


def markup(case: Case) -> Unmet | None:
    if case.verdict is None:
        return None
    rating = case.verdict.rating
    numbers = [one.number for one in rating.scale.ratings.all() if one.number is not None]
    described = Described(
        claim=case.claim.text,
        rating=in_language(rating.label, case.claim.language),
        number=rating.number,
        best=max(numbers, default=None),
        worst=min(numbers, default=None),
        url=settings.SITE_URL,
    )
    found = problems_of(described)
    if not found:
        return None
    return Unmet("markup", " ".join(found), "Mend the claim’s words or the rating scale.")
