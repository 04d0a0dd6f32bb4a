"""What every test may ask for: the database as the application sees it, made by its owner."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoDbBlocker

from factcheck.database import grant


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker, worker_id: str
) -> Iterator[None]:
    """Make the test database as the owner, grant the application its rights, run tests as it."""
    suffix = "" if worker_id == "master" else f"_{worker_id}"
    name = f"test_desk{suffix}"
    with django_db_blocker.unblock():
        owner = connections["owner"]
        owner.settings_dict["NAME"] = "desk"
        with owner.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
            cursor.execute(f"CREATE DATABASE {name}")
        owner.close()
        for alias in ("owner", "default"):
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name
        call_command("migrate", database="owner", verbosity=0)
        grant()
        owner.close()
    yield
    with django_db_blocker.unblock():
        for connection in connections.all():
            connection.close()


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """Which worker of a parallel run this is; ``master`` when there is only one."""
    workerinput = getattr(request.config, "workerinput", None)
    return workerinput["workerid"] if workerinput else "master"
