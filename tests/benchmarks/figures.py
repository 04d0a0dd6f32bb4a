"""A figure: what was measured, beside its baseline from the same run."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` and ``baseline`` in ``unit``; ``ratio`` is what hardly depends on the machine."""

    name: str
    value: float
    baseline: float
    unit: str = "per second"

    @property
    def ratio(self) -> float:
        return self.value / self.baseline

    def as_json(self) -> dict[str, str | float]:
        return {
            "name": self.name,
            "value": round(self.value, 3),
            "baseline": round(self.baseline, 3),
            "unit": self.unit,
            "ratio": round(self.ratio, 3),
        }


def rate(once: Callable[[], object], *, times: int) -> float:
    """How often per second something can be done: by the median, after one to warm up."""
    once()
    took = []
    for _ in range(times):
        began = time.perf_counter()
        once()
        took.append(time.perf_counter() - began)
    return 1 / median(took)
