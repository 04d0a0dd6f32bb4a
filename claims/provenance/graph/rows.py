"""The rows of one claim's graph, loaded, with who is meant by whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from claims.models import Article, Claim, CoverageItem, Outlet, ProvenanceEdge, SourceNode
from claims.provenance import origins

Status = ProvenanceEdge.Status
# What neither a count nor a list of the chain shows of an article: megabytes in a big story.
_HEAVY = ("text", "attributions", "signals", "sketch")
# What proves an edge and decides nothing.
_PROVING = ("span", "cue_span", "proof", "rule", "rule_version", "note")


@dataclass(frozen=True, slots=True)
class Graph:
    """The rows of one claim's graph, with who resolves to whom followed to the end.

    ``counted`` are the nodes of articles that were not set aside, by id. ``first_seen`` says
    since when the coverage has an article, by the article's id.
    """

    nodes: Mapping[UUID, SourceNode]
    edges: tuple[ProvenanceEdge, ...]
    counted: Mapping[UUID, SourceNode]
    first_seen: Mapping[UUID, datetime]

    def meant(self, node: UUID) -> UUID:
        """What a node was found to be; itself where nobody said, or they said it in a ring."""
        if self.nodes[node].resolved_to_id is None:
            return node
        seen = {node}
        while (to := self.nodes[node].resolved_to_id) is not None and to in self.nodes:
            if to in seen:
                return min(seen)
            seen.add(to)
            node = to
        return node


def is_unconfirmed(graph: Graph, edge: ProvenanceEdge) -> bool:
    """Whether a link makes the interval provisional: as the count takes it, and no other way."""
    ends = (graph.nodes[graph.meant(end)] for end in (edge.source_id, edge.target_id))
    return (
        edge.status == Status.SUGGESTED
        and edge.type in origins.DEPENDENCE
        and not edge.is_denial
        and all(end.article_id is None or end.pk in graph.counted for end in ends)
    )


def load(claim: Claim, *, coverage: Iterable[CoverageItem] | None = None) -> Graph:
    """The rows as they stand: three statements, or two where the coverage is at hand."""
    nodes = {
        node.pk: node
        for node in claim.nodes.select_related(
            "article__outlet__owner", "article__outlet__merged_into__owner", "wording"
        ).defer(*(f"article__{name}" for name in _HEAVY))
    }
    items = (
        [(item.article_id, item.set_aside, item.first_seen) for item in coverage]
        if coverage is not None
        else list(claim.coverage.values_list("article", "set_aside", "first_seen"))
    )
    aside = {article for article, set_aside, _ in items if set_aside}
    counted = {
        key: node
        for key, node in nodes.items()
        if node.article_id is not None and node.article_id not in aside
    }
    return Graph(
        nodes=nodes,
        edges=tuple(claim.edges.select_related("decided_by")),
        counted=counted,
        first_seen={article: seen for article, _, seen in items},
    )


def load_many(claim: Claim, *, proofs: bool = False) -> Graph:
    """The same rows for what goes through all of them: six statements, and no row made twice.

    Thousands of articles share outlets and wordings. Without ``proofs`` the edges come without
    what proves them, which is most of what they weigh.
    """
    nodes = {node.pk: node for node in claim.nodes.order_by("key")}
    wordings_of = {wording.pk: wording for wording in claim.wordings.all()}
    articles = {
        article.pk: article
        for article in Article.objects.filter(nodes__claim=claim)
        .only("title", "url", "retracted", "outlet")
        .order_by()
    }
    outlets = {
        outlet.pk: outlet
        for outlet in Outlet.objects.filter(
            pk__in=Article.objects.filter(nodes__claim=claim).order_by().values("outlet")
        )
        .select_related("owner", "merged_into__owner")
        .order_by()
    }
    for article in articles.values():
        if article.outlet_id is not None:
            article.outlet = outlets[article.outlet_id]
    for node in nodes.values():
        if node.article_id is not None:
            node.article = articles[node.article_id]
        if node.wording_id is not None:
            node.wording = wordings_of[node.wording_id]
    items = list(claim.coverage.order_by().values_list("article", "set_aside", "first_seen"))
    aside = {article for article, set_aside, _ in items if set_aside}
    edges = claim.edges.select_related("decided_by") if proofs else claim.edges.defer(*_PROVING)
    return Graph(
        nodes=nodes,
        edges=tuple(edges),
        counted={
            key: node
            for key, node in nodes.items()
            if node.article_id is not None and node.article_id not in aside
        },
        first_seen={article: seen for article, _, seen in items},
    )
