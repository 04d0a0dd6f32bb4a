"""What an answer about a claim shows of other tables, read in one statement for a whole page.

By hand rather than by prefetches: a page of claims would take nine statements, and putting them
together takes longer than the database needs for their answers.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from claims.api.render import stamp
from claims.statements import Statement
from reviews.publishing.document import json_url, page_url

# A verdict counts as long as its round is not void; else the one the public page stands on.
_SELECT = Statement(
    """
SELECT claim.id,
  ARRAY(SELECT tag.name FROM claims_claim_tags has JOIN claims_tag tag ON tag.id = has.tag_id
        WHERE has.claim_id = claim.id ORDER BY tag.name),
  ARRAY(SELECT person.username FROM claims_claim_assigned_to has
        JOIN claims_user person ON person.id = has.user_id
        WHERE has.claim_id = claim.id ORDER BY person.username),
  ARRAY(SELECT jsonb_build_object('seat', lease.seat, 'holder', person.username,
                                  'expires_at', lease.expires_at)
        FROM reviews_lease lease JOIN claims_user person ON person.id = lease.holder_id
        WHERE lease.claim_id = claim.id AND lease.expires_at > clock_timestamp()
        ORDER BY lease.seat),
  (SELECT scale_id FROM reviews_round WHERE claim_id = claim.id ORDER BY number DESC LIMIT 1),
  (SELECT to_jsonb(said) FROM (
     SELECT verdict.id, rating.code AS rating, rating.scale_id AS scale, verdict.by,
            verdict.round_id AS round, verdict.recorded_at
     FROM reviews_verdict verdict
     JOIN reviews_rating rating ON rating.id = verdict.rating_id
     JOIN reviews_round round ON round.id = verdict.round_id
     WHERE verdict.claim_id = claim.id
       AND (round.voided_at IS NULL OR verdict.id = (
         SELECT out.verdict_id FROM reviews_publication out
         WHERE out.claim_id = claim.id AND NOT EXISTS (
           SELECT 1 FROM reviews_withdrawal gone
           JOIN reviews_publication last ON last.id = gone.publication_id
           WHERE last.claim_id = claim.id)
         ORDER BY out.version DESC LIMIT 1))
     ORDER BY round.voided_at IS NOT NULL, verdict.recorded_at DESC, verdict.id DESC
     LIMIT 1) said),
  (SELECT to_jsonb(said) FROM (
     SELECT out.id, out.claim_id AS claim, out.slug, out.version, out.published_at,
       EXISTS (SELECT 1 FROM reviews_withdrawal WHERE publication_id = out.id) AS withdrawn,
       EXISTS (SELECT 1 FROM reviews_suspension
               WHERE claim_id = claim.id AND lifted_at IS NULL) AS suspended
     FROM reviews_publication out WHERE out.claim_id = claim.id
     ORDER BY out.version DESC LIMIT 1) said)
FROM unnest(%(claims)s::uuid[]) AS claim(id)
"""
)


@dataclass(frozen=True, slots=True)
class Beside:
    """Of one claim: names in their order, living leases by seat, and the embedded records."""

    tags: list[str] = field(default_factory=list)
    assigned_to: list[str] = field(default_factory=list)
    leases: list[dict[str, Any]] = field(default_factory=list)
    scale: str | None = None
    verdict: dict[str, Any] | None = None
    publication: dict[str, Any] | None = None


def beside_claims(keys: Sequence[UUID]) -> dict[UUID, Beside]:
    """What stands beside each of these claims."""
    if not keys:
        return {}
    return {row[0]: _beside(*row[1:]) for row in _SELECT.rows(claims=list(keys))}


def _beside(
    tags: list[str],
    assigned_to: list[str],
    leases: list[Any],
    scale: UUID | None,
    verdict: Any,
    publication: Any,
) -> Beside:
    return Beside(
        tags=tags,
        assigned_to=assigned_to,
        leases=[_utc(_read(lease), "expires_at") for lease in leases],
        scale=str(scale) if scale is not None else None,
        verdict=_utc(_read(verdict), "recorded_at") if verdict is not None else None,
        publication=_with_addresses(_read(publication)) if publication is not None else None,
    )


def _with_addresses(said: dict[str, Any]) -> dict[str, Any]:
    said = _utc(said, "published_at")
    return {
        **{name: said[name] for name in ("id", "claim", "slug", "version")},
        "url": page_url(said["slug"]),
        "json_url": json_url(said["slug"], said["version"]),
        **{name: said[name] for name in ("published_at", "withdrawn", "suspended")},
    }


def _read(value: Any) -> dict[str, Any]:
    """Django’s connection gives jsonb as text."""
    read: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    return read


def _utc(said: dict[str, Any], name: str) -> dict[str, Any]:
    """The same with its time as it is written everywhere else: jsonb drops zeros at the end."""
    return {**said, name: stamp(datetime.fromisoformat(said[name]))}
