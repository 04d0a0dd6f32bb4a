"""Postgres, Valkey and the clock are killed in the middle of a run; it ends as if they had not."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
import redis
from django.conf import settings

from factcheck import children, home
from factcheck.engines import Engines

pytestmark = pytest.mark.slow

STORY = 15
PATIENCE = 60
HERE = Path(settings.BASE_DIR)


@dataclass
class Desk:
    """A desk with engines of its own that keep what they commit, a worker and a clock."""

    engines: Engines
    env: dict[str, str]
    worker: children.Child
    driver: subprocess.Popen[str]

    def ask(self) -> UUID:
        """Start a run for a new claim about the story of the sample archive."""
        self.tell("ask")
        return UUID(self.heard())

    def tell(self, word: str) -> None:
        assert self.driver.stdin is not None
        self.driver.stdin.write(f"{word}\n")
        self.driver.stdin.flush()

    def heard(self) -> str:
        assert self.driver.stdout is not None
        return self.driver.stdout.readline().strip()

    def one(self, query: str, *values: object) -> Any:
        """The first cell of an answer of the database; None while there is no database."""
        try:
            with psycopg.connect(self.env["DATABASE_URL"], connect_timeout=2) as server:
                row = server.execute(query, values).fetchone()
        except psycopg.OperationalError:
            return None
        return row[0] if row else None

    def captured(self, run: UUID) -> int:
        done = "SELECT count(*) FROM claims_job WHERE run_id = %s AND kind = 'coverage.fetch'"
        return self.one(f"{done} AND state = 'succeeded'", run) or 0

    def ended(self, run: UUID) -> str:
        status = self.one("SELECT status FROM claims_coveragerun WHERE id = %s", run) or ""
        return "" if status in {"queued", "running"} else status


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    taken = home.throw_away()
    named = {name: os.environ.pop(name) for name in _NAMED}
    try:
        engines = Engines(replace(taken, throw_away=False))
    finally:
        os.environ |= named
    try:
        told = {**os.environ, **_addresses(engines), "FACTCHECK_HOME": str(taken.path)}
        with (folder / "driver.log").open("w") as log:
            driver = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.driver"], cwd=HERE, env=told, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip
        started = Desk(engines, told, _process(told, folder), driver)
        assert started.heard() == "ready", (folder / "driver.log").read_text()[-2000:]
        yield started
        driver.kill()
        driver.communicate()
        started.worker.stop(grace=3)
    finally:
        engines.stop()
        taken.release()


_NAMED = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")


def _addresses(engines: Engines) -> dict[str, str]:
    assert engines.postgres is not None
    assert engines.valkey is not None
    engines.valkey.start()
    engines.postgres.start()
    return engines.addresses.as_environment()


def _process(env: dict[str, str], folder: Path, *more: str) -> children.Child:
    command = more or ("worker", "-c", "2", "--without-gossip", "--without-mingle")
    return children.start(
        children.Plan(
            name=command[0],
            command=[sys.executable, *"-m celery -A factcheck.celery".split(), *command],
            env={**env, "DATABASE_OWNER_URL": ""},
            log=folder / f"{command[0]}.log",
            home=Path(env["FACTCHECK_HOME"]),
            cwd=HERE,
        )
    )


def until(happened: Callable[[], object], *, what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > end:
            pytest.fail(f"{what} did not happen within {PATIENCE} seconds")
        time.sleep(0.1)


def check(desk: Desk, run: UUID) -> None:
    """As an undisturbed run ends: every page of the story once, nothing open, the log whole."""
    until(lambda: desk.ended(run), what="the end of the run")
    assert desk.ended(run) == "succeeded"
    claim = desk.one("SELECT claim_id FROM claims_coveragerun WHERE id = %s", run)
    items = "SELECT count(*) FROM claims_coverageitem WHERE claim_id = %s"
    assert desk.one(items, claim) == STORY
    assert desk.one("SELECT count(*) FROM claims_article") == STORY
    still = "SELECT count(*) FROM claims_job WHERE run_id = %s AND state IN ('queued', 'running')"
    assert desk.one(still, run) == 0
    assert desk.one("SELECT max(seq) - min(seq) + 1 - count(*) FROM claims_logentry") == 0
    over = "SELECT count(*) FROM claims_logentry WHERE claim = %s AND type = 'x-coverage.finished'"
    assert desk.one(over, claim) == 1


def flush(desk: Desk) -> None:
    """Empty the broker and the cache at once."""
    assert desk.engines.valkey is not None
    client = redis.Redis(unix_socket_path=str(desk.engines.valkey.socket))
    client.flushall()
    client.close()


def test_a_killed_postgres_costs_time_and_nothing_else(desk: Desk) -> None:
    run = desk.ask()
    until(lambda: desk.captured(run) >= 2, what="the first pages")
    assert desk.engines.postgres is not None
    assert desk.engines.postgres.child is not None
    os.kill(desk.engines.postgres.child.pid, signal.SIGKILL)
    time.sleep(1)
    desk.engines.postgres.start()
    check(desk, run)


def test_a_killed_valkey_costs_time_and_nothing_else(desk: Desk) -> None:
    run = desk.ask()
    until(lambda: desk.captured(run) >= 2, what="the first pages")
    assert desk.engines.valkey is not None
    assert desk.engines.valkey.child is not None
    desk.engines.valkey.child.finish()
    time.sleep(1)
    desk.engines.valkey.start()
    check(desk, run)


def test_a_flushed_valkey_costs_time_and_nothing_else(desk: Desk) -> None:
    run = desk.ask()
    until(lambda: desk.captured(run) >= 2, what="the first pages")
    flush(desk)
    check(desk, run)


def test_a_killed_clock_costs_time_and_nothing_else(desk: Desk, tmp_path: Path) -> None:
    """The hurried clock rests; the real one is killed, and the next one does its work."""
    desk.tell("rest")
    first = _process(desk.env, tmp_path, "beat")
    run = desk.ask()
    until(lambda: desk.captured(run) >= 2, what="the first pages")
    first.finish()
    flush(desk)
    second = _process(desk.env, tmp_path, "beat")
    try:
        check(desk, run)
    finally:
        second.stop(grace=2)
        desk.tell("go on")
