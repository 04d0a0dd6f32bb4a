"""The sign of life of the jobs that this process has in hand."""

import os
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import DatabaseError, InterfaceError, connection

from claims.jobs.errors import Fenced
from claims.jobs.held import Held, beat

log = structlog.get_logger(__name__)
HEARTBEAT = timedelta(seconds=5)
# Celery's hard limit is 300 s. A heart that beats for longer belongs to a worker that hangs.
LONGEST_LIFE = timedelta(seconds=330)


@dataclass(slots=True)
class _Pulse:
    """A job in hand: when it says so next, and until when, by the monotonic clock."""

    held: Held
    due: float
    until: float


class Heart:
    """Beats for every job in hand of this process: a long page or a slow host is no lost worker.

    One thread does it for all, since starting one takes longer than most work lives.
    """

    def __init__(self) -> None:
        self.forked()

    def forked(self) -> None:
        """In a fork: the thread and the jobs are the parent's."""
        self._lock = threading.Lock()
        self._sooner = threading.Event()
        self._pulses: dict[UUID, _Pulse] = {}
        self._thread: threading.Thread | None = None
        self._looks_at = 0.0

    @contextmanager
    def beating(self, held: Held) -> Iterator[None]:
        now = time.monotonic()
        pulse = _Pulse(held, now + HEARTBEAT.total_seconds(), now + LONGEST_LIFE.total_seconds())
        with self._lock:
            self._pulses[held.id] = pulse
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
            elif pulse.due < self._looks_at:
                self._sooner.set()
        try:
            yield
        finally:
            with self._lock:
                self._pulses.pop(held.id, None)

    def _run(self) -> None:
        """One beat every five seconds; most work is over before the first and costs none."""
        while True:
            now = time.monotonic()
            with self._lock:
                due = [pulse for pulse in self._pulses.values() if pulse.due <= now < pulse.until]
                for pulse in due:
                    pulse.due = now + HEARTBEAT.total_seconds()
                dues = [pulse.due for pulse in self._pulses.values() if now < pulse.until]
                self._looks_at = min([*dues, now + HEARTBEAT.total_seconds()])
                self._sooner.clear()
            if due:
                self._beat(due)
            self._sooner.wait(max(self._looks_at - time.monotonic(), 0))

    def _beat(self, due: Iterable[_Pulse]) -> None:
        try:
            for pulse in due:
                self._beat_once(pulse)
        finally:
            connection.close()

    def _beat_once(self, pulse: _Pulse) -> None:
        held = pulse.held
        try:
            beat(held)
        except Fenced:
            pulse.until = 0.0
        except (DatabaseError, InterfaceError):
            log.warning("job.no_heartbeat", job=str(held.id), kind=held.kind)


heart = Heart()
os.register_at_fork(after_in_child=heart.forked)
