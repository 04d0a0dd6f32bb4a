"""Reads hostile bytes in a child process that may be killed: limits on CPU, memory and time.

The child is a plain subprocess that serves one request after the other over its pipes: worker
processes of the job queue may have no children of ``multiprocessing``, and starting a reader
costs more than reading a page. After a kill, and after many pages, the next call gets a new one.
A second child is started for who asks for two pages before taking the first.
"""

import atexit
import contextlib
import importlib
import json
import os
import resource
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from claims.web.errors import Unreadable
from claims.web.page import Page, from_json

_HEADER = struct.Struct(">II")
_ROOT = Path(__file__).resolve().parents[2]
_LARGEST_ANSWER = 256 << 20
AT_ONCE = 2
"""How many pages one process may have in reading before it takes what the first one says."""
_READ_PAGE = "claims.web.page:read_as_json"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one call may cost: seconds on the clock, seconds of CPU, bytes of address space.

    ``calls``: after so many a child is replaced, since parsers keep what they once took.
    """

    wall: float = 20.0
    cpu: int = 15
    memory: int = 1 << 30
    calls: int = 500


BOUNDS = Bounds()


def read(
    body: bytes,
    *,
    url: str = "",
    media_type: str = "",
    charset: str = "",
    bounds: Bounds = BOUNDS,
) -> Page:
    """``claims.web.page.read`` in the child; ``Unreadable`` when it had to be stopped."""
    with being_read(body, url=url, media_type=media_type, charset=charset, bounds=bounds) as page:
        return page()


@contextlib.contextmanager
def being_read(
    body: bytes,
    *,
    url: str = "",
    media_type: str = "",
    charset: str = "",
    bounds: Bounds = BOUNDS,
) -> Iterator[Callable[[], Page]]:
    """``read`` while the caller does something else, and then asks once for the page."""
    options = {"url": url, "media_type": media_type, "charset": charset}
    with _at_it(_READ_PAGE, body, options=options, bounds=bounds) as answer:
        yield lambda: from_json(answer())


def call(
    function: str, body: bytes, *, options: Mapping[str, Any], bounds: Bounds = BOUNDS
) -> dict[str, Any]:
    """Runs ``module:function`` of this project on *body* in the child and gives its answer.

    The function takes the bytes and *options* as keywords and answers with JSON's types. Raises
    ``Unreadable``: ``too_slow``, ``too_big``, ``crashed``, or ``broken`` when it raised itself.
    """
    with _at_it(function, body, options=options, bounds=bounds) as answer:
        return answer()


def prepare() -> None:
    """Has a child ready, so that the first page does not wait until it has started."""
    if _FIRST.lock.acquire(blocking=False):
        try:
            _FIRST.child(BOUNDS)
        finally:
            _FIRST.lock.release()


@contextlib.contextmanager
def _at_it(
    function: str, body: bytes, *, options: Mapping[str, Any], bounds: Bounds
) -> Iterator[Callable[[], dict[str, Any]]]:
    """A child at work on *body*; what it answers. Nobody else has it meanwhile."""
    with _free_seat() as seat:
        child = seat.child(bounds)
        try:
            child.begin(function, body, options)
            yield child.answer
        finally:
            # A worker that is interrupted in the middle leaves half an answer in the pipe.
            if not child.clean:
                seat.drop()


@contextlib.contextmanager
def _free_seat() -> Iterator["_Seat"]:
    """The first seat whose child is not at work; where all are, the one it waits for."""
    seat = next((seat for seat in _SEATS if seat.lock.acquire(blocking=False)), None)
    if seat is None:
        seat = _FIRST
        seat.lock.acquire()
    try:
        yield seat
    finally:
        seat.lock.release()


def close() -> None:
    """Ends the children of this process, if it has any."""
    for seat in _SEATS:
        with seat.lock:
            seat.drop()


class _Child:
    """One reader, and the two pipes to it."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.calls = 0
        self.clean = True
        self._end = 0.0
        self._failure: Unreadable | None = None
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
            [sys.executable, "-m", __name__, json.dumps([bounds.cpu, bounds.memory])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env=_environment(),
        )

    @property
    def worn(self) -> bool:
        """Whether it has read enough, or is gone: somebody may have killed it meanwhile."""
        return self.calls >= self.bounds.calls or self._process.poll() is not None

    def begin(self, function: str, body: bytes, options: Mapping[str, Any]) -> None:
        """Hand over the bytes; until its answer is taken the child is good for nothing else.

        What goes wrong already here is said when the answer is asked for.
        """
        self.calls += 1
        self.clean = False
        self._end = time.monotonic() + self.bounds.wall
        head = json.dumps({"function": function, "options": dict(options)}).encode()
        try:
            self._write(_HEADER.pack(len(head), len(body)) + head + body, self._end)
        except Unreadable as error:
            self._failure = error

    def answer(self) -> dict[str, Any]:
        if self._failure is not None:
            raise self._failure
        size, _ = _HEADER.unpack(self._take(_HEADER.size, self._end))
        if size > _LARGEST_ANSWER:
            raise Unreadable("too_big", "Reading this page gave more than can be kept.")
        answer: dict[str, Any] = json.loads(self._take(size, self._end))
        failed = answer.get("failed")
        # One that ran out of memory once would do so on the next page too.
        self.clean = failed in {None, "broken"}
        if failed is not None:
            raise Unreadable(failed, _WORDS[failed])
        done: dict[str, Any] = answer["done"]
        return done

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()

    def abandon(self) -> None:
        """In a fork: lets go of the pipes without touching the other process's child."""
        self._process.returncode = 0
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    os.close(pipe.fileno())

    def _write(self, data: bytes, end: float) -> None:
        pipe = self._pipe(self._process.stdin)
        os.set_blocking(pipe, False)
        view = memoryview(data)
        while view:
            self._wait(end, writing=pipe)
            try:
                view = view[os.write(pipe, view[: 1 << 20]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise self._ended() from error

    def _take(self, size: int, end: float) -> bytes:
        pipe = self._pipe(self._process.stdout)
        taken = bytearray()
        while len(taken) < size:
            self._wait(end, reading=pipe)
            piece = os.read(pipe, size - len(taken))
            if not piece:
                raise self._ended()
            taken += piece
        return bytes(taken)

    def _wait(self, end: float, *, reading: int | None = None, writing: int | None = None) -> None:
        # What came while the caller was busy is taken, however long that was.
        left = max(end - time.monotonic(), 0.0)
        reads = [] if reading is None else [reading]
        writes = [] if writing is None else [writing]
        if select.select(reads, writes, [], left) == ([], [], []):
            raise Unreadable("too_slow", _WORDS["too_slow"])

    def _pipe(self, pipe: IO[bytes] | None) -> int:
        if pipe is None:
            raise self._ended()
        return pipe.fileno()

    def _ended(self) -> Unreadable:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1)
        code = {-24: "too_slow", -9: "too_big"}.get(self._process.returncode or 0, "crashed")
        return Unreadable(code, _WORDS[code])


_WORDS = {
    "too_slow": "Reading this page took too long, so it was stopped.",
    "too_big": "Reading this page took too much memory, so it was stopped.",
    "crashed": "The reader broke down over this page.",
    "broken": "This page cannot be read.",
}


class _Seat:
    """A place for one child of this process, and the lock around it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._current: _Child | None = None

    def child(self, bounds: Bounds) -> _Child:
        current = self._current
        if current is not None and (current.worn or current.bounds != bounds):
            self.drop()
        if self._current is None:
            self._current = _Child(bounds)
        return self._current

    def drop(self) -> None:
        if self._current is not None:
            self._current.kill()
            self._current = None

    def forked(self) -> None:
        """In a fork: a lock of its own, and hands off the child and the pipes of the parent."""
        self.lock = threading.Lock()
        if self._current is not None:
            self._current.abandon()
            self._current = None


_SEATS = tuple(_Seat() for _ in range(AT_ONCE))
_FIRST = _SEATS[0]


def _environment() -> dict[str, str]:
    """Nothing of the house's secrets: what a reader does not know it cannot give away."""
    return {
        "PATH": os.defpath,
        "PYTHONPATH": str(_ROOT),
        "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": "1",
    }


atexit.register(close)
for _seat in _SEATS:
    os.register_at_fork(after_in_child=_seat.forked)


def _serve(cpu: int, memory: int) -> None:
    """The child's whole life: limits, then one request after the other until the pipe closes."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # A library that prints must not answer.
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    while header := requests.read(_HEADER.size):
        head_size, body_size = _HEADER.unpack(header)
        head = json.loads(requests.read(head_size))
        body = requests.read(body_size)
        used = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(used.ru_utime + used.ru_stime) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (spent + cpu, resource.RLIM_INFINITY))
        answer = json.dumps(_answer(head, body)).encode()
        answers.write(_HEADER.pack(len(answer), 0) + answer)
        answers.flush()


def _answer(head: Mapping[str, Any], body: bytes) -> dict[str, Any]:
    module, _, name = head["function"].partition(":")
    try:
        function = getattr(importlib.import_module(module), name)
        return {"done": function(body, **head["options"])}
    except MemoryError:
        return {"failed": "too_big"}
    except Exception:  # noqa: BLE001 - whatever a stranger's page breaks, the reader goes on
        return {"failed": "broken"}


if __name__ == "__main__":
    _serve(*json.loads(sys.argv[1]))
