"""What only a real server shows: long and chunked bodies, and a database that is gone."""

import http.client  # noqa: TID251 - the caller outside, not the desk
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from claims.models import ApiToken, Claim
from factcheck import children
from tests import factories
from tests.conftest import url_of
from tests.rest import PROBLEM, Api

JSON = {"Content-Type": "application/json"}


@dataclass
class Web:
    """The desk’s web server on a port of its own, and a caller with a token."""

    port: int
    token: str

    def ask(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, Any, bytes]:
        caller = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)  # noqa: TID251
        sent = {"Authorization": f"Bearer {self.token}", **JSON}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            caller.request(method, f"/api/v1/{path}", body=body, headers=sent)
            answer = caller.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            caller.close()


@pytest.fixture
def web(fresh_database: str, tmp_path: Path) -> Iterator[Web]:
    actor = factories.contributor()
    _, token = ApiToken.issue("test", person=actor.person, scopes=actor.scopes)
    port = _free_port()
    child = children.start(
        children.Plan(
            name="web",
            command=[
                *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
                *("--port", str(port), "--log-level", "warning", "factcheck.wsgi:application"),
            ],
            env={
                **os.environ,
                "DATABASE_URL": url_of(fresh_database),
                "DATABASE_OWNER_URL": "",
                "ALLOWED_HOSTS": "127.0.0.1",
            },
            log=tmp_path / "web.log",
            home=settings.HOME,
            cwd=settings.BASE_DIR,
        )
    )
    try:
        made = Web(port, token)
        _until_it_answers(made, child)
        yield made
    finally:
        child.stop(grace=5)


def test_bodies_of_any_length_get_their_answer(web: Web) -> None:
    long = b'{"text": "' + b"b" * 12_000_000 + b'"}'
    for headers, wanted in (({}, 413), ({"Authorization": "Bearer fcd_x"}, 401)):
        status, said, body = web.ask("POST", "claims/", long, **headers)
        assert (status, said["Content-Type"]) == (wanted, PROBLEM)
        assert json.loads(body)["status"] == wanted
    status, _, _ = web.ask("POST", "nothing/", long)
    assert status == 404


def test_a_body_in_chunks_is_read(web: Web) -> None:
    status, _, body = web.ask(
        "POST", "claims/", iter([b'{"text": ', b'"The bridge was closed."}'])
    )
    assert (status, json.loads(body)["text"]) == (201, "The bridge was closed.")
    status, _, _ = web.ask("POST", "claims/", iter([b'{"text": "', *[b"b" * 99_999] * 40, b'"}']))
    assert status == 413


def test_tags_stay_strong_and_nothing_is_html(web: Web) -> None:
    claim = factories.claim()
    _, said, _ = web.ask("GET", f"claims/{claim.pk}/", Accept_Encoding="gzip")
    assert (said["Content-Encoding"], said["ETag"]) == ("gzip", '"1"')
    for method in ("OPTIONS", "TRACE", "PURGE"):
        status, said, _ = web.ask(method, "claims/")
        assert (status, said["Content-Type"]) == (405, PROBLEM)
    status, said, _ = web.ask("GET", "claims/", Host="evil.example")
    assert (status, said["Content-Type"]) == (400, PROBLEM)
    status, said, _ = web.ask("GET", "claims/zz/", Accept="text/html")
    assert (status, said["Content-Type"]) == (404, PROBLEM)


@pytest.mark.usefixtures("fresh_database")
def test_a_database_that_is_gone_is_a_503_for_tokens_and_for_sessions() -> None:
    actor = factories.contributor()
    api, client = Api(actor), Client(raise_request_exception=False)
    assert actor.person is not None
    client.force_login(actor.person)
    where = connections["default"].settings_dict
    kept = {name: where[name] for name in ("HOST", "PORT")}
    connections["default"].close()
    where |= {"HOST": "127.0.0.1", "PORT": "1"}
    try:
        for answer in (
            api.get("claims/"),
            api.post("claims/", {"text": "The bridge was closed."}),
            client.get("/api/v1/claims/"),
        ):
            assert (answer.status_code, answer.headers["Content-Type"]) == (503, PROBLEM)
            assert int(answer.headers["Retry-After"]) > 0
    finally:
        connections["default"].close()
        where |= kept
    assert api.get("claims/").status_code == 200
    assert not Claim.objects.exists()


def _until_it_answers(web: Web, child: children.Child) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            if web.ask("GET", "claims/")[0] == 200:
                return
        except OSError:
            if not child.alive or time.monotonic() > deadline:
                pytest.fail(f"The web server did not start:\n{child.last_words(lines=20)}")
            time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
