"""Telling a worker that a job waits: a hint, which may be lost, doubled or late without harm."""

import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import structlog
from celery import current_app
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import KombuError

from claims.models import Job

log = structlog.get_logger(__name__)
# Later ones are sent by the sweep: a message with a long delay would sit in one worker's memory.
_LONGEST_DELAY_IN_A_MESSAGE = 60.0
_BROKER_REST = 5.0


def tell_on_commit(jobs: Iterable[Job]) -> None:
    """Send a worker to each job once the rows can be seen; losing the message is no harm."""
    hints = [(str(job.pk), job.kind, job.not_before) for job in jobs]
    if hints:
        transaction.on_commit(lambda: _tell(hints), robust=True)


def queue_of(kind: str) -> str:
    routed = current_app.amqp.router.route({}, _task(kind))
    queue = routed.get("queue")
    return str(getattr(queue, "name", None) or current_app.conf.task_default_queue)


def messages_in(queue: str) -> int:
    """How many messages wait in the broker; none where it cannot say."""
    if not _broker.answers():
        return 0
    try:
        with current_app.connection_for_write() as link:
            channel: Any = link.default_channel
            return int(channel.queue_declare(queue=queue, passive=True).message_count)
    except _broker.errors():
        return 0


def _task(kind: str) -> str:
    return f"job:{kind}"


def _tell(hints: list[tuple[str, str, datetime]]) -> None:
    for job_id, kind, not_before in hints:
        delay = max(0.0, (not_before - timezone.now()).total_seconds())
        if delay > _LONGEST_DELAY_IN_A_MESSAGE:
            continue
        if not _broker.answers():
            return
        try:
            current_app.send_task(
                _task(kind),
                args=[job_id],
                countdown=delay or None,
                retry=False,
                ignore_result=True,
            )
        except _broker.errors() as error:
            # The sweep will send it; until then nobody has to wait for a dead broker again.
            _broker.rest()
            log.warning("job.not_told", job=job_id, kind=kind, why=str(error))


class _Broker:
    """Remembers for a moment that the broker did not answer, so that one wait is enough."""

    def __init__(self) -> None:
        self._quiet_until = 0.0

    def answers(self) -> bool:
        return time.monotonic() >= self._quiet_until

    def rest(self) -> None:
        self._quiet_until = time.monotonic() + _BROKER_REST

    @staticmethod
    def errors() -> tuple[type[BaseException], ...]:
        """What comes up when the broker cannot be reached: kombu's own, and its transport's."""
        transport = current_app.connection_for_write().transport
        return (KombuError, OSError, *transport.connection_errors, *transport.channel_errors)


_broker = _Broker()
