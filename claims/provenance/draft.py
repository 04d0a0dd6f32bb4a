"""Drafts the graph of one claim from what its articles say: every link a suggestion with proof.

Pure. People's decisions are not known here; they are kept by ``claims.provenance.graph``, which
lays the draft beside the rows that are there.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple, Protocol

from claims.provenance.carried import How, Wanted
from claims.provenance.copies import Kind, Relation, Text
from claims.provenance.heard import Heard, Hop, hear
from claims.provenance.naming import Outlets, plain_name, whole_names
from claims.provenance.regroup import NOTHING, Compared, Near, digest_of, regroup
from claims.provenance.wordings import Wordings
from claims.text.attributed import Attribution, Span

VERSION = "1"

LABEL_MAX = 300
READINGS_MAX = 20
"""As many places are kept in which a link was read; their number is kept in full."""
BEGINS = 80
"""So many characters of a text name an article that has neither outlet, title nor address."""

_CARRYING = {Kind.COPY: "copies", Kind.TRANSLATION: "translates"}
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

    Most articles of a long story were read before: they come with empty ``text`` and without
    ``attributions``, with ``words``, a digest of the text, ``content``, one of both, and
    ``begins``, by which an article goes that has no other name.
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
    words: str = ""
    content: str = ""
    begins: str = ""


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


class Reading(NamedTuple):
    """Where a link was read: the article, and the step of its chain with sentence and cue."""

    article: str
    hop: Hop

    @property
    def quote(self) -> str:
        return self.hop.quote

    @property
    def span(self) -> Span:
        return self.hop.start, self.hop.end

    @property
    def cue(self) -> str:
        return self.hop.cue

    @property
    def cue_span(self) -> Span:
        return self.hop.cue_start, self.hop.cue_end


@dataclass(frozen=True, slots=True)
class Edge:
    """A link to be, always a suggestion. ``readings`` holds the first few of ``times``.

    ``proof`` is what a page declares; ``relation`` what comparing two texts came to.
    """

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
    relation: Relation | None = None

    @property
    def identity(self) -> tuple[str, str, str, bool]:
        return self.source, self.target, self.type, self.is_denial

    @property
    def digest(self) -> str:
        """A digest of all that proves it: the row that has it written on it is up to date."""
        told = (
            VERSION,
            self.rule,
            self.rule_version,
            self.confidence,
            [(article, *hop) for article, hop in self.readings],
            self.times,
            sorted(self.proof.items()),
            digest_of(self.relation) if self.relation is not None else "",
        )
        return _sha(repr(told))


@dataclass(frozen=True, slots=True)
class Draft:
    """The graph as read: nodes and edges by key.

    ``compared``: for each article that has words of another, what it has most of. ``kept`` and
    ``heard``: what comparing the articles and reading them for the claim came to, for the next
    draft.
    """

    nodes: Mapping[str, Node]
    edges: Mapping[tuple[str, str, str, bool], Edge]
    compared: Mapping[str, Relation] = field(default_factory=dict)
    kept: Compared = NOTHING
    heard: Mapping[str, Heard] = field(default_factory=dict)


class Shelf(Protocol):
    """Where the words of articles are that came without them."""

    def articles(self, ids: Collection[str], /) -> Mapping[str, Told]:
        """These articles with text and attributions."""

    def texts(self, ids: Collection[str], /) -> Mapping[str, str]:
        """Their texts alone."""


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
    shelf: Shelf | None = None,
    so_far: SoFar | None = None,
) -> Draft:
    """Draft the graph of a claim. The order of listing makes no difference.

    Time grows with the number of articles, not with its square: texts are compared through an
    index, names through a table. With what ``before`` comparing came to, and ``near`` to find
    whom a text may have to do with, only new texts are compared; with what was ``heard`` of each
    before, only new or changed ones are read. Their words are fetched from the ``shelf``, where
    the articles come without. ``so_far`` is told on the way.
    """
    listed = sorted(articles, key=lambda told: (told.first_seen, told.id))
    known = hear(
        claim,
        listed,
        before=heard,
        whole=shelf.articles if shelf else None,
        so_far=so_far.heard if so_far else None,
    )
    listed = [told for told in listed if told.id in known]
    drafting = _Drafting(listed, known)
    wordings, kept = regroup(
        map(drafting.text_of, listed),
        before=before,
        near=near,
        words=shelf.texts if shelf else None,
        so_far=so_far.compared if so_far else None,
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
        self.outlets = Outlets(
            {name: told.outlet for told in listed if told.outlet for name in told.names}
        )
        called = {told.outlet: told.outlet_name for told in listed if told.outlet}
        self.names = {outlet: (name, plain_name(name)) for outlet, name in called.items()}
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
        heard = self.heard[told.id]
        return Text(
            id=told.id,
            text=told.text,
            site=told.site,
            outlet=told.outlet_name,
            url=told.url,
            language=told.language,
            agency=heard.byline.label if heard.byline is not None else told.byline_agency,
            credits=frozenset(self._credits(told)),
            canonical=told.canonical,
            first_seen=told.first_seen,
            issued="agency" if told.agency else "press_release" if heard.release else "",
            words=told.words,
        )

    def group(self, wordings: Wordings) -> None:
        for members in wordings.groups:
            for member in members:
                self.first_of_wording[member] = members[0]

    def compare(self, relation: Relation) -> None:
        """What one text has of another becomes a link, where it carries dependence."""
        carrying = _CARRYING.get(relation.kind)
        known = self.compared.get(relation.copy)
        if (carrying or relation.kind is Kind.PARTIAL) and (
            known is None or relation.share > known.share
        ):
            self.compared[relation.copy] = relation
        if carrying:
            self._link(
                Edge(
                    article_key(relation.copy),
                    article_key(relation.original),
                    carrying,
                    rule=f"compared: {relation.label}",
                    rule_version=relation.version,
                    confidence=relation.confidence,
                    relation=relation,
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
        heard = self.heard[told.id]
        base = self._agency(told, heard.byline)
        for hops in heard.chains:
            self._chain(told, base, hops, inherited=heard.how is How.INHERITED, known=only_known)

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
            heard = self.heard[copy]
            if relation.kind is not Kind.PARTIAL or heard.chains or heard.byline is not None:
                continue
            if any(_meet(one.here, said) for one in relation.passages for said in heard.said_at):
                self._link(
                    Edge(
                        article_key(copy),
                        article_key(relation.original),
                        "attributes_to",
                        rule="shared passage",
                        rule_version=relation.version,
                        confidence=round(relation.confidence * _INHERITED_CONFIDENCE, 4),
                        relation=relation,
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
            key: node if node.article else replace(node, kind=self._kind(key, node))
            for key, node in self.nodes.items()
            if node.article or key in used
        }
        return Draft(nodes, self.edges, self.compared)

    # -- sources ------------------------------------------------------------------------------

    def _agency(self, told: Told, byline: Hop | None) -> str:
        """The node that the article's own sources hang on: the article, or its agency."""
        own = article_key(told.id)
        name = byline.label if byline is not None else told.byline_agency
        if not name:
            return own
        outlet = self._outlet(byline) if byline is not None else self.outlets.called(name)
        if outlet is not None and outlet == told.outlet:
            return own
        collective = byline is not None and byline.kind == "collective"
        kind = "collective" if collective else "outlet"
        target = self._source(
            own, name, plain_name(name), kind, told, outlet=outlet, named=not collective
        )
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
                readings=(Reading(told.id, byline),) if byline is not None else (),
                times=1,
            )
        )
        return target

    def _chain(
        self,
        told: Told,
        base: str,
        hops: Sequence[Hop],
        *,
        inherited: bool,
        known: bool,
    ) -> None:
        at = base
        for hop in hops:
            outlet = self._outlet(hop)
            if outlet is not None and outlet == told.outlet:
                # Who cites the own house adds no hop: it is the article that says so.
                continue
            target = self._source(
                at, hop.label, hop.plain, hop.kind, told, outlet=outlet, named=hop.named,
                known=known,
            )  # fmt: skip
            if not target:
                return
            if target != at and self.nodes[target].resolves_to != at:
                self._link(_edge_of(told.id, at, target, hop, inherited=inherited))
            at = target

    def _source(
        self,
        parent: str,
        label: str,
        plain: str,
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
            label, plain = self.names[outlet]
            key, kind = _key("name", plain), "outlet"
        elif nameless:
            key = self._nameless(parent, plain, kind, told)
        else:
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

    def _nameless(self, parent: str, plain: str, kind: str, told: Told) -> str:
        """A source without a name is known by whoever cites it, and by how they call it.

        Cited by an article it belongs to that wording; cited by another source, those who call
        it nearly the same, or the same in another language, mean one.
        """
        direct = parent.startswith("article:")
        if direct:
            parent = article_key(self.first_of_wording.get(told.id, told.id))
        if kind == "self":
            return _key("self", "", parent)
        words = frozenset(plain.split())
        language = told.language.partition("-")[0]
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

    def _outlet(self, hop: Hop) -> str | None:
        """The outlet of the coverage that is meant, also where the reader cut its name short."""
        found = self.outlets.named(hop.plain)
        return found if found is not None else self.outlets.opening(hop.opening)

    def _article_of(self, outlet: str) -> str:
        """The article of an outlet that says most of the claim; of several the first seen."""
        best = max(self.by_outlet[outlet], key=lambda told: round(self.heard[told.id].score, 1))
        return article_key(best.id)

    def _at_address(self, url: str, told: Told) -> str:
        found = self.by_url.get(url)
        if found is not None:
            return article_key(found) if found != told.id else ""
        host = url.partition("://")[2].partition("/")[0]
        outlet = self.outlets.called(host)
        if not host or host == told.site or (outlet is not None and outlet == told.outlet):
            return ""
        return self._source("", host, plain_name(host), "outlet", told, outlet=outlet, named=True)

    def _credits(self, told: Told) -> set[str]:
        """Whom a text credits: outlets it cites, and short lines at its margins that name one."""
        heard = self.heard[told.id]
        found = {self.outlets.opening(one) for one in heard.openings}
        found |= {outlet for line in heard.lines for outlet in self.outlets.among(line)}
        cited = {self.names[outlet][0] for outlet in found if outlet is not None}
        return cited.union(heard.cited, told.based_on) - {told.outlet_name, ""}

    def _whole_names(self) -> dict[str, str]:
        people = {
            hop.plain
            for heard in self.heard.values()
            for hops in heard.chains
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
            relation=surer.relation or other.relation,
        )


def _edge_of(article: str, source: str, target: str, hop: Hop, *, inherited: bool) -> Edge:
    confidence = hop.confidence * (_INHERITED_CONFIDENCE if inherited else 1.0)
    return Edge(
        source,
        target,
        "attributes_to",
        is_denial=hop.is_denial,
        rule=f"inherited: {hop.rule}" if inherited else hop.rule,
        rule_version=hop.version,
        confidence=round(confidence, 4),
        readings=(Reading(article, hop),),
        times=1,
    )


def proof_of(relation: Relation) -> dict[str, object]:
    """What two texts have to do with each other, as links and coverage show it."""
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
    begins = told.begins or told.text[:BEGINS]
    return (told.outlet_name or told.title or told.url or begins or told.id)[:LABEL_MAX]


def _key(kind: str, plain: str, parent: str = "") -> str:
    """A key of at most 300 characters; what is longer goes by its digest."""
    key = f"{kind}:{plain}" + (f" < {parent}" if parent else "")
    if len(key) <= LABEL_MAX:
        return key
    return f"{kind}:{_sha(key)}"


def _sha(told: str) -> str:
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def _better(label: str, than: str) -> bool:
    """Whether a label is the whole name where the other is a short form of it."""
    return len(label) > len(than) and plain_name(label).endswith(f" {plain_name(than)}")


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
