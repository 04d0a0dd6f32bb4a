"""Rounds, and the four eyes: who may still do what with a claim, and why not."""

import hashlib
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Max
from django.utils import timezone

from claims.evidence.opened import contact_for
from claims.ledger.canonical import canonical
from claims.models import Actor, Claim, ClaimAuthor, Evidence, Role, User
from reviews import conflicts
from reviews.events import RoundOpened, RoundVoided
from reviews.models import SEATS, Finding, Lease, Review, ReviewEvidence, Round
from reviews.policy import current as current_policy
from reviews.scales import active as active_scale


def newest(claim: Claim) -> Round | None:
    """The claim's last round, whatever became of it."""
    return claim.rounds.order_by("-number").first()


def open_round(claim: Claim) -> Round | None:
    return claim.rounds.filter(revealed_at__isnull=True, voided_at__isnull=True).first()


def unrevealed_since(claim: Claim) -> Round | None:
    """The first of the newest rounds that nobody may look into yet; None where all are open.

    A round that was voided before its reveal belongs to it: the same people may sit again, and
    whatever they brought then would tell what they think.
    """
    first = None
    if claim.state in {Claim.State.DRAFT, Claim.State.CHECKING}:
        for round_ in claim.rounds.order_by("-number"):
            if round_.revealed_at is not None:
                break
            first = round_
    return first


def hides(unrevealed: Round | None, item: Evidence, by: Actor) -> bool:
    """Whether stance, note and adder of evidence could still tell ``by`` what somebody thinks.

    ``unrevealed`` is what ``unrevealed_since`` gave. What one added oneself one knows.
    """
    if unrevealed is None or item.created_at < unrevealed.opened_at:
        return False
    if item.added_by_id is None:
        return by.person is not None
    return by.person is None or item.added_by_id != by.person.pk


def contact_of(
    item: Evidence, by: Actor, *, unrevealed: Round | None, cited: Collection[UUID]
) -> dict[str, Any] | None:
    """Who was spoken to, as far as ``by`` may know. ``cited`` is what ``cited_by`` gave.

    Of sealed evidence, which protects whoever spoke, only its adder, editors and reviewers who
    cite it read more than the terms. While stance and adder are hidden, so is who spoke for the
    desk: that is mostly who added it.
    """
    if item.contact is None:
        return None
    if not may_read(item, by, cited=cited):
        return {"terms": item.contact.get("terms")}
    contact = contact_for(item, by)
    if contact is not None and "by" in contact and hides(unrevealed, item, by):
        return {**contact, "by": None}
    return contact


def translation_of(
    item: Evidence, by: Actor, *, unrevealed: Round | None
) -> dict[str, Any] | None:
    """The translation; its translator is mostly who added it, and hidden as long."""
    translation: dict[str, Any] | None = item.translation
    if translation is not None and hides(unrevealed, item, by):
        return {**translation, "by": None}
    return translation


def cited_by(items: Iterable[Evidence], by: Actor) -> frozenset[UUID]:
    """Which sealed evidence among these a review of theirs cites, in whatever round."""
    sealed = [item.pk for item in items if item.visibility == Evidence.Visibility.SEALED]
    if by.person is None or not sealed:
        return frozenset()
    cited = ReviewEvidence.objects.filter(evidence__in=sealed, review__reviewer=by.person)
    return frozenset(cited.values_list("evidence", flat=True))


def may_read(item: Evidence, by: Actor, *, cited: Collection[UUID]) -> bool:
    """Whether they may read what evidence says, which sealed evidence does not say to everybody.

    Its quote, address and contact are for its adder, editors and reviewers who cite it; ``cited``
    is what ``cited_by`` gave.
    """
    if item.visibility != Evidence.Visibility.SEALED:
        return True
    if by.is_person(item.added_by) or (by.holds(Role.EDITOR) and by.may("publish")):
        return True
    if by.person is None:
        return item.added_by_id is None
    return item.pk in cited


def begin(claim: Claim, *, recheck_of: Round | None = None) -> tuple[Round, RoundOpened]:
    """Open the claim's next round on the active scale; the claim row is locked by the caller."""
    last = claim.rounds.aggregate(last=Max("number"))["last"] or 0
    begun = Round.objects.create(
        claim=claim,
        number=last + 1,
        scale=active_scale(),
        needed=current_policy().reviewers,
        recheck_of=recheck_of,
    )
    return begun, RoundOpened(round=str(begun.pk), reviews=begun.needed)


def void(round_: Round, *, cause: str) -> RoundVoided:
    """Let a round count no more and free its seats. ``cause`` is public: a code, no content."""
    round_.voided_at, round_.void_cause = timezone.now(), cause
    round_.save(update_fields=["voided_at", "void_cause"])
    free_seats(round_.claim_id)
    return RoundVoided(round=str(round_.pk), cause=cause)


def living(claim: Claim) -> list[Lease]:
    """The seats somebody holds now, in order. Whoever let it run out holds nothing."""
    held = Lease.objects.filter(claim=claim, holder__isnull=False, expires_at__gt=timezone.now())
    return sorted(held.select_related("holder"), key=lambda lease: SEATS.index(lease.seat))


def held_by(claim: Claim, person: User) -> Lease | None:
    return Lease.objects.filter(claim=claim, holder=person, expires_at__gt=timezone.now()).first()


def free_seats(claim_id: UUID, *, holder: User | None = None) -> None:
    """End the holds on a claim, or only those of one person."""
    held = Lease.objects.filter(claim_id=claim_id)
    if holder is not None:
        held = held.filter(holder=holder)
    held.update(holder=None, expires_at=None)
    mark_busy(claim_id)


def mark_busy(claim_id: UUID) -> None:
    """Store until when no seat of the open round is free, so that the queue skips the claim.

    A seat with a review in stays used; a held one is free again when its hold runs out.
    """
    now = timezone.now()
    needed = Round.objects.filter(
        claim_id=claim_id, revealed_at__isnull=True, voided_at__isnull=True
    ).annotate(used=Count("reviews"))
    round_ = needed.first()
    until = None
    if round_ is not None:
        held = Lease.objects.filter(claim_id=claim_id, holder__isnull=False, expires_at__gt=now)
        ends = sorted(lease.expires_at for lease in held if lease.expires_at is not None)
        if ends and len(ends) + round_.used >= round_.needed:
            until = ends[0]
    Claim.objects.filter(pk=claim_id).update(busy_until=until)


def is_author(claim: Claim, person: User) -> bool:
    return ClaimAuthor.objects.filter(claim=claim, person=person).exists()


def sat_in(round_: Round, person: User) -> bool:
    """Whether the person reviewed in this round."""
    return Review.objects.filter(round=round_, reviewer=person).exists()


def adjudicated(round_: Round, person: User) -> bool:
    decided = getattr(round_, "adjudication", None)
    return decided is not None and decided.editor_id == person.pk


def why_not_review(claim: Claim, person: User) -> str | None:
    """Why the four eyes keep this person from reviewing the claim at all."""
    return conflicts.why_not(claim, person, so="so somebody else has to review it.")


def why_not_this_seat(round_: Round, person: User, *, taken_over: str = "") -> str | None:
    """Why the seats of this round are closed to this person while others may sit.

    ``taken_over`` is the seat that would be taken from its holder, who then sits no more.
    """
    earlier = round_.recheck_of
    if earlier is None or not sat_in(earlier, person):
        return None
    taken = set(round_.reviews.values_list("reviewer", flat=True))
    held = set(
        Lease.objects.filter(claim_id=round_.claim_id, expires_at__gt=timezone.now())
        .exclude(holder=person)
        .exclude(seat=taken_over)
        .values_list("holder", flat=True)
    )
    others = taken | held
    known = set(earlier.reviews.values_list("reviewer", flat=True))
    newcomers = others - known
    # The last free seat is kept for somebody new as long as nobody new sits.
    if not newcomers and round_.needed - len(others) <= 1:
        return (
            "You sat in the round that led to the published verdict; this seat is kept for"
            " somebody who did not."
        )
    return None


def why_not_adjudicate(claim: Claim, round_: Round, person: User) -> str | None:
    hand = conflicts.why_not(claim, person, so="so another editor has to decide.")
    if hand:
        return hand
    if sat_in(round_, person):
        return "You reviewed in this round, so an editor outside it has to decide."
    return None


def why_not_publish(claim: Claim, round_: Round | None, person: User) -> str | None:
    """Why the four eyes keep this editor from publishing, or from issuing a correction."""
    hand = conflicts.why_not(claim, person, so="so another editor has to publish it.")
    if hand or round_ is None:
        return hand
    if sat_in(round_, person):
        return "You reviewed this claim, so another editor has to publish it."
    if adjudicated(round_, person):
        return "You decided between its reviewers, so another editor has to publish it."
    return None


def cited_in(claim: Claim, finding: Finding) -> list[Evidence]:
    """The evidence a stored version cites, withdrawn or not."""
    ids = {key for one in finding.sentences for key in one["evidence"]}
    return list(Evidence.objects.filter(claim=claim, pk__in=ids).select_related("capture"))


def words_digest(claim: Claim) -> str:
    """What a review is bound to on the claim's side."""
    return hashlib.sha256(canonical([claim.text, claim.language])).hexdigest()


def evidence_digest(item: Evidence) -> str:
    """What a review is bound to of one piece of evidence it cites."""
    facts = [
        str(item.capture_id or ""),
        item.capture.sha256 if item.capture is not None else "",
        item.contact,
        item.title,
        item.stance,
        item.kind,
        item.quote,
        item.anchor,
        item.translation,
        item.note,
        item.named,
        item.primary,
        item.owner,
        # Only where somebody said it: what was cited before it could be said keeps its digest.
        *([item.interest] if item.interest else []),
    ]
    return hashlib.sha256(canonical(facts)).hexdigest()
