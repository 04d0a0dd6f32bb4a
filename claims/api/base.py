"""What every address of the API has in common: who may, what it takes, what is looked at first.

A request is looked at as the contract says: 401, 404, 403, 405, 415 and 413, 400, 428; what the
verb refuses comes after it: 412, 409. A view names its scopes, its bodies and its shape; it calls
the verb and renders what the verb returns. A method without a named scope is closed.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Model
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from claims.api.auth import actor_of
from claims.api.bodies import drain, take_chunks
from claims.api.fields import Input, Nothing, Shape, shape_names
from claims.api.once import Outcome, once
from claims.errors import Forbidden, Invalid, Missing, Problem
from claims.models import Actor, Claim, ProvenanceEdge

READ = ("claims:read",)
_TAG = re.compile(r'\s*(W/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|$)')
# A version nothing ever has: what an If-Match that fits nothing is held against.
NO_VERSION = 0

Expand = Callable[["DeskView", list[Any]], Mapping[Any, Any]]
"""From rendered ids to the records that stand in their places, all of a page at once."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What ``If-Match`` said: the strong tags in it, or that anything will do."""

    tags: frozenset[str]
    anything: bool = False

    def version_of(self, record: Claim | ProvenanceEdge) -> int | None:
        """The version to hold the record to; None where any will do."""
        if self.anything:
            return None
        return record.version if record.etag in self.tags else NO_VERSION


class IfMatchRequired(Invalid):
    """A change that must not overwrite what its sender has not seen."""

    code = "if_match_required"
    status = 428


class DeskView(APIView):
    """One address.

    ``scopes``: method → scopes, one of which the caller needs. ``takes``: method → body.
    ``query``: names that may stand after the question mark. ``shape``: the record answered with,
    as ``listed`` says: one, a ``page`` of a long list (sorted as ``orders`` says, the first unless
    asked otherwise) or an ``array``. ``gives``: where a method
    answers with another shape. ``statuses``: the success codes of a method. ``heeds_if_match``:
    the methods that hold the record to the tag where one is sent, beside those that need one.
    """

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    metadata_class = None
    scopes: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    takes: ClassVar[Mapping[str, type[Input]]] = {}
    reads: ClassVar[str] = "application/json"
    produces: ClassVar[str] = "application/json"
    needs_if_match: ClassVar[frozenset[str]] = frozenset()
    heeds_if_match: ClassVar[frozenset[str]] = frozenset()
    query: ClassVar[Mapping[str, str]] = {}
    orders: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    shape: ClassVar[type[Shape]] = Shape
    listed: ClassVar[str] = ""
    gives: ClassVar[Mapping[str, type[Shape]]] = {}
    statuses: ClassVar[Mapping[str, tuple[int, ...]]] = {}
    expands: ClassVar[Mapping[str, Expand]] = {}

    actor: Actor
    told: dict[str, Any]
    seen: Seen | None = None
    outcome: Outcome | None = None

    # The parts a view fills in

    def locate(self) -> None:
        """Find what the address names, as far as the caller may know of it, or raise Missing."""

    def permit(self) -> None:
        """Refuse for role or four eyes, before a look at the body."""

    def permit_said(self, body: Any) -> None:
        """Refuse for a role that depends on what the body asks for."""

    def render(self, record: Any) -> dict[str, Any]:
        raise NotImplementedError

    def recall(self, key: str) -> Any:
        """The record an earlier POST answered with, for its repetition."""
        raise Missing("What this request made is not there any more.")

    # The order

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(
            request
        )
        self.actor = actor_of(request)
        self.check_throttles(request)
        self.locate()
        method = _method(request)
        self._refuse_scope(method)
        self.permit()
        if not self._is_built(method):
            raise MethodNotAllowed(method)
        body = self._body(request, method)
        self.permit_said(body)
        self._check_query(request, method)
        self.told = self._read(method, body)
        self.seen = _seen(request)
        if method in self.needs_if_match and self.seen is None:
            raise IfMatchRequired("Send the claim’s ETag as If-Match, so that nothing is lost.")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        self.args, self.kwargs = args, kwargs
        take_chunks(request)
        asked = self.initialize_request(request, *args, **kwargs)
        self.request = asked
        self.headers = self.default_response_headers
        response: Response
        try:
            self.initial(asked, *args, **kwargs)
            response = self._act(asked)
        except Exception as exc:  # noqa: BLE001 - factcheck.rest turns each into a problem document
            response = self.handle_exception(exc)
        self.response = self.finalize_response(asked, response, *args, **kwargs)
        drain(request)
        return self.response

    def _act(self, request: Request) -> Response:
        def act() -> Response:
            answer: Response = getattr(self, _method(request).lower())(request)
            return answer

        if request.method == "POST" and "Idempotency-Key" in request.headers:
            return once(self, request, act)
        return act()

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:  # noqa: FBT001, FBT002
        """The API speaks JSON to whoever asks."""
        renderer = self.get_renderers()[0]
        return renderer, renderer.media_type

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.headers.setdefault("Cache-Control", "private, no-cache")
        for throttle in getattr(self, "_throttles", ()):
            throttle.mark(answer)
        return answer

    def get_parsers(self) -> list[Any]:
        return [parser for parser in super().get_parsers() if parser.media_type == self.reads]

    def get_throttles(self) -> list[Any]:
        self._throttles: list[Any] = super().get_throttles()
        return self._throttles

    def _refuse_scope(self, method: str) -> None:
        wanted = self.scopes.get(method)
        if wanted is None:
            if self._is_built(method):
                raise Forbidden("This is closed.")
            wanted = self.scopes.get("GET", READ)
        need_one(self.actor, wanted)

    def _is_built(self, method: str) -> bool:
        return method.lower() in self.http_method_names and hasattr(self, method.lower())

    def _body(self, request: Request, method: str) -> Any:
        if method in {"GET", "HEAD", "DELETE"}:
            return {}
        return request.data

    def _read(self, method: str, body: Any) -> dict[str, Any]:
        if method in {"GET", "HEAD", "DELETE"}:
            return {}
        return self.takes.get(method, Nothing).read(body)

    def _check_query(self, request: Request, method: str) -> None:
        known: set[str] = set()
        if method == "GET":
            known |= {"fields", "expand", *self.query}
            if self.listed == "page":
                known |= {"cursor", "page_size", "count"}
        problems = []
        for name, values in request.query_params.lists():
            if name not in known:
                problems.append(Problem(f"?{name}", "There is no such parameter here."))
            elif len(values) > 1:
                problems.append(Problem(f"?{name}", "Give this once."))
            elif "\0" in values[0]:
                problems.append(Problem(f"?{name}", "There is a NUL character in it."))
        if problems:
            raise Invalid("Some parameters cannot be used.", problems=problems)
        self._check_names("fields", shape_names(self.shape))
        self._check_names("expand", frozenset(self.expands))

    def _check_names(self, parameter: str, known: frozenset[str]) -> None:
        unknown = sorted(set(self._names(parameter)) - known)
        if unknown:
            there = ", ".join(sorted(known)) or "none"
            raise Invalid.at(
                f"?{parameter}", f"There is no “{unknown[0]}” to name here. There are: {there}."
            )

    def _names(self, parameter: str) -> list[str]:
        return [name.strip() for name in self.asked(parameter).split(",") if name.strip()]

    # What handlers use

    def asked(self, name: str) -> str:
        """A parameter of the query, or the empty string."""
        return str(self.request.query_params.get(name, ""))

    def asked_id(self, name: str) -> UUID | None:
        value = self.asked(name)
        if not value:
            return None
        try:
            return UUID(value)
        except ValueError:
            raise Invalid.at(f"?{name}", "This is no id.") from None

    def asked_choice(self, name: str, known: Iterable[str]) -> str:
        value, choices = self.asked(name), list(known)
        if value and value not in choices:
            raise Invalid.at(f"?{name}", f"Use one of: {', '.join(choices)}.")
        return value

    def asked_whole(self, name: str, *, least: int, most: int) -> int | None:
        value = self.asked(name)
        if not value:
            return None
        if not re.fullmatch(r"-?[0-9]{1,19}", value) or not least <= int(value) <= most:
            raise Invalid.at(f"?{name}", f"Use a whole number from {least} to {most}.")
        return int(value)

    def link(self, path: str) -> str:
        """The full address of a path of this API, as the caller reached it."""
        if not hasattr(self, "_root"):
            self._root = self.request.build_absolute_uri("/")[:-1]
        return f"{self._root}/api/v1/{path}"

    def page(self, rows: Any) -> Response:
        """One page of a long list; the paging is what the settings name."""
        pages = pages_of()
        found: list[Any] | None = pages.paginate_queryset(rows, self.request, view=self)
        return pages.get_paginated_response(self.cut_all(self.render_all(list(found or []))))

    def array(self, records: Iterable[Any]) -> Response:
        """A short list that is part of one claim."""
        return Response(self.cut_all(self.render_all(list(records))))

    def render_all(self, records: list[Any]) -> list[dict[str, Any]]:
        return [self.render(record) for record in records]

    def one(self, record: Any, *, status: int = 200) -> Response:
        """One record, with its tag where it is a claim or a link."""
        body = self.render(record)
        if self.request.method in {"GET", "HEAD"}:
            body = self.cut_all([body])[0]
        response = Response(body, status=status)
        if isinstance(record, Claim | ProvenanceEdge):
            response.headers["ETag"] = record.etag
        if status == 201 and isinstance(body.get("url"), str) and isinstance(record, Claim):  # noqa: PLR2004
            response.headers["Location"] = body["url"]
        return response

    def done(self, record: Any, *, status: int = 200) -> Response:
        """What a POST answers with; a repetition finds the record again by its id."""
        key = str(record.pk) if isinstance(record, Model) else ""
        response = self.one(record, status=status)
        self.outcome = Outcome(status=status, resource=key, body=None if key else response.data)
        return response

    def repeat(self, outcome: Outcome) -> Response:
        """The first outcome of a POST, rendered as it now stands."""
        if not outcome.resource:
            return Response(outcome.body, status=outcome.status)
        return self.one(self.recall(outcome.resource), status=outcome.status)

    def cut_all(self, bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Expanded and cut down to what ``expand=`` and ``fields=`` ask for."""
        for name in self._names("expand"):
            there = [body[name] for body in bodies if body[name] is not None]
            records = self.expands[name](self, there)
            for body in bodies:
                body[name] = records.get(body[name])
        wanted = self._names("fields")
        if not wanted:
            return bodies
        return [{name: body[name] for name in body if name in wanted} for body in bodies]


class OfClaim(DeskView):
    """An address below one claim: ``claims/<id>/…``."""

    claim: Claim

    def locate(self) -> None:
        self.claim = visible_claim(self.actor, self.kwargs["pk"])

    def version(self) -> int | None:
        """What the verb holds the claim to; None without ``If-Match``."""
        return self.seen.version_of(self.claim) if self.seen is not None else None


class Unknown(DeskView):
    """Addresses of the API that are none."""

    scopes = {"GET": READ}

    def locate(self) -> None:
        raise Missing(
            "There is no such address. Every address of the API ends with a slash;"
            " /api/docs/ lists them."
        )


def visible_claim(actor: Actor, key: UUID) -> Claim:
    """The claim with this id, as far as the actor may know of it."""
    claim = (
        Claim.objects.visible_to(actor).select_related("claimant", "topic").filter(pk=key).first()
    )
    if claim is None:
        raise Missing("There is no such claim.")
    return claim


def pages_of() -> BasePagination:
    """The paging that the settings name."""
    made: BasePagination = api_settings.DEFAULT_PAGINATION_CLASS()  # type: ignore[misc, operator]
    return made


def need_one(actor: Actor, scopes: tuple[str, ...]) -> None:
    """Refuse who holds none of the scopes. An empty tuple is open to whoever signed in."""
    if scopes and actor.scopes.isdisjoint(scopes):
        held = actor.person.scopes if actor.person is not None else frozenset()
        actor.need(next((scope for scope in scopes if scope in held), scopes[0]))


def _method(request: Request) -> str:
    method = request.method or ""
    return "GET" if method == "HEAD" else method


def _seen(request: Request) -> Seen | None:
    """The strong tags of ``If-Match``. Weak ones never match, nor does what is no tag at all."""
    header = request.headers.get("If-Match")
    if header is None:
        return None
    if header.strip() == "*":
        return Seen(frozenset(), anything=True)
    return Seen(frozenset(f'"{tag}"' for weak, tag in _TAG.findall(header) if not weak))


def not_modified(request: Request, claim: Claim) -> bool:
    """Whether the caller has this version of the claim already (weak comparison, RFC 9110)."""
    header = request.headers.get("If-None-Match", "")
    if header.strip() == "*":
        return True
    return claim.etag in {f'"{tag}"' for _, tag in _TAG.findall(header)}
