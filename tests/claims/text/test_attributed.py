"""The shape of an attribution, and following a chain home."""

from dataclasses import replace

from claims.text.attributed import Attribution, chain

RELAY = Attribution(
    id="e1", from_id="article", source="the Kell Herald", source_span=(0, 15), kind="outlet",
    named=True, cue="said", cue_span=(16, 20), depth=1, rule="said", version="1", confidence=0.9,
    reach=((0, 30),),
)  # fmt: skip
ORIGIN = replace(RELAY, id="e2", from_id="e1", source="a guard", kind="unnamed", depth=2)
AGAIN = replace(RELAY, id="e3", source="the report", kind="document", same_as="e1")


def test_a_chain_leads_from_the_article_to_the_source() -> None:
    assert [edge.id for edge in chain("e2", [RELAY, ORIGIN])] == ["e1", "e2"]


def test_what_repeats_a_source_is_followed_to_it() -> None:
    assert [edge.id for edge in chain("e3", [RELAY, ORIGIN, AGAIN])] == ["e1"]


def test_a_ring_is_cut_and_an_unknown_id_is_empty() -> None:
    ring = [replace(RELAY, from_id="e2"), ORIGIN]

    assert [edge.id for edge in chain("e2", ring)] == ["e1", "e2"]
    assert chain("nobody", ring) == ()


def test_json_and_back_is_the_same_edge() -> None:
    assert Attribution.from_json(AGAIN.as_json()) == AGAIN
    assert RELAY.as_json()["from"] == "article"
