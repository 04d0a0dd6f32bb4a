"""Readiness is proved by work done, not by a process being there."""

import time
from datetime import timedelta

import pytest
from celery import current_app
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from claims.jobs import telling
from claims.models import Job
from factcheck import health
from factcheck.celery import CLOCK_TICKED
from factcheck.children import Child


def test_a_process_that_answers_is_alive_whatever_else_is_wrong(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_without_a_worker_and_a_clock_the_desk_is_not_ready(
    client: Client, fresh_database: str
) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert answer.json() == {
        "database": "ok",
        "broker": "ok",
        "worker": "no work done",
        "beat": "not ticking",
        "migrations": "ok",
    }


@pytest.mark.slow
def test_a_worker_that_works_and_a_clock_that_ticks_make_it_ready(
    client: Client, fresh_database: str, real_worker: Child
) -> None:
    cache.set(CLOCK_TICKED, timezone.now().timestamp(), 60)
    answer = client.get("/readyz")  # asks for a sign of life where there is none
    deadline = time.monotonic() + 20
    while answer.status_code != 200 and time.monotonic() < deadline:
        time.sleep(0.1)
        answer = client.get("/readyz")
    assert set(answer.json().values()) == {"ok"}


@pytest.mark.parametrize(("silent_for", "said"), [(5, "ok"), (60, "no work done")])
def test_a_worker_in_the_middle_of_a_long_job_is_at_work_while_its_heart_beats(
    client: Client, fresh_database: str, silent_for: int, said: str
) -> None:
    beat = timezone.now() - timedelta(seconds=silent_for)
    Job.objects.create(kind="long", key="long", state=Job.State.RUNNING, heartbeat_at=beat)

    assert client.get("/readyz").json()["worker"] == said


def test_a_clock_that_ticked_long_ago_has_stopped(client: Client, fresh_database: str) -> None:
    cache.set(CLOCK_TICKED, timezone.now().timestamp() - 60, 60)
    assert client.get("/readyz").json()["beat"] == "not ticking"


def test_many_askers_ask_the_worker_once(client: Client, fresh_database: str) -> None:
    for _ in range(3):
        client.get("/readyz")
    [queue] = current_app.conf.task_queues
    assert telling.messages_in(queue.name) == 1


def test_a_check_that_breaks_says_so_without_its_secrets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken() -> str:
        raise RuntimeError("redis://:password@host")

    monkeypatch.setitem(health.CHECKS, "broker", broken)
    assert health.outcome("broker") == "no answer"
