"""Several clients at once, each a process of its own, and what each of their acts took."""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

from django.db import connections

CLIENTS = 8

Work = Callable[[int], Iterator[Any]]
"""What client number n does: a generator that yields after each act. The first one warms up."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What all clients did: seconds from the start to the last, each act's own, what they got."""

    seconds: float
    acts: list[float]
    got: list[Any]

    @property
    def rate(self) -> float:
        return len(self.acts) / self.seconds

    @property
    def p95(self) -> float:
        return percentile(self.acts, 95)


def at_once(work: Work, *, clients: int = CLIENTS) -> Outcome:
    """Let all clients start together. A connection to the database is each one's own."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    together = context.Barrier(clients)
    pipes, children = [], []
    for number in range(clients):
        here, there = context.Pipe(duplex=False)
        child = context.Process(target=_be_one, args=(work, number, together, there))
        child.start()
        there.close()
        pipes.append(here)
        children.append(child)
    told = [pipe.recv() for pipe in pipes]
    for child in children:
        child.join()
    failed = [answer for answer in told if isinstance(answer, str)]
    if failed:
        raise RuntimeError(failed[0])
    began, ended = min(one[0] for one in told), max(one[1] for one in told)
    return Outcome(
        ended - began,
        [took for one in told for took in one[2]],
        [got for one in told for got in one[3]],
    )


def percentile(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)]


def _be_one(work: Work, number: int, together: Barrier, pipe: Connection) -> None:
    try:
        pipe.send(_timed(work(number), together))
    except Exception as error:  # noqa: BLE001 - told to the parent, which raises
        together.abort()
        pipe.send(f"Client {number}: {type(error).__name__}: {error}")
    finally:
        connections.close_all()


def _timed(acts: Iterator[Any], together: Barrier) -> tuple[float, float, list[float], list[Any]]:
    took, got = [], [next(acts)]
    together.wait(timeout=120)
    began = before = time.monotonic()
    for one in acts:
        now = time.monotonic()
        took.append(now - before)
        before = now
        got.append(one)
    return began, before, took, got
