"""A second reviewer agreed to the text as it stands."""

from claims.errors import Unmet
from reviews.gates.base import Case
from reviews.stage import is_agreed


def finding_agreed(case: Case) -> Unmet | None:
    if case.round is not None and is_agreed(case.round, case.finding):
        return None
    if case.finding is None:
        return Unmet("finding_agreed", "There is no text yet.", "Write the finding.")
    return Unmet(
        "finding_agreed",
        "Nobody but its writer stands by the present text.",
        "A reviewer of the round who did not write it agrees to it.",
    )
