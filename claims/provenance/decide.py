"""What people say about the chain: each decision is undoable, on record, and counted at once."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims import jobs
from claims.errors import Conflict, Invalid, Missing, Problem, Stale
from claims.ledger.events import ProvenanceDecided
from claims.ledger.record import record
from claims.models import Actor, Article, Claim, CoverageItem, ProvenanceEdge, SourceNode
from claims.provenance import origins
from claims.provenance.naming import plain_name
from claims.provenance.trace import recount
from claims.text.usable import has_words, problem_with

LABEL_MAX = 300
QUOTE_MAX = 5_000
NOTE_MAX = 5_000
WHOM_MAX = 200
TRACE = "claim.trace"

Status = ProvenanceEdge.Status
_NAMELESS = (SourceNode.Kind.UNNAMED, SourceNode.Kind.COLLECTIVE)

End = SourceNode | uuid.UUID | str | Mapping[str, Any]
"""A node, its id or that of its article, or a new source as {label, kind, named?}."""


def confirm(
    edge: ProvenanceEdge, *, by: Actor, version: int | None = None, note: str = ""
) -> ProvenanceEdge:
    """Say that a link is so. ``version`` is the edge as ``by`` saw it; raises Stale."""
    return _decide(edge, Status.CONFIRMED, by=by, version=version, note=note)


def reject(
    edge: ProvenanceEdge, *, by: Actor, version: int | None = None, note: str = ""
) -> ProvenanceEdge:
    """Say that a link is not so; it stays to be seen, and counts for nothing."""
    return _decide(edge, Status.REJECTED, by=by, version=version, note=note)


def undo(
    edge: ProvenanceEdge, *, by: Actor, version: int | None = None, note: str = ""
) -> ProvenanceEdge:
    """Take a decision back: the link is a suggestion again."""
    return _decide(edge, Status.SUGGESTED, by=by, version=version, note=note)


@transaction.atomic
def add(
    claim: Claim,
    *,
    by: Actor,
    source: End,
    target: End,
    kind: str,
    quote: str = "",
    note: str = "",
) -> ProvenanceEdge:
    """Draw a link by hand: ``source`` has it from ``target``. It is confirmed by whoever draws it.

    ``kind`` is a type of edge. A link that a machine suggested is confirmed with these words.
    Raises Forbidden and Invalid.
    """
    _may(by)
    held = Claim.objects.select_for_update().get(pk=claim.pk)
    _check_words(quote=quote, note=note)
    if kind not in ProvenanceEdge.Type.values:
        known = ", ".join(ProvenanceEdge.Type.values)
        raise Invalid.at("/type", f"Use one of: {known}.")
    start = _end(held, source, "/from")
    end = _end(held, target, "/to")
    if start.pk == end.pk:
        raise Invalid.at("/to", "Nothing rests on itself.")
    edge, new = ProvenanceEdge.objects.get_or_create(
        claim=held,
        source=start,
        target=end,
        type=kind,
        is_denial=False,
        defaults={"by_hand": True, "rule": "by hand", "quote": quote},
    )
    edge.status = Status.CONFIRMED
    edge.note = note or edge.note
    if quote:
        # No longer the words of a draft: taken back, it is the machine's again.
        edge.quote, edge.drafted_as = quote, ""
    _sign(edge, by, again=not new)
    edge.save()
    _settle(held, by, what="add", edge=edge, note=note)
    return edge


@transaction.atomic
def resolve(
    node: SourceNode, *, by: Actor, to: SourceNode | uuid.UUID | str | None, note: str = ""
) -> SourceNode:
    """Say what a cited source is: an article of the coverage, or another source. None undoes it.

    What hung on the node hangs on what it is from then on. No machine says otherwise later.
    Raises Forbidden, Missing and Invalid.
    """
    held, node = _held_node(node, by)
    _check_words(note=note)
    target = _end(held, to, "/to") if to is not None else None
    if node.article_id is not None:
        raise Invalid.at("/to", "An article is what it is; resolve what is cited instead.")
    if target is not None and node.pk in _way(target):
        raise Invalid.at("/to", "That one is resolved to this already: it would go in a ring.")
    node.resolved_to, node.resolved_rule = target, ""
    node.resolved_by, node.resolved_at = by.person, timezone.now()
    node.note = note or node.note
    node.save(update_fields=["resolved_to", "resolved_rule", "resolved_by", "resolved_at", "note"])
    link = {"node": node.label, "to": target.label if target is not None else None}
    _settle(held, by, what="resolve", node=node, status=_said(target), link=link, note=note)
    return node


@transaction.atomic
def speaks_for(node: SourceNode, *, by: Actor, whom: str, note: str = "") -> SourceNode:
    """Say for whom a source speaks: two who speak for one are one voice. Empty undoes it."""
    held, node = _held_node(node, by)
    _check_words(note=note)
    wrong = problem_with(whom, longest=WHOM_MAX, what="The name")
    if wrong is not None:
        raise Invalid.at("/speaks_for", wrong)
    node.speaks_for = whom.strip()
    node.save(update_fields=["speaks_for"])
    link = {"node": node.label, "speaks_for": node.speaks_for}
    _settle(held, by, what="speaks_for", node=node, status=_said(whom), link=link, note=note)
    return node


@transaction.atomic
def first_hand(
    node: SourceNode, *, by: Actor, was_there: bool | None, note: str = ""
) -> SourceNode:
    """Say whether a source knows it at first hand; None where nobody can say."""
    held, node = _held_node(node, by)
    _check_words(note=note)
    node.first_hand = was_there
    node.save(update_fields=["first_hand"])
    status = {True: "yes", False: "no", None: "undone"}[was_there]
    _settle(
        held, by, what="first_hand", node=node, status=status, link={"node": node.label}, note=note
    )
    return node


@transaction.atomic
def retracted(node: SourceNode, *, by: Actor, is_so: bool, note: str = "") -> SourceNode:
    """Say that whoever published an article or a source took it back, or that it stands."""
    held, node = _held_node(node, by)
    _check_words(note=note)
    node.retracted = is_so
    node.save(update_fields=["retracted"])
    status = "yes" if is_so else "undone"
    _settle(
        held, by, what="retracted", node=node, status=status, link={"node": node.label}, note=note
    )
    return node


@transaction.atomic
def set_aside(
    claim: Claim, article: Article, *, by: Actor, aside: bool = True, note: str = ""
) -> CoverageItem:
    """Say that an article is not about the claim, or that it is after all; it stays to be seen.

    It counts for nothing at once; what others copied of it is compared anew by a job.
    """
    _may(by)
    held = Claim.objects.select_for_update().get(pk=claim.pk)
    _check_words(note=note)
    item = held.coverage.select_related("article").filter(article=article).first()
    if item is None:
        raise Missing("This article is not in the coverage of this claim.")
    if item.set_aside == aside:
        return item
    item.set_aside = aside
    item.save(update_fields=["set_aside"])
    recount(held)
    state = "aside" if aside else "undone"
    jobs.enqueue(TRACE, key=f"{TRACE}:{held.pk}:{state}:{uuid.uuid4()}", claim=held)
    record(
        ProvenanceDecided(
            what="set_aside",
            subject=str(article.pk),
            status=state,
            link={"article": str(article)[:LABEL_MAX]},
            note=note or None,
        ),
        claim=held,
        actor=by,
    )
    return item


@transaction.atomic
def _decide(
    edge: ProvenanceEdge, status: str, *, by: Actor, version: int | None, note: str
) -> ProvenanceEdge:
    """Set the status of a link. Deciding what is decided so already changes nothing."""
    _may(by)
    held = Claim.objects.select_for_update().get(pk=edge.claim_id)
    _check_words(note=note)
    edge = _locked(edge)
    if version is not None and version != edge.version:
        raise Stale("Somebody decided on this link since you looked. See what they said first.")
    if edge.status == status:
        return edge
    edge.status = status
    edge.note = note or edge.note
    _sign(edge, by, again=True)
    if status == Status.SUGGESTED:
        edge.decided_by, edge.decided_at = None, None
    edge.save(update_fields=["status", "note", "decided_by", "decided_at", "version"])
    what = {Status.CONFIRMED: "confirm", Status.REJECTED: "reject"}.get(Status(status), "undo")
    _settle(held, by, what=what, edge=edge, note=note)
    return edge


def _locked(edge: ProvenanceEdge) -> ProvenanceEdge:
    """The edge as it stands under the claim's lock; a new reading may have dropped it."""
    found = (
        ProvenanceEdge.objects.select_for_update(of=("self",))
        .select_related("source", "target")
        .filter(pk=edge.pk)
        .first()
    )
    if found is None:
        raise Conflict("A new reading of the articles no longer has this link.")
    return found


def _held_node(node: SourceNode, by: Actor) -> tuple[Claim, SourceNode]:
    _may(by)
    held = Claim.objects.select_for_update().get(pk=node.claim_id)
    found = held.nodes.select_for_update(of=("self",)).filter(pk=node.pk).first()
    if found is None:
        raise Conflict("A new reading of the articles no longer has this source.")
    return held, found


def _may(by: Actor) -> None:
    """Whoever looks for coverage may also say what it means."""
    if not by.is_system and not by.may("coverage:write"):
        by.need("claims:write")


def _sign(edge: ProvenanceEdge, by: Actor, *, again: bool) -> None:
    edge.decided_by, edge.decided_at = by.person, timezone.now()
    if again:
        edge.version += 1


def _settle(
    claim: Claim,
    by: Actor,
    *,
    what: str,
    edge: ProvenanceEdge | None = None,
    node: SourceNode | None = None,
    status: str = "",
    link: dict[str, Any] | None = None,
    note: str = "",
) -> None:
    """Count anew, then write down what was decided."""
    recount(claim)
    if edge is not None:
        status = edge.status
        link = {"from": edge.source.label, "to": edge.target.label, "type": edge.type}
    subject = edge or node
    if subject is None:
        raise RuntimeError("a decision is about a link or a source")
    record(
        ProvenanceDecided(
            what=what, subject=str(subject.pk), status=status, link=link, note=note or None
        ),
        claim=claim,
        actor=by,
    )


def _end(claim: Claim, end: End, pointer: str) -> SourceNode:
    """The node that is meant; a new source is made, or found where the claim has it already."""
    if isinstance(end, SourceNode):
        end = end.pk
    if isinstance(end, Mapping):
        return _new_source(claim, end, pointer)
    try:
        key = uuid.UUID(str(end))
    except ValueError:
        key = None
    found = None
    if key is not None:
        nodes = claim.nodes.all()
        found = nodes.filter(pk=key).first() or nodes.filter(article=key).first()
    if found is None:
        raise Invalid.at(pointer, "There is no such node in this claim’s graph.")
    return found


def _new_source(claim: Claim, said: Mapping[str, Any], pointer: str) -> SourceNode:
    problems = [
        Problem(f"{pointer}/{name}", "A source has a label, a kind, and is named or not.")
        for name in sorted(map(str, said.keys() - {"label", "kind", "named"}))
    ]
    label, kind = said.get("label"), said.get("kind")
    named = said.get("named", kind not in _NAMELESS)
    if not isinstance(label, str) or not has_words(label):
        problems.append(Problem(f"{pointer}/label", "Say how the source is called."))
    elif wrong := problem_with(label, longest=LABEL_MAX, what="The label"):
        problems.append(Problem(f"{pointer}/label", wrong))
    kinds = sorted(origins.KINDS)
    if kind not in kinds:
        problems.append(Problem(f"{pointer}/kind", f"Use one of: {', '.join(kinds)}."))
    if not isinstance(named, bool):
        problems.append(Problem(f"{pointer}/named", "Use true or false."))
    if problems:
        raise Invalid("This source cannot be used.", problems=problems)
    label = str(label).strip()
    # The same key as a machine gives a name, so that both mean one source.
    key = f"name:{plain_name(label)}"[:LABEL_MAX] if named and plain_name(label) else ""
    node, _ = SourceNode.objects.get_or_create(
        claim=claim,
        key=key or f"hand:{uuid.uuid4()}",
        defaults={"label": label, "kind": str(kind), "named": named, "by_hand": True},
    )
    return node


def _way(node: SourceNode) -> set[uuid.UUID]:
    """The node and all that it is resolved to, one after the other."""
    seen: set[uuid.UUID] = set()
    at: SourceNode | None = node
    while at is not None and at.pk not in seen:
        seen.add(at.pk)
        at = at.resolved_to
    return seen


def _said(value: object) -> str:
    return "said" if value else "undone"


def _check_words(*, note: str, quote: str = "") -> None:
    for name, words, longest in (("note", note, NOTE_MAX), ("quote", quote, QUOTE_MAX)):
        wrong = problem_with(words, longest=longest, what=f"The {name}")
        if wrong is not None:
            raise Invalid.at(f"/{name}", wrong)
