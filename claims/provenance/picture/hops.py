"""The text equivalent of the picture: each link as a sentence, for a list."""

from dataclasses import dataclass

from claims.provenance.origins import UNNAMED_KINDS
from claims.provenance.picture.layout import depths
from claims.provenance.picture.parts import Link, Node, Picture, isolated
from claims.provenance.tongue import ENGLISH, Tongue, gettext_noop

_TYPES = {
    "attributes_to": gettext_noop("%(source)s has it from %(target)s"),
    "copies": gettext_noop("%(source)s copies %(target)s"),
    "translates": gettext_noop("%(source)s translates %(target)s"),
    "agency_byline": gettext_noop("%(source)s runs the agency text of %(target)s"),
    "declares_canonical": gettext_noop("%(source)s declares as its original %(target)s"),
    "links_to": gettext_noop("%(source)s links to %(target)s"),
    "same_owner": gettext_noop("%(source)s has the same owner as %(target)s"),
}
_DENIES = gettext_noop("%(source)s says that it is not so, on the word of %(target)s")


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


def hops(picture: Picture, *, tongue: Tongue = ENGLISH) -> tuple[Hop, ...]:
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
            sentence=_sentence(named[link.source], link, named[link.target], tongue),
        )
        for link in ordered
    )


def _sentence(source: Node, link: Link, target: Node, tongue: Tongue) -> str:
    notes = []
    if target.kind in UNNAMED_KINDS:
        notes.append(tongue.gettext("nobody is named"))
    if link.cue:
        notes.append(f"“{isolated(link.cue)}”")
    if link.status != "confirmed":
        suggested = link.status == "suggested"
        notes.append(
            tongue.gettext("suggested, not confirmed") if suggested else tongue.gettext("rejected")
        )
    if not link.carries and not link.is_denial:
        notes.append(tongue.gettext("carries no dependence"))
    does = tongue.gettext(_DENIES if link.is_denial else _TYPES[link.type])
    told = does % {"source": isolated(source.label), "target": isolated(target.label)}
    return f"{told} ({'; '.join(notes)})." if notes else f"{told}."
