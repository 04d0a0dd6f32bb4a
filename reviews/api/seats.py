"""Seats over REST: taking one, keeping it, giving it back."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.base import DeskView, OfClaim
from claims.api.fields import Choice, Flag, Input, Nothing, Shape
from claims.api.once import Outcome
from claims.api.render import person_name, stamp
from claims.errors import Missing
from claims.models import Claim
from reviews.models import SEATS, Lease
from reviews.queue.lease import Hold, give_back, renew, take
from reviews.verdicts.rate import may_review

REVIEW = ("reviews:write",)


class LeaseShape(Shape):
    id = serializers.UUIDField()
    claim = serializers.UUIDField()
    seat = serializers.ChoiceField(choices=SEATS)
    holder = serializers.CharField()
    expires_at = serializers.DateTimeField()


class LeaseInput(Input):
    seat = Choice(choices=SEATS, required=False)
    take_over = Flag(default=False)


def lease_json(hold: Hold) -> dict[str, Any]:
    return {
        "id": str(hold.id),
        "claim": str(hold.claim),
        "seat": hold.seat,
        "holder": person_name(hold.holder),
        "expires_at": stamp(hold.expires_at),
    }


class SeatView(DeskView):
    """A view whose answers are holds on a seat. A repetition tells whether it still is held."""

    shape = LeaseShape

    def render(self, record: Hold) -> dict[str, Any]:
        return lease_json(record)

    def repeat(self, outcome: Outcome) -> Response:
        body = dict(outcome.body or {})
        if not body:
            return Response(status=outcome.status)
        held = Lease.objects.filter(key=body["id"], holder=self.actor.person).first()
        ends = held.expires_at if held is not None else None
        now = timezone.now()
        # A seat that was given back or lost ended at the latest now.
        body["expires_at"] = stamp(ends or min(now, datetime.fromisoformat(body["expires_at"])))
        return Response(body, status=outcome.status)


class TakeSeat(SeatView, OfClaim):
    """Take a seat of the claim's open round, or renew the one already held."""

    scopes = {"POST": REVIEW}
    takes = {"POST": LeaseInput}
    statuses = {"POST": (201,)}

    def permit(self) -> None:
        may_review(self.claim, self.actor)

    def post(self, request: Request) -> Response:
        """One holder per claim and seat, one seat per person."""
        told = self.told
        hold = take(
            self.claim, by=self.actor, seat=told.get("seat", ""), take_over=told["take_over"]
        )
        return self.done(hold, status=201)


class OwnSeat(SeatView):
    """A seat the caller holds; anybody else's, and one that ran out, is not there."""

    def locate(self) -> None:
        held = Lease.objects.filter(
            key=self.kwargs["pk"], holder__isnull=False, expires_at__gt=timezone.now()
        )
        visible = Claim.objects.visible_to(self.actor)
        if not held.filter(holder=self.actor.person, claim__in=visible).exists():
            raise Missing("You do not hold this seat (any more). What you typed is saved.")


class RenewSeat(OwnSeat):
    scopes = {"POST": REVIEW}
    takes = {"POST": Nothing}

    def post(self, request: Request) -> Response:
        """Keep a seat for another while."""
        return self.done(renew(self.kwargs["pk"], by=self.actor))


class GiveBackSeat(OwnSeat):
    scopes = {"DELETE": REVIEW}
    statuses = {"DELETE": (204,)}

    def delete(self, request: Request) -> Response:
        """Free the seat."""
        give_back(self.kwargs["pk"], by=self.actor)
        return Response(status=204)
