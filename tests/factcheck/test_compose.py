"""docker-compose.yml and ./desk start the same processes in the same way."""

import re
from typing import Any

import pytest
import yaml

from factcheck import processes
from factcheck.environment import BASE_DIR

COMPOSE = BASE_DIR / "docker-compose.yml"


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return dict(yaml.safe_load(COMPOSE.read_text())["services"])


def test_both_start_the_same_processes(services: dict[str, Any]) -> None:
    assert set(services) == {*processes.STOP_ORDER, "prepare"}


@pytest.mark.parametrize("name", processes.OURS)
def test_both_start_them_with_the_same_command(services: dict[str, Any], name: str) -> None:
    ours = processes.commands(host="0.0.0.0", port=8000)[name]
    assert services[name]["command"] == ["python", "-m", *ours]
    told = services[name]["environment"]
    for variable, value in processes.environment(name).items():
        assert told[variable] == value


def test_every_process_that_stays_is_asked_how_it_is(services: dict[str, Any]) -> None:
    assert all("healthcheck" in services[name] for name in processes.STOP_ORDER)


def test_only_migrations_run_as_the_owner(services: dict[str, Any]) -> None:
    owners = [
        name
        for name, service in services.items()
        if "DATABASE_OWNER_URL" in service.get("environment", {})
    ]
    assert owners == ["prepare"]


def test_what_must_stay_lies_on_volumes(services: dict[str, Any]) -> None:
    for name in ("web", "worker", "prepare", "postgres", "valkey"):
        assert services[name]["volumes"]


def test_the_file_holds_no_secret() -> None:
    for line in COMPOSE.read_text().splitlines():
        said = line.partition("#")[0]
        for value in re.findall(r"^ *\w*(?:PASSWORD|SECRET)\w*: *(.+)", said):
            assert value.startswith("${")
        for password in re.findall(r"://\w+:([^@]+)@", said):
            assert password.startswith("${")
