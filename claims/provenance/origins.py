"""How many independent origins a story has: nine steps, no database, no judgement.

1. Rejected edges, edges that carry no dependence, and denials fall away. An article that only
   passes on a denial is counted as an article and can be no origin.
2. Articles joined by ``copies`` or ``declares_canonical`` are one *wording*, and one node.
3. Edges that leave something retracted fall away.
4. Only what an article leans on, near or far, is kept.
5. A circle of two or more nodes is one node.
6. What leans on nothing is an *origin*.
7. Each origin is retracted, untraced, unnamed or named.
8. The high end counts all but the retracted. The low end counts the voices among the named ones
   that some article reaches over confirmed edges alone; at least 1 while anything stands.
9. Edges that are only suggested are told.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

VERSION = "1"

DEPENDENCE = frozenset(
    {"attributes_to", "copies", "translates", "agency_byline", "declares_canonical"}
)
JOINING = frozenset({"copies", "declares_canonical"})
EDGE_TYPES = DEPENDENCE | {"links_to", "same_owner"}
STATUSES = frozenset({"suggested", "confirmed", "rejected"})

NAMED_KINDS = frozenset({"person", "organisation", "document", "event", "self"})
UNNAMED_KINDS = frozenset({"unnamed", "collective"})
KINDS = NAMED_KINDS | UNNAMED_KINDS | {"outlet"}


@dataclass(frozen=True, slots=True)
class Article:
    """One article of the coverage. Without an outlet it is its own outlet and owner."""

    id: str
    outlet: str = ""
    owner: str = ""
    retracted: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """What an article leans on and is not coverage itself.

    ``first_hand`` is None where nobody has said; ``speaks_for`` is the organisation, document or
    event this source gives voice to. ``label`` is for people and counts nowhere.
    """

    id: str
    kind: str
    label: str = field(default="", compare=False)
    first_hand: bool | None = None
    retracted: bool = False
    speaks_for: str = ""

    def __post_init__(self) -> None:
        _one_of(KINDS, "kind", self.kind, self.id)


@dataclass(frozen=True, slots=True)
class Edge:
    """``source`` rests on ``target``; both are ids of articles or sources."""

    source: str
    target: str
    type: str
    is_denial: bool = False
    status: str = "confirmed"

    def __post_init__(self) -> None:
        if self.type not in EDGE_TYPES or self.status not in STATUSES:
            name = f"{self.source} → {self.target}"
            _one_of(EDGE_TYPES, "type", self.type, name)
            _one_of(STATUSES, "status", self.status, name)


class Standing(StrEnum):
    """What can be said of an origin. A retracted one is shown and not counted."""

    NAMED = "named"
    UNNAMED = "unnamed"
    UNTRACED = "untraced"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the story stops: ``members`` are ids, several for a circle alone.

    An article group is shown by its first id. ``voice`` is whom a named origin speaks for;
    ``confirmed`` says whether some article reaches it over confirmed edges alone.
    """

    id: str
    members: tuple[str, ...]
    standing: Standing
    voice: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """The counts of one story, as every door shows them."""

    articles: int
    outlets: int
    owners: int
    wordings: int
    origins_low: int
    origins_high: int
    named: int
    unnamed: int
    untraced: int
    retracted: int
    unconfirmed: int
    circular_groups: int
    circular: tuple[tuple[str, ...], ...]
    origins: tuple[str, ...]
    headline: str

    def as_json(self) -> dict[str, int | str | list[str] | list[list[str]]]:
        """The same, ready for ``json.dumps``."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        return plain | {
            "circular": [list(circle) for circle in self.circular],
            "origins": list(self.origins),
        }


@dataclass(frozen=True, slots=True)
class Trace:
    """A summary with what it was made of, to be kept beside the verdict that relied on it.

    ``wordings`` lists the article ids of each group; ``origins`` also holds the retracted ones.
    ``digest`` is the SHA-256 of the inputs, whatever their order.
    """

    summary: Summary
    origins: tuple[Origin, ...]
    wordings: tuple[tuple[str, ...], ...]
    digest: str
    version: str = VERSION


def count(
    articles: Iterable[Article], sources: Iterable[Source], edges: Iterable[Edge]
) -> Summary:
    """Count articles, outlets, owners, wordings and origins.

    An edge to an id that is neither article nor source is passed over. Raises ValueError where
    one id is described in two ways.
    """
    return trace(articles, sources, edges).summary


def trace(articles: Iterable[Article], sources: Iterable[Source], edges: Iterable[Edge]) -> Trace:
    """Count as ``count`` does, and keep the origins with their standing, groups and digest."""
    graph = _graph(articles, sources, edges)
    origins = tuple(sorted(_origins(graph), key=lambda origin: origin.id))
    return Trace(
        summary=_summary(graph, origins),
        origins=origins,
        wordings=tuple(graph.groups.values()),
        digest=digest(graph.articles.values(), graph.sources.values(), graph.edges),
    )


def digest(articles: Iterable[Article], sources: Iterable[Source], edges: Iterable[Edge]) -> str:
    """SHA-256 over the inputs as canonical JSON: the same for every order of listing."""
    inputs = {
        "articles": sorted([a.id, a.outlet, a.owner, a.retracted] for a in articles),
        "sources": sorted(
            [s.id, s.kind, json.dumps(s.first_hand), s.retracted, s.speaks_for] for s in sources
        ),
        "edges": sorted([e.source, e.target, e.type, e.is_denial, e.status] for e in edges),
    }
    # Half a surrogate pair may come in from outside and has no UTF-8: it is escaped as \udXXX.
    return hashlib.sha256(json.dumps(inputs, separators=(",", ":")).encode()).hexdigest()


_Node = TypeVar("_Node", Article, Source)


@dataclass(frozen=True, slots=True)
class _Graph:
    """What stands after the first four steps, with each wording folded into one node.

    A group goes by its first id. ``rests_on`` holds the reached nodes only, and no loops.
    """

    articles: Mapping[str, Article]
    sources: Mapping[str, Source]
    edges: Sequence[Edge]
    groups: Mapping[str, tuple[str, ...]]
    rests_on: Mapping[str, Iterable[str]]
    deny: frozenset[str]
    withdrawn: frozenset[str]
    confirmed: frozenset[str]


def _graph(
    articles: Iterable[Article], sources: Iterable[Source], edges: Iterable[Edge]
) -> _Graph:
    by_article, by_source = _by_id(articles), _by_id(sources)
    if both := by_article.keys() & by_source.keys():
        raise ValueError(f"{min(both)!r} is the id of an article and of a source.")
    known = by_article.keys() | by_source.keys()
    listed = [edge for edge in edges if edge.source in known and edge.target in known]
    depending = [e for e in listed if e.status != "rejected" and e.type in DEPENDENCE]
    standing = [edge for edge in depending if not edge.is_denial]
    joins, leans = _split_joins(standing, by_article)
    first = _first_ids(by_article, joins)
    groups = _members(first)
    roots = _roots(groups, first, joins)

    only_deny = {edge.source for edge in depending if edge.is_denial}
    only_deny -= {edge.source for edge in leans}
    gone = {article.id for article in by_article.values() if article.retracted}
    gone |= {source.id for source in by_source.values() if source.retracted}
    passing = [edge for edge in leans if edge.source not in gone]
    folded = _neighbours(
        (first.get(e.source, e.source), first.get(e.target, e.target)) for e in passing
    )
    sure = _neighbours((e.source, e.target) for e in passing if e.status == "confirmed")
    reached = _reached(groups, folded)
    return _Graph(
        articles=by_article,
        sources=by_source,
        edges=listed,
        groups=groups,
        rests_on={node: folded.get(node, ()) for node in sorted(reached)},
        deny=frozenset(group for group, top in roots.items() if top <= only_deny),
        withdrawn=frozenset(group for group, top in roots.items() if top <= gone),
        # A wording adds no path: its every member is an article that starts a path of its own.
        confirmed=frozenset(_reached(by_article, sure)),
    )


def _by_id(nodes: Iterable[_Node]) -> dict[str, _Node]:
    found: dict[str, _Node] = {}
    for node in nodes:
        if found.setdefault(node.id, node) != node:
            raise ValueError(f"{node.id!r} is listed twice, with different facts.")
    return found


def _split_joins(
    edges: Iterable[Edge], articles: Mapping[str, Article]
) -> tuple[list[Edge], list[Edge]]:
    """Edges that make two articles one wording; and all others, which lean on something.

    A copied press release joins nothing: it is a source, and stays the origin it is.
    """
    joins: list[Edge] = []
    leans: list[Edge] = []
    for edge in edges:
        joined = edge.type in JOINING and edge.source in articles and edge.target in articles
        (joins if joined else leans).append(edge)
    return joins, leans


def _first_ids(articles: Iterable[str], joins: Iterable[Edge]) -> dict[str, str]:
    """Each article with the first id of its group (union–find, halving paths)."""
    above = {article: article for article in articles}

    def top(article: str) -> str:
        while above[article] != article:
            above[article] = above[above[article]]
            article = above[article]
        return article

    for edge in joins:
        low, high = sorted((top(edge.source), top(edge.target)))
        above[high] = low
    return {article: top(article) for article in above}


def _members(first: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    groups = defaultdict(list)
    for article in sorted(first):
        groups[first[article]].append(article)
    return {group: tuple(members) for group, members in groups.items()}


def _roots(
    groups: Mapping[str, tuple[str, ...]], first: Mapping[str, str], joins: Iterable[Edge]
) -> dict[str, frozenset[str]]:
    """The members of each group that copy no other member.

    Where all copy one another in a circle there is none: then the circle itself is the root.
    """
    copied: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for edge in joins:
        if edge.source != edge.target:
            copied[first[edge.source]].append((edge.source, edge.target))
    roots = {}
    for group, members in groups.items():
        copies = copied[group]
        roots[group] = frozenset(members) - {copy for copy, _ in copies} or frozenset(
            member for circle in _sinks(members, _neighbours(copies)) for member in circle
        )
    return roots


def _neighbours(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Where each node leads; a loop leads nowhere."""
    leads = defaultdict(set)
    for source, target in pairs:
        if source != target:
            leads[source].add(target)
    return dict(leads)


def _reached(starts: Iterable[str], leads: Mapping[str, Iterable[str]]) -> set[str]:
    reached = set(starts)
    waiting = list(reached)
    while waiting:
        fresh = set(leads.get(waiting.pop(), ())) - reached
        reached |= fresh
        waiting.extend(fresh)
    return reached


def _sinks(nodes: Iterable[str], leads: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """The components that no edge leaves, each with its ids in order."""
    for component in components(nodes, leads):
        inside = frozenset(component)
        if all(target in inside for node in component for target in leads.get(node, ())):
            yield component


def components(
    nodes: Iterable[str], leads: Mapping[str, Iterable[str]]
) -> Iterator[tuple[str, ...]]:
    """Strongly connected components (Kosaraju), without recursion: a chain may be long."""
    back = _neighbours((target, node) for node in leads for target in leads[node])
    placed: set[str] = set()
    for start in reversed(_by_finish(nodes, leads)):
        if start in placed:
            continue
        placed.add(start)
        component, waiting = [start], [start]
        while waiting:
            fresh = back.get(waiting.pop(), set()) - placed
            placed |= fresh
            component.extend(fresh)
            waiting.extend(fresh)
        yield tuple(sorted(component))


def _by_finish(nodes: Iterable[str], leads: Mapping[str, Iterable[str]]) -> list[str]:
    """The nodes in the order in which a walk in depth leaves them."""
    left: list[str] = []
    seen: set[str] = set()
    stack = [(node, False) for node in nodes]
    while stack:
        node, done = stack.pop()
        if done:
            left.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((target, False) for target in leads.get(node, ()))
    return left


def _origins(graph: _Graph) -> Iterator[Origin]:
    for component in _sinks(graph.rests_on, graph.rests_on):
        first = component[0]
        if len(component) > 1:
            yield Origin("+".join(component), component, Standing.UNTRACED)
        elif first in graph.groups:
            if first not in graph.deny:
                gone = first in graph.withdrawn
                standing = Standing.RETRACTED if gone else Standing.UNTRACED
                yield Origin(first, graph.groups[first], standing)
        else:
            source = graph.sources[first]
            standing = _standing(source)
            voice = (source.speaks_for or first) if standing is Standing.NAMED else ""
            yield Origin(first, component, standing, voice, first in graph.confirmed)


def _standing(source: Source) -> Standing:
    """What can be said of a source that nothing else is known of.

    An outlet counts as the origin only where somebody said it was there; a source of which
    somebody said that it was not has got it from a place we do not know.
    """
    if source.retracted:
        return Standing.RETRACTED
    if source.first_hand is False:
        return Standing.UNTRACED
    if source.kind in UNNAMED_KINDS:
        return Standing.UNNAMED
    if source.kind in NAMED_KINDS or source.first_hand:
        return Standing.NAMED
    return Standing.UNTRACED


def _summary(graph: _Graph, origins: Sequence[Origin]) -> Summary:
    standings = Counter(origin.standing for origin in origins)
    counted = [origin for origin in origins if origin.standing is not Standing.RETRACTED]
    voices = {o.voice for o in counted if o.standing is Standing.NAMED and o.confirmed}
    outlets = {article.outlet or ("", article.id) for article in graph.articles.values()}
    owners = {a.owner or a.outlet or ("", a.id) for a in graph.articles.values()}
    circles = [c for c in components(graph.rests_on, graph.rests_on) if len(c) > 1]
    unconfirmed = sum(
        edge.status == "suggested" and edge.type in DEPENDENCE and not edge.is_denial
        for edge in graph.edges
    )
    counts = {
        "articles": len(graph.articles),
        "outlets": len(outlets),
        # One outlet filed under two owners would otherwise be two publishers.
        "owners": min(len(owners), len(outlets)),
        "wordings": len(graph.groups),
        "origins_low": max(len(voices), 1) if counted else 0,
        "origins_high": len(counted),
        "named": standings[Standing.NAMED],
        "unnamed": standings[Standing.UNNAMED],
        "untraced": standings[Standing.UNTRACED],
        "retracted": standings[Standing.RETRACTED],
        "unconfirmed": unconfirmed,
        "circular_groups": len(circles),
    }
    return Summary(
        **counts,
        circular=tuple(sorted(circles)),
        origins=tuple(sorted(origin.id for origin in counted)),
        headline=_headline(counts),
    )


def _headline(counts: Mapping[str, int]) -> str:
    low, high = counts["origins_low"], counts["origins_high"]
    parts = [
        _many(counts["articles"], "article"),
        _many(counts["outlets"], "outlet"),
        _many(counts["owners"], "owner"),
        _many(counts["wordings"], "wording"),
        (_many(high, "origin") if low == high else f"{low}–{high} origins")
        + f" ({counts['named']} named)",
    ]
    if circles := counts["circular_groups"]:
        parts.append(_many(circles, "circular group"))
    if untraced := counts["untraced"]:
        parts.append(f"{untraced} untraced")
    if retracted := counts["retracted"]:
        parts.append(f"{retracted} retracted")
    if unconfirmed := counts["unconfirmed"]:
        parts.append(f"provisional, {_many(unconfirmed, 'link')} unconfirmed")
    return " · ".join(parts)


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _one_of(allowed: frozenset[str], what: str, value: str, where: str) -> None:
    if value not in allowed:
        listed = ", ".join(sorted(allowed))
        raise ValueError(f"{where}: {what} {value!r} is none of {listed}.")
