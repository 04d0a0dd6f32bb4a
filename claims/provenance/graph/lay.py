"""Keeping a claim's graph in step with a draft; what people decided or made stays."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from claims.models import Claim, ProvenanceEdge, SourceNode
from claims.provenance.draft import LABEL_MAX, Draft, Edge, Node, Reading

BATCH = 1_000
SAME_OUTLET = "outlet of the coverage"

Status = ProvenanceEdge.Status
_RULE_MAX = 60
_PROOF = "read_in quote span cue cue_span proof rule rule_version confidence".split()


def lay_beside(claim: Claim, draft: Draft) -> None:
    """Bring the claim's rows in step with a draft. What people decided or made is kept.

    The claim row is locked by the caller. A few statements, however many rows.
    """
    nodes = _lay_nodes(claim, draft)
    _lay_edges(claim, draft, nodes)
    _resolve(draft, nodes)
    _drop_unused(claim, draft)


def _lay_nodes(claim: Claim, draft: Draft) -> dict[str, SourceNode]:
    there = {node.key: node for node in claim.nodes.all()}
    made, changed = [], []
    for key, node in draft.nodes.items():
        row = there.get(key)
        if row is None:
            made.append(_new_node(claim, node))
        elif not row.by_hand and _update(row, _facts(node)):
            changed.append(row)
    SourceNode.objects.bulk_create(made, batch_size=BATCH)
    SourceNode.objects.bulk_update(changed, ["label", "kind", "named", "agency"], batch_size=BATCH)
    return there | {row.key: row for row in made}


def _new_node(claim: Claim, node: Node) -> SourceNode:
    return SourceNode(
        claim=claim,
        key=node.key,
        article_id=UUID(node.article) if node.article else None,
        **_facts(node),
    )


def _facts(node: Node) -> dict[str, Any]:
    return {
        "label": node.label[:LABEL_MAX],
        "kind": node.kind,
        "named": node.named,
        "agency": node.agency,
    }


def _resolve(draft: Draft, nodes: Mapping[str, SourceNode]) -> None:
    """Take a cited outlet to be its article of the coverage, unless a person said otherwise."""
    changed = []
    for key, row in nodes.items():
        if row.resolved_at is not None or row.article_id is not None:
            continue
        drafted = draft.nodes.get(key)
        target = nodes.get(drafted.resolves_to) if drafted is not None else None
        wanted_id = target.pk if target is not None and target.pk != row.pk else None
        if row.resolved_to_id != wanted_id:
            row.resolved_to_id = wanted_id
            row.resolved_rule = SAME_OUTLET if wanted_id else ""
            changed.append(row)
    SourceNode.objects.bulk_update(changed, ["resolved_to", "resolved_rule"], batch_size=BATCH)


def _lay_edges(claim: Claim, draft: Draft, nodes: Mapping[str, SourceNode]) -> None:
    there = {
        (edge.source_id, edge.target_id, edge.type, edge.is_denial): edge
        for edge in claim.edges.all()
    }
    made, changed, kept = [], [], set()
    for edge in draft.edges.values():
        identity = (nodes[edge.source].pk, nodes[edge.target].pk, edge.type, edge.is_denial)
        kept.add(identity)
        row = there.get(identity)
        if row is None:
            made.append(
                ProvenanceEdge(
                    claim=claim,
                    source_id=identity[0],
                    target_id=identity[1],
                    type=edge.type,
                    is_denial=edge.is_denial,
                    **_proof(edge),
                )
            )
        elif row.status == Status.SUGGESTED and not row.by_hand and _update(row, _proof(edge)):
            # What somebody decided stays as they saw it.
            changed.append(row)
    ProvenanceEdge.objects.bulk_create(made, batch_size=BATCH)
    ProvenanceEdge.objects.bulk_update(changed, _PROOF, batch_size=BATCH)
    gone = [
        row.pk
        for identity, row in there.items()
        if identity not in kept and row.status == Status.SUGGESTED and not row.by_hand
    ]
    claim.edges.filter(pk__in=gone).delete()


def _proof(edge: Edge) -> dict[str, Any]:
    first: Reading | None = edge.readings[0] if edge.readings else None
    proof = dict(edge.proof)
    if edge.times > 1:
        proof["times"] = edge.times
        proof["also_read_in"] = [
            {"article": one.article, "quote": one.quote, "span": list(one.span)}
            for one in edge.readings[1:]
        ]
    return {
        "read_in_id": UUID(first.article) if first is not None else None,
        "quote": first.quote if first is not None else "",
        "span": list(first.span) if first is not None else None,
        "cue": first.cue if first is not None else "",
        "cue_span": list(first.cue_span) if first is not None and first.cue_span else None,
        "proof": proof,
        "rule": edge.rule[:_RULE_MAX],
        "rule_version": edge.rule_version,
        "confidence": edge.confidence,
    }


def _update(row: SourceNode | ProvenanceEdge, facts: Mapping[str, Any]) -> bool:
    """Write new values onto a row; whether any differ."""
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, facts[name])
    return bool(changed)


def _drop_unused(claim: Claim, draft: Draft) -> None:
    """Forget machine nodes that nothing leads to any more and nobody said anything about."""
    alone = claim.nodes.filter(
        edges_out=None,
        edges_in=None,
        aliases=None,
        by_hand=False,
        resolved_at=None,
        first_hand=None,
        retracted=False,
        speaks_for="",
        note="",
    )
    gone = [key for pk, key in alone.values_list("pk", "key") if key not in draft.nodes]
    claim.nodes.filter(key__in=gone).delete()
