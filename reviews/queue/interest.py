"""Putting a conflict of interest on record, and ending one."""

import structlog
from django.db import transaction
from django.utils import timezone

from claims import errors
from claims.models import Actor, Claimant, Outlet, Owner, Role, Tag, Topic, User
from reviews import conflicts, rounds
from reviews.models import Conflict, Lease

log = structlog.get_logger(__name__)

REASON_MAX = 2_000
About = Claimant | Outlet | Owner | Topic | Tag


@transaction.atomic
def declare(person: User, about: About, *, by: Actor, reason: str) -> Conflict:
    """Put on record that a person has an interest in something: by that person, or an editor.

    Seats they hold on such claims come free; reviews that are in stand. The same again gives the
    one that stands. Raises Forbidden, Invalid.
    """
    if not by.is_person(person) and not _rules(by):
        raise errors.Forbidden("Only an editor notes a conflict of interest of somebody else.")
    if by.person is None:
        raise errors.Forbidden("A person has to say this.")
    if not reason.strip():
        raise errors.Invalid.at("/reason", "Say what the interest is: editors will read it.")
    if len(reason) > REASON_MAX or "\0" in reason:
        raise errors.Invalid.at("/reason", f"Keep it under {REASON_MAX:,} characters.")
    kind = type(about).__name__.lower()
    # Two at once would both see none standing.
    User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    standing = Conflict.objects.filter(person=person, ended_at__isnull=True, **{kind: about})
    known = standing.first()
    if known is not None:
        return known
    made = Conflict.objects.create(
        person=person, reason=reason.strip(), said_by=by.person, **{kind: about}
    )
    _give_back_seats(person)
    log.info("conflict.declared", conflict=str(made.pk), person=person.username, by=by.name)
    return made


@transaction.atomic
def end(conflict: Conflict, *, by: Actor) -> Conflict:
    """Let a conflict of interest stand no more: by an editor or admin who is not that person."""
    held = Conflict.objects.select_for_update().get(pk=conflict.pk)
    if by.person is None or not by.holds(Role.EDITOR, Role.ADMIN):
        raise errors.Forbidden("An editor ends a conflict of interest.")
    if by.is_person(held.person):
        raise errors.FourEyes("This is your own; another editor has to end it.")
    if held.ended_at is None:
        held.ended_at, held.ended_by = timezone.now(), by.person
        held.save(update_fields=["ended_at", "ended_by"])
        log.info("conflict.ended", conflict=str(held.pk), by=by.name)
    return held


def _rules(by: Actor) -> bool:
    return by.holds(Role.EDITOR) and by.may("publish")


def _give_back_seats(person: User) -> None:
    limits = conflicts.limits_of(person)
    held = Lease.objects.filter(holder=person, expires_at__gt=timezone.now())
    for lease in held.select_related("claim__article"):
        if limits.conflict_with(lease.claim) is not None:
            rounds.free_seats(lease.claim_id, holder=person)
