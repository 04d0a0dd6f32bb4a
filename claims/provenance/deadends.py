"""Cited outlets whose own report the coverage lacks: whom to look for, and what came of it."""

from collections.abc import Collection
from uuid import UUID

from claims.models import Claim, SourceNode
from claims.provenance import graph, origins

LOOKED = "Looked for its report"
"""How a note of the desk begins; what a person wrote is never written over."""


def dead_ends(claim: Claim) -> list[SourceNode]:
    """The named outlets that articles lean on and that lead nowhere, most leaned on first."""
    rows = graph.load_many(claim)
    standing = [
        edge
        for edge in rows.edges
        if edge.status != "rejected" and edge.type in origins.DEPENDENCE and not edge.is_denial
    ]
    onward = {edge.source_id for edge in standing}
    leaned_on: dict[UUID, int] = {}
    for edge in standing:
        leaned_on[edge.target_id] = leaned_on.get(edge.target_id, 0) + 1
    found = [
        node
        for key, node in rows.nodes.items()
        if key in leaned_on
        and node.kind == SourceNode.Kind.OUTLET
        and node.named
        and node.resolved_to_id is None
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
            node.note = f"{LOOKED} in: {where}. Nothing of this outlet came up."
            changed.append(node)
    SourceNode.objects.bulk_update(changed, ["note"])
