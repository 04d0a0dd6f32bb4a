"""Right of reply: who was asked, what they said, and what is still awaited."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from claims.admin.acts import Forms
from claims.models import Actor, Claim
from reviews.admin.forms.ahead import AnswerForm, AskedForm
from reviews.models import ReplyRequest


def with_awaited() -> Any:
    """For lists of claims: as ``awaited``, the requests that stop the clock of each now."""
    open_ = ReplyRequest.objects.filter(
        deadline__gt=timezone.now(), answer="", not_asked_because=""
    )
    return Prefetch("replies", open_, to_attr="awaited")


@dataclass(frozen=True, slots=True)
class Reply:
    row: ReplyRequest
    # Where an answer may still come, the form that writes it down.
    answer: Any


@dataclass(frozen=True, slots=True)
class Replies:
    rows: Sequence[Reply]
    log: Any

    @property
    def awaited(self) -> list[ReplyRequest]:
        """The requests that stop the clock now."""
        return [one.row for one in self.rows if one.row.deadline and one.row.is_awaited]


def replies_of(claim: Claim, by: Actor, page_forms: Forms) -> Replies:
    """All requests in the order they were made."""
    writes = by.may("claims:write")
    return Replies(
        rows=[_reply(row, page_forms, writes=writes) for row in claim.replies.all()],
        log=page_forms.of(AskedForm, "log_reply") if writes else None,
    )


def _reply(row: ReplyRequest, page_forms: Forms, *, writes: bool) -> Reply:
    awaited = writes and not row.answer and not row.not_asked_because
    form = page_forms.of(AnswerForm, "answer", row.pk) if awaited else None
    return Reply(row, form or page_forms.was_refused("answer", row.pk))
