"""Which origins of a count were part of none in earlier ones, as traces keep both."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from claims.provenance.naming import plain_name
from claims.provenance.origins import UNNAMED_KINDS, Standing

Frozen = Mapping[str, Any]
"""The graph of a trace: nodes, edges and origins, as ``claims.provenance.graph.frozen`` has it."""


def new_origins(newest: Frozen, *known: Frozen) -> list[str]:
    """What the origins are called that count now and are made of nothing that counted before.

    A wording that one more copy joined is the origin it was. Rows may have been made anew, so an
    article is known as itself, a source by its name, and one without a name by how it is called
    and who leans on it.
    """
    before = {sign for graph in known for signs in _signs(graph).values() for sign in signs}
    labels = {node["id"]: node["label"] for node in newest.get("nodes", ())}
    return [
        labels.get(first, "")
        for first, signs in _signs(newest).items()
        if before.isdisjoint(signs)
    ]


def _signs(graph: Frozen) -> dict[str, set[str]]:
    """By its first member, what each origin that counts can be known by."""
    nodes = {node["id"]: node for node in graph.get("nodes", ())}
    leaning: defaultdict[str, set[str]] = defaultdict(set)
    for edge in graph.get("edges", ()):
        if nodes.get(edge["to"], {}).get("kind") in UNNAMED_KINDS:
            leaning[edge["to"]].add(edge["from"])
    return {
        origin["members"][0]: {
            sign
            for member in origin["members"]
            for sign in (member, *_names(nodes, leaning, member))
        }
        for origin in graph.get("origins", ())
        if origin["standing"] != Standing.RETRACTED
    }


def _names(
    nodes: Mapping[str, Mapping[str, Any]], leaning: Mapping[str, set[str]], member: str
) -> Iterator[str]:
    node = nodes.get(member)
    if node is None:
        return
    if node["kind"] not in UNNAMED_KINDS:
        yield _name(node)
        return
    for one in leaning[member]:
        if one in nodes:
            yield f"{_name(node)} < {_name(nodes[one])}"


def _name(node: Mapping[str, Any]) -> str:
    return f"article:{node['article']}" if node["article"] else f"name:{plain_name(node['label'])}"
