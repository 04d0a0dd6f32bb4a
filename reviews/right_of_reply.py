"""Right of reply: who was asked, in which role, when, and what they said or that they did not."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from claims.errors import Invalid, Problem
from claims.ledger.record import record
from claims.models import Actor, Alert, Claim
from reviews.events import ReplyLogged
from reviews.models import ReplyRequest

NAME_MAX = 200
SHORT_MAX = 120
ANSWER_MAX = 50_000


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


def _settle(claim: Claim, row: ReplyRequest, by: Actor) -> None:
    """A late answer is an alert; then it is on record, as a commitment."""
    if row.answer and claim.published_version is not None:
        Alert.objects.create(
            claim=claim,
            kind="late_reply",
            message=f"{row.asked} answered after publication: see whether it has to go in.",
        )
        claim.needs_look = True
        claim.version += 1
        claim.updated_at = timezone.now()
        claim.save(update_fields=["needs_look", "version", "updated_at"])
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
