"""How many origins a story has: the rule, its corners, and what is always true."""

import json
import random
import time
from dataclasses import asdict, replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from claims.provenance.exchange import measure
from claims.provenance.origins import Article, Edge, Source, Standing, count
from tests.claims.provenance.stories import Story, articles, edges, stories
from tests.shared import shared

PERSON = Source("p", "person", "Ivo Lund, harbour master")
SECOND = Source("q", "person", "Kim Aro, vet")
OUTLET = Source("o", "outlet", "Harbour Radio")


def test_every_graph_of_the_development_data_is_counted_exactly() -> None:
    document = json.loads(shared("provenance/dev_graphs.json").read_text())
    answers = measure(document)
    wrong = [g["id"] for g in document["graphs"] if answers[g["id"]] != g["expected"]]
    total = len(document["graphs"])
    print(f"\nprovenance: {total - len(wrong)} of {total} graphs exact")  # noqa: T201
    assert wrong == []


# The corners, one rule each.


def test_a_copy_of_a_withdrawn_text_does_not_bring_it_back() -> None:
    story = Story(articles("a1", "a2", retracted="a1"), (), edges("a2 copies a1"))
    assert (story.count().origins_high, story.count().retracted) == (0, 1)


def test_a_canonical_link_to_a_withdrawn_text_does_not_bring_it_back() -> None:
    story = Story(articles("a1", "a2", retracted="a1"), (), edges("a2 declares_canonical a1"))
    assert story.count().retracted == 1


def test_withdrawing_one_copy_leaves_the_text_it_was_copied_from_standing() -> None:
    story = Story(articles("a1", "a2", retracted="a2"), (), edges("a2 copies a1"))
    assert (story.count().untraced, story.count().retracted) == (1, 0)


def test_what_a_withdrawn_article_leaned_on_is_reached_by_nobody() -> None:
    story = Story(
        articles("a1", "a2", retracted="a1"),
        (PERSON,),
        edges("a1 attributes_to p", "a2 copies a1"),
    )
    assert story.count().origins == ()
    assert story.count().origins_low == 0


def test_a_copy_with_a_source_of_its_own_still_reaches_that_source() -> None:
    story = Story(
        articles("a1", "a2", retracted="a1"),
        (PERSON,),
        edges("a2 copies a1", "a2 attributes_to p"),
    )
    assert story.count().origins == ("p",)


def test_articles_that_copy_one_another_in_a_circle_are_one_untraced_wording() -> None:
    story = Story(articles("a1", "a2"), (), edges("a1 copies a2", "a2 copies a1"))
    counted = story.count()
    assert (counted.wordings, counted.untraced, counted.circular_groups) == (1, 1, 0)


def test_a_ring_of_copies_is_withdrawn_only_when_its_every_text_is() -> None:
    ring = edges("a1 copies a2", "a2 copies a1", "a3 copies a1")
    half = Story(articles("a1", "a2", "a3", retracted="a1"), (), ring)
    whole = Story(articles("a1", "a2", "a3", retracted="a1 a2"), (), ring)
    assert (half.count().retracted, whole.count().retracted) == (0, 1)


def test_an_article_that_only_denies_is_counted_and_is_no_origin() -> None:
    story = Story(articles("a1"), (PERSON,), edges("a1 attributes_to p denial"))
    counted = story.count()
    assert (counted.articles, counted.wordings, counted.origins_high) == (1, 1, 0)


def test_a_copied_denial_is_still_a_denial() -> None:
    story = Story(
        articles("a1", "a2"), (PERSON,), edges("a1 attributes_to p denial", "a2 copies a1")
    )
    assert story.count().origins_high == 0


def test_a_copy_that_adds_a_denial_leaves_the_text_it_copied_an_origin() -> None:
    story = Story(
        articles("a1", "a2"), (PERSON,), edges("a2 attributes_to p denial", "a2 copies a1")
    )
    assert story.count().origins == ("a1",)


def test_a_rejected_denial_is_as_if_nobody_had_read_it() -> None:
    story = Story(articles("a1"), (PERSON,), edges("a1 attributes_to p denial rejected"))
    assert story.count().untraced == 1


def test_a_denial_beside_a_rejected_link_is_all_the_article_has() -> None:
    story = Story(
        articles("a1"),
        (PERSON, SECOND),
        edges("a1 attributes_to p denial", "a1 attributes_to q rejected"),
    )
    assert story.count().origins_high == 0


def test_a_translation_is_another_wording_that_rests_on_the_first() -> None:
    story = Story(articles("a1", "a2"), (PERSON,), edges("a1 attributes_to p", "a2 translates a1"))
    assert (story.count().wordings, story.count().origins) == (2, ("p",))


def test_a_press_release_copied_by_two_papers_stays_the_origin() -> None:
    release = Source("r", "document", "press release")
    story = Story(articles("a1", "a2"), (release,), edges("a1 copies r", "a2 copies r"))
    assert (story.count().origins, story.count().named) == (("r",), 1)


def test_an_article_that_cites_itself_has_no_second_source() -> None:
    story = Story(articles("a1"), (), edges("a1 attributes_to a1"))
    counted = story.count()
    assert (counted.origins, counted.circular_groups) == (("a1",), 0)


def test_a_member_that_cites_its_own_group_has_no_second_source() -> None:
    story = Story(articles("a1", "a2"), (), edges("a2 copies a1", "a2 attributes_to a1"))
    counted = story.count()
    assert (counted.origins, counted.circular_groups) == (("a1",), 0)


def test_a_circle_through_a_wording_is_shown_by_the_first_id_of_the_group() -> None:
    story = Story(
        articles("a1", "a2", "a3"),
        (),
        edges("a2 copies a1", "a2 attributes_to a3", "a3 attributes_to a1"),
    )
    counted = story.count()
    assert counted.circular == (("a1", "a3"),)
    assert counted.origins == ("a1+a3",)


def test_a_circle_with_a_way_out_is_shown_and_is_no_origin() -> None:
    story = Story(
        articles("a1", "a2"),
        (PERSON,),
        edges("a1 attributes_to a2", "a2 attributes_to a1", "a2 attributes_to p"),
    )
    counted = story.count()
    assert (counted.circular_groups, counted.origins) == (1, ("p",))


def test_what_no_article_leans_on_is_left_out() -> None:
    story = Story(
        articles("a1"),
        (PERSON, SECOND, OUTLET),
        edges("a1 attributes_to p", "q attributes_to o", "o attributes_to q"),
    )
    counted = story.count()
    assert (counted.origins, counted.circular_groups) == (("p",), 0)


@pytest.mark.parametrize(
    ("kind", "first_hand", "expected"),
    [
        ("outlet", None, "untraced"),
        ("outlet", True, "named"),
        ("outlet", False, "untraced"),
        ("person", None, "named"),
        ("person", False, "untraced"),
        ("self", None, "named"),
        ("event", None, "named"),
        ("unnamed", None, "unnamed"),
        ("unnamed", True, "unnamed"),
        ("unnamed", False, "untraced"),
        ("collective", None, "unnamed"),
    ],
)
def test_the_standing_of_a_source(
    kind: str,
    first_hand: bool | None,  # noqa: FBT001
    expected: str,
) -> None:
    source = Source("s", kind, first_hand=first_hand)
    story = Story(articles("a1"), (source,), edges("a1 attributes_to s"))
    assert getattr(story.count(), expected) == 1
    assert story.trace().origins[0].standing == expected


def test_a_path_with_one_suggested_link_does_not_raise_the_low_end() -> None:
    story = Story(
        articles("a1", "a2"),
        (PERSON, SECOND, OUTLET),
        edges(
            "a1 attributes_to p",
            "a2 attributes_to o suggested",
            "o attributes_to q",
        ),
    )
    counted = story.count()
    assert (counted.origins_low, counted.origins_high, counted.unconfirmed) == (1, 2, 1)
    assert story.with_edge(1, "confirmed").count().origins_low == 2


def test_a_suggested_copy_does_not_hide_what_its_article_reaches_by_itself() -> None:
    story = Story(
        articles("a1", "a2"),
        (PERSON, SECOND),
        edges("a1 attributes_to p", "a2 copies a1 suggested", "a2 attributes_to q"),
    )
    counted = story.count()
    assert (counted.wordings, counted.origins_low, counted.origins_high) == (1, 2, 2)


def test_a_circle_of_suggested_links_is_no_bridge_to_the_low_end() -> None:
    story = Story(
        articles("a1", "a2"),
        (PERSON, SECOND, OUTLET, Source("o2", "outlet")),
        edges(
            "a1 attributes_to p",
            "a2 attributes_to o",
            "o attributes_to o2 suggested",
            "o2 attributes_to o suggested",
            "o2 attributes_to q",
        ),
    )
    assert story.count().origins_low == 1


def test_two_mouths_of_one_ministry_are_one_voice() -> None:
    mouths = (replace(PERSON, speaks_for="Ministry"), replace(SECOND, speaks_for="Ministry"))
    story = Story(articles("a1"), mouths, edges("a1 attributes_to p", "a1 attributes_to q"))
    assert (story.count().origins_low, story.count().origins_high) == (1, 2)


def test_a_publisher_nobody_knows_is_its_own_outlet_and_owner_each_time() -> None:
    counted = count([Article("a1"), Article("a2")], [], [])
    assert (counted.outlets, counted.owners) == (2, 2)


def test_a_link_to_something_unknown_is_passed_over() -> None:
    story = Story(articles("a1"), (), edges("a1 attributes_to nowhere suggested"))
    counted = story.count()
    assert (counted.origins, counted.unconfirmed) == (("a1",), 0)


def test_the_same_article_listed_twice_is_one_article() -> None:
    assert count(articles("a1", "a1"), [], []).articles == 1


def test_one_id_with_two_descriptions_is_refused() -> None:
    with pytest.raises(ValueError, match="'a1' is listed twice"):
        count([Article("a1", "Alpha"), Article("a1", "Beta")], [], [])
    with pytest.raises(ValueError, match="'p' is the id of an article and of a source"):
        count([Article("p")], [PERSON], [])


def test_nothing_at_all_has_no_origin() -> None:
    assert count([], [], []).headline == (
        "0 articles · 0 outlets · 0 owners · 0 wordings · 0 origins (0 named)"
    )


def test_the_headline_says_each_thing_once_and_in_order() -> None:
    story = Story(
        articles("a1", "a2", "a3", "a4", retracted="a4"),
        (PERSON,),
        edges(
            "a1 attributes_to a2",
            "a2 attributes_to a1",
            "a3 attributes_to p suggested",
        ),
    )
    assert story.count().headline == (
        "4 articles · 4 outlets · 4 owners · 4 wordings · 1–2 origins (1 named)"
        " · 1 circular group · 1 untraced · 1 retracted · provisional, 1 link unconfirmed"
    )


def test_a_chain_of_a_hundred_thousand_articles_is_followed_to_its_end() -> None:
    long = [f"a{n:06}" for n in range(100_000)]
    links = [Edge(a, b, "attributes_to") for a, b in pairwise(long)]
    started = time.perf_counter()
    counted = count(articles(*long), [PERSON], [*links, Edge(long[-1], "p", "attributes_to")])
    assert counted.origins == ("p",)
    assert time.perf_counter() - started < 20


def test_a_chain_of_a_hundred_thousand_copies_is_one_wording() -> None:
    long = [f"a{n:06}" for n in range(100_000)]
    links = [Edge(a, b, "copies") for a, b in pairwise(long)]
    assert count(articles(*long), [], links).wordings == 1


def test_ten_thousand_edges_between_the_same_few_nodes_are_counted() -> None:
    dice = random.Random(7)  # noqa: S311
    ids = [f"a{n}" for n in range(40)]
    links = [
        Edge(dice.choice(ids), dice.choice([*ids, "p"]), dice.choice(["attributes_to", "copies"]))
        for _ in range(10_000)
    ]
    assert count(articles(*ids), [PERSON], links).origins == ("p",)


# What is always true.


@given(stories())
def test_the_counts_hold_together(story: Story) -> None:
    counted = story.count()
    assert counted.origins_low <= counted.origins_high
    assert counted.named <= counted.origins_high
    assert counted.origins_high == counted.named + counted.unnamed + counted.untraced
    assert len(counted.origins) == counted.origins_high
    assert counted.wordings <= counted.articles
    assert counted.owners <= counted.outlets <= counted.articles
    assert (counted.origins_low == 0) == (counted.origins_high == 0)


@given(stories(), st.randoms(use_true_random=False))
def test_the_order_of_listing_changes_nothing(story: Story, dice: random.Random) -> None:
    mixed = Story(*(tuple(dice.sample(part, len(part))) for part in _parts(story)))
    assert mixed.trace() == story.trace()


@given(stories(), st.permutations([f"x{n}" for n in range(11)]))
def test_other_ids_give_the_same_numbers(story: Story, names: list[str]) -> None:
    ids = _ids(story)
    new = dict(zip(ids, names, strict=False))
    renamed = Story(
        tuple(replace(a, id=new[a.id]) for a in story.articles),
        tuple(replace(s, id=new[s.id]) for s in story.sources),
        tuple(replace(e, source=new[e.source], target=new[e.target]) for e in story.edges),
    )
    assert _numbers(renamed) == _numbers(story)
    assert renamed.count().headline == story.count().headline


@given(stories(), st.data())
def test_a_link_that_carries_no_dependence_changes_nothing(
    story: Story, data: st.DataObject
) -> None:
    ids = _ids(story)
    useless = Edge(
        data.draw(st.sampled_from(ids)),
        data.draw(st.sampled_from(ids)),
        data.draw(st.sampled_from(["links_to", "same_owner"])),
        data.draw(st.booleans()),
        data.draw(st.sampled_from(["suggested", "confirmed", "rejected"])),
    )
    assert story.having(useless).count() == story.count()


@given(stories(), st.data())
def test_confirming_a_suggestion_never_lowers_the_low_end(
    story: Story, data: st.DataObject
) -> None:
    open_edges = [n for n, edge in enumerate(story.edges) if edge.status == "suggested"]
    assume(open_edges)
    number = data.draw(st.sampled_from(open_edges))
    before, after = story.count(), story.with_edge(number, "confirmed").count()
    assert after.origins_low >= before.origins_low
    assert (after.origins_high, after.wordings) == (before.origins_high, before.wordings)


@given(stories(), st.data())
def test_rejecting_and_confirming_again_is_as_if_nothing_had_been(
    story: Story, data: st.DataObject
) -> None:
    assume(story.edges)
    number = data.draw(st.integers(0, len(story.edges) - 1))
    confirmed = story.with_edge(number, "confirmed")
    rejected = confirmed.with_edge(number, "rejected")
    assert rejected.with_edge(number, "confirmed").trace() == confirmed.trace()
    without = replace(story, edges=story.edges[:number] + story.edges[number + 1 :])
    assert rejected.count() == without.count()


@given(stories(), st.data())
def test_one_more_copy_changes_only_articles_outlets_and_owners(
    story: Story, data: st.DataObject
) -> None:
    copied = data.draw(st.sampled_from(story.articles))
    more = Article("z", "New Paper", "New House")
    with_copy = story.having(more, Edge("z", copied.id, "copies"))
    before, after = asdict(story.count()), asdict(with_copy.count())
    for name in ("articles", "outlets", "owners", "headline"):
        before.pop(name), after.pop(name)
    assert after == before


@given(stories())
def test_a_source_nobody_cites_changes_nothing(story: Story) -> None:
    assert story.having(Source("z", "person")).count() == story.count()


@given(st.integers(2, 30), st.integers(0, 1))
def test_a_circle_of_any_size_adds_one_untraced_origin(size: int, beside: int) -> None:
    ids = [f"a{n:02}" for n in range(size)]
    ring = tuple(Edge(a, b, "attributes_to") for a, b in zip(ids, ids[1:] + ids[:1], strict=True))
    story = Story(articles(*ids), (), ring)
    if beside:
        story = story.having(*articles("b"), PERSON, *edges("b attributes_to p"))
    assert story.count().untraced == 1
    assert story.count().origins_high == 1 + beside


_CITES_ITSELF = Story(
    (Article("a0", retracted=True),),
    (),
    (
        Edge("a0", "a0", "agency_byline", is_denial=True),
        Edge("a0", "a0", "agency_byline"),
        Edge("a0", "a0", "copies"),
    ),
)


@settings(max_examples=200)
@given(stories())
@example(_CITES_ITSELF)
def test_the_count_is_what_reading_the_nine_steps_slowly_gives(story: Story) -> None:
    assert _numbers(story) == _slowly(story)


def test_the_digest_follows_the_inputs_and_not_their_order_or_their_labels() -> None:
    story = Story(articles("a1", "a2"), (PERSON,), edges("a1 attributes_to p", "a2 copies a1"))
    same = Story(story.articles[::-1], (replace(PERSON, label="x"),), story.edges[::-1])
    assert same.trace().digest == story.trace().digest
    assert story.with_edge(0, "suggested").trace().digest != story.trace().digest
    assert story.trace().version == "1"


def _ids(story: Story) -> list[str]:
    return [article.id for article in story.articles] + [source.id for source in story.sources]


def _parts(story: Story) -> tuple[tuple[Any, ...], ...]:
    return story.articles, story.sources, story.edges


_NUMBERS = (
    "wordings", "origins_low", "origins_high", "named", "unnamed", "untraced",
    "retracted", "unconfirmed", "circular_groups",
)  # fmt: skip


def _numbers(story: Story) -> dict[str, int]:
    counted = story.count()
    return {name: getattr(counted, name) for name in _NUMBERS}


def _slowly(story: Story) -> dict[str, int]:
    """The nine steps once more, by closing relations instead of walking graphs."""
    papers = {a.id: a for a in story.articles}
    sources = {s.id: s for s in story.sources}
    depends = [
        e
        for e in story.edges
        if e.status != "rejected" and e.type not in ("links_to", "same_owner")
    ]
    stands = [e for e in depends if not e.is_denial]
    # Edges, not pairs: one article may copy another and cite it besides.
    joins = {
        e
        for e in stands
        if e.type in ("copies", "declares_canonical") and {e.source, e.target} <= papers.keys()
    }
    copying = {(e.source, e.target) for e in joins}
    alike = _closed(copying | {(b, a) for a, b in copying})
    node = {i: frozenset({i, *(b for a, b in alike if a == i)}) for i in papers}
    node |= {i: frozenset({i}) for i in sources}
    gone = {i for i, thing in (papers | sources).items() if thing.retracted}
    leans = [e for e in stands if e not in joins and e.source not in gone]
    to = _closed({(node[e.source], node[e.target]) for e in leans})
    kept = {node[i] for i in papers}
    kept |= {b for a, b in to if a in kept}
    groups = {frozenset({a, *(b for b in kept if (a, b) in to and (b, a) in to)}) for a in kept}
    circles = [group for group in groups if len(group) > 1]
    sinks = [g for g in groups if not any(a in g and b not in g for a, b in to)]
    copies_of = _closed({(a, b) for a, b in copying if a != b})

    leaning = {e.source for e in stands if e not in joins}
    denying = {e.source for e in depends if e.is_denial} - leaning
    standings: list[Standing] = []
    for sink in sinks:
        members = frozenset().union(*sink)
        if len(sink) > 1:
            standings.append(Standing.UNTRACED)
        elif members <= papers.keys():
            roots = {m for m in members if not any(a == m for a, b in copies_of)} or {
                m for m in members if all((b, m) in copies_of for a, b in copies_of if a == m)
            }
            if not roots <= denying:
                standings.append(Standing.RETRACTED if roots <= gone else Standing.UNTRACED)
        else:
            standings.append(_said_of(sources[min(members)]))
    sure = _closed({(e.source, e.target) for e in leans if e.status == "confirmed"})
    voices = {
        source.speaks_for or i
        for i, source in sources.items()
        if frozenset({node[i]}) in sinks
        and _said_of(source) is Standing.NAMED
        and any((paper, i) in sure for paper in papers)
    }
    high = len(standings) - standings.count(Standing.RETRACTED)
    return {
        "wordings": len({node[i] for i in papers}),
        "origins_low": max(1, len(voices)) if high else 0,
        "origins_high": high,
        "named": standings.count(Standing.NAMED),
        "unnamed": standings.count(Standing.UNNAMED),
        "untraced": standings.count(Standing.UNTRACED),
        "retracted": standings.count(Standing.RETRACTED),
        "unconfirmed": sum(e.status == "suggested" for e in stands),
        "circular_groups": len(circles),
    }


def _said_of(source: Source) -> Standing:
    if source.retracted:
        return Standing.RETRACTED
    if source.first_hand is False or (source.kind == "outlet" and not source.first_hand):
        return Standing.UNTRACED
    vague = source.kind in ("unnamed", "collective")
    return Standing.UNNAMED if vague else Standing.NAMED


def _closed(pairs: set[tuple[Any, Any]]) -> set[tuple[Any, Any]]:
    closed = set(pairs)
    while True:
        more = {(a, d) for a, b in closed for c, d in closed if b == c} - closed
        if not more:
            return closed
        closed |= more
