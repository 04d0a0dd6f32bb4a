"""What the clock asks of the review desk: places in the queue, and disputes that wait too long."""

from datetime import timedelta

from celery import shared_task
from django.db import connection, transaction
from django.utils import timezone

from claims.models import SYSTEM, Claim
from reviews.errors import IllegalTransition
from reviews.models import Round
from reviews.policy import current as current_policy
from reviews.queue.rank import rerank
from reviews.verdicts.settle import ask_for_adjudication

DISPUTES_LOCK = 0x64697370


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


def _hand_over(round_: Round) -> None:
    try:
        ask_for_adjudication(round_.claim, by=SYSTEM)
    except IllegalTransition:
        return  # settled between the look and the lock
