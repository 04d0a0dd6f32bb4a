"""Counting the rows of a claim's graph, and numbering its wordings."""

from collections.abc import Iterable, Iterator

from claims.models import Claim, SourceNode, Wording
from claims.provenance import origins
from claims.provenance.graph.rows import Graph

BATCH = 1_000

Kind = SourceNode.Kind
# Who cannot be asked or looked up is no named source, whatever kind it is of.
_NEEDS_A_NAME = frozenset({Kind.PERSON, Kind.ORGANISATION, Kind.DOCUMENT})


def trace(graph: Graph) -> origins.Trace:
    """Count the origins of the rows: resolved nodes are followed, articles set aside left out."""
    return origins.trace(_articles(graph), _sources(graph), _links(graph))


def wordings(claim: Claim, graph: Graph, groups: Iterable[tuple[str, ...]]) -> None:
    """Number the wordings anew, first seen first, and say of each article which it is."""
    by_name = {str(key): node for key, node in graph.counted.items()}

    def seen(members: tuple[str, ...]) -> tuple[str, str]:
        return min((stamp(graph, by_name[one]) or "", one) for one in members)

    listed = sorted(groups, key=seen)
    there = {wording.number: wording for wording in claim.wordings.all()}
    missing = [n for n in range(1, len(listed) + 1) if n not in there]
    made = Wording.objects.bulk_create(
        [Wording(claim=claim, number=number) for number in missing], batch_size=BATCH
    )
    there |= {wording.number: wording for wording in made}
    changed = []
    for number, members in enumerate(listed, start=1):
        for one in members:
            node = by_name[one]
            if node.wording_id != there[number].pk:
                node.wording = there[number]
                changed.append(node)
    SourceNode.objects.bulk_update(changed, ["wording"], batch_size=BATCH)
    claim.wordings.filter(number__gt=len(listed)).delete()


def stamp(graph: Graph, node: SourceNode) -> str | None:
    seen = graph.first_seen.get(node.article_id) if node.article_id is not None else None
    return seen.isoformat() if seen is not None else None


def _articles(graph: Graph) -> Iterator[origins.Article]:
    for key, node in graph.counted.items():
        article = node.article
        outlet = article.outlet if article is not None else None
        if outlet is not None and outlet.merged_into is not None:
            outlet = outlet.merged_into
        known = outlet is not None and not outlet.unknown
        yield origins.Article(
            id=str(key),
            outlet=str(outlet.pk) if outlet is not None and known else "",
            owner=outlet.owner_key if outlet is not None and known else "",
            retracted=node.retracted or (article is not None and article.retracted),
        )


def _sources(graph: Graph) -> Iterator[origins.Source]:
    for key, node in graph.nodes.items():
        if node.article_id is not None or graph.meant(key) != key:
            continue
        nameless = node.kind in _NEEDS_A_NAME and not node.named
        yield origins.Source(
            id=str(key),
            kind=Kind.UNNAMED.value if nameless else node.kind,
            label=node.label,
            first_hand=node.first_hand,
            retracted=node.retracted,
            speaks_for=node.speaks_for,
        )


def _links(graph: Graph) -> Iterator[origins.Edge]:
    for edge in graph.edges:
        yield origins.Edge(
            source=str(graph.meant(edge.source_id)),
            target=str(graph.meant(edge.target_id)),
            type=edge.type,
            is_denial=edge.is_denial,
            status=edge.status,
        )
