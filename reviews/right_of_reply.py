"""Right of reply: who was asked, in which role, when, and what they said or that they did not.

While an answer is awaited the claim's due date waits too (``reviews.clock``).
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from claims.errors import Invalid, Problem
from claims.ledger.record import record
from claims.models import SYSTEM, Actor, Alert, Claim, User
from reviews import clock, notices
from reviews.events import ReplyLogged
from reviews.models import ReplyRequest

NAME_MAX = 200
SHORT_MAX = 120
ANSWER_MAX = 50_000
SILENCE = "reply_due"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to reply, or the reason why there was none (``not_asked_because``)."""

    asked: str
    role: str = ""
    channel: str = ""
    asked_at: datetime | None = None
    deadline: datetime | None = None
    answer: str = ""
    answered_at: datetime | None = None
    not_asked_because: str = ""


@transaction.atomic
def log(claim: Claim, said: Asked, *, by: Actor) -> ReplyRequest:
    """Write down that somebody was asked to reply. Contact details stay inside the desk."""
    by.need("claims:write")
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    _check(said)
    now = timezone.now()
    row = ReplyRequest.objects.create(
        claim=claim,
        asked=said.asked.strip(),
        role=said.role,
        channel=said.channel,
        asked_at=said.asked_at or now,
        deadline=said.deadline,
        answer=said.answer,
        answered_at=(said.answered_at or now) if said.answer else None,
        not_asked_because=said.not_asked_because,
        added_by=by.person,
    )
    _settle(claim, row, by)
    return row


@transaction.atomic
def answered(
    request: ReplyRequest, *, by: Actor, answer: str, at: datetime | None = None
) -> ReplyRequest:
    """Write down the answer, verbatim. One that comes after publication asks for another look."""
    by.need("claims:write")
    claim = Claim.objects.select_for_update().get(pk=request.claim_id)
    row = ReplyRequest.objects.select_for_update().get(pk=request.pk)
    if not answer.strip():
        raise Invalid.at("/answer", "Give the answer in their own words.")
    if len(answer) > ANSWER_MAX:
        raise Invalid.at("/answer", f"Keep it under {ANSWER_MAX:,} characters.")
    row.answer, row.answered_at = answer, at or timezone.now()
    row.save(update_fields=["answer", "answered_at"])
    _settle(claim, row, by)
    return row


def silent(*, limit: int = 500) -> list[ReplyRequest]:
    """Requests whose deadline passed without an answer and of which nobody was told yet."""
    rows = ReplyRequest.objects.filter(
        deadline__lt=timezone.now(),
        answered_at__isnull=True,
        silence_told_at__isnull=True,
        not_asked_because="",
    )
    return list(rows.order_by("deadline")[:limit])


@transaction.atomic
def tell_of_silence(request: ReplyRequest) -> bool:
    """Tell whom it concerns that a deadline passed without an answer; once, by the clock.

    Whoever wrote the request down and whoever the claim is assigned to find it in their inbox,
    or the editors where there is nobody. Returns whether there was anything to tell.
    """
    claim = Claim.objects.select_for_update().get(pk=request.claim_id)
    row = ReplyRequest.objects.select_for_update().get(pk=request.pk)
    if not row.is_silent or row.silence_told_at is not None:
        return False
    row.silence_told_at = timezone.now()
    row.save(update_fields=["silence_told_at"])
    if claim.state == Claim.State.DISMISSED:
        return False
    Alert.objects.create(
        claim=claim,
        kind=SILENCE,
        message=f"{row.asked} did not answer by the deadline. Go on with the silence on record,"
        " or ask again.",
    )
    said = "The deadline for a reply passed without an answer. Go on with the silence on record."
    notices.tell(_concerned(claim, row), "reply_due", claim, said, but=SYSTEM)
    return True


def _concerned(claim: Claim, row: ReplyRequest) -> list[User]:
    people = [*claim.assigned_to.filter(is_active=True)]
    if row.added_by is not None and row.added_by.is_active:
        people.append(row.added_by)
    return people or list(notices.editors())


def _settle(claim: Claim, row: ReplyRequest, by: Actor) -> None:
    """Clock, alerts and notices as they follow; then it is on record, as a commitment."""
    if clock.wind(claim):
        claim.save(update_fields=[*clock.STORED])
    if row.answer:
        _close_alert(claim)
    if row.answer and claim.published_version is not None:
        _tell_of_late_answer(claim, row, by)
    said = {
        "asked": row.asked,
        "role": row.role,
        "answer": row.answer,
        "not_asked_because": row.not_asked_because,
    }
    record(
        ReplyLogged(request=str(row.pk), answered=bool(row.answer), reply=said),
        claim=claim,
        actor=by,
    )


def _close_alert(claim: Claim) -> None:
    """An answer came: nothing is left to tell once nobody else is silent."""
    if not any(row.is_silent for row in claim.replies.all()):
        claim.alerts.filter(kind=SILENCE, closed_at__isnull=True).update(closed_at=timezone.now())


def _tell_of_late_answer(claim: Claim, row: ReplyRequest, by: Actor) -> None:
    Alert.objects.create(
        claim=claim,
        kind="late_reply",
        message=f"{row.asked} answered after publication: see whether it has to go in.",
    )
    claim.needs_look = True
    claim.version += 1
    claim.updated_at = timezone.now()
    claim.save(update_fields=["needs_look", "version", "updated_at"])
    said = "Somebody answered after a check of ours was out. See whether it has to go in."
    notices.tell([*claim.assigned_to.all(), *notices.editors()], "late_reply", claim, said, but=by)


def _check(said: Asked) -> None:
    problems = []
    if not said.asked.strip():
        problems.append(Problem("/asked", "Say who was asked, or who could not be."))
    for field, longest in (
        ("asked", NAME_MAX),
        ("role", SHORT_MAX),
        ("channel", SHORT_MAX),
        ("answer", ANSWER_MAX),
        ("not_asked_because", ANSWER_MAX),
    ):
        if len(getattr(said, field)) > longest:
            problems.append(Problem(f"/{field}", f"Keep it under {longest:,} characters."))
    if said.deadline is not None and said.asked_at is not None and said.deadline < said.asked_at:
        problems.append(Problem("/deadline", "The deadline is before the asking."))
    if said.answer and said.not_asked_because:
        problems.append(
            Problem("/not_asked_because", "Somebody who answered was asked; leave this out.")
        )
    if problems:
        raise Invalid("The request cannot be used as it is.", problems=problems)
