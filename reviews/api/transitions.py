"""Moving a claim over REST. The rules are in reviews.workflow; this only speaks HTTP."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.base import READ, OfClaim, visible_claim
from claims.api.fields import Choice, Input, Shape, Words
from claims.api.schema import Missed
from claims.models import Claim
from reviews.api.claims import ClaimShape, ClaimView
from reviews.workflow.options import Option, options
from reviews.workflow.step import OverrideWish, Wish
from reviews.workflow.table import TRANSITIONS
from reviews.workflow.transition import may_ask, transition

ANY_ROLE = ("claims:write", "reviews:write", "publish")


class TransitionShape(Shape):
    name = serializers.ChoiceField(choices=list(TRANSITIONS))
    to = serializers.ChoiceField(choices=Claim.State.values)
    label = serializers.CharField()  # type: ignore[assignment]
    allowed = serializers.BooleanField()
    unmet = Missed(many=True)


class OverrideInput(Input):
    code = Words(max_length=40)
    note = Words(allow_blank=True)
    reason = Words(default="", allow_blank=True, max_length=24)
    private = Words(default="", allow_blank=True)
    private_note = Words(default="", allow_blank=True, help_text="As private.")


class TransitionInput(Input):
    name = Choice(choices=list(TRANSITIONS))
    reason = Words(default="", allow_blank=True)
    note = Words(default="", allow_blank=True)
    kind = Words(default="", allow_blank=True, max_length=40)
    override = OverrideInput(many=True, default=list)


class Transitions(ClaimView, OfClaim):
    """What can happen next with a claim, and making it happen."""

    scopes = {"GET": READ, "POST": ANY_ROLE}
    takes = {"POST": TransitionInput}
    shape = TransitionShape
    listed = "array"
    gives = {"POST": ClaimShape}

    def permit_said(self, body: Any) -> None:
        name = body.get("name") if isinstance(body, Mapping) else None
        if isinstance(name, str) and name in TRANSITIONS:
            may_ask(self.claim, name, by=self.actor)

    def get(self, request: Request) -> Response:
        """Every transition that leaves the present state, also those the caller may not do."""
        rows = [_option(option) for option in options(self.claim, self.actor)]
        return Response(self.cut_all(rows))

    def post(self, request: Request) -> Response:
        """Make one change of state, or be told everything that is missing."""
        told = self.told
        wish = Wish(
            reason=told["reason"],
            note=told["note"],
            kind=told["kind"],
            overrides=tuple(_override(one) for one in told["override"]),
        )
        transition(self.claim, told["name"], by=self.actor, wish=wish, version=self.version())
        return self.done(visible_claim(self.actor, self.claim.pk))


def _override(said: Mapping[str, str]) -> OverrideWish:
    private = said["private"] or said["private_note"]
    return OverrideWish(said["code"], said["note"], private, said["reason"])


def _option(option: Option) -> dict[str, Any]:
    return {
        "name": option.name,
        "to": option.to,
        "label": option.label,
        "allowed": option.allowed,
        "unmet": [
            {"code": one.code, "message": one.message, "fix": one.fix} for one in option.unmet
        ],
    }
