"""An article is read by a job: twice is as once, and a failure says why in plain words."""

import pytest

from claims import capturing, jobs, tasks
from claims.extraction import read
from claims.intake.articles import hand_in, retry
from claims.intake.take import leave
from claims.models import Article, Candidate, Job
from tests import factories as make

pytestmark = pytest.mark.django_db

TEXT = """Harbour bridge closed
The council of Brindle Quay closed the harbour bridge on Monday, the mayor, Ana Lind, said.
It was built in 1931 and carries 4,000 cars a day.
Is that the end of it?
"""


def work(article: Article) -> Job:
    job = article.jobs.get(kind=read.READ)
    tasks.run(job.pk, job.kind)
    job.refresh_from_db()
    article.refresh_from_db()
    return job


def given(text: str = TEXT) -> Article:
    return hand_in(by=make.contributor(), text=text)[0]


def test_a_text_is_captured_as_it_came_and_read() -> None:
    article = given()
    assert work(article).state == Job.State.SUCCEEDED
    assert (article.status, article.language) == ("ready", "en")
    assert article.text == TEXT
    assert article.capture is not None
    assert (article.capture.media_type, article.capture.via) == ("text/plain", "hand-in")
    assert capturing.content(article.capture) == TEXT.encode()
    assert article.attributions
    assert article.sketch


def test_candidates_stand_on_exact_words_and_what_is_left_out_says_why() -> None:
    article = given()
    work(article)
    opened = article.candidates.filter(status=Candidate.Status.OPEN)
    assert opened
    assert all(TEXT[one.start : one.end] for one in opened)
    left = article.candidates.filter(status=Candidate.Status.LEFT_OUT)
    assert any("question" in one.why for one in left)
    assert all(one.why for one in left)


def test_reading_twice_changes_nothing_and_keeps_what_people_decided() -> None:
    article = given()
    work(article)
    first = article.candidates.filter(status=Candidate.Status.OPEN).first()
    assert first is not None
    leave(first, by=make.contributor(), reason="Known.")
    before = sorted(article.candidates.values_list("text", "status"))
    job = article.jobs.get()
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)
    work(article)
    assert sorted(article.candidates.values_list("text", "status")) == before
    assert article.capture is not None


def test_an_article_without_one_checkable_claim_is_ready_all_the_same() -> None:
    article = given("Is that so? Who knows?")
    work(article)
    assert article.status == "ready"
    assert not article.candidates.filter(status=Candidate.Status.OPEN).exists()


def test_a_page_that_cannot_be_fetched_says_why_and_can_be_tried_again() -> None:
    article = make.article(
        "", url="http://127.0.0.1:1/", status=Article.Status.QUEUED, handed_in=True
    )
    Article.objects.filter(pk=article.pk).update(text="")
    jobs.enqueue(read.READ, key=f"{read.READ}:{article.pk}", article=article)
    assert work(article).state == Job.State.FAILED
    assert article.status == "failed"
    assert "cannot be fetched" in article.error
    retry(article, by=make.contributor())
    article.refresh_from_db()
    assert (article.status, article.error) == ("queued", "")
    assert article.jobs.get().state == Job.State.QUEUED


def test_a_reading_that_lost_all_its_workers_is_told_by_the_sweep() -> None:
    article = given()
    job = article.jobs.get()
    Job.objects.filter(pk=job.pk).update(attempts=4)
    assert jobs.take(job.pk) is not None
    Job.objects.filter(pk=job.pk).update(heartbeat_at=None)
    jobs.sweep()
    tasks.settle()
    article.refresh_from_db()
    assert article.status == "failed"
    assert "worker" in article.error
