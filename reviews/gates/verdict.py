"""The claim’s newest round is revealed, not void, and settled on a rating."""

from claims.errors import Unmet
from reviews.gates.base import Case


def verdict(case: Case) -> Unmet | None:
    if case.verdict is not None:
        return None
    if case.round is None or case.round.is_void or case.round.is_open:
        return Unmet(
            "verdict", "The reviews are not all in.", "Wait until every seat has rated it."
        )
    return Unmet(
        "verdict",
        "The reviewers’ ratings differ.",
        "They settle on one of them, or an editor outside the round decides.",
    )
