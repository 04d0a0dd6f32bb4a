"""The Celery app: one for workers, the clock, and all who send them work."""

import os
from contextlib import suppress
from typing import Any

from celery import Celery
from celery.signals import (
    after_task_publish,
    beat_init,
    celeryd_init,
    setup_logging,
    task_prerun,
)
from django.core.cache import cache
from django.db import close_old_connections
from django.utils import timezone
from kombu.exceptions import OperationalError

from factcheck import environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")

# Written by the clock itself each time the broker took a message from it.
CLOCK_TICKED = "heartbeat:beat"
CLOCK_MEMORY = 300
BROKER_GONE = (OperationalError, OSError)

app = Celery("factcheck")
app.config_from_object("django.conf:settings", namespace="CELERY")
# A worker keeps its connection to the database from task to task, where Celery would open two
# for each. (The name is not in Celery's own namespace.)
app.conf.CELERY_DB_REUSE_MAX = 500
app.autodiscover_tasks()


@task_prerun.connect
def drop_broken_connection(**_: Any) -> None:
    """A connection that the database closed meanwhile costs one task, not all that follow."""
    close_old_connections()


@celeryd_init.connect
@beat_init.connect
def refuse_to_serve(**_: Any) -> None:
    """A worker or a clock does not start without database, broker and secret."""
    with environment.or_stop():
        environment.read().refuse_to_serve()


@beat_init.connect
def prove_ticking(**_: Any) -> None:
    """In the clock's own process, let every message it sent be its sign of life; send one now."""
    after_task_publish.connect(_ticked)
    with suppress(*BROKER_GONE):
        app.send_task("desk.ping", expires=10, retry=False)


def _ticked(**_: Any) -> None:
    cache.set(CLOCK_TICKED, timezone.now().timestamp(), CLOCK_MEMORY)


@setup_logging.connect
def keep_our_logs(**_: Any) -> None:
    """Being connected is all: Celery then leaves the logs as the settings have made them."""
