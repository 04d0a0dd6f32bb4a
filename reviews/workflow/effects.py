"""What each transition does beside moving the claim; each returns its events in log order."""

from django.utils import timezone

from claims.coverage.gather import open_run
from claims.errors import Invalid
from claims.ledger.events import Event
from claims.models import Claim
from claims.provenance.trace import rely
from reviews import notices, rounds
from reviews.events import ClaimWithdrawn
from reviews.gates import OPEN, case_of
from reviews.models import Correction, Publication, Verdict, Withdrawal
from reviews.publishing.release import living_publication, release
from reviews.workflow.step import Step

ON_PUBLISH = frozenset(Correction.Kind.values) - {Correction.Kind.TYPO.value}


def move(step: Step) -> list[Event]:
    step.claim.outcome = None
    return [step.moved()]


def start_checking(step: Step) -> list[Event]:
    """Open the first round, and look for coverage unless the claim is discreet."""
    begun, opened = rounds.begin(step.claim)
    notices.tell_if_too_few_may_sit(step.claim, begun, by=step.by)
    events: list[Event] = [step.moved(), opened]
    if not step.claim.discreet:
        _, asked = open_run(step.claim, by=step.by)
        events += asked
    return events


def leave_checking(step: Step) -> list[Event]:
    """Void the newest round, open or revealed: nothing may rest on it afterwards."""
    return [*_void_newest(step), step.moved()]


def dismiss(step: Step) -> list[Event]:
    duplicate = step.wish.reason == "duplicate"
    step.claim.outcome = Claim.Outcome.DUPLICATE if duplicate else Claim.Outcome.NOT_TAKEN_UP
    return leave_checking(step)


def why_not_publish(step: Step) -> str | None:
    if step.by.person is None:
        return "A person has to publish this."
    return rounds.why_not_publish(step.claim, rounds.newest(step.claim), step.by.person)


def publish(step: Step) -> list[Event]:
    """Freeze the answer; where one is out already, it becomes a correction."""
    living = living_publication(step.claim)
    # Only what really was passed over is shown as passed over.
    case = case_of(step.claim, step.by.person)
    unmet = {found.code for gate in OPEN if (found := gate(case))}
    published = release(
        step.claim,
        by=step.by,
        kind=step.wish.kind if living is not None else "",
        note=step.wish.note if living is not None else "",
        overrides=[one for one in step.wish.overrides if one.code in unmet],
    )
    step.claim.published_version = published.publication.version
    # What was to be looked at again was looked at; only what this verdict did not see is left.
    step.claim.needs_look = False
    step.claim.alerts.filter(closed_at=None).update(closed_at=published.publication.published_at)
    return [*published.events, *rely(step.claim, published.publication.verdict.trace)]


def reopen(step: Step) -> list[Event]:
    """A new round, with a seat kept for somebody who did not sit in the living verdict's."""
    living = living_publication(step.claim)
    earlier = living.verdict.round if living is not None else None
    begun, opened = rounds.begin(step.claim, recheck_of=earlier)
    notices.tell_if_too_few_may_sit(step.claim, begun, by=step.by)
    return [step.moved(), opened]


def withdraw(step: Step) -> list[Event]:
    """Take the answer back for good: the page becomes a tombstone."""
    events: list[Event] = []
    open_round = rounds.open_round(step.claim)
    if open_round is not None:
        events.append(rounds.void(open_round, cause="withdrawn"))
    living = living_publication(step.claim)
    if living is None or step.by.person is None:
        raise RuntimeError("withdraw is conditional on a living publication and a person")
    Withdrawal.objects.create(
        publication=living, reason=step.wish.reason, by=step.by.person, at=timezone.now()
    )
    step.claim.outcome = Claim.Outcome.WITHDRAWN
    events.append(ClaimWithdrawn(version=living.version, reason=step.wish.reason))
    return events


def _void_newest(step: Step) -> list[Event]:
    newest = rounds.newest(step.claim)
    if newest is None or newest.is_void:
        return []
    return [rounds.void(newest, cause=step.name)]


def check_correction(step: Step) -> None:
    """With a version out already, publishing is a correction and has to say which, truly."""
    living = living_publication(step.claim)
    if living is None:
        # A kind is for what is out already; who always sends one is not kept from publishing.
        return
    if step.wish.kind not in ON_PUBLISH:
        kinds = ", ".join(sorted(ON_PUBLISH))
        raise Invalid.at("/kind", f"A version is out already: say which change this is ({kinds}).")
    if not step.wish.note.strip():
        raise Invalid.at("/note", "Say in words what was corrected: readers will see it.")
    _refuse_untrue(step, living)


def _refuse_untrue(step: Step, living: Publication) -> None:
    """Once the new rating is settled, the kind must not say the opposite of what it did."""
    round_ = rounds.newest(step.claim)
    if round_ is None or round_.is_void:
        return
    verdict: Verdict | None = getattr(round_, "verdict", None)
    if verdict is None:
        return
    changed = verdict.rating.code != living.verdict.rating.code
    if changed and step.wish.kind == Correction.Kind.CLARIFICATION:
        raise Invalid.at(
            "/kind", "The rating is another one: that is more than a clarification. Name it."
        )
    if not changed and step.wish.kind == Correction.Kind.RATING_CHANGED:
        raise Invalid.at("/kind", "The rating is the same as before: say what did change.")
