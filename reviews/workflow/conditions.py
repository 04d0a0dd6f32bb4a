"""What has to hold for a transition, beyond role and state; each answers with all it misses."""

from collections.abc import Callable

from claims.errors import Unmet
from reviews.gates import BLIND, OPEN, case_of
from reviews.policy import current as current_policy
from reviews.publishing.release import living_publication
from reviews.workflow.step import Step

Condition = Callable[[Step], list[Unmet]]


def has_language(step: Step) -> list[Unmet]:
    if step.claim.language:
        return []
    return [Unmet("language", "The claim has no language.", "Say which language it is in.")]


def has_no_living_publication(step: Step) -> list[Unmet]:
    if not _is_out(step):
        return []
    return [
        Unmet(
            "living_publication",
            "A published check of this claim is out.",
            "Publish a correction, or withdraw it.",
        )
    ]


def has_a_living_publication(step: Step) -> list[Unmet]:
    if _is_out(step):
        return []
    return [Unmet("no_publication", "Nothing is published of this claim.", "Dismiss it instead.")]


def was_not_withdrawn(step: Step) -> list[Unmet]:
    if step.claim.outcome != step.claim.Outcome.WITHDRAWN:
        return []
    return [
        Unmet(
            "withdrawn",
            "A withdrawn check does not come back.",
            "Open a new claim with the same words.",
        )
    ]


def gates_pass(step: Step) -> list[Unmet]:
    """All gates, less those passed over with words; only what policy allows can be."""
    looked = step.looked
    case = looked.case if looked is not None else case_of(step.claim, step.by.person)
    blind = [unmet for gate in BLIND if (unmet := gate(case))]
    if case.verdict is None:
        return blind
    passed_over = {wish.code for wish in step.wish.overrides}
    if passed_over:
        passed_over &= set(current_policy().overridable)
    open_ = [unmet for gate in OPEN if (unmet := gate(case))]
    return blind + [unmet for unmet in open_ if unmet.code not in passed_over]


def _is_out(step: Step) -> bool:
    """Whether a published check of the claim stands."""
    if step.looked is not None:
        return step.looked.out
    return living_publication(step.claim) is not None
