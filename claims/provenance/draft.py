"""Drafts the graph of one claim from what its articles say: every link a suggestion with proof.

Pure. People's decisions are not known here; they are kept by ``claims.provenance.graph``, which
lays the draft beside the rows that are there.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from claims.provenance.carried import How, Wanted
from claims.provenance.copies import Kind, Relation, Text
from claims.provenance.heard import Heard, hear
from claims.provenance.issued import is_press_release
from claims.provenance.naming import Outlets, plain_name, whole_names
from claims.provenance.regroup import NOTHING, Compared, Near, regroup
from claims.provenance.wordings import Wordings
from claims.text.attributed import Attribution, Span

VERSION = "1"

LABEL_MAX = 300
CUE_MAX = 200
QUOTE_MAX = 1_000
READINGS_MAX = 20
"""As many places are kept in which a link was read; their number is kept in full."""

_NAMELESS = frozenset({"unnamed", "collective"})
_INHERITED_CONFIDENCE = 0.6
_SURE_TRANSLATION = 0.5
_PASSAGES_MAX = 40
_SAME_SOURCE = 2 / 3


@dataclass(frozen=True, slots=True)
class Told:
    """One article of the coverage, as far as the graph asks.

    ``outlet`` and ``owner`` are keys, empty where nobody knows; ``names`` all that the outlet
    is called by, its hosts too. ``canonical`` and ``based_on`` are addresses that the page
    declares. ``byline_agency`` is the agency that the page's markup names.
    """

    id: str
    text: str
    first_seen: datetime
    language: str = ""
    title: str = ""
    url: str = ""
    site: str = ""
    outlet: str = ""
    outlet_name: str = ""
    owner: str = ""
    names: tuple[str, ...] = ()
    agency: bool = False
    attributions: tuple[Attribution, ...] = ()
    canonical: str = ""
    based_on: tuple[str, ...] = ()
    byline_agency: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A node to be. ``key`` names it within the claim, the same on every run.

    ``resolves_to`` is the key of the article that a cited outlet is taken to be.
    """

    key: str
    label: str
    kind: str
    named: bool = True
    agency: bool = False
    article: str = ""
    resolves_to: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a link was read: article, sentence, cue; spans count characters of its text."""

    article: str
    quote: str
    span: Span
    cue: str = ""
    cue_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """A link to be, always a suggestion. ``readings`` holds the first few of ``times``."""

    source: str
    target: str
    type: str
    is_denial: bool = False
    rule: str = ""
    rule_version: str = VERSION
    confidence: float = 0.0
    readings: tuple[Reading, ...] = ()
    times: int = 0
    proof: Mapping[str, object] = field(default_factory=dict)

    @property
    def identity(self) -> tuple[str, str, str, bool]:
        return self.source, self.target, self.type, self.is_denial


@dataclass(frozen=True, slots=True)
class Draft:
    """The graph as read: nodes and edges by key.

    ``compared``: for each article that has words of another, the proof of what it has most of,
    with the other's id under ``of``. ``kept`` and ``heard``: what comparing the articles and
    reading them for the claim came to, for the next draft.
    """

    nodes: Mapping[str, Node]
    edges: Mapping[tuple[str, str, str, bool], Edge]
    compared: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    kept: Compared = NOTHING
    heard: Mapping[str, Heard] = field(default_factory=dict)


class SoFar(Protocol):
    """Keeps what is done of a long draft, so that it goes on there when it is cut off."""

    def heard(self, heard: Mapping[str, Heard], /) -> None:
        """What a few hundred more articles carry."""

    def compared(self, compared: Compared, /) -> None:
        """What comparing came to, with a few hundred more than the last time."""


def compose(
    claim: Wanted,
    articles: Iterable[Told],
    *,
    before: Compared = NOTHING,
    heard: Mapping[str, Heard] = MappingProxyType({}),
    near: Near | None = None,
    so_far: SoFar | None = None,
) -> Draft:
    """Draft the graph of a claim. The order of listing makes no difference.

    Time grows with the number of articles, not with its square: texts are compared through an
    index, names through a table. With what ``before`` comparing came to, and ``near`` to find
    whom a text may have to do with, only new texts are compared; with what was ``heard`` of each
    before, only new or changed ones are read. ``so_far`` is told on the way.
    """
    listed = sorted(articles, key=lambda told: (told.first_seen, told.id))
    known = hear(claim, listed, before=heard, so_far=so_far.heard if so_far else None)
    drafting = _Drafting(listed, known)
    texts = map(drafting.text_of, listed)
    wordings, kept = regroup(
        texts, before=before, near=near, so_far=so_far.compared if so_far else None
    )
    drafting.group(wordings)
    for relation in wordings.relations:
        drafting.compare(relation)
    translated = drafting.translations(wordings.relations)
    # What a translation names in its own script would be a second source of the same name, so
    # it only adds to what others name too.
    for told in sorted(listed, key=lambda one: one.id in translated):
        drafting.cite(told, only_known=told.id in translated)
    for told in listed:
        drafting.declare(told)
    drafting.lean_on_shared_passages(wordings.relations)
    drafting.same_owners()
    return replace(drafting.draft(), kept=kept, heard=known)


def article_key(article: str) -> str:
    return f"article:{article}"


class _Drafting:
    """The draft while it grows."""

    def __init__(self, listed: Sequence[Told], heard: Mapping[str, Heard]) -> None:
        self.told = {told.id: told for told in listed}
        self.heard = heard
        self.read = {key: one.carried for key, one in heard.items()}
        self.outlets = Outlets(
            {name: told.outlet for told in listed if told.outlet for name in told.names}
        )
        self.names = {told.outlet: told.outlet_name for told in listed if told.outlet}
        self.agencies = {told.outlet for told in listed if told.agency}
        self.by_outlet: defaultdict[str, list[Told]] = defaultdict(list)
        for told in listed:
            self.by_outlet[told.outlet].append(told)
        self.by_url = {told.url: told.id for told in reversed(listed) if told.url}
        self.nodes: dict[str, Node] = {
            article_key(told.id): Node(
                article_key(told.id), _label(told), "article", article=told.id
            )
            for told in listed
        }
        self.edges: dict[tuple[str, str, str, bool], Edge] = {}
        self.compared: dict[str, Relation] = {}
        self.first_of_wording: dict[str, str] = {}
        self.kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.nameless: defaultdict[str, list[tuple[str, str, frozenset[str], str]]] = defaultdict(
            list
        )
        self.whole = self._whole_names()

    def text_of(self, told: Told) -> Text:
        """The article as the comparison of texts wants it."""
        byline = self.read[told.id].byline
        return Text(
            id=told.id,
            text=told.text,
            site=told.site,
            outlet=told.outlet_name,
            url=told.url,
            language=told.language,
            agency=byline.source if byline is not None else told.byline_agency,
            credits=frozenset(self._credits(told)),
            canonical=told.canonical,
            first_seen=told.first_seen,
            issued=_issued(told),
        )

    def group(self, wordings: Wordings) -> None:
        for members in wordings.groups:
            for member in members:
                self.first_of_wording[member] = members[0]

    def compare(self, relation: Relation) -> None:
        """What one text has of another becomes a link, where it carries dependence."""
        kinds = {Kind.COPY: "copies", Kind.TRANSLATION: "translates"}
        known = self.compared.get(relation.copy)
        if relation.kind in {*kinds, Kind.PARTIAL} and (
            known is None or relation.share > known.share
        ):
            self.compared[relation.copy] = relation
        if relation.kind not in kinds:
            return
        self._link(
            Edge(
                article_key(relation.copy),
                article_key(relation.original),
                kinds[relation.kind],
                rule=f"compared: {relation.label}",
                rule_version=relation.version,
                confidence=relation.confidence,
                proof=_proof_of(relation),
            )
        )

    @staticmethod
    def translations(relations: Iterable[Relation]) -> set[str]:
        """Texts that are surely no more than another in their own language."""
        return {
            relation.copy
            for relation in relations
            if relation.kind is Kind.TRANSLATION
            and (relation.direction.is_explicit or relation.confidence >= _SURE_TRANSLATION)
        }

    def cite(self, told: Told, *, only_known: bool = False) -> None:
        """The chains of one article, under the agency whose text it runs if it runs one."""
        read = self.read[told.id]
        base = self._agency(told, read.byline)
        for hops in read.chains:
            self._chain(told, base, hops, inherited=read.how is How.INHERITED, known=only_known)

    def declare(self, told: Told) -> None:
        """Links that a page's markup declares."""
        for url, kind, rule in (
            (told.canonical, "declares_canonical", "declared canonical"),
            *((url, "attributes_to", "declared basis") for url in told.based_on),
        ):
            target = self._at_address(url, told) if url else ""
            if target:
                self._link(
                    Edge(
                        article_key(told.id),
                        target,
                        kind,
                        rule=rule,
                        confidence=0.9,
                        proof={"declared": url},
                    )
                )

    def lean_on_shared_passages(self, relations: Iterable[Relation]) -> None:
        """Who names nobody and makes the claim in words of another article has it from there."""
        for relation in relations:
            copy = relation.copy
            read = self.read[copy]
            if relation.kind is not Kind.PARTIAL or read.chains or read.byline is not None:
                continue
            if any(_meet(one.here, said) for one in relation.passages for said in read.said_at):
                self._link(
                    Edge(
                        article_key(copy),
                        article_key(relation.original),
                        "attributes_to",
                        rule="shared passage",
                        rule_version=relation.version,
                        confidence=round(relation.confidence * _INHERITED_CONFIDENCE, 4),
                        proof=_proof_of(relation),
                    )
                )

    def same_owners(self) -> None:
        """Articles of one owner under different names, tied to the first; carries nothing."""
        first: dict[str, Told] = {}
        for told in self.told.values():
            if not told.owner or told.owner == told.outlet:
                continue
            one = first.setdefault(told.owner, told)
            if one.outlet != told.outlet:
                self._link(
                    Edge(
                        article_key(told.id),
                        article_key(one.id),
                        "same_owner",
                        rule="owner on record",
                        confidence=1.0,
                    )
                )

    def draft(self) -> Draft:
        used = {key for edge in self.edges.values() for key in (edge.source, edge.target)}
        nodes = {
            key: replace(node, kind=self._kind(key, node))
            for key, node in self.nodes.items()
            if node.article or key in used
        }
        compared = {
            article: {"of": relation.original, **_proof_of(relation)}
            for article, relation in self.compared.items()
        }
        return Draft(nodes, self.edges, compared)

    # -- sources ------------------------------------------------------------------------------

    def _agency(self, told: Told, byline: Attribution | None) -> str:
        """The node that the article's own sources hang on: the article, or its agency."""
        own = article_key(told.id)
        name = byline.source if byline is not None else told.byline_agency
        if not name:
            return own
        outlet = self._outlet(told, name, byline)
        if outlet is not None and outlet == told.outlet:
            return own
        collective = byline is not None and byline.kind == "collective"
        kind = "collective" if collective else "outlet"
        target = self._source(own, name, kind, told, outlet=outlet, named=not collective)
        if not collective:
            self.nodes[target] = replace(self.nodes[target], agency=True)
        self._link(
            Edge(
                own,
                target,
                "agency_byline",
                rule=byline.rule if byline is not None else "declared agency",
                rule_version=byline.version if byline is not None else VERSION,
                confidence=byline.confidence if byline is not None else 0.9,
                readings=(_reading(told, byline),) if byline is not None else (),
                times=1,
            )
        )
        return target

    def _chain(
        self,
        told: Told,
        base: str,
        hops: Sequence[Attribution],
        *,
        inherited: bool,
        known: bool,
    ) -> None:
        at = base
        for hop in hops:
            label = hop.resolves_to or hop.source
            outlet = self._outlet(told, label, hop)
            if outlet is not None and outlet == told.outlet:
                # Who cites the own house adds no hop: it is the article that says so.
                continue
            target = self._source(
                at, label, hop.kind, told, outlet=outlet, named=hop.named, known=known
            )
            if not target:
                return
            if target != at and self.nodes[target].resolves_to != at:
                self._link(_edge_of(told, at, target, hop, inherited=inherited))
            at = target

    def _source(
        self,
        parent: str,
        label: str,
        kind: str,
        told: Told,
        *,
        outlet: str | None,
        named: bool,
        known: bool = False,
    ) -> str:
        """The key of the source with this label, made where it is new; empty if it may not be."""
        nameless = outlet is None and (kind in _NAMELESS or kind == "self" or not named)
        if outlet is not None:
            key, label, kind = (
                _key("name", plain_name(self.names[outlet])),
                self.names[outlet],
                "outlet",
            )
        elif nameless:
            key = self._nameless(parent, label, kind, told)
        else:
            plain = plain_name(label)
            key = _key("name", self.whole.get(plain, plain))
        if known and outlet is None and key not in self.nodes:
            return ""
        self.kinds[key][kind] += 1
        there = self.nodes.get(key)
        if there is None or (not nameless and _better(label, there.label)):
            self.nodes[key] = Node(
                key,
                label[:LABEL_MAX],
                kind,
                named=named or outlet is not None or kind == "self",
                agency=(there is not None and there.agency) or outlet in self.agencies,
                resolves_to=self._article_of(outlet) if outlet is not None else "",
            )
        return key

    def _nameless(self, parent: str, label: str, kind: str, told: Told) -> str:
        """A source without a name is known by whoever cites it, and by how they call it.

        Cited by an article it belongs to that wording; cited by another source, those who call
        it nearly the same, or the same in another language, mean one.
        """
        direct = parent.startswith("article:")
        if direct:
            parent = article_key(self.first_of_wording.get(told.id, told.id))
        plain = plain_name(label)
        words = frozenset(plain.split())
        language = told.language.partition("-")[0]
        if kind == "self":
            return _key("self", "", parent)
        if not direct:
            others = [one for one in self.nameless[parent] if one[3] == kind]
            for key, _, theirs, _ in others:
                if len(words & theirs) >= _SAME_SOURCE * min(len(words), len(theirs)) > 0:
                    return key
            abroad = {key for key, tongue, _, _ in others if tongue != language}
            if len(abroad) == 1 and all(tongue != language for _, tongue, _, _ in others):
                return abroad.pop()
        key = _key(kind, plain, parent)
        if key not in self.nodes:
            self.nameless[parent].append((key, language, words, kind))
        return key

    def _outlet(self, told: Told, label: str, hop: Attribution | None) -> str | None:
        """The outlet of the coverage that is meant, also where the reader cut its name short."""
        found = self.outlets.called(label)
        if found is None and hop is not None and hop.resolves_to is None:
            found = self.outlets.at(told.text, hop.source_span[0])
        return found

    def _article_of(self, outlet: str) -> str:
        """The article of an outlet that says most of the claim; of several the first seen."""
        best = max(self.by_outlet[outlet], key=lambda told: round(self.read[told.id].score, 1))
        return article_key(best.id)

    def _at_address(self, url: str, told: Told) -> str:
        found = self.by_url.get(url)
        if found is not None:
            return article_key(found) if found != told.id else ""
        host = url.partition("://")[2].partition("/")[0]
        outlet = self.outlets.called(host)
        if not host or host == told.site or (outlet is not None and outlet == told.outlet):
            return ""
        return self._source("", host, "outlet", told, outlet=outlet, named=True)

    def _credits(self, told: Told) -> set[str]:
        """Whom a text credits: outlets it cites, and short lines at its margins that name one."""
        heard = self.heard[told.id]
        found = {self.outlets.opening(one) for one in heard.openings}
        found |= {outlet for line in heard.lines for outlet in self.outlets.among(line)}
        cited = {edge.source for edge in told.attributions if edge.kind == "outlet"}
        cited |= {self.names[outlet] for outlet in found if outlet is not None}
        return (cited | set(told.based_on)) - {told.outlet_name, ""}

    def _whole_names(self) -> dict[str, str]:
        people = {
            plain_name(hop.resolves_to or hop.source)
            for read in self.read.values()
            for hops in read.chains
            for hop in hops
            if hop.kind == "person" and hop.named
        }
        return whole_names(people - {""})

    def _kind(self, key: str, node: Node) -> str:
        """What most of the texts take a source for."""
        counted = self.kinds.get(key)
        if not counted or node.resolves_to:
            return node.kind
        return max(sorted(counted), key=lambda kind: counted[kind])

    # -- links --------------------------------------------------------------------------------

    def _link(self, edge: Edge) -> None:
        """Keep a link, or add one more reading to the one that is there."""
        if edge.source == edge.target:
            return
        there = self.edges.get(edge.identity)
        if there is None:
            self.edges[edge.identity] = edge
            return
        surer, other = (edge, there) if edge.confidence > there.confidence else (there, edge)
        self.edges[edge.identity] = replace(
            surer,
            readings=(there.readings + edge.readings)[:READINGS_MAX],
            times=there.times + edge.times,
            proof={**other.proof, **surer.proof},
        )


def _edge_of(told: Told, source: str, target: str, hop: Attribution, *, inherited: bool) -> Edge:
    confidence = hop.confidence * (_INHERITED_CONFIDENCE if inherited else 1.0)
    return Edge(
        source,
        target,
        "attributes_to",
        is_denial=hop.is_denial,
        rule=f"inherited: {hop.rule}" if inherited else hop.rule,
        rule_version=hop.version,
        confidence=round(confidence, 4),
        readings=(_reading(told, hop),),
        times=1,
    )


def _reading(told: Told, hop: Attribution) -> Reading:
    span = next(
        ((s, e) for s, e in hop.reach if s <= hop.cue_span[0] and hop.cue_span[1] <= e),
        (min(hop.source_span[0], hop.cue_span[0]), max(hop.source_span[1], hop.cue_span[1])),
    )
    start, end = _line_around(told.text, span, hop)
    return Reading(
        article=told.id,
        quote=told.text[start:end],
        span=(start, end),
        cue=hop.cue[:CUE_MAX],
        cue_span=hop.cue_span,
    )


def _line_around(text: str, span: Span, hop: Attribution) -> Span:
    """The passage that shows the link, no longer than a person reads: its line, or a part."""
    start, end = span
    if end - start <= QUOTE_MAX:
        return span
    first = min(hop.source_span[0], hop.cue_span[0])
    last = max(hop.source_span[1], hop.cue_span[1])
    room = max(0, QUOTE_MAX - (last - first)) // 2
    left = max(start, first - room, text.rfind("\n", start, first) + 1)
    stop = text.find("\n", last, end)
    right = min(end, last + room, stop if stop >= 0 else end)
    return left, min(right, left + QUOTE_MAX)


def _issued(told: Told) -> str:
    if told.agency:
        return "agency"
    return "press_release" if is_press_release(told.text, url=told.url) else ""


def _proof_of(relation: Relation) -> dict[str, object]:
    marks = {"marks": list(relation.marks)} if relation.marks else {}
    return marks | {
        "kind": str(relation.kind),
        "label": str(relation.label),
        "share": relation.share,
        "said_share": relation.said_share,
        "direction": str(relation.direction.by),
        "direction_confidence": relation.direction.confidence,
        "passages": [
            {"here": list(one.here), "there": list(one.there), "words": one.words}
            for one in relation.passages[:_PASSAGES_MAX]
        ],
    }


def _label(told: Told) -> str:
    return (told.outlet_name or told.title or told.url or told.text[:80] or told.id)[:LABEL_MAX]


def _key(kind: str, plain: str, parent: str = "") -> str:
    """A key of at most 300 characters; what is longer goes by its digest."""
    key = f"{kind}:{plain}" + (f" < {parent}" if parent else "")
    if len(key) <= LABEL_MAX:
        return key
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{kind}:{digest}"


def _better(label: str, than: str) -> bool:
    """Whether a label is the whole name where the other is a short form of it."""
    return plain_name(label).endswith(f" {plain_name(than)}") and len(label) > len(than)


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
