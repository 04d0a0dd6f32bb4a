"""What a person may not judge for an interest of theirs, and what the queue spares them.

A conflict of interest is a rule: a person and a claimant, outlet, owner, topic or tag. It bars
from a seat, from deciding between reviewers and from publishing. A tag that needs a skill bars
nobody: the queue alone passes it to those who have the skill.
"""

from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.models import Claim, User
from claims.statements import Statement
from reviews.models import Conflict

# What stands in a person's way, as keys with the conflict that says so. The queue's own statement
# holds them too (``reviews.queue.first``). An outlet is also meant by its owner, by one that was
# merged into it, and as a claimant.
_STANDING = "FROM reviews_conflict said WHERE person_id = %(person)s::uuid AND ended_at IS NULL"
OUTLETS = f"""
SELECT outlet.id AS key, said.id AS conflict, outlet.name
FROM (SELECT * {_STANDING}) said JOIN claims_outlet outlet
  ON outlet.id = said.outlet_id OR outlet.merged_into_id = said.outlet_id
  OR outlet.owner_id = said.owner_id
  OR outlet.id = (SELECT merged_into_id FROM claims_outlet WHERE id = said.outlet_id)
"""  # noqa: S608 - put together from constants, as all here
CLAIMANTS = f"""
SELECT claimant_id AS key, id AS conflict {_STANDING} AND claimant_id IS NOT NULL
UNION ALL SELECT claimant.id, outlet.conflict FROM ({OUTLETS}) outlet
  JOIN claims_claimant claimant ON claimant.kind = 'outlet' AND claimant.name = outlet.name
"""  # noqa: S608
TOPICS = f"SELECT topic_id AS key, id AS conflict {_STANDING} AND topic_id IS NOT NULL"
TAGS = f"SELECT tag_id AS key, id AS conflict {_STANDING} AND tag_id IS NOT NULL"
LACKING = """
SELECT tag.id AS key, NULL::uuid AS conflict FROM claims_tag tag
WHERE tag.needs_skill AND NOT EXISTS (
  SELECT FROM claims_user_skills skill
  WHERE skill.tag_id = tag.id AND skill.user_id = %(person)s::uuid)
"""
_LIMITS = Statement(
    f"""
SELECT 'claimants', key, conflict FROM ({CLAIMANTS}) claimant
UNION ALL SELECT 'outlets', key, conflict FROM ({OUTLETS}) outlet
UNION ALL SELECT 'topics', key, conflict FROM ({TOPICS}) topic
UNION ALL SELECT 'tags', key, conflict FROM ({TAGS}) tag
UNION ALL SELECT 'lacking', key, conflict FROM ({LACKING}) tag
UNION ALL SELECT 'wrote', claim_id, NULL FROM claims_claimauthor
  WHERE claim_id = %(claim)s::uuid AND person_id = %(person)s::uuid
"""  # noqa: S608
)

_Claims = TypeVar("_Claims", bound=QuerySet[Claim])
_Named = dict[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Limits:
    """Keys of what stands in a person's way, each with its conflict; ``lacking`` skills.

    ``wrote`` is for the one claim that was asked about: whether they are an author of it.
    """

    claimants: _Named = field(default_factory=dict)
    outlets: _Named = field(default_factory=dict)
    topics: _Named = field(default_factory=dict)
    tags: _Named = field(default_factory=dict)
    lacking: frozenset[UUID] = frozenset()
    wrote: bool = False

    def without_conflict(self, claims: _Claims) -> _Claims:
        """Those of these claims that no conflict of the person's touches."""
        if self.claimants:
            claims = claims.exclude(claimant__in=self.claimants)
        if self.topics:
            claims = claims.exclude(topic__in=self.topics)
        if self.outlets:
            claims = claims.exclude(article__outlet__in=self.outlets)
        if self.tags:
            claims = claims.exclude(_tagged(self.tags))
        return claims

    def fitting(self, claims: _Claims) -> _Claims:
        """Those without conflict, less those with a tag whose skill the person lacks."""
        claims = self.without_conflict(claims)
        return claims.exclude(_tagged(self.lacking)) if self.lacking else claims

    def conflict_with(self, claim: Claim) -> UUID | None:
        """The conflict that touches this claim, if one does."""
        hit = self.claimants.get(claim.claimant_id) if claim.claimant_id else None
        if hit is None and claim.topic_id:
            hit = self.topics.get(claim.topic_id)
        if hit is None and self.outlets and claim.article is not None and claim.article.outlet_id:
            hit = self.outlets.get(claim.article.outlet_id)
        if hit is None and self.tags:
            tagged = claim.tags.filter(pk__in=self.tags).values_list("pk", flat=True).first()
            hit = self.tags[tagged] if tagged is not None else None
        return hit


def limits_of(person: User, claim: Claim | None = None) -> Limits:
    """Everything that stands in this person's way, in one statement."""
    asked = claim.pk if claim is not None else None
    found: dict[str, dict[UUID, UUID]] = {}
    for what, key, conflict in _LIMITS.rows(person=person.pk, claim=asked):
        found.setdefault(what, {})[key] = conflict
    lacking, wrote = frozenset(found.pop("lacking", {})), bool(found.pop("wrote", {}))
    return Limits(**found, lacking=lacking, wrote=wrote)


def why_not(claim: Claim, person: User, *, so: str) -> str | None:
    """Why this person judges nothing of the claim: authorship, or an interest; None if neither.

    ``so`` ends the sentence: who has to do it instead.
    """
    limits = limits_of(person, claim)
    if limits.wrote:
        return f"You wrote this claim’s words, {so}"
    key = limits.conflict_with(claim)
    if key is None:
        return None
    conflict = Conflict.objects.select_related(*Conflict.ABOUT).get(pk=key)
    about = f"the {conflict.kind} “{conflict.about}”"
    return f"You have a conflict of interest on record here ({about}), {so}"


def people_with(claim: Claim) -> set[UUID]:
    """Everybody whom a conflict of interest keeps from judging this claim."""
    said = User.objects.filter(conflicts__ended_at__isnull=True, conflicts__isnull=False)
    return {one.pk for one in said.distinct() if limits_of(one).conflict_with(claim) is not None}


def _tagged(tags: _Named | frozenset[UUID]) -> Q:
    through = Claim.tags.through.objects.filter(claim=OuterRef("pk"), tag__in=list(tags))
    return Q(Exists(through))
