"""The graph as PROV-JSON: entities, agents, and how one came from the other."""

import json

from claims.provenance.picture import Link, Node, Picture
from claims.provenance.prov import prov_json

PICTURE = Picture(
    (
        Node("a", "Ledger Review", detail="Secret letter", wording="1"),
        Node("b", "Morning Folio", wording="1"),
        Node("d", "the ruling", "document", standing="named"),
        Node("m", "Middle East Monitor", "outlet"),
        Node("u", "a website", "unnamed", standing="unnamed"),
        Node("p", "Ivo Lund", "person"),
    ),
    (
        Link("b", "a", "copies"),
        Link("a", "m", cue="reported", status="suggested"),
        Link("m", "u"),
        Link("a", "d"),
        Link("a", "p", is_denial=True),
        Link("b", "p", status="rejected"),
    ),
)


def test_articles_and_documents_are_entities_and_who_speaks_is_an_agent() -> None:
    document = prov_json(PICTURE)
    assert {"desk:node/a", "desk:node/b", "desk:node/d"} <= document["entity"].keys()
    assert document["agent"].keys() == {"desk:node/m", "desk:node/u", "desk:node/p"}
    assert document["agent"]["desk:node/u"]["desk:named"] is False


def test_a_copy_is_derived_and_what_somebody_said_is_attributed() -> None:
    document = prov_json(PICTURE)
    derived = [
        (one["prov:generatedEntity"], one["prov:usedEntity"], one["desk:type"])
        for one in document["wasDerivedFrom"].values()
    ]
    assert derived == [
        ("desk:node/a", "desk:node/d", "attributes_to"),
        ("desk:node/b", "desk:node/a", "copies"),
    ]
    (said,) = document["wasAttributedTo"].values()
    assert said == {
        "prov:entity": "desk:node/a",
        "prov:agent": "desk:node/m",
        "desk:type": "attributes_to",
        "desk:status": "suggested",
        "desk:cue": "reported",
    }


def test_a_denial_derives_nothing_and_a_rejected_link_is_left_out() -> None:
    document = prov_json(PICTURE)
    influences = list(document["wasInfluencedBy"].values())
    assert [one["prov:influencer"] for one in influences] == ["desk:node/p", "desk:node/u"]
    assert influences[0]["desk:denial"] is True
    assert "rejected" not in json.dumps(document)


def test_a_wording_is_a_collection_of_its_articles() -> None:
    members = {one["prov:entity"] for one in prov_json(PICTURE)["hadMember"].values()}
    assert members == {"desk:node/a", "desk:node/b"}


def test_ids_are_fit_for_qualified_names() -> None:
    document = prov_json(Picture((Node("https://x.example/a b", "x"),), ()))
    assert list(document["entity"]) == ["desk:node/https%3A%2F%2Fx.example%2Fa%20b"]


def test_the_document_has_the_structure_of_the_submission() -> None:
    document = prov_json(PICTURE)
    declared = {*document["entity"], *document["agent"]}
    ends = {
        "wasDerivedFrom": ("prov:generatedEntity", "prov:usedEntity"),
        "wasAttributedTo": ("prov:entity", "prov:agent"),
        "wasInfluencedBy": ("prov:influencee", "prov:influencer"),
        "hadMember": ("prov:collection", "prov:entity"),
    }

    assert document.keys() <= {"prefix", "entity", "agent", *ends}
    for relation, roles in ends.items():
        for name, facts in document[relation].items():
            assert name.startswith("_:")
            assert {facts[role] for role in roles} <= declared
    for facts in [*document["entity"].values(), *document["agent"].values()]:
        for name, value in facts.items():
            assert name.partition(":")[0] in document["prefix"]
            assert not isinstance(value, dict) or value.keys() == {"$", "type"}
