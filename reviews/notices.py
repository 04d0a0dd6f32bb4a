"""Lines in people’s inboxes: who has to know what, written by the verb that made it so."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.models import Actor, Claim, ClaimAuthor, Role, User
from claims.models.actors import person as acting
from reviews import conflicts
from reviews.models import Notification, Review, Round

KINDS: Mapping[str, Promise] = {
    "assigned": _("A claim is assigned to me"),
    "urgent": _("A claim is marked as urgent"),
    "review_wanted": _("A claim of mine wants a second review"),
    "words_changed": _("The words of a claim I reviewed were changed"),
    "take_over": _("Somebody took over my seat"),
    "revealed": _("The reviews of my round are revealed"),
    "disputed": _("The ratings of my round differ"),
    "adjudication": _("A dispute waits for my decision"),
    "correction": _("A correction waits for an editor"),
    "reply_due": _("An answer is due from whom we asked"),
    "late_reply": _("Somebody answers after publication"),
    "mention": _("A colleague mentions me in a note"),
    "nobody_may": _("Too few people here may take a claim"),
}
"""Every kind of notice, as a person reads it who decides whether to be told."""


def tell(people: Iterable[User], kind: str, claim: Claim, message: str, *, but: Actor) -> None:
    """One line for each of these people, once each, except whoever did it.

    Nobody learns of a claim they may not see: a restricted one is told to its own people alone.
    Whoever switched this kind off is spared.
    """
    if kind not in KINDS:
        raise ValueError(f"no kind of notice: {kind}")
    once = {
        one.pk: one
        for one in people
        if not but.is_person(one) and one.is_active and kind not in one.muted
    }
    if claim.visibility == Claim.Visibility.RESTRICTED:
        once = {key: one for key, one in once.items() if _may_know(one, claim)}
    Notification.objects.bulk_create(
        Notification(person=one, kind=kind, claim=claim, message=message) for one in once.values()
    )


def tell_if_too_few_may_sit(claim: Claim, round_: Round, *, by: Actor) -> None:
    """A round that nobody here can finish would wait for ever, unseen: editors are told."""
    authors = set(ClaimAuthor.objects.filter(claim=claim).values_list("person", flat=True))
    out = authors | conflicts.people_with(claim)
    able = {
        one.pk
        for one in reviewers()
        if one.pk not in out and (not one.languages or claim.language in one.languages)
    }
    earlier = round_.recheck_of
    known = (
        set(Review.objects.filter(round=earlier).values_list("reviewer", flat=True))
        if earlier is not None
        else set()
    )
    if len(able) >= round_.needed and (earlier is None or able - known):
        return
    said = (
        "Too few people here may review a claim: not its authors, nor who has an interest in it or"
        " does not read its language, and after a reopen somebody new. Ask a colleague in, or"
        " return it to draft."
    )
    tell(editors(), "nobody_may", claim, said, but=by)


def editors() -> Iterable[User]:
    return User.objects.filter(is_active=True, roles__contains=[Role.EDITOR])


def reviewers() -> Iterable[User]:
    return User.objects.filter(is_active=True, roles__contains=[Role.REVIEWER])


def tell_of_many(people: Iterable[User], kind: str, message: str, *, but: Actor) -> None:
    """One line on many claims together; it names none of them."""
    Notification.objects.bulk_create(
        Notification(person=one, kind=kind, message=message)
        for one in people
        if one.is_active and not but.is_person(one) and kind not in one.muted
    )


def _may_know(person: User, claim: Claim) -> bool:
    return Claim.objects.visible_to(acting(person)).filter(pk=claim.pk).exists()
