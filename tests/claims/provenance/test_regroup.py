"""A story that grows: only what is new is compared, and the answer is that of comparing all."""

import json
from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from claims.provenance.copies import Kind, Text
from claims.provenance.regroup import (
    NOTHING,
    Near,
    Unread,
    digest_of,
    passages_as_json,
    regroup,
    relation_as_json,
    relation_from_json,
)
from claims.provenance.wordings import group
from claims.text.shingles import containment, shingles
from tests.claims.provenance.test_wordings import at, story
from tests.claims.text.generator import COPIES, article, dice


class Asked:
    """Finds whom a text is like, slowly, and remembers for which texts it was asked."""

    def __init__(self, texts: list[Text]) -> None:
        self.sets = {text.id: frozenset(shingles(text.text).hashes) for text in texts}
        self.ids: list[str] = []

    def near(self, one: str) -> Mapping[str, float]:
        self.ids.append(one)
        mine = self.sets[one]
        shares = {o: containment(mine, s) for o, s in self.sets.items() if o != one}
        return {other: share for other, share in shares.items() if share > 0}


def alike(groups: tuple[tuple[str, ...], ...]) -> set[frozenset[str]]:
    return {frozenset(ids) for ids in groups}


def test_one_more_text_is_the_only_one_that_is_compared() -> None:
    texts = story(6, 5)
    _, before = regroup(texts)
    more = [*texts, Text("new", COPIES["extract"](article(2), dice(77)), first_seen=at(9_000))]
    asked = Asked(more)
    made, after = regroup(more, before=before, near=asked.near)
    assert asked.ids == ["new"]
    assert alike(made.groups) == alike(group(more).groups)
    assert set(before.relations) < set(after.relations)
    (new,) = set(after.relations) - set(before.relations)
    assert (new.kind, new.copy) == (Kind.COPY, "new")


def test_nothing_new_is_nothing_to_compare() -> None:
    texts = story(3, 4)
    made, before = regroup(texts)
    asked = Asked(texts)
    assert regroup(texts, before=before, near=asked.near) == (made, before)
    assert asked.ids == []


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1_000_000), st.integers(3, 14))
def test_a_story_told_bit_by_bit_has_the_wordings_of_one_told_at_once(
    seed: int, start: int
) -> None:
    texts = story(4, 3)
    dice(seed).shuffle(texts)
    near: Near = Asked(texts).near
    before = NOTHING
    for count in range(start, len(texts) + 1):
        made, before = regroup(texts[:count], before=before, near=near)
    assert alike(made.groups) == alike(group(texts).groups)


def test_a_copy_finds_another_of_its_wording_when_the_original_is_gone() -> None:
    texts = story(5, 4)
    _, before = regroup(texts)
    left = [text for text in texts if text.id != "o002"]
    asked = Asked(left)
    made, _ = regroup(left, before=before, near=asked.near)
    assert alike(made.groups) == alike(group(left).groups)
    assert asked.ids
    assert all(one.startswith("o002") for one in asked.ids)


def test_a_text_that_changed_is_compared_with_its_new_words() -> None:
    texts = story(5, 4)
    _, before = regroup(texts)
    changed = [replace(text, text=article(4)) if text.id == "o001-2" else text for text in texts]
    made, _ = regroup(changed, before=before, near=Asked(changed).near)
    assert {"o001-2", "o004"} <= next(ids for ids in map(set, made.groups) if "o004" in ids)


def test_what_a_site_prints_everywhere_is_learnt_when_its_fifth_page_comes() -> None:
    notice = " ".join(f"notice{number}" for number in range(80))
    pages = [
        Text(f"p{n}", f"{article(n)}\n{notice}", site="one.example", first_seen=at(n))
        for n in range(5)
    ]
    others = [Text(f"x{n}", article(50 + n), first_seen=at(100 + n)) for n in range(8)]
    _, before = regroup([*pages[:4], *others])
    near = Asked([*pages, *others]).near
    made, _ = regroup([*pages, *others], before=before, near=near)
    assert alike(made.groups) == alike(group([*pages, *others]).groups)


def test_a_relation_kept_is_the_relation_again() -> None:
    _, compared = regroup(story(2, 3))
    assert compared.relations
    kept = json.dumps([passages_as_json(relation) for relation in compared.relations])
    for number, relation in enumerate(compared.relations):
        again = relation_from_json(relation_as_json(relation), Unread(kept, number))
        assert replace(again, passages=tuple(again.passages)) == relation
        assert digest_of(again) == digest_of(replace(again, known_as="")) == digest_of(relation)
