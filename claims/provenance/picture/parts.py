"""What is to be drawn: nodes, links and the circles found in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width

from claims.provenance.origins import DEPENDENCE

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Node:
    """An article, or whatever one leans on, as it is shown.

    ``kind`` is ``article`` or a kind of source; ``wording`` names the group of an article, empty
    for one that stands alone. ``standing`` is that of an origin (named, unnamed, untraced or
    retracted), else empty. ``time`` orders what stands on one level; ``href`` may be empty.
    """

    id: str
    label: str
    kind: str = "article"
    detail: str = ""
    wording: str = ""
    standing: str = ""
    retracted: bool = False
    time: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """``source`` rests on ``target``."""

    source: str
    target: str
    type: str = "attributes_to"
    status: str = "confirmed"
    is_denial: bool = False
    cue: str = ""

    @property
    def carries(self) -> bool:
        """Whether the claim came this way."""
        return self.type in DEPENDENCE and not self.is_denial


@dataclass(frozen=True, slots=True)
class Picture:
    """What is to be drawn: nodes, links, and the circles found in them, by ids of members."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    circles: tuple[tuple[str, ...], ...] = ()
    heading: str = ""


def picture_of(graph: Mapping[str, Any], summary: Mapping[str, Any]) -> Picture:
    """The picture of a graph as REST and the kept traces have it: nodes, edges, origins."""
    standings = {
        member: str(origin["standing"])
        for origin in graph.get("origins", ())
        for member in origin["members"]
    }
    nodes = tuple(
        Node(
            id=str(node["id"]),
            label=str(node.get("outlet") or node["label"]),
            kind=str(node["kind"]),
            detail=str(node.get("title") or "") if node["kind"] == "article" else "",
            wording="" if node.get("wording") is None else str(node["wording"]),
            standing=standings.get(str(node["id"]), ""),
            retracted=bool(node.get("retracted")),
            time=str(node.get("first_seen") or ""),
        )
        for node in graph["nodes"]
        if not node.get("resolved_to") and not node.get("set_aside")
    )
    links = tuple(
        Link(
            source=str(edge["from"]),
            target=str(edge["to"]),
            type=str(edge["type"]),
            status=str(edge["status"]),
            is_denial=bool(edge["is_denial"]),
            cue=str(edge.get("cue") or ""),
        )
        for edge in graph["edges"]
    )
    circles = tuple(tuple(map(str, circle)) for circle in summary.get("circular", ()))
    return Picture(nodes, links, circles, str(summary.get("headline", "")))


def isolated(text: str) -> str:
    """Words that may run from right to left, kept from turning what stands around them.

    Marks inside them that would do so all the same are taken out.
    """
    return f"\u2068{_TURNING.sub('', text)}\u2069"


def printable(text: str) -> str:
    """A text without the characters that XML does not allow."""
    return _UNPRINTABLE.sub("\ufffd", text)


def width(text: str) -> float:
    """How many ordinary letters wide a text is, roughly."""
    return sum(2.0 if east_asian_width(char) in "WF" else 1.0 for char in text)


def cut(text: str, most: int) -> str:
    """A text that fits, with dots where something was left out."""
    flat = " ".join(text.split())
    if width(flat) <= most:
        return flat
    kept, wide = [], 0.0
    for char in flat:
        wide += width(char)
        if wide > most - 1:
            break
        kept.append(char)
    return "".join(kept).rstrip() + "…"
