"""Erasing a person from the log without changing one byte of it."""

from django.db import transaction

from claims.ledger.events import PersonalDataErased
from claims.ledger.record import record
from claims.models.actors import Actor
from claims.models.ledger import ActorKey, EntryActor, Secret
from claims.models.people import User


@transaction.atomic
def erase_values(targets: list[tuple[int, str]], *, ground: str, by: Actor) -> int:
    """Forget salt and value of some commitments; returns how many there were to forget.

    ``targets`` are (seq, field) pairs. What was committed can no longer be proved or guessed.
    """
    gone = 0
    for seq, field in targets:
        gone += Secret.objects.filter(pk=(seq, field)).delete()[0]
    named = [[seq, field] for seq, field in targets]
    record(PersonalDataErased(targets=named, ground=ground), claim=None, actor=by)
    return gone


@transaction.atomic
def erase_person(person: User, *, ground: str, by: Actor) -> int:
    """Cut the tie between a person and their pseudonyms; returns the number of entries cut."""
    entries = EntryActor.objects.filter(person=person)
    targets = [[seq, "actor"] for seq in entries.values_list("seq", flat=True)]
    ActorKey.objects.filter(person=person).delete()
    entries.delete()
    record(PersonalDataErased(targets=targets[:2000], ground=ground), claim=None, actor=by)
    return len(targets)
