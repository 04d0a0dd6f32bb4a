"""Tokens over REST: making one for oneself from a fresh session, looking after them, revoking."""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.auth import has_fresh_session
from claims.api.base import DeskView
from claims.api.fields import Choice, Input, Moment, Shape, Words
from claims.api.render import person_name, stamp
from claims.errors import Forbidden, Invalid, Missing, Problem
from claims.models import Actor, ApiToken
from claims.models.people import LONGEST_TOKEN_LIFE, SCOPES

log = logging.getLogger(__name__)

# A year from the moment the form was opened is a year.
LEEWAY = timedelta(minutes=10)
SIGNED_IN: tuple[str, ...] = ()


class TokenShape(Shape):
    id = serializers.UUIDField()
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=sorted(SCOPES)))
    expires_at = serializers.DateTimeField()
    owner = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)


class IssuedToken(TokenShape):
    token = serializers.CharField(allow_null=True)


class TokenInput(Input):
    name = Words(max_length=120)
    scopes = serializers.ListField(
        child=Choice(choices=sorted(SCOPES)), allow_empty=False, max_length=len(SCOPES)
    )
    expires_at = Moment()


class TokenView(DeskView):
    """A view of tokens. Their words are never shown again."""

    shape = TokenShape

    def permit(self) -> None:
        if not self.actor.may("admin") and not has_fresh_session(self.request):
            raise Forbidden(
                "Tokens are made, listed and revoked by who signed in within the last ten"
                " minutes. Sign in again.",
                code="scope",
            )

    def visible(self) -> QuerySet[ApiToken]:
        rows = ApiToken.objects.filter(revoked_at=None).select_related("person")
        if self.actor.may("admin"):
            return rows
        return rows.filter(person=self.actor.person)

    def recall(self, key: str) -> ApiToken:
        token = self.visible().filter(pk=UUID(key)).first()
        if token is None:
            raise Missing("There is no such token.")
        return token

    def render(self, record: ApiToken) -> dict[str, Any]:
        return {
            "id": str(record.pk),
            "name": record.name,
            "scopes": record.scopes,
            "expires_at": stamp(record.expires_at),
            "owner": person_name(record.person),
            "created_at": stamp(record.created_at),
            "last_used_at": stamp(record.last_used_at),
        }


class Tokens(TokenView):
    """The tokens one may look after, and making one for oneself."""

    scopes = {"GET": SIGNED_IN, "POST": SIGNED_IN}
    takes = {"POST": TokenInput}
    listed = "page"
    gives = {"POST": IssuedToken}
    statuses = {"POST": (201,)}
    orders = {"-created_at": {"field": "created_at", "descending": True, "id_descending": True}}
    words: str | None = None

    def get(self, request: Request) -> Response:
        """Newest first."""
        return self.page(self.visible())

    def post(self, request: Request) -> Response:
        """201 with the token, this once: only its digest is kept."""
        told = self.told
        _refuse_too_wide(self.actor, told["scopes"])
        _refuse_too_long(told["expires_at"])
        token, self.words = ApiToken.issue(
            told["name"],
            person=self.actor.person,
            scopes=set(told["scopes"]),
            expires_at=told["expires_at"],
        )
        log.info("token issued", extra={"token": str(token.pk), "owner": self.actor.name})
        return self.done(token, status=201)

    def render(self, record: ApiToken) -> dict[str, Any]:
        shown = {"token": self.words} if self.request.method == "POST" else {}
        return {**super().render(record), **shown}


class TokenPiece(TokenView):
    """One token."""

    scopes = {"GET": SIGNED_IN, "DELETE": SIGNED_IN}
    statuses = {"DELETE": (204,)}
    token: ApiToken

    def locate(self) -> None:
        self.token = self.recall(str(self.kwargs["pk"]))

    def get(self, request: Request) -> Response:
        """What is known of it; never the token itself."""
        return self.one(self.token)

    def delete(self, request: Request) -> Response:
        """It opens no door from now on."""
        ApiToken.objects.filter(pk=self.token.pk).update(revoked_at=timezone.now())
        log.info("token revoked", extra={"token": str(self.token.pk), "by": self.actor.name})
        return Response(status=204)


def _refuse_too_wide(actor: Actor, scopes: list[str]) -> None:
    """Never wider than its owner, nor than the token it was asked for with."""
    wide = [
        Problem(f"/scopes/{position}", f"You do not have the scope {scope} yourself.")
        for position, scope in enumerate(scopes)
        if scope not in actor.scopes
    ]
    if wide:
        raise Invalid("A token is never wider than its owner.", problems=wide)


def _refuse_too_long(expires_at: datetime) -> None:
    now = timezone.now()
    if expires_at <= now:
        raise Invalid.at("/expires_at", "This time is past already.")
    if expires_at > now + LONGEST_TOKEN_LIFE + LEEWAY:
        raise Invalid.at("/expires_at", "A token lives for a year at most.")
