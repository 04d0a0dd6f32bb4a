"""Asking the API as somebody, with every answer held against the schema it promises."""

import functools
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import jsonschema  # type: ignore[import-untyped]
from django.db import transaction
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from claims.models import Actor, ApiToken

PROBLEM = "application/problem+json"
Answer = Any
"""What Django’s test client gives back, with ``json()``."""
# What no refusal may let through to whoever asked.
INSIDE = re.compile(r'Traceback|File "|psycopg|SELECT |INSERT |/work/|/home/|site-packages')
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Api:
    """Somebody with a token, or nobody."""

    def __init__(self, actor: Actor | None = None, *, token: str = "", **headers: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = headers
        if actor is not None and not token:
            _, token = ApiToken.issue("test", person=actor.person, scopes=actor.scopes)
        if token:
            self.headers = {**headers, "Authorization": f"Bearer {token}"}

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, None, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.send("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Answer:
        return self.send("PATCH", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Answer:
        return self.send("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Answer:
        return self.send("DELETE", path, None, **headers)

    def send(self, method: str, path: str, body: Any, **headers: str) -> Answer:
        """``body`` as JSON; bytes as they are. Header names with underscores for hyphens."""
        path = path.removeprefix("http://testserver")
        path = path if path.startswith("/") else f"/api/v1/{path}"
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = sent.pop("Content-Type", "application/json")
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = self.client.generic(
            method,
            path,
            b"" if body is None else data,
            content_type=kind if body is not None else "",
            headers={**self.headers, **sent},
        )
        check(method, urlsplit(path).path, answer, query="?" + urlsplit(path).query)
        return answer


@contextmanager
def another_world() -> Iterator[None]:
    """What is done in here is undone afterwards, so that the next world begins alike."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def promised_addresses() -> set[tuple[str, str]]:
    """Every method and address of the schema."""
    return {
        (method.upper(), address)
        for address, operations in _schema()["paths"].items()
        for method in operations
    }


def check(method: str, path: str, answer: Answer, *, query: str = "") -> None:
    """Hold an answer against the schema; refusals against RFC 9457."""
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == PROBLEM, answer.content[:300]
        body = answer.json()
        assert {"type", "title", "status", "detail", "code"} <= body.keys()
        assert body["status"] == answer.status_code
        assert not INSIDE.search(answer.content.decode()), answer.content
        assert answer.status_code != 500, body
        return
    kind = answer.headers.get("Content-Type", "")
    if not path.startswith("/api/v1/") or answer.status_code == 304:
        return
    promised = _promised(method, path, answer.status_code)
    cut = re.search(r"[?&](fields|expand)=", query)
    if (
        promised is not None
        and not cut
        and kind == "application/json"
        and "Content-Encoding" not in answer.headers
    ):
        whole = {**promised, "components": _schema()["components"]}
        jsonschema.Draft202012Validator(whole).validate(answer.json())


def _promised(method: str, path: str, status: int) -> dict[str, Any] | None:
    address = _UUID.sub("{id}", path)
    operation = _schema()["paths"].get(address, {}).get(method.lower())
    assert operation is not None, f"{method} {address} is not in the schema"
    answer = operation["responses"].get(str(status))
    assert answer is not None, f"{method} {address} does not promise {status}"
    content = answer.get("content", {}).get("application/json")
    return content["schema"] if content else None


@functools.cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(
        json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str)  # type: ignore[no-untyped-call]
    )
    for component in schema["components"]["schemas"].values():
        if component.get("type") == "object" and "properties" in component:
            component["additionalProperties"] = False
    return schema
