"""Keeping a claim's graph in step with a draft; what people decided or made stays."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from claims.models import Claim, ProvenanceEdge, SourceNode
from claims.provenance.draft import LABEL_MAX, Draft, Edge, Node, Reading, proof_of

BATCH = 1_000
SAME_OUTLET = "outlet of the coverage"

Status = ProvenanceEdge.Status
_RULE_MAX = 60
_FACTS = ("label", "kind", "named", "agency")
_PROOF = "read_in quote span cue cue_span proof rule rule_version confidence drafted_as".split()


class _There(NamedTuple):
    """A node that is there, as far as a draft may change it."""

    pk: UUID
    key: str
    label: str
    kind: str
    named: bool
    agency: bool
    by_hand: bool
    article: UUID | None
    resolved_to: UUID | None
    resolved_at: datetime | None


def lay_beside(claim: Claim, draft: Draft) -> None:
    """Bring the claim's rows in step with a draft. What people decided or made is kept.

    The claim row is locked by the caller. A few statements, however many rows; and only rows
    that differ are written.
    """
    nodes = _lay_nodes(claim, draft)
    _lay_edges(claim, draft, {key: node.pk for key, node in nodes.items()})
    _resolve(draft, nodes)
    _drop_unused(claim, draft)


def _lay_nodes(claim: Claim, draft: Draft) -> dict[str, _There]:
    rows = claim.nodes.order_by().values_list(*_There._fields)
    there = {node.key: node for node in map(_There._make, rows)}
    made, changed = [], []
    for key, node in draft.nodes.items():
        row = there.get(key)
        if row is None:
            made.append(_new_node(claim, node))
        elif not row.by_hand and (row.label, row.kind, row.named, row.agency) != _facts(node):
            changed.append(SourceNode(pk=row.pk, **dict(zip(_FACTS, _facts(node), strict=True))))
    SourceNode.objects.bulk_create(made, batch_size=BATCH)
    SourceNode.objects.bulk_update(changed, _FACTS, batch_size=BATCH)
    return there | {row.key: _there(row) for row in made}


def _there(row: SourceNode) -> _There:
    return _There(
        *(row.pk, row.key, row.label, row.kind, row.named, row.agency, row.by_hand),
        *(row.article_id, row.resolved_to_id, row.resolved_at),
    )


def _new_node(claim: Claim, node: Node) -> SourceNode:
    return SourceNode(
        claim=claim,
        key=node.key,
        article_id=UUID(node.article) if node.article else None,
        **dict(zip(_FACTS, _facts(node), strict=True)),
    )


def _facts(node: Node) -> tuple[str, str, bool, bool]:
    return node.label[:LABEL_MAX], node.kind, node.named, node.agency


def _resolve(draft: Draft, nodes: Mapping[str, _There]) -> None:
    """Take a cited outlet to be its article of the coverage, unless a person said otherwise."""
    changed = []
    for key, row in nodes.items():
        if row.resolved_at is not None or row.article is not None:
            continue
        drafted = draft.nodes.get(key)
        target = nodes.get(drafted.resolves_to) if drafted is not None else None
        wanted = target.pk if target is not None and target.pk != row.pk else None
        if row.resolved_to != wanted:
            rule = SAME_OUTLET if wanted else ""
            changed.append(SourceNode(pk=row.pk, resolved_to_id=wanted, resolved_rule=rule))
    SourceNode.objects.bulk_update(changed, ["resolved_to", "resolved_rule"], batch_size=BATCH)


def _lay_edges(claim: Claim, draft: Draft, nodes: Mapping[str, UUID]) -> None:
    rows = claim.edges.order_by().values_list(
        "source", "target", "type", "is_denial", "pk", "status", "by_hand", "drafted_as"
    )
    there = {row[:4]: row[4:] for row in rows}
    made, changed = [], []
    for edge in draft.edges.values():
        identity = nodes[edge.source], nodes[edge.target], edge.type, edge.is_denial
        known = there.pop(identity, None)
        if known is None:
            ends = {"source_id": identity[0], "target_id": identity[1]}
            facts = {"type": edge.type, "is_denial": edge.is_denial}
            made.append(ProvenanceEdge(claim=claim, **ends, **facts, **_proof(edge)))
            continue
        pk, status, by_hand, drafted_as = known
        # What somebody decided stays as they saw it.
        if status == Status.SUGGESTED and not by_hand and drafted_as != edge.digest:
            changed.append(ProvenanceEdge(pk=pk, **_proof(edge)))
    ProvenanceEdge.objects.bulk_create(made, batch_size=BATCH)
    ProvenanceEdge.objects.bulk_update(changed, _PROOF, batch_size=BATCH)
    gone = [
        pk
        for pk, status, by_hand, _ in there.values()
        if status == Status.SUGGESTED and not by_hand
    ]
    if gone:
        claim.edges.filter(pk__in=gone).delete()


def _proof(edge: Edge) -> dict[str, Any]:
    first: Reading | None = edge.readings[0] if edge.readings else None
    proof = dict(edge.proof)
    if edge.relation is not None:
        proof |= proof_of(edge.relation)
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
        "cue_span": list(first.cue_span) if first is not None else None,
        "proof": proof,
        "rule": edge.rule[:_RULE_MAX],
        "rule_version": edge.rule_version,
        "confidence": edge.confidence,
        "drafted_as": edge.digest,
    }


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
