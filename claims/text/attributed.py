"""An attribution as read from a text: whose word a passage rests on, with the proof."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Span = tuple[int, int]
"""Start and end in characters of the text as read, end exclusive."""

ARTICLE = "article"
"""What an edge of depth 1 starts from."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """One edge "*from_id* has this from *source*", and where the text says so.

    ``from_id`` is ``"article"`` or the id of another edge of the same reading, so chains are
    followed upwards; ``depth`` counts the hops from the article (1 = cited by it directly).
    ``kind`` is one of outlet, person, organisation, document, self, unnamed, collective.
    ``resolves_to`` is what a pronoun or "the report" stands for, ``same_as`` the id of the
    earlier edge whose source this one repeats: such an edge is never a second origin.
    ``reach`` are the passages that rest on the edge, in order. ``confidence`` is 0 to 1.
    """

    id: str
    from_id: str
    source: str
    source_span: Span
    kind: str
    named: bool
    cue: str
    cue_span: Span
    depth: int
    rule: str
    version: str
    confidence: float
    reach: tuple[Span, ...] = ()
    is_denial: bool = False
    resolves_to: str | None = None
    same_as: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The edge under its public names (`from` for ``from_id``), spans as lists."""
        return {
            "id": self.id,
            "from": self.from_id,
            "source": self.source,
            "source_span": list(self.source_span),
            "kind": self.kind,
            "named": self.named,
            "cue": self.cue,
            "cue_span": list(self.cue_span),
            "depth": self.depth,
            "is_denial": self.is_denial,
            "resolves_to": self.resolves_to,
            "same_as": self.same_as,
            "rule": self.rule,
            "version": self.version,
            "confidence": self.confidence,
            "reach": [list(span) for span in self.reach],
        }

    @classmethod
    def from_json(cls, edge: Mapping[str, Any]) -> "Attribution":
        """The edge that ``as_json`` wrote. Raises KeyError where a public name is missing."""
        return cls(
            id=edge["id"],
            from_id=edge["from"],
            source=edge["source"],
            source_span=_span(edge["source_span"]),
            kind=edge["kind"],
            named=edge["named"],
            cue=edge["cue"],
            cue_span=_span(edge["cue_span"]),
            depth=edge["depth"],
            rule=edge.get("rule", ""),
            version=edge.get("version", ""),
            confidence=edge.get("confidence", 1.0),
            reach=tuple(_span(span) for span in edge.get("reach", ())),
            is_denial=edge["is_denial"],
            resolves_to=edge["resolves_to"],
            same_as=edge["same_as"],
        )


def chain(
    edge_id: str, edges: Iterable[Attribution] | Mapping[str, Attribution]
) -> tuple[Attribution, ...]:
    """The way from the article to *edge_id*, first hop first; a repeated source is followed home.

    An unknown id gives an empty chain; a ring in the data is cut, not followed for ever. Who
    asks for many chains gives the edges by id.
    """
    by_id = edges if isinstance(edges, Mapping) else {edge.id: edge for edge in edges}
    hops: list[Attribution] = []
    seen: set[str] = set()
    at = edge_id
    while at in by_id and at not in seen:
        seen.add(at)
        edge = by_id[at]
        same = edge.same_as
        if same is not None and same in by_id and same not in seen:
            at = same
            continue
        hops.append(edge)
        at = edge.from_id
    return tuple(reversed(hops))


def _span(pair: Any) -> Span:
    start, end = pair
    return int(start), int(end)
