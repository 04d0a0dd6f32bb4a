"""The graph of one claim as rows: loaded from its coverage, kept in step with a draft, counted."""

from claims.provenance.graph.count import trace, wordings
from claims.provenance.graph.lay import SAME_OUTLET, lay_beside
from claims.provenance.graph.rows import Graph, is_unconfirmed, load, load_many
from claims.provenance.graph.shown import as_json, edge_json, frozen, node_json
from claims.provenance.graph.told import Coverage, wanted_of

__all__ = [
    "SAME_OUTLET",
    "Coverage",
    "Graph",
    "as_json",
    "edge_json",
    "frozen",
    "is_unconfirmed",
    "lay_beside",
    "load",
    "load_many",
    "node_json",
    "trace",
    "wanted_of",
    "wordings",
]
