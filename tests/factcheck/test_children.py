"""No process outlives the desk that started it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from factcheck import children
from factcheck.children import MARK, Plan
from factcheck.environment import BASE_DIR

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a promise of Linux")
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF_CODE = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""
DEAF = [sys.executable, "-c", DEAF_CODE]
PARENT = """
import os, sys, time
from pathlib import Path
from factcheck.children import Plan, start
home = Path(sys.argv[1])
command = sys.argv[2:]
child = start(
    Plan(name="c", command=command, env=dict(os.environ), log=home / "log", home=home)
)
print(child.pid, flush=True)
time.sleep(60)
"""


def plan(tmp_path: Path, command: list[str]) -> Plan:
    return Plan(
        name="child", command=command, env=dict(os.environ), log=tmp_path / "log", home=tmp_path
    )


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@LINUX
def test_a_child_dies_with_its_parent_even_if_that_was_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path), *SLEEP],
        cwd=BASE_DIR,
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert children.is_alive(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until(lambda: not children.is_alive(child))


def test_a_child_that_does_not_listen_is_killed_with_all_it_started(tmp_path: Path) -> None:
    child = children.start(plan(tmp_path, DEAF))
    until(lambda: (tmp_path / "log").read_bytes() != b"")
    began = time.monotonic()
    child.stop(grace=0.3)
    assert child.process.returncode == -signal.SIGKILL
    assert time.monotonic() - began < 5


@LINUX
def test_what_a_killed_run_left_is_found_by_its_mark_and_ended(tmp_path: Path) -> None:
    left = subprocess.Popen(SLEEP, env={**os.environ, MARK: str(tmp_path)})
    other = subprocess.Popen(SLEEP, env={**os.environ, MARK: f"{tmp_path}-other"})
    until(lambda: b"sleep(60)" in Path(f"/proc/{left.pid}/cmdline").read_bytes())
    children.clear(tmp_path)
    assert left.wait(5) == -signal.SIGTERM
    assert other.poll() is None
    other.kill()
    other.wait()


@LINUX
def test_a_dead_process_that_nobody_has_reaped_is_not_alive() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    until(lambda: Path(f"/proc/{ended.pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z")
    assert not children.is_alive(ended.pid)
    ended.wait()


def test_the_end_of_a_log_is_kept_for_whoever_asks_why(tmp_path: Path) -> None:
    child = children.start(plan(tmp_path, [sys.executable, "-c", "raise SystemExit('no luck')"]))
    child.process.wait()
    assert child.last_words() == "no luck"
