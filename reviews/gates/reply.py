"""Whoever made the claim was asked to reply, or there is a reason why not."""

from claims.errors import Unmet
from claims.models import Claimant
from reviews.gates.base import Case


def reply(case: Case) -> Unmet | None:
    claimant = case.claim.claimant
    if claimant is None or claimant.kind == Claimant.Kind.UNNAMED:
        return None
    if case.claim.replies.exists():
        return None
    return Unmet(
        "reply",
        f"{claimant.name} was not asked to reply.",
        "Log who was asked and when, or why nobody could be.",
    )
