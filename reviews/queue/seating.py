"""Who sits where in a claim’s open round, and the one way to sit down; two fixed statements."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime

from claims.models import User
from claims.statements import Statement
from reviews import policy
from reviews.models import SEATS

_LOCK = Statement("SELECT id FROM claims_claim WHERE id = %(claim)s::uuid FOR UPDATE")

# A row for each seat there can be; without an open round the round’s columns are null.
_READ = Statement(
    f"""
SELECT claim.state, claim.busy_until,
  EXISTS (SELECT FROM claims_claimauthor author
          WHERE author.claim_id = claim.id AND author.person_id = %(person)s::uuid),
  round.id, round.needed, round.recheck_of_id,
  (SELECT count(*) FROM reviews_lease held
   WHERE held.holder_id = %(person)s::uuid AND held.expires_at > %(now)s::timestamptz),
  ({policy.NEWEST})::text,
  seat.name, review.reviewer_id, lease.key, lease.holder_id, lease.expires_at
FROM claims_claim claim
  CROSS JOIN (VALUES ('first'), ('second'), ('third')) AS seat(name)
  LEFT JOIN reviews_round round
    ON round.claim_id = claim.id AND round.revealed_at IS NULL AND round.voided_at IS NULL
  LEFT JOIN reviews_review review
    ON review.round_id = round.id AND review.seat = seat.name
  LEFT JOIN reviews_lease lease
    ON lease.claim_id = claim.id AND lease.seat = seat.name
WHERE claim.id = %(claim)s::uuid
"""  # noqa: S608 - put together from constants
)

# Compare and swap: only a seat that nobody holds is taken, unless it is to be taken over. The
# seat’s row is made with its first taking. ``busy_until`` is indexed: it is written when it moves.
_SIT = Statement(
    """
WITH seat AS (
  INSERT INTO reviews_lease AS lease (key, claim_id, seat, holder_id, taken_at, expires_at)
  VALUES (%(key)s::uuid, %(claim)s::uuid, %(seat)s::text, %(person)s::uuid,
          %(now)s::timestamptz, %(until)s::timestamptz)
  ON CONFLICT (claim_id, seat) DO UPDATE
    SET key = excluded.key, holder_id = excluded.holder_id, taken_at = excluded.taken_at,
        expires_at = excluded.expires_at
    WHERE lease.holder_id IS NULL OR lease.expires_at <= excluded.taken_at
      OR %(take_over)s::bool
  RETURNING lease.key
), busy AS (
  UPDATE claims_claim SET busy_until = %(busy)s::timestamptz
  WHERE id = %(claim)s::uuid AND busy_until IS DISTINCT FROM %(busy)s::timestamptz
    AND EXISTS (SELECT FROM seat)
)
SELECT key FROM seat
"""
)


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat: who reviewed from it in the open round, and the last hold on it."""

    reviewer: uuid.UUID | None = None
    key: uuid.UUID | None = None
    holder: uuid.UUID | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seating:
    """A claim as it stands for one person who wants to sit down, at one moment."""

    claim: uuid.UUID
    state: str
    busy_until: datetime | None
    is_author: bool
    round: uuid.UUID | None
    needed: int
    recheck_of: uuid.UUID | None
    held: int
    policy: policy.Settings
    seats: dict[str, Seat]
    now: datetime

    @property
    def names(self) -> tuple[str, ...]:
        """The seats of the open round."""
        return SEATS[: self.needed]

    @property
    def open(self) -> list[str]:
        """Seats without a review, held or not."""
        return [name for name in self.names if self.seats[name].reviewer is None]

    @property
    def free(self) -> list[str]:
        return [name for name in self.open if not self.is_held(name)]

    def is_held(self, name: str) -> bool:
        """Whether a hold on this seat still runs."""
        seat = self.seats[name]
        return (
            seat.holder is not None and seat.expires_at is not None and seat.expires_at > self.now
        )

    def seat_of(self, person: User) -> str | None:
        """The seat whose last hold is this person’s, run out or not."""
        return next((name for name, seat in self.seats.items() if seat.holder == person.pk), None)

    def busy_with(self, name: str, until: datetime) -> datetime | None:
        """Until when no seat is free once ``name`` is held until then; None while one is."""
        others = (self.seats[one] for one in self.names if one != name and self.is_held(one))
        ends = [until, *(one.expires_at for one in others if one.expires_at is not None)]
        used = sum(self.seats[one].reviewer is not None for one in self.names)
        return min(ends) if len(ends) + used >= self.needed else None


def lock(claim: uuid.UUID) -> bool:
    """Hold the claim’s row until the transaction ends; False where there is none."""
    return _LOCK.row(claim=claim) is not None


def read(claim: uuid.UUID, person: User, *, now: datetime) -> Seating:
    """The seats of a claim whose row the caller has locked."""
    rows = _READ.rows(claim=claim, person=person.pk, now=now)
    state, busy_until, is_author, round_, needed, recheck_of, held, settings = rows[0][:8]
    return Seating(
        claim=claim,
        state=state,
        busy_until=busy_until,
        is_author=is_author,
        round=round_,
        needed=needed or 0,
        recheck_of=recheck_of,
        held=held,
        policy=policy.read(json.loads(settings or "{}")),
        seats={name: Seat(*seat) for name, *seat in (row[8:] for row in rows)},
        now=now,
    )


def sit(
    at: Seating, name: str, person: User, *, until: datetime, take_over: bool
) -> uuid.UUID | None:
    """Take a seat as it was read, and note until when all are held. None where it was not free."""
    row = _SIT.row(
        key=uuid.uuid4(),
        claim=at.claim,
        seat=name,
        person=person.pk,
        now=at.now,
        until=until,
        busy=at.busy_with(name, until),
        take_over=take_over,
    )
    return row[0] if row is not None else None
