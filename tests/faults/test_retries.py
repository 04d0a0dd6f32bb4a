"""A provider that cannot be reached makes a run partial, in time, with a worker and a clock."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from claims import jobs, tasks
from claims.coverage import gather
from claims.coverage.providers.base import Answer, Get, ProviderError, Query
from claims.models import CoverageRun
from factcheck import children
from tests import factories as make
from tests.conftest import url_of

LATEST = 45
DEAD = "tests.faults.test_retries:Dead"


class Dead:
    """A provider whose host never answers in time."""

    name, label, pace, pages, missing = "dead", "Dead", 0.0, 1, ""

    def search(self, query: Query, *, get: Get, cursor: str = "") -> Answer:
        del query, get, cursor
        time.sleep(2)
        raise ProviderError("timeout", "No answer came in time.", retry=True)


@pytest.fixture
def worker_with_a_dead_provider(fresh_database: str, tmp_path: Path) -> Iterator[None]:
    told = tmp_path / "coverage.toml"
    told.write_text(f'["{DEAD}"]\n')
    child = children.start(
        children.Plan(
            name="worker",
            command=[sys.executable, *"-m celery -A factcheck.celery worker -c 2".split()],
            env={
                **os.environ,
                "DATABASE_URL": url_of(fresh_database),
                "DATABASE_OWNER_URL": "",
                "COVERAGE_FILE": str(told),
            },
            log=tmp_path / "worker.log",
            home=settings.HOME,
            cwd=settings.BASE_DIR,
        )
    )
    yield
    child.stop(grace=5)


def test_retries_of_a_run_end_within_45_seconds(
    worker_with_a_dead_provider: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "COVERAGE", {**settings.COVERAGE, DEAD: {}})
    start = time.monotonic()
    run, _ = gather.ask(make.claim(), by=make.contributor(), providers=["archive", "dead"])
    swept = start
    while CoverageRun.objects.get(pk=run.pk).status in CoverageRun.GOING:
        assert time.monotonic() - start < LATEST
        if time.monotonic() - swept > 15:  # as the clock does
            jobs.sweep()
            tasks.settle()
            swept = time.monotonic()
        time.sleep(0.2)
    run.refresh_from_db()
    assert run.status == CoverageRun.Status.PARTIAL
    [problem] = run.problems.all()
    assert (problem.provider, problem.code) == ("dead", "timeout")
    assert run.jobs.get(args__provider="dead").attempts > 1
