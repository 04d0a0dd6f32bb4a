"""The graph of one claim as rows: loaded from its coverage, kept in step with a draft, counted."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from claims.models import (
    Article,
    Claim,
    CoverageItem,
    Domain,
    Outlet,
    ProvenanceEdge,
    SourceNode,
    Wording,
)
from claims.provenance import origins
from claims.provenance.carried import Wanted, wanted
from claims.provenance.draft import LABEL_MAX, Draft, Edge, Node, Reading, Told
from claims.text.attributed import Attribution

BATCH = 1_000
SAME_OUTLET = "outlet of the coverage"

Kind = SourceNode.Kind
Status = ProvenanceEdge.Status
_RULE_MAX = 60
# What neither a count nor a list of the chain shows of an article: megabytes in a big story.
_HEAVY = ("text", "attributions", "signals", "sketch")
# What proves an edge and decides nothing.
_PROVING = ("span", "cue_span", "proof", "rule", "rule_version", "note")
# Who cannot be asked or looked up is no named source, whatever kind it is of.
_NEEDS_A_NAME = frozenset({Kind.PERSON, Kind.ORGANISATION, Kind.DOCUMENT})


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


def coverage_of(claim: Claim) -> list[CoverageItem]:
    """The articles that count for a claim and were read, first seen first."""
    items = claim.coverage.filter(set_aside=False).exclude(article__text="")
    return list(
        items.select_related("article__outlet__owner", "article__outlet__merged_into__owner")
    )


def told_of(items: Iterable[CoverageItem]) -> list[Told]:
    """The articles as the draft wants them, with every name their outlets are known by."""
    listed = list(items)
    outlets = {outlet.pk for item in listed if (outlet := outlet_of(item)) is not None}
    hosts: defaultdict[UUID, list[str]] = defaultdict(list)
    for domain in Domain.objects.filter(outlet__in=outlets):
        hosts[domain.outlet_id] += [domain.host, domain.host.removeprefix("www.")]
    return [_told(item, hosts) for item in listed]


def wanted_of(claim: Claim) -> Wanted:
    """The claim in its own words, and in those it was quoted from."""
    quoted = (claim.quote or {}).get("exact", "")
    return wanted(claim.text, str(quoted), language=claim.language)


def outlet_of(item: CoverageItem) -> Outlet | None:
    """Who published an article, where anybody knows; an outlet that was merged is the other."""
    outlet = item.article.outlet
    if outlet is not None and outlet.merged_into is not None:
        outlet = outlet.merged_into
    return None if outlet is None or outlet.unknown else outlet


def lay_beside(claim: Claim, draft: Draft) -> None:
    """Bring the claim's rows in step with a draft. What people decided or made is kept.

    The claim row is locked by the caller. A few statements, however many rows.
    """
    nodes = _lay_nodes(claim, draft)
    _lay_edges(claim, draft, nodes)
    _resolve(draft, nodes)
    _drop_unused(claim, draft)


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


def trace(graph: Graph) -> origins.Trace:
    """Count the origins of the rows: resolved nodes are followed, articles set aside left out."""
    return origins.trace(_articles(graph), _sources(graph), _links(graph))


def wordings(claim: Claim, graph: Graph, groups: Iterable[tuple[str, ...]]) -> None:
    """Number the wordings anew, first seen first, and say of each article which it is."""
    by_name = {str(key): node for key, node in graph.counted.items()}

    def seen(members: tuple[str, ...]) -> tuple[str, str]:
        return min((_stamp(graph, by_name[one]) or "", one) for one in members)

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
            | {"first_seen": _stamp(graph, node)}
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


def _stamp(graph: Graph, node: SourceNode) -> str | None:
    seen = graph.first_seen.get(node.article_id) if node.article_id is not None else None
    return seen.isoformat() if seen is not None else None


# -- loading ------------------------------------------------------------------------------------


def _told(item: CoverageItem, hosts: Mapping[UUID, list[str]]) -> Told:
    article, outlet = item.article, outlet_of(item)
    signals = article.signals
    names: tuple[str, ...] = ()
    if outlet is not None:
        former = article.outlet.name if article.outlet is not None else ""
        names = tuple(dict.fromkeys((outlet.name, former, *hosts.get(outlet.pk, ()))))
    return Told(
        id=str(article.pk),
        text=article.text,
        first_seen=item.first_seen,
        language=article.language,
        title=article.title,
        url=article.url,
        site=(urlsplit(article.url).hostname or "").removeprefix("www."),
        outlet=str(outlet.pk) if outlet is not None else "",
        outlet_name=outlet.name if outlet is not None else "",
        owner=outlet.owner_key if outlet is not None else "",
        names=names,
        agency=outlet is not None and outlet.agency,
        attributions=tuple(Attribution.from_json(edge) for edge in article.attributions),
        canonical=_first(signals, "elsewhere"),
        based_on=tuple(_all(signals, "based_on")),
        byline_agency=_first(signals, "agency"),
    )


def _all(signals: Mapping[str, Any], name: str) -> list[str]:
    value = signals.get(name) or ()
    return [value] if isinstance(value, str) else [str(one) for one in value]


def _first(signals: Mapping[str, Any], name: str) -> str:
    return next(iter(_all(signals, name)), "")


# -- keeping rows in step -----------------------------------------------------------------------


def _lay_nodes(claim: Claim, draft: Draft) -> dict[str, SourceNode]:
    there = {node.key: node for node in claim.nodes.all()}
    made, changed = [], []
    for key, node in draft.nodes.items():
        row = there.get(key)
        if row is None:
            made.append(_new_node(claim, node))
        elif not row.by_hand and _update(row, _facts(node)):
            changed.append(row)
    SourceNode.objects.bulk_create(made, batch_size=BATCH)
    SourceNode.objects.bulk_update(changed, ["label", "kind", "named", "agency"], batch_size=BATCH)
    return there | {row.key: row for row in made}


def _new_node(claim: Claim, node: Node) -> SourceNode:
    return SourceNode(
        claim=claim,
        key=node.key,
        article_id=UUID(node.article) if node.article else None,
        **_facts(node),
    )


def _facts(node: Node) -> dict[str, Any]:
    return {
        "label": node.label[:LABEL_MAX],
        "kind": node.kind,
        "named": node.named,
        "agency": node.agency,
    }


def _resolve(draft: Draft, nodes: Mapping[str, SourceNode]) -> None:
    """Take a cited outlet to be its article of the coverage, unless a person said otherwise."""
    changed = []
    for key, row in nodes.items():
        if row.resolved_at is not None or row.article_id is not None:
            continue
        drafted = draft.nodes.get(key)
        target = nodes.get(drafted.resolves_to) if drafted is not None else None
        wanted_id = target.pk if target is not None and target.pk != row.pk else None
        if row.resolved_to_id != wanted_id:
            row.resolved_to_id = wanted_id
            row.resolved_rule = SAME_OUTLET if wanted_id else ""
            changed.append(row)
    SourceNode.objects.bulk_update(changed, ["resolved_to", "resolved_rule"], batch_size=BATCH)


def _lay_edges(claim: Claim, draft: Draft, nodes: Mapping[str, SourceNode]) -> None:
    there = {
        (edge.source_id, edge.target_id, edge.type, edge.is_denial): edge
        for edge in claim.edges.all()
    }
    made, changed, kept = [], [], set()
    for edge in draft.edges.values():
        identity = (nodes[edge.source].pk, nodes[edge.target].pk, edge.type, edge.is_denial)
        kept.add(identity)
        row = there.get(identity)
        if row is None:
            made.append(
                ProvenanceEdge(
                    claim=claim,
                    source_id=identity[0],
                    target_id=identity[1],
                    type=edge.type,
                    is_denial=edge.is_denial,
                    **_proof(edge),
                )
            )
        elif row.status == Status.SUGGESTED and not row.by_hand and _update(row, _proof(edge)):
            # What somebody decided stays as they saw it.
            changed.append(row)
    ProvenanceEdge.objects.bulk_create(made, batch_size=BATCH)
    ProvenanceEdge.objects.bulk_update(changed, _PROOF, batch_size=BATCH)
    gone = [
        row.pk
        for identity, row in there.items()
        if identity not in kept and row.status == Status.SUGGESTED and not row.by_hand
    ]
    claim.edges.filter(pk__in=gone).delete()


_PROOF = "read_in quote span cue cue_span proof rule rule_version confidence".split()


def _proof(edge: Edge) -> dict[str, Any]:
    first: Reading | None = edge.readings[0] if edge.readings else None
    proof = dict(edge.proof)
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
        "cue_span": list(first.cue_span) if first is not None and first.cue_span else None,
        "proof": proof,
        "rule": edge.rule[:_RULE_MAX],
        "rule_version": edge.rule_version,
        "confidence": edge.confidence,
    }


def _update(row: SourceNode | ProvenanceEdge, facts: Mapping[str, Any]) -> bool:
    """Write new values onto a row; whether any differ."""
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, facts[name])
    return bool(changed)


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


# -- counting -----------------------------------------------------------------------------------


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


def _wordings_json(graph: Graph) -> list[dict[str, Any]]:
    groups: defaultdict[int, list[str]] = defaultdict(list)
    for key, node in graph.counted.items():
        if node.wording is not None:
            groups[node.wording.number].append(str(key))
    return [{"number": number, "articles": groups[number]} for number in sorted(groups)]
