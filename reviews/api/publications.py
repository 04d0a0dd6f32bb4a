"""What is published, over REST: each frozen version with its public addresses."""

from typing import Any

from django.db.models import Exists, OuterRef
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.base import READ, DeskView
from claims.api.fields import Shape
from claims.api.render import stamp
from claims.models import Claim
from reviews.models import Publication, Suspension, Withdrawal
from reviews.publishing.document import json_url, page_url


class PublicationShape(Shape):
    id = serializers.UUIDField()
    claim = serializers.UUIDField()
    slug = serializers.CharField()
    version = serializers.IntegerField()
    url = serializers.URLField()
    json_url = serializers.URLField()
    published_at = serializers.DateTimeField()
    withdrawn = serializers.BooleanField()
    suspended = serializers.BooleanField()


def publication_json(
    publication: Publication, *, withdrawn: bool, suspended: bool
) -> dict[str, Any]:
    return {
        "id": str(publication.pk),
        "claim": str(publication.claim_id),
        "slug": publication.slug,
        "version": publication.version,
        "url": page_url(publication.slug),
        "json_url": json_url(publication.slug, publication.version),
        "published_at": stamp(publication.published_at),
        "withdrawn": withdrawn,
        "suspended": suspended,
    }


class Publications(DeskView):
    """Every published version, newest first."""

    scopes = {"GET": READ}
    shape = PublicationShape
    listed = "page"
    query = {"claim": "The id of a claim."}
    orders = {
        "-published_at": {"field": "published_at", "descending": True, "id_descending": True}
    }

    def get(self, request: Request) -> Response:
        rows = Publication.objects.defer("document").filter(
            claim__in=Claim.objects.visible_to(self.actor)
        )
        if claim := self.asked_id("claim"):
            rows = rows.filter(claim=claim)
        return self.page(
            rows.annotate(
                is_withdrawn=Exists(
                    Withdrawal.objects.filter(publication__claim=OuterRef("claim"))
                ),
                is_suspended=Exists(
                    Suspension.objects.filter(claim=OuterRef("claim"), lifted_at__isnull=True)
                ),
            )
        )

    def render(self, record: Any) -> dict[str, Any]:
        return publication_json(
            record, withdrawn=record.is_withdrawn, suspended=record.is_suspended
        )
