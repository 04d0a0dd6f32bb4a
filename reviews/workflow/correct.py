"""Correcting, suspending and restoring what is published: always in the open, by two people."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims.errors import Forbidden, FourEyes, Invalid, Problem, Unmet
from claims.ledger.events import ClaimAmended, ClaimEdited
from claims.ledger.record import Happening, record, record_all
from claims.models import Actor, Claim, Claimant, ClaimAuthor, Role, User
from claims.models.actors import person as acting
from claims.text.digest import words_digest
from reviews import notices, rounds
from reviews.errors import IllegalTransition, NotReady
from reviews.events import ClaimRestored, ClaimSuspended, CorrectionProposed, FindingWritten
from reviews.gates import Case
from reviews.gates.captured import captured
from reviews.gates.markup import markup
from reviews.gates.supported import supported
from reviews.models import Correction, CorrectionProposal, Finding, Publication, Suspension
from reviews.publishing.release import living_publication, release
from reviews.rounds import cited_in
from reviews.stage import present_finding
from reviews.verdicts.finding import Text

Kind = Correction.Kind
PROPOSED = (Kind.TYPO, Kind.CLARIFICATION, Kind.FACTUAL_ERROR, Kind.UPDATE)
CHANGEABLE = frozenset({"finding", "claimant", "text"})
NOTE_MAX = 5_000
TEXT_MAX = 5_000


@transaction.atomic
def propose_correction(
    claim: Claim,
    *,
    by: Actor,
    kind: str,
    note: str,
    changes: Mapping[str, Any],
    requested_by: str = "",
) -> CorrectionProposal:
    """Propose a correction of what is published; a typo by an editor goes out at once.

    ``changes`` holds new values: ``finding`` a Text, ``claimant`` (name, kind), ``text`` words.
    A typo in the claim's own words needs a second person like any other: whoever changes the
    words is their author, and an author does not publish. To go out at once is to publish: the
    four eyes are asked as they are for any other. Raises Forbidden, FourEyes, Invalid, Conflict.
    """
    may_propose(by)
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    if "text" in changes:
        # As when words are brought or changed: spaces around them are none of them.
        changes = {**changes, "text": (changes["text"] or "").strip()}
    at_once = kind == Kind.TYPO and by.may("publish") and "text" not in changes
    if at_once:
        _refuse_without_four_eyes(claim, by)
    _check_proposal(claim, kind, note, changes)
    if claim.state != Claim.State.PUBLISHED or living_publication(claim) is None:
        raise IllegalTransition("Only a published check is corrected.")
    if by.person is None:
        raise Forbidden("A correction is proposed by a person.")
    proposal = CorrectionProposal.objects.create(
        claim=claim,
        kind=kind,
        note=note,
        requested_by=requested_by,
        changes=_stored(changes),
        proposer=by.person,
    )
    if at_once:
        _issue(claim, proposal, by=by)
    else:
        said = f"{by.name} asks for a correction of a published check. You may issue it."
        notices.tell(_who_may_issue(claim), "correction", claim, said, but=by)
        record(
            CorrectionProposed(proposal=str(proposal.pk), kind=kind, note=note),
            claim=claim,
            actor=by,
        )
    return proposal


def _who_may_issue(claim: Claim) -> list[User]:
    """Editors whom the four eyes do not keep from it."""
    living = living_publication(claim)
    round_ = living.verdict.round if living is not None else None
    return [one for one in notices.editors() if not rounds.why_not_publish(claim, round_, one)]


@transaction.atomic
def issue_correction(proposal: CorrectionProposal, *, by: Actor) -> CorrectionProposal:
    """Publish a proposed correction: by an editor who did not propose it."""
    may_issue(proposal, by)
    claim = Claim.objects.select_for_update().get(pk=proposal.claim_id)
    proposal = CorrectionProposal.objects.select_for_update().get(pk=proposal.pk)
    may_issue(proposal, by)
    if proposal.issued_as_id is not None:
        raise IllegalTransition("This correction is out already.")
    _issue(claim, proposal, by=by)
    return proposal


def may_propose(by: Actor) -> None:
    if by.may("publish") or by.may("reviews:write"):
        return
    by.need("reviews:write")


def may_issue(proposal: CorrectionProposal, by: Actor) -> None:
    """Role, then the four eyes: not the proposer, and nobody who may not publish the claim."""
    by.need("publish")
    if by.person is None or not by.holds(Role.EDITOR):
        raise Forbidden("A correction is issued by an editor.")
    if proposal.proposer_id == by.person.pk:
        raise FourEyes("You proposed this correction, so another editor has to issue it.")
    _refuse_without_four_eyes(proposal.claim, by)


def _refuse_without_four_eyes(claim: Claim, by: Actor) -> None:
    if by.person is None:
        return
    living = living_publication(claim)
    round_ = living.verdict.round if living is not None else None
    why = rounds.why_not_publish(claim, round_, by.person)
    if why:
        raise FourEyes(why)


@transaction.atomic
def suspend(claim: Claim, *, by: Actor, reason: str) -> Suspension:
    """Hold a published page back for now; the reason stays inside the desk."""
    _may_hold_back(by)
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    if not reason.strip():
        raise Invalid.at("/reason", "Say why: this stays on record inside the desk.")
    living = living_publication(claim)
    if living is None:
        raise IllegalTransition("Nothing is published of this claim.")
    if suspension_of(claim) is not None:
        raise IllegalTransition("This page is held back already.")
    held_back = Suspension.objects.create(claim=claim, reason=reason, by=_someone(by))
    _touch(claim)
    record(ClaimSuspended(version=living.version, reason=reason), claim=claim, actor=by)
    return held_back


@transaction.atomic
def restore_page(claim: Claim, *, by: Actor, note: str = "") -> Suspension:
    """Show a page again: by another person than the one who held it back."""
    may_restore(claim, by)
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    may_restore(claim, by)
    held_back = suspension_of(claim)
    living = living_publication(claim)
    if held_back is None or living is None:
        raise IllegalTransition("This page is not held back.")
    held_back.lifted_by, held_back.lifted_at = by.person, timezone.now()
    held_back.lifted_note = note
    held_back.save(update_fields=["lifted_by", "lifted_at", "lifted_note"])
    _touch(claim)
    record(ClaimRestored(version=living.version, note=note or None), claim=claim, actor=by)
    return held_back


def may_restore(claim: Claim, by: Actor) -> None:
    _may_hold_back(by)
    held_back = suspension_of(claim)
    if held_back is not None and by.is_person(held_back.by):
        raise FourEyes("You held this page back, so somebody else has to bring it back.")


def suspension_of(claim: Claim) -> Suspension | None:
    return claim.suspensions.filter(lifted_at__isnull=True).first()


def _may_hold_back(by: Actor) -> None:
    if by.may("publish") or by.may("admin"):
        return
    by.need("publish")


def _someone(by: Actor) -> User:
    if by.person is None:
        raise Forbidden("A page is held back by a person.")
    return by.person


def _touch(claim: Claim) -> None:
    claim.version += 1
    claim.updated_at = timezone.now()
    claim.save(update_fields=["version", "updated_at"])


def _check_proposal(claim: Claim, kind: str, note: str, changes: Mapping[str, Any]) -> None:
    problems = []
    if kind not in PROPOSED:
        known = ", ".join(PROPOSED)
        problems.append(
            Problem(
                "/kind",
                f"Use one of: {known}. A changed rating comes from checking the claim again.",
            )
        )
    if not note.strip():
        problems.append(Problem("/note", "Say what was wrong and what is right: readers see it."))
    if len(note) > NOTE_MAX:
        problems.append(Problem("/note", f"Keep it under {NOTE_MAX:,} characters."))
    if not changes:
        problems.append(Problem("/changes", "Give the new finding, claimant or text."))
    if "text" in changes and not changes["text"]:
        problems.append(Problem("/changes/text", "A claim needs words."))
    if len(changes.get("text") or "") > TEXT_MAX:
        problems.append(Problem("/changes/text", f"Keep a claim under {TEXT_MAX:,} characters."))
    problems += [
        Problem(f"/changes/{name}", "This cannot be corrected here.")
        for name in set(changes) - CHANGEABLE
    ]
    if problems:
        raise Invalid("The correction cannot be used as it is.", problems=problems)
    if isinstance(changes.get("finding"), Text):
        changes["finding"].check()
        changes["finding"].cited(claim)


def _stored(changes: Mapping[str, Any]) -> dict[str, Any]:
    kept = dict(changes)
    if isinstance(kept.get("finding"), Text):
        kept["finding"] = kept["finding"].as_json()
    if kept.get("claimant") is not None:
        name, kind = kept["claimant"]
        kept["claimant"] = {"name": name, "kind": kind}
    return kept


def _issue(claim: Claim, proposal: CorrectionProposal, *, by: Actor) -> None:
    """Apply the changes as the proposer's, publish them as the issuer's."""
    living = living_publication(claim)
    if claim.state != Claim.State.PUBLISHED or living is None:
        raise IllegalTransition("Only a published check is corrected.")
    round_ = living.verdict.round
    if round_.is_void or rounds.newest(claim) != round_:
        raise NotReady(
            "The published verdict no longer stands.",
            unmet=[
                Unmet(
                    "verdict",
                    "The round of the published verdict is void.",
                    "Check the claim again, or withdraw it.",
                )
            ],
        )
    proposer = acting(proposal.proposer)
    happened = _apply(claim, living, proposal, proposer)
    finding = present_finding(round_)
    if finding is None:
        raise RuntimeError("a published claim has a text")
    _refuse_unready(claim, living, finding, by)
    released = release(
        claim,
        by=by,
        kind=proposal.kind,
        note=proposal.note,
        requested_by=proposal.requested_by,
        proposer=proposal.proposer,
        finding=finding,
        overrides=list(living.overrides.all()),
    )
    proposal.issued_as = released.publication.correction
    proposal.save(update_fields=["issued_as"])
    claim.published_version = released.publication.version
    claim.version += 1
    claim.updated_at = timezone.now()
    claim.save(
        update_fields=[
            "text",
            "text_digest",
            "claimant",
            "published_version",
            "version",
            "updated_at",
        ]
    )
    record_all([*happened, *(Happening(event, claim.pk, by) for event in released.events)])


def _apply(
    claim: Claim, living: Publication, proposal: CorrectionProposal, proposer: Actor
) -> list[Happening]:
    changes, happened = proposal.changes, []
    if "text" in changes and changes["text"] != claim.text:
        claim.text = changes["text"]
        claim.text_digest = words_digest(claim.text)
        ClaimAuthor.objects.get_or_create(claim=claim, person=proposal.proposer)
        happened.append(Happening(ClaimEdited(text=claim.text), claim.pk, proposer))
    if "claimant" in changes:
        named = changes["claimant"]
        claim.claimant = (
            Claimant.objects.get_or_create(name=named["name"], kind=named["kind"])[0]
            if named
            else None
        )
        happened.append(Happening(ClaimAmended(fields=["claimant"]), claim.pk, proposer))
    if "finding" in changes:
        round_ = living.verdict.round
        last = present_finding(round_)
        number = (last.number if last is not None else 0) + 1
        said = {"looked_against": last.looked_against if last else "", **changes["finding"]}
        Finding.objects.create(round=round_, number=number, author=proposal.proposer, **said)
        written = FindingWritten(round=str(round_.pk), number=number, finding=said)
        happened.append(Happening(written, claim.pk, proposer))
    return happened


def _refuse_unready(claim: Claim, living: Publication, finding: Finding, by: Actor) -> None:
    """The gates that a change of words can fail; the issuer stands for the agreed text."""
    case = Case(
        claim=claim,
        publisher=by.person,
        round=living.verdict.round,
        verdict=living.verdict,
        finding=finding,
        cited=tuple(cited_in(claim, finding)),
    )
    unmet = [found for gate in (captured, supported, markup) if (found := gate(case))]
    if unmet:
        raise NotReady("Something is still missing.", unmet=unmet)
