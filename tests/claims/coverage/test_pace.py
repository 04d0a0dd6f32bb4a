"""Whoever keeps failing is left alone for a while, and every page that costs is told."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from django.core.cache import cache
from django.utils import timezone

from claims import manners
from claims.coverage import ending, gather, pace, places
from claims.coverage.answers import Answer, Hit
from claims.coverage.places import Place
from claims.jobs import Again, GaveUp, Later
from claims.models import CoverageRun, Job, Tally
from claims.web import client
from tests import factories as make
from tests.claims.coverage.test_gather import work_off
from tests.claims.web.loopback import Loopback, Request, page

pytestmark = pytest.mark.django_db

PAGES = 8
DOWN = page(b"", status="503 Out")
STORY = (
    "<html lang='en'><title>Ferry {0}</title><article><p>The ferry of Brindle Quay is closed until"
    " further notice, said harbour master number {0} on Monday.</p></article>"
)


class Web:
    """One host that is out of order until it is mended, and one that never was."""

    def __init__(self) -> None:
        self.down = True
        self.asked: list[str] = []

    def answer(self, request: Request) -> bytes:
        host = request.headers["host"].partition(":")[0]
        if request.path == "/robots.txt":
            return page(b"", status="404 Not")
        self.asked.append(host)
        if self.down and host == "down.example":
            return DOWN
        return page(STORY.format(request.path.strip("/")).encode())


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    web = Web()
    monkeypatch.setattr(manners, "PAUSE", 0)
    with Loopback(otherwise=web.answer) as here:
        inside = here.policy("down.example", "up.example")
        monkeypatch.setattr(client, "fetch", partial(client.fetch, policy=inside))
        yield web


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> CoverageRun:
    hits = [Hit(f"http://down.example/{number}") for number in range(PAGES)]
    known = {"list": Place("list", "List", lambda _: Answer((*hits, Hit("http://up.example/9"))))}
    real = places.known
    monkeypatch.setattr(places, "known", lambda: {**real(), **known})
    claim = make.claim("The ferry of Brindle Quay is closed.")
    return gather.ask(claim, by=make.contributor(), providers=["list"])[0]


def test_a_host_that_keeps_failing_is_not_asked_again_in_that_run(
    web: Web, run: CoverageRun
) -> None:
    work_off()
    run.refresh_from_db()
    assert web.asked.count("down.example") == pace.FAILURES
    assert "up.example" in web.asked
    assert run.status == CoverageRun.Status.PARTIAL
    lost = list(run.problems.filter(provider="list"))
    assert len(lost) == PAGES
    skipped = [problem for problem in lost if problem.code == "host_down"]
    assert len(skipped) >= PAGES - pace.FAILURES
    assert all(one.message.startswith("http://down.example/") for one in skipped)
    assert "down.example failed 5 times in a row" in skipped[0].message


def test_doing_again_what_failed_asks_the_host_anew(web: Web, run: CoverageRun) -> None:
    work_off()
    web.down = False
    gather.retry(CoverageRun.objects.get(pk=run.pk), by=make.contributor())
    work_off()
    run.refresh_from_db()
    assert run.status == CoverageRun.Status.SUCCEEDED, list(run.problems.all())
    assert run.items.count() == PAGES + 1
    assert not run.problems.exists()


def test_an_answer_in_between_begins_the_count_anew(run: CoverageRun) -> None:
    def fails(error: Exception | None = None) -> None:
        with pace.answering(run, "https://paper.example/a"):
            if error is not None:
                raise error

    for _ in range(3):
        for _ in range(pace.FAILURES - 1):
            with pytest.raises(Again):
                fails(Again("timeout", "It was too slow."))
        fails()
    for _ in range(pace.FAILURES - 1):
        with pytest.raises(Again):
            fails(Again("timeout", "It was too slow."))
    with pytest.raises(GaveUp, match="404"):
        fails(GaveUp("http_404", "The site answered 404."))
    fails()


@pytest.mark.parametrize(
    "error",
    [
        Again("dns", "Names cannot be looked up."),
        Again("storage", "The disk is full."),
        Later("host_busy", "It is being asked already.", after=1),
    ],
)
def test_what_is_no_fault_of_the_host_is_not_held_against_it(
    run: CoverageRun, error: Exception
) -> None:
    for _ in range(pace.FAILURES + 2):
        with pytest.raises(type(error)), pace.answering(run, "https://paper.example/a"):
            raise error


def test_another_run_asks_a_host_that_failed_in_the_first(run: CoverageRun) -> None:
    for _ in range(pace.FAILURES):
        with pytest.raises(Again), pace.answering(run, "https://paper.example/a"):
            raise Again("unreachable", "It did not answer.")
    with pytest.raises(GaveUp), pace.answering(run, "https://paper.example/b"):
        pass
    Job.objects.all().delete()
    ending.settle_all()
    other, _ = gather.ask(make.claim(), by=make.contributor(), providers=["list"])
    with pace.answering(other, "https://paper.example/b"):
        pass


def test_an_emptied_cache_makes_nobody_forget_who_keeps_failing(run: CoverageRun) -> None:
    for _ in range(pace.FAILURES):
        cache.clear()
        with pytest.raises(Again), pace.answering(run, "https://paper.example/a"):
            raise Again("unreachable", "It did not answer.")
    with (
        pytest.raises(GaveUp, match="5 times in a row"),
        pace.answering(run, "https://paper.example/b"),
    ):
        pass


def test_a_budget_of_the_day_is_not_spent_twice_after_the_cache_was_emptied() -> None:
    for _ in range(3):
        pace.spend("costly", budget=3)
        cache.clear()
    with pytest.raises(GaveUp) as told:
        pace.spend("costly", budget=3)
    assert told.value.code == "budget"
    pace.spend("another", budget=3)
    Tally.objects.filter(key="budget:costly").update(until=timezone.now())
    pace.spend("costly", budget=3)


def test_a_budget_of_nothing_is_no_budget() -> None:
    with pytest.raises(GaveUp):
        pace.spend("costly", budget=0)


def test_who_failed_five_times_rests_for_five_minutes_and_no_longer() -> None:
    def fails() -> None:
        with pytest.raises(Again), pace.minded("flaky"):
            raise Again("unavailable", "It is down.")

    for _ in range(pace.FAILURES):
        fails()
    with pytest.raises(GaveUp) as told, pace.minded("flaky"):
        pass
    assert told.value.code == "resting"
    rest = Tally.objects.get(key="failures:flaky")
    assert rest.until - timezone.now() < timedelta(seconds=pace.REST)
    Tally.objects.update(until=timezone.now())
    fails()
    assert Tally.objects.get(key="failures:flaky").count == 1


def test_what_was_counted_to_its_end_is_forgotten() -> None:
    pace.spend("costly", budget=3)
    pace.spend("another", budget=3)
    Tally.objects.filter(key="budget:costly").update(until=timezone.now())
    assert pace.forget() == 1
    assert Tally.objects.get().key == "budget:another"
