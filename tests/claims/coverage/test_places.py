"""Providers are asked politely and within limits; what they give is kept, every loss is said."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import Settings

from claims import manners, tasks
from claims.coverage import counts, gather, pace, places, work
from claims.coverage.providers import base
from claims.coverage.queries import Query
from claims.jobs import Again, GaveUp
from claims.models import CoverageItem, CoverageRun, Job
from claims.web import client
from tests import factories as make
from tests.claims.coverage.test_gather import work_off
from tests.claims.web.loopback import Loopback, page

pytestmark = pytest.mark.django_db

OWN = "tests.claims.coverage.test_places:Own"
STORY = b"""<html lang="en"><head><title>Bridge closed</title></head><body><article>
<h1>Bridge closed</h1><p>The harbour bridge at Brindle Quay was closed on Monday after an
inspection, the council of Brindle Quay said in a short note to everybody.</p></article></body>
</html>"""
OTHER = b"""<html lang="en"><head><title>Rain</title></head><body><article><h1>Rain</h1><p>It
rained for two days in the hills, and the orchestra played indoors for an audience of ten that
had come on foot and stayed until late.</p></article></body></html>"""


@dataclass(frozen=True, slots=True)
class Own:
    """A desk's own provider: asks a server what it knows, a page at a time."""

    url: str = ""
    name: str = "own"
    label: str = "Our own"
    pace: float = 0.0
    pages: int = 3

    @property
    def missing(self) -> str:
        return "" if self.url else "Say where it is."

    def search(self, query: base.Query, *, get: base.Get, cursor: str = "") -> base.Answer:
        address = base.link(self.url, q=query.words, page=cursor)
        data = base.ask_json(get, address, label=self.label)
        found = base.gather(data.get("results"), lambda entry: base.Hit(str(entry["url"])))
        return base.joined([found], str(data.get("next", "")))


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    """Two hosts on this machine; production's guard refuses all others."""
    with Loopback() as server:
        inside = server.policy("own.example", "paper.example")
        monkeypatch.setattr(client, "fetch", partial(client.fetch, policy=inside))
        yield server


@pytest.fixture
def own(settings: Settings) -> str:
    settings.COVERAGE = {"on": ("own",), OWN: {"url": "http://own.example/find"}}
    # What earlier tests were told by these hosts, and counted, is not this one's.
    desk = settings.CACHES["default"]
    settings.CACHES = {"default": {**desk, "KEY_PREFIX": uuid4().hex}}
    return "own"


def answer(*urls: str, after: str = "") -> bytes:
    listed = ",".join(f'{{"url": "{url}"}}' for url in urls)
    body = f'{{"results": [{listed}], "next": "{after}"}}'
    return page(body.encode(), content_type="application/json")


def run_of(text: str = "Brindle Quay closed its harbour bridge on Monday.") -> CoverageRun:
    run, _ = gather.ask(make.claim(text), by=make.contributor())
    work_off()
    run.refresh_from_db()
    return run


def test_a_provider_of_the_desks_own_is_asked_and_its_pages_are_captured(
    web: Loopback, own: str
) -> None:
    web.answers = {
        "/find": answer("http://paper.example/bridge"),
        "/bridge": page(STORY),
    }
    run = run_of()
    assert run.status == "succeeded", list(run.problems.all())
    article = CoverageItem.objects.get().article
    assert article.url == "http://paper.example/bridge"
    assert article.capture is not None
    assert (article.capture.via, article.capture.status) == ("web", 200)
    assert article.text.startswith("The harbour bridge")


def test_a_page_about_something_else_is_left(web: Loopback, own: str) -> None:
    web.answers = {
        "/find": answer("http://paper.example/bridge", "http://paper.example/rain"),
        "/bridge": page(STORY),
        "/rain": page(OTHER),
    }
    run = run_of()
    assert (run.status, run.hits) == ("succeeded", 2)
    assert counts.found(run) == counts.Found(hits=2, articles=1, new=1)


def test_a_page_that_is_gone_is_a_problem_of_its_own(web: Loopback, own: str) -> None:
    web.answers = {"/find": answer("http://paper.example/gone")}
    run = run_of()
    assert run.status == "partial"
    [problem] = run.problems.all()
    assert (problem.provider, problem.code) == ("own", "http_404")
    assert "http://paper.example/gone" in problem.message


def test_a_host_that_asks_machines_to_stay_away_is_left_alone(web: Loopback, own: str) -> None:
    web.answers = {
        "/find": answer("http://paper.example/bridge"),
        "/robots.txt": page(b"User-agent: *\nDisallow: /", content_type="text/plain"),
        "/bridge": page(STORY),
    }
    run = run_of()
    assert [problem.code for problem in run.problems.all()] == ["robots"]
    assert not [request for request in web.requests if request.path == "/bridge"]


def test_a_host_that_cannot_say_what_machines_may_read_is_asked_by_hand_only(
    web: Loopback, own: str
) -> None:
    web.answers = {
        "/find": answer("http://paper.example/bridge"),
        "/robots.txt": page(b"", status="500 Broken"),
        "/bridge": page(STORY),
    }
    run = run_of()
    assert [problem.code for problem in run.problems.all()] == ["robots"]
    again, _ = gather.ask(
        run.claim, by=make.contributor(), queries=["http://paper.example/bridge"]
    )
    work_off()
    assert counts.found(again).articles == 1


def test_a_busy_page_is_tried_again(web: Loopback, own: str) -> None:
    answers = iter([page(b"", status="503 Busy"), page(STORY)])
    web.answers = {
        "/find": answer("http://paper.example/bridge"),
        "/bridge": lambda _: next(answers),
    }
    run = run_of()
    assert run.status == "succeeded"
    assert Job.objects.get(kind=work.FETCH).attempts == 2


def test_a_page_token_that_never_ends_is_followed_no_further_than_allowed(
    web: Loopback, own: str
) -> None:
    count = iter(range(100))
    web.answers = {"/find": lambda _: answer(after=f"more-{next(count)}")}
    run = run_of()
    assert run.status == "succeeded"
    asked = [request for request in web.requests if request.path.startswith("/find")]
    assert len(asked) == 3 * len(run.queries)


def test_a_page_given_by_hand_is_fetched_whoever_else_is_asked(
    web: Loopback, settings: Settings, tmp_path: Any
) -> None:
    settings.ARCHIVE_DIR = tmp_path
    web.answers = {"/rain": page(OTHER)}
    claim = make.claim()
    run, _ = gather.ask(claim, by=make.contributor(), queries=["http://paper.example/rain"])
    work_off()
    run.refresh_from_db()
    assert run.providers == ["archive", "by_hand"]
    assert run.status == "succeeded"
    assert claim.coverage.get().provider == "by_hand"


def test_what_was_found_before_a_provider_failed_is_kept_and_the_failure_said(
    web: Loopback, own: str
) -> None:
    answers = iter([answer("http://paper.example/bridge"), page(b"", status="429 Slow down")])
    web.answers = {"/find": lambda _: next(answers), "/bridge": page(STORY)}
    run = run_of("Brindle Quay closed its old harbour bridge on Monday, the mayor wrote.")
    assert counts.found(run).articles == 1
    assert [problem.code for problem in run.problems.all()] == ["rate_limited"]


def test_a_budget_ends_the_questions_of_the_day() -> None:
    name = f"budget-{uuid4()}"
    pace.spend(name, budget=2)
    pace.spend(name, budget=2)
    with pytest.raises(GaveUp) as told:
        pace.spend(name, budget=2)
    assert told.value.code == "budget"
    pace.spend(name, budget=None)


def test_a_provider_that_cannot_be_made_says_so_and_stops_no_other(settings: Settings) -> None:
    settings.COVERAGE = {
        "on": ("archive", "nowhere:Nothing"),
        "nowhere:Nothing": {},
        "newsapi": {"key": "k", "unknown": 1},
    }
    known = places.known()
    assert "nowhere" in known["nowhere:Nothing"].missing
    assert "unknown" in known["newsapi"].missing
    ready = {place.name: place.configured for place in places.default(known)}
    assert ready == {"archive": True, "nowhere:Nothing": False}


def test_a_run_asks_what_the_query_says_and_nothing_else(web: Loopback, own: str) -> None:
    web.answers = {"/find": answer()}
    run = run_of()
    asked = {request.path for request in web.requests if request.path != "/robots.txt"}
    assert len(asked) == len(run.queries)
    assert all("Brindle" in path for path in asked)


def test_a_provider_cannot_take_the_name_of_another(settings: Settings) -> None:
    settings.COVERAGE = {"on": (), OWN: {"url": "http://own.example/", "name": "archive"}}
    known = places.known()
    assert known["archive"].label == "Local archive"
    assert "another provider" in known[OWN[:40]].missing


@pytest.mark.parametrize("path", [OWN, OWN.replace(":", ".")])
def test_a_provider_of_the_desks_own_goes_by_its_path_too(settings: Settings, path: str) -> None:
    settings.COVERAGE = {"on": (path,), path: {"url": "http://own.example/find"}}
    assert [place.name for place in places.default(places.known())] == ["own"]


def test_the_budget_of_a_provider_of_the_desks_own_is_kept(
    web: Loopback, own: str, settings: Settings
) -> None:
    settings.COVERAGE[OWN]["budget"] = 1
    web.answers = {"/find": answer("http://paper.example/bridge")}
    asked = places.known()["own"].ask([Query("bridge"), Query("quay")])
    assert [loss.code for loss in asked.losses] == ["budget"]
    assert len(web.requests) == 1


def test_pages_alone_are_asked_of_those_who_know_pages(settings: Settings) -> None:
    settings.COVERAGE = {"on": ()}
    found = places.known()["wayback"].ask([Query("a bridge")])
    assert [loss.code for loss in found.losses] == ["nothing_to_ask"]


def test_the_tasks_of_coverage_are_registered_by_name() -> None:
    assert set(tasks.KINDS) >= {"coverage.ask", "coverage.fetch", "article.read", "claim.trace"}


def test_a_host_whose_page_is_being_fetched_is_asked_later(web: Loopback, own: str) -> None:
    web.answers = {"/find": answer()}
    with manners.turn("own.example"), pytest.raises(Again) as told:
        places.known()["own"].ask([Query("bridge")])
    assert told.value.code == "host_busy"
    assert not web.requests
