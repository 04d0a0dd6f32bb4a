"""Throw-away Postgres and Valkey for the tests; loaded by ``-p``, before settings are read."""

import atexit
import os
import secrets
import sys

from factcheck import home as homes
from factcheck.engines import EngineError, Engines
from factcheck.environment import SAMPLE_ARCHIVE

# What the person at the keyboard has set for a desk of theirs says nothing about the tests.
_OURS = {
    "SITE_URL": "http://testserver",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "DESK_NAME": "Test desk",
    "DEBUG": "0",
    "HOST": "127.0.0.1",
    "DATABASE_POOL": "0",
    "COVERAGE_PROVIDERS": "archive",
    "COVERAGE_FILE": "",
    "ARCHIVE_DIR": str(SAMPLE_ARCHIVE),
}
_MARK = "FACTCHECK_TEST_RUN"


def _start() -> None:
    """Start both, once; workers of a parallel run inherit the addresses."""
    if os.environ.get(_MARK):
        os.environ["REDIS_URL"] = _own_part(os.environ["REDIS_URL"])
        return
    home = homes.throw_away()
    os.environ |= {
        **_OURS,
        "FACTCHECK_HOME": str(home.path),
        "SECRET_KEY": secrets.token_urlsafe(50),
        _MARK: secrets.token_hex(4),
    }
    engines = Engines(home)
    atexit.register(home.release)
    atexit.register(engines.stop)
    try:
        os.environ |= engines.start().as_environment()
    except EngineError as error:
        sys.exit(str(error))


def _own_part(redis_url: str) -> str:
    """Two databases of the one Valkey for each worker: its broker and its cache."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    number = int(worker.removeprefix("gw") or 0)
    return f"{redis_url.partition('?')[0]}?db={2 * (number % 8)}"


_start()
