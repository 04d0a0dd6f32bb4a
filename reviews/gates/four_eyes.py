"""Whoever publishes had no hand in words, reviews or adjudication. Never overridable."""

from claims.errors import Unmet
from reviews.gates.base import Case
from reviews.rounds import why_not_publish


def four_eyes(case: Case) -> Unmet | None:
    if case.publisher is None:
        return Unmet("four_eyes", "A person has to publish this.", "Ask an editor.")
    why = why_not_publish(case.claim, case.round, case.publisher)
    return Unmet("four_eyes", why, "Ask another editor.") if why else None
