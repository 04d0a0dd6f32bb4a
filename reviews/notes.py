"""Notes for colleagues: who is named in one is told, and no open round is read from one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from claims.errors import Forbidden, Invalid
from claims.models import Actor, Claim, Role, User
from claims.models.actors import person as acting
from reviews import notices, rounds
from reviews.models import Note, Round

TEXT_MAX = 10_000
# As user names are written; an address of the post has a name before its sign.
MENTION = re.compile(r"(?<![\w@.+-])@([\w.@+-]+)")
# Names that are offered while one is typed, and people looked at for them.
OFFERED, LOOKED_AT = 6, 24
_AFTER_A_NAME = ".,;:!?-+"


@dataclass(frozen=True, slots=True)
class Noted:
    """A note as it was written: who was told, and which names nobody here answers to."""

    note: Note
    told: Sequence[str]
    unknown: Sequence[str]


def may_note(by: Actor) -> User:
    """The person who writes or reads notes, or Forbidden: a service has no colleagues."""
    by.need("claims:read")
    if by.person is None:
        raise Forbidden("Notes are for the people of the desk; use a token of a person.")
    return by.person


@transaction.atomic
def write(claim: Claim, text: str, *, by: Actor) -> Noted:
    """Write a note and tell whoever is named in it as ``@username``; nothing else of it leaves.

    A name of somebody who may not know of the claim is answered as one that nobody has. A note
    is a remark, not an act: it is no event of the log. Raises Forbidden and Invalid.
    """
    person = may_note(by)
    if not text.strip():
        raise Invalid.at("/text", "Write a note first.")
    if len(text) > TEXT_MAX:
        raise Invalid.at("/text", f"Keep it under {TEXT_MAX:,} characters.")
    note = Note.objects.create(claim=claim, author=person, text=text)
    names = list(dict.fromkeys(mentioned(text)))
    there = {
        one.get_username(): one
        for one in User.objects.filter(username__in=names, is_active=True)
        if Claim.objects.visible_to(acting(one)).filter(pk=claim.pk).exists()
    }
    said = f"{by.name} names you in a note on a claim."
    notices.tell(there.values(), "mention", claim, said, but=by)
    return Noted(note, [name for name in names if name in there], sorted(set(names) - set(there)))


def mentioned(text: str) -> list[str]:
    """The user names a text names, in their order."""
    return [found.rstrip(_AFTER_A_NAME) for found in MENTION.findall(text)]


def read(claim: Claim, *, by: Actor) -> list[Note]:
    """The notes ``by`` may read now, oldest first."""
    may_note(by)
    rows, _waiting = readable(claim, by, unrevealed=rounds.unrevealed_since(claim))
    return rows


def colleagues(claim: Claim, begun: str, *, by: Actor) -> list[User]:
    """Whom a note could name: people who may know of the claim, whose name begins so; few.

    Nobody is offered whom ``write`` would not tell.
    """
    person = may_note(by)
    begins = Q(username__istartswith=begun)
    for field in ("first_name", "last_name"):
        begins |= Q(**{f"{field}__istartswith": begun})
    others = User.objects.filter(begins, is_active=True).exclude(pk=person.pk)
    return [
        one
        for one in others.order_by("username")[:LOOKED_AT]
        if Claim.objects.visible_to(acting(one)).filter(pk=claim.pk).exists()
    ][:OFFERED]


def readable(claim: Claim, by: Actor, *, unrevealed: Round | None) -> tuple[list[Note], int]:
    """The notes ``by`` may read, oldest first, and how many wait for the reveal.

    ``unrevealed`` is what ``rounds.unrevealed_since`` gave. What a reviewer wrote since then may
    tell how they rate it, so it is hidden from whoever may still rate it too. Neither seats nor
    drafts are asked: who writes first and sits down later has told as much.
    """
    rows = list(claim.desk_notes.select_related("author"))
    if unrevealed is None or not _may_judge(by.person):
        return rows, 0
    open_ = [
        row
        for row in rows
        if row.at < unrevealed.opened_at or by.is_person(row.author) or not _may_judge(row.author)
    ]
    return open_, len(rows) - len(open_)


def waits(by: Actor, *, unrevealed: Round | None) -> bool:
    """Whether what ``by`` notes now is read by other reviewers only after the reveal."""
    return unrevealed is not None and _may_judge(by.person)


def _may_judge(person: User | None) -> bool:
    return person is None or person.holds(Role.REVIEWER)
