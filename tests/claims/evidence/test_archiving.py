"""A public archive is asked to keep what is cited, its answer written down, nothing blocked."""

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from claims import jobs, tasks
from claims.errors import Conflict, Forbidden
from claims.evidence import archiving
from claims.models import SYSTEM, ArchiveLink, ArchiveRequest, Capture, Claim, Job, Reading
from claims.web import client, saving
from reviews import tasks as clock
from tests import factories as make
from tests.claims.web.loopback import Loopback, Request, page
from tests.reviews import stories
from tests.reviews.admin.desk import Desk, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]

State = ArchiveRequest.Outcome
PAGE = "https://paper.example/bridge"
COPY = "https://web.archive.org/web/20260304120102/https://paper.example/bridge"
PENDING = {"status": "pending"}
SUCCESS = {"status": "success", "timestamp": "20260304120102", "original_url": PAGE}


@pytest.fixture
def keys() -> Iterator[None]:
    with override_settings(WAYBACK_KEYS="access:secret"):
        yield


class Archive:
    """The Wayback Machine on this machine: gives the answers it was told, one after another."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.asked: list[Request] = []

    def __call__(self, request: Request) -> bytes:
        self.asked.append(request)
        return self.answers.pop(0) if self.answers else page(b"{}", status="500 Oops")


def said(body: Any, **more: str) -> bytes:
    return page(json.dumps(body).encode(), content_type="application/json", **more)


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    there = Archive(said({"job_id": "spn2-abc"}))
    with Loopback({"/save": there, "/save/status/spn2-abc": there}) as web:
        policy = web.policy("web.archive.org")
        monkeypatch.setattr(saving, "SAVE", "http://web.archive.org/save")
        monkeypatch.setattr(client, "send", partial(client.send, policy=policy))
        monkeypatch.setattr(client, "fetch", partial(client.fetch, policy=policy))
        yield there


def fetched_page(**fields: Any) -> Capture:
    return make.capture(b"The bridge is closed.", **{"via": "web", "final_url": PAGE, **fields})


def work() -> Job:
    """Let the one job run, as if its time had come."""
    job = Job.objects.get(kind=archiving.SAVE)
    Job.objects.filter(pk=job.pk).update(not_before=timezone.now())
    tasks.run(job.pk, archiving.SAVE)
    job.refresh_from_db()
    return job


def test_what_it_keeps_is_linked_once_it_says_where(archive: Archive) -> None:
    archive.answers += [said(PENDING), said(PENDING), said(SUCCESS)]
    capture = fetched_page()
    request = archiving.ask_for(capture, by=make.reviewer())
    assert request.outcome == State.WAITING
    for _ in range(4):
        job = work()
    assert job.state == Job.State.SUCCEEDED
    link = ArchiveLink.objects.get(capture=capture)
    assert (link.url, str(link.recorded_at)) == (COPY, "2026-03-04 12:01:02+00:00")
    request.refresh_from_db()
    assert (request.outcome, request.answer["timestamp"]) == (State.SAVED, "20260304120102")
    assert [one.method for one in archive.asked] == ["POST", "GET", "GET", "GET"]
    assert archive.asked[0].headers["authorization"] == "LOW access:secret"


def test_waiting_for_it_costs_no_attempt(archive: Archive) -> None:
    archive.answers += [said(PENDING)] * 9
    archiving.ask_for(fetched_page(), by=make.reviewer())
    for _ in range(10):
        job = work()
    assert (job.state, job.code) == (Job.State.QUEUED, "pending")


def test_a_busy_archive_is_asked_again_and_then_told(archive: Archive) -> None:
    archive.answers[:] = [
        page(b"slow down", status="429 Too Many", retry_after="120"),
        page(b"<html>Maintenance</html>"),
        page(b"", status="503 Not now"),
        said({"job_id": "spn2-abc"}),
        said({"status": "error", "status_ext": "error:celery", "message": "Worker lost."}),
    ]
    capture = fetched_page()
    archiving.ask_for(capture, by=make.reviewer())
    job = work()
    assert (job.state, job.code) == (Job.State.QUEUED, "http_429")
    assert job.not_before > timezone.now() + timedelta(seconds=100)
    for _ in range(4):
        job = work()
    request = ArchiveRequest.objects.get(capture=capture)
    assert job.state == Job.State.QUEUED
    assert (request.outcome, request.reference) == (State.WAITING, "")
    job = work()
    assert job.state == Job.State.FAILED
    request.refresh_from_db()
    assert (request.outcome, request.code) == (State.REFUSED, "http_500")
    assert request.answered_at is not None


@pytest.mark.parametrize(
    "odd",
    [
        {"status": "error", "status_ext": "error:no\0pe", "message": "Not\0 this."},
        {"status": "error", "status_ext": "error:\ud800", "message": "Half \udc00 a letter."},
        {"status": "error", "\0": "a", "deep": {"\ud800": "\0"}, "message": "No."},
        {"status": "error", "status_ext": "e" * 900, "message": "m" * 90_000},
        {"status": "error", "status_ext": ["a", {"b": 1}], "message": {"a": 1}},
        {"status": "success", "timestamp": "20260304120102", "original_url": "http://a\0b/"},
        {"status": "success", "timestamp": "20260304120102", "original_url": "http://\ud800/"},
    ],
)
def test_an_answer_with_signs_that_no_database_takes_is_written_down(
    archive: Archive, odd: Any
) -> None:
    archive.answers.append(said(odd))
    capture = fetched_page()
    archiving.ask_for(capture, by=make.reviewer())
    work()
    job = work()
    request = ArchiveRequest.objects.get(capture=capture)
    assert request.answer["status"] == odd["status"]
    assert request.message.startswith("The Wayback Machine") or request.outcome == State.SAVED
    assert job.code != "crashed"


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([page(b"", status="401 No")], "unauthorised"),
        ([said({"message": "Captured already 10 times today."})], "refused"),
        (
            [
                said({"job_id": "spn2-abc"}),
                said(
                    {"status": "error", "status_ext": "error:blocked-url", "message": "Blocked."}
                ),
            ],
            "blocked-url",
        ),
    ],
)
def test_a_no_is_written_down_and_not_pressed(
    archive: Archive, answers: list[bytes], code: str
) -> None:
    archive.answers[:] = answers
    capture = fetched_page()
    archiving.ask_for(capture, by=make.reviewer())
    for _ in answers:
        job = work()
    assert job.state == Job.State.FAILED
    request = ArchiveRequest.objects.get(capture=capture)
    assert (request.outcome, request.code) == (State.REFUSED, code)
    assert request.message
    assert len(archive.asked) == len(answers)
    assert not capture.archive_links.exists()


def test_a_person_may_have_a_refused_one_tried_again(archive: Archive) -> None:
    archive.answers[:] = [
        said({"message": "Not now."}),
        said({"job_id": "spn2-abc"}),
        said(SUCCESS),
    ]
    capture, who = fetched_page(), make.reviewer()
    archiving.ask_for(capture, by=who)
    work()
    archiving.ask_for(capture, by=who)
    work()
    work()
    assert capture.archive_links.get().url == COPY


class TestByItself:
    def test_the_clock_asks_for_what_published_checks_cite(self) -> None:
        capture = fetched_page(text="The bridge is closed.")
        claim = stories.sent_to_review()
        item = make.evidence(claim, capture=capture)
        clock.archive()
        assert not ArchiveRequest.objects.exists()
        stories.settled_with(claim, [item])
        clock.archive()
        clock.archive()
        assert ArchiveRequest.objects.get(capture=capture).asked_by is None
        assert Job.objects.filter(key=f"archive.save:{capture.pk}").count() == 1

    def test_a_desk_may_want_it_as_soon_as_evidence_is_attached(self) -> None:
        capture = fetched_page()
        make.evidence(make.claim(), capture=capture)
        with override_settings(WAYBACK_SAVE="attached"):
            clock.archive()
        assert ArchiveRequest.objects.filter(capture=capture).exists()

    @pytest.mark.parametrize(
        ("claim", "item"),
        [
            ({"discreet": True}, {}),
            ({"visibility": "restricted"}, {}),
            ({}, {"visibility": "desk"}),
            ({}, {"visibility": "sealed"}),
        ],
    )
    def test_nothing_discreet_leaves_unless_a_person_sends_it(
        self, claim: dict[str, Any], item: dict[str, Any]
    ) -> None:
        capture = fetched_page()
        make.evidence(make.claim(**claim), capture=capture, **item)
        make.evidence(make.claim(), capture=capture)
        with pytest.raises(Forbidden):
            archiving.ask_for(capture, by=SYSTEM)
        with override_settings(WAYBACK_SAVE="attached"):
            clock.archive()
        assert not ArchiveRequest.objects.exists()
        archiving.ask_for(capture, by=make.reviewer())
        assert ArchiveRequest.objects.exists()

    def test_what_became_discreet_before_it_was_sent_stays_in_the_house(
        self, archive: Archive
    ) -> None:
        capture, claim = fetched_page(), make.claim()
        make.evidence(claim, capture=capture)
        archiving.ask_for(capture, by=SYSTEM)
        Claim.objects.filter(pk=claim.pk).update(discreet=True)
        assert work().code == "hidden"
        assert archive.asked == []
        archiving.ask_for(capture, by=make.reviewer())
        assert work().code != "hidden"
        assert archive.asked

    def test_a_page_that_wants_no_archive_is_left_alone(self) -> None:
        capture = fetched_page()
        make.evidence(make.claim(), capture=capture)
        Reading.objects.create(capture=capture, reader="x", signals={"noarchive": ["meta robots"]})
        with pytest.raises(Forbidden):
            archiving.ask_for(capture, by=SYSTEM)

    @pytest.mark.parametrize("code", ["http_503", "celery", "too-many-daily-captures"])
    def test_a_trouble_that_passed_is_tried_again_the_next_day_for_a_week(self, code: str) -> None:
        capture = fetched_page()
        make.evidence(make.claim(), capture=capture)
        archiving.ask_for(capture, by=SYSTEM)
        job = Job.objects.get(kind=archiving.SAVE)
        Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED, code=code)
        job.refresh_from_db()
        archiving.ended(job)
        archiving.offer([])
        assert ArchiveRequest.objects.get().outcome == State.REFUSED
        long_ago = timezone.now() - timedelta(days=2)
        ArchiveRequest.objects.update(answered_at=long_ago)
        archiving.offer([])
        assert ArchiveRequest.objects.get().outcome == State.WAITING
        job.refresh_from_db()
        assert job.state == Job.State.QUEUED
        ArchiveRequest.objects.update(
            outcome=State.REFUSED, answered_at=long_ago, asked_at=long_ago - timedelta(days=9)
        )
        archiving.offer([])
        assert ArchiveRequest.objects.get().outcome == State.REFUSED

    def test_without_keys_nothing_is_asked(self) -> None:
        with override_settings(WAYBACK_KEYS=""):
            clock.archive()
            with pytest.raises(Conflict, match="not configured"):
                archiving.ask_for(fetched_page(), by=make.reviewer())


def test_what_a_person_brought_is_no_page_to_save() -> None:
    with pytest.raises(Conflict, match="fetched itself"):
        archiving.ask_for(fetched_page(via="upload"), by=make.reviewer())


def test_who_may_not_write_may_not_ask() -> None:
    with pytest.raises(Forbidden):
        archiving.ask_for(fetched_page(), by=make.actor("admin"))


class TestAtTheDesk:
    def test_its_page_says_what_would_be_known_and_asks(self) -> None:
        capture, desk = fetched_page(), Desk.of(make.reviewer())
        url = reverse("admin:claims_capture_change", args=[capture.pk])
        assert "Ask the Wayback Machine to keep this page" in words(desk.get(url))
        answer = desk.client.post(reverse("admin:claims_capture_archive", args=[capture.pk]))
        assert answer.status_code == 302
        assert ArchiveRequest.objects.get(capture=capture).asked_by == desk.person
        assert "Asked" in words(desk.get(url))

    def test_a_refusal_is_shown_with_its_words(self) -> None:
        capture, desk = fetched_page(), Desk.of(make.reviewer())
        ArchiveRequest.objects.create(
            capture=capture, outcome="refused", code="blocked-url", message="It is blocked there."
        )
        url = reverse("admin:claims_capture_change", args=[capture.pk])
        assert "It is blocked there." in words(desk.get(url))

    def test_without_keys_there_is_no_button(self) -> None:
        capture, desk = fetched_page(), Desk.of(make.reviewer())
        url = reverse("admin:claims_capture_change", args=[capture.pk])
        with override_settings(WAYBACK_KEYS=""):
            assert "Ask the Wayback Machine" not in words(desk.get(url))
            answer = desk.client.post(reverse("admin:claims_capture_archive", args=[capture.pk]))
        assert answer.status_code == 302
        assert settings.WAYBACK_KEYS
        assert not ArchiveRequest.objects.exists()


def test_the_job_is_done_by_a_worker_and_not_in_the_request() -> None:
    archiving.ask_for(fetched_page(), by=make.reviewer())
    job = Job.objects.get(kind=archiving.SAVE)
    assert job.state == Job.State.QUEUED
    assert job.deadline is not None
    assert jobs.take(job.pk) is not None
