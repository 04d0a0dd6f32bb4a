"""Splitting a compound claim into claims that can each have a verdict of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from claims.errors import Forbidden, Invalid, Problem, Stale
from claims.intake import checks
from claims.intake.submit import Words, place
from claims.ledger.record import Happening, record_all
from claims.models import Actor, Claim, ClaimPart, Role
from claims.provenance.trace import recompute
from claims.text.digest import words_digest
from reviews.errors import IllegalTransition
from reviews.events import ClaimSplit
from reviews.queue.rank import priority_of
from reviews.workflow.step import Wish
from reviews.workflow.transition import transition

LEAST, MOST = 2, 20
# What the parts take over from the whole; its demand too, since people asked for all of it.
INHERITED = (
    "demand",
    "harm",
    "urgent",
    "urgent_reason",
    "discreet",
    "visibility",
    "topic",
    "due_at",
    "why",
    "sample",
)


@dataclass(frozen=True, slots=True)
class Part:
    """One of the claims that take the place of a compound one; its language if it differs."""

    text: str
    language: str = ""


def may_split(by: Actor) -> None:
    """Role alone: a reviewer or an editor, in person."""
    by.need("claims:write")
    if by.person is None or not by.holds(Role.REVIEWER, Role.EDITOR):
        raise Forbidden("A claim is split by a reviewer or an editor.")
    if not by.may("publish"):
        by.need("reviews:write")


@transaction.atomic
def split(
    claim: Claim, parts: Sequence[Part], *, by: Actor, note: str = "", version: int | None = None
) -> list[ClaimPart]:
    """Put two or more draft claims in the place of one that says several things.

    ``by`` is the author of the parts' words and reviews none of them. Each part keeps article,
    quote, claimant and what else is known of the whole; words that are a claim already are
    linked to it. The whole is dismissed as a duplicate of its parts: an open round is void, and
    whoever brings its words again finds it, and them. Raises Forbidden, Invalid, Stale,
    IllegalTransition and, with a living publication, NotReady.
    """
    may_split(by)
    held = Claim.objects.select_for_update().get(pk=claim.pk)
    checks.refuse(_problems(held, parts))
    if version is not None and version != held.version:
        raise Stale(
            "Somebody changed this claim since you opened it. Look at what is new, then decide."
        )
    if held.state not in {Claim.State.DRAFT, Claim.State.CHECKING}:
        raise IllegalTransition("A claim is split while it is incoming or in checking.")
    made, happened = _make(held, parts, by)
    rows = ClaimPart.objects.bulk_create(
        ClaimPart(whole=held, part=part, position=position, split_by=by.person)
        for position, part in enumerate(made)
    )
    said = ClaimSplit(parts=[str(part.pk) for part in made])
    record_all([*happened, Happening(said, held.pk, by)])
    why = note.strip() or f"Split into {len(made)} claims that are judged one by one."
    transition(held, "dismiss", by=by, wish=Wish(reason="duplicate", note=why))
    return rows


def _make(whole: Claim, parts: Sequence[Part], by: Actor) -> tuple[list[Claim], list[Happening]]:
    """The parts in their order. Whoever brings several waits for their words in one order."""
    ring = _above(whole)
    made: dict[int, Claim] = {}
    happened: list[Happening] = []
    for position in sorted(range(len(parts)), key=lambda one: words_digest(parts[one].text)):
        created, events = place(_words(whole, parts[position]), by=by, trace=recompute)
        if created.claim.pk in ring:
            raise Invalid.at(
                f"/parts/{position}/text", "This claim is what the one before you is a part of."
            )
        if created.new:
            _inherit(created.claim, whole)
        made[position] = created.claim
        happened += events
    return [made[position] for position in range(len(parts))], happened


def _words(whole: Claim, part: Part) -> Words:
    claimant = whole.claimant
    return Words(
        text=part.text.strip(),
        written=True,
        language=part.language or whole.language,
        claimant=(claimant.name, claimant.kind) if claimant is not None else None,
        article=whole.article,
        quote=whole.quote,
        checkworthiness=whole.checkworthiness,
    )


def _inherit(part: Claim, whole: Claim) -> None:
    for name in INHERITED:
        setattr(part, name, getattr(whole, name))
    part.priority = priority_of(part).score
    part.save(update_fields=[*INHERITED, "priority"])
    part.tags.set(whole.tags.all())
    part.assigned_to.set(whole.assigned_to.all())


def _above(claim: Claim) -> set[Any]:
    """The claim and all it is a part of: none of them can be a part of it."""
    found, new = {claim.pk}, {claim.pk}
    while new:
        rows = ClaimPart.objects.filter(part__in=new).values_list("whole", flat=True)
        new = set(rows) - found
        found |= new
    return found


def _problems(whole: Claim, parts: Sequence[Part]) -> list[Problem]:
    if not LEAST <= len(parts) <= MOST:
        return [Problem("/parts", f"Split it into {LEAST} to {MOST} claims.")]
    problems: list[Problem] = []
    seen = {whole.text_digest: "This says what the whole claim says."}
    for position, part in enumerate(parts):
        at = f"/parts/{position}"
        problems += checks.words(
            part.text, f"{at}/text", longest=checks.CLAIM_MAX, what="The claim"
        )
        problems += checks.language(part.language, f"{at}/language")
        digest = words_digest(part.text)
        if digest in seen:
            problems.append(Problem(f"{at}/text", seen[digest]))
        seen[digest] = "Another part says this already."
    return problems
