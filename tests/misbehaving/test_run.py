"""A run over a web where nearly everybody misbehaves ends in time, and says what happened."""

import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings

from claims import jobs, tasks
from claims.coverage import gather, work
from claims.models import Article, CoverageRun, Job
from factcheck import children
from tests import factories as make
from tests.conftest import url_of
from tests.misbehaving import providers
from tests.misbehaving.hosts import HOSTS, TWINS, ZONE, Host
from tests.misbehaving.pages import CLAIM
from tests.misbehaving.web import HANDED, Visit, Web

pytestmark = pytest.mark.slow

SLOTS = 8
LATEST = 90
SWEEP_EVERY = 5
PAUSE = 0.9
RETRIES_UNTIL = 20
GONE = f"gone.{ZONE}"
LISTED = (
    *(host.url for host in (*HOSTS, *TWINS)),
    f"http://{GONE}/",
    f"https://plain-on-tls.{ZONE}/",
    f"https://another-name.{ZONE}/",
)


@dataclass(frozen=True, slots=True)
class Ran:
    """The run when it was over, and everything that was asked meanwhile."""

    run: CoverageRun
    began: float
    seconds: float
    visits: list[Visit]

    def came_late(self, host: str) -> bool:
        """Whether the machine was so busy that the host was first asked when retries were over."""
        asked = [visit for visit in self.visits if visit.host == host]
        first = min(visit.ended for visit in asked if visit.path != "/robots.txt")
        return first - self.began > RETRIES_UNTIL

    def job(self, url: str) -> Job:
        return self.run.jobs.get(kind=work.FETCH, args__url=url)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    services = providers.services(LISTED)
    with Web(
        tmp_path,
        on_http={host.host: host for host in (*HOSTS, *TWINS)},
        on_https={service.host: service for service in services},
        gone=[GONE],
        nameless=[f"another-name.{ZONE}"],
    ) as serving:
        yield serving


@pytest.fixture
def ran(
    web: Web, fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Ran]:
    """A claim is looked for by all providers, with a worker process and a clock."""
    told = tmp_path / "coverage.toml"
    told.write_text(_toml())
    child = children.start(
        children.Plan(
            name="worker",
            command=[sys.executable, *"-m celery -A tests.misbehaving.worker worker".split(),
                     *f"-c {SLOTS} -l info --without-gossip --without-mingle".split()],
            env={
                **os.environ,
                "DATABASE_URL": url_of(fresh_database),
                "DATABASE_OWNER_URL": "",
                "COVERAGE_FILE": str(told),
                HANDED: json.dumps(web.permission),
            },
            log=tmp_path / "worker.log",
            home=settings.HOME,
            cwd=settings.BASE_DIR,
        )
    )  # fmt: skip
    try:
        monkeypatch.setattr(settings, "COVERAGE", {**settings.COVERAGE, **providers.told()})
        names = [service.provider for service in providers.services(LISTED)]
        began = time.monotonic()
        run, _ = gather.ask(
            make.claim(CLAIM), by=make.contributor(), providers=names, queries=[CLAIM]
        )
        seconds = _until_over(run, began)
        yield Ran(CoverageRun.objects.get(pk=run.pk), began, seconds, web.visits)
    finally:
        child.stop(grace=5)


def test_a_run_over_a_web_that_misbehaves_ends_and_says_what_happened(ran: Ran) -> None:
    assert len({visit.host for visit in ran.visits}) > 60
    assert ran.run.status == CoverageRun.Status.PARTIAL
    assert not ran.run.jobs.filter(state__in=Job.OPEN).exists()
    _every_page_ended_with_its_cause(ran)
    _every_provider_said_what_it_lacked(ran)
    _twins_are_one_article()
    _nobody_was_pressed(ran.visits)
    sys.stderr.write(f"\n{len(LISTED)} pages of a misbehaving web in {ran.seconds:.0f} s\n")


def _every_page_ended_with_its_cause(ran: Ran) -> None:
    wrong = [wrong for host in HOSTS if (wrong := _wrong(host, ran))]
    for url, code in [
        (f"http://{GONE}/", "unreachable"),
        (f"https://plain-on-tls.{ZONE}/", "address_refused"),
        (f"https://another-name.{ZONE}/", "tls"),
    ]:
        if ran.job(url).code != code:
            wrong.append(f"{url}: {ran.job(url).code}, not {code}")
    assert not wrong, "\n".join(wrong)
    failed = ran.run.jobs.filter(state=Job.State.FAILED)
    assert ran.run.problems.filter(job__in=failed).count() == failed.count()
    assert all(problem.message for problem in ran.run.problems.all())


def _wrong(host: Host, ran: Ran) -> str:
    """What is not as it should be with the page of *host*; empty where all is."""
    job = ran.job(host.url)
    if host.attempts > 1 and ran.came_late(host.host):
        return ""
    if host.ends != job.code or bool(host.ends) != (job.state == Job.State.FAILED):
        return f"{host.name}: {job.state} {job.code or 'kept'}, not {host.ends or 'kept'}"
    if job.attempts < host.attempts:
        return f"{host.name}: tried {job.attempts} times"
    if not host.ends:
        article = job.article
        if article is None or host.left:
            return "" if host.left and article is None else f"{host.name}: kept {article}"
        if host.label and host.label not in article.signals["oddities"]:
            return f"{host.name}: {article.signals['oddities']}, not {host.label}"
    return ""


def _every_provider_said_what_it_lacked(ran: Ran) -> None:
    for service in providers.services(LISTED):
        told = ran.run.problems.filter(provider=service.provider).values_list("code", flat=True)
        assert service.codes <= set(told), (service.provider, set(told))


def _twins_are_one_article() -> None:
    assert Article.objects.filter(title__contains="The Twins").count() == 1


def _nobody_was_pressed(visits: list[Visit]) -> None:
    """One connection to a host at a time, and a pause after each."""
    by_host: dict[str, list[Visit]] = defaultdict(list)
    for visit in sorted(visits, key=lambda visit: visit.began):
        by_host[visit.host].append(visit)
    pressed = [
        (host, before.path, after.path, round(after.began - before.ended, 2))
        for host, of in by_host.items()
        for before, after in pairwise(of)
        if after.began - before.ended < PAUSE
    ]
    assert pressed == []


def _until_over(run: CoverageRun, began: float) -> float:
    """Wait for the end, and meanwhile do what the clock does."""
    swept = began
    while CoverageRun.objects.get(pk=run.pk).status in CoverageRun.GOING:
        if time.monotonic() - began > LATEST:
            left = run.jobs.filter(state__in=Job.OPEN)
            pytest.fail(f"not over: {[(job.args, job.attempts, job.cause) for job in left]}")
        if time.monotonic() - swept > SWEEP_EVERY:
            jobs.sweep()
            tasks.settle()
            swept = time.monotonic()
        time.sleep(0.2)
    return time.monotonic() - began


def _toml() -> str:
    """The file of providers as a desk would write it."""
    lines = []
    for name, of in providers.told().items():
        lines.append(f"[{name}]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in of.items()]
    return "\n".join(lines)
