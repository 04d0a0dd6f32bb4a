"""Corrections over REST, and holding a page back: always in the open, by two people."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.base import READ, DeskView, OfClaim, visible_claim
from claims.api.fields import Choice, Input, Nothing, Shape, Words
from claims.api.render import person_name, stamp
from claims.errors import Invalid, Missing, Problem
from claims.models import Claim
from reviews.api.claims import ClaimantInput, ClaimView
from reviews.api.finding import FindingInput, text_from
from reviews.models import Correction, CorrectionProposal
from reviews.workflow.correct import (
    PROPOSED,
    issue_correction,
    may_issue,
    may_propose,
    may_restore,
    propose_correction,
    restore_page,
    suspend,
)

EITHER = ("reviews:write", "publish")


class ProposalShape(Shape):
    id = serializers.UUIDField()
    claim = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Correction.Kind.values)
    note = serializers.CharField()
    requested_by = serializers.CharField(allow_null=True)
    changes = serializers.DictField()
    status = serializers.ChoiceField(choices=["proposed", "issued"])
    proposed_by = serializers.CharField()
    proposed_at = serializers.DateTimeField()
    issued_by = serializers.CharField(allow_null=True)
    issued_at = serializers.DateTimeField(allow_null=True)
    publication = serializers.UUIDField(allow_null=True)


class CorrectionShape(Shape):
    id = serializers.UUIDField()
    claim = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Correction.Kind.values)
    note = serializers.CharField()
    requested_by = serializers.CharField(allow_null=True)
    publication = serializers.UUIDField()
    version = serializers.IntegerField()
    corrects = serializers.UUIDField()
    corrects_version = serializers.IntegerField()
    proposed_by = serializers.CharField(allow_null=True)
    issued_by = serializers.CharField()
    issued_at = serializers.DateTimeField()


class ChangesInput(Input):
    finding = FindingInput(required=False)
    claimant = ClaimantInput(required=False, allow_null=True)
    text = Words(required=False)


class ProposalInput(Input):
    kind = Choice(choices=[str(kind) for kind in PROPOSED])
    note = Words()
    requested_by = Words(max_length=200, default="", allow_blank=True)
    changes = ChangesInput()


class SuspendInput(Input):
    reason = Words()


class RestoreInput(Input):
    note = Words(default="", allow_blank=True)


class Proposals(OfClaim):
    """The corrections proposed for a claim, newest first."""

    scopes = {"GET": READ, "POST": EITHER}
    takes = {"POST": ProposalInput}
    shape = ProposalShape
    listed = "array"
    statuses = {"POST": (201,)}

    def permit(self) -> None:
        if self.request.method == "POST":
            may_propose(self.actor)

    def get(self, request: Request) -> Response:
        """Proposed and issued ones."""
        return self.array(proposals().filter(claim=self.claim))

    def post(self, request: Request) -> Response:
        """Propose a correction. A typo by an editor goes out at once."""
        told = self.told
        try:
            proposal = propose_correction(
                self.claim,
                by=self.actor,
                kind=told["kind"],
                note=told["note"],
                requested_by=told["requested_by"],
                changes=_changes(told["changes"]),
            )
        except Invalid as refused:
            raise _among_changes(refused) from refused
        return self.done(self.recall(str(proposal.pk)), status=201)

    def recall(self, key: str) -> CorrectionProposal:
        found: CorrectionProposal = proposals().get(pk=UUID(key))
        return found

    def render(self, record: CorrectionProposal) -> dict[str, Any]:
        return proposal_json(record)


class IssueCorrection(DeskView):
    """Publish a proposed correction: an editor who did not propose it."""

    scopes = {"POST": ("publish",)}
    takes = {"POST": Nothing}
    shape = ProposalShape
    proposal: CorrectionProposal

    def locate(self) -> None:
        visible = Claim.objects.visible_to(self.actor)
        found = proposals().filter(pk=self.kwargs["pk"], claim__in=visible).first()
        if found is None:
            raise Missing("There is no such correction.")
        self.proposal = found

    def permit(self) -> None:
        may_issue(self.proposal, self.actor)

    def post(self, request: Request) -> Response:
        """The page, its feeds and everybody who subscribed have the new version at once."""
        issued = issue_correction(self.proposal, by=self.actor)
        return self.done(self.recall(str(issued.pk)))

    def recall(self, key: str) -> CorrectionProposal:
        found: CorrectionProposal = proposals().get(pk=UUID(key))
        return found

    def render(self, record: CorrectionProposal) -> dict[str, Any]:
        return proposal_json(record)


class Corrections(DeskView):
    """Every issued correction, newest first."""

    scopes = {"GET": READ}
    shape = CorrectionShape
    listed = "page"
    query = {"claim": "The id of a claim.", "kind": "One of the kinds of correction."}
    orders = {"-issued_at": {"field": "issued_at", "descending": True, "id_descending": True}}

    def get(self, request: Request) -> Response:
        """What was corrected in the open, by whom."""
        wanted = Q(publication__claim__in=Claim.objects.visible_to(self.actor))
        if claim := self.asked_id("claim"):
            wanted &= Q(publication__claim=claim)
        if kind := self.asked_choice("kind", Correction.Kind.values):
            wanted &= Q(kind=kind)
        return self.page(
            Correction.objects.filter(wanted)
            .select_related("publication", "corrects", "proposer", "issuer")
            .defer("publication__document", "corrects__document")
        )

    def render(self, record: Correction) -> dict[str, Any]:
        return {
            "id": str(record.pk),
            "claim": str(record.publication.claim_id),
            "kind": record.kind,
            "note": record.note,
            "requested_by": record.requested_by or None,
            "publication": str(record.publication_id),
            "version": record.publication.version,
            "corrects": str(record.corrects_id),
            "corrects_version": record.corrects.version,
            "proposed_by": person_name(record.proposer),
            "issued_by": person_name(record.issuer),
            "issued_at": stamp(record.issued_at),
        }


class SuspendPage(ClaimView, OfClaim):
    """Hold a published page back for now."""

    scopes = {"POST": ("publish", "admin")}
    takes = {"POST": SuspendInput}

    def post(self, request: Request) -> Response:
        """The page answers 451; the reason stays inside the desk."""
        suspend(self.claim, by=self.actor, reason=self.told["reason"])
        return self.done(visible_claim(self.actor, self.claim.pk))


class RestorePage(ClaimView, OfClaim):
    """Show a page again: another person than the one who held it back."""

    scopes = {"POST": ("publish", "admin")}
    takes = {"POST": RestoreInput}

    def permit(self) -> None:
        may_restore(self.claim, self.actor)

    def post(self, request: Request) -> Response:
        """The page is there again, as it was."""
        restore_page(self.claim, by=self.actor, note=self.told["note"])
        return self.done(visible_claim(self.actor, self.claim.pk))


def proposals() -> Any:
    return CorrectionProposal.objects.select_related(
        "claim", "proposer", "issued_as__issuer", "issued_as__publication"
    ).defer("issued_as__publication__document")


def proposal_json(proposal: CorrectionProposal) -> dict[str, Any]:
    issued = proposal.issued_as
    return {
        "id": str(proposal.pk),
        "claim": str(proposal.claim_id),
        "kind": proposal.kind,
        "note": proposal.note,
        "requested_by": proposal.requested_by or None,
        "changes": proposal.changes,
        "status": "issued" if issued is not None else "proposed",
        "proposed_by": person_name(proposal.proposer),
        "proposed_at": stamp(proposal.proposed_at),
        "issued_by": person_name(issued.issuer) if issued is not None else None,
        "issued_at": stamp(issued.issued_at) if issued is not None else None,
        "publication": str(issued.publication_id) if issued is not None else None,
    }


def _changes(told: Mapping[str, Any]) -> dict[str, Any]:
    changes = dict(told)
    if "finding" in changes:
        changes["finding"] = text_from(changes["finding"])
    if changes.get("claimant") is not None:
        changes["claimant"] = (changes["claimant"]["name"], changes["claimant"]["kind"])
    return changes


def _among_changes(refused: Invalid) -> Invalid:
    """The same refusal where the finding is one of the changes, not a part of a review."""
    problems = [
        Problem(
            f"/changes{one.pointer}" if one.pointer.startswith("/finding") else one.pointer,
            one.message,
        )
        for one in refused.problems
    ]
    return Invalid(refused.message, code=refused.reason, problems=problems)
