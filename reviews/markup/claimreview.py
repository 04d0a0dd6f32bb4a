"""What schema.org ClaimReview needs to hold, checked before anything is frozen."""

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Described:
    """The facts a ClaimReview is made of. Numbers are None where the rating has none."""

    claim: str
    rating: str
    number: Decimal | None
    best: Decimal | None
    worst: Decimal | None
    url: str


def problems_of(described: Described) -> list[str]:
    """What is wrong with it, a sentence each; nothing when it can go out."""
    found = []
    if not described.claim.strip():
        found.append("The claim has no words (claimReviewed).")
    if not described.rating.strip():
        found.append("The rating has no label in the claim’s language (alternateName).")
    if described.number is not None:
        found += _number_problems(described)
    address = urlsplit(described.url)
    if address.scheme not in {"http", "https"} or not address.netloc:
        found.append("The desk’s own address is not a web address (SITE_URL).")
    return found


def _number_problems(described: Described) -> list[str]:
    number, best, worst = described.number, described.best, described.worst
    if number is None or best is None or worst is None:
        return []
    if best <= worst:
        return ["The scale’s best number is not above its worst."]
    if not worst <= number <= best:
        return ["The rating’s number lies outside its scale."]
    return []
