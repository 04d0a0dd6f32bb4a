"""Towards hosts: the pause that robots.txt asks for, kept without holding a worker."""

from collections.abc import Iterator
from functools import partial
from uuid import uuid4

import pytest
from pytest_django import Settings

from claims import manners
from claims.jobs import GaveUp, Later
from claims.web import client
from tests.claims.web.loopback import Answer, Loopback, page, redirect

SLOW = b"User-agent: *\nCrawl-delay: 20\nDisallow: /private/\n"
PAGE = "http://paper.example/a"


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Loopback]:
    desk = settings.CACHES["default"]
    settings.CACHES = {"default": {**desk, "KEY_PREFIX": uuid4().hex}}
    moved = redirect("/a")
    routes: dict[str, Answer | bytes] = {
        "/robots.txt": page(SLOW),
        "/a": page(b"<p>Ferry.</p>"),
        "/old": moved,
    }
    with Loopback(routes) as server:
        inside = server.policy("paper.example")
        monkeypatch.setattr(client, "fetch", partial(client.fetch, policy=inside))
        yield server


def asked(web: Loopback) -> list[str]:
    return [request.path for request in web.requests]


def test_a_host_that_asks_for_a_long_pause_is_left_alone_from_its_rules_on(web: Loopback) -> None:
    pause = manners.mind_robots(PAGE)
    with pytest.raises(Later) as told:
        manners.fetch(PAGE, pause=pause)
    assert pause == 20
    assert 15 < told.value.after <= 20
    assert asked(web) == ["/robots.txt"]


def test_a_person_waits_for_no_pause_before_the_first_page_and_for_one_after_it(
    web: Loopback,
) -> None:
    pause = manners.mind_robots(PAGE, by_hand=True)
    assert manners.fetch(PAGE, pause=pause).ok
    with pytest.raises(Later) as told:
        manners.fetch(PAGE, pause=pause)
    assert told.value.after > 15


def test_where_a_slow_host_leads_on_to_itself_the_page_is_had_in_one_visit(web: Loopback) -> None:
    pause = manners.mind_robots("http://paper.example/old", by_hand=True)
    assert manners.fetch("http://paper.example/old", pause=pause).final == PAGE
    with pytest.raises(Later):
        manners.fetch(PAGE, pause=pause)


def test_nobody_is_made_to_wait_for_ever(web: Loopback) -> None:
    web.answers["/robots.txt"] = page(b"User-agent: *\nCrawl-delay: 86400\n")
    assert manners.mind_robots(PAGE, by_hand=True) == 30


def test_a_page_that_machines_may_not_read_is_not_asked_for(web: Loopback) -> None:
    with pytest.raises(GaveUp) as told:
        manners.mind_robots("http://paper.example/private/a", by_hand=True)
    assert told.value.code == "robots"
    assert asked(web) == ["/robots.txt"]
