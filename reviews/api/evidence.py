"""Evidence over REST. Whose judgement it is stays hidden while a round is open."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims import evidence as verbs
from claims.api.base import READ, DeskView, OfClaim
from claims.api.captures import captures_by_id
from claims.api.fields import Choice, Flag, Id, Input, Nothing, Shape, Words
from claims.api.render import person_name, stamp
from claims.errors import Invalid, Missing
from claims.models import Actor, Claim, Evidence
from claims.web.errors import Unreadable
from reviews.models import Round
from reviews.rounds import cited_by, contact_of, hides, may_read, translation_of, unrevealed_since
from reviews.workflow.amend import (
    change_evidence,
    may_change,
    may_withdraw,
    remove_evidence,
    withdraw_evidence,
)

WRITE = ("claims:write",)


class AnchorShape(Shape):
    exact = serializers.CharField()
    prefix = serializers.CharField()
    suffix = serializers.CharField()
    start = serializers.IntegerField(required=False)
    end = serializers.IntegerField(required=False)


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": False,
        "minProperties": 1,
        "properties": {
            "page": {"type": "integer", "minimum": 1},
            "region": {
                "type": "array",
                "items": {"type": "integer", "minimum": 0},
                "minItems": 4,
                "maxItems": 4,
                "description": "left, top, width, height in pixels",
            },
            "timecode": {
                "oneOf": [{"type": "number", "minimum": 0}, {"type": "string"}],
                "description": "Seconds, 1:35, 1:02:03.5, or from and to: 2:03-2:40",
            },
        },
    }
)
class Place(serializers.DictField):
    """Where in a file evidence points."""


class EvidenceShape(Shape):
    id = serializers.UUIDField()
    claim = serializers.UUIDField()
    capture = serializers.UUIDField(allow_null=True)
    capturing = serializers.ChoiceField(choices=Evidence.Capturing.values)
    problem = serializers.CharField(allow_null=True)
    url = serializers.CharField(allow_null=True)
    contact = serializers.DictField(allow_null=True)
    title = serializers.CharField()
    stance = serializers.ChoiceField(choices=Evidence.Stance.values, allow_null=True)
    kind = serializers.ChoiceField(choices=Evidence.Kind.values)
    quote = AnchorShape(allow_null=True)
    anchor = Place(allow_null=True)
    translation = serializers.DictField(allow_null=True)
    note = serializers.CharField(allow_null=True)
    named = serializers.BooleanField()
    primary = serializers.BooleanField()
    owner = serializers.CharField(allow_null=True)
    interest = serializers.CharField(allow_null=True)
    visibility = serializers.ChoiceField(choices=Evidence.Visibility.values)
    added_by = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    signed_off_by = serializers.CharField(allow_null=True)
    signed_off_at = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawn_reason = serializers.CharField(allow_null=True)
    version = serializers.IntegerField()


class AnchorInput(Input):
    exact = Words(max_length=10_000)
    prefix = Words(max_length=10_000, required=False, allow_blank=True)
    suffix = Words(max_length=10_000, required=False, allow_blank=True)
    # Where it was found comes back with what was shown; it is found anew.
    start = serializers.IntegerField(required=False)
    end = serializers.IntegerField(required=False)


class TranslationInput(Input):
    text = Words()
    by = Words(max_length=200)


class ContactInput(Input):
    who = Words(max_length=200)
    role = Words(max_length=200, required=False, allow_blank=True)
    when = Words(max_length=200, required=False, allow_blank=True)
    channel = Words(max_length=200, required=False, allow_blank=True)
    by = Words(max_length=200, required=False, allow_blank=True)
    terms = Choice(choices=["on_record", "background", "confidential"])


class EvidenceChanges(Input):
    capture = Id(required=False)
    contact = ContactInput(required=False, allow_null=True)
    title = Words(max_length=500, required=False)
    stance = Choice(choices=Evidence.Stance.values, required=False)
    kind = Choice(choices=Evidence.Kind.values, required=False)
    quote = AnchorInput(required=False, allow_null=True)
    anchor = Place(required=False, allow_null=True)
    translation = TranslationInput(required=False, allow_null=True)
    note = Words(required=False, allow_blank=True)
    named = Flag(required=False)
    primary = Flag(required=False)
    owner = Words(max_length=200, required=False, allow_blank=True)
    interest = Words(max_length=500, required=False, allow_blank=True)
    visibility = Choice(choices=Evidence.Visibility.values, required=False)


class EvidenceInput(EvidenceChanges):
    url = Words(max_length=8_192, required=False)
    title = Words(max_length=500)
    stance = Choice(choices=Evidence.Stance.values)
    kind = Choice(choices=Evidence.Kind.values)


class WithdrawInput(Input):
    reason = Words()


class EvidenceView(DeskView):
    """A view whose answers are evidence, as far as the caller may look behind it now."""

    shape = EvidenceShape
    expands = {"capture": captures_by_id}
    claim: Claim

    def render_all(self, records: list[Evidence]) -> list[dict[str, Any]]:
        round_ = unrevealed_since(self.claim)
        cited = cited_by(records, self.actor)
        return [evidence_json(item, self.actor, round_, cited) for item in records]

    def render(self, record: Evidence) -> dict[str, Any]:
        return self.render_all([record])[0]

    def recall(self, key: str) -> Evidence:
        found = Evidence.objects.filter(pk=UUID(key), claim=self.claim).first()
        if found is None:
            raise Missing("This evidence was removed.")
        return found


class EvidenceOfClaim(EvidenceView, OfClaim):
    """The evidence of a claim, withdrawn pieces with their reason."""

    scopes = {"GET": READ, "POST": WRITE}
    takes = {"POST": EvidenceInput}
    listed = "array"
    statuses = {"POST": (201,)}

    def get(self, request: Request) -> Response:
        """What was added in the open round comes without stance, note and adder."""
        return self.array(
            self.claim.evidence.select_related(
                "added_by", "signed_off_by", "withdrawn_by", "capture"
            )
        )

    def post(self, request: Request) -> Response:
        """Attach a capture, an address to be captured, a contact or an observation."""
        try:
            item = verbs.attach(self.claim, by=self.actor, **self.told)
        except Unreadable as stopped:
            raise Invalid.at("/capture", stopped.message) from stopped
        return self.done(item, status=201)


class OneEvidence(EvidenceView):
    """A view of one piece of evidence."""

    item: Evidence

    def locate(self) -> None:
        visible = Claim.objects.visible_to(self.actor)
        item = (
            Evidence.objects.select_related("claim", "capture", "added_by")
            .filter(pk=self.kwargs["pk"], claim__in=visible)
            .first()
        )
        if item is None:
            raise Missing("There is no such evidence.")
        self.item, self.claim = item, item.claim


class EvidencePiece(OneEvidence):
    """One piece of evidence."""

    scopes = {"GET": READ, "PATCH": WRITE, "DELETE": WRITE}
    takes = {"PATCH": EvidenceChanges}
    statuses = {"DELETE": (204,)}

    def permit(self) -> None:
        if self.request.method in {"PATCH", "DELETE"}:
            may_change(self.item, self.actor)

    def get(self, request: Request) -> Response:
        """One piece, as far as the caller may look behind it now."""
        return self.one(self.item)

    def patch(self, request: Request) -> Response:
        """Change it, before anybody relies on it."""
        return self.one(change_evidence(self.item, by=self.actor, changes=self.told))

    def delete(self, request: Request) -> Response:
        """Remove it, before anybody relies on it."""
        remove_evidence(self.item, by=self.actor)
        return Response(status=204)


class WithdrawEvidence(OneEvidence):
    """Take evidence back with a reason; it stays visible."""

    scopes = {"POST": WRITE}
    takes = {"POST": WithdrawInput}

    def permit(self) -> None:
        may_withdraw(self.item, self.actor)

    def post(self, request: Request) -> Response:
        """Rounds that rest on it are void from then on."""
        return self.done(withdraw_evidence(self.item, by=self.actor, reason=self.told["reason"]))


class SignOffEvidence(OneEvidence):
    """An editor vouches for evidence that stays sealed."""

    scopes = {"POST": ("publish",)}
    takes = {"POST": Nothing}

    def post(self, request: Request) -> Response:
        """By an editor who did not add it."""
        return self.done(verbs.sign_off(self.item, by=self.actor))


def evidence_json(
    item: Evidence, actor: Actor, round_: Round | None, cited: Collection[UUID]
) -> dict[str, Any]:
    """One piece; ``round_`` is the first of those that nobody may look into yet.

    ``cited`` is the sealed evidence that reviews of the actor cite.
    """
    hidden, closed = hides(round_, item, actor), not may_read(item, actor, cited=cited)
    address = item.capture.final_url if item.capture is not None else item.url
    unnamed = closed and actor.person is None
    return {
        "id": str(item.pk),
        "claim": str(item.claim_id),
        "capture": str(item.capture_id) if item.capture_id else None,
        "capturing": item.capturing,
        "problem": item.capture_problem or None,
        "url": None if closed else address or None,
        "contact": contact_of(item, actor, unrevealed=round_, cited=cited),
        "title": "Sealed evidence" if unnamed else item.title,
        "stance": None if hidden else item.stance,
        "kind": item.kind,
        "quote": None if closed else item.quote,
        "anchor": None if closed else item.anchor,
        "translation": None if closed else translation_of(item, actor, unrevealed=round_),
        "note": None if hidden or unnamed else item.note or None,
        "named": item.named,
        "primary": item.primary,
        "owner": None if closed else item.owner or None,
        # Words of whoever judges the source: they may tell as much as a note.
        "interest": None if hidden or closed else item.interest or None,
        "visibility": item.visibility,
        "added_by": None if hidden else person_name(item.added_by),
        "created_at": stamp(item.created_at),
        "signed_off_by": person_name(item.signed_off_by),
        "signed_off_at": stamp(item.signed_off_at),
        "withdrawn_at": stamp(item.withdrawn_at),
        "withdrawn_reason": item.withdrawn_reason or None,
        "version": item.version,
    }
