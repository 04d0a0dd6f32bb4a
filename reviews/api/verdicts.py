"""Verdicts and rating scales over REST: read only, for both never change."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.base import READ, DeskView, OfClaim
from claims.api.fields import Shape
from claims.api.render import stamp
from reviews.models import Rating, RatingScale, Verdict, in_language


class VerdictShape(Shape):
    id = serializers.UUIDField()
    rating = serializers.CharField()
    scale = serializers.UUIDField()
    by = serializers.ChoiceField(choices=Verdict.By.values)
    round = serializers.UUIDField()
    recorded_at = serializers.DateTimeField()


class RatingShape(Shape):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    definition = serializers.CharField()
    number = serializers.FloatField(allow_null=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # ``class`` is no name for a Python attribute.
        steps = serializers.ChoiceField(choices=Rating.Class.values)
        return {**super().get_fields(), "class": steps}


class ScaleShape(Shape):
    id = serializers.UUIDField()
    name = serializers.CharField()
    version = serializers.IntegerField()
    active = serializers.BooleanField()
    ratings = RatingShape(many=True)


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """``rating`` is to be there already (``select_related``)."""
    return {
        "id": str(verdict.pk),
        "rating": verdict.rating.code,
        "scale": str(verdict.rating.scale_id),
        "by": verdict.by,
        "round": str(verdict.round_id),
        "recorded_at": stamp(verdict.recorded_at),
    }


class Verdicts(OfClaim):
    """The verdicts of a claim, newest first."""

    scopes = {"GET": READ}
    shape = VerdictShape
    listed = "array"

    def get(self, request: Request) -> Response:
        return self.array(self.claim.verdicts.select_related("rating"))

    def render(self, record: Verdict) -> dict[str, Any]:
        return verdict_json(record)


class RatingScales(DeskView):
    """All rating scales, the active one first."""

    scopes = {"GET": READ}
    shape = ScaleShape
    listed = "page"
    orders = {"-active": {"field": "active", "descending": True}}

    def get(self, request: Request) -> Response:
        return self.page(RatingScale.objects.prefetch_related("ratings"))

    def render(self, record: RatingScale) -> dict[str, Any]:
        return scale_json(record)


def scale_json(scale: RatingScale) -> dict[str, Any]:
    return {
        "id": str(scale.pk),
        "name": in_language(scale.name),
        "version": scale.version,
        "active": scale.active,
        "ratings": [rating_json(rating) for rating in scale.ratings.all()],
    }


def scales_by_id(view: DeskView, keys: list[Any]) -> dict[Any, Any]:
    """Scales in the place of their ids, for ``expand=scale``."""
    found = RatingScale.objects.filter(pk__in=keys).prefetch_related("ratings")
    return {str(scale.pk): scale_json(scale) for scale in found}


def rating_json(rating: Rating) -> dict[str, Any]:
    return {
        "code": rating.code,
        "label": in_language(rating.label),
        "definition": in_language(rating.definition),
        "number": float(rating.number) if rating.number is not None else None,
        "class": rating.rating_class,
    }
