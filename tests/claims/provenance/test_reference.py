"""Graphs as they come in from outside, counted like the plain reading of the nine steps."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from claims.provenance.exchange import measure
from claims.provenance.origins import EDGE_TYPES, KINDS, STATUSES
from tests.claims.provenance.reference import summary
from tests.shared import shared

PAPERS = [f"a{n}" for n in range(7)]
CITED = [f"s{n}" for n in range(5)]


def _some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects in which each of these keys may be missing."""
    return st.fixed_dictionaries({}, optional=fields)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Any small graph: loops, rings, the same edge twice, ends nobody knows, keys left out."""
    flag = st.sampled_from([None, True, False])
    papers = draw(st.lists(st.sampled_from(PAPERS), unique=True))
    cited = draw(st.lists(st.sampled_from(CITED), unique=True))
    house = st.sampled_from([None, "", "North", "South", "East"])
    article = _some(outlet=house, owner=house, retracted=flag, lang=st.just("en"))
    source = _some(
        label=st.text(max_size=3),
        named=flag,
        first_hand=flag,
        agency=flag,
        retracted=flag,
        speaks_for=st.sampled_from([None, "", "Ministry", "Club"]),
    )
    edge = _some(
        is_denial=st.sampled_from([None, False, False, True]),
        status=st.sampled_from([None, *sorted(STATUSES), "confirmed", "suggested"]),
        cue=st.just("said"),
    )
    ends = st.sampled_from([*papers, *cited, "nobody"])
    kinds, types = st.sampled_from(sorted(KINDS)), st.sampled_from(sorted(EDGE_TYPES))
    edges = [
        {"from": draw(ends), "to": draw(ends), "type": draw(types), **draw(edge)}
        for _ in range(draw(st.integers(0, 16)))
    ]
    edges += [dict(one) for one in edges[: draw(st.integers(0, 2))]]
    return {
        "id": "g",
        "articles": [{"id": one, **draw(article)} for one in papers],
        "sources": [{"id": one, "kind": draw(kinds), **draw(source)} for one in cited],
        "edges": edges,
    }


def edge(source: str, kind: str, target: str, **more: Any) -> dict[str, Any]:
    return {"from": source, "to": target, "type": kind, **more}


RING_IN_RINGS = {
    "id": "g",
    "articles": [{"id": one} for one in PAPERS],
    "sources": [{"id": "s0", "kind": "outlet"}, {"id": "s1", "kind": "outlet"}],
    "edges": [
        *(edge(a, "attributes_to", b) for a, b in pairwise([*PAPERS[:3], PAPERS[0]])),
        *(edge(a, "translates", b) for a, b in pairwise([*PAPERS[3:6], PAPERS[3]])),
        edge("a0", "attributes_to", "a3"),
        edge("a5", "agency_byline", "a1", status="suggested"),
        edge("a6", "attributes_to", "s0"),
        edge("s0", "attributes_to", "s1"),
        edge("s1", "attributes_to", "s0"),
        edge("s1", "copies", "s1"),
    ],
}


@settings(max_examples=400, deadline=None)
@given(documents())
@example(RING_IN_RINGS)
@example({"id": "g", "articles": [], "edges": [edge("nobody", "copies", "nobody")]})
def test_any_graph_is_counted_as_its_plain_reading_says(graph: dict[str, Any]) -> None:
    assert measure({"graphs": [graph]})["g"] == summary(graph)


def test_the_plain_reading_itself_gives_the_numbers_of_the_development_data() -> None:
    graphs = json.loads(shared("provenance/dev_graphs.json").read_text())["graphs"]
    wrong = [one["id"] for one in graphs if summary(one) != one["expected"]]
    assert graphs
    assert wrong == []


def test_rings_that_touch_are_one_circle() -> None:
    counted = measure({"graphs": [RING_IN_RINGS]})["g"]
    assert counted["circular"] == [["a0", "a1", "a2", "a3", "a4", "a5"], ["s0", "s1"]]
    assert counted["untraced"] == counted["origins_high"] == 2


@pytest.mark.parametrize("kind", ["attributes_to", "copies", "translates"])
@pytest.mark.parametrize("closed", [False, True], ids=["chain", "ring"])
def test_ten_thousand_in_a_row_are_followed_to_the_end(kind: str, *, closed: bool) -> None:
    row = [f"a{n:05}" for n in range(10_000)]
    edges = [edge(one, kind, other) for one, other in pairwise(row)]
    edges += [edge(row[-1], kind, row[0])] if closed else []
    graph = {"id": "g", "articles": [{"id": one} for one in row], "edges": edges}
    counted = measure({"graphs": [graph]})["g"]
    assert (counted["articles"], counted["origins_high"], counted["untraced"]) == (10_000, 1, 1)
    assert counted["circular_groups"] == int(closed and kind != "copies")


def test_ten_thousand_links_of_each_with_a_few_are_counted() -> None:
    names = [f"a{n}" for n in range(100)]
    edges = [
        edge(one, "attributes_to", other, status="suggested") for one in names for other in names
    ]
    graph = {"id": "g", "articles": [{"id": one} for one in names], "edges": edges}
    counted = measure({"graphs": [graph]})["g"]
    assert (counted["circular_groups"], counted["unconfirmed"]) == (1, 10_000)
