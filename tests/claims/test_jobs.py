"""A job is taken by one worker at a time, and never stays half done."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from celery import current_app
from django.db import connection, connections, transaction
from django.utils import timezone
from kombu import pools

from claims import jobs
from claims.errors import Conflict, Forbidden
from claims.jobs import Again, Fenced, GaveUp, Held, heart, sweeping, telling
from claims.models import Claim, Job
from tests import factories as make

State = Job.State


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float | None]]:
    """What was handed to the broker: task name and delay. The broker is the outside here."""
    told: list[tuple[str, float | None]] = []

    def send(name: str, *, countdown: float | None = None, **_: Any) -> None:
        told.append((name, countdown))

    monkeypatch.setattr(current_app, "send_task", send)
    return told


@pytest.fixture
def dead_broker() -> Iterator[None]:
    """A broker that refuses every connection."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    before = current_app.conf.broker_url
    with _broker_at(f"redis://127.0.0.1:{port}/0"):
        yield
    assert current_app.conf.broker_url == before


@pytest.fixture
def silent_broker() -> Iterator[None]:
    """A broker that takes connections and never says a word."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(50)
        with _broker_at(f"redis://127.0.0.1:{silent.getsockname()[1]}/0"):
            yield


def _broker_at(url: str) -> Any:
    return _Elsewhere(url)


class _Elsewhere:
    """Points the app at another broker for a while, with fresh pools before and after."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __enter__(self) -> None:
        self.before = {name: current_app.conf[name] for name in ("broker_url", "broker_write_url")}
        self._point({"broker_url": self.url, "broker_write_url": self.url})

    def __exit__(self, *_: object) -> None:
        self._point(self.before)

    @staticmethod
    def _point(urls: dict[str, Any]) -> None:
        app: Any = current_app
        app.conf.update(urls)
        pools.reset()
        app.amqp._producer_pool = app._pool = None
        telling._broker._quiet_until = 0.0


def queued(kind: str = "test", **fields: Any) -> Job:
    return jobs.enqueue(kind, key=f"test:{uuid4()}", **fields)


def taken(job: Job) -> Held:
    held = jobs.take(job.pk)
    assert held is not None
    return held


def state(job: Job) -> str:
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


def lose(job: Job, *, seconds: float = 60) -> None:
    """The worker of the job died so long ago."""
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - timedelta(seconds=seconds))


@pytest.mark.django_db
class TestWanting:
    def test_a_row_is_written_and_the_worker_told_when_the_transaction_commits(
        self, sent: list[Any], django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            job = queued("article.read", args={"a": 1})
            assert sent == []
        assert sent == [("job:article.read", None)]
        assert (job.state, job.args, job.attempts) == (State.QUEUED, {"a": 1}, 0)

    def test_the_same_key_is_the_same_job_and_is_not_told_again(
        self, sent: list[Any], django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            first = jobs.enqueue("test", key="same")
            second = jobs.enqueue("test", key="same", args={"other": True})
        assert first.pk == second.pk
        assert len(sent) == 1

    def test_a_key_whose_job_is_done_gives_the_job_that_is_done(self) -> None:
        job = queued()
        jobs.succeed(taken(job))
        assert jobs.enqueue("test", key=job.key).state == State.SUCCEEDED

    def test_many_are_wanted_at_once_in_their_order(self, django_assert_num_queries: Any) -> None:
        wishes = [jobs.Wanted("test", f"many:{number}") for number in range(40)]
        with django_assert_num_queries(2):
            made = jobs.enqueue_all(wishes)
        assert [job.key for job in made] == [wish.key for wish in wishes]

    def test_a_job_for_later_is_told_with_its_delay_and_one_for_much_later_by_the_sweep(
        self, sent: list[Any], django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            queued(not_before=timezone.now() + timedelta(seconds=20))
            queued(not_before=timezone.now() + timedelta(hours=1))
        assert [round(delay or 0) for _, delay in sent] == [20]


@pytest.mark.django_db
class TestTaking:
    def test_a_job_is_taken_once(self) -> None:
        job = queued()
        held = taken(job)
        assert (held.attempt, held.fence) == (1, 1)
        assert jobs.take(job.pk) is None
        assert state(job) == State.RUNNING

    def test_a_job_for_later_or_past_its_deadline_is_not_taken(self) -> None:
        hour = timedelta(hours=1)
        assert jobs.take(queued(not_before=timezone.now() + hour).pk) is None
        assert jobs.take(queued(deadline=timezone.now() - hour).pk) is None

    def test_an_unknown_job_is_not_taken(self) -> None:
        assert jobs.take(uuid4()) is None


@pytest.mark.django_db
class TestFencing:
    def test_who_lost_the_job_may_not_write(self) -> None:
        job = queued()
        late = taken(job)
        lose(job)
        jobs.sweep()
        now = taken(job)
        with pytest.raises(Fenced), transaction.atomic():
            jobs.own(late)
        with pytest.raises(Fenced):
            jobs.beat(late)
        with pytest.raises(Fenced):
            jobs.fail(late, Again("late", "late"))
        jobs.succeed(late)
        assert state(job) == State.RUNNING
        with transaction.atomic():
            jobs.own(now)

    def test_who_lost_the_job_may_not_write_even_before_anybody_else_took_it(self) -> None:
        job = queued()
        late = taken(job)
        lose(job)
        jobs.sweep()
        with pytest.raises(Fenced), transaction.atomic():
            jobs.own(late)

    def test_a_cancelled_job_is_nobodys(self) -> None:
        job = queued()
        held = taken(job)
        assert jobs.cancel([job]) == 1
        with pytest.raises(Fenced), transaction.atomic():
            jobs.own(held)
        assert state(job) == State.CANCELLED


@pytest.mark.django_db
class TestFailing:
    def test_what_may_pass_is_tried_again_a_little_later(self) -> None:
        job = queued()
        assert jobs.fail(taken(job), Again("timeout", "No answer.")) == State.QUEUED
        job.refresh_from_db()
        wait = (job.not_before - timezone.now()).total_seconds()
        assert 0.5 < wait < 3.5
        assert (job.code, job.cause) == ("timeout", "No answer.")
        assert jobs.take(job.pk) is None

    def test_waits_grow(self) -> None:
        waits = []
        for attempts in range(4):
            job = queued()
            Job.objects.filter(pk=job.pk).update(attempts=attempts)
            jobs.fail(taken(job), Again("timeout", "No answer."))
            job.refresh_from_db()
            waits.append((job.not_before - timezone.now()).total_seconds())
        assert waits == sorted(waits)

    def test_the_other_sides_wish_for_a_pause_is_kept(self) -> None:
        job = queued()
        jobs.fail(taken(job), Again("http_429", "Too many.", after=40))
        job.refresh_from_db()
        assert job.not_before > timezone.now() + timedelta(seconds=39)

    def test_after_five_attempts_it_is_shown_as_failed_with_its_cause(self) -> None:
        job = queued()
        Job.objects.filter(pk=job.pk).update(attempts=4)
        assert jobs.fail(taken(job), Again("timeout", "No answer.")) == State.FAILED
        job.refresh_from_db()
        assert (job.attempts, job.cause) == (5, "No answer.")
        assert job.finished_at is not None

    def test_what_cannot_pass_is_not_tried_again(self) -> None:
        job = queued()
        assert jobs.fail(taken(job), GaveUp("http_404", "Gone.")) == State.FAILED

    @pytest.mark.parametrize("where", ["deadline", "until"])
    def test_an_attempt_that_would_come_too_late_is_not_made(self, where: str) -> None:
        soon = timezone.now() + timedelta(seconds=0.3)
        job = queued(deadline=soon if where == "deadline" else None)
        error = Again("timeout", "No answer.", until=soon if where == "until" else None)
        assert jobs.fail(taken(job), error) == State.FAILED

    def test_a_nul_in_the_cause_does_no_harm(self) -> None:
        job = queued()
        jobs.fail(taken(job), GaveUp("odd", "a\0b"))
        job.refresh_from_db()
        assert job.cause == "ab"

    def test_a_person_lets_a_failed_job_run_again_with_all_its_attempts(self) -> None:
        job = queued()
        jobs.fail(taken(job), GaveUp("http_404", "Gone."))
        again = jobs.retry(job, by=make.contributor())
        assert (again.state, again.attempts, again.cause) == (State.QUEUED, 0, "")
        assert taken(again).attempt == 1

    def test_a_job_that_did_not_fail_is_not_started_again(self) -> None:
        job = queued()
        with pytest.raises(Conflict):
            jobs.retry(job, by=make.contributor())

    def test_a_narrow_token_starts_nothing_again(self) -> None:
        job = queued()
        jobs.fail(taken(job), GaveUp("http_404", "Gone."))
        with pytest.raises(Forbidden):
            jobs.retry(job, by=make.service("claims:read"))
        assert state(job) == State.FAILED


@pytest.mark.django_db
class TestSweep:
    def test_a_job_whose_worker_was_lost_waits_again_under_a_new_fence(self) -> None:
        job = queued()
        held = taken(job)
        lose(job)
        assert jobs.sweep().taken_back == 1
        job.refresh_from_db()
        assert (job.state, job.fence) == (State.QUEUED, held.fence + 1)

    def test_a_living_worker_keeps_its_job(self) -> None:
        job = queued()
        taken(job)
        assert jobs.sweep().taken_back == 0

    def test_a_job_that_kills_every_worker_ends(self) -> None:
        job = queued()
        for _ in range(jobs.ATTEMPTS_MAX):
            taken(job)
            lose(job)
            jobs.sweep()
        job.refresh_from_db()
        assert (job.state, job.code) == (State.FAILED, "lost")

    def test_a_heartbeat_from_the_future_proves_nothing(self) -> None:
        job = queued()
        taken(job)
        lose(job, seconds=-3600)
        jobs.sweep()
        assert state(job) == State.QUEUED

    def test_a_job_of_a_clock_that_was_set_back_is_due_now(self) -> None:
        job = queued()
        ahead = timezone.now() + timedelta(hours=1)
        Job.objects.filter(pk=job.pk).update(created_at=ahead, not_before=ahead)
        jobs.sweep()
        assert jobs.take(job.pk) is not None

    @pytest.mark.parametrize("running", [False, True])
    def test_what_passed_its_deadline_ends_and_says_what_went_wrong_last(
        self, *, running: bool
    ) -> None:
        job = queued(deadline=timezone.now() + timedelta(hours=1))
        if running:
            taken(job)
        Job.objects.filter(pk=job.pk).update(
            deadline=timezone.now() - timedelta(seconds=1), cause="The host is down."
        )
        assert jobs.sweep().ended == 1
        job.refresh_from_db()
        assert (job.state, job.code) == (State.FAILED, "deadline")
        assert "The host is down." in job.cause

    def test_what_stayed_waiting_is_told_again(
        self, sent: list[Any], django_capture_on_commit_callbacks: Any
    ) -> None:
        old = queued(not_before=timezone.now() - timedelta(seconds=30))
        fresh = queued()
        with django_capture_on_commit_callbacks(execute=True):
            assert jobs.sweep().told == 1
        assert len(sent) == 1
        assert state(old) == state(fresh) == State.QUEUED

    def test_old_finished_work_is_forgotten_and_a_run_keeps_its_jobs(self) -> None:
        done, of_run = queued(), queued(run=make.run(make.claim()))
        for job in (done, of_run):
            jobs.succeed(taken(job))
        Job.objects.update(finished_at=timezone.now() - timedelta(days=60))
        assert jobs.sweep().pruned == 1
        assert Job.objects.get() == of_run


@pytest.mark.django_db
class TestWorking:
    def test_work_done_ends_the_job(self) -> None:
        job, seen = queued(args={"n": 3}), []
        done = jobs.work(job.pk, lambda held: seen.append(held.args["n"]))
        assert done is not None
        assert done[1] == State.SUCCEEDED
        assert seen == [3]

    def test_the_same_message_three_times_does_the_work_once(self) -> None:
        job, seen = queued(), []
        for _ in range(3):
            jobs.work(job.pk, lambda held: seen.append(held.fence))
        assert seen == [1]

    def test_an_error_of_our_own_is_an_attempt_and_tells_nothing_of_the_inside(self) -> None:
        job = queued()

        def break_down(_: Held) -> None:
            raise KeyError("a secret word")

        jobs.work(job.pk, break_down)
        assert state(job) == State.QUEUED
        job.refresh_from_db()
        assert job.code == "crashed"
        assert "secret" not in job.cause

    def test_effect_and_end_are_there_together_or_not_at_all(self) -> None:
        job = queued()

        def write_then_break(held: Held) -> None:
            with transaction.atomic():
                jobs.own(held)
                make.claim("Half written.")
                jobs.succeed(held)
                raise Again("odd", "Too late.")

        jobs.work(job.pk, write_then_break)
        assert state(job) == State.QUEUED
        assert not Claim.objects.filter(text="Half written.").exists()


@pytest.mark.django_db
class TestLiveness:
    def test_a_queue_that_did_its_ping_is_alive_and_a_silent_one_is_named(self) -> None:
        jobs.ping(["fast", "slow"])
        jobs.work(Job.objects.get(key="ping.fast").pk, lambda _: None)
        found = jobs.liveness(["fast", "slow"])
        assert found.silent == ("slow",)
        assert found.behind

    def test_a_ping_is_one_row_done_over_and_over(self) -> None:
        for _ in range(3):
            jobs.ping(["fast"])
            jobs.work(Job.objects.get(key="ping.fast").pk, lambda _: None)
        assert Job.objects.get().fence == 3
        assert not jobs.liveness(["fast"]).behind

    def test_old_waiting_work_shows(self) -> None:
        queued(not_before=timezone.now() - timedelta(minutes=5))
        assert jobs.liveness().waiting >= timedelta(minutes=5)
        assert jobs.liveness().behind


def test_two_workers_that_reach_for_one_job_get_it_once(fresh_database: str) -> None:
    made = [queued() for _ in range(5)]
    gate = threading.Barrier(8)

    def reach(pk: UUID) -> bool:
        gate.wait()
        try:
            return jobs.take(pk) is not None
        finally:
            connections.close_all()

    for job in made:
        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(reach, [job.pk] * 8)) == 1


def test_an_end_that_was_lost_with_the_server_is_made_up_for(fresh_database: str) -> None:
    """What a crash leaves: the effect, and a job whose end had not reached the disk."""
    job = queued()

    def file_once(held: Held) -> None:
        with transaction.atomic():
            jobs.own(held)
            if not Claim.objects.filter(text=held.key).exists():
                make.claim(held.key)

    for fence in (1, 3):
        done = jobs.work(job.pk, file_once)
        assert done is not None
        assert (done[0].fence, state(job)) == (fence, State.SUCCEEDED)
        Job.objects.update(state=State.RUNNING, finished_at=None)
        lose(job)
        assert jobs.sweep().taken_back == 1
    assert Claim.objects.filter(text=job.key).count() == 1


def test_two_sweeps_at_once_do_no_harm(fresh_database: str) -> None:
    job = queued()
    taken(job)
    lose(job)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [sweeping._SWEEP_LOCK])
        with ThreadPoolExecutor(1) as pool:
            other = pool.submit(_sweep_and_close).result(timeout=10)
    assert other == jobs.Swept()
    assert jobs.sweep().taken_back == 1


def _sweep_and_close() -> jobs.Swept:
    try:
        return jobs.sweep()
    finally:
        connections.close_all()


def test_long_work_keeps_its_heart_beating(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heart, "HEARTBEAT", timedelta(seconds=0.1))
    job = queued()
    seen = []

    def last(_: Held) -> None:
        for _round in range(2):
            seen.append(Job.objects.values_list("heartbeat_at", flat=True).get(pk=job.pk))
            time.sleep(0.4)

    jobs.work(job.pk, last)
    before, after = seen
    assert before is not None
    assert after is not None
    assert after > before


def test_a_dead_broker_neither_fails_nor_delays_who_wants_work(
    fresh_database: str, dead_broker: None
) -> None:
    start = time.monotonic()
    with transaction.atomic():
        made = [queued() for _ in range(20)]
    assert time.monotonic() - start < 2
    assert {state(job) for job in made} == {State.QUEUED}


def test_a_broker_that_never_answers_costs_seconds_once(
    fresh_database: str, silent_broker: None
) -> None:
    start = time.monotonic()
    with transaction.atomic():
        made = [queued() for _ in range(20)]
    assert time.monotonic() - start < 4
    assert {state(job) for job in made} == {State.QUEUED}
