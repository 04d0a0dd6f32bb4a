"""What every test may ask for: the database as the application sees it, made by its owner."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql
from pytest_django import DjangoDbBlocker

from factcheck import children

RUN = os.environ["FACTCHECK_TEST_RUN"]
TEMPLATE = f"test_{RUN}_template"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
TEMPLATE_LOCK = 0x7465_6D70
WORKER_SECONDS = 30


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A database of this process, cloned from one that the owner migrated and granted.

    The tests then run as the application, so that what the database refuses is refused for real.
    """
    with django_db_blocker.unblock():
        _make_template()
        name = f"test_{RUN}_{WORKER}"
        with _cloned(name), _using(name):
            yield


@pytest.fixture
def fresh_database(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, request: pytest.FixtureRequest
) -> Iterator[str]:
    """A database of this test alone, for what needs real commits: races, workers, faults.

    Append-only triggers refuse the flush of ``django_db(transaction=True)``; a clone is dropped
    instead. Ask for this fixture *instead of* the ``django_db`` mark.
    """
    if request.node.get_closest_marker("django_db"):
        pytest.fail("fresh_database stands in for the django_db mark; use one of the two.")
    name = f"test_{RUN}_{WORKER}_fresh"
    _forget_messages()
    with django_db_blocker.unblock(), _cloned(name), _using(name):
        yield name


@pytest.fixture
def real_worker(fresh_database: str, tmp_path: Path) -> Iterator[children.Child]:
    """A Celery worker process on the test's own database; no eager mode.

    Its log is ``tmp_path / "worker.log"``. It is ready when the fixture is.
    """
    log = tmp_path / "worker.log"
    child = children.start(
        children.Plan(
            name="worker",
            command=[sys.executable, *"-m celery -A factcheck.celery worker -c 2 -l info".split(),
                     "--without-gossip", "--without-mingle"],
            env={**os.environ, "DATABASE_URL": url_of(fresh_database), "DATABASE_OWNER_URL": ""},
            log=log,
            home=settings.HOME,
            cwd=settings.BASE_DIR,
        )
    )  # fmt: skip
    try:
        _until(lambda: " ready." in log.read_text(), child)
        yield child
    finally:
        child.stop(grace=5)


def _forget_messages() -> None:
    """Empty broker and cache: what they hold is about rows of a database that is gone."""
    for url in (settings.REDIS_URL, settings.CACHES["default"]["LOCATION"]):
        client = redis.Redis.from_url(url)
        client.flushdb()
        client.close()


def url_of(database: str) -> str:
    """The application's address of another database on the same server."""
    return os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{database}"


def _until(happened: Callable[[], bool], child: children.Child) -> None:
    deadline = time.monotonic() + WORKER_SECONDS
    while not happened():
        if not child.alive or time.monotonic() > deadline:
            pytest.fail(f"The worker did not start:\n{child.last_words(lines=20)}")
        time.sleep(0.05)


def _owner() -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True)


def _make_template() -> None:
    """Migrate once for all processes of the run: the first one does it, the others wait."""
    with _owner() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        made = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE])
        if made.fetchone() is None:
            draft = f"{TEMPLATE}_draft"
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
            with _using(draft):
                call_command("migrate", verbosity=0)
            server.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(draft), sql.Identifier(TEMPLATE)
                )
            )


@contextmanager
def _cloned(name: str) -> Iterator[None]:
    clone = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(TEMPLATE)
    )
    _drop(name)
    with _owner() as server:
        server.execute(clone)
    try:
        yield
    finally:
        _drop(name)


def _drop(name: str) -> None:
    """Drop a database; sessions of workers that were just killed may take a moment to end."""
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    end = time.monotonic() + WORKER_SECONDS
    with _owner() as server:
        while True:
            try:
                server.execute(drop)
            except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)
            else:
                return


@contextmanager
def _using(name: str) -> Iterator[None]:
    """Both aliases on one database; threads that connect meanwhile get it, too."""
    before = {alias: settings.DATABASES[alias]["NAME"] for alias in connections}
    try:
        _point(dict.fromkeys(before, name))
        yield
    finally:
        _point(before)


def _point(names: dict[str, str]) -> None:
    for alias, name in names.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
