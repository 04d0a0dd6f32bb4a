"""Starts processes that never outlive this one, and stops them with a grace."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

# Every child carries the home it works for, so that a later start finds what a kill -9 left.
MARK = "FACTCHECK_CHILD_OF"
PR_SET_PDEATHSIG = 1
LOG_BYTES_MAX = 5 * 1024 * 1024
CLEARING_GRACE = 6.0

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


@dataclass(frozen=True, slots=True)
class Plan:
    """How to start one child.

    ``uid``: run as this user, given up for good before the exec. ``tells``: what it says on
    standard output is for us, by a pipe; the rest goes to its log. ``ours``: it writes where
    we write, and keeps no log.
    """

    name: str
    command: Sequence[str | Path]
    env: Mapping[str, str]
    log: Path
    home: Path
    cwd: Path = field(default=Path("/"))
    uid: int | None = None
    gid: int | None = None
    stop_with: signal.Signals = signal.SIGTERM
    tells: bool = False
    ours: bool = False


@dataclass(slots=True)
class Child:
    """A running child: the leader of its own session."""

    plan: Plan
    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.alive:
            self.process.send_signal(self.plan.stop_with)

    def stop(self, *, grace: float) -> None:
        """Ask, wait ``grace`` seconds, then kill it with everything it started."""
        self.ask_to_stop()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(grace)
        self.finish()

    def finish(self) -> None:
        """Kill what is left of the session, and reap the leader."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def last_words(self, *, lines: int = 5) -> str:
        """The end of its log, for whoever has to be told why it died."""
        try:
            said = self.plan.log.read_text(errors="replace").strip().splitlines()
        except OSError:
            return ""
        return "\n".join(said[-lines:])


def start(plan: Plan) -> Child:
    """Start a child. Call it in the main thread: the kernel's promise is tied to the thread."""
    if plan.log.exists() and plan.log.stat().st_size > LOG_BYTES_MAX:
        plan.log.replace(plan.log.with_suffix(".old.log"))
    with plan.log.open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own commands, no shell
            [str(part) for part in plan.command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if plan.tells else None if plan.ours else log,
            stderr=None if plan.ours else log,
            env={**plan.env, MARK: str(plan.home)},
            cwd=plan.cwd,
            start_new_session=True,
            preexec_fn=_die_with(os.getpid(), plan.stop_with),  # noqa: PLW1509 - no threads here
            user=plan.uid,
            group=plan.gid,
            extra_groups=None if plan.uid is None else [],
        )
    return Child(plan, process)


def _die_with(parent: int, how: signal.Signals) -> Callable[[], None]:
    """Runs between fork and exec, after the change of user (which would forget the promise)."""

    def promise() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(how), 0, 0, 0)
            if os.getppid() != parent:  # it died before we asked
                os._exit(1)

    return promise


def clear(home: Path) -> None:
    """End what a former run of this home left behind. Only for who holds the home's lock."""
    mark = f"{MARK}={home}".encode()
    end([pid for pid in _all() if mark in _read(pid, "environ").split(b"\0")])


def working_in(folder: Path, *, program: str) -> list[int]:
    """Processes of one program whose working folder this is (Linux; elsewhere none is seen).

    Postgres writes over its environment for the sake of ``ps``, so its sessions bear no mark.
    """
    found = []
    for pid in _all():
        with suppress(OSError):
            if (
                Path(f"/proc/{pid}/cwd").resolve() == folder.resolve()
                and Path(f"/proc/{pid}/exe").resolve().name == program
            ):
                found.append(pid)
    return found


def end(pids: Sequence[int], *, grace: float = CLEARING_GRACE) -> None:
    """Ask processes that are not our children to end, then kill them; wait until they are gone."""
    left = list(pids)
    for how in (signal.SIGTERM, signal.SIGKILL):
        for pid in left:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, how)
        deadline = time.monotonic() + grace
        while left and time.monotonic() < deadline:
            time.sleep(0.02)
            left = [pid for pid in left if is_alive(pid)]


def is_alive(pid: int) -> bool:
    """Whether a process runs. One that has ended and was not reaped yet does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    state = _read(pid, "stat").rpartition(b")")[2].split()
    return not state or state[0] not in {b"Z", b"X"}


def _all() -> list[int]:
    return [
        int(path.name) for path in Path("/proc").glob("[0-9]*") if int(path.name) != os.getpid()
    ]


def _read(pid: int, what: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{what}").read_bytes()
    except OSError:  # another user's, or gone
        return b""
