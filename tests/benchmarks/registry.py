"""The benchmarks by name; each is told how many claims there are, and yields its figures."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.benchmarks import admin, archive, coverage, log, queue, reading, reports
from tests.benchmarks.provenance import measured

BENCHMARKS: dict[str, Callable[[int], Iterator[Any]]] = {
    "reading": lambda _size: reading.figures(),
    "log": lambda _size: log.figures(),
    "queue": queue.figures,
    "admin": admin.figures,
    "provenance": measured,
    "coverage": coverage.figures,
    "archive": archive.figures,
    "reports": reports.figures,
}
