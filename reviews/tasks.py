"""Celery's doors into reviews: what the clock asks for, and this floor's own kinds of jobs."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from claims import jobs
from claims.evidence import archiving, recheck
from claims.jobs import Held
from claims.models import SYSTEM, Claim
from reviews import right_of_reply
from reviews.bulk import begin, run
from reviews.delivery import digest
from reviews.errors import IllegalTransition
from reviews.models import Round
from reviews.policy import current as current_policy
from reviews.publishing import standing
from reviews.queue.rank import rerank
from reviews.verdicts.settle import ask_for_adjudication

DISPUTES_LOCK = 0x64697370
_NEWLY_OUT = timedelta(days=8)
# In UTC; a clock that was down for a part of the night does the rest of it.
_NIGHT_ENDS = 6

KINDS: Mapping[str, Callable[[Held], None]] = {
    begin.KIND: run.run,
    digest.MAIL: digest.send,
}
"""What each kind of job does."""


@shared_task(name="reviews.digests")
def digests() -> None:
    """Want a mail for whoever asked to be told that way and whose time has come."""
    digest.want_due(timezone.now())


@shared_task(name="reviews.rank")
def rank() -> None:
    """Store priorities anew; the passing of time moves them."""
    with transaction.atomic():
        rerank()


@shared_task(name="reviews.disputes")
def disputes() -> None:
    """Hand what was not reconciled within the policy's time to an editor."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [DISPUTES_LOCK])
        if not cursor.fetchone()[0]:
            return
        since = timezone.now() - timedelta(hours=current_policy().reconcile_hours)
        waiting = Round.objects.filter(
            claim__state=Claim.State.CHECKING,
            claim__stage=Claim.Stage.DISPUTED,
            revealed_at__lt=since,
            voided_at__isnull=True,
        )
        for round_ in waiting.select_related("claim"):
            _hand_over(round_)


@shared_task(name="reviews.silences")
def silences() -> None:
    """Tell of deadlines that passed without an answer, each in a transaction of its own."""
    for request in right_of_reply.silent():
        right_of_reply.tell_of_silence(request)


@shared_task(name="reviews.archive")
def archive() -> None:
    """Have a public archive keep what is cited, where the desk has keys for one."""
    if not archiving.is_configured():
        return
    cited = standing.cited(since=timezone.now() - _NEWLY_OUT)
    archiving.offer(archiving.attached_lately() if settings.WAYBACK_SAVE == "attached" else ())
    archiving.offer(cited)


@shared_task(name="reviews.look_again")
def look_again() -> None:
    """At night, look again at what standing checks cite, spread over what is left of it."""
    now = timezone.now()
    if now.hour >= _NIGHT_ENDS or not settings.RECHECK_PER_NIGHT:
        return
    until = now.replace(hour=_NIGHT_ENDS, minute=0, second=0, microsecond=0)
    recheck.schedule(standing.cited(), budget=settings.RECHECK_PER_NIGHT, until=until)


def _hand_over(round_: Round) -> None:
    try:
        ask_for_adjudication(round_.claim, by=SYSTEM)
    except IllegalTransition:
        return  # settled between the look and the lock


def _door(kind: str) -> Callable[[str], None]:
    def door(job_id: str) -> None:
        jobs.work(UUID(job_id), KINDS[kind])

    return door


for _kind in KINDS:
    shared_task(name=f"job:{_kind}")(_door(_kind))
