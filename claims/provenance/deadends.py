"""Cited outlets whose own report the coverage lacks: whom to look for, and what came of it."""

from collections import Counter
from collections.abc import Collection

from claims.models import Claim, SourceNode
from claims.provenance import graph, origins

LOOKED = "Looked for its report"
"""How a note of the desk begins; what a person wrote is never written over."""


def dead_ends(claim: Claim) -> list[graph.NodeRow]:
    """The named outlets that articles lean on and that lead nowhere, most leaned on first."""
    rows = graph.load(claim)
    standing = [
        edge
        for edge in rows.edges
        if edge.status != "rejected" and edge.type in origins.DEPENDENCE and not edge.is_denial
    ]
    onward = {edge.source for edge in standing}
    leaned_on = Counter(edge.target for edge in standing)
    found = [
        node
        for key, node in rows.nodes.items()
        if key in leaned_on
        and node.kind == SourceNode.Kind.OUTLET
        and node.named
        and node.resolved_to is None
        and node.resolved_at is None
        and key not in onward
        and not node.first_hand
    ]
    return sorted(found, key=lambda node: (-leaned_on[node.pk], node.key))


def tell(claim: Claim, *, looked_for: Collection[str], where: str) -> None:
    """Say on each of these sources that is a dead end still that it was looked for in vain."""
    changed = []
    for node in dead_ends(claim):
        if node.key in looked_for and (not node.note or node.note.startswith(LOOKED)):
            note = f"{LOOKED} in: {where}. Nothing of this outlet came up."
            changed.append(SourceNode(pk=node.pk, note=note))
    SourceNode.objects.bulk_update(changed, ["note"])
