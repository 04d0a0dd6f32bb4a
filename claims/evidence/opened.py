"""Who may look into captures and evidence: what is sealed, restricted or told in confidence."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from claims.models import Actor, Article, Capture, Claim, Evidence, Recheck, Role


def visible_captures(actor: Actor) -> QuerySet[Capture]:
    """All captures but those that only hidden claims or others' sealed evidence stand on.

    What is sealed is for who added it and for the editors, who vouch for it.
    """
    if actor.is_system:
        return Capture.objects.all()
    # Told from the few that are hidden, and each as an anti-join: so a page of a million is read
    # by the index of its order, and nothing is hashed whole.
    evidence = Evidence.objects.annotate(closed=_closed("", actor))
    # What stands now where a source stood is for whom the source is.
    looked = Recheck.objects.annotate(closed=_closed("evidence__", actor))

    def otherwise(at: str) -> Q:
        """Something else that this actor may know of stands on the same capture."""
        return (
            Q(Exists(evidence.filter(capture=OuterRef(at), closed=False)))
            | Q(Exists(looked.filter(found=OuterRef(at), closed=False)))
            | Q(Exists(Article.objects.filter(capture=OuterRef(at))))
        )

    hides = evidence.filter(capture=OuterRef("pk"), closed=True).exclude(otherwise("capture"))
    found = looked.filter(found=OuterRef("pk"), closed=True).exclude(otherwise("found"))
    return Capture.objects.filter(~Exists(hides), ~Exists(found))


def _closed(evidence: str, actor: Actor) -> Case:
    """Whether a row is not for this actor; ``evidence`` is the way from it to the evidence."""
    known = Claim.objects.visible_to(actor).filter(pk=OuterRef(f"{evidence}claim"))
    # Only of a restricted claim it has to be asked.
    restricted = Q(**{f"{evidence}claim__visibility": Claim.Visibility.RESTRICTED})
    hidden = restricted & Q(~Exists(known))
    if not actor.may("publish"):
        sealed = Q(**{f"{evidence}visibility": Evidence.Visibility.SEALED})
        if actor.person is not None:
            sealed &= ~Q(**{f"{evidence}added_by": actor.person})
        hidden |= sealed
    return Case(When(hidden, then=Value(value=True)), default=Value(value=False))


def listed_captures(actor: Actor) -> QuerySet[Capture]:
    """The same to look through: without files that were brought for evidence not yet there.

    Whoever brought one knows its id; it may be about to be sealed.
    """
    loose = Capture.objects.filter(pk=OuterRef("pk"), via__in=["upload", "hand-in"]).filter(
        ~Exists(Evidence.objects.filter(capture=OuterRef("pk"))),
        ~Exists(Article.objects.filter(capture=OuterRef("pk"))),
        ~Exists(Recheck.objects.filter(found=OuterRef("pk"))),
    )
    return visible_captures(actor).filter(~Exists(loose))


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
