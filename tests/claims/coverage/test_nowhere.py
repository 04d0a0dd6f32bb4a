"""A page that a host shows for every address is no article, and an honest host is asked once."""

from collections.abc import Iterator
from functools import partial
from uuid import uuid4

import pytest
from pytest_django import Settings

from claims import capturing, manners
from claims.coverage import nowhere
from claims.jobs import GaveUp
from claims.models import Reading
from claims.web import client
from tests.claims.web.loopback import Loopback, page, redirect
from tests.misbehaving.pages import FRONT, article, document

pytestmark = pytest.mark.django_db

GONE = page(b"<h1>Not here</h1>", status="404 Not Found")
SHORT = document("Ferry", "<article><p>The ferry is closed until further notice.</p></article>")


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Loopback]:
    desk = settings.CACHES["default"]
    settings.CACHES = {"default": {**desk, "KEY_PREFIX": uuid4().hex}}
    with Loopback() as server:
        inside = server.policy("paper.example")
        monkeypatch.setattr(client, "fetch", partial(client.fetch, policy=inside))
        yield server


def captured(web: Loopback, path: str = "/news/ferry") -> Reading:
    return capturing.read(capturing.keep(manners.fetch(f"http://paper.example{path}")))


def asked(web: Loopback) -> list[str]:
    return [request.path for request in web.requests]


def test_a_front_page_for_every_address_is_a_page_that_is_gone(web: Loopback) -> None:
    web.otherwise = page(FRONT)
    with pytest.raises(GaveUp) as told:
        nowhere.mind(captured(web))
    assert told.value.code == "soft_404"


def test_being_sent_home_as_everybody_is_means_that_the_page_is_gone(web: Loopback) -> None:
    web.answers["/"] = page(FRONT)
    web.otherwise = redirect("/")
    with pytest.raises(GaveUp) as told:
        nowhere.mind(captured(web))
    assert told.value.code == "soft_404"


def test_a_short_page_of_a_host_that_says_not_found_is_believed(web: Loopback) -> None:
    web.answers["/news/ferry"] = page(SHORT.encode())
    web.otherwise = GONE
    nowhere.mind(captured(web))
    assert len(asked(web)) == 3  # the page, robots.txt, and the address that is none


def test_a_host_is_asked_once_for_many_pages(web: Loopback) -> None:
    web.answers |= {f"/news/{n}": page(SHORT.encode()) for n in "ab"}
    web.otherwise = GONE
    for name in "ab":
        nowhere.mind(captured(web, f"/news/{name}"))
    assert len(asked(web)) == 4


def test_another_page_than_the_one_for_all_addresses_is_an_article(web: Loopback) -> None:
    web.answers["/news/ferry"] = page(article("The Paper"))
    web.otherwise = page(FRONT)
    nowhere.mind(captured(web))


def test_a_dated_article_of_some_length_gives_no_cause_to_ask(web: Loopback) -> None:
    day = "<meta property='article:published_time' content='2024-03-05T10:00:00Z'>"
    web.answers["/news/ferry"] = page(article("The Paper", head=day))
    nowhere.mind(captured(web))
    assert asked(web) == ["/news/ferry"]


def test_a_host_that_does_not_answer_then_is_believed(web: Loopback) -> None:
    web.answers["/news/ferry"] = page(SHORT.encode())
    web.otherwise = b""
    web.answers["/robots.txt"] = GONE
    nowhere.mind(captured(web))


def test_a_host_is_not_asked_for_what_machines_may_not_read(web: Loopback) -> None:
    web.answers["/news/ferry"] = page(SHORT.encode())
    web.answers["/robots.txt"] = page(b"User-agent: *\nDisallow: /", content_type="text/plain")
    web.otherwise = page(SHORT.encode())
    nowhere.mind(captured(web))
    assert asked(web) == ["/news/ferry", "/robots.txt"]
