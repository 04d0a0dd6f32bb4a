"""What may be sent: bodies with known fields alone, and values of exactly their kind."""

import re
import uuid
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.errors import Invalid, Problem

WORDS_MAX = 20_000
EARLIEST_YEAR, LATEST_YEAR = 1, 9998
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Input(serializers.Serializer[Any]):
    """A body that is taken. A field that is not declared is refused, never passed over."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        problems: dict[str, Any] = {}
        if isinstance(data, Mapping):
            problems = {
                str(name): ["This cannot be set here; leave it out."]
                for name in data
                if name not in self.fields
            }
        told: dict[str, Any] = {}
        try:
            told = super().to_internal_value(data)
        except serializers.ValidationError as error:
            if not isinstance(error.detail, dict):
                raise
            problems = {**error.detail, **problems}
        if problems:
            raise serializers.ValidationError(problems)
        return told

    @classmethod
    def read(cls, body: Any) -> dict[str, Any]:
        """The checked values, or Invalid with every field that cannot be used."""
        if body == {} and isinstance(body, Mapping):
            return deepcopy(_read_nothing(cls))
        return cls._read(body)

    @classmethod
    def _read(cls, body: Any) -> dict[str, Any]:
        reader = cls(data=body)
        if reader.is_valid():
            return dict(reader.validated_data)
        raise Invalid("Some of what was sent cannot be used.", problems=problems_of(reader.errors))


@cache
def _read_nothing(kind: type[Input]) -> dict[str, Any]:
    """What an empty body means is always the same; what it lacks is said anew each time."""
    return kind._read({})  # noqa: SLF001 - its own module


class Nothing(Input):
    """For acts that need no words: an empty object, or no body at all."""


def problems_of(detail: Any, pointer: str = "") -> list[Problem]:
    """DRF's nested messages as JSON Pointers (RFC 6901) with a sentence each."""
    return list(_flat(detail, pointer))


def _flat(detail: Any, pointer: str) -> Iterator[Problem]:
    if isinstance(detail, Mapping):
        for name, part in detail.items():
            own = pointer if name == "non_field_errors" else f"{pointer}/{escaped(name)}"
            yield from _flat(part, own)
    elif isinstance(detail, list):
        for position, part in enumerate(detail):
            nested = isinstance(part, Mapping | list)
            yield from _flat(part, f"{pointer}/{position}" if nested else pointer)
    else:
        yield Problem(pointer, str(detail))


def escaped(name: Any) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")


class Words(serializers.CharField):
    """A string, kept as it was sent. Numbers are no strings; spaces alone are nothing."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("trim_whitespace", False)
        options.setdefault("max_length", WORDS_MAX)
        super().__init__(**options)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if isinstance(data, str) and not data.strip() and not self.allow_blank:
            self.fail("blank")
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(data)


class Choice(serializers.ChoiceField):
    """One of a list of strings."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return str(super().to_internal_value(data))


class Flag(serializers.BooleanField):
    """true or false, and nothing that merely looks like it."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Whole(serializers.IntegerField):
    """A whole number; "3" and 3.0 are none."""

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return data


class Id(serializers.UUIDField):
    """A UUID as a string."""

    def to_internal_value(self, data: Any) -> uuid.UUID:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class Moment(serializers.DateTimeField):
    """An instant with its offset (RFC 3339), read as UTC. Without an offset it is no instant."""

    def to_internal_value(self, value: Any) -> datetime:
        moment = moment_of(value) if isinstance(value, str) else None
        if moment is None:
            raise serializers.ValidationError(
                "Use an RFC 3339 time with its offset, as 2026-03-01T09:30:00Z."
            )
        return moment


@extend_schema_field({"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]})
class MomentOrDay(Moment):
    """An instant, or a day alone where no hour or no zone is known: the way a day is answered."""

    def to_internal_value(self, value: Any) -> datetime | date:  # type: ignore[override]
        if isinstance(value, str) and _DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        return super().to_internal_value(value)


def moment_of(text: str) -> datetime | None:
    """The instant a text names, in UTC; None where it names none the database can keep."""
    try:
        moment = parse_datetime(text)
        if moment is None or moment.tzinfo is None:
            return None
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if EARLIEST_YEAR <= moment.year <= LATEST_YEAR else None


class Shape(serializers.Serializer[Any]):
    """What is answered with: for the schema, and for the names ``fields=`` may use."""


@cache
def shape_names(shape: type[serializers.BaseSerializer[Any]]) -> frozenset[str]:
    fields = getattr(shape(), "fields", {})
    return frozenset(fields)
