"""Right of reply over REST: who was asked, when, by which channel, and what they said."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.base import READ, DeskView, OfClaim
from claims.api.fields import Input, Moment, Shape, Words
from claims.api.render import person_name, stamp
from claims.errors import Missing
from claims.models import Claim
from reviews import right_of_reply
from reviews.models import ReplyRequest
from reviews.right_of_reply import ANSWER_MAX, NAME_MAX, SHORT_MAX, Asked

WRITE = ("claims:write",)


class ReplyShape(Shape):
    id = serializers.UUIDField()
    claim = serializers.UUIDField()
    asked = serializers.CharField()
    role = serializers.CharField()
    channel = serializers.CharField()
    asked_at = serializers.DateTimeField()
    deadline = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    not_asked_because = serializers.CharField(allow_null=True)
    added_by = serializers.CharField(allow_null=True)


class ReplyInput(Input):
    asked = Words(max_length=NAME_MAX)
    role = Words(max_length=SHORT_MAX, default="", allow_blank=True)
    channel = Words(max_length=SHORT_MAX, default="", allow_blank=True)
    asked_at = Moment(default=None, allow_null=True)
    deadline = Moment(default=None, allow_null=True)
    answer = Words(max_length=ANSWER_MAX, default="", allow_blank=True)
    answered_at = Moment(default=None, allow_null=True)
    not_asked_because = Words(max_length=ANSWER_MAX, default="", allow_blank=True)


class AnswerInput(Input):
    answer = Words(max_length=ANSWER_MAX)
    answered_at = Moment(default=None, allow_null=True)


class ReplyView(DeskView):
    """A view whose answers are requests to reply."""

    shape = ReplyShape

    def recall(self, key: str) -> ReplyRequest:
        visible = Claim.objects.visible_to(self.actor)
        row = ReplyRequest.objects.filter(pk=UUID(key), claim__in=visible).first()
        if row is None:
            raise Missing("There is no such request to reply.")
        return row

    def render(self, record: ReplyRequest) -> dict[str, Any]:
        return {
            "id": str(record.pk),
            "claim": str(record.claim_id),
            "asked": record.asked,
            "role": record.role,
            "channel": record.channel,
            "asked_at": stamp(record.asked_at),
            "deadline": stamp(record.deadline),
            "answer": record.answer or None,
            "answered_at": stamp(record.answered_at),
            "not_asked_because": record.not_asked_because or None,
            "added_by": person_name(record.added_by),
        }


class Replies(ReplyView, OfClaim):
    """Who was asked to reply to a claim."""

    scopes = {"GET": READ, "POST": WRITE}
    takes = {"POST": ReplyInput}
    listed = "array"
    statuses = {"POST": (201,)}

    def get(self, request: Request) -> Response:
        """In the order they were asked."""
        return self.array(self.claim.replies.select_related("added_by"))

    def post(self, request: Request) -> Response:
        """Write down that somebody was asked, or why nobody could be."""
        row = right_of_reply.log(self.claim, Asked(**self.told), by=self.actor)
        return self.done(row, status=201)


class ReplyPiece(ReplyView):
    """One request to reply."""

    scopes = {"GET": READ, "PATCH": WRITE}
    takes = {"PATCH": AnswerInput}
    row: ReplyRequest

    def locate(self) -> None:
        self.row = self.recall(str(self.kwargs["pk"]))

    def get(self, request: Request) -> Response:
        """Who was asked, and what they said or that they did not."""
        return self.one(self.row)

    def patch(self, request: Request) -> Response:
        """Write down the answer, verbatim."""
        told = self.told
        row = right_of_reply.answered(
            self.row, by=self.actor, answer=told["answer"], at=told["answered_at"]
        )
        return self.one(row)
