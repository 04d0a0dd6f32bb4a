"""What the clock asks for, again and again; each may come twice or late without harm."""

from uuid import UUID

from celery import shared_task
from django.conf import settings

from claims import jobs


@shared_task(name="desk.sweep")
def sweep() -> None:
    jobs.sweep()


@shared_task(name="desk.ping")
def ping() -> None:
    jobs.ping(settings.QUEUES)


def sign_of_life(job_id: str) -> None:
    """A job without work: that its row is done at all is what it proves."""
    jobs.work(UUID(job_id), lambda _held: None)


for queue in settings.QUEUES:
    shared_task(name=f"job:ping.{queue}")(sign_of_life)
