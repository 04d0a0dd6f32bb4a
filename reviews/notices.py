"""Lines in people’s inboxes: who has to know what, written by the verb that made it so."""

from collections.abc import Iterable

from claims.models import Actor, Claim, Role, User
from claims.models.actors import person as acting
from reviews.models import Notification


def tell(people: Iterable[User], kind: str, claim: Claim, message: str, *, but: Actor) -> None:
    """One line for each of these people, once each, except whoever did it.

    Nobody learns of a claim they may not see: a restricted one is told to its own people alone.
    """
    once = {one.pk: one for one in people if not but.is_person(one) and one.is_active}
    if claim.visibility == Claim.Visibility.RESTRICTED:
        once = {key: one for key, one in once.items() if _may_know(one, claim)}
    Notification.objects.bulk_create(
        Notification(person=one, kind=kind, claim=claim, message=message) for one in once.values()
    )


def editors() -> Iterable[User]:
    return User.objects.filter(is_active=True, roles__contains=[Role.EDITOR])


def reviewers() -> Iterable[User]:
    return User.objects.filter(is_active=True, roles__contains=[Role.REVIEWER])


def _may_know(person: User, claim: Claim) -> bool:
    return Claim.objects.visible_to(acting(person)).filter(pk=claim.pk).exists()
