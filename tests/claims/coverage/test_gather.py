"""A coverage run asks, fetches, counts and ends; what it lost is said, and a claim never moves."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as desk
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from claims import jobs, tasks
from claims.coverage import choosing, counts, ending, gather, places, work
from claims.coverage.answers import Answer, Hit, Loss
from claims.coverage.places import Place
from claims.errors import Conflict, Forbidden, Invalid
from claims.jobs import Again, GaveUp
from claims.ledger.events import CoverageAsked
from claims.models import Actor, Claim, CoverageItem, CoverageProblem, CoverageRun, Job
from claims.models.ledger import LogEntry
from reviews.workflow.amend import Amendment, edit
from tests import factories as make

pytestmark = pytest.mark.django_db

Status = CoverageRun.Status
SAMPLE = Path(desk.BASE_DIR) / "seeds" / "archive"
LETTER = 'Pakistan has reportedly initiated "secret normalisation talks" with Israel'


def work_off(*, rounds: int = 400) -> None:
    """Do every due job as a worker would, one after the other, waiting for none."""
    for _ in range(rounds):
        Job.objects.filter(state=Job.State.QUEUED).update(not_before=timezone.now())
        job = Job.objects.filter(state=Job.State.QUEUED).order_by("created_at").first()
        if job is None:
            return
        tasks.run(job.pk, job.kind)
    pytest.fail("There is no end of work.")


def entries(claim: Claim) -> list[tuple[str, dict[str, Any]]]:
    bodies = (
        json.loads(bytes(entry.body))
        for entry in LogEntry.objects.filter(claim=claim.pk).order_by("seq")
    )
    return [(body["type"], body["data"]) for body in bodies]


@pytest.fixture
def by() -> Actor:
    return make.contributor()


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Place]:
    """Providers of the test's own beside those of the desk."""
    real, own = places.known, {}

    def add(name: str, ask: Callable[..., Answer], **fields: Any) -> Place:
        own[name] = Place(name, name.title(), ask, **fields)
        return own[name]

    monkeypatch.setattr(places, "known", lambda: {**real(), **own})
    return add


def failing(error: Exception) -> Callable[..., Answer]:
    def ask(_: object) -> Answer:
        raise error

    return ask


def naming(*hits: Hit, losses: tuple[Loss, ...] = ()) -> Callable[..., Answer]:
    return lambda _: Answer(hits, losses)


class TestTheSampleArchive:
    @pytest.fixture(autouse=True)
    def sample(self, settings: Settings) -> None:
        settings.ARCHIVE_DIR = SAMPLE

    def test_the_seeds_claim_finds_its_story_and_not_the_other(self, by: Actor) -> None:
        article = make.seed_article(
            title="Pakistan sends envoy to Israel with 'secret letter' seeking normalisation"
        )
        claim = make.claim(LETTER, article=article)
        run, new = gather.ask(claim, by=by)
        assert new
        assert (run.status, run.providers) == (Status.QUEUED, ["archive"])
        work_off()
        run.refresh_from_db()
        found = counts.found(run)
        assert run.status == Status.SUCCEEDED, list(run.problems.all())
        assert found.articles == found.new == run.items.count() >= 15
        expected = json.loads((SAMPLE / "expected.json").read_text())["stories"]
        urls = {item.article.url for item in run.items.select_related("article")}
        ferry = {one.get("url") for one in expected["ferry"]["graph"]["articles"]}
        letter = {one.get("url") for one in expected["letter"]["graph"]["articles"]}
        assert not urls & ferry
        assert urls <= letter
        languages = {item.article.language for item in run.items.select_related("article")}
        assert {"ar", "he"} <= languages
        progress = counts.progress(run)
        assert progress.done == progress.total > 15
        assert progress.failed == 0
        claim.refresh_from_db()
        assert claim.state == "draft"
        assert claim.sources["articles"] >= 15
        assert entries(claim) == [
            ("x-coverage.asked", {"run": str(run.pk)}),
            (
                "x-coverage.finished",
                {"run": str(run.pk), "status": "succeeded", "articles": found.articles},
            ),
        ]

    def test_a_twin_page_is_one_article(self, by: Actor) -> None:
        claim = make.claim(LETTER)
        gather.ask(claim, by=by)
        work_off()
        ledger = CoverageItem.objects.filter(article__url__contains="ledger-review.example")
        assert ledger.count() == 1

    def test_bytes_headers_and_time_come_from_the_archive(self, by: Actor) -> None:
        claim = make.claim(LETTER)
        gather.ask(claim, by=by)
        work_off()
        for item in claim.coverage.select_related("article__capture"):
            capture = item.article.capture
            assert capture is not None
            assert capture.via == "archive"
            assert capture.headers
            assert capture.fetched_at.year == 2020

    def test_a_second_run_finds_the_same_and_adds_nothing(self, by: Actor) -> None:
        claim = make.claim(LETTER)
        gather.ask(claim, by=by)
        work_off()
        before = set(claim.coverage.values_list("article", flat=True))
        again, new = gather.ask(claim, by=by)
        work_off()
        assert new
        assert set(claim.coverage.values_list("article", flat=True)) == before
        found = counts.found(again)
        assert (found.articles, found.new) == (len(before), 0)

    def test_a_cut_archive_is_used_up_to_the_cut_and_that_is_said(
        self, by: Actor, tmp_path: Path, settings: Settings
    ) -> None:
        whole = (SAMPLE / "letter.warc.gz").read_bytes()
        (tmp_path / "letter.warc.gz").write_bytes(whole[: len(whole) // 2])
        settings.ARCHIVE_DIR = tmp_path
        claim = make.claim(LETTER)
        run, _ = gather.ask(claim, by=by)
        work_off()
        run.refresh_from_db()
        assert 3 < counts.found(run).articles < 20
        [problem] = run.problems.all()
        assert (problem.provider, problem.code) == ("archive", "archive_problem")
        assert "letter.warc.gz" in problem.message


class TestAsking:
    def test_a_second_wish_gets_the_run_that_is_going(self, by: Actor) -> None:
        claim = make.claim()
        first, _ = gather.ask(claim, by=by)
        second, new = gather.ask(claim, by=make.reviewer())
        assert (second.pk, new) == (first.pk, False)
        assert len(entries(claim)) == 1

    def test_who_has_no_scope_asks_nobody(self) -> None:
        claim = make.claim()
        with pytest.raises(Forbidden):
            gather.ask(claim, by=make.actor("admin"))
        assert not claim.coverage_runs.exists()
        assert not LogEntry.objects.exists()

    @pytest.mark.parametrize(
        ("given", "pointer"),
        [
            ({"providers": ["archive", "nowhere"]}, "/providers/1"),
            ({"providers": []}, "/providers"),
            ({"queries": []}, "/queries"),
            ({"queries": ["good", " "]}, "/queries/1"),
            ({"queries": ["x" * 301]}, "/queries/0"),
            ({"queries": ["nul\0"]}, "/queries/0"),
            ({"queries": [f"q {n}" for n in range(7)]}, "/queries"),
            ({"queries": [f"https://a.example/{n}" for n in range(51)]}, "/queries"),
        ],
    )
    def test_what_cannot_be_asked_is_refused_and_leaves_nothing(
        self, by: Actor, given: dict[str, Any], pointer: str
    ) -> None:
        claim = make.claim()
        with pytest.raises(Invalid) as refused:
            gather.ask(claim, by=by, **given)
        assert [problem.pointer for problem in refused.value.problems] == [pointer]
        assert not claim.coverage_runs.exists()
        assert not Job.objects.exists()

    def test_forty_addresses_are_looked_at_in_one_go(self, by: Actor) -> None:
        pages = [f"https://paper-{n}.example/a" for n in range(40)]
        run, _ = gather.ask(make.claim(), by=by, queries=["harbour bridge", *pages])
        assert [query["text"] for query in run.queries] == ["harbour bridge", *pages]

    def test_queries_of_a_person_replace_those_of_the_desk(self, by: Actor) -> None:
        run, _ = gather.ask(make.claim(), by=by, queries=["  harbour   bridge "])
        assert [query["text"] for query in run.queries] == ["harbour bridge"]

    def test_a_discreet_claim_is_looked_for_by_a_person_who_saw_what_leaves_the_house(
        self, by: Actor
    ) -> None:
        claim = make.claim(LETTER, discreet=True)
        with pytest.raises(Forbidden):
            gather.ask(claim, by=make.service())
        preview = choosing.preview(claim)
        assert preview.chosen == {"archive"}
        assert preview.queries[0].text == '"secret normalisation talks" Pakistan Israel'
        assert gather.ask(claim, by=by)[1]

    @pytest.mark.parametrize(
        ("said", "pointers"),
        [
            ({}, ["/providers", "/queries"]),
            ({"providers": ["archive", "afar"]}, ["/queries"]),
            ({"queries": ["a bridge"]}, ["/providers"]),
        ],
    )
    def test_a_discreet_claim_asks_outside_for_what_a_person_named(
        self,
        by: Actor,
        place: Callable[..., Place],
        settings: Settings,
        said: dict[str, Any],
        pointers: list[str],
    ) -> None:
        place("afar", failing(GaveUp("rejected", "No.")), outside=True)
        settings.COVERAGE = {"on": ("archive", "afar")}
        claim = make.claim(LETTER, discreet=True)
        with pytest.raises(Invalid) as told:
            gather.ask(claim, by=by, **said)
        assert [problem.pointer for problem in told.value.problems] == pointers
        assert not Job.objects.filter(claim=claim).exists()
        run, _ = gather.ask(claim, by=by, providers=["afar"], queries=["a bridge"])
        assert (run.providers, run.queries[0]["text"]) == (["afar"], "a bridge")

    def test_what_failed_for_a_discreet_claim_is_tried_again_by_a_person_only(
        self, by: Actor, place: Callable[..., Place]
    ) -> None:
        place("down", failing(GaveUp("rejected", "No.")))
        claim = make.claim(LETTER)
        run, _ = gather.ask(claim, by=by, providers=["down"])
        work_off()
        Claim.objects.filter(pk=claim.pk).update(discreet=True)
        with pytest.raises(Forbidden):
            gather.retry(run, by=make.service())
        assert gather.retry(run, by=by).status == Status.QUEUED

    def test_a_claim_that_becomes_discreet_asks_nobody_any_more(self, by: Actor) -> None:
        claim = make.claim(LETTER)
        run, _ = gather.ask(claim, by=by)
        edit(claim, Amendment({"discreet": True}), by=by, version=None)
        run.refresh_from_db()
        assert run.status == Status.CANCELLED
        assert not run.jobs.filter(state__in=Job.OPEN).exclude(kind=work.TRACE).exists()

    def test_the_composed_half_records_nothing_itself(self, by: Actor) -> None:
        claim = make.claim()
        with transaction.atomic():
            held = Claim.objects.select_for_update().get(pk=claim.pk)
            run, events = gather.open_run(held, by=by)
        assert events == [CoverageAsked(run=str(run.pk))]
        assert entries(claim) == []

    def test_a_provider_without_its_key_is_not_configured_and_no_failure(self, by: Actor) -> None:
        claim = make.claim()
        run, _ = gather.ask(claim, by=by, providers=["archive", "newsapi"])
        work_off()
        run.refresh_from_db()
        assert run.status == Status.SUCCEEDED
        [problem] = run.problems.all()
        assert (problem.provider, problem.code) == ("newsapi", "not_configured")

    def test_a_run_that_can_ask_nobody_ends_at_once(self, by: Actor) -> None:
        claim = make.claim()
        run, new = gather.ask(claim, by=by, providers=["newsapi"])
        assert (run.status, new) == (Status.PARTIAL, True)
        assert [kind for kind, _ in entries(claim)] == ["x-coverage.asked", "x-coverage.finished"]

    def test_nothing_outside_the_house_is_asked_by_default(self) -> None:
        assert [place.outside for place in places.default(places.known())] == [False]


class TestEnding:
    def test_a_provider_that_cannot_be_reached_makes_it_partial(
        self, by: Actor, place: Callable[..., Place], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Waits of just 2, 6 and 18 seconds: with luck a fifth attempt would fit into the run.
        monkeypatch.setattr("claims.jobs.held.random.uniform", lambda _least, _most: 1.0)
        place("down", failing(Again("unreachable", "The host does not answer.")))
        claim = make.claim()
        run, _ = gather.ask(claim, by=by, providers=["archive", "down"])
        work_off()
        run.refresh_from_db()
        assert run.status == Status.PARTIAL
        [problem] = run.problems.all()
        assert problem.provider == "down"
        assert problem.message == "The host does not answer. Tried 4 times."
        assert counts.progress(run) == counts.Progress(total=2, done=1, failed=1)

    def test_a_run_in_which_all_failed_failed(
        self, by: Actor, place: Callable[..., Place]
    ) -> None:
        place("down", failing(GaveUp("denied", "It refused to answer.")))
        run, _ = gather.ask(make.claim(), by=by, providers=["down"])
        work_off()
        run.refresh_from_db()
        assert run.status == Status.FAILED

    def test_retries_stop_in_time(self, by: Actor, place: Callable[..., Place]) -> None:
        place("down", failing(Again("unreachable", "The host does not answer.")))
        claim = make.claim()
        run, _ = gather.ask(claim, by=by, providers=["down"])
        CoverageRun.objects.filter(pk=run.pk).update(
            deadline=timezone.now() + work.RUN_LIMIT - work.RETRY_FOR
        )
        work_off()
        run.refresh_from_db()
        assert run.status == Status.FAILED
        assert run.jobs.get(kind=work.ASK).attempts == 1

    def test_a_page_that_is_gone_costs_that_page(
        self, by: Actor, place: Callable[..., Place]
    ) -> None:
        place(
            "odd", naming(Hit("http://127.0.0.1/private"), losses=(Loss("no_entry", "1 lost."),))
        )
        run, _ = gather.ask(make.claim(), by=by, providers=["odd"])
        work_off()
        run.refresh_from_db()
        assert run.status == Status.PARTIAL
        codes = {problem.code for problem in run.problems.all()}
        assert codes == {"no_entry", "address_refused"}

    def test_the_same_page_from_two_providers_is_fetched_once(
        self, by: Actor, place: Callable[..., Place]
    ) -> None:
        place("one", naming(Hit("https://paper.invalid/a?utm_source=x")))
        place("two", naming(Hit("http://www.paper.invalid/a")))
        run, _ = gather.ask(make.claim(), by=by, providers=["one", "two"])
        for job in run.jobs.filter(kind=work.ASK):
            tasks.run(job.pk, job.kind)
        assert run.jobs.filter(kind=work.FETCH).count() == 1
        assert CoverageRun.objects.get().hits == 2

    def test_an_address_with_bare_spaces_is_asked_for_as_browsers_do(
        self, by: Actor, place: Callable[..., Place]
    ) -> None:
        place("one", naming(Hit(" https://paper.invalid/old ferry ")))
        run, _ = gather.ask(make.claim(), by=by, providers=["one"])
        tasks.run(run.jobs.get().pk, work.ASK)
        asked = run.jobs.get(kind=work.FETCH).args["url"]
        assert asked == "https://paper.invalid/old%20ferry"

    def test_a_run_whose_last_worker_was_lost_is_ended_by_the_sweep(
        self, by: Actor, place: Callable[..., Place]
    ) -> None:
        place("empty", naming())
        run, _ = gather.ask(make.claim(), by=by, providers=["empty"])
        job = run.jobs.get()
        held = jobs.take(job.pk)
        assert held is not None
        jobs.succeed(held)
        tasks.settle()
        work_off()
        run.refresh_from_db()
        assert run.status == Status.SUCCEEDED

    def test_a_run_past_its_deadline_ends_with_what_was_left_undone(self, by: Actor) -> None:
        run, _ = gather.ask(make.claim(), by=by)
        Job.objects.update(deadline=timezone.now() - timedelta(seconds=1))
        jobs.sweep()
        tasks.settle()
        work_off()
        tasks.settle()
        run.refresh_from_db()
        assert run.status == Status.FAILED
        assert run.problems.filter(code="deadline").exists()

    def test_the_end_is_recorded_once(self, by: Actor, place: Callable[..., Place]) -> None:
        place("empty", naming())
        claim = make.claim()
        run, _ = gather.ask(claim, by=by, providers=["empty"])
        work_off()
        for _ in range(3):
            ending.settle(run.pk)
        assert [kind for kind, _ in entries(claim)].count("x-coverage.finished") == 1


class TestStopping:
    def test_a_stopped_run_keeps_what_it_found_and_does_nothing_more(
        self, by: Actor, place: Callable[..., Place]
    ) -> None:
        place("odd", naming(Hit("https://paper.invalid/a")))
        claim = make.claim()
        run, _ = gather.ask(claim, by=by, providers=["odd"])
        tasks.run(run.jobs.get().pk, work.ASK)
        run = gather.cancel(run, by=by)
        assert run.status == Status.CANCELLED
        assert not run.jobs.filter(state__in=Job.OPEN).exists()
        assert entries(claim)[-1][1]["status"] == "cancelled"
        assert gather.cancel(run, by=by).finished_at == run.finished_at

    def test_a_late_result_of_a_stopped_run_is_not_written(
        self, by: Actor, place: Callable[..., Place]
    ) -> None:
        claim = make.claim()

        def stop_meanwhile(_: object) -> Answer:
            gather.cancel(CoverageRun.objects.get(), by=by)
            return Answer((Hit("https://paper.invalid/a"),))

        place("slow", stop_meanwhile)
        run, _ = gather.ask(claim, by=by, providers=["slow"])
        tasks.run(run.jobs.get().pk, work.ASK)
        assert not run.jobs.filter(kind=work.FETCH).exists()
        assert CoverageRun.objects.get().hits == 0

    def test_only_what_failed_is_done_again_and_its_problem_taken_back(
        self, by: Actor, place: Callable[..., Place]
    ) -> None:
        place("empty", naming())
        place("down", failing(GaveUp("denied", "It refused to answer.")))
        claim = make.claim()
        run, _ = gather.ask(claim, by=by, providers=["empty", "down"])
        work_off()
        place("down", naming())
        run = gather.retry(CoverageRun.objects.get(), by=by)
        assert run.status == Status.QUEUED
        assert not CoverageProblem.objects.exists()
        work_off()
        run.refresh_from_db()
        assert run.status == Status.SUCCEEDED
        assert {job.fence for job in run.jobs.filter(args__provider="empty")} == {1}

    def test_a_run_in_which_nothing_failed_stays_as_it_is(
        self, by: Actor, place: Callable[..., Place]
    ) -> None:
        place("empty", naming())
        run, _ = gather.ask(make.claim(), by=by, providers=["empty"])
        work_off()
        assert gather.retry(run, by=by).status == Status.SUCCEEDED

    def test_an_old_run_waits_for_the_one_that_is_going(
        self, by: Actor, place: Callable[..., Place]
    ) -> None:
        place("down", failing(GaveUp("denied", "It refused to answer.")))
        claim = make.claim()
        old, _ = gather.ask(claim, by=by, providers=["down"])
        work_off()
        gather.ask(claim, by=by)
        with pytest.raises(Conflict):
            gather.retry(old, by=by)
