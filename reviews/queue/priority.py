"""Why a claim stands where it stands: a sum of named parts, each shown. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

URGENT_POINTS = 100
HARM_MAX = 3
DUE_HOURS = 72.0
WAITING_HOURS = 168.0
DEMAND_FULL = 100
REPEATS_FULL = 50


@dataclass(frozen=True, slots=True)
class Facts:
    """What the place of a claim depends on. Hours may be negative when the time is past."""

    harm: int = 0
    demand: int = 1
    hours_to_due: float | None = None
    checkworthiness: float = 0.0
    articles: int = 0
    hours_waiting: float = 0.0
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One reason: ``value`` between 0 and 1, times ``weight``, makes ``points``."""

    name: str
    value: float
    weight: int
    points: int

    @property
    def words(self) -> str:
        """The reason as a colleague says it."""
        return _WORDS[self.name]


@dataclass(frozen=True, slots=True)
class Priority:
    """The sum of all points, and the parts in the order of their points."""

    score: int
    parts: tuple[Part, ...]

    @property
    def why(self) -> str:
        """In one line, the two parts that weigh most."""
        told = [f"{part.words} (+{part.points})" for part in self.parts[:2] if part.points]
        return ", ".join(told) or "nothing presses"


_WORDS = {
    "urgent": "an editor marked it urgent",
    "harm": "it can do harm",
    "demand": "many asked for it",
    "due": "it is due",
    "checkworthiness": "it is worth checking",
    "repeats": "it is repeated widely",
    "waiting": "it has waited",
}


def prioritise(facts: Facts, weights: Mapping[str, int]) -> Priority:
    """The priority of a claim under the policy's weights."""
    values = {
        "harm": min(max(facts.harm, 0), HARM_MAX) / HARM_MAX,
        "demand": _log_share(facts.demand - 1, DEMAND_FULL),
        "due": _due(facts.hours_to_due),
        "checkworthiness": min(max(facts.checkworthiness, 0.0), 1.0),
        "repeats": _log_share(facts.articles - 1, REPEATS_FULL),
        "waiting": min(max(facts.hours_waiting, 0.0) / WAITING_HOURS, 1.0),
    }
    parts = [
        Part(name, round(value, 3), weights.get(name, 0), round(value * weights.get(name, 0)))
        for name, value in values.items()
    ]
    if facts.urgent:
        # More than all else can add up to, whatever the weights: urgent is the top of the queue.
        points = max(URGENT_POINTS, sum(part.weight for part in parts) + 1)
        parts.append(Part("urgent", 1.0, points, points))
    parts.sort(key=lambda part: (-part.points, part.name))
    return Priority(sum(part.points for part in parts), tuple(parts))


def _log_share(count: int, full: int) -> float:
    """Between 0 and 1; the first few count most."""
    return min(math.log1p(max(count, 0)) / math.log1p(full), 1.0)


def _due(hours: float | None) -> float:
    """Nothing three days ahead, all of it when the time has come or is past."""
    if hours is None:
        return 0.0
    return min(max(1.0 - hours / DUE_HOURS, 0.0), 1.0)
