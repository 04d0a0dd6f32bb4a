"""The provenance graph as PROV-JSON (W3C member submission), for other tools to read.

Articles and documents are entities, who speaks is an agent. What copies or translates was
derived from its original; what says so on somebody's word was attributed to them; an agent that
has it from another was influenced by it. Status, cue and denial travel as our own attributes.
"""

from typing import Any
from urllib.parse import quote

from claims.provenance.origins import UNNAMED_KINDS
from claims.provenance.picture import Link, Node, Picture

NAMESPACE = "urn:factcheck-desk:provenance:"

_ENTITIES = frozenset({"article", "document", "event"})
_AGENT_TYPES = {
    "person": "prov:Person",
    "self": "prov:Person",
    "organisation": "prov:Organization",
    "outlet": "prov:Organization",
}
_DERIVATIONS = {
    "copies": "desk:Copy",
    "translates": "desk:Translation",
    "agency_byline": "desk:AgencyText",
    "declares_canonical": "desk:DeclaredCanonical",
    "attributes_to": "prov:PrimarySource",
}


def prov_json(picture: Picture) -> dict[str, Any]:
    """The graph as a PROV-JSON document, ready for ``json.dumps``.

    Rejected links are left out. A link that carries no dependence, or a denial, is an influence
    and no derivation: nobody has the claim from there.
    """
    named = {node.id: node for node in picture.nodes}
    document: dict[str, Any] = {
        "prefix": {"desk": NAMESPACE, "prov": "http://www.w3.org/ns/prov#"},
        "entity": {},
        "agent": {},
        "wasDerivedFrom": {},
        "wasAttributedTo": {},
        "wasInfluencedBy": {},
        "hadMember": {},
    }
    for node in sorted(picture.nodes, key=lambda node: node.id):
        document["entity" if node.kind in _ENTITIES else "agent"][_name(node.id)] = _told(node)
    _add_wordings(document, picture)
    stated = [
        link
        for link in picture.links
        if link.status != "rejected" and link.source in named and link.target in named
    ]
    ordered = sorted(stated, key=lambda link: (link.source, link.target, link.type, link.cue))
    for number, link in enumerate(ordered, 1):
        relation, facts = _relation(link, named[link.source], named[link.target])
        document[relation][f"_:l{number}"] = facts | _marks(link)
    return {name: value for name, value in document.items() if value}


def _told(node: Node) -> dict[str, Any]:
    facts: dict[str, Any] = {"prov:label": node.label, "desk:kind": node.kind}
    if node.kind in _AGENT_TYPES:
        facts["prov:type"] = {"$": _AGENT_TYPES[node.kind], "type": "prov:QUALIFIED_NAME"}
    if node.detail:
        facts["desk:title"] = node.detail
    if node.kind in UNNAMED_KINDS:
        facts["desk:named"] = False
    if node.standing:
        facts["desk:standing"] = node.standing
    if node.retracted:
        facts["desk:retracted"] = True
    return facts


def _add_wordings(document: dict[str, Any], picture: Picture) -> None:
    wordings: dict[str, list[str]] = {}
    for node in sorted(picture.nodes, key=lambda node: node.id):
        if node.kind == "article" and node.wording:
            wordings.setdefault(node.wording, []).append(_name(node.id))
    for wording, members in sorted(wordings.items()):
        name = f"desk:wording/{quote(wording, safe='')}"
        document["entity"][name] = {
            "prov:type": {"$": "prov:Collection", "type": "prov:QUALIFIED_NAME"},
            "prov:label": f"wording {wording}",
        }
        for member in members:
            number = len(document["hadMember"]) + 1
            document["hadMember"][f"_:m{number}"] = {
                "prov:collection": name,
                "prov:entity": member,
            }


def _relation(link: Link, source: Node, target: Node) -> tuple[str, dict[str, Any]]:
    here, there = _name(source.id), _name(target.id)
    if not link.carries or source.kind not in _ENTITIES:
        return "wasInfluencedBy", {"prov:influencee": here, "prov:influencer": there}
    if target.kind not in _ENTITIES:
        return "wasAttributedTo", {"prov:entity": here, "prov:agent": there}
    facts: dict[str, Any] = {"prov:generatedEntity": here, "prov:usedEntity": there}
    facts["prov:type"] = {"$": _DERIVATIONS[link.type], "type": "prov:QUALIFIED_NAME"}
    return "wasDerivedFrom", facts


def _marks(link: Link) -> dict[str, Any]:
    marks: dict[str, Any] = {"desk:type": link.type, "desk:status": link.status}
    if link.cue:
        marks["desk:cue"] = link.cue
    if link.is_denial:
        marks["desk:denial"] = True
    return marks


def _name(identifier: str) -> str:
    return f"desk:node/{quote(identifier, safe='')}"
