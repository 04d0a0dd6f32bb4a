"""The benchmarks by name; each is told how many claims there are, and yields its figures."""

from collections.abc import Callable, Iterator

from tests.benchmarks import log, queue, reading
from tests.benchmarks.figures import Figure
from tests.benchmarks.provenance import Measured, measured

BENCHMARKS: dict[str, Callable[[int], Iterator[Figure] | Iterator[Measured]]] = {
    "reading": lambda _size: reading.figures(),
    "log": lambda _size: log.figures(),
    "queue": queue.figures,
    "provenance": measured,
}
