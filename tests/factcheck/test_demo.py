"""The demo's processes start together, live again when they die, and end together."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from factcheck import children, probe, processes
from factcheck.environment import BASE_DIR

pytestmark = pytest.mark.slow

# Everything but the sample desk itself, which has tests of its own.
RUN = "import sys; from factcheck import demo; demo.PREPARE = ('prepare',); sys.exit(demo.main())"
WAIT = 90.0


class Running:
    """One demo in a process of its own, as a user starts it."""

    def __init__(self, home: Path, port: int) -> None:
        self.home = home
        self.out = home.with_suffix(f".{time.monotonic_ns()}")
        told = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SITE_URL",
                            "SECRET_KEY", "ALLOWED_HOSTS", children.MARK}
        }  # fmt: skip
        with self.out.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-c", RUN],
                env={**told, "FACTCHECK_HOME": str(home), "PORT": str(port)},
                cwd=BASE_DIR,
                stdout=out,
                stderr=out,
            )

    def told(self) -> dict[str, Any]:
        """What demo.json says, once it is there."""
        self.until((self.home / "demo.json").exists)
        return dict(json.loads((self.home / "demo.json").read_text()))

    def until(self, happened: Callable[[], bool]) -> None:
        deadline = time.monotonic() + WAIT
        while not happened():
            assert self.process.poll() is None, self.out.read_text()
            assert time.monotonic() < deadline, self.out.read_text()
            time.sleep(0.1)

    def is_ready(self) -> bool:
        port = int(self.told()["base_url"].rpartition(":")[2])
        return probe.ask("/readyz", host="127.0.0.1", port=port)[0] == 200

    def stop(self) -> float:
        """End it as Ctrl-C does; how many seconds that took."""
        began = time.monotonic()
        self.process.terminate()
        self.process.wait(20)
        return time.monotonic() - began


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture
def start(place: Path) -> Iterator[Callable[[int], Running]]:
    started: list[Running] = []

    def one(port: int) -> Running:
        started.append(Running(place / "home", port))
        return started[-1]

    yield one
    for running in started:
        if running.process.poll() is None:
            running.stop()


def test_a_demo_starts_revives_refuses_a_second_and_stops(
    start: Callable[[int], Running], taken_port: int
) -> None:
    first = start(taken_port)
    told = first.told()
    assert told["base_url"] != f"http://127.0.0.1:{taken_port}"
    assert f"Port {taken_port} is taken" in first.out.read_text()
    assert set(told["pids"]) == set(processes.STOP_ORDER)
    assert stat.S_IMODE((first.home / "demo.json").stat().st_mode) == 0o600
    assert first.is_ready()

    manage = subprocess.run(
        [sys.executable, "manage.py", "check", "--database", "default"],
        env={"FACTCHECK_HOME": str(first.home), "PATH": os.environ["PATH"]},
        cwd=BASE_DIR, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert manage.returncode == 0, manage.stderr

    second = start(taken_port)
    assert second.process.wait(20) == 2
    [line] = second.out.read_text().splitlines()
    assert f"process {first.process.pid}, {told['base_url']}" in line

    for name in processes.STOP_ORDER:
        before = first.told()["pids"][name]
        os.kill(before, signal.SIGKILL)
        first.until(lambda name=name, before=before: first.told()["pids"][name] != before)  # type: ignore[misc]
    first.until(first.is_ready)

    pids = first.told()["pids"].values()
    assert first.stop() < 10
    assert first.process.returncode == 0
    assert not [pid for pid in pids if children.is_alive(pid)]
    assert not (first.home / "demo.json").exists()


def test_a_kill_of_everything_leaves_nothing_that_the_next_start_does_not_clear(
    start: Callable[[int], Running], taken_port: int
) -> None:
    killed = start(taken_port)
    pids = killed.told()["pids"]
    for pid in (killed.process.pid, *pids.values()):
        os.kill(pid, signal.SIGKILL)
    killed.process.wait()
    (killed.home / "demo.json").unlink()
    again = start(taken_port)
    again.until(again.is_ready)
    left = children.working_in(killed.home / "postgres" / "data", program="postgres")
    assert pids["postgres"] not in left
    again.stop()
    assert again.process.returncode == 0


def test_a_wish_to_stop_is_heard_in_the_middle_of_the_start(
    start: Callable[[int], Running], taken_port: int
) -> None:
    running = start(taken_port)
    running.until(lambda: "Starting Postgres" in running.out.read_text())
    assert running.stop() < 10
    assert running.process.returncode == 0


def test_a_demo_is_not_started_for_others_to_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOST", "0.0.0.0")
    running = Running(tmp_path / "home", 8000)
    assert running.process.wait(20) == 2
    assert running.out.read_text().startswith("HOST: ")
    assert not (tmp_path / "home").exists()


def test_one_that_dies_over_and_over_ends_the_demo_with_its_cause(place: Path) -> None:
    code = (
        "import sys; from factcheck import demo, processes; demo.PREPARE = ('prepare',);"
        " processes.WORKER_CHILDREN = 'many'; sys.exit(demo.main())"
    )
    told = {name: value for name, value in os.environ.items() if "_URL" not in name}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**told, "FACTCHECK_HOME": str(place / "home"), "PORT": "8400"},
        cwd=BASE_DIR, capture_output=True, text=True, check=False, timeout=WAIT,
    )  # fmt: skip
    assert done.returncode == 1
    assert "worker died 5 times within a minute" in done.stderr
