"""The permission to reach this web is the test's worker's alone: production cannot be given it."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from claims.web.guard import PUBLIC
from factcheck import processes
from tests.misbehaving.web import HANDED

ROOT = Path(settings.BASE_DIR)
SHIPPED = ("claims", "reviews", "factcheck", "seeds", "manage.py")
ASK = """
from factcheck.celery import app
from claims.web import client
from claims.web.errors import Refused
app.loader.import_default_modules()
for url in ("http://127.0.0.1/", "http://localhost/", "http://good.localhost/", "http://[::1]:{port}/"):
    try:
        client.fetch(url)
    except Refused as refused:
        print(refused.reason)
"""


def test_a_worker_of_production_refuses_whatever_it_finds_in_its_environment(
    tmp_path: Path,
) -> None:
    told = {"stand_ins": {"good.localhost": ["127.0.0.1", 9]}, "certificate": "", "loopback": True}
    names = (
        HANDED,
        "POLICY",
        "STAND_INS",
        "GUARD_POLICY",
        "ALLOW_LOOPBACK",
        "LOOPBACK",
        "TESTING",
    )
    env = {**os.environ, "HOME": str(tmp_path), **dict.fromkeys(names, json.dumps(told))}
    said = subprocess.run(
        [sys.executable, "-c", ASK.format(port=9)],
        cwd=ROOT, env=env, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert said.stdout.split() == ["address", "name", "name", "port"]


def test_what_is_shipped_holds_no_test() -> None:
    copied = re.findall(r"^COPY (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    allowed = (ROOT / ".dockerignore").read_text().split()
    assert not [name for name in [*copied, *allowed] if "tests" in name or name == "."]
    assert allowed[0] == "*"


def test_nothing_that_is_shipped_knows_the_tests() -> None:
    for path, tree in _shipped():
        for node in ast.walk(tree):
            named = _imported(node)
            assert not [name for name in named if name.partition(".")[0] == "tests"], path
            assert not (isinstance(node, ast.Constant) and node.value == HANDED), path


def test_nothing_that_is_shipped_puts_another_client_or_policy_in_place() -> None:
    """As the test's worker does; in production there is one client and one policy."""
    for path, tree in _shipped():
        replaced = [
            ast.unparse(target)
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Attribute)
        ]
        assert not {"client.fetch", "client.send", "guard.PUBLIC", "guard.check"} & {*replaced}, (
            path
        )


def test_every_worker_and_clock_of_a_desk_is_the_one_app() -> None:
    source = Path(processes.__file__).read_text() + (ROOT / "docker-compose.yml").read_text()
    apps = re.findall(r'-A"?, "?([\w.]+)', source)
    assert len(apps) >= 4
    assert set(apps) == {"factcheck.celery"}


def test_the_policy_of_production_permits_nothing_and_stays_so() -> None:
    assert (dict(PUBLIC.stand_ins), PUBLIC.loopback, PUBLIC.certificate) == ({}, False, "")
    with pytest.raises(FrozenInstanceError):
        PUBLIC.loopback = True  # type: ignore[misc]


def _shipped() -> Iterator[tuple[Path, ast.Module]]:
    for name in SHIPPED:
        place = ROOT / name
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            yield path, ast.parse(path.read_text())


def _imported(node: Any) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
