"""The text equivalent of the picture: each link as a sentence, for a list."""

from dataclasses import dataclass

from claims.provenance.origins import UNNAMED_KINDS
from claims.provenance.picture.layout import depths
from claims.provenance.picture.parts import Link, Node, Picture, isolated

_TYPES = {
    "attributes_to": "has it from",
    "copies": "copies",
    "translates": "translates",
    "agency_byline": "runs the agency text of",
    "declares_canonical": "declares as its original",
    "links_to": "links to",
    "same_owner": "has the same owner as",
}


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of the chain, for a list: who, on whose word, and how that is known."""

    source: str
    target: str
    type: str
    status: str
    is_denial: bool
    cue: str
    sentence: str


def hops(picture: Picture) -> tuple[Hop, ...]:
    """The text equivalent: each link as a sentence, from the articles to what they lean on."""
    named = {node.id: node for node in picture.nodes}
    known = [link for link in picture.links if link.source in named and link.target in named]
    depth = depths([*named], [link for link in known if link.carries])
    ordered = sorted(
        known,
        key=lambda link: (
            not link.carries,
            -depth[link.source],
            named[link.source].time,
            link.source,
            link.target,
            link.type,
        ),
    )
    return tuple(
        Hop(
            source=link.source,
            target=link.target,
            type=link.type,
            status=link.status,
            is_denial=link.is_denial,
            cue=link.cue,
            sentence=_sentence(named[link.source], link, named[link.target]),
        )
        for link in ordered
    )


def _sentence(source: Node, link: Link, target: Node) -> str:
    does = "says that it is not so, on the word of" if link.is_denial else _TYPES[link.type]
    notes = []
    if target.kind in UNNAMED_KINDS:
        notes.append("nobody is named")
    if link.cue:
        notes.append(f"“{isolated(link.cue)}”")
    if link.status != "confirmed":
        notes.append("suggested, not confirmed" if link.status == "suggested" else "rejected")
    if not link.carries and not link.is_denial:
        notes.append("carries no dependence")
    told = f" ({'; '.join(notes)})" if notes else ""
    return f"{isolated(source.label)} {does} {isolated(target.label)}{told}."
