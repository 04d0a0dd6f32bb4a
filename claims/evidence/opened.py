"""Who may look into captures and evidence: what is sealed, restricted or told in confidence."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.models import Actor, Article, Capture, Claim, Evidence, Recheck, Role


def visible_captures(actor: Actor) -> QuerySet[Capture]:
    """All captures but those that only hidden claims or others' sealed evidence stand on.

    What is sealed is for who added it and for the editors, who vouch for it.
    """
    if actor.is_system:
        return Capture.objects.all()
    evidence = Evidence.objects.filter(capture=OuterRef("pk"))
    read = Exists(Article.objects.filter(capture=OuterRef("pk")))
    # What stands now where a source stood is for whom the source is.
    looked = Recheck.objects.filter(found=OuterRef("pk"))
    known = Claim.objects.visible_to(actor)
    shown, found = evidence.filter(claim__in=known), looked.filter(evidence__claim__in=known)
    if not actor.may("publish"):
        sealed = Evidence.Visibility.SEALED
        own = Q(added_by=actor.person) if actor.person is not None else Q(pk__in=[])
        theirs = Q(evidence__added_by=actor.person) if actor.person is not None else Q(pk__in=[])
        shown = shown.filter(own | ~Q(visibility=sealed))
        found = found.filter(theirs | ~Q(evidence__visibility=sealed))
    return Capture.objects.filter(_loose() | Exists(shown) | Exists(found) | Q(read))


def listed_captures(actor: Actor) -> QuerySet[Capture]:
    """The same to look through: without files that were brought for evidence not yet there.

    Whoever brought one knows its id; it may be about to be sealed.
    """
    by_hand = Q(via__in=["upload", "hand-in"])
    return visible_captures(actor).exclude(by_hand & _loose())


def may_open(item: Evidence, by: Actor) -> bool:
    """Sealed evidence is opened by who added it, and by the editors, who vouch for it."""
    sealed = item.visibility == Evidence.Visibility.SEALED
    return not sealed or by.may("publish") or by.is_person(item.added_by)


def contact_told(contact: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Who was spoken to, as far as they agreed: what may leave the desk of a contact."""
    if contact is None:
        return None
    terms = contact.get("terms")
    if terms == "on_record":
        return {name: contact.get(name) for name in ("who", "role", "when", "terms")}
    if terms == "background":
        return {name: contact.get(name) for name in ("role", "when", "terms")}
    return {"terms": terms}


def contact_for(item: Evidence, by: Actor) -> dict[str, Any] | None:
    """Who was spoken to, for one actor who may open the evidence.

    What was said in confidence is for who added it, reviewers and editors, who judge by it; a
    token without a person gets of others' evidence no more than readers do.
    """
    contact: dict[str, Any] | None = item.contact
    if contact is None or by.is_system or by.is_person(item.added_by):
        return contact
    if by.person is None:
        return contact if item.added_by_id is None else contact_told(contact)
    if contact.get("terms") == "confidential" and not by.holds(Role.REVIEWER, Role.EDITOR):
        return contact_told(contact)
    return contact


def _loose() -> Q:
    """Captures that nothing uses yet."""
    used = (
        Evidence.objects.filter(capture=OuterRef("pk")),
        Article.objects.filter(capture=OuterRef("pk")),
        Recheck.objects.filter(found=OuterRef("pk")),
    )
    return ~Q(Exists(used[0])) & ~Q(Exists(used[1])) & ~Q(Exists(used[2]))
