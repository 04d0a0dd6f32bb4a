"""What counts in one graph and is part of nothing that counted in another."""

from collections.abc import Mapping
from typing import Any

from claims.provenance.grown import new_origins


def node(key: str, label: str, kind: str = "person", article: str = "") -> dict[str, Any]:
    return {"id": key, "label": label, "kind": kind, "article": article or None}


def graph(
    *nodes: Mapping[str, Any],
    edges: tuple[tuple[str, str], ...] = (),
    origins: tuple[tuple[str, ...], ...] = (),
    standing: str = "named",
) -> dict[str, Any]:
    return {
        "nodes": list(nodes),
        "edges": [{"from": one, "to": other} for one, other in edges],
        "origins": [
            {"id": "+".join(ids), "standing": standing, "members": list(ids)} for ids in origins
        ],
    }


PAPER = node("1", "Paper", "article", article="A")
WICK = node("2", "Dana Wick")


def test_everything_is_new_to_who_knew_nothing() -> None:
    assert new_origins(graph(PAPER, WICK, origins=(("2",),))) == ["Dana Wick"]
    assert new_origins(graph(PAPER, WICK, origins=(("2",),)), {}) == ["Dana Wick"]


def test_a_source_is_known_by_its_name_though_its_row_is_another() -> None:
    known = graph(node("9", "the Dana  Wick"), origins=(("9",),))
    assert new_origins(graph(PAPER, WICK, origins=(("2",),)), known) == []


def test_an_article_is_known_as_itself_whatever_it_is_called() -> None:
    known = graph(node("9", "Old Name", "article", article="A"), origins=(("9",),))
    assert new_origins(graph(PAPER, origins=(("1",),)), known) == []
    other = graph(node("9", "Paper", "article", article="B"), origins=(("9",),))
    assert new_origins(graph(PAPER, origins=(("1",),)), other) == ["Paper"]


def test_nobody_without_a_name_is_taken_for_another() -> None:
    mine, yours = node("3", "an official", "unnamed"), node("4", "an official", "unnamed")
    another = node("5", "Other Paper", "article", article="B")
    known = graph(PAPER, mine, edges=(("1", "3"),), origins=(("3",),))
    again = graph(PAPER, yours, edges=(("1", "4"),), origins=(("4",),))
    elsewhere = graph(another, yours, edges=(("5", "4"),), origins=(("4",),))
    assert new_origins(again, known) == []
    assert new_origins(elsewhere, known) == ["an official"]


def test_a_wording_that_grew_and_a_circle_that_broke_are_the_origins_they_were() -> None:
    known = graph(PAPER, WICK, origins=(("1", "2"),))
    assert new_origins(graph(PAPER, WICK, origins=(("2", "7"),)), known) == []


def test_what_was_withdrawn_did_not_count() -> None:
    withdrawn = graph(WICK, origins=(("2",),), standing="retracted")
    assert new_origins(graph(WICK, origins=(("2",),)), withdrawn) == ["Dana Wick"]
    assert new_origins(withdrawn) == []
