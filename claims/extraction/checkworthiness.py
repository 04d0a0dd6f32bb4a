"""How much an assertion is worth checking: a sum of named parts that a person can see."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One reason and its points; the points of a candidate add up to its score."""

    name: str
    points: float
