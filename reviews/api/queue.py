"""The queue over REST: what I may take, first first, and taking the next."""

from typing import Any

from django.utils.functional import SimpleLazyObject
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.base import READ
from claims.api.fields import Choice, Input, Shape, Words
from claims.api.once import Outcome
from claims.models import Claim, Role
from reviews.api.claims import (
    ClaimShape,
    ClaimView,
    PriorityShape,
    priority_parts,
    weights_of,
)
from reviews.api.seats import LeaseShape, SeatView
from reviews.queue.pick import first_for_reviewer, queue, take_next
from reviews.queue.rank import priority_under


class QueueInput(Input):
    stage = Choice(choices=Claim.Stage.values, default="")
    language = Words(max_length=35, default="", allow_blank=True)


class Queued(Shape):
    """A claim with the reasons for its place in the queue."""

    why = serializers.CharField()
    priority = PriorityShape()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {**ClaimShape().get_fields(), **super().get_fields()}


class Queue(ClaimView):
    """What I may take: a reviewer’s free seats, or what waits for editors."""

    scopes = {"GET": READ}
    shape = Queued
    listed = "page"
    orders = {"-priority": {"field": "priority", "descending": True}}
    query = {
        "stage": "review, disputed, adjudication, finding or ready.",
        "language": "A language tag.",
    }

    def get(self, request: Request) -> Response:
        """First first, each with its priority and the parts it is the sum of."""
        stage = self.asked_choice("stage", Claim.Stage.values)
        language = self.asked("language")

        def mine() -> Any:
            found = queue(self.actor, stage=stage, language=language)
            return found.select_related("claimant", "topic")

        return self.page(SimpleLazyObject(mine))

    def quick_rows(self, order: str, place: Any, many: int) -> list[Claim] | None:
        """A reviewer’s queue from its beginning or a place on; None for any other."""
        if (
            not self.actor.holds(Role.REVIEWER)
            or self.asked("stage")
            or (place and place.backwards)
        ):
            return None
        after = (place.value, place.key) if place is not None else None
        return first_for_reviewer(
            self.actor, language=self.asked("language"), many=many, after=after
        )

    def render_all(self, records: list[Claim]) -> list[dict[str, Any]]:
        bodies = super().render_all(records)
        return [self._queued(*both) for both in zip(records, bodies, strict=True)]

    def _queued(self, claim: Claim, body: dict[str, Any]) -> dict[str, Any]:
        priority = priority_under(claim, weights_of(self))
        return {
            **body,
            "priority": {"score": priority.score, "parts": priority_parts(priority)},
            "why": priority.why,
        }


class Next(SeatView):
    """Take a seat of the first claim that waits for me."""

    scopes = {"POST": ("reviews:write",)}
    takes = {"POST": QueueInput}
    statuses = {"POST": (200, 204)}
    shape = LeaseShape

    def post(self, request: Request) -> Response:
        """200 with the lease, or 204 when nothing waits."""
        hold = take_next(by=self.actor, **self.told)
        if hold is None:
            self.outcome = Outcome(204)
            return Response(status=204)
        return self.done(hold)
