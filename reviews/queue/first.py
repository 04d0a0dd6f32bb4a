"""The first claim a reviewer may take, found, locked and mostly taken by one statement.

``pick.for_reviewer`` says the same rules to whoever wants a list; a test holds the two together.
Here they are written out, because everybody’s day goes through this statement: the database
keeps its plan, and begins in an index whose first row is mostly the answer.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from claims.models import Actor, Role
from claims.statements import Statement
from reviews import conflicts, policy

# As many as may come between our look and our lock before the careful way is taken.
_TRIES = 3

# One condition for each rule, in the order of the docstring of ``pick.for_reviewer``. OFFSET 0
# keeps each a look into an index for the claim at hand: a join would read whole tables first,
# to save looks at the millions of claims that LIMIT 1 never comes to. What bars a person is read
# once, whatever the claim: few people have a conflict of interest, or lack a skill that is asked.
_OPEN_TO = f"""
  claim.state = 'checking' AND claim.stage = 'review'
  AND (%(languages)s::text[] IS NULL OR claim.language = ANY (%(languages)s::text[]))
  AND (%(sees_all)s::bool OR claim.visibility = 'desk' OR claim.created_by_id = %(person)s::uuid
       OR EXISTS (SELECT FROM claims_claim_assigned_to assigned
                  WHERE assigned.claim_id = claim.id AND assigned.user_id = %(person)s::uuid
                  OFFSET 0))
  AND NOT EXISTS (
    SELECT FROM claims_claimauthor author
    WHERE author.claim_id = claim.id AND author.person_id = %(person)s::uuid OFFSET 0)
  AND NOT EXISTS (
    SELECT FROM reviews_round round JOIN reviews_review review ON review.round_id = round.id
    WHERE round.claim_id = claim.id AND round.revealed_at IS NULL AND round.voided_at IS NULL
      AND review.reviewer_id = %(person)s::uuid OFFSET 0)
  AND NOT EXISTS (
    SELECT FROM reviews_lease held
    WHERE held.claim_id = claim.id AND held.holder_id = %(person)s::uuid
      AND held.expires_at > %(now)s::timestamptz OFFSET 0)
  AND NOT EXISTS (
    SELECT FROM reviews_skip skip
    WHERE skip.claim_id = claim.id AND skip.person_id = %(person)s::uuid
      AND skip.until > %(now)s::timestamptz OFFSET 0)
  AND NOT EXISTS (  -- the last seat of a re-check is kept for somebody who did not sit before
    SELECT FROM reviews_round round
    WHERE round.claim_id = claim.id AND round.revealed_at IS NULL AND round.voided_at IS NULL
      AND EXISTS (
        SELECT FROM reviews_review earlier
        WHERE earlier.round_id = round.recheck_of_id
          AND earlier.reviewer_id = %(person)s::uuid)
      AND NOT EXISTS (
        SELECT FROM reviews_review newcomer
        WHERE newcomer.round_id = round.id AND NOT EXISTS (
          SELECT FROM reviews_review earlier
          WHERE earlier.round_id = round.recheck_of_id
            AND earlier.reviewer_id = newcomer.reviewer_id))
      AND (EXISTS (SELECT FROM reviews_review review WHERE review.round_id = round.id)
           OR EXISTS (
             SELECT FROM reviews_lease held
             WHERE held.claim_id = claim.id AND held.holder_id <> %(person)s::uuid
               AND held.expires_at > %(now)s::timestamptz))
    OFFSET 0)
  AND (claim.claimant_id IS NULL
       OR claim.claimant_id <> ALL (ARRAY(SELECT key FROM ({conflicts.CLAIMANTS}) bar)))
  AND (claim.topic_id IS NULL
       OR claim.topic_id <> ALL (ARRAY(SELECT key FROM ({conflicts.TOPICS}) bar)))
  AND NOT EXISTS (
    SELECT FROM claims_article article
    WHERE article.id = claim.article_id
      AND article.outlet_id = ANY (ARRAY(SELECT key FROM ({conflicts.OUTLETS}) bar)) OFFSET 0)
  AND NOT EXISTS (
    SELECT FROM claims_claim_tags tagged
    WHERE tagged.claim_id = claim.id AND tagged.tag_id = ANY (ARRAY(
      SELECT key FROM ({conflicts.TAGS}) bar UNION ALL SELECT key FROM ({conflicts.LACKING}) bar))
    OFFSET 0)
"""  # noqa: S608 - put together from constants

# Two statements instead of one OR: each begins in a partial index of its own. Together they
# would walk past every claim whose seats are all held. Whether anybody let a seat run out is
# asked beside the first, and mostly the answer spares the second. LATERAL looks at one place of
# the index at a time: joined, the planner may look at all claims to save a few looks.
_FIRST_FREE = f"""
FROM (  -- of the index claim_free_seat alone, so that no other index looks as good
    SELECT id, priority FROM claims_claim
    WHERE state = 'checking' AND stage = 'review' AND busy_until IS NULL
    ORDER BY priority DESC, id OFFSET 0) free
  CROSS JOIN LATERAL (
    SELECT claim.id FROM claims_claim claim
    WHERE claim.id = free.id AND claim.busy_until IS NULL AND {_OPEN_TO}
      -- not one that was written between the look and the lock: the rest was read before that
      AND claim.xmin = (SELECT seen.xmin FROM claims_claim seen WHERE seen.id = free.id OFFSET 0)
    FOR UPDATE OF claim SKIP LOCKED) claim
ORDER BY free.priority DESC, free.id LIMIT 1
"""  # noqa: S608 - put together from the constants above
_SOMEBODY_RAN_OUT = """
  (SELECT min(busy_until) FROM claims_claim
   WHERE state = 'checking' AND stage = 'review' AND busy_until IS NOT NULL
  ) <= %(now)s::timestamptz
"""
_FREE = Statement(f"SELECT claim.id, free.priority, {_SOMEBODY_RAN_OUT} {_FIRST_FREE}")
_RAN_OUT = Statement(
    f"""
SELECT claim.id
FROM (  -- of the index claim_busy_seat: few, because ``rank.rerank`` frees them every minute
    SELECT id, priority FROM claims_claim
    WHERE state = 'checking' AND stage = 'review' AND busy_until <= %(now)s::timestamptz
      AND (%(than)s::uuid IS NULL OR priority > %(priority)s::int
           OR (priority = %(priority)s::int AND id < %(than)s::uuid))
    ORDER BY priority DESC, id OFFSET 0) lapsed
  CROSS JOIN LATERAL (
    SELECT claim.id FROM claims_claim claim
    WHERE claim.id = lapsed.id AND claim.busy_until <= %(now)s::timestamptz AND {_OPEN_TO}
    FOR UPDATE OF claim SKIP LOCKED) claim
ORDER BY lapsed.priority DESC, lapsed.id LIMIT 1
"""  # noqa: S608
)

# All of the usual case at once: nobody let a seat run out, the person holds few enough claims,
# and no seat is kept for anybody. Seats are read by the look that finds the claim, so a seat is
# taken only if its last hold is still the one that was seen: whoever sat down since is not
# overwritten, and nobody reviews without having sat down.
_TAKE = Statement(
    f"""
WITH desk AS (
  SELECT coalesce((newest.settings ->> 'lease_minutes')::int, %(lease_minutes)s::int) AS minutes,
    coalesce((newest.settings ->> 'wip_limit')::int, %(wip_limit)s::int) AS at_once
  FROM (SELECT) nothing LEFT JOIN ({policy.NEWEST}) newest ON true
), claim AS MATERIALIZED (
  SELECT claim.id {_FIRST_FREE}
), seat AS (
  SELECT round.claim_id, seat.place, seat.name, round.needed, lease.key, lease.expires_at,
    lease.holder_id IS NOT NULL AND lease.expires_at > %(now)s::timestamptz AS held,
    EXISTS (SELECT FROM reviews_review review
            WHERE review.round_id = round.id AND review.seat = seat.name) AS used
  FROM claim JOIN reviews_round round ON round.claim_id = claim.id
    AND round.revealed_at IS NULL AND round.voided_at IS NULL AND round.recheck_of_id IS NULL
  JOIN (VALUES (1, 'first'), (2, 'second'), (3, 'third')) AS seat(place, name)
    ON seat.place <= round.needed
  LEFT JOIN reviews_lease lease ON lease.claim_id = round.claim_id AND lease.seat = seat.name
), chosen AS (
  SELECT seat.claim_id, seat.name, seat.key,
    %(now)s::timestamptz + make_interval(mins => desk.minutes) AS until
  FROM seat, desk
  WHERE NOT held AND NOT used AND NOT (SELECT coalesce({_SOMEBODY_RAN_OUT}, false))
    AND desk.at_once > (
      SELECT count(*) FROM reviews_lease held
      WHERE held.holder_id = %(person)s::uuid AND held.expires_at > %(now)s::timestamptz)
    AND NOT EXISTS (  -- one seat per person, also where it ran out
      SELECT FROM reviews_lease mine
      WHERE mine.claim_id = seat.claim_id AND mine.holder_id = %(person)s::uuid)
  ORDER BY place LIMIT 1
), taken AS (
  INSERT INTO reviews_lease AS lease (key, claim_id, seat, holder_id, taken_at, expires_at)
  SELECT %(key)s::uuid, claim_id, name, %(person)s::uuid, %(now)s::timestamptz, until FROM chosen
  ON CONFLICT (claim_id, seat) DO UPDATE
    SET key = excluded.key, holder_id = excluded.holder_id, taken_at = excluded.taken_at,
        expires_at = excluded.expires_at
    WHERE lease.key = (SELECT key FROM chosen)
  RETURNING lease.claim_id
), full_until AS (
  SELECT least(min(seat.expires_at) FILTER (WHERE held AND NOT used), min(chosen.until)) AS busy
  FROM seat, chosen HAVING count(*) FILTER (WHERE held OR used) = min(seat.needed) - 1
), busy AS (
  UPDATE claims_claim SET busy_until = full_until.busy FROM taken, full_until
  WHERE claims_claim.id = taken.claim_id
)
SELECT claim.id, chosen.name, chosen.until, taken.claim_id IS NOT NULL
FROM claim LEFT JOIN chosen ON true LEFT JOIN taken ON true
"""  # noqa: S608
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A seat that is held now, by the hold of this key."""

    key: UUID
    claim: UUID
    seat: str
    until: datetime


def take(by: Actor, *, languages: Sequence[str], now: datetime) -> Taken | None:
    """Take the first free seat in the usual case; None where a closer look has to be taken.

    None says nothing by itself: ``lock_first`` and ``lease.take_locked`` find out why.
    """
    if by.person is None:
        return None
    values, usual = _asked(by, languages, now), policy.Settings()
    for _ in range(_TRIES):
        key = uuid.uuid4()
        row = _TAKE.row(
            **values, key=key, lease_minutes=usual.lease_minutes, wip_limit=usual.wip_limit
        )
        if row is None or row[1] is None:
            return None
        claim, seat, until, is_taken = row
        if is_taken:
            return Taken(key, claim, seat, until)
    return None


def lock_first(by: Actor, *, languages: Sequence[str], now: datetime) -> UUID | None:
    """The first claim with a seat for this person, locked until the transaction ends, or None.

    Rows that others hold locked are passed over. No languages are all languages.
    """
    if by.person is None:
        return None
    values = _asked(by, languages, now)
    free = _FREE.row(**values)
    if free is None:
        ran_out = _RAN_OUT.row(**values, than=None, priority=None)
        return ran_out[0] if ran_out is not None else None
    key, priority, anybody_ran_out = free
    if anybody_ran_out:
        better = _RAN_OUT.row(**values, than=key, priority=priority)
        key = better[0] if better is not None else key
    found: UUID = key
    return found


def _asked(by: Actor, languages: Sequence[str], now: datetime) -> dict[str, Any]:
    return {
        "person": by.person.pk if by.person is not None else None,
        "languages": list(languages) or None,
        "sees_all": by.holds(Role.EDITOR, Role.ADMIN),
        "now": now,
    }
