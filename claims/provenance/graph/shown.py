"""A claim's graph as others get it: over REST, and kept with a count."""

from collections import defaultdict
from typing import Any

from claims.models import Claim, ProvenanceEdge, SourceNode
from claims.provenance import origins
from claims.provenance.graph.count import stamp, trace
from claims.provenance.graph.rows import Graph, load_many

Status = ProvenanceEdge.Status


def as_json(claim: Claim) -> dict[str, Any]:
    """The graph as REST shows it: nodes, edges, wordings, circular, summary.

    ``from`` and ``to`` of an edge are what is meant, so that the edges alone give the count;
    ``cites`` is the node as it was cited, where a person or a rule found it to be another.
    """
    graph = load_many(claim, proofs=True)
    newest = claim.traces.defer("graph").first()
    summary = newest.summary if newest is not None else trace(graph).summary.as_json()
    return {
        "nodes": [node_json(graph, node) for node in graph.nodes.values()],
        "edges": [edge_json(graph, edge) for edge in graph.edges],
        "wordings": _wordings_json(graph),
        "circular": summary["circular"],
        "summary": summary,
    }


def node_json(graph: Graph, node: SourceNode) -> dict[str, Any]:
    article = node.article
    outlet = article.outlet if article is not None else None
    return {
        "id": str(node.pk),
        "kind": node.kind,
        "label": node.label,
        "named": node.named,
        "agency": node.agency,
        "first_hand": node.first_hand,
        "retracted": node.retracted or (article is not None and article.retracted),
        "speaks_for": node.speaks_for,
        "article": str(article.pk) if article is not None else None,
        "title": article.title if article is not None else None,
        "url": (article.url or None) if article is not None else None,
        "outlet": outlet.name if outlet is not None else None,
        "set_aside": article is not None and node.pk not in graph.counted,
        "wording": node.wording.number if node.wording is not None else None,
        "resolved_to": str(node.resolved_to_id) if node.resolved_to_id else None,
        "resolved_by": "person" if node.resolved_at else (node.resolved_rule or None),
        "by_hand": node.by_hand,
        "note": node.note,
    }


def edge_json(graph: Graph, edge: ProvenanceEdge) -> dict[str, Any]:
    source, target = graph.meant(edge.source_id), graph.meant(edge.target_id)
    return {
        "id": str(edge.pk),
        "from": str(source),
        "to": str(target),
        "cites": str(edge.target_id) if target != edge.target_id else None,
        "type": edge.type,
        "is_denial": edge.is_denial,
        "status": edge.status,
        "read_in": str(edge.read_in_id) if edge.read_in_id else None,
        "quote": edge.quote,
        "span": edge.span,
        "cue": edge.cue,
        "cue_span": edge.cue_span,
        "proof": edge.proof,
        "rule": edge.rule,
        "rule_version": edge.rule_version,
        "confidence": edge.confidence,
        "by_hand": edge.by_hand,
        "decided_by": edge.decided_by.get_username() if edge.decided_by is not None else None,
        "decided_at": edge.decided_at.isoformat() if edge.decided_at else None,
        "note": edge.note,
        "version": edge.version,
    }


def frozen(graph: Graph, found: origins.Trace) -> dict[str, Any]:
    """The graph as a trace keeps it and readers get it: no names of colleagues, no notes."""
    return {
        "nodes": [
            {
                name: value
                for name, value in node_json(graph, node).items()
                if name not in {"note", "resolved_by", "by_hand"}
            }
            | {"first_seen": stamp(graph, node)}
            for node in graph.nodes.values()
            if node.article_id is None or node.pk in graph.counted
        ],
        "edges": [
            {
                "from": str(graph.meant(edge.source_id)),
                "to": str(target := graph.meant(edge.target_id)),
                "cites": str(edge.target_id) if target != edge.target_id else None,
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
            groups[node.wording.number].append(str(key))
    return [{"number": number, "articles": groups[number]} for number in sorted(groups)]
