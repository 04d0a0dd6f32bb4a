"""Which texts are one wording: groups, ties and what a new text costs."""

import random
import time
from datetime import UTC, datetime, timedelta

from claims.provenance.copies import Kind, Text
from claims.provenance.wordings import Index, group, site_boilerplate
from tests.claims.text import generator
from tests.claims.text.generator import COPIES, article, dice
from tests.claims.text.test_anchors import ARABIC, ENGLISH, OTHER

NOON = datetime(2031, 3, 1, 12, tzinfo=UTC)
WHOLE = ("whole", "first 40 %", "extract", "half, reordered", "15 % edited")


def at(minute: int) -> datetime:
    return NOON + timedelta(minutes=minute)


def story(originals: int, copies: int) -> list[Text]:
    """Originals, each followed by copies of the kinds that are at least half of the text."""
    texts = []
    for seed in range(originals):
        texts.append(Text(f"o{seed:03}", article(seed), first_seen=at(seed)))
        for number in range(copies):
            change = COPIES[WHOLE[number % len(WHOLE)]]
            copied = change(article(seed), dice(100 * seed + number))
            texts.append(
                Text(f"o{seed:03}-{number}", copied, first_seen=at(1000 + 10 * seed + number))
            )
    return texts


def test_each_copy_joins_its_original_and_no_other() -> None:
    made = group(story(12, 10))
    assert sorted(len(ids) for ids in made.groups) == [11] * 12
    assert all(len({name[:4] for name in ids}) == 1 for ids in made.groups)


def test_a_group_of_copies_is_held_by_one_tie_less_than_it_has_texts() -> None:
    made = group(story(3, 20))
    ties = [relation for relation in made.relations if relation.kind is Kind.COPY]
    assert len(ties) == 3 * 20


def test_the_order_of_listing_makes_no_difference() -> None:
    texts = story(4, 8)
    mixed = random.Random(3).sample(texts, len(texts))  # noqa: S311
    assert group(mixed) == group(texts)


def test_one_more_text_is_compared_without_redoing_the_rest() -> None:
    texts = story(6, 5)
    index = Index(common=site_boilerplate(texts))
    for text in texts:
        index.add(text)
    before = index.groups()
    (relation,) = index.add(Text("new", COPIES["extract"](article(2), dice(77))))
    assert (relation.kind, relation.copy) == (Kind.COPY, "new")
    assert relation.original[:4] == "o002"
    assert [ids for ids in index.groups() if "new" not in ids] == [
        ids for ids in before if "o002" not in ids
    ]


def test_a_text_that_is_a_copy_of_two_groups_makes_them_one() -> None:
    first, second = article(1, sentences=10), article(2, sentences=10)
    index = Index()
    index.add(Text("a", first))
    index.add(Text("b", second))
    assert len(index.groups()) == 2
    index.add(Text("both", f"{first}\n{second}"))
    assert index.groups() == (("a", "b", "both"),)


def test_a_partly_copied_text_stays_a_wording_of_its_own() -> None:
    shared = article(8, sentences=4)
    made = group(
        [
            Text("a", f"{shared} {article(9, sentences=8)}", first_seen=at(0)),
            Text("b", f"{article(10, sentences=8)} {shared}", first_seen=at(1)),
        ]
    )
    assert made.groups == (("a",), ("b",))
    assert [relation.kind for relation in made.relations] == [Kind.PARTIAL]


def test_what_a_site_prints_under_everything_makes_no_copies() -> None:
    notice = generator.boilerplate(1)
    texts = [
        Text(f"t{n}", f"{article(50 + n, sentences=4)}\n{notice}", site="one.example")
        for n in range(8)
    ]
    assert len(group(texts).groups) == 8
    assert group(texts).relations == ()


def test_reports_of_one_press_conference_are_told_with_the_first_of_them() -> None:
    spoken = generator.quotation(1)
    texts = [
        Text(f"t{n}", generator.at_the_press_conference(90 + 2 * n, spoken), first_seen=at(n))
        for n in range(6)
    ]
    made = group(texts)
    assert len(made.groups) == 6
    assert {relation.kind for relation in made.relations} == {Kind.COMMON_SOURCE}
    assert {relation.original for relation in made.relations if relation.copy == "t1"} == {"t0"}


def test_the_text_that_is_credited_is_taken_before_a_nearer_copy_of_it() -> None:
    text = article(4)
    made = group(
        [
            Text("a", text, outlet="Ledger Review", first_seen=at(0)),
            Text("b", text, outlet="Harbour Echo", first_seen=at(1)),
            Text("c", text, credits=frozenset({"Harbour Echo"}), first_seen=at(2)),
        ]
    )
    assert [(r.copy, r.original) for r in made.relations] == [("b", "a"), ("c", "b")]


def test_a_translation_is_tied_once_to_the_wording_it_goes_with() -> None:
    made = group(
        [
            Text("e1", ENGLISH, language="en", first_seen=at(0)),
            Text("other", OTHER, language="en", first_seen=at(1)),
            Text("ar", ARABIC, language="ar", first_seen=at(2)),
            Text("e2", ENGLISH, language="en", first_seen=at(3)),
        ]
    )
    assert made.groups == (("e1", "e2"), ("other",), ("ar",))
    ties = [(r.kind, r.copy, r.original) for r in made.relations]
    assert ties == [(Kind.TRANSLATION, "ar", "e1"), (Kind.COPY, "e2", "e1")]


def test_two_thousand_articles_of_one_story_are_grouped_in_seconds() -> None:
    kinds = list(COPIES.values())
    texts = [
        Text(f"t{n:05}", kinds[n % 7](article(n % 40), dice(n)), site=f"site{n // 4}")
        for n in range(2_000)
    ]
    started = time.process_time()
    made = group(texts)
    # Ten thousand in a minute is what a desk needs; a fifth of them in a fifth of that, and
    # twice as much again for a busy machine.
    assert time.process_time() - started < 24
    assert sum(len(ids) for ids in made.groups) == 2_000
