"""What can happen next with a claim, and why not: said before anybody presses a button."""

from dataclasses import dataclass

from claims.errors import Forbidden, Unmet
from claims.models import Actor, Claim
from reviews.workflow.conditions import gates_pass
from reviews.workflow.step import Looked, Step
from reviews.workflow.table import TRANSITIONS, Transition
from reviews.workflow.transition import NOTHING_SAID, refuse_role, unmet_conditions


@dataclass(frozen=True, slots=True)
class Option:
    """One transition that leaves the present state. Allowed exactly when nothing is unmet."""

    name: str
    to: str
    label: str
    warning: str
    asks: tuple[str, ...]
    reasons: tuple[str, ...]
    unmet: tuple[Unmet, ...]

    @property
    def allowed(self) -> bool:
        return not self.unmet


def options(claim: Claim, by: Actor, *, looked: Looked | None = None) -> list[Option]:
    """Every transition that leaves this state, also those this actor may not do.

    ``looked`` is what a page has just read of it, where there is a page.
    """
    return [
        Option(
            name=name,
            to=change.target,
            label=str(change.label),
            warning=str(change.warning),
            asks=change.asks,
            reasons=tuple(sorted(change.reasons)),
            unmet=tuple(_unmet(name, change, claim, by, looked)),
        )
        for name, change in TRANSITIONS.items()
        if claim.state in change.sources
    ]


def _unmet(
    name: str, change: Transition, claim: Claim, by: Actor, looked: Looked | None
) -> list[Unmet]:
    step = Step(claim, by, NOTHING_SAID, name, claim.state, change.target, looked)
    found = []
    try:
        refuse_role(change, by)
    except Forbidden as refusal:
        found.append(Unmet("role", refusal.message, "Ask a colleague who may."))
    # Where the gates are asked, one of them is the four eyes; asking twice would say it twice.
    if change.four_eyes is not None and gates_pass not in change.conditions:
        why = change.four_eyes(step)
        if why:
            found.append(Unmet("four_eyes", why, "Ask a colleague."))
    return found + unmet_conditions(change, step)
