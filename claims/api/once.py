"""The same POST twice is one effect: what an Idempotency-Key did is kept with the effect itself.

The row is written in the transaction of the effect, so after a crash there are both or neither.
It is written last, after the log: the outcome is not known before, and one row is little time.
A refused request keeps nothing, so that it may be sent again once the reason is gone.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from claims.errors import Conflict, Invalid
from claims.models import Actor, IdempotencyKey

KEPT = timedelta(hours=24)
SWEPT_AT_ONCE = 100
_KEY = re.compile(r"[\x21-\x7e][\x20-\x7e]{0,254}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a POST came to: its code, and the id of the record, or the body where it has none."""

    status: int
    resource: str = ""
    body: Any = None


class Mismatch(Conflict):
    """The key was used for another request."""

    code = "idempotency_mismatch"


class StillRunning(Conflict):
    """The first request with this key has not finished."""

    code = "idempotency_running"


class Repeatable(Protocol):
    """A view whose POST can be answered again."""

    actor: Actor
    outcome: Outcome | None

    def repeat(self, outcome: Outcome) -> Response: ...


def once(view: Repeatable, request: Request, act: Callable[[], Response]) -> Response:
    """Do what the request asks for, or answer as the first request with this key was answered."""
    key = request.headers["Idempotency-Key"]
    if not _KEY.fullmatch(key):
        raise Invalid.at(
            "Idempotency-Key", "Use 1 to 255 printable ASCII characters as Idempotency-Key."
        )
    owner = _owner(view.actor)
    digest = _digest(request)
    with transaction.atomic():
        _refuse_while_running(owner, key)
        kept = IdempotencyKey.objects.filter(
            owner=owner, key=key, created_at__gt=timezone.now() - KEPT
        ).first()
        if kept is None:
            response = act()
            _keep(owner, key, digest, view.outcome or Outcome(response.status_code))
            return response
    if kept.request_digest != digest:
        raise Mismatch("This Idempotency-Key was used for another request. Use a new one.")
    response = view.repeat(Outcome(kept.status or 200, kept.resource, kept.body))
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _refuse_while_running(owner: str, key: str) -> None:
    """Hold the key until the transaction ends; whoever comes meanwhile is told to wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"{owner} {key}"]
        )
        (held,) = cursor.fetchone()
    if not held:
        raise StillRunning("The first request with this key is still running.", retry_after=1)


def _keep(owner: str, key: str, digest: str, outcome: Outcome) -> None:
    old = IdempotencyKey.objects.filter(created_at__lte=timezone.now() - KEPT)
    old.filter(owner=owner, key=key).delete()
    IdempotencyKey.objects.filter(pk__in=old.values("pk")[:SWEPT_AT_ONCE]).delete()
    IdempotencyKey.objects.create(
        owner=owner,
        key=key,
        request_digest=digest,
        status=outcome.status,
        resource=outcome.resource,
        body=outcome.body,
    )


def _owner(actor: Actor) -> str:
    if actor.person is not None:
        return f"person:{actor.person.pk}"
    return f"token:{actor.token.pk}" if actor.token is not None else "system"


def _digest(request: Request) -> str:
    """What makes two requests the same: address and values, however they are spelled."""
    said = {
        "path": request.path,
        "query": sorted(request.query_params.lists()),
        "body": _plain(request.data),
    }
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, UploadedFile):
        digest = hashlib.sha256()
        for chunk in value.chunks():
            digest.update(chunk)
        value.seek(0)
        return [value.name, value.content_type, digest.hexdigest()]
    if hasattr(value, "lists"):
        return {name: [_plain(part) for part in parts] for name, parts in value.lists()}
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    return value
