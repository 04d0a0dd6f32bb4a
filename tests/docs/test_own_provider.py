"""The guide's own provider works as it is printed there."""

import re
import secrets
import sys
from functools import partial
from pathlib import Path

import pytest
from pytest_django import Settings

from claims.coverage import places
from claims.coverage.queries import Query
from claims.web import client
from factcheck.environment import read
from tests.claims.web.loopback import Loopback, page

GUIDE = (Path(__file__).parents[2] / "docs" / "guide" / "provider.md").read_text("utf-8")

pytestmark = pytest.mark.django_db


def test_the_provider_of_the_guide_finds_what_a_server_has(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = re.search(r"```python\n(.+?)```", GUIDE, re.DOTALL)
    assert found is not None
    (tmp_path / "ours.py").write_text(found[1], "utf-8")
    toml = re.search(r"```toml\n(.+?)```", GUIDE, re.DOTALL)
    assert toml is not None
    (tmp_path / "coverage.toml").write_text(
        toml[1].replace("https:", "http:").replace("…", "k"), "utf-8"
    )
    monkeypatch.setattr(sys, "path", [*sys.path])
    seen = read(
        {"SECRET_KEY": secrets.token_urlsafe(50), "COVERAGE_FILE": str(tmp_path / "coverage.toml"),
         "COVERAGE_PROVIDERS": "agency", "FACTCHECK_HOME": str(tmp_path)}
    )  # fmt: skip
    settings.COVERAGE = seen.coverage
    body = b'{"stories": [{"url": "https://paper.example/a", "title": "A"}, 7], "next": null}'
    with Loopback() as server:
        server.answers = {"/search": page(body, content_type="application/json")}
        inside = server.policy("agency.example")
        monkeypatch.setattr(client, "fetch", partial(client.fetch, policy=inside))
        [place] = places.default(places.known())
        answer = place.ask([Query("bridge", "es")])
    assert [hit.url for hit in answer.hits] == ["https://paper.example/a"]
    assert [loss.code for loss in answer.losses] == ["no_entry"]
    assert "lang=es" in server.requests[0].path
    sys.modules.pop("ours", None)
