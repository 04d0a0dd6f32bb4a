"""Agreement against a published example, and against an estimate made another way."""

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.verdicts.agreement import (
    ALWAYS,
    ENOUGH,
    Pair,
    distances,
    kappa,
    measure,
    wilson,
)

# Cohen, J. (1968): Weighted kappa. Psychological Bulletin 70 (4), 213–220: 200 diagnoses by two
# judges (personality disorder, neurosis, psychosis), weights of disagreement 1, 3 and 6.
COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
COHEN_WEIGHTS = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]
PLAIN = [[0, 1, 1], [1, 0, 1], [1, 1, 0]]
tables = st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=3, max_size=3)


def pairs(*ratings: tuple[int, int], people: tuple[str, str] = ("ada", "bo")) -> list[Pair]:
    return [Pair(f"c{number}", people, two) for number, two in enumerate(ratings)]


def test_cohens_example_gives_the_values_he_printed() -> None:
    plain, weighted = kappa(COHEN, PLAIN), kappa(COHEN, COHEN_WEIGHTS)

    assert plain is not None
    assert weighted is not None
    assert round(plain.value, 3) == 0.492
    assert round(weighted.value, 3) == 0.348


@pytest.mark.parametrize("apart", [PLAIN, COHEN_WEIGHTS, distances([1, 2, 3], power=2)])
def test_the_interval_is_as_wide_as_a_jackknife_finds_it(apart: list[list[float]]) -> None:
    whole = kappa(COHEN, apart)
    assert whole is not None
    total = sum(map(sum, COHEN))
    left_out = 0.0
    for i, j in product(range(3), range(3)):
        fewer = [list(row) for row in COHEN]
        fewer[i][j] -= 1
        without = kappa(fewer, apart)
        assert without is not None
        left_out += COHEN[i][j] * (without.value - whole.value) ** 2
    error = math.sqrt(left_out * (total - 1) / total)

    assert (whole.high - whole.low) / 2 == pytest.approx(1.96 * error, rel=0.03)


def test_quadratic_weights_forgive_neighbours_more_than_linear_ones() -> None:
    near = pairs(*[(0, 0)] * 15, *[(0, 1)] * 10, *[(2, 2)] * 15)
    told = measure(near, numbers=[1, 2, 3])

    assert told.kappa is not None
    assert told.linear is not None
    assert told.quadratic is not None
    assert told.kappa.value < told.linear.value < told.quadratic.value


def test_a_rating_without_a_number_is_wholly_apart_from_all_others() -> None:
    apart = distances([1, 2, 3, None], power=1)

    assert apart[3] == [1, 1, 1, 0]
    assert apart[0] == [0, 0.5, 1, 1]


def test_a_few_pairs_are_not_enough_data() -> None:
    told = measure(pairs(*[(0, 0)] * (ENOUGH - 1)), numbers=[1, 2])

    assert not told.enough
    assert told.raw is told.kappa is told.linear is told.quadratic is None
    assert told.agreed == ENOUGH - 1


def test_where_all_ratings_are_one_chance_explains_everything() -> None:
    told = measure(pairs(*[(0, 0)] * ENOUGH), numbers=[1, 2])

    assert told.raw is not None
    assert told.raw.value == 1
    assert told.kappa is None


def test_the_widest_disagreement_comes_first() -> None:
    told = measure(pairs((0, 1), (1, 1), (0, 2)), numbers=[1, 2, 3])

    assert [one.item for one in told.disagreements] == ["c2", "c0"]


def test_two_who_only_ever_judge_together_are_told() -> None:
    steady = pairs(*[(0, 0)] * ALWAYS, people=("bo", "ada"))
    others = pairs(*[(0, 1)] * ALWAYS, people=("cy", "di")) + pairs((0, 0), people=("cy", "ed"))

    told = {one.people: one.always for one in measure(steady + others, numbers=[1, 2]).together}

    assert told == {("ada", "bo"): True, ("cy", "di"): False, ("cy", "ed"): False}


def test_wilsons_interval_stays_inside_even_where_all_agree() -> None:
    told = wilson(40, 40)
    assert told is not None
    assert told.high == 1
    assert 0.9 < told.low < 0.92


@given(tables)
def test_kappa_is_the_same_whoever_sits_first(counts: list[list[int]]) -> None:
    turned = [list(column) for column in zip(*counts, strict=True)]
    one, other = kappa(counts, COHEN_WEIGHTS), kappa(turned, COHEN_WEIGHTS)

    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert one.value == pytest.approx(other.value)
        assert one.value <= 1 + 1e-9
        assert -1 <= one.low <= one.high <= 1
