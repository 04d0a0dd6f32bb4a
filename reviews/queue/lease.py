"""Holding a seat for a while: taken by compare-and-swap, renewed, and ended by itself."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from claims.errors import FourEyes, Invalid, Missing
from claims.models import Actor, Claim, User
from claims.models.actors import person as acting
from reviews import notices, rounds
from reviews.errors import AlreadyReviewed, IllegalTransition, Leased, TooManyAtOnce
from reviews.models import SEATS, Lease, Round
from reviews.policy import current as current_policy


@dataclass(frozen=True, slots=True)
class Hold:
    """A living lease as its holder sees it."""

    id: uuid.UUID
    claim: uuid.UUID
    seat: str
    holder: User
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class _Table:
    """Who sits where in the open round, read once under the claim’s lock."""

    round: Round
    reviewed: frozenset[str]
    leases: dict[str, Lease]
    now: datetime

    def living(self, seat: str) -> Lease | None:
        """The hold on a seat that has not run out."""
        lease = self.leases.get(seat)
        if lease is None or lease.holder is None or lease.expires_at is None:
            return None
        return lease if lease.expires_at > self.now else None

    @property
    def open_seats(self) -> list[str]:
        """Seats without a review, held or not."""
        return [seat for seat in self.round.seats if seat not in self.reviewed]

    @property
    def free(self) -> list[str]:
        return [seat for seat in self.open_seats if self.living(seat) is None]


@transaction.atomic
def take(claim: Claim, *, by: Actor, seat: str = "", take_over: bool = False) -> Hold:
    """Take a seat of the claim's open round, or renew the one already held.

    Without ``seat`` the first that is free for this person. ``take_over`` takes a seat from
    whoever holds it and tells them. Raises FourEyes, AlreadyReviewed, Leased, TooManyAtOnce.
    """
    by.need("reviews:write")
    _person(by)
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    return take_locked(claim, by=by, seat=seat, take_over=take_over)


def take_locked(claim: Claim, *, by: Actor, seat: str = "", take_over: bool = False) -> Hold:
    """The same where the caller’s transaction holds the claim’s lock already, as the queue’s."""
    by.need("reviews:write")
    person = _person(by)
    _refuse_own_words(claim, person)
    if seat and seat not in SEATS:
        raise Invalid.at("/seat", f"There are these seats: {', '.join(SEATS)}.")
    table = _table_of(claim, person, seat)
    mine = next((lease for lease in table.leases.values() if lease.holder_id == person.pk), None)
    if mine is not None and table.living(mine.seat):
        if seat and seat != mine.seat:
            raise Leased(f"You hold the {mine.seat} seat already; one person has one seat.")
        return renew(mine.key, by=by)
    policy = current_policy()
    _refuse_too_many(person, policy.wip_limit)
    wanted = _choose(claim, table, seat, take_over=take_over)
    if mine is not None and mine.seat != wanted:
        # A seat of this person's own that ran out would stand in the way of one_seat_per_person.
        Lease.objects.filter(pk=mine.pk).update(holder=None, expires_at=None)
    if any(one not in table.leases for one in table.round.seats):
        lay_seats(table.round)
    hold = _swap(claim, table, wanted, person, until=table.now + policy.lease)
    _mark_busy(claim, table, hold)
    return hold


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


def _table_of(claim: Claim, person: User, seat: str) -> _Table:
    """The open round with its seats, or a refusal where this person cannot sit there."""
    round_ = rounds.open_round(claim)
    if claim.state != Claim.State.CHECKING or round_ is None:
        last = rounds.newest(claim)
        if last is not None and not last.is_void and rounds.sat_in(last, person):
            raise AlreadyReviewed("Your review of this claim is in.")
        raise IllegalTransition("This claim is not waiting for reviews, so it has no free seat.")
    reviewed = dict(round_.reviews.values_list("seat", "reviewer"))
    if person.pk in reviewed.values():
        raise AlreadyReviewed("Your review of this claim is in; the seat is for somebody else.")
    why = rounds.why_not_this_seat(round_, person)
    if why:
        raise FourEyes(why)
    if seat and seat not in round_.seats:
        raise Invalid.at("/seat", f"This round has these seats: {', '.join(round_.seats)}.")
    leases = Lease.objects.filter(claim=claim).select_related("holder")
    return _Table(
        round_, frozenset(reviewed), {lease.seat: lease for lease in leases}, timezone.now()
    )


def _refuse_too_many(person: User, limit: int) -> None:
    held = Lease.objects.filter(holder=person, expires_at__gt=timezone.now()).count()
    if held >= limit:
        raise TooManyAtOnce(
            f"You hold {held} claims already, which is the limit. Finish or give one back first."
        )


def _choose(claim: Claim, table: _Table, seat: str, *, take_over: bool) -> str:
    """The seat to take: the one asked for, else the first free, else one to take over."""
    free, open_seats = table.free, table.open_seats
    wanted = [seat] if seat else free
    if take_over and not seat:
        wanted = free or open_seats
    for one in wanted:
        if one in free or (take_over and one in open_seats):
            return one
    raise _all_taken(claim, seat)


def _swap(claim: Claim, table: _Table, seat: str, person: User, *, until: datetime) -> Hold:
    """Compare and swap: only a seat that stands as it was read is taken."""
    former = table.living(seat)
    row = Lease.objects.filter(claim=claim, seat=seat)
    if former is None:
        row = row.filter(Q(holder__isnull=True) | Q(expires_at__lte=table.now))
    key = uuid.uuid4()
    if not row.update(holder=person, key=key, taken_at=table.now, expires_at=until):
        raise _all_taken(claim, seat)
    if former is not None and former.holder is not None:
        said = f"{person.get_username()} took over the {seat} seat. Your draft is kept."
        notices.tell([former.holder], "take_over", claim, said, but=acting(person))
    return Hold(key, claim.pk, seat, person, until)


def _mark_busy(claim: Claim, table: _Table, hold: Hold) -> None:
    """What ``rounds.mark_busy`` stores, from what has been read already."""
    others = [table.living(seat) for seat in table.round.seats if seat != hold.seat]
    ends = sorted([hold.expires_at, *(one.expires_at for one in others if one and one.expires_at)])
    busy = len(ends) + len(table.reviewed) >= table.round.needed
    until = ends[0] if busy else None
    if until != claim.busy_until:
        Claim.objects.filter(pk=claim.pk).update(busy_until=until)


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
