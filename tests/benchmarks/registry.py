"""The benchmarks by name; each is told how many claims there are, and yields its figures."""

from collections.abc import Callable, Iterator

from tests.benchmarks import log, queue, reading
from tests.benchmarks.figures import Figure

BENCHMARKS: dict[str, Callable[[int], Iterator[Figure]]] = {
    "reading": lambda _size: reading.figures(),
    "log": lambda _size: log.figures(),
    "queue": queue.figures,
}
