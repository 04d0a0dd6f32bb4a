"""The work of a bulk act: one claim a transaction, in slices, each claim once.

A killed worker leaves no claim half done: the outcome of a claim is written in the transaction
that changes it, under the fence of the job. Whoever takes the job next goes on with what waits.
"""

import time

from django.db import transaction
from django.utils import timezone

from claims import jobs
from claims.errors import Busy, DeskError, Missing, Stale
from claims.jobs import Held
from claims.models import Claim, User
from claims.models.actors import person as acting
from reviews import notices
from reviews.bulk.acts import Act, Assign, act_of
from reviews.bulk.begin import KIND, key_of
from reviews.models import BulkAct, BulkItem

# A job is short, so that others have their turn and a stop is soon heard.
SLICE = 400
SLICE_SECONDS = 40.0
Outcome = BulkItem.Outcome


def run(held: Held) -> None:
    """Do a slice of a bulk act, and want the next one, or end it."""
    row = BulkAct.objects.get(pk=held.args["act"])
    act = act_of(row)
    ends = time.monotonic() + SLICE_SECONDS
    for item in row.items.filter(outcome=Outcome.WAITING)[:SLICE]:
        if time.monotonic() > ends:
            break
        _one(held, row, act, item)
    _go_on(held, row, act)


def _one(held: Held, row: BulkAct, act: Act, item: BulkItem) -> None:
    """Do it to one claim, or note why it stays. A log that is busy is no reason: try again."""
    try:
        with transaction.atomic():
            _do(held, row, act, item)
    except Busy:
        raise
    except Stale:
        _stay(held, item, Stale("Somebody changed it after you looked. Look at it by itself."))
    except DeskError as refusal:
        _stay(held, item, refusal)


def _do(held: Held, row: BulkAct, act: Act, item: BulkItem) -> None:
    # Read anew for each claim: a role taken away, or a claim hidden, counts from that moment.
    by = acting(User.objects.get(pk=row.by_id))
    known = Claim.objects.visible_to(by).filter(pk=item.claim_id)
    claim = known.select_for_update(of=("self",)).first()
    jobs.own(held)
    # Before the verb, whose last write is the log's: the whole desk waits for whoever has that.
    if not _note(item, Outcome.DONE):
        return
    if claim is None:
        raise Missing("It is not there any more, or no longer for you to see.")
    if claim.version != item.version:
        raise Stale("changed since the look")
    done = act.do(claim, by=by, version=item.version)
    if done.version == item.version:
        BulkItem.objects.filter(pk=item.pk).update(outcome=Outcome.UNCHANGED)


def _stay(held: Held, item: BulkItem, refusal: DeskError) -> None:
    with transaction.atomic():
        jobs.own(held)
        _note(item, Outcome.STAYED, code=refusal.reason, why=" ".join(refusal.sentences()))


def _note(item: BulkItem, outcome: str, *, code: str = "", why: str = "") -> bool:
    """Write down what became of a claim that still waits; False where somebody was faster."""
    waiting = BulkItem.objects.filter(pk=item.pk, outcome=Outcome.WAITING)
    return bool(waiting.update(outcome=outcome, code=code[:40], why=why, at=timezone.now()))


@transaction.atomic
def _go_on(held: Held, row: BulkAct, act: Act) -> None:
    """The next slice, or the end; in one transaction with the end of this one."""
    row = BulkAct.objects.select_for_update().select_related("by").get(pk=row.pk)
    jobs.own(held)
    if row.ended_at is None:
        if row.items.filter(outcome=Outcome.WAITING).exists():
            number = held.args["slice"] + 1
            args = {"act": str(row.pk), "slice": number}
            jobs.enqueue(KIND, key=key_of(row, number), args=args)
        else:
            _end(row, act)
    jobs.succeed(held)


def _end(row: BulkAct, act: Act) -> None:
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    done = row.items.filter(outcome=Outcome.DONE).count()
    if isinstance(act, Assign) and done:
        # One line for all of them: an inbox of a thousand lines tells nobody anything.
        people = User.objects.filter(username__in=act.people)
        said = f"{row.by.get_username()} assigned {done} claims to you in one go."
        notices.tell_of_many(people, "assigned", said, but=acting(row.by))
