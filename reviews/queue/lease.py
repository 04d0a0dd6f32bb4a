"""Holding a seat for a while: taken by compare-and-swap, renewed, and ended by itself."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from claims.errors import FourEyes, Invalid, Missing
from claims.models import Actor, Claim, User
from reviews import rounds
from reviews.errors import AlreadyReviewed, IllegalTransition, Leased, TooManyAtOnce
from reviews.models import SEATS, Lease, Notification, Round
from reviews.policy import current as current_policy


@dataclass(frozen=True, slots=True)
class Hold:
    """A living lease as its holder sees it."""

    id: uuid.UUID
    claim: uuid.UUID
    seat: str
    holder: User
    expires_at: datetime


@transaction.atomic
def take(claim: Claim, *, by: Actor, seat: str = "", take_over: bool = False) -> Hold:
    """Take a seat of the claim's open round, or renew the one already held.

    Without ``seat`` the first that is free for this person. ``take_over`` takes a seat from
    whoever holds it and tells them. Raises FourEyes, AlreadyReviewed, Leased, TooManyAtOnce.
    """
    by.need("reviews:write")
    person = _person(by)
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    _refuse_own_words(claim, person)
    if seat and seat not in SEATS:
        raise Invalid.at("/seat", f"There are these seats: {', '.join(SEATS)}.")
    round_ = _round_to_sit_in(claim, person, seat)
    mine = rounds.held_by(claim, person)
    if mine is not None:
        if seat and seat != mine.seat:
            raise Leased(f"You hold the {mine.seat} seat already; one person has one seat.")
        return renew(mine.key, by=by)
    _refuse_too_many(person)
    return _sit_down(claim, round_, person, seat=seat, take_over=take_over)


@transaction.atomic
def renew(key: uuid.UUID, *, by: Actor) -> Hold:
    """Keep a seat for another while. A late holder is told that the seat is gone."""
    by.need("reviews:write")
    until = timezone.now() + current_policy().lease
    kept = Lease.objects.filter(key=key, holder=_person(by), expires_at__gt=timezone.now())
    if not kept.update(expires_at=until):
        raise Missing("You no longer hold this seat. What you typed is saved; take a seat again.")
    row = Lease.objects.select_related("holder").get(key=key)
    rounds.mark_busy(row.claim_id)
    return _hold(row)


@transaction.atomic
def give_back(key: uuid.UUID, *, by: Actor) -> None:
    """Free a seat that is held."""
    by.need("reviews:write")
    row = Lease.objects.filter(key=key, holder=_person(by)).first()
    if row is None:
        raise Missing("You do not hold this seat.")
    rounds.free_seats(row.claim_id, holder=row.holder)


def free_for(round_: Round, person: User) -> list[str]:
    """The seats of the round nobody sits on now, in order; empty where all are taken."""
    reviewed = set(round_.reviews.values_list("seat", flat=True))
    held = {lease.seat for lease in rounds.living(round_.claim) if lease.holder_id != person.pk}
    return [seat for seat in round_.seats if seat not in reviewed | held]


def lay_seats(round_: Round) -> None:
    """One lease row per seat, made once, so that taking one is a single UPDATE."""
    Lease.objects.bulk_create(
        (Lease(claim_id=round_.claim_id, seat=seat) for seat in round_.seats),
        ignore_conflicts=True,
    )


def _person(by: Actor) -> User:
    if by.person is None:
        by.need("reviews:write")
        raise Missing("Seats are for people.")
    return by.person


def _refuse_own_words(claim: Claim, person: User) -> None:
    why = rounds.why_not_review(claim, person)
    if why:
        raise FourEyes(why)


def _round_to_sit_in(claim: Claim, person: User, seat: str) -> Round:
    round_ = rounds.open_round(claim)
    if claim.state != Claim.State.CHECKING or round_ is None:
        last = rounds.newest(claim)
        if last is not None and not last.is_void and rounds.sat_in(last, person):
            raise AlreadyReviewed("Your review of this claim is in.")
        raise IllegalTransition("This claim is not waiting for reviews, so it has no free seat.")
    if rounds.sat_in(round_, person):
        raise AlreadyReviewed("Your review of this claim is in; the seat is for somebody else.")
    why = rounds.why_not_this_seat(round_, person)
    if why:
        raise FourEyes(why)
    if seat and seat not in round_.seats:
        raise Invalid.at("/seat", f"This round has these seats: {', '.join(round_.seats)}.")
    return round_


def _refuse_too_many(person: User) -> None:
    limit = current_policy().wip_limit
    held = Lease.objects.filter(holder=person, expires_at__gt=timezone.now()).count()
    if held >= limit:
        raise TooManyAtOnce(
            f"You hold {held} claims already, which is the limit. Finish or give one back first."
        )


def _sit_down(claim: Claim, round_: Round, person: User, *, seat: str, take_over: bool) -> Hold:
    lay_seats(round_)
    # A seat of this person's own that ran out would stand in the way of one_seat_per_person.
    Lease.objects.filter(claim=claim, holder=person).update(holder=None, expires_at=None)
    free = free_for(round_, person)
    reviewed = set(round_.reviews.values_list("seat", flat=True))
    open_seats = [one for one in round_.seats if one not in reviewed]
    wanted = [seat] if seat else free
    if take_over and (not seat or seat in open_seats):
        wanted = [seat] if seat else (free or open_seats)
    for one in wanted:
        if one in free or (take_over and one in open_seats):
            return _swap(claim, one, person, take_over=take_over)
    raise _all_taken(claim, seat)


def _swap(claim: Claim, seat: str, person: User, *, take_over: bool) -> Hold:
    now = timezone.now()
    row = Lease.objects.filter(claim=claim, seat=seat)
    former = row.filter(holder__isnull=False, expires_at__gt=now).first()
    if not take_over:
        row = row.filter(Q(holder__isnull=True) | Q(expires_at__lte=now))
    if not row.update(
        holder=person, key=uuid.uuid4(), taken_at=now, expires_at=now + current_policy().lease
    ):
        raise _all_taken(claim, seat)
    if former is not None and former.holder is not None and former.holder != person:
        Notification.objects.create(
            person=former.holder,
            kind="take_over",
            claim=claim,
            message=f"{person.get_username()} took over the {seat} seat. Your draft is kept.",
        )
    rounds.mark_busy(claim.pk)
    return _hold(Lease.objects.select_related("holder").get(claim=claim, seat=seat))


def _all_taken(claim: Claim, seat: str) -> Leased:
    holders = [
        {
            "seat": lease.seat,
            "holder": lease.holder.get_username() if lease.holder else None,
            "expires_at": lease.expires_at,
        }
        for lease in rounds.living(claim)
    ]
    who = ", ".join(f"{row['holder']} ({row['seat']})" for row in holders)
    which = f"The {seat} seat is taken" if seat else "No seat is free for you"
    tail = f": {who}." if who else "."
    return Leased(which + tail, extra={"leases": holders})


def _hold(row: Lease) -> Hold:
    assert row.holder is not None  # noqa: S101 - both are given by every caller's filter
    assert row.expires_at is not None  # noqa: S101
    return Hold(row.key, row.claim_id, row.seat, row.holder, row.expires_at)
