"""An urgent claim stands above all others, whatever the weights of the policy."""

from hypothesis import given
from hypothesis import strategies as st

from reviews.queue.priority import Facts, prioritise

PARTS = ("harm", "demand", "due", "checkworthiness", "repeats", "waiting")
FACTS = st.builds(
    Facts,
    harm=st.integers(0, 3),
    demand=st.integers(1, 10_000),
    hours_to_due=st.one_of(st.none(), st.floats(-100, 100)),
    checkworthiness=st.floats(0, 1),
    articles=st.integers(0, 1_000),
    hours_waiting=st.floats(0, 1_000),
)
WEIGHTS = st.fixed_dictionaries(dict.fromkeys(PARTS, st.integers(0, 100)))


@given(pressing=FACTS, weights=WEIGHTS)
def test_the_least_urgent_claim_stands_above_the_most_pressing_other(
    pressing: Facts, weights: dict[str, int]
) -> None:
    urgent = prioritise(Facts(urgent=True), weights)

    assert urgent.score > prioritise(pressing, weights).score
    assert urgent.parts[0].name == "urgent"
    assert urgent.score == sum(part.points for part in urgent.parts) <= 32_767
