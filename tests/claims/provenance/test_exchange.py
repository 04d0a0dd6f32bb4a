"""Graphs handed in as JSON: what is read, and the one sentence where it cannot be."""

from typing import Any

import pytest

from claims.provenance.exchange import measure


def graph(**changes: Any) -> dict[str, Any]:
    made = {
        "id": "g1",
        "articles": [{"id": "a1", "outlet": "Alpha", "owner": "Alpha", "lang": "en"}],
        "sources": [{"id": "p", "label": "Ivo Lund", "kind": "person", "first_hand": None}],
        "edges": [{"from": "a1", "to": "p", "type": "attributes_to", "cue": "told"}],
    }
    return made | changes


def test_a_graph_is_answered_under_its_id_with_every_count() -> None:
    answer = measure({"graphs": [graph()]})
    assert answer == {
        "g1": {
            "articles": 1,
            "outlets": 1,
            "owners": 1,
            "wordings": 1,
            "origins_low": 1,
            "origins_high": 1,
            "named": 1,
            "unnamed": 0,
            "untraced": 0,
            "retracted": 0,
            "unconfirmed": 0,
            "circular_groups": 0,
            "circular": [],
            "origins": ["p"],
            "headline": "1 article · 1 outlet · 1 owner · 1 wording · 1 origin (1 named)",
        }
    }


def test_a_graph_without_sources_or_edges_has_none() -> None:
    bare = {"id": "g", "articles": [{"id": "a1"}]}
    assert measure({"graphs": [bare]})["g"]["untraced"] == 1


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ([], "the input is not a JSON object."),
        ({}, "the input: 'graphs' is not a list."),
        ({"graphs": ["x"]}, "graph 1 is not a JSON object."),
        ({"graphs": [{}]}, "graph 1: 'id' is missing."),
        ({"graphs": [graph(), graph()]}, "graph 2: the id 'g1' was used before."),
        ({"graphs": [graph(articles=None)]}, "graph 'g1': 'articles' is not a list."),
        (
            {"graphs": [graph(articles=[{"outlet": "x"}])]},
            "graph 'g1', articles 1: 'id' is missing.",
        ),
        (
            {"graphs": [graph(articles=[{"id": "a1", "retracted": "no"}])]},
            "graph 'g1', articles 1: 'retracted' is not a bool.",
        ),
        ({"graphs": [graph(edges=[7])]}, "graph 'g1', edges 1 is not a JSON object."),
        (
            {"graphs": [graph(sources=[{"id": "p", "kind": "rumour"}])]},
            (
                "graph 'g1': p: kind 'rumour' is none of collective, document, event, "
                "organisation, outlet, person, self, unnamed."
            ),
        ),
        (
            {"graphs": [graph(edges=[{"from": "a1", "to": "p", "type": "knows"}])]},
            (
                "graph 'g1': a1 → p: type 'knows' is none of agency_byline, attributes_to, "
                "copies, declares_canonical, links_to, same_owner, translates."
            ),
        ),
        (
            {"graphs": [graph(articles=[{"id": "p"}])]},
            "graph 'g1': 'p' is the id of an article and of a source.",
        ),
    ],
)
def test_what_cannot_be_read_is_told_in_one_sentence(document: object, told: str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+$") as wrong:
        measure(document)
    assert str(wrong.value) == told
