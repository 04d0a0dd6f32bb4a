"""What each article of the coverage has to do with the others, kept on its row."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from uuid import UUID

from django.db.models import TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from claims.models import Claim, CoverageItem, ProvenanceEdge, SourceNode
from claims.provenance import copies, origins
from claims.provenance.draft import proof_of
from claims.provenance.graph import Graph
from claims.provenance.regroup import digest_of

BATCH = 1_000
_ARTICLE = Cast("article", TextField())

Relation = CoverageItem.Relation
_Related = Callable[[str, object], str]
_PUBLISHED = frozenset(
    {SourceNode.Kind.ARTICLE, SourceNode.Kind.OUTLET, SourceNode.Kind.COLLECTIVE}
)


def relate_again(claim: Claim, graph: Graph) -> None:
    """Say of each article what it has to do with the others; its proof stays as it is."""
    related = _related_in(graph)
    changed: defaultdict[str, list[UUID]] = defaultdict(list)
    items = claim.coverage.order_by().values_list(
        "pk", _ARTICLE, "relation", KeyTextTransform("kind", "proof")
    )
    for item, article, known, kind in items:
        if (relation := related(article, kind)) != known:
            changed[relation].append(item)
    for relation, found in changed.items():
        claim.coverage.filter(pk__in=found).update(relation=relation)


def relate(claim: Claim, graph: Graph, compared: Mapping[str, copies.Relation]) -> None:
    """The same with the proof. ``compared`` is that of the draft."""
    related = _related_in(graph)
    changed = []
    items = claim.coverage.order_by().values_list("pk", _ARTICLE, "relation", "proved_as")
    for item, article, known, proved_as in items:
        shares = compared.get(article)
        digest = digest_of(shares) if shares is not None else ""
        relation = related(article, shares.kind if shares is not None else None)
        if (known, proved_as) != (relation, digest):
            proof = {"of": shares.original, **proof_of(shares)} if shares is not None else {}
            changed.append(CoverageItem(pk=item, relation=relation, proof=proof, proved_as=digest))
    CoverageItem.objects.bulk_update(changed, ["relation", "proof", "proved_as"], batch_size=BATCH)


def _related_in(graph: Graph) -> _Related:
    """For an article's id, and the kind of what it shares most: its relation to the others."""
    out: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    leaned_on: set[str] = set()
    for edge in graph.edges:
        if edge.status == ProvenanceEdge.Status.REJECTED or edge.type not in origins.DEPENDENCE:
            continue
        source, target = graph.meant(edge.source), graph.meant(edge.target)
        if source != target and not edge.is_denial:
            out[source].append((edge.type, target))
            leaned_on.add(target)
    nodes = {node.article: node.pk for node in graph.counted.values()}

    def related(article: str, shares: object) -> str:
        node = nodes.get(article)
        if node is None:
            return Relation.UNKNOWN
        leans = out.get(node, [])
        if any(kind in origins.JOINING for kind, _ in leans):
            return Relation.COPY
        if shares == copies.Kind.PARTIAL:
            return Relation.PARTIAL_COPY
        if not leans:
            return Relation.ORIGINAL if node in leaned_on else Relation.UNKNOWN
        published = any(graph.nodes[target].kind in _PUBLISHED for _, target in leans)
        return Relation.CITES if published else Relation.INDEPENDENT

    return related
