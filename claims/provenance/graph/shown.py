"""A claim's graph as others get it: over REST, and kept with a count."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from claims.models import Claim, ProvenanceEdge, SourceNode
from claims.provenance import origins
from claims.provenance.graph.count import stamp, trace
from claims.provenance.graph.rows import (
    EdgeRow,
    Graph,
    NodeRow,
    edges_of,
    load,
    meanings,
    nodes_of,
    paper_of,
)
from claims.provenance.uncollected import uncollected

Status = ProvenanceEdge.Status


@uncollected()
def as_json(claim: Claim) -> dict[str, Any]:
    """The graph as REST shows it: nodes, edges, wordings, circular, summary.

    ``from`` and ``to`` of an edge are what is meant, so that the edges alone give the count;
    ``cites`` is the node as it was cited, where a person or a rule found it to be another.
    """
    graph = load(claim, proofs=True)
    newest = claim.traces.defer("graph").first()
    summary = newest.summary if newest is not None else trace(graph).summary.as_json()
    return {
        "nodes": [
            node_json(node, aside=node.article is not None and key not in graph.counted)
            for key, node in graph.nodes.items()
        ],
        "edges": [edge_json(edge, graph.meanings) for edge in graph.edges],
        "wordings": _wordings_json(graph),
        "circular": summary["circular"],
        "summary": summary,
    }


def one_node(node: SourceNode) -> dict[str, Any]:
    """One node as it stands, without the rest of its graph."""
    article = node.article
    outlet = article.outlet if article is not None else None
    papers = {str(outlet.pk): paper_of(outlet)} if outlet is not None else {}
    (row,) = nodes_of(SourceNode.objects.filter(pk=node.pk), papers)
    aside = node.claim.coverage.filter(article=article, set_aside=True)
    return node_json(row, aside=article is not None and aside.exists())


def one_edge(edge: ProvenanceEdge) -> dict[str, Any]:
    """One edge as it stands, without the rest of its graph."""
    (row,) = edges_of(ProvenanceEdge.objects.filter(pk=edge.pk), proofs=True)
    resolved = edge.claim.nodes.filter(resolved_to__isnull=False).order_by()
    found = {str(node): str(to) for node, to in resolved.values_list("pk", "resolved_to")}
    return edge_json(row, meanings(found))


def node_json(node: NodeRow, *, aside: bool) -> dict[str, Any]:
    """A node as REST shows it; ``aside`` where its article was set aside."""
    return {
        "id": node.pk,
        "kind": node.kind,
        "label": node.label,
        "named": node.named,
        "agency": node.agency,
        "first_hand": node.first_hand,
        "retracted": node.is_retracted,
        "speaks_for": node.speaks_for,
        "article": node.article,
        "title": node.title,
        "url": node.url or None,
        "outlet": node.paper.name if node.paper is not None else None,
        "set_aside": aside,
        "wording": node.wording,
        "resolved_to": node.resolved_to,
        "resolved_by": "person" if node.resolved_at else (node.resolved_rule or None),
        "by_hand": node.by_hand,
        "note": node.note,
    }


def edge_json(edge: EdgeRow, meant: Mapping[str, str]) -> dict[str, Any]:
    """An edge as REST shows it, between what is ``meant`` by its ends."""
    target = meant.get(edge.target, edge.target)
    return {
        "id": edge.pk,
        "from": meant.get(edge.source, edge.source),
        "to": target,
        "cites": edge.target if target != edge.target else None,
        "type": edge.type,
        "is_denial": edge.is_denial,
        "status": edge.status,
        "read_in": edge.read_in,
        "quote": edge.quote,
        "span": edge.span,
        "cue": edge.cue,
        "cue_span": edge.cue_span,
        "proof": edge.proof,
        "rule": edge.rule,
        "rule_version": edge.rule_version,
        "confidence": edge.confidence,
        "by_hand": edge.by_hand,
        "decided_by": edge.decided_by,
        "decided_at": edge.decided_at.isoformat() if edge.decided_at else None,
        "note": edge.note,
        "version": edge.version,
    }


def frozen(
    graph: Graph, found: origins.Trace, numbers: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """The graph as a trace keeps it and readers get it: no names of colleagues, no notes.

    ``numbers`` of the wordings, where they were numbered since the graph was loaded.
    """
    nodes = []
    for key, node in graph.nodes.items():
        if node.article is not None and key not in graph.counted:
            continue
        told = node_json(node, aside=False) | {"first_seen": stamp(graph, node)}
        for name in ("note", "resolved_by", "by_hand"):
            del told[name]
        if numbers is not None:
            told["wording"] = numbers.get(key)
        nodes.append(told)
    return {
        "nodes": nodes,
        "edges": [
            {
                "from": graph.meant(edge.source),
                "to": (target := graph.meant(edge.target)),
                "cites": edge.target if target != edge.target else None,
                "type": edge.type,
                "is_denial": edge.is_denial,
                "status": edge.status,
                "quote": edge.quote,
                "cue": edge.cue,
            }
            for edge in graph.edges
            if edge.status != Status.REJECTED
        ],
        "origins": [
            {"id": origin.id, "standing": str(origin.standing), "members": list(origin.members)}
            for origin in found.origins
        ],
    }


def _wordings_json(graph: Graph) -> list[dict[str, Any]]:
    groups: defaultdict[int, list[str]] = defaultdict(list)
    for key, node in graph.counted.items():
        if node.wording is not None:
            groups[node.wording].append(key)
    return [{"number": number, "articles": groups[number]} for number in sorted(groups)]
