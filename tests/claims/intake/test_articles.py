"""An article is handed in once, checked before anything is asked of its address."""

from typing import Any

import pytest

from claims.errors import Conflict, Forbidden, Invalid
from claims.intake.articles import hand_in, retry
from claims.models import Article, Job
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_a_text_waits_to_be_read() -> None:
    by = make.contributor()
    article, new = hand_in(by=by, text="The bridge is closed.\r\n", title=" Bridge closed ")
    assert new
    assert article.text == "The bridge is closed.\r\n"
    assert (article.title, article.status) == ("Bridge closed", "queued")
    assert article.outlet is None
    assert article.added_by == by.person
    (job,) = Job.objects.filter(article=article)
    assert (job.kind, job.state) == ("article.read", "queued")


def test_the_same_article_twice_is_one() -> None:
    first, _ = hand_in(by=make.contributor(), text="The bridge is closed.")
    again, new = hand_in(by=make.contributor(), text="The bridge is closed.")
    assert (again, new) == (first, False)
    page, _ = hand_in(by=make.contributor(), url="https://PAPER.example/a?utm_source=x#top")
    same, new = hand_in(by=make.contributor(), url="https://paper.example/a")
    assert (same, new) == (page, False)
    assert page != first
    assert Job.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({}, "/text"),
        ({"text": "\n \u200b"}, "/text"),
        ({"text": "PK\x03\x04binary"}, "/text"),
        ({"text": "bridge\x00"}, "/text"),
        ({"text": "bridge\ud800"}, "/text"),
        ({"text": "b" * 1_000_001}, "/text"),
        ({"url": "ftp://paper.example/a"}, "/url"),
        ({"url": "javascript:alert(1)"}, "/url"),
        ({"url": "paper"}, "/url"),
        ({"url": "http://127.0.0.1/"}, "/url"),
        ({"url": "http://[::1]/"}, "/url"),
        ({"url": "http://2130706433/"}, "/url"),
        ({"url": "http://localhost/"}, "/url"),
        ({"url": "http://169.254.169.254/latest/meta-data/"}, "/url"),
        ({"url": "https://me@paper.example/"}, "/url"),
        ({"url": "https://paper.example:8443/"}, "/url"),
        ({"text": "The bridge is closed.", "url": "http://10.0.0.1/"}, "/url"),
        ({"text": "The bridge is closed.", "language": "e"}, "/language"),
        ({"text": "The bridge is closed.", "title": "t" * 1_001}, "/title"),
        ({"text": "The bridge is closed.", "outlet": "o" * 201}, "/outlet"),
    ],
)
def test_what_cannot_be_used_is_named_and_leaves_nothing_behind(
    wrong: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(Invalid) as refused:
        hand_in(by=make.contributor(), **wrong)
    assert [problem.pointer for problem in refused.value.problems] == [pointer]
    assert not Article.objects.exists()
    assert not Job.objects.exists()


def test_who_may_only_read_hands_nothing_in() -> None:
    with pytest.raises(Forbidden):
        hand_in(by=make.admin(), text="The bridge is closed.")


def test_what_could_not_be_read_is_tried_again() -> None:
    by = make.contributor()
    article, _ = hand_in(by=by, text="The bridge is closed.")
    assert retry(article, by=by).status == "queued"
    Article.objects.filter(pk=article.pk).update(status="failed", error="It broke.")
    Job.objects.filter(article=article).update(state="failed", attempts=5)
    again = retry(article, by=by)
    assert (again.status, again.error) == ("queued", "")
    (job,) = Job.objects.filter(article=article)
    assert (job.state, job.attempts) == ("queued", 0)
    Article.objects.filter(pk=article.pk).update(status="ready")
    with pytest.raises(Conflict):
        retry(article, by=by)
