"""The OpenAPI description, read off the views: what each takes, gives and asks for."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from claims.api.base import DeskView, Unknown, pages_of
from claims.api.fields import Nothing, Shape, shape_names

PROBLEM = "application/problem+json"
_COMMON = {
    "fields": "Names of the record, separated by commas: only these are given.",
    "expand": "Names of the record that hold an id: the record itself stands there instead.",
    "cursor": "Where the page begins, as `next` and `previous` say it.",
    "page_size": "Records a page, 1 to 200.",
    "count": "`estimate` adds `count_estimate`.",
}


class Fault(Shape):
    pointer = serializers.CharField()
    message = serializers.CharField()


class Missed(Shape):
    code = serializers.CharField()
    message = serializers.CharField()
    fix = serializers.CharField()


class ProblemDocument(Shape):
    """RFC 9457. ``errors`` comes with 400, ``unmet`` with 409."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    errors = Fault(many=True, required=False)  # type: ignore[assignment]
    unmet = Missed(many=True, required=False)


def only_the_api(endpoints: list[Any]) -> list[Any]:
    """Leave out what is not below ``/api/v1/``, and the address of all that is none."""
    return [
        endpoint
        for endpoint in endpoints
        if endpoint[0].startswith("/api/v1/") and endpoint[3].cls is not Unknown
    ]


class DeskSchema(AutoSchema):
    """Reads a DeskView; there is nothing to repeat in decorators."""

    view: DeskView  # type: ignore[override]

    def get_operation_id(self) -> str:
        reads = "list" if self.view.listed else "read"
        verb = reads if self.method == "GET" else self.method.lower()
        return "_".join([*self._tokenize_path(), verb]).replace("-", "_")

    def get_description(self) -> str:  # type: ignore[override]
        handler = getattr(self.view, self.method.lower())
        return " ".join((handler.__doc__ or type(self.view).__doc__ or "").split())

    def get_request_serializer(self) -> Any:
        taken = self.view.takes.get(self.method)
        return None if taken is None or taken is Nothing else taken()

    def get_response_serializers(self) -> Any:
        statuses = self.view.statuses.get(self.method, (200,))
        if self.view.produces != "application/json":
            given: dict[Any, Any] = {(200, self.view.produces): OpenApiTypes.BINARY}
        else:
            given = {status: self._given(status) for status in statuses}
        return {**given, ("default", PROBLEM): ProblemDocument}

    def get_override_parameters(self) -> list[Any]:
        found = []
        if self.method == "GET":
            found += self._query()
        if self.method == "POST":
            about = "Sent again with the same key and body, the first outcome is given again."
            found.append(_header("Idempotency-Key", about))
        if self.method in self.view.needs_if_match:
            found.append(_header("If-Match", "The claim’s ETag, as last seen.", required=True))
        if self.method in self.view.heeds_if_match:
            found.append(
                _header("If-Match", "The record’s ETag, as last seen; 412 if it changed.")
            )
        return found

    def _query(self) -> list[OpenApiParameter]:
        view, about = self.view, dict(self.view.query)
        if shape_names(view.shape):
            about["fields"] = _COMMON["fields"]
        if view.expands:
            about["expand"] = f"{_COMMON['expand']} There are: {', '.join(sorted(view.expands))}."
        if view.listed == "page":
            about |= {name: _COMMON[name] for name in ("cursor", "page_size", "count")}
        return [OpenApiParameter(name, str, description=said) for name, said in about.items()]

    def _given(self, status: int) -> Any:
        if status in {204, 304}:
            return OpenApiResponse(description="Done; there is nothing to say.")
        shape = self.view.gives.get(self.method, self.view.shape)
        if self.method != "GET" or not self.view.listed:
            return shape
        items = {"type": "array", "items": self.resolve_serializer(shape, "response").ref}
        if self.view.listed == "array":
            return items
        # A stream has the envelope of a page, and is read on by its own sequence.
        return pages_of().get_paginated_response_schema(items)

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False


def _header(name: str, about: str, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(
        name, str, OpenApiParameter.HEADER, description=about, required=required
    )
