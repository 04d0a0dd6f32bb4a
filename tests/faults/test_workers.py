"""Workers die, messages are lost or come three times: the run ends as if nothing had been."""

import hashlib
import os
import resource
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection

from claims import jobs, tasks
from claims.coverage import archive, counts, gather, work
from claims.extraction import read
from claims.intake.articles import hand_in
from claims.jobs import sweeping
from claims.models import Article, Capture, Claim, CoverageItem, CoverageRun, Job
from factcheck import children
from tests import factories as make
from tests.conftest import url_of

CLAIM = "The ferry between Port Vessany and Orrel has been closed since 4 March."
STORY = 15
PATIENCE = 60


@pytest.fixture(autouse=True)
def quick_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of the sample take well under a second, so a worker is missed after three."""
    monkeypatch.setattr(sweeping, "LOST_AFTER", timedelta(seconds=3))


@pytest.fixture
def indexed(fresh_database: str) -> None:
    archive.refresh()


@pytest.fixture
def another_worker(fresh_database: str, tmp_path: Path) -> Iterator[Callable[[], children.Child]]:
    """Starts a worker as ``real_worker`` does, when the test wants it.

    The database lets go of it sooner when it sleeps in a transaction than it would otherwise.
    """
    url = f"{url_of(fresh_database)}?options=-c%20idle_in_transaction_session_timeout%3D4s"
    started: list[children.Child] = []

    def start() -> children.Child:
        started.append(
            children.start(
                children.Plan(
                    name="worker",
                    command=[sys.executable, *"-m celery -A factcheck.celery worker -c 2".split()],
                    env={**os.environ, "DATABASE_URL": url, "DATABASE_OWNER_URL": ""},
                    log=tmp_path / "another.log",
                    home=settings.HOME,
                    cwd=settings.BASE_DIR,
                )
            )
        )
        return started[-1]

    yield start
    for child in started:
        child.stop(grace=5)


def until(happened: Callable[[], Any], *, what: str) -> None:
    """Wait, and meanwhile do what the clock does."""
    end = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > end:
            unfinished = Job.objects.exclude(state="succeeded")
            left = list(unfinished.values_list("kind", "state", "attempts", "cause"))
            pytest.fail(f"{what} did not happen; left: {left}")
        jobs.sweep()
        tasks.settle()
        time.sleep(0.2)


def ask() -> CoverageRun:
    return gather.ask(make.claim(CLAIM), by=make.contributor())[0]


def fetched() -> int:
    return Job.objects.filter(kind=work.FETCH, state=Job.State.SUCCEEDED).count()


def over(run: CoverageRun) -> Callable[[], bool]:
    def ended() -> bool:
        run.refresh_from_db()
        return run.status not in CoverageRun.GOING

    return ended


def check(run: CoverageRun) -> None:
    """As an undisturbed run ends: every page of the story once, and the origins counted."""
    assert run.status == CoverageRun.Status.SUCCEEDED, list(run.problems.all())
    assert CoverageItem.objects.count() == Article.objects.count() == STORY
    assert counts.found(run).articles == STORY
    assert not Job.objects.filter(state__in=Job.OPEN).exists()
    assert Claim.objects.get().sources["articles"] == STORY


def test_an_undisturbed_run_ends(indexed: None, real_worker: children.Child) -> None:
    run = ask()
    until(over(run), what="the end of the run")
    check(run)


def test_an_article_is_read_by_a_real_worker(real_worker: children.Child) -> None:
    article, _ = hand_in(by=make.contributor(), text=make.SEED_ARTICLE.read_text())
    until(lambda: Article.objects.get().status == "ready", what="the reading")
    assert article.candidates.filter(status="open").count() >= 9
    assert article.jobs.get(kind=read.READ).attempts == 1


def test_all_workers_killed_in_the_middle_cost_time_and_nothing_else(
    indexed: None, real_worker: children.Child, another_worker: Callable[[], children.Child]
) -> None:
    run = ask()
    until(lambda: fetched() >= 3, what="the first pages")
    real_worker.finish()
    another_worker()
    until(over(run), what="the end of the run")
    check(run)


def test_a_killed_child_costs_its_page_a_second_attempt(
    indexed: None, real_worker: children.Child
) -> None:
    run = ask()
    until(lambda: fetched() >= 2, what="the first pages")
    os.kill(child_of(real_worker.pid), signal.SIGKILL)
    until(over(run), what="the end of the run")
    check(run)


def test_a_worker_that_was_stopped_for_too_long_writes_nothing_late(
    indexed: None, another_worker: Callable[[], children.Child]
) -> None:
    stopped = another_worker()
    run = ask()
    until(lambda: fetched() >= 2, what="the first pages")
    os.killpg(stopped.pid, signal.SIGSTOP)
    another_worker()
    until(over(run), what="the end of the run")
    os.killpg(stopped.pid, signal.SIGCONT)
    time.sleep(3)
    check(run)


def test_lost_messages_are_sent_again(indexed: None, real_worker: children.Child) -> None:
    run = ask()
    until(lambda: Job.objects.filter(kind=work.FETCH).exists(), what="the answer")
    current_app.control.purge()
    until(over(run), what="the end of the run")
    check(run)


def test_every_message_three_times_is_every_effect_once(
    indexed: None, real_worker: children.Child
) -> None:
    run = ask()
    told: set[str] = set()

    def told_again() -> bool:
        for job in Job.objects.exclude(key__in=told):
            told.add(job.key)
            for _ in range(2):
                current_app.send_task(f"job:{job.kind}", args=[str(job.pk)])
        return over(run)()

    until(told_again, what="the end of the run")
    check(run)
    assert set(Job.objects.values_list("attempts", flat=True)) == {1}


def child_of(pid: int) -> int:
    """One of the processes that a worker has forked for its tasks."""
    said = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(said[-1])


def test_a_database_that_drops_everybody_costs_time_and_nothing_else(
    indexed: None, real_worker: children.Child
) -> None:
    run = ask()
    until(lambda: fetched() >= 2, what="the first pages")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user"
            " AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] > 0
    until(over(run), what="the end of the run")
    check(run)


def test_a_broker_that_drops_everybody_costs_time_and_nothing_else(
    indexed: None, real_worker: children.Child
) -> None:
    run = ask()
    until(lambda: fetched() >= 2, what="the first pages")
    with current_app.connection_for_write() as link:
        channel: Any = link.default_channel
        channel.client.client_kill_filter(_type="normal", skipme=True)
    current_app.control.purge()
    until(over(run), what="the end of the run")
    check(run)


def test_a_full_disk_costs_time_and_leaves_no_half_capture(
    indexed: None, another_worker: Callable[[], children.Child]
) -> None:
    # Bytes that are there already, from another test, need no room.
    shutil.rmtree(Path(settings.MEDIA_ROOT) / "captures", ignore_errors=True)
    worker = another_worker()
    jobs.ping(settings.QUEUES)
    until(lambda: not jobs.liveness(settings.QUEUES).silent, what="a worker that works")
    room_for_files(worker, of=100)
    run = ask()
    until(lambda: Job.objects.filter(code="storage").exists(), what="a page without room")
    told = Job.objects.filter(code="storage").values_list("cause", flat=True)
    assert all("could not be stored" in cause for cause in told)
    room_for_files(worker, of=resource.RLIM_INFINITY)
    until(over(run), what="the end of the run")
    check(run)
    store = Path(settings.MEDIA_ROOT)
    assert not list(store.rglob(".*"))
    for capture in Capture.objects.all():
        content = (store / capture.storage_key).read_bytes()
        assert hashlib.sha256(content).hexdigest() == capture.sha256


def room_for_files(worker: children.Child, *, of: int) -> None:
    """How many bytes any file of a worker may have, from now on: as good as a full disk."""
    own = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()
    for pid in (worker.pid, *map(int, own)):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (of, resource.RLIM_INFINITY))
