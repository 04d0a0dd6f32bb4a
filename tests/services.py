"""Throw-away Postgres and Valkey for the tests; loaded by ``-p``, before settings are read."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from factcheck.engines import Postgres, Valkey, sweep_sockets

_STARTED: list[Postgres | Valkey] = []


def _start() -> None:
    """Start both, once; workers of a parallel run inherit the addresses."""
    if os.environ.get("DATABASE_URL"):
        return
    sweep_sockets()
    home = Path(tempfile.mkdtemp(prefix="desk-test-"))
    home.chmod(0o711)
    os.environ["FACTCHECK_HOME"] = str(home)
    postgres, valkey = Postgres(home, fast=True), Valkey(home, fast=True)
    _STARTED.append(postgres)
    urls = postgres.start()
    os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"] = urls.application, urls.owner
    _STARTED.append(valkey)
    os.environ["REDIS_URL"] = valkey.start()
    atexit.register(_stop, home)


def _stop(home: Path) -> None:
    while _STARTED:
        _STARTED.pop().stop()
    shutil.rmtree(home, ignore_errors=True)


_start()
