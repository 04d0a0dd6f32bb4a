"""The benchmarks by name; each yields its figures."""

from collections.abc import Callable, Iterator

from tests.benchmarks import reading
from tests.benchmarks.figures import Figure

BENCHMARKS: dict[str, Callable[[], Iterator[Figure]]] = {"reading": reading.figures}
