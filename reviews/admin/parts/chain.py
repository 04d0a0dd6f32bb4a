"""Who says so: the chain as a list of hops, each with its proof and what was decided on it."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from claims.admin.marks import Mark, Piece, one_line
from claims.models import Claim, CoverageItem, ProvenanceEdge, SourceNode
from claims.provenance import graph as graphs
from claims.provenance.graph import EdgeRow, NodeRow
from claims.provenance.picture import Picture, draw, hops, picture_of
from claims.provenance.prov import prov_json
from claims.provenance.tongue import Tongue
from claims.provenance.words import explain
from reviews.admin.parts.rules import mark_names, rule_name
from reviews.admin.parts.slices import Part

# As deep as the page is indented; what lies deeper stands below without a further step.
DEEPEST = 4
DRAWN_AT_ONCE = 20
OWN_AT_ONCE = 50
AT_ONCE = 25
"""So many links in other coverage are shown at once."""
TOLD_AT_ONCE = 200
"""So many of the sentences that say the same as a picture."""
OPENED_AT_MOST = 50
"""Folds of a picture that one address can open."""
# The catalogue of whoever looks: looked up anew with every message.
_TONGUE = Tongue(gettext, ngettext)
EXPORTS: Mapping[str, str] = {
    "svg": "image/svg+xml",
    "json": "application/json",
    "prov.json": "application/json",
}
"""The endings under which the chain is given away, and what each is."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One link: who has it from whom, the words that say so, and how sure anybody is."""

    edge: ProvenanceEdge
    # What the target was found to be, where somebody said so.
    meant: NodeRow | None
    quote: tuple[Piece, ...]
    depth: int
    # Whether the interval is provisional as long as nobody decides on this link.
    unconfirmed: bool

    @property
    def source(self) -> SourceNode:
        return self.edge.source

    @property
    def target(self) -> SourceNode:
        return self.edge.target

    @property
    def rule(self) -> str:
        """By which rule it was read, in words."""
        return rule_name(self.edge.rule)

    @property
    def shared(self) -> str:
        """What both texts have that chance does not explain, in words."""
        marks = self.edge.proof.get("marks", ()) if isinstance(self.edge.proof, dict) else ()
        return mark_names(marks)

    @property
    def open(self) -> bool:
        return self.edge.status == ProvenanceEdge.Status.SUGGESTED


@dataclass(frozen=True, slots=True)
class Chain:
    """The hops of the claim's own article first, then those of the other coverage, in parts.

    ``undecided``: how many links make the interval provisional; others are open and change
    nothing. ``next_open`` is the one that one key confirms or rejects: the first of them.
    """

    own: Sequence[Hop]
    # How many more hang on the own article than are shown; the picture's list has them all.
    own_more: int
    elsewhere: Sequence[Hop]
    links: int
    part: Part
    undecided: int
    next_open: UUID | None
    nodes: int
    wordings: Mapping[str, int]
    summary: Mapping[str, Any]
    words: str
    # Drawn at once while it is small; a large one has a page of its own.
    picture: SafeString | str


def chain_of(
    claim: Claim, *, coverage: Sequence[CoverageItem] | None = None, part: int = 1
) -> Chain:
    """Read the claim's graph and order it as people read it; ``coverage`` where all is at hand.

    Of the links in other coverage a few are shown at once: ``part`` says which, from 1 on.
    """
    rows = graphs.load(claim, coverage=coverage)
    own_node = next(
        (key for key, node in rows.nodes.items() if node.article == str(claim.article_id)), None
    )
    own = list(_walk(rows, own_node)) if own_node is not None else []
    told = {edge.pk for edge, _ in own}
    rest = sorted((edge for edge in rows.edges if edge.pk not in told), key=_open_first)
    shown = Part.of(part, len(rest), AT_ONCE)
    here = [*own[:OWN_AT_ONCE], *((edge, 0) for edge in rest[shown.first : shown.last])]
    hops = list(_hops(rows, here))
    open_ = [edge.pk for edge, _ in own if graphs.is_unconfirmed(rows, edge)]
    open_ += [edge.pk for edge in rest if graphs.is_unconfirmed(rows, edge)]
    return Chain(
        own=hops[: len(own[:OWN_AT_ONCE])],
        own_more=len(own[OWN_AT_ONCE:]),
        elsewhere=hops[len(own[:OWN_AT_ONCE]) :],
        links=len(rest),
        part=shown,
        undecided=len(open_),
        next_open=UUID(open_[0]) if open_ else None,
        nodes=len(rows.nodes),
        wordings={
            node.article: node.wording
            for node in rows.counted.values()
            if node.wording is not None and node.article is not None
        },
        summary=claim.sources,
        words=explain(claim.sources, tongue=_TONGUE) if claim.sources else "",
        picture=picture_from(rows) if 1 < len(rows.nodes) <= DRAWN_AT_ONCE else "",
    )


def picture_from(
    rows: graphs.Graph, *, opened: Collection[str] = (), address: str = ""
) -> SafeString:
    """The chain as one SVG, made of the rows as they stand.

    At *address* each fold is a link that opens it, ``?open=<key>``, and each opened one a link
    that folds it again; without one nothing can be opened.
    """

    def turned(keys: Iterable[str]) -> str:
        return f"{address}?{urlencode([('open', key) for key in sorted(keys)])}#picture"

    svg = draw(
        _picture(rows),
        open_groups=opened,
        open_url=(lambda key: turned({*opened, key})) if address else None,
        close_url=(lambda key: turned({*opened} - {key})) if address else None,
        tongue=_TONGUE,
    )
    # The picture escapes every word that comes from outside; its own tests hold it to that.
    return mark_safe(svg)  # noqa: S308


def hops_from(rows: graphs.Graph, *, part: int = 1) -> tuple[list[str], Part]:
    """What the picture shows, as sentences for a list: one part of them, and which it is."""
    told = hops(_picture(rows), tongue=_TONGUE)
    shown = Part.of(part, len(told), TOLD_AT_ONCE)
    return [hop.sentence for hop in told[shown.first : shown.last]], shown


def export(claim: Claim, rows: graphs.Graph, ending: str) -> str:
    """The chain as a file of one of EXPORTS, as it stands now."""
    if ending == "svg":
        return draw(_picture(rows), tongue=_TONGUE)
    document = prov_json(_picture(rows)) if ending == "prov.json" else graphs.as_json(claim)
    return json.dumps(document, ensure_ascii=False, indent=2, default=str)


def _picture(rows: graphs.Graph) -> Picture:
    found = graphs.trace(rows)
    return picture_of(graphs.frozen(rows, found), found.summary.as_json())


def _walk(rows: graphs.Graph, start: str) -> Iterator[tuple[EdgeRow, int]]:
    """The links that hang on one node, each followed to its end before the next; how deep."""
    by_source: dict[str, list[EdgeRow]] = {}
    for edge in rows.edges:
        by_source.setdefault(edge.source, []).append(edge)
    seen: set[str] = set()
    waiting = [(edge, 0) for edge in by_source.get(start, ())][::-1]
    while waiting:
        edge, depth = waiting.pop()
        if edge.pk in seen:
            continue
        seen.add(edge.pk)
        yield edge, min(depth, DEEPEST)
        further = dict.fromkeys((edge.target, rows.meant(edge.target)))
        waiting += [(one, depth + 1) for node in further for one in by_source.get(node, ())][::-1]


def _hops(rows: graphs.Graph, links: Sequence[tuple[EdgeRow, int]]) -> Iterator[Hop]:
    """These links with all that is shown of them."""
    edges = ProvenanceEdge.objects.select_related("source", "target", "decided_by").in_bulk(
        [UUID(edge.pk) for edge, _ in links]
    )
    for link, depth in links:
        edge = edges.get(UUID(link.pk))
        if edge is None:
            continue  # a new reading dropped it just now
        meant = rows.meant(link.target)
        yield Hop(
            edge=edge,
            meant=rows.nodes[meant] if meant != link.target else None,
            quote=_quote(edge),
            depth=depth,
            unconfirmed=graphs.is_unconfirmed(rows, link),
        )


def _quote(edge: ProvenanceEdge) -> tuple[Piece, ...]:
    """The words that say so, with the cue in them marked."""
    if not edge.quote:
        return ()
    start = _cue_in(edge)
    marks = [Mark(start, start + len(edge.cue), "cue")] if start >= 0 and edge.cue else []
    return one_line(edge.quote, marks)


def _cue_in(edge: ProvenanceEdge) -> int:
    """Where the cue stands in the quote: as it was read, else its first occurrence."""
    if edge.span and edge.cue_span:
        start = int(edge.cue_span[0]) - int(edge.span[0])
        if edge.quote[start : start + len(edge.cue)] == edge.cue and start >= 0:
            return start
    return edge.quote.find(edge.cue)


def _open_first(edge: EdgeRow) -> tuple[bool, float]:
    return edge.status != ProvenanceEdge.Status.SUGGESTED, -(edge.confidence or 0)
