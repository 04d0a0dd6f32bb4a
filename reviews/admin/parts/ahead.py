"""What can happen next with the claim, and why not: said before anybody presses a button."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from claims.admin.acts import Forms
from claims.models import Actor, Claim
from reviews.admin.forms.ahead import TransitionForm
from reviews.workflow.options import Option, options
from reviews.workflow.step import Looked

# What is pressed when all goes well; the others are quiet.
FORWARD = ("start_checking", "publish")
HARSH = ("dismiss", "withdraw", "return_to_draft")


@dataclass(frozen=True, slots=True)
class Way:
    """One transition as the page shows it. ``form`` is None where it cannot be asked for."""

    option: Option
    form: Any
    passed_over: Sequence[str]

    @property
    def is_shut(self) -> bool:
        """Not to be had now, and not what the work leads to: told, but out of the way."""
        return self.form is None and self.option.name not in FORWARD

    @property
    def style(self) -> str:
        if self.option.name in FORWARD:
            return "primary"
        return "danger" if self.option.name in HARSH else ""


def ways_of(
    claim: Claim,
    by: Actor,
    *,
    looked: Looked,
    overridable: Collection[str],
    page_forms: Forms,
) -> list[Way]:
    """Every transition that leaves this state, those that can be asked for first.

    One that fails only at gates which the policy lets an editor pass over can be asked for too,
    with words. ``looked`` is what the page has read.
    """
    allowed = set(overridable)
    ways = []
    for option in options(claim, by, looked=looked):
        codes = [unmet.code for unmet in option.unmet]
        passable = option.name == "publish" and bool(codes) and allowed.issuperset(codes)
        refused = page_forms.was_refused("transition", option.name)
        form = None
        if option.allowed or passable or refused is not None:
            asks = [*option.asks]
            if option.name == "publish" and looked.out:
                asks += ["kind", "note"]
            form = page_forms.of(TransitionForm, "transition", option.name)
            form = form.showing(asks).with_overrides(codes if passable else ())
        ways.append(Way(option, form, codes if passable else ()))
    return sorted(ways, key=lambda way: (way.form is None, way.option.name not in FORWARD))
