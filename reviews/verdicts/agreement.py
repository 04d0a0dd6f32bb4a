"""How far reviewers agree before they have seen each other: raw, by chance, and where not. Pure.

Weighted kappa after Cohen (1968), its standard error for large samples after Fleiss, Cohen and
Everitt (1969). Only blind ratings belong in here: what was settled afterwards agrees by design.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

# Below so many pairs an interval is wider than what it could tell.
ENOUGH = 30
# So many rounds together, and none with anybody else, make a pair worth a look.
ALWAYS = 5
Z_95 = 1.959964

Matrix = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two blind ratings of one round, as positions on its scale, and whose they were."""

    item: str
    people: tuple[str, str]
    ratings: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval of 95 %."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Together:
    """Two people, how often they judged together, and whether never with anybody else."""

    people: tuple[str, str]
    rounds: int
    agreed: int
    always: bool


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the pairs say. An estimate is None where there is not enough data, or no chance
    to disagree (all ratings are one)."""

    pairs: int
    agreed: int
    raw: Estimate | None
    kappa: Estimate | None
    linear: Estimate | None
    quadratic: Estimate | None
    disagreements: tuple[Pair, ...]
    together: tuple[Together, ...]

    @property
    def enough(self) -> bool:
        return self.pairs >= ENOUGH


def measure(pairs: Sequence[Pair], *, numbers: Sequence[float | None]) -> Agreement:
    """The agreement of ratings on one scale; ``numbers`` are its ratings' places, or None.

    Three reviewers make three pairs, which are not independent: their interval is then too
    narrow. Disagreements come with the widest apart first.
    """
    agreed = sum(one.ratings[0] == one.ratings[1] for one in pairs)
    enough = len(pairs) >= ENOUGH
    counts = table([one.ratings for one in pairs], size=len(numbers))
    by_distance = distances(numbers, power=1)
    apart = [one for one in pairs if one.ratings[0] != one.ratings[1]]
    apart.sort(key=lambda one: -by_distance[one.ratings[0]][one.ratings[1]])
    plain = distances([None] * len(numbers), power=1)
    return Agreement(
        pairs=len(pairs),
        agreed=agreed,
        raw=wilson(agreed, len(pairs)) if enough else None,
        kappa=kappa(counts, plain) if enough else None,
        linear=kappa(counts, by_distance) if enough else None,
        quadratic=kappa(counts, distances(numbers, power=2)) if enough else None,
        disagreements=tuple(apart),
        together=_together(pairs),
    )


def table(ratings: Sequence[tuple[int, int]], *, size: int) -> list[list[int]]:
    """How often each rating of the first seat met each of the second."""
    counts = [[0] * size for _ in range(size)]
    for first, second in ratings:
        counts[first][second] += 1
    return counts


def distances(numbers: Sequence[float | None], *, power: int) -> list[list[float]]:
    """How far two ratings are apart, from 0 to 1: linear (1) or quadratic (2).

    A rating without a number (unproven, satire) stands on no line: it is wholly apart from all
    others.
    """
    known = [number for number in numbers if number is not None]
    widest = max(known, default=0.0) - min(known, default=0.0)

    def apart(one: int, other: int) -> float:
        here, there = numbers[one], numbers[other]
        if one == other:
            return 0.0
        if here is None or there is None or not widest:
            return 1.0
        return float((abs(here - there) / widest) ** power)

    size = range(len(numbers))
    return [[apart(one, other) for other in size] for one in size]


def kappa(counts: Matrix, apart: Matrix) -> Estimate | None:
    """Weighted kappa of a square table under disagreement weights; None where undefined.

    ``apart`` is any weight of disagreement, 0 on the diagonal; only its proportions matter.
    """
    total = sum(map(sum, counts))
    most = max(map(max, apart), default=0.0)
    if not total or not most:
        return None
    size = range(len(counts))
    share = [[cell / total for cell in row] for row in counts]
    weight = [[1 - cell / most for cell in row] for row in apart]
    rows = [sum(share[i]) for i in size]
    columns = [sum(share[i][j] for i in size) for j in size]
    seen = sum(weight[i][j] * share[i][j] for i in size for j in size)
    by_chance = sum(weight[i][j] * rows[i] * columns[j] for i in size for j in size)
    if math.isclose(by_chance, 1.0):
        return None
    value = (seen - by_chance) / (1 - by_chance)
    of_row = [sum(columns[j] * weight[i][j] for j in size) for i in size]
    of_column = [sum(rows[i] * weight[i][j] for i in size) for j in size]
    spread = (
        sum(
            share[i][j] * (weight[i][j] - (of_row[i] + of_column[j]) * (1 - value)) ** 2
            for i in size
            for j in size
        )
        - (value - by_chance * (1 - value)) ** 2
    )
    error = math.sqrt(max(spread, 0.0) / total) / (1 - by_chance)
    return Estimate(value, max(value - Z_95 * error, -1.0), min(value + Z_95 * error, 1.0))


def wilson(hits: int, total: int) -> Estimate | None:
    """A share with Wilson’s interval, which stays inside 0 and 1 (Wilson 1927)."""
    if not total:
        return None
    share, square = hits / total, Z_95**2
    middle = (share + square / (2 * total)) / (1 + square / total)
    half = math.sqrt(share * (1 - share) / total + square / (4 * total**2))
    half *= Z_95 / (1 + square / total)
    return Estimate(share, max(middle - half, 0.0), min(middle + half, 1.0))


def _together(pairs: Sequence[Pair]) -> tuple[Together, ...]:
    """Every two people, the most frequent first."""
    met: Counter[tuple[str, str]] = Counter()
    agreed: Counter[tuple[str, str]] = Counter()
    sat: Counter[str] = Counter()
    for one in pairs:
        here, there = sorted(one.people)
        met[here, there] += 1
        agreed[here, there] += one.ratings[0] == one.ratings[1]
        sat.update(one.people)
    return tuple(
        Together(
            two, rounds, agreed[two], rounds >= ALWAYS and rounds == sat[two[0]] == sat[two[1]]
        )
        for two, rounds in sorted(met.items(), key=lambda item: (-item[1], item[0]))
    )
