"""The rows of one claim's graph as plain values, with who is meant by whom.

A long story has tens of thousands of them: no model is made of a row that is only looked at.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from claims.models import Article, Claim, CoverageItem, Outlet, ProvenanceEdge, SourceNode
from claims.provenance import origins
from claims.provenance.uncollected import uncollected

Status = ProvenanceEdge.Status


class Paper(NamedTuple):
    """Who published an article: its outlet's name, and as which outlet and owner it counts."""

    name: str
    outlet: str
    owner: str


class NodeRow(NamedTuple):
    """A node, with its article and the number of its wording where it has them."""

    pk: str
    key: str
    label: str
    kind: str
    named: bool
    agency: bool
    first_hand: bool | None
    retracted: bool
    speaks_for: str
    article: str | None
    title: str | None
    url: str | None
    article_retracted: bool | None
    wording: int | None
    resolved_to: str | None
    resolved_rule: str
    resolved_at: datetime | None
    by_hand: bool
    note: str
    paper: Paper | None

    @property
    def is_retracted(self) -> bool:
        return self.retracted or bool(self.article_retracted)


class EdgeRow(NamedTuple):
    """An edge; what proves it is empty where it was not asked for."""

    pk: str
    source: str
    target: str
    type: str
    is_denial: bool
    status: str
    quote: str
    cue: str
    by_hand: bool
    confidence: float | None
    read_in: str | None = None
    span: list[int] | None = None
    cue_span: list[int] | None = None
    proof: Mapping[str, Any] = {}
    rule: str = ""
    rule_version: str = ""
    decided_by: str | None = None
    decided_at: datetime | None = None
    note: str = ""
    version: int = 0


_NODE = (
    *("key", "label", "kind", "named", "agency", "first_hand", "retracted", "speaks_for"),
    *("article__title", "article__url", "article__retracted", "wording__number"),
    *("resolved_rule", "resolved_at", "by_hand", "note"),
)
_LEAN = ("type", "is_denial", "status", "quote", "cue", "by_hand", "confidence")
_PROVING = (
    *("span", "cue_span", "proof", "rule", "rule_version"),
    *("decided_by__username", "decided_at", "note", "version"),
)


@dataclass(frozen=True, slots=True)
class Graph:
    """The rows of one claim's graph, by id, with who resolves to whom followed to the end.

    ``counted`` are the nodes of articles that were not set aside. ``first_seen`` says since when
    the coverage has an article, by the article's id. ``meanings`` holds each node that was found
    to be another.
    """

    nodes: Mapping[str, NodeRow]
    edges: tuple[EdgeRow, ...]
    counted: Mapping[str, NodeRow]
    first_seen: Mapping[str, datetime]
    meanings: Mapping[str, str]

    def meant(self, node: str) -> str:
        """What a node was found to be; itself where nobody said, or they said it in a ring."""
        return self.meanings.get(node, node)


def is_unconfirmed(graph: Graph, edge: EdgeRow) -> bool:
    """Whether a link makes the interval provisional: as the count takes it, and no other way."""
    ends = (graph.nodes[graph.meant(end)] for end in (edge.source, edge.target))
    return (
        edge.status == Status.SUGGESTED
        and edge.type in origins.DEPENDENCE
        and not edge.is_denial
        and all(end.article is None or end.pk in graph.counted for end in ends)
    )


@uncollected()
def load(
    claim: Claim, *, coverage: Sequence[CoverageItem] | None = None, proofs: bool = False
) -> Graph:
    """The rows as they stand: four statements, however many they are.

    ``coverage``, where a page has read all of it with the outlets of its articles and what those
    were merged into, saves two of them.

    Without ``proofs`` the edges come without what proves them, most of what they weigh.
    """
    rows = claim.nodes.order_by("key")
    if coverage is None:
        items = list(
            claim.coverage.order_by().values_list(_text("article"), "set_aside", "first_seen")
        )
        found = nodes_of(rows, _papers(claim))
    else:
        items = [(str(one.article_id), one.set_aside, one.first_seen) for one in coverage]
        found = nodes_of(rows, _papers_at_hand(coverage))
        there = {article for article, _, _ in items}
        if any(node.article is not None and node.article not in there for node in found):
            found = nodes_of(rows, _papers(claim))
    nodes = {node.pk: node for node in found}
    aside = {article for article, set_aside, _ in items if set_aside}
    return Graph(
        nodes=nodes,
        edges=tuple(edges_of(claim.edges.all(), proofs=proofs)),
        counted={
            key: node
            for key, node in nodes.items()
            if node.article is not None and node.article not in aside
        },
        first_seen={article: seen for article, _, seen in items},
        meanings=meanings(
            {key: node.resolved_to for key, node in nodes.items() if node.resolved_to is not None}
        ),
    )


def nodes_of(
    nodes: QuerySet[SourceNode], papers: Mapping[str, Paper] | None = None
) -> list[NodeRow]:
    """These nodes as rows; each article's paper is looked up in ``papers``, by its outlet."""
    rows = nodes.values_list(
        *(_text(name) for name in ("id", "article", "resolved_to", "article__outlet")), *_NODE
    )
    known = papers or {}
    return [
        NodeRow._make(
            (pk, *told[:8], article, *told[8:12], resolved_to, *told[12:], known.get(outlet))
        )
        for pk, article, resolved_to, outlet, *told in rows
    ]


def edges_of(edges: QuerySet[ProvenanceEdge], *, proofs: bool) -> list[EdgeRow]:
    """These edges as rows."""
    ends = (_text(name) for name in ("id", "source", "target"))
    proving = (_text("read_in"), *_PROVING) if proofs else ()
    return list(map(EdgeRow._make, _padded(edges.values_list(*ends, *_LEAN, *proving))))


def meanings(resolved: Mapping[str, str]) -> dict[str, str]:
    """What each resolved node means in the end; of a ring, the first of it."""
    return {node: meant for node in resolved if (meant := _end(node, resolved)) != node}


def _end(node: str, resolved: Mapping[str, str]) -> str:
    seen = {node}
    while (to := resolved.get(node)) is not None:
        if to in seen:
            return min(seen)
        seen.add(to)
        node = to
    return node


def _papers(claim: Claim) -> dict[str, Paper]:
    """By the id of the outlet that an article is filed under, whose paper it is."""
    ids = Article.objects.filter(nodes__claim=claim).order_by().values("outlet")
    outlets = Outlet.objects.filter(pk__in=ids).select_related("merged_into").order_by()
    return {str(one.pk): paper_of(one) for one in outlets}


def _papers_at_hand(coverage: Iterable[CoverageItem]) -> dict[str, Paper]:
    outlets = {one.article.outlet for one in coverage if one.article.outlet is not None}
    return {str(one.pk): paper_of(one) for one in outlets}


def paper_of(outlet: Outlet) -> Paper:
    """An outlet as its articles count; one that nobody knows counts as none."""
    meant = outlet.merged_into or outlet
    key, owner = ("", "") if meant.unknown else (str(meant.pk), meant.owner_key)
    return Paper(outlet.name, key, owner)


def _padded(rows: Iterable[tuple[Any, ...]]) -> Iterable[tuple[Any, ...]]:
    rest = tuple(EdgeRow._field_defaults.values())
    full = len(EdgeRow._fields)
    return (row if len(row) == full else row + rest for row in rows)


def _text(name: str) -> Cast:
    return Cast(name, TextField())
