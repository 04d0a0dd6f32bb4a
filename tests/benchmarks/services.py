"""Throw-away Postgres and Valkey that keep what they commit: speed bought with fsync off lies."""

import atexit
import os
import secrets
import sys
from dataclasses import replace

from factcheck import home as homes
from factcheck.engines import EngineError, Engines


def start() -> None:
    """Start both as a desk has them, and take everything away at the end."""
    home = homes.throw_away()
    os.environ |= {
        "SITE_URL": "http://testserver",
        "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
        "DEBUG": "0",
        "DATABASE_POOL": "0",
        "COVERAGE_PROVIDERS": "archive",
        "COVERAGE_FILE": "",
        "FACTCHECK_HOME": str(home.path),
        "SECRET_KEY": secrets.token_urlsafe(50),
    }
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    # Only the folder is thrown away; the engines in it are set up for good.
    engines = Engines(replace(home, throw_away=False))
    atexit.register(home.release)
    atexit.register(engines.stop)
    try:
        os.environ |= engines.start().as_environment()
    except EngineError as error:
        sys.exit(str(error))
