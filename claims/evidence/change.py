"""Changing, removing, withdrawing evidence, and vouching for what stays sealed."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from claims.errors import Conflict, Forbidden, FourEyes, Invalid, Problem
from claims.evidence import fields
from claims.evidence.attach import (
    captured,
    content_of,
    digest_of,
    may_write,
    quoted,
    refuse_contact_with,
)
from claims.ledger.events import Event, EvidenceChanged, EvidenceSignedOff, EvidenceWithdrawn
from claims.ledger.record import record
from claims.models import Actor, Capture, Claim, Evidence
from claims.text.usable import has_words, problem_with

REASON_MAX = 10_000
CHANGEABLE = frozenset(fields.CHECKS) | {"capture"}


def change(item: Evidence, *, by: Actor, changes: Mapping[str, Any]) -> list[Event]:
    """Change fields of evidence; returns what to record, nothing where all stays as it was.

    Composed: the caller holds the claim, asked whether anybody relies on the evidence, and
    records. ``capture`` replaces what could not be fetched. An editor's sign-off does not
    outlive a change. Raises Forbidden and Invalid.
    """
    may_write(by)
    unknown = sorted(changes.keys() - CHANGEABLE)
    if unknown:
        raise Invalid(
            "Some of this cannot be changed.",
            problems=[Problem(f"/{name}", "This cannot be changed here.") for name in unknown],
        )
    fields.check({name: value for name, value in changes.items() if name != "capture"})
    changed = _apply(item, changes, by)
    if not changed:
        return []
    refuse_contact_with(item.kind, item.contact)
    if item.contact is None and item.capture is None and not item.url:
        _refuse_standing_on_nothing(item)
    if item.capture is not None and _is_placed_anew(item.capture, changed):
        if item.quote is not None:
            _stand_anew(item, changed)
        item.capturing, item.capture_problem = Evidence.Capturing.STORED, ""
    item.signed_off_by, item.signed_off_at = None, None
    item.version += 1
    item.save()
    return [EvidenceChanged(evidence=str(item.pk), content=content_of(item))]


def remove(item: Evidence, *, by: Actor) -> list[Event]:
    """Remove evidence nobody relied on; composed as ``change`` is.

    Raises Conflict where something in the database still leans on it.
    """
    may_write(by)
    key = str(item.pk)
    try:
        with transaction.atomic():
            item.delete()
    except ProtectedError as error:
        raise Conflict(
            "This evidence cannot be removed any more. Withdraw it with a reason instead."
        ) from error
    return [EvidenceChanged(evidence=key, removed=True)]


def withdraw(item: Evidence, *, by: Actor, reason: str) -> list[Event]:
    """Take evidence back for a reason; it stays visible. Composed as ``change`` is."""
    may_write(by)
    wrong = problem_with(reason, longest=REASON_MAX, what="The reason")
    if wrong is None and not has_words(reason):
        wrong = "Say why it is withdrawn: this stays on record."
    if wrong is not None:
        raise Invalid.at("/reason", wrong)
    item.withdrawn_at, item.withdrawn_by = timezone.now(), by.person
    item.withdrawn_reason = reason.strip()
    item.version += 1
    item.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason", "version"])
    return [
        EvidenceWithdrawn(
            evidence=str(item.pk), capture_sha256=digest_of(item), reason=item.withdrawn_reason
        )
    ]


@transaction.atomic
def sign_off(item: Evidence, *, by: Actor) -> Evidence:
    """An editor who did not add it vouches for evidence that stays sealed; once is enough.

    Raises Forbidden, FourEyes and, for evidence that is not sealed or was withdrawn, Conflict.
    """
    by.need("publish")
    if by.person is None:
        raise Forbidden("A person has to vouch for sealed evidence.")
    claim = Claim.objects.select_for_update().get(pk=item.claim_id)
    item = Evidence.objects.select_for_update().get(pk=item.pk)
    if by.is_person(item.added_by):
        raise FourEyes("You added this evidence, so another editor has to vouch for it.")
    if item.withdrawn_at is not None:
        raise Conflict("This evidence was withdrawn.")
    if item.visibility != Evidence.Visibility.SEALED:
        raise Conflict("Only sealed evidence is vouched for; everybody can look at this.")
    if item.signed_off_at is not None:
        return item
    item.signed_off_by, item.signed_off_at = by.person, timezone.now()
    item.save(update_fields=["signed_off_by", "signed_off_at"])
    record(EvidenceSignedOff(evidence=str(item.pk)), claim=claim, actor=by)
    return item


def _apply(item: Evidence, changes: Mapping[str, Any], by: Actor) -> set[str]:
    """Write the new values onto the row; returns the names of those that really changed."""
    changed = set()
    for name, given in changes.items():
        value: Any = captured(given, by=by) if name == "capture" else fields.tidy(name, given)
        if name == "quote" and _same_quote(item.quote, value):
            continue
        if getattr(item, name) != value:
            setattr(item, name, value)
            changed.add(name)
    return changed


def _is_placed_anew(capture: Capture, changed: set[str]) -> bool:
    """Whether a change may tell the quote from its place: pages count where there are some."""
    newest = capture.readings.order_by("-created_at").first()
    has_pages = newest is not None and bool(newest.pages)
    return bool(changed & {"quote", "capture"}) or (has_pages and "anchor" in changed)


def _stand_anew(item: Evidence, changed: set[str]) -> None:
    """Find the quote again; a page that nobody names now goes along with it."""
    if item.capture is None or item.quote is None:
        return
    stated = "anchor" in changed
    found = quoted(item.quote, item.capture, anchor=item.anchor, moved="quote" not in changed)
    item.quote = found.place
    # An anchor that was taken back stays so.
    if item.anchor or not stated:
        item.anchor = found.anchor(item.anchor, stated=stated)


def _same_quote(kept: Mapping[str, Any] | None, given: Mapping[str, Any] | None) -> bool:
    """A quote sent back without the place it was found at is the same quote."""
    if kept is None or given is None:
        return kept is given
    return all(kept.get(name, "") == value for name, value in given.items())


def _refuse_standing_on_nothing(item: Evidence) -> None:
    if item.kind != Evidence.Kind.OBSERVATION:
        raise Invalid.at("/contact", "Then this evidence would stand on nothing.")
