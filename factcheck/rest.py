"""How the API speaks and reads: problem documents, strict JSON, keyset pages, strong tags.

Reached by the names in the settings alone; the doors never import it.
"""

import base64
import codecs
import json
import logging
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import (
    ObjectDoesNotExist,
    PermissionDenied,
    SuspiciousOperation,
    ValidationError,
)
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from rest_framework import exceptions
from rest_framework.pagination import BasePagination
from rest_framework.parsers import BaseParser, DataAndFiles, MultiPartParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from claims.errors import Busy, DeskError, Forbidden, Invalid, Missing, Problem

log = logging.getLogger(__name__)

PROBLEM = "application/problem+json"
BODY_MAX = 2 * 1024 * 1024
UPLOAD_MAX = 64 * 1024 * 1024
DEPTH_MAX = 20
DIGITS_MAX = 19
WHOLE_MAX = 2**63
PAGE_SIZE = 25
PAGE_SIZE_MAX = 200
RETRY_AFTER = 2

TITLES = {
    400: "This cannot be used",
    401: "Who are you?",
    403: "Not for you",
    404: "Not found",
    405: "Not done here",
    409: "Not as things stand now",
    412: "Somebody changed it first",
    413: "Too much",
    415: "This kind is not read here",
    428: "Say what you have seen",
    429: "Too many requests",
    500: "Our mistake",
    501: "Not built",
    503: "Try again in a moment",
}
CODES = {
    400: "invalid",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    429: "rate_limited",
    500: "error",
    503: "busy",
}


# Errors


def on_error(exc: Exception, context: Mapping[str, Any]) -> Response:
    """Any exception of a view as a problem document; nobody sees a page or a stack trace."""
    refusal = _as_refusal(exc)
    if refusal is not None:
        body, headers = _document(refusal)
        status = refusal.status
    elif isinstance(exc, exceptions.APIException):
        status, headers = exc.status_code, _headers_of(exc)
        told = _sentence(exc.detail)
        # What the parser itself refuses belongs to no field, but a 400 always lists its faults.
        more = {"errors": [{"pointer": "", "message": _clean(told)}]} if status == 400 else {}  # noqa: PLR2004
        body = problem(status, told, code=_code_of(exc), **more)
    else:
        log.error("unhandled error in the API", exc_info=exc)
        status, headers = 500, {}
        body = problem(500, "Something went wrong on our side; it is in the desk’s own log.")
    return Response(body, status=status, headers=headers, content_type=PROBLEM)


def problem(status: int, detail: str, *, code: str = "", **more: Any) -> dict[str, Any]:
    """The members every problem document has (RFC 9457)."""
    return {
        **more,
        "type": "about:blank",
        "title": TITLES.get(status, "Refused"),
        "status": status,
        "detail": _clean(detail),
        "code": code or CODES.get(status, "refused"),
    }


def _as_refusal(exc: Exception) -> DeskError | None:
    """What Django and the database raise, in the desk's own words."""
    if isinstance(exc, DeskError):
        return exc
    for kinds, refusal, level in _MEANT:
        if isinstance(exc, kinds):
            log.log(level, "refused: %s", type(exc).__name__, exc_info=exc)
            return refusal
    return None


_MEANT: tuple[tuple[tuple[type[Exception], ...], DeskError, int], ...] = (
    ((Http404,), Missing("There is nothing at this address."), logging.DEBUG),
    # Somebody removed it between the look and the lock.
    ((ObjectDoesNotExist,), Missing("It is not there any more."), logging.INFO),
    ((PermissionDenied,), Forbidden("This is not for you."), logging.DEBUG),
    (
        (OperationalError, InterfaceError),
        Busy("The desk’s database does not answer just now.", retry_after=RETRY_AFTER),
        logging.WARNING,
    ),
    (
        (IntegrityError,),
        Busy("Somebody did the same at this moment; look again.", retry_after=1),
        logging.ERROR,
    ),
    ((DataError,), Invalid("Some of what was sent cannot be stored."), logging.WARNING),
    ((SuspiciousOperation,), Invalid("This request cannot be read."), logging.INFO),
)


def _document(refusal: DeskError) -> tuple[dict[str, Any], dict[str, str]]:
    more: dict[str, Any] = dict(refusal.extra)
    if refusal.status == 400:  # noqa: PLR2004
        more["errors"] = [
            {"pointer": _clean(one.pointer), "message": _clean(one.message)}
            for one in refusal.problems
        ]
    if refusal.status == 409:  # noqa: PLR2004
        more["unmet"] = [
            {"code": one.code, "message": _clean(one.message), "fix": _clean(one.fix)}
            for one in refusal.unmet
        ]
    headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else {}
    if refusal.status == 503 and not headers:  # noqa: PLR2004
        headers = {"Retry-After": str(RETRY_AFTER)}
    return problem(refusal.status, refusal.message, code=refusal.reason, **more), headers


def _headers_of(exc: exceptions.APIException) -> dict[str, str]:
    headers = {}
    scheme, wait = getattr(exc, "auth_header", None), getattr(exc, "wait", None)
    if scheme:
        headers["WWW-Authenticate"] = str(scheme)
    if wait:
        headers["Retry-After"] = str(math.ceil(wait))
    return headers


def _code_of(exc: exceptions.APIException) -> str:
    if isinstance(exc, exceptions.PermissionDenied):
        return "csrf" if "CSRF" in str(exc.detail) else "role"
    return CODES.get(exc.status_code, "")


def _sentence(detail: Any) -> str:
    if isinstance(detail, Mapping):
        return " ".join(_sentence(part) for part in detail.values())
    if isinstance(detail, list):
        return " ".join(_sentence(part) for part in detail)
    return str(detail)


def _clean(text: str) -> str:
    """Text that UTF-8 can hold: a refused value must not break its own refusal."""
    return str(text).encode("utf-8", "replace").decode()


class Nobody(BasePermission):
    """What a view gets that named no rule of its own: closed."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return False


# Reading


class TooLarge(exceptions.APIException):
    status_code = 413
    default_detail = "This is more than the desk takes at once."


class StrictJSON(BaseParser):
    """JSON that two readers cannot understand differently, and that the database can hold.

    UTF-8, at most 2 MB, 20 levels deep, no name twice, no NaN, no number beyond 64 bits, no lone
    surrogate, no NUL. Each refusal names the field.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        _refuse_charset(media_type or "")
        raw = read_up_to(stream, BODY_MAX)
        # A byte that is no UTF-8 becomes a lone surrogate, and is then found at its field.
        text = raw.decode("utf-8", "surrogateescape")
        if text.startswith("\ufeff"):
            raise Invalid.at("", "The body begins with a byte order mark; leave it out.")
        try:
            value = json.loads(
                text,
                object_pairs_hook=_object,
                parse_int=_whole,
                parse_float=_decimal,
                parse_constant=lambda word: _Bad(f"{word} is no number in JSON."),
            )
        except RecursionError:
            raise Invalid.at("", f"Nest at most {DEPTH_MAX} levels.") from None
        except ValueError as error:
            where = getattr(error, "pos", None)
            place = f" at character {where}" if where is not None else ""
            raise Invalid.at("", f"This is no JSON{place}.") from None
        problems = list(_faults(value))
        if problems:
            raise Invalid("Some of what was sent cannot be used.", problems=problems[:50])
        return value


class Upload(MultiPartParser):
    """multipart/form-data, at most 64 MB."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> DataAndFiles:  # type: ignore[type-arg]  # generic in the stubs alone
        _refuse_charset(media_type or "")
        meta = (parser_context or {})["request"].META
        if int(meta.get("CONTENT_LENGTH") or 0) > UPLOAD_MAX:
            raise TooLarge
        told = super().parse(stream, media_type, dict(parser_context or {}))
        # Which of two was meant nobody can tell, and the last would win without a word.
        parts: Counter[str] = Counter()
        for name, values in [*told.data.lists(), *told.files.lists()]:
            parts[name] += len(values)
        twice = [
            Problem(f"/{name}", "Give this once.") for name, many in parts.items() if many > 1
        ]
        if twice:
            raise Invalid("Some of what was sent cannot be used.", problems=twice[:50])
        return told


class _Bad:
    """A value that JSON cannot mean, kept in its place until the place has a name."""

    def __init__(self, why: str) -> None:
        self.why = why


class _Object(dict[str, Any]):
    """An object of the body, with the names that stood in it twice."""

    twice: frozenset[str] = frozenset()


# Refusals tell by its type's name what was sent.
_Object.__name__ = "object"


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    made = _Object(pairs)
    if len(made) != len(pairs):
        times = Counter(name for name, _ in pairs)
        made.twice = frozenset(name for name, many in times.items() if many > 1)
    return made


def _whole(digits: str) -> int | _Bad:
    if len(digits.lstrip("-")) > DIGITS_MAX or not -WHOLE_MAX <= int(digits) < WHOLE_MAX:
        return _Bad("This number is too large.")
    return int(digits)


def _decimal(digits: str) -> float | _Bad:
    number = float(digits)
    return number if math.isfinite(number) else _Bad("This number is too large.")


def _faults(value: Any) -> Iterator[Problem]:
    """Every fault with its JSON Pointer, without recursion."""
    rest: list[tuple[Any, str, int]] = [(value, "", 1)]
    while rest:
        part, pointer, depth = rest.pop()
        if isinstance(part, _Bad):
            yield Problem(pointer, part.why)
        elif isinstance(part, str):
            yield from _text_faults(part, pointer)
        elif isinstance(part, dict | list):
            if depth > DEPTH_MAX:
                yield Problem(pointer, f"Nest at most {DEPTH_MAX} levels.")
                continue
            items = part.items() if isinstance(part, dict) else enumerate(part)
            for name, inner in items:
                at = f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"
                if isinstance(name, str):
                    yield from _text_faults(name, at)
                rest.append((inner, at, depth + 1))
            for name in sorted(getattr(part, "twice", ())):
                yield Problem(f"{pointer}/{name}", "This name stands here twice.")


def _text_faults(text: str, pointer: str) -> Iterator[Problem]:
    if "\0" in text:
        yield Problem(pointer, "There is a NUL character in it.")
    if any("\ud800" <= char <= "\udfff" for char in text) if not text.isascii() else False:
        yield Problem(pointer, "This is no valid UTF-8, or half of a surrogate pair.")


def _refuse_charset(media_type: str) -> None:
    for part in media_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() != "charset":
            continue
        try:
            known = codecs.lookup(value.strip().strip('"')).name
        except LookupError:
            known = ""
        if known != "utf-8":
            raise exceptions.UnsupportedMediaType(media_type, "Send UTF-8.")


def read_up_to(stream: Any, most: int) -> bytes:
    """The whole body, unless it is longer than ``most`` bytes."""
    declared = getattr(stream, "META", {}).get("CONTENT_LENGTH") or 0
    if int(declared) > most:
        raise TooLarge
    raw: bytes = stream.read(most + 1)
    if len(raw) > most:
        raise TooLarge
    return raw


# Pages


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted: one field and the id, so that each row has one place.

    ``nullable`` fields sort their rows without a value last, ascending.
    """

    field: str
    descending: bool = False
    id_descending: bool = False
    nullable: bool = False
    key: str = "id"

    def columns(self, *, backwards: bool) -> list[str]:
        ends = (self.descending ^ backwards, self.id_descending ^ backwards)
        return [
            ("-" if down else "") + name
            for name, down in zip((self.field, self.key), ends, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after (or before) the row with this value and id."""

    value: Any
    key: Any
    backwards: bool = False
    order: str = ""


@dataclass(slots=True)
class Page:
    rows: list[Any]
    before: Place | None = None
    after: Place | None = None
    estimate: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)


class Keyset(BasePagination):
    """Pages by the last row's place: as fast at the end of a million rows as at the start.

    A page is fetched in up to three steps, each of which an index answers from its first row:
    the rows that share the last value, those beyond it, and those without a value.
    A view names ``orders`` (name → Order); the first is the default.
    """

    cursor_query_param = "cursor"
    page_size_query_param = "page_size"
    max_page_size = PAGE_SIZE_MAX

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        size = self._size(request)
        count = request.query_params.get("count", "")
        if count not in {"", "estimate"}:
            raise Invalid.at("?count", "Counts are estimates: use count=estimate.")
        name, order = self._order(request, view)
        place = self._place(request, queryset, order, name)
        # A view may know a quicker way to some of its pages than the steps of the ORM.
        quick = view.quick_rows(name, place, size + 1) if hasattr(view, "quick_rows") else None
        self.page = self._page(queryset, order, name, place, size, quick)
        if count:
            self.page.estimate = _estimate(queryset)
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        body: dict[str, Any] = {
            "next": self._link(self.page.after),
            "previous": self._link(self.page.before),
            "results": data,
        }
        if self.page.estimate is not None:
            body["count_estimate"] = self.page.estimate
        return Response(body)

    def _page(
        self,
        rows: QuerySet[Any],
        order: Order,
        name: str,
        place: Place | None,
        size: int,
        quick: list[Any] | None = None,
    ) -> Page:
        backwards = place is not None and place.backwards
        found = _by_steps(rows, order, place, size) if quick is None else quick
        more, found = len(found) > size, found[:size]
        if backwards:
            found.reverse()
        page = Page(found)
        if found and (more if backwards else place is not None):
            page.before = _place_of(found[0], order, name, backwards=True)
        if found and (more or backwards):
            page.after = _place_of(found[-1], order, name)
        return page

    def _size(self, request: Request) -> int:
        text = request.query_params.get(self.page_size_query_param, str(PAGE_SIZE))
        if not text.isascii() or not text.isdigit() or len(text) > 4:  # noqa: PLR2004
            raise Invalid.at("?page_size", f"Use a whole number from 1 to {PAGE_SIZE_MAX}.")
        if not 1 <= int(text) <= PAGE_SIZE_MAX:
            raise Invalid.at("?page_size", f"Use a whole number from 1 to {PAGE_SIZE_MAX}.")
        return int(text)

    def _order(self, request: Request, view: Any) -> tuple[str, Order]:
        orders: Mapping[str, Order] = {
            name: Order(**spelled) for name, spelled in view.orders.items()
        }
        name = request.query_params.get("ordering") or next(iter(orders))
        if name not in orders:
            raise Invalid.at("?ordering", f"Use one of: {', '.join(orders)}.")
        return name, orders[name]

    def _place(
        self, request: Request, rows: QuerySet[Any], order: Order, name: str
    ) -> Place | None:
        cursor = request.query_params.get(self.cursor_query_param)
        if cursor is None:
            return None
        place = _unpacked(cursor, rows, order, name)
        if place is None:
            raise Invalid.at("?cursor", "This cursor leads nowhere: begin at the start.")
        return place

    def _link(self, place: Place | None) -> str | None:
        if place is None:
            return None
        value = place.value.isoformat() if isinstance(place.value, datetime) else place.value
        packed = json.dumps([value, str(place.key), place.backwards, place.order]).encode()
        cursor = base64.urlsafe_b64encode(packed).decode().rstrip("=")
        kept = [
            (name, text) for name, text in self.request.query_params.items() if name != "cursor"
        ]
        query = urlencode([*kept, ("cursor", cursor)])
        return self.request.build_absolute_uri(self.request.path) + "?" + query

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": link,
                "previous": link,
                "results": schema,
                "count_estimate": {"type": "integer"},
            },
            "additionalProperties": False,
        }


def _by_steps(rows: QuerySet[Any], order: Order, place: Place | None, size: int) -> list[Any]:
    """The rows of a page, and one more where there is one."""
    backwards = place is not None and place.backwards
    ordered = rows.order_by(*order.columns(backwards=backwards))
    found: list[Any] = []
    for step in _steps(order, place):
        found += ordered.filter(step)[: size + 1 - len(found)]
        if len(found) > size:
            break
    return found


def _steps(order: Order, place: Place | None) -> Iterator[Q]:
    """What lies beyond a place, in the order of the list, as conditions an index can start at."""
    if place is None:
        yield Q()
        return
    backwards = place.backwards
    past_key = Q(**{f"{order.key}__{_beyond(order.id_descending ^ backwards)}": place.key})
    if place.value is None:
        yield Q(**{f"{order.field}__isnull": True}) & past_key
        if backwards:
            yield Q(**{f"{order.field}__isnull": False})
        return
    yield Q(**{order.field: place.value}) & past_key
    yield Q(**{f"{order.field}__{_beyond(order.descending ^ backwards)}": place.value})
    if order.nullable and not backwards:
        yield Q(**{f"{order.field}__isnull": True})


def _beyond(down: bool) -> str:  # noqa: FBT001
    return "lt" if down else "gt"


def _place_of(row: Any, order: Order, name: str, *, backwards: bool = False) -> Place:
    return Place(getattr(row, order.field), getattr(row, order.key), backwards, name)


def _unpacked(cursor: str, rows: QuerySet[Any], order: Order, name: str) -> Place | None:
    """The place a cursor names; None for one that this list never gave."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        said = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        value, key, backwards, ordered = said
        fields = rows.model._meta  # noqa: SLF001 - the public API of fields, whatever its name
        value = fields.get_field(order.field).to_python(value) if value is not None else None
        key = fields.get_field(order.key).to_python(key)
    except (ValueError, TypeError, OverflowError, RecursionError, ValidationError):
        return None
    if ordered != name or not isinstance(backwards, bool) or key is None:
        return None
    if isinstance(value, datetime) and value.tzinfo is None:
        return None
    return None if "\0" in f"{value}{key}" else Place(value, key, backwards)


def _estimate(rows: QuerySet[Any]) -> int:
    """How many rows the planner expects; never a count over the table."""
    plan = json.loads(rows.order_by().explain(format="json"))
    return int(plan[0]["Plan"]["Plan Rows"])


# Tags


class StrongGZip(GZipMiddleware):
    """Compress, and leave strong tags strong.

    Our tag is the version of a claim, which the same bytes in another coding do not change; a
    weak one would never match in If-Match.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        tag = response.headers.get("ETag")
        answer = super().process_response(request, response)
        if tag is not None:
            answer.headers["ETag"] = tag
        return answer
