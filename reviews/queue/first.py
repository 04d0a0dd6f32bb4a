"""The first claim a reviewer may take, found and locked by one statement.

``pick.for_reviewer`` says the same rules to whoever wants a list; a test holds the two together.
Here they are written out, because everybody’s day goes through this statement: the database
keeps its plan, and begins in an index whose first row is mostly the answer.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from claims.models import Actor, Role
from claims.statements import Statement
from reviews import conflicts

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
_FREE = Statement(
    f"""
SELECT claim.id, free.priority,
  (SELECT min(busy_until) FROM claims_claim
   WHERE state = 'checking' AND stage = 'review' AND busy_until IS NOT NULL
  ) <= %(now)s::timestamptz
FROM (  -- of the index claim_free_seat alone, so that no other index looks as good
    SELECT id, priority FROM claims_claim
    WHERE state = 'checking' AND stage = 'review' AND busy_until IS NULL
    ORDER BY priority DESC, id OFFSET 0) free
  CROSS JOIN LATERAL (
    SELECT claim.id FROM claims_claim claim
    WHERE claim.id = free.id AND claim.busy_until IS NULL AND {_OPEN_TO}
    FOR UPDATE OF claim SKIP LOCKED) claim
ORDER BY free.priority DESC, free.id LIMIT 1
"""  # noqa: S608 - put together from the constants above
)
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


def lock_first(by: Actor, *, languages: Sequence[str], now: datetime) -> UUID | None:
    """The first claim with a seat for this person, locked until the transaction ends, or None.

    Rows that others hold locked are passed over. No languages are all languages.
    """
    if by.person is None:
        return None
    values = {
        "person": by.person.pk,
        "languages": list(languages) or None,
        "sees_all": by.holds(Role.EDITOR, Role.ADMIN),
        "now": now,
    }
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
