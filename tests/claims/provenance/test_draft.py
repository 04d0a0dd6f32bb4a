"""The draft of a graph: links with their proof, whatever the order the articles come in."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from claims.provenance.attribution import read
from claims.provenance.carried import wanted
from claims.provenance.draft import Draft, Told, article_key, compose
from claims.provenance.heard import QUOTE_MAX

CLAIM = wanted(
    "The bridge over the Orle was closed on Monday because a pillar had cracked.", language="en"
)
START = datetime(2026, 3, 4, tzinfo=UTC)


def told(name: str, text: str, *, minute: int = 0, language: str = "en", **fields: Any) -> Told:
    host = f"{name.lower().replace(' ', '-')}.example"
    return Told(
        **{
            "id": name,
            "text": text,
            "first_seen": START + timedelta(minutes=minute),
            "language": language,
            "url": f"https://{host}/a",
            "site": host,
            "outlet": host,
            "outlet_name": name,
            "owner": host,
            "names": (name, host),
            "attributions": read(text, language=language, outlet=name),
            **fields,
        }
    )


STORY = [
    told("Paper A", "The Orle bridge was closed on Monday, the Orle Herald reported.", minute=1),
    told("Orle Herald", "The bridge over the Orle was closed on Monday, an official said."),
    told("Paper B", "On Monday the Orle bridge was closed, engineer Dana Wick said.", minute=2),
    told("Paper C", "Wick said that the bridge over the Orle was closed on Monday.", minute=3),
    told("Paper D", "The Orle bridge was closed on Monday, Paper A reported, citing a blog.",
         minute=4),
]  # fmt: skip


def links(draft: Draft) -> set[tuple[str, str, str]]:
    return {
        (draft.nodes[edge.source].label, edge.type, draft.nodes[edge.target].label)
        for edge in draft.edges.values()
    }


@settings(max_examples=20, deadline=None)
@given(st.permutations(STORY))
def test_the_order_of_listing_makes_no_difference(listed: list[Told]) -> None:
    assert compose(CLAIM, listed) == compose(CLAIM, STORY)


def test_every_link_shows_where_it_was_read() -> None:
    texts = {one.id: one.text for one in STORY}
    for edge in compose(CLAIM, STORY).edges.values():
        assert 0 < edge.confidence <= 1
        assert edge.rule
        for reading in edge.readings:
            start, end = reading.span
            assert texts[reading.article][start:end] == reading.quote
            assert reading.cue_span is not None
            assert start <= reading.cue_span[0] < reading.cue_span[1] <= end


def test_an_outlet_of_the_coverage_resolves_to_its_article_and_no_other_does() -> None:
    draft = compose(CLAIM, STORY)
    resolved = {node.label: node.resolves_to for node in draft.nodes.values() if not node.article}
    assert resolved["Orle Herald"] == article_key("Orle Herald")
    assert resolved["Dana Wick"] == ""


def test_the_same_unnamed_source_of_one_cited_outlet_is_one_in_any_language() -> None:
    draft = compose(
        CLAIM,
        [
            told("Paper A", "The Orle bridge was closed on Monday, the Lower Echo reported,"
                 " citing a Hebrew news website."),
            told("Paper B", "On Monday the bridge over the Orle was closed, the Lower Echo"
                 " reported, citing a Hebrew website.", minute=1),
        ],
    )  # fmt: skip
    assert sum(node.kind == "unnamed" for node in draft.nodes.values()) == 1


def test_a_partial_copy_that_names_nobody_leans_on_what_it_copies() -> None:
    shared = (
        "The bridge over the Orle was closed on Monday because a pillar had cracked and the"
        " council feared for the lorries that cross it each night on the way to the mill."
    )
    first = told(
        "Paper A",
        f"{shared} It was built in 1931 by the brothers Rehn, who also built the town hall and"
        " the old weir, engineer Dana Wick said.",
    )
    own = " ".join(f"Another sentence number {n} speaks of things {n * 7}." for n in range(14))
    other = told("Paper B", f"{shared} {own}", minute=1)
    draft = compose(CLAIM, [first, other])
    assert draft.compared["Paper B"].original == "Paper A"
    if draft.compared["Paper B"].kind == "partial_copy":
        assert ("Paper B", "attributes_to", "Paper A") in links(draft)


def test_the_quote_of_a_link_is_no_longer_than_people_read() -> None:
    long = "The bridge over the Orle was closed on Monday, " + "as they say, " * 500
    one = told("Paper A", long + "the Orle Herald reported on Monday at last.")
    for edge in compose(CLAIM, [one]).edges.values():
        assert all(len(reading.quote) <= QUOTE_MAX for reading in edge.readings)


def test_no_articles_make_an_empty_draft() -> None:
    assert compose(CLAIM, []) == Draft({}, {})
