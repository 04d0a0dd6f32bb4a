"""Outlets, claimants, tags and topics over REST: what names there are."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.base import READ, DeskView
from claims.api.fields import Shape
from claims.models import Claimant, Outlet, Tag, Topic
from claims.models.claim import known_names


class OutletShape(Shape):
    id = serializers.UUIDField()
    name = serializers.CharField()
    owner = serializers.CharField(allow_null=True)
    domains = serializers.ListField(child=serializers.CharField())
    agency = serializers.BooleanField()
    unknown = serializers.BooleanField()


class NameShape(Shape):
    id = serializers.UUIDField()
    name = serializers.CharField()


class NamedClaimant(NameShape):
    kind = serializers.ChoiceField(choices=Claimant.Kind.values)


class Register(DeskView):
    """A list of names in their order."""

    scopes = {"GET": READ}
    shape: ClassVar[type[Shape]] = NameShape
    listed = "page"
    query = {"name": "The exact name."}
    orders = {"name": {"field": "name"}}
    rows: Any
    of_claims = ""
    """The field of a claim that names these; a name that only hidden claims bear is hidden too."""

    def get(self, request: Request) -> Response:
        rows = self.rows.all()
        if self.of_claims:
            rows = known_names(rows, of=self.of_claims, by=self.actor)
        if name := self.asked("name"):
            rows = rows.filter(name=name)
        return self.page(rows)

    def render(self, record: Any) -> dict[str, Any]:
        return {"id": str(record.pk), "name": record.name}


class Outlets(Register):
    """Who publishes, by name; of an outlet that was merged into another, the other."""

    shape = OutletShape
    rows = (
        Outlet.objects.filter(merged_into=None).select_related("owner").prefetch_related("domains")
    )

    def render(self, record: Outlet) -> dict[str, Any]:
        return {
            **super().render(record),
            "owner": record.owner.name if record.owner is not None else None,
            "domains": sorted(domain.host for domain in record.domains.all()),
            "agency": record.agency,
            "unknown": record.unknown,
        }


class Claimants(Register):
    """Who makes claims, by name."""

    shape = NamedClaimant
    rows = Claimant.objects
    of_claims = "claimant"

    def render(self, record: Claimant) -> dict[str, Any]:
        return {**super().render(record), "kind": record.kind}


class Tags(Register):
    """The tags there are."""

    rows = Tag.objects
    of_claims = "tags"


class Topics(Register):
    """The topics there are."""

    rows = Topic.objects
    of_claims = "topic"
