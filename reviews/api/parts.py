"""The parts of a compound claim over REST: which there are, and splitting one."""

from dataclasses import dataclass
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.base import READ, OfClaim
from claims.api.fields import Input, Shape, Words
from claims.models import Claim, ClaimPart
from reviews.workflow.split import Part, may_split, split


class PartsShape(Shape):
    claim = serializers.UUIDField()
    part_of = serializers.ListField(child=serializers.URLField())
    parts = serializers.ListField(child=serializers.URLField())


class PartInput(Input):
    text = Words()
    language = Words(max_length=35, default="", allow_blank=True)


class SplitInput(Input):
    parts = PartInput(many=True)
    note = Words(max_length=10_000, default="", allow_blank=True)


@dataclass(frozen=True, slots=True)
class Around:
    """A claim among the others that it was split from or into."""

    pk: Any
    rows: list[ClaimPart]


class Parts(OfClaim):
    """Of what the claim is a part, and which parts it was split into."""

    scopes = {"GET": READ, "POST": ("reviews:write", "publish")}
    takes = {"POST": SplitInput}
    shape = PartsShape
    statuses = {"POST": (201,)}

    def permit(self) -> None:
        if self.request.method == "POST":
            may_split(self.actor)

    def get(self, request: Request) -> Response:
        """Addresses of the claims the caller may know of, the parts in their order."""
        return self.one(self._around())

    def post(self, request: Request) -> Response:
        """Put two or more draft claims in the place of this one, which is dismissed."""
        told = self.told
        parts = [Part(**one) for one in told["parts"]]
        split(self.claim, parts, by=self.actor, note=told["note"], version=self.version())
        return self.done(self._around(), status=201)

    def _around(self) -> Around:
        return Around(self.claim.pk, list(ClaimPart.objects.around(self.claim, self.actor)))

    def render(self, record: Around) -> dict[str, Any]:
        return {
            "claim": str(record.pk),
            "part_of": [self._url(row.whole) for row in record.rows if row.part_id == record.pk],
            "parts": [self._url(row.part) for row in record.rows if row.whole_id == record.pk],
        }

    def _url(self, claim: Claim) -> str:
        return self.link(f"claims/{claim.pk}/")
