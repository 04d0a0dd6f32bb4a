"""The rating scales are whole in every language the desk speaks, and fit the gates."""

from pathlib import Path
from typing import Any

import pytest

from tests.seeds.samples import SEEDS, read

SCALES = sorted((SEEDS / "scales").glob("*.json"))
LANGUAGES = {"en", "fr", "es", "ar", "he"}
CLASSES = {
    "true",
    "mostly_true",
    "mixed",
    "mostly_false",
    "false",
    "misleading",
    "unproven",
    "satire",
    "not_checkable",
}


def named(slug: str) -> dict[str, Any]:
    scale: dict[str, Any] = read(SEEDS / "scales" / f"{slug}.json")
    return scale


@pytest.mark.parametrize("path", SCALES, ids=lambda path: path.stem)
def test_a_scale_has_its_shape_and_no_empty_word(path: Path) -> None:
    scale = read(path)
    assert set(scale) == {"slug", "name", "version", "ratings"}
    assert scale["slug"] == path.stem
    assert scale["version"] == 1
    assert set(scale["name"]) == LANGUAGES
    for rating in scale["ratings"]:
        assert set(rating) == {"code", "label", "definition", "number", "class"}
        assert rating["class"] in CLASSES
        for words in (rating["label"], rating["definition"]):
            assert set(words) == LANGUAGES
            assert all(word.strip() == word != "" for word in words.values())
        assert all(text.endswith(".") for text in rating["definition"].values())


@pytest.mark.parametrize("path", SCALES, ids=lambda path: path.stem)
def test_no_two_ratings_of_a_scale_look_the_same(path: Path) -> None:
    ratings = read(path)["ratings"]
    assert len({rating["code"] for rating in ratings}) == len(ratings)
    for language in LANGUAGES:
        for part in ("label", "definition"):
            assert len({rating[part][language] for rating in ratings}) == len(ratings)


@pytest.mark.parametrize("path", SCALES, ids=lambda path: path.stem)
def test_numbers_fall_step_by_step_and_only_ratings_without_a_place_have_none(path: Path) -> None:
    ratings = read(path)["ratings"]
    numbers = [rating["number"] for rating in ratings if rating["number"] is not None]
    assert numbers == list(range(len(numbers), 0, -1))
    for rating in ratings:
        if rating["class"] in {"unproven", "satire", "not_checkable"}:
            assert rating["number"] is None


def test_six_steps_is_six_steps_and_unproven() -> None:
    ratings = named("six-steps")["ratings"]
    assert [rating["number"] for rating in ratings] == [6, 5, 4, 3, 2, 1, None]
    assert ratings[0]["class"] == "true"
    assert ratings[-2]["class"] == "false"
    assert ratings[-1]["class"] == "unproven"


def test_the_other_scales_have_three_steps_and_eight_ratings() -> None:
    steps = [r for r in named("three-steps")["ratings"] if r["number"] is not None]
    assert len(steps) == 3
    assert len(named("eight-ratings")["ratings"]) == 8


def test_every_class_is_used_by_some_scale() -> None:
    used = {rating["class"] for path in SCALES for rating in read(path)["ratings"]}
    assert used == CLASSES
