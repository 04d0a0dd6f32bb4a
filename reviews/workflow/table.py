"""Every change of state a claim can make. To change the workflow, change this table."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, Role
from reviews.workflow import effects
from reviews.workflow.conditions import (
    Condition,
    gates_pass,
    has_a_living_publication,
    has_language,
    has_no_living_publication,
    was_not_withdrawn,
)
from reviews.workflow.step import DISMISSAL_REASONS, Effect, Step

State = Claim.State


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: from where to where, who may, what has to be said, what has to hold.

    ``who`` maps each role to the scope its token needs. ``asks`` names what must be given in
    words; ``reasons``, where set, is the list the reason comes from.
    """

    label: str | Promise
    sources: frozenset[str]
    target: str
    who: dict[str, str]
    effect: Effect
    asks: tuple[str, ...] = ()
    reasons: frozenset[str] = frozenset()
    conditions: tuple[Condition, ...] = ()
    # What else has to be said, as things stand; refuses with Invalid.
    check: Callable[[Step], None] | None = None
    four_eyes: Callable[[Step], str | None] | None = None
    # What the button says will happen, before anybody presses it.
    warning: str | Promise = field(default="")


_EDITOR = {Role.EDITOR.value: "publish"}

TRANSITIONS: dict[str, Transition] = {
    "start_checking": Transition(
        label=_("Send to review"),
        sources=frozenset({State.DRAFT}),
        target=State.CHECKING,
        who={
            Role.CONTRIBUTOR.value: "claims:write",
            Role.REVIEWER.value: "claims:write",
            Role.EDITOR.value: "claims:write",
        },
        conditions=(has_language,),
        effect=effects.start_checking,
        warning=_("Two reviewers will be asked, and the desk looks for coverage."),
    ),
    "return_to_draft": Transition(
        label=_("Send back to incoming"),
        sources=frozenset({State.CHECKING}),
        target=State.DRAFT,
        who=_EDITOR,
        asks=("reason",),
        conditions=(has_no_living_publication,),
        effect=effects.leave_checking,
        warning=_("The present round of reviews will be void."),
    ),
    "dismiss": Transition(
        label=_("Do not take up"),
        sources=frozenset({State.DRAFT, State.CHECKING}),
        target=State.DISMISSED,
        who={Role.REVIEWER.value: "reviews:write", **_EDITOR},
        asks=("reason", "note"),
        reasons=DISMISSAL_REASONS,
        conditions=(has_no_living_publication,),
        effect=effects.dismiss,
        warning=_("The claim leaves the queue; an open round will be void."),
    ),
    "restore": Transition(
        label=_("Take it up again"),
        sources=frozenset({State.DISMISSED}),
        target=State.DRAFT,
        who=_EDITOR,
        asks=("reason",),
        conditions=(was_not_withdrawn,),
        effect=effects.move,
    ),
    "publish": Transition(
        label=_("Publish"),
        sources=frozenset({State.CHECKING}),
        target=State.PUBLISHED,
        who=_EDITOR,
        conditions=(gates_pass,),
        check=effects.check_correction,
        four_eyes=effects.why_not_publish,
        effect=effects.publish,
        warning=_("The answer goes out at once: page, feeds and everybody who subscribed."),
    ),
    "reopen": Transition(
        label=_("Check again"),
        sources=frozenset({State.PUBLISHED}),
        target=State.CHECKING,
        who=_EDITOR,
        asks=("reason",),
        effect=effects.reopen,
        warning=_("The page stays up, marked as under re-check."),
    ),
    "withdraw": Transition(
        label=_("Withdraw"),
        sources=frozenset({State.PUBLISHED, State.CHECKING}),
        target=State.DISMISSED,
        who=_EDITOR,
        asks=("reason",),
        conditions=(has_a_living_publication,),
        effect=effects.withdraw,
        warning=_("The page only says that the check was withdrawn, and why, for good."),
    ),
}
