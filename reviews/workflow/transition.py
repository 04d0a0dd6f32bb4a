"""The only door through which a claim changes state."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from claims.errors import Forbidden, FourEyes, Invalid, Problem, Stale, Unmet
from claims.ledger.record import record
from claims.models import Actor, Claim
from reviews.errors import IllegalTransition, NotReady
from reviews.models import Correction, Override
from reviews.policy import current as current_policy
from reviews.queue.rank import priority_of
from reviews.stage import derive
from reviews.workflow.step import OverrideWish, Step, Wish
from reviews.workflow.table import TRANSITIONS, Transition

WORDS_MAX = 10_000
NOTHING_SAID = Wish()


@transaction.atomic
def transition(
    claim: Claim,
    name: str,
    *,
    by: Actor,
    wish: Wish = NOTHING_SAID,
    version: int | None = None,
) -> Claim:
    """Make one change of state, or refuse it and say everything that is missing.

    ``version`` is the claim as ``by`` saw it; None leaves that check out (a caller without
    If-Match). Refusals, in the order they are asked: Forbidden (role, scope), FourEyes,
    Invalid (what has to be said), Stale, IllegalTransition, NotReady (conditions and gates).
    Returns the claim as it stands afterwards.
    """
    change = TRANSITIONS.get(name)
    if change is None:
        raise Invalid.at("/name", f"There are these transitions: {', '.join(TRANSITIONS)}.")
    may_ask(claim, name, by=by)
    held = Claim.objects.select_for_update().get(pk=claim.pk)
    step = Step(held, by, wish, name, held.state, change.target)
    _refuse_second_pair_of_own_eyes(change, step)
    _check_words(change, step)
    if change.check is not None and held.state in change.sources:
        change.check(step)
    if version is not None and version != held.version:
        raise Stale(
            "Somebody changed this claim since you opened it. Look at what is new, then decide."
        )
    if held.state not in change.sources:
        raise IllegalTransition(f"A claim that is “{held.standing}” cannot do “{change.label}”.")
    unmet = unmet_conditions(change, step)
    if unmet:
        raise NotReady("Something is still missing.", unmet=unmet)
    events = change.effect(step)
    _move(step)
    record(*events, claim=held, actor=by)
    return held


def may_ask(claim: Claim, name: str, *, by: Actor) -> None:
    """Role and four eyes alone: what a door asks before it looks at the rest of a request."""
    change = TRANSITIONS[name]
    refuse_role(change, by)
    _refuse_second_pair_of_own_eyes(
        change, Step(claim, by, NOTHING_SAID, name, claim.state, change.target)
    )


def refuse_role(change: Transition, by: Actor) -> None:
    """Refuse who holds none of the roles, or whose token is too narrow for those they hold."""
    roles = by.roles & set(change.who)
    if not roles:
        names = " or ".join(sorted(change.who))
        article = "an" if names[0] in "aeiou" else "a"
        raise Forbidden(f"“{change.label}” is for {article} {names}.")
    scopes = {change.who[role] for role in roles}
    if by.scopes.isdisjoint(scopes):
        raise Forbidden(f"This token lacks the scope {min(scopes)}.", code="scope")


def unmet_conditions(change: Transition, step: Step) -> list[Unmet]:
    return [unmet for condition in change.conditions for unmet in condition(step)]


def _refuse_second_pair_of_own_eyes(change: Transition, step: Step) -> None:
    why = change.four_eyes(step) if change.four_eyes is not None else None
    if why:
        raise FourEyes(why)


def _check_words(change: Transition, step: Step) -> None:
    wish, problems = step.wish, []
    for field in ("reason", "note"):
        words = getattr(wish, field)
        if field in change.asks and not words.strip():
            problems.append(Problem(f"/{field}", "Say why: this stays on record."))
        elif len(words) > WORDS_MAX:
            problems.append(Problem(f"/{field}", f"Keep it under {WORDS_MAX:,} characters."))
    if change.reasons and wish.reason.strip() and wish.reason not in change.reasons:
        known = ", ".join(sorted(change.reasons))
        problems.append(Problem("/reason", f"Use one of: {known}."))
    if wish.kind and wish.kind not in Correction.Kind.values:
        known = ", ".join(Correction.Kind.values)
        problems.append(Problem("/kind", f"Use one of: {known}."))
    problems += _problems_with(wish.overrides)
    if problems:
        raise Invalid("Something has to be said first.", problems=problems)


def _problems_with(overrides: Sequence[OverrideWish]) -> list[Problem]:
    allowed, problems = set(current_policy().overridable), []
    for position, override in enumerate(overrides):
        at = f"/override/{position}"
        if override.code not in allowed:
            problems.append(Problem(f"{at}/code", f"“{override.code}” is never overridden."))
        elif override.code in {earlier.code for earlier in overrides[:position]}:
            problems.append(Problem(f"{at}/code", f"“{override.code}” stands here twice."))
        elif not override.note.strip():
            problems.append(Problem(f"{at}/note", "Give the words the public page shows."))
        if override.reason and override.reason not in Override.Reason.values:
            known = ", ".join(Override.Reason.values)
            problems.append(Problem(f"{at}/reason", f"Use one of: {known}."))
        if len(override.private_note) > WORDS_MAX:
            said = f"Keep it under {WORDS_MAX:,} characters."
            problems.append(Problem(f"{at}/private", said))
    return problems


def _move(step: Step) -> None:
    claim = step.claim
    claim.state = step.target
    claim.stage = derive(claim)
    claim.version += 1
    claim.updated_at = timezone.now()
    claim.priority = priority_of(claim).score
    claim.save(
        update_fields=[
            "state",
            "stage",
            "outcome",
            "version",
            "published_version",
            "needs_look",
            "relied_on",
            "priority",
            "updated_at",
        ]
    )
