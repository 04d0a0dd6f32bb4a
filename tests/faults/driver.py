"""A clock in a hurry, and somebody who asks, for a desk with engines of its own.

Does over and over what the clock does, unless told to "rest", until told to "go on". At "ask" it
starts a run and tells its id. Like the clock it goes on when database or broker are gone.
"""

import os
import select
import sys
import time
from datetime import timedelta

import django
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, connection
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

GONE = (DatabaseError, InterfaceError, RedisError, KombuError, OSError)
CLAIM = "The ferry between Port Vessany and Orrel has been closed since 4 March."
EVERY = 0.5


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    django.setup()
    from claims import jobs  # noqa: PLC0415 - models need the setup
    from claims.coverage import archive  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    archive.refresh()
    # Pages of the sample take well under a second, so a worker is missed after three.
    jobs.LOST_AFTER = timedelta(seconds=3)
    _tell("ready")
    ticking = True
    while True:
        told, _, _ = select.select([sys.stdin], [], [], EVERY)
        word = sys.stdin.readline().strip() if told else ""
        if told and not word:
            return
        ticking = word != "rest" and (ticking or word == "go on")
        try:
            if word == "ask":
                _ask()
            if ticking:
                _tick()
        except GONE:
            connection.close()
            time.sleep(EVERY)


def _ask() -> None:
    from claims.coverage import gather  # noqa: PLC0415
    from tests import factories  # noqa: PLC0415

    run, _ = gather.ask(factories.claim(CLAIM), by=factories.contributor())
    _tell(str(run.pk))


def _tick() -> None:
    from claims import jobs, tasks  # noqa: PLC0415

    jobs.sweep()
    tasks.settle()


def _tell(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
