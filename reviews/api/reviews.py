"""Judging over REST: reviews, and what settles a round whose ratings differ."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.base import READ, OfClaim, visible_claim
from claims.api.fields import Choice, Flag, Input, Shape, Words
from claims.api.render import person_name, stamp
from claims.errors import Missing
from reviews.api.claims import ClaimView
from reviews.api.finding import FindingInput, SentenceShape, text_from, text_json
from reviews.models import SEATS, Adjudication, Finding, Review
from reviews.verdicts.rate import CONFIDENCES, INTEREST_MAX, Rated, may_review, submit
from reviews.verdicts.settle import (
    adjudicate,
    ask_for_adjudication,
    may_adjudicate,
    may_ask_for_adjudication,
    may_reconcile,
    reconcile,
)

EITHER = ("reviews:write", "publish")


class FindingTextShape(Shape):
    headline = serializers.CharField()
    answer = serializers.CharField()
    sentences = SentenceShape(many=True)
    looked_against = serializers.CharField(required=False)


class MethodShape(Shape):
    policy = serializers.IntegerField()
    scale = serializers.CharField()
    scale_version = serializers.IntegerField()
    rules = serializers.CharField()


class ReviewShape(Shape):
    id = serializers.UUIDField()
    claim = serializers.UUIDField()
    round = serializers.UUIDField()
    void = serializers.BooleanField()
    seat = serializers.ChoiceField(choices=SEATS)
    reviewer = serializers.CharField()
    rating = serializers.CharField()
    scale = serializers.UUIDField()
    reason = serializers.CharField()
    confidence = serializers.CharField(allow_null=True)
    has_interest = serializers.BooleanField(allow_null=True)
    conflict_of_interest = serializers.CharField(allow_null=True)
    method = MethodShape(allow_null=True)
    evidence = serializers.ListField(child=serializers.UUIDField())
    finding = FindingTextShape(allow_null=True)
    submitted_at = serializers.DateTimeField()


class ReviewInput(Input):
    rating = Words(max_length=40)
    reason = Words()
    evidence = serializers.ListField(child=Words(max_length=40), default=list)
    confidence = Choice(choices=[name for name in CONFIDENCES if name], default="")
    has_interest = Flag(default=None, allow_null=True)
    conflict_of_interest = Words(max_length=INTEREST_MAX, default="", allow_blank=True)
    finding = FindingInput(default=None, allow_null=True)


class ReconcileInput(Input):
    rating = Words(max_length=40, required=False)
    adjudicate = Flag(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("rating" in attrs) == bool(attrs.get("adjudicate")):
            raise serializers.ValidationError(
                {"rating": ["Name the rating to settle on, or say adjudicate: true."]}
            )
        return attrs


class AdjudicationShape(Shape):
    id = serializers.UUIDField()
    claim = serializers.UUIDField()
    round = serializers.UUIDField()
    by = serializers.CharField()
    rating = serializers.CharField()
    reason = serializers.CharField()
    decided_at = serializers.DateTimeField()


class AdjudicationInput(Input):
    rating = Words(max_length=40)
    reason = Words()


class Reviews(OfClaim):
    """The reviews of a claim: one's own, and all of a round once it is revealed."""

    scopes = {"GET": READ, "POST": ("reviews:write",)}
    takes = {"POST": ReviewInput}
    shape = ReviewShape
    listed = "array"
    statuses = {"POST": (201,)}

    def permit(self) -> None:
        if self.request.method == "POST":
            may_review(self.claim, self.actor)

    def get(self, request: Request) -> Response:
        """Newest round first; a review nobody may see yet is not in the list."""
        return self.array(self._visible().order_by("-round__number", "submitted_at"))

    def post(self, request: Request) -> Response:
        """Hand in a review from the seat one holds. The last one of a round reveals them all."""
        told = self.told
        text = told["finding"]
        rated = Rated(
            rating=told["rating"],
            reason=told["reason"],
            evidence=told["evidence"],
            confidence=told["confidence"],
            has_interest=told["has_interest"],
            conflict_of_interest=told["conflict_of_interest"],
            text=text_from(text) if text is not None else None,
        )
        review = submit(self.claim, rated, by=self.actor)
        return self.done(self._visible().get(pk=review.pk), status=201)

    def recall(self, key: str) -> Review:
        review: Review | None = self._visible().filter(pk=UUID(key)).first()
        if review is None:
            raise Missing("There is no such review.")
        return review

    def render(self, record: Review) -> dict[str, Any]:
        return review_json(record)

    def _visible(self) -> Any:
        return (
            Review.objects.visible_to(self.actor)
            .filter(round__claim=self.claim)
            .select_related("round", "reviewer", "rating")
            .prefetch_related("cited", "round__findings")
        )


class Reconcile(ClaimView, OfClaim):
    """After a reveal with different ratings: settle on one of them, or ask an editor."""

    scopes = {"POST": EITHER}
    takes = {"POST": ReconcileInput}

    def permit_said(self, body: Any) -> None:
        if isinstance(body, Mapping) and body.get("adjudicate") is True:
            may_ask_for_adjudication(self.claim, self.actor)
        else:
            may_reconcile(self.claim, self.actor)

    def post(self, request: Request) -> Response:
        """Both reviewers name the same rating, or one of them asks for adjudication."""
        if self.told.get("adjudicate"):
            ask_for_adjudication(self.claim, by=self.actor)
        else:
            reconcile(self.claim, by=self.actor, rating=self.told["rating"])
        return self.done(visible_claim(self.actor, self.claim.pk))


class Adjudications(OfClaim):
    """An editor outside the round decides where the reviewers differ."""

    scopes = {"POST": ("publish",)}
    takes = {"POST": AdjudicationInput}
    shape = AdjudicationShape
    statuses = {"POST": (201,)}

    def permit(self) -> None:
        if self.request.method == "POST":
            may_adjudicate(self.claim, self.actor)

    def post(self, request: Request) -> Response:
        """Decide, with a reason."""
        made = adjudicate(
            self.claim, by=self.actor, rating=self.told["rating"], reason=self.told["reason"]
        )
        return self.done(made, status=201)

    def recall(self, key: str) -> Adjudication:
        return Adjudication.objects.get(pk=UUID(key), round__claim=self.claim)

    def render(self, record: Adjudication) -> dict[str, Any]:
        return {
            "id": str(record.pk),
            "claim": str(self.claim.pk),
            "round": str(record.round_id),
            "by": person_name(record.editor),
            "rating": record.rating.code,
            "reason": record.reason,
            "decided_at": stamp(record.decided_at),
        }


def review_json(review: Review) -> dict[str, Any]:
    """A review the caller may see; the lead's with the text it came with."""
    return {
        "id": str(review.pk),
        "claim": str(review.round.claim_id),
        "round": str(review.round_id),
        "void": review.round.is_void,
        "seat": review.seat,
        "reviewer": person_name(review.reviewer),
        "rating": review.rating.code,
        "scale": str(review.rating.scale_id),
        "reason": review.reason,
        "confidence": review.confidence or None,
        "has_interest": review.has_interest,
        "conflict_of_interest": review.conflict_of_interest or None,
        "method": review.method or None,
        "evidence": [str(cited.evidence_id) for cited in review.cited.all()],
        "finding": _finding(review),
        "submitted_at": stamp(review.submitted_at),
    }


def _finding(review: Review) -> dict[str, Any] | None:
    """The first version of the round's text, which is the lead's own."""
    if review.seat != SEATS[0]:
        return None
    first: Sequence[Finding] = [one for one in review.round.findings.all() if one.number == 1]
    if not first:
        return None
    return text_json(first[0])
