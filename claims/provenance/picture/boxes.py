"""What stands in the picture for one article or source, or for many: the folding."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from claims.provenance.origins import UNNAMED_KINDS
from claims.provenance.picture.parts import Link, Node, Picture, cut, isolated
from claims.provenance.tongue import ENGLISH, Tongue, gettext_noop

HEAD, LINE, PAD = 22, 17, 8
"""Heights inside a box: its heading when open, one line of words, the space around them."""

_OPEN_UP_TO = 12
_FOLD_ABOVE = 24
_ALIKE = 4
_CROWD = 60
_ALIKE_IN_A_CROWD = 2
_ROWS = 40
_DETAIL_CHARS, _NAME_CHARS = 30, 17

_SHORT = {
    "attributes_to": "",
    "copies": gettext_noop("copy"),
    "translates": gettext_noop("translation"),
    "agency_byline": gettext_noop("agency text"),
    "declares_canonical": gettext_noop("declared"),
    "links_to": gettext_noop("link only"),
    "same_owner": gettext_noop("same owner"),
}
_KINDS = {
    "person": gettext_noop("person"),
    "organisation": gettext_noop("organisation"),
    "document": gettext_noop("document"),
    "event": gettext_noop("event"),
    "self": gettext_noop("own reporter"),
    "outlet": gettext_noop("cited outlet"),
    "unnamed": gettext_noop("a source"),
    "collective": gettext_noop("no one in particular"),
}


@dataclass(frozen=True, slots=True)
class Box:
    """One thing in the picture: a source, an article, a wording, or several alike."""

    key: str
    nodes: tuple[Node, ...]
    open: bool = False
    wordings: int = 1
    circle: bool = False
    tongue: Tongue = field(default=ENGLISH, compare=False, repr=False)

    @property
    def first(self) -> Node:
        return self.nodes[0]

    @property
    def is_folded(self) -> bool:
        return len(self.nodes) > 1 and not self.open

    @property
    def rows(self) -> tuple[Node, ...]:
        return self.nodes[:_ROWS] if self.open else ()

    @property
    def height(self) -> int:
        if self.open:
            more = len(self.nodes) > _ROWS
            return HEAD + LINE * (len(self.rows) + more) + PAD
        lines = 1 + bool(self.subtitle) + bool(self.tag)
        return LINE * lines + 2 * PAD

    @property
    def title(self) -> str:
        articles = len(self.nodes)
        if articles > 1 and self.is_vague:
            return f"{articles} × {self._name}"
        if self.wordings > 1:
            told = self.tongue.gettext("%(wordings)s wordings, %(articles)s articles")
            return told % {"wordings": self.wordings, "articles": articles}
        if articles > 1:
            told = self.tongue.ngettext(
                "%(articles)s article, one wording", "%(articles)s articles, one wording", articles
            )
            return told % {"articles": articles}
        return self._name

    @property
    def _name(self) -> str:
        return self.first.label or self.tongue.gettext("publisher unknown")

    @property
    def subtitle(self) -> str:
        if len(self.nodes) > 1 and self.is_vague:
            return self.tongue.gettext("as many different sources")
        if len(self.nodes) > 1:
            told = self.tongue.gettext("%(name)s and %(count)s more")
            name = isolated(cut(self._name, _NAME_CHARS))
            return told % {"name": name, "count": len(self.nodes) - 1}
        if self.first.kind == "article":
            return isolated(cut(self.first.detail, _DETAIL_CHARS)) if self.first.detail else ""
        return self.tongue.gettext(_KINDS.get(self.first.kind, self.first.kind))

    @property
    def standing(self) -> str:
        return next((node.standing for node in self.nodes if node.standing), "")

    @property
    def is_vague(self) -> bool:
        return self.first.kind in UNNAMED_KINDS

    @property
    def tag(self) -> str:
        """The words that tell what a shape alone would not."""
        say = self.tongue
        if self.is_withdrawn:
            return say.gettext("WITHDRAWN")
        if self.is_vague:
            return say.gettext("? NO NAME GIVEN")
        if self.standing == "untraced" and not self.circle:
            if self.first.kind == "article":
                return say.gettext("? CITES NOBODY")
            return say.gettext("? ITS OWN SOURCE UNKNOWN")
        return ""

    @property
    def is_withdrawn(self) -> bool:
        return self.first.retracted or self.standing == "retracted"

    @property
    def time(self) -> tuple[str, str]:
        return min((node.time, node.id) for node in self.nodes)


@dataclass(frozen=True, slots=True)
class Line:
    """All links from one box to another that look the same."""

    source: str
    target: str
    carries: bool
    is_denial: bool
    status: str
    label: str
    count: int


def boxes_of(
    picture: Picture, open_groups: frozenset[str], tongue: Tongue = ENGLISH
) -> tuple[dict[str, Box], tuple[Line, ...]]:
    known = {node.id for node in picture.nodes}
    links = [
        link
        for link in picture.links
        if link.source in known and link.target in known and link.status != "rejected"
    ]
    groups: defaultdict[str, list[Node]] = defaultdict(list)
    for node in sorted(picture.nodes, key=lambda node: (node.time, node.id)):
        is_group = node.kind == "article" and node.wording
        groups[f"w-{node.wording}" if is_group else f"n-{node.id}"].append(node)
    articles = sum(node.kind == "article" for node in picture.nodes)
    ringed = {member for circle in picture.circles for member in circle}
    boxes = {
        key: Box(
            key,
            tuple(nodes),
            open=len(nodes) > 1 and (articles <= _OPEN_UP_TO or key in open_groups),
            circle=any(node.id in ringed for node in nodes),
            tongue=tongue,
        )
        for key, nodes in groups.items()
    }
    if len(boxes) > _FOLD_ABOVE:
        boxes = _fold_alike(boxes, links, open_groups, least=_ALIKE)
    if len(boxes) > _CROWD:
        boxes = _fold_nameless(boxes, links, open_groups)
        boxes = _fold_alike(boxes, links, open_groups, least=_ALIKE_IN_A_CROWD)
    return boxes, _merge(boxes, links, tongue)


def _fold_alike(
    boxes: dict[str, Box], links: Sequence[Link], open_groups: frozenset[str], *, least: int
) -> dict[str, Box]:
    """Fold wordings together that lean on the same things and that nothing leans on.

    In a crowd, whether a link is confirmed makes no difference: a line is as sure as its surest.
    """
    crowd = least < _ALIKE
    home = {node.id: key for key, box in boxes.items() for node in box.nodes}
    leant_on = {home[link.target] for link in links if home[link.source] != home[link.target]}
    leans: defaultdict[str, set[tuple[str, bool, bool, str]]] = defaultdict(set)
    for link in links:
        if home[link.source] != home[link.target]:
            status = "" if crowd else link.status
            end = home[link.target], link.carries, link.is_denial, status
            leans[home[link.source]].add(end)
    alike: defaultdict[str, list[Box]] = defaultdict(list)
    for key, box in boxes.items():
        if box.first.kind == "article" and key not in leant_on and not (box.circle or box.open):
            marks = sorted(leans[key]), box.standing, box.first.retracted
            alike["a-" + sha256(repr(marks).encode()).hexdigest()[:12]].append(box)
    return _together(boxes, alike, least=least, open_groups=open_groups)


def _fold_nameless(
    boxes: dict[str, Box], links: Sequence[Link], open_groups: frozenset[str]
) -> dict[str, Box]:
    """Fold sources without a name together that are called the same and lean on nothing.

    "An official" of one text is not that of another: the box says how many they are.
    """
    leaning = {link.source for link in links}
    alike: defaultdict[str, list[Box]] = defaultdict(list)
    for box in boxes.values():
        if box.is_vague and box.first.id not in leaning and not box.circle:
            marks = box.first.label, box.first.kind, box.standing, box.first.retracted
            alike["s-" + sha256(repr(marks).encode()).hexdigest()[:12]].append(box)
    return _together(boxes, alike, least=_ALIKE, open_groups=open_groups)


def _together(
    boxes: Mapping[str, Box],
    alike: Mapping[str, list[Box]],
    *,
    least: int,
    open_groups: frozenset[str],
) -> dict[str, Box]:
    """One box for each group of at least so many, unless somebody opened it."""
    folded = dict(boxes)
    for key, several in alike.items():
        if len(several) >= least and key not in open_groups:
            for box in several:
                del folded[box.key]
            nodes = tuple(node for box in several for node in box.nodes)
            # Sources have no wordings, however many they are.
            wordings = sum(box.wordings for box in several if box.first.kind == "article") or 1
            folded[key] = Box(key, nodes, wordings=wordings, tongue=several[0].tongue)
    return folded


def _merge(boxes: Mapping[str, Box], links: Sequence[Link], tongue: Tongue) -> tuple[Line, ...]:
    home = {node.id: key for key, box in boxes.items() for node in box.nodes}
    alike: defaultdict[tuple[str, str, bool, bool], list[Link]] = defaultdict(list)
    for link in links:
        source, target = home[link.source], home[link.target]
        if source != target:
            alike[source, target, link.carries, link.is_denial].append(link)
    return tuple(
        Line(
            source,
            target,
            carries,
            denial,
            "confirmed" if any(link.status == "confirmed" for link in same) else "suggested",
            _line_label(same, tongue),
            len(same),
        )
        for (source, target, carries, denial), same in sorted(alike.items())
    )


def _line_label(same: Sequence[Link], tongue: Tongue) -> str:
    if same[0].is_denial:
        return tongue.gettext("denies")
    told = Counter(
        tongue.gettext(_SHORT[link.type]) if _SHORT[link.type] else link.cue for link in same
    )
    del told[""]
    return min(told, key=lambda words: (-told[words], words), default="")
