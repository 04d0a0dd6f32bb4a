"""Holding a seat for a while: taken by compare-and-swap, renewed, and ended by itself."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from claims.errors import FourEyes, Invalid, Missing
from claims.models import Actor, Claim, User
from claims.models.actors import person as acting
from reviews import notices, rounds
from reviews.errors import AlreadyReviewed, IllegalTransition, Leased, TooManyAtOnce
from reviews.models import SEATS, Lease, Round
from reviews.policy import current as current_policy
from reviews.queue import seating
from reviews.queue.seating import Seat, Seating


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
    if not seating.lock(claim.pk):
        raise Missing("There is no such claim any more.")
    why = rounds.why_not_review(claim, person)
    if why:
        raise FourEyes(why)
    return take_locked(claim.pk, by=by, seat=seat, take_over=take_over)


def take_locked(claim: uuid.UUID, *, by: Actor, seat: str = "", take_over: bool = False) -> Hold:
    """The same where the caller’s transaction holds the claim’s lock already, as the queue’s."""
    by.need("reviews:write")
    person = _person(by)
    at = seating.read(claim, person, now=timezone.now())
    _refuse(at, person, seat, take_over=take_over)
    mine = at.seat_of(person)
    if mine is not None and at.is_held(mine):
        if seat and seat != mine:
            raise Leased(f"You hold the {mine} seat already; one person has one seat.")
        return renew(_key(at.seats[mine]), by=by)
    if at.held >= at.policy.wip_limit:
        raise TooManyAtOnce(
            f"You hold {at.held} claims already, which is the limit."
            " Finish or give one back first."
        )
    wanted = _choose(at, seat, take_over=take_over)
    if mine is not None and mine != wanted:
        # A seat of this person's own that ran out would stand in the way of one_seat_per_person.
        Lease.objects.filter(claim=claim, seat=mine).update(holder=None, expires_at=None)
    return _sit(at, wanted, person, take_over=take_over)


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


def _person(by: Actor) -> User:
    if by.person is None:
        by.need("reviews:write")
        raise Missing("Seats are for people.")
    return by.person


def _refuse(at: Seating, person: User, seat: str, *, take_over: bool) -> None:
    """Refuse who cannot sit at this claim’s open round, whatever seats are free."""
    if at.is_author:
        raise FourEyes(rounds.why_not_review(Claim.objects.get(pk=at.claim), person) or "")
    if seat and seat not in SEATS:
        raise Invalid.at("/seat", f"There are these seats: {', '.join(SEATS)}.")
    if at.state != Claim.State.CHECKING or at.round is None:
        last = Round.objects.filter(claim=at.claim).order_by("-number").first()
        if last is not None and not last.is_void and rounds.sat_in(last, person):
            raise AlreadyReviewed("Your review of this claim is in.")
        raise IllegalTransition("This claim is not waiting for reviews, so it has no free seat.")
    if any(one.reviewer == person.pk for one in at.seats.values()):
        raise AlreadyReviewed("Your review of this claim is in; the seat is for somebody else.")
    if at.recheck_of is not None:
        over = _taken_over(at, seat) if take_over else ""
        why = rounds.why_not_this_seat(Round.objects.get(pk=at.round), person, taken_over=over)
        if why:
            raise FourEyes(why)
    if seat and seat not in at.names:
        raise Invalid.at("/seat", f"This round has these seats: {', '.join(at.names)}.")


def _taken_over(at: Seating, seat: str) -> str:
    """The seat whose holder would have to go; empty where a free one is there to take."""
    wanted = seat or next(iter(at.free or at.open), "")
    return wanted if wanted and at.is_held(wanted) else ""


def _choose(at: Seating, seat: str, *, take_over: bool) -> str:
    """The seat to take: the one asked for, else the first free, else one to take over."""
    free, open_seats = at.free, at.open
    wanted = [seat] if seat else free
    if take_over and not seat:
        wanted = free or open_seats
    for one in wanted:
        if one in free or (take_over and one in open_seats):
            return one
    raise _all_taken(at.claim, seat)


def _sit(at: Seating, name: str, person: User, *, take_over: bool) -> Hold:
    former = at.seats[name].holder if at.is_held(name) else None
    until = at.now + at.policy.lease
    key = seating.sit(at, name, person, until=until, take_over=take_over)
    if key is None:
        raise _all_taken(at.claim, name)
    if former is not None:
        said = f"{person.get_username()} took over the {name} seat. Your draft is kept."
        told = User.objects.filter(pk=former)
        claim = Claim.objects.get(pk=at.claim)
        notices.tell(list(told), "take_over", claim, said, but=acting(person))
    return Hold(key, at.claim, name, person, until)


def _all_taken(claim: uuid.UUID, seat: str) -> Leased:
    holders = [
        {
            "seat": lease.seat,
            "holder": lease.holder.get_username() if lease.holder else None,
            "expires_at": lease.expires_at,
        }
        for lease in rounds.living(Claim.objects.get(pk=claim))
    ]
    who = ", ".join(f"{row['holder']} ({row['seat']})" for row in holders)
    which = f"The {seat} seat is taken" if seat else "No seat is free for you"
    tail = f": {who}." if who else "."
    return Leased(which + tail, extra={"leases": holders})


def _key(seat: Seat) -> uuid.UUID:
    assert seat.key is not None  # noqa: S101 - every seat that was ever held has one
    return seat.key


def _hold(row: Lease) -> Hold:
    assert row.holder is not None  # noqa: S101 - both are given by every caller's filter
    assert row.expires_at is not None  # noqa: S101
    return Hold(row.key, row.claim_id, row.seat, row.holder, row.expires_at)
