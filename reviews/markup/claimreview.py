"""What schema.org ClaimReview needs to hold, checked before anything is frozen."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
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


@dataclass(frozen=True, slots=True)
class ClaimReviewFacts:
    """Everything a ClaimReview says. Empty strings and None are left out of the markup.

    Dates are ISO 8601; numbers are integers or decimal strings, never floats.
    """

    url: str
    claim: str
    language: str
    rating: str
    number: int | str | None
    best: int | str | None
    worst: int | str | None
    author: str
    author_url: str
    answer: str
    published: str
    modified: str
    claimant: str = ""
    claimant_kind: str = ""
    claim_date: str = ""
    appearance: str = ""
    based_on: tuple[str, ...] = ()
    correction: str = ""


def claim_review(facts: ClaimReviewFacts) -> dict[str, Any]:
    """The schema.org ClaimReview (https context) of one published version."""
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": facts.rating}
    if facts.number is not None:
        rating |= {
            "ratingValue": facts.number,
            "bestRating": facts.best,
            "worstRating": facts.worst,
        }
    appearance = {"@type": "CreativeWork", "url": facts.appearance} if facts.appearance else None
    markup = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "@id": f"{facts.url}#claimreview",
        "url": facts.url,
        "claimReviewed": facts.claim,
        "reviewBody": facts.answer,
        "reviewRating": rating,
        "author": {"@type": "Organization", "name": facts.author, "url": facts.author_url},
        "datePublished": facts.published,
        "dateModified": facts.modified,
        "inLanguage": facts.language,
        "itemReviewed": _without_nothing(
            {
                "@type": "Claim",
                "author": _claimant(facts),
                "datePublished": facts.claim_date,
                "appearance": appearance,
                "firstAppearance": appearance,
            }
        ),
        "isBasedOn": list(facts.based_on),
        "correction": facts.correction,
    }
    return _without_nothing(markup)


def _claimant(facts: ClaimReviewFacts) -> dict[str, str] | None:
    if not facts.claimant:
        return None
    kind = "Person" if facts.claimant_kind == "person" else "Organization"
    return {"@type": kind, "name": facts.claimant}


def _without_nothing(markup: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in markup.items() if value not in (None, "", [])}
