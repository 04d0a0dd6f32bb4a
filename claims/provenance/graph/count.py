"""Counting the rows of a claim's graph, and numbering its wordings."""

from collections.abc import Iterable, Iterator

from claims.models import Claim, SourceNode, Wording
from claims.provenance import origins
from claims.provenance.graph.rows import Graph, NodeRow

BATCH = 1_000

Kind = SourceNode.Kind
# Who cannot be asked or looked up is no named source, whatever kind it is of.
_NEEDS_A_NAME = frozenset({Kind.PERSON, Kind.ORGANISATION, Kind.DOCUMENT})


def trace(graph: Graph) -> origins.Trace:
    """Count the origins of the rows: resolved nodes are followed, articles set aside left out."""
    return origins.trace(_articles(graph), _sources(graph), _links(graph))


def wordings(claim: Claim, graph: Graph, groups: Iterable[tuple[str, ...]]) -> dict[str, int]:
    """Number the wordings anew, first seen first, and say of each article which it is.

    Answers with the number of each counted node.
    """
    stamps = {key: stamp(graph, node) or "" for key, node in graph.counted.items()}
    listed = sorted(groups, key=lambda members: min((stamps[one], one) for one in members))
    there = dict(claim.wordings.values_list("number", "pk"))
    missing = [number for number in range(1, len(listed) + 1) if number not in there]
    made = Wording.objects.bulk_create(
        [Wording(claim=claim, number=number) for number in missing], batch_size=BATCH
    )
    there |= {wording.number: wording.pk for wording in made}
    numbers = {one: number for number, group in enumerate(listed, start=1) for one in group}
    changed = [
        SourceNode(pk=key, wording_id=there[number])
        for key, number in numbers.items()
        if graph.counted[key].wording != number
    ]
    SourceNode.objects.bulk_update(changed, ["wording"], batch_size=BATCH)
    claim.wordings.filter(number__gt=len(listed)).delete()
    return numbers


def stamp(graph: Graph, node: NodeRow) -> str | None:
    """Since when the coverage has a node's article."""
    seen = graph.first_seen.get(node.article) if node.article is not None else None
    return seen.isoformat() if seen is not None else None


def _articles(graph: Graph) -> Iterator[origins.Article]:
    for key, node in graph.counted.items():
        yield origins.Article(
            id=key,
            outlet=node.paper.outlet if node.paper is not None else "",
            owner=node.paper.owner if node.paper is not None else "",
            retracted=node.is_retracted,
        )


def _sources(graph: Graph) -> Iterator[origins.Source]:
    for key, node in graph.nodes.items():
        if node.article is not None or graph.meant(key) != key:
            continue
        nameless = node.kind in _NEEDS_A_NAME and not node.named
        yield origins.Source(
            id=key,
            kind=Kind.UNNAMED.value if nameless else node.kind,
            label=node.label,
            first_hand=node.first_hand,
            retracted=node.retracted,
            speaks_for=node.speaks_for,
        )


def _links(graph: Graph) -> Iterator[origins.Edge]:
    for edge in graph.edges:
        yield origins.Edge(
            source=graph.meant(edge.source),
            target=graph.meant(edge.target),
            type=edge.type,
            is_denial=edge.is_denial,
            status=edge.status,
        )
