"""What the sample archive must come to, against the computation and against its own pages."""

from typing import Any

import pytest

from claims.provenance.exchange import measure
from seeds.archive import build
from tests.seeds.samples import SEEDS, by_url, read, samples

STORIES: dict[str, Any] = read(build.HERE / "expected.json")["stories"]
CARRIES_NONE = {"links_to", "same_owner"}
# What only a person knows; the machine does not suggest it.
BY_HAND = ("retracted", "speaks_for")


def counted(graph: dict[str, Any]) -> Any:
    """The graph as the computation counts it; an article of unknown outlet is its own."""
    articles = [
        row | {"outlet": row["outlet"] or row["id"], "owner": row["owner"] or row["id"]}
        for row in graph["articles"]
    ]
    return measure({"graphs": [graph | {"id": "story", "articles": articles}]})["story"]


def undecided(graph: dict[str, Any]) -> dict[str, Any]:
    """The same graph before anybody has decided anything."""

    def bare(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{k: v for k, v in row.items() if k not in BY_HAND} for row in rows]

    return {
        "articles": bare(graph["articles"]),
        "sources": bare(graph["sources"]),
        "edges": [edge | {"status": "suggested"} for edge in graph["edges"]],
    }


def text_of(story: str, article: dict[str, str]) -> str:
    if "file" in article:
        return (SEEDS / article["file"]).read_text(encoding="utf-8")
    assert by_url()[article["url"]].story == story
    return by_url()[article["url"]].text


@pytest.mark.parametrize("story", STORIES)
def test_the_numbers_of_the_confirmed_story_come_out(story: str) -> None:
    assert counted(STORIES[story]["graph"]) == STORIES[story]["confirmed"]


@pytest.mark.parametrize("story", STORIES)
def test_the_numbers_of_the_undecided_story_come_out(story: str) -> None:
    assert counted(undecided(STORIES[story]["graph"])) == STORIES[story]["suggested"]


@pytest.mark.parametrize("story", STORIES)
def test_what_must_hold_in_the_pipeline_holds_in_the_hand_made_graph(story: str) -> None:
    hold, confirmed = STORIES[story]["hold"], STORIES[story]["confirmed"]
    assert confirmed["named"] == hold["named"]
    assert confirmed["origins_low"] == hold["origins_low"]
    assert confirmed["origins_high"] <= hold["origins_high_at_most"]
    assert confirmed["articles"] - 1 >= hold["found_at_least"]


def test_nobody_is_named_in_the_story_of_the_letter_and_no_confirmation_lifts_its_low_end() -> (
    None
):
    letter = STORIES["letter"]
    assert letter["suggested"]["origins_low"] == letter["confirmed"]["origins_low"] == 1
    assert letter["suggested"]["named"] == letter["confirmed"]["named"] == 0


@pytest.mark.parametrize("story", STORIES)
def test_every_page_has_its_place_in_the_story(story: str) -> None:
    told = STORIES[story]
    placed = {row["url"] for row in told["graph"]["articles"] if "url" in row}
    pages = {sample.url for sample in samples() if sample.story == story}
    assert placed | set(told["aliases"]) | set(told["unrelated"]) == pages
    for row in told["graph"]["articles"]:
        if "url" in row:
            assert row["outlet"] == by_url()[row["url"]].outlet


@pytest.mark.parametrize("story", STORIES)
def test_no_page_states_the_claim_on_nobody_s_word(story: str) -> None:
    graph = STORIES[story]["graph"]
    leaning = {e["from"] for e in graph["edges"] if e["type"] not in CARRIES_NONE}
    assert {row["id"] for row in graph["articles"]} <= leaning


@pytest.mark.parametrize("story", STORIES)
def test_every_link_with_a_quote_can_be_read_where_it_says(story: str) -> None:
    graph = STORIES[story]["graph"]
    articles = {row["id"]: row for row in graph["articles"]}
    ids = set(articles) | {row["id"] for row in graph["sources"]}
    for edge in graph["edges"]:
        assert {edge["from"], edge["to"]} <= ids
        if "quote" in edge:
            where = articles[edge.get("read_in", edge["from"])]
            assert edge["quote"] in text_of(story, where), edge
        elif edge["type"] == "attributes_to":
            pytest.fail(f"an attribution without the words it was read from: {edge}")


@pytest.mark.parametrize("story", STORIES)
def test_the_claim_stands_word_for_word_in_the_article_that_was_handed_in(story: str) -> None:
    told = STORIES[story]
    assert told["claim"] in (SEEDS / told["handed_in"]).read_text(encoding="utf-8")


def test_the_unrelated_page_says_nothing_of_the_ferry() -> None:
    for url in STORIES["ferry"]["unrelated"]:
        assert "ferry" not in by_url()[url].seen.lower()
