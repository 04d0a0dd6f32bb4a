"""Saying, after a look, that an alert changes nothing about a published check."""

from django.db import transaction
from django.utils import timezone

from claims.errors import Conflict, Forbidden, Invalid
from claims.evidence import recheck
from claims.ledger.record import record
from claims.models import Actor, Alert, Claim, Role
from claims.text.usable import has_words, problem_with
from reviews.events import AlertSettled

REASON_MAX = 2_000
SETTLED_BY_HAND = frozenset(recheck.KINDS.values())
"""Alerts about sources. What voids a round, or counts anew, is answered by another review."""


@transaction.atomic
def settle_alert(alert: Alert, *, by: Actor, reason: str) -> Alert:
    """Close an alert about a cited source with a reason; the last one takes the mark off.

    Raises Forbidden (reviewers and editors look), Invalid without a reason, and Conflict for an
    alert that was closed or that a look alone does not answer.
    """
    if not by.holds(Role.REVIEWER, Role.EDITOR) or by.person is None:
        raise Forbidden("A reviewer or an editor says whether a changed source matters.")
    wrong = problem_with(reason, longest=REASON_MAX, what="The reason")
    if wrong is None and not has_words(reason):
        wrong = "Say what you saw and why the check stands."
    if wrong is not None:
        raise Invalid.at("/reason", wrong)
    claim = Claim.objects.select_for_update().get(pk=alert.claim_id)
    held = Alert.objects.select_for_update().get(pk=alert.pk)
    if held.kind not in SETTLED_BY_HAND:
        raise Conflict("A look alone does not answer this: reopen the check or withdraw it.")
    if held.closed_at is not None:
        raise Conflict("Somebody has looked at this already.")
    held.closed_at = timezone.now()
    held.save(update_fields=["closed_at"])
    if not claim.alerts.filter(closed_at=None).exists():
        claim.needs_look = False
    claim.version += 1
    claim.updated_at = held.closed_at
    claim.save(update_fields=["needs_look", "version", "updated_at"])
    record(
        AlertSettled(alert=str(held.pk), kind=held.kind, reason=reason.strip()),
        claim=claim,
        actor=by,
    )
    return held
