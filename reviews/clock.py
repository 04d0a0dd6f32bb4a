"""When a claim is due, by a clock that stands still while somebody outside is asked to answer.

A request to reply with a deadline stops the clock from the asking until the answer is in or the
deadline is over, and that time is added to the due date. What was late before anybody was asked
stays late. A request without a deadline stops nothing: it could wait for ever.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from claims.models import Claim

NONE = timedelta(0)
STORED = ("paused_for", "paused_since", "paused_until")


@dataclass(frozen=True, slots=True)
class Wait:
    """A time in which an answer was, or is, awaited."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Still:
    """For how long the clock stands still in all, and the last pause, which may be under way.

    A pause under way counts to its end: so nothing has to happen when a deadline passes.
    """

    added: timedelta = NONE
    last: Wait | None = None


def stand_still(due: datetime, waits: Iterable[Wait], *, running_since: datetime) -> Still:
    """What these waits do to a date that is in force since ``running_since``. Pure.

    Waits that overlap count once.
    """
    added, last = NONE, None
    for wait in _joined(waits, running_since):
        if wait.since >= due + added:
            break
        added += wait.until - wait.since
        last = wait
    return Still(added, last)


def _joined(waits: Iterable[Wait], running_since: datetime) -> list[Wait]:
    joined: list[Wait] = []
    for wait in sorted(waits, key=lambda one: one.since):
        since = max(wait.since, running_since)
        if wait.until <= since:
            continue
        if joined and since <= joined[-1].until:
            joined[-1] = Wait(joined[-1].since, max(joined[-1].until, wait.until))
        else:
            joined.append(Wait(since, wait.until))
    return joined


def wind(claim: Claim) -> bool:
    """Set a claim's clock by its requests to reply; returns whether it moved.

    The caller has locked the claim's row, and saves the fields named in ``STORED``.
    """
    still = Still()
    if claim.due_at is not None:
        running_since = claim.due_set_at or claim.created_at
        still = stand_still(claim.due_at, _waits(claim), running_since=running_since)
    was = [getattr(claim, name) for name in STORED]
    claim.paused_for = still.added
    claim.paused_since = still.last.since if still.last is not None else None
    claim.paused_until = still.last.until if still.last is not None else None
    return was != [getattr(claim, name) for name in STORED]


def _waits(claim: Claim) -> list[Wait]:
    """A request logged beforehand waits from its logging, one logged late from the asking."""
    return [
        Wait(
            min(row.asked_at, row.created_at),
            min(row.deadline, row.answered_at or row.deadline),
        )
        for row in claim.replies.all()
        if row.deadline is not None and not row.not_asked_because
    ]
