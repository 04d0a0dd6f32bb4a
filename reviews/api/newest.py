"""The list of claims as everybody opens it: all one may know of, newest first, by one statement.

The rule is ``ClaimQuerySet.visible_to``; a test holds the two together. Filters and other orders
are the ORM’s.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import JSONField

from claims.models import Actor, Claim, Claimant, Role, Topic
from claims.statements import Statement

_CLAIM = [field.attname for field in Claim._meta.concrete_fields]  # noqa: SLF001 - Django’s public name
_JSON = [
    place
    for place, field in enumerate(Claim._meta.concrete_fields)  # noqa: SLF001
    if isinstance(field, JSONField)
]
_CLAIMANT, _TOPIC = ("id", "name", "kind"), ("id", "name")

_SELECT = f"""
SELECT {", ".join(f"claim.{name}" for name in _CLAIM)},
  {", ".join(f"claimant.{name}" for name in _CLAIMANT)},
  {", ".join(f"topic.{name}" for name in _TOPIC)}
FROM claims_claim claim
  LEFT JOIN claims_claimant claimant ON claimant.id = claim.claimant_id
  LEFT JOIN claims_topic topic ON topic.id = claim.topic_id
WHERE (%(sees_all)s::bool OR claim.visibility = 'desk' OR claim.created_by_id = %(person)s::uuid
  OR EXISTS (SELECT FROM claims_claimauthor author
             WHERE author.claim_id = claim.id AND author.person_id = %(person)s::uuid OFFSET 0)
  OR EXISTS (SELECT FROM claims_claim_assigned_to assigned
             WHERE assigned.claim_id = claim.id AND assigned.user_id = %(person)s::uuid OFFSET 0))
"""  # noqa: S608 - put together from names of our own columns
_ORDER = "ORDER BY claim.created_at DESC, claim.id DESC LIMIT %(many)s::int"
_FIRST = Statement(f"{_SELECT} {_ORDER}")
# A pair is where the index can begin; one statement for both would begin at its end.
_AFTER = Statement(
    f"{_SELECT} AND (claim.created_at, claim.id) < (%(at)s::timestamptz, %(key)s::uuid) {_ORDER}"
)


def newest(actor: Actor, *, many: int, after: tuple[datetime, UUID] | None = None) -> list[Claim]:
    """The first so many claims, or those after a place, each with its claimant and topic."""
    values: dict[str, Any] = {
        "sees_all": actor.is_system or actor.holds(Role.EDITOR, Role.ADMIN),
        "person": actor.person.pk if actor.person is not None else None,
        "many": many,
    }
    if after is None:
        return [_claim(row) for row in _FIRST.rows(**values)]
    return [_claim(row) for row in _AFTER.rows(**values, at=after[0], key=after[1])]


def _claim(row: Sequence[Any]) -> Claim:
    own, rest = list(row[: len(_CLAIM)]), row[len(_CLAIM) :]
    for place in _JSON:
        # The connection gives jsonb as text.
        own[place] = json.loads(own[place]) if own[place] is not None else None
    claim = Claim.from_db("default", _CLAIM, own)
    claimant, topic = rest[: len(_CLAIMANT)], rest[len(_CLAIMANT) :]
    claim.claimant = (
        Claimant.from_db("default", _CLAIMANT, claimant) if claimant[0] is not None else None
    )
    claim.topic = Topic.from_db("default", _TOPIC, topic) if topic[0] is not None else None
    return claim
