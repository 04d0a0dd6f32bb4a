"""The graph of one claim as rows: loaded from its coverage, kept in step with a draft, counted."""

from claims.provenance.graph.count import trace, wordings
from claims.provenance.graph.lay import SAME_OUTLET, lay_beside
from claims.provenance.graph.rows import EdgeRow, Graph, NodeRow, is_unconfirmed, load
from claims.provenance.graph.shown import as_json, frozen, one_edge, one_node
from claims.provenance.graph.told import Coverage, wanted_of

__all__ = [
    "SAME_OUTLET",
    "Coverage",
    "EdgeRow",
    "Graph",
    "NodeRow",
    "as_json",
    "frozen",
    "is_unconfirmed",
    "lay_beside",
    "load",
    "one_edge",
    "one_node",
    "trace",
    "wanted_of",
    "wordings",
]
