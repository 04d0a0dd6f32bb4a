"""Towards hosts: the pause that robots.txt asks for, kept without holding a worker."""

import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.utils import timezone
from pytest_django import Settings
from redis.exceptions import ConnectionError as NoCache

from claims import manners
from claims.jobs import GaveUp, Later
from claims.models import Turn
from claims.web import client
from tests.claims.web.loopback import Answer, Loopback, page, redirect

pytestmark = pytest.mark.django_db

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


def test_where_a_slow_host_leads_on_to_itself_nobody_else_asks_it_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refused: list[str] = []

    def two_hops(_url: str, *, turn: client.Turn, **_: object) -> None:
        for _hop in ("/old", "/a"):
            with turn("paper.example"):
                with pytest.raises(Later) as told, manners.turn("paper.example", patience=0):
                    pass
                refused.append(told.value.code)

    monkeypatch.setattr(client, "fetch", two_hops)
    manners.fetch("http://paper.example/old", pause=20)
    assert refused == ["host_busy", "host_busy"]
    assert Turn.objects.get().until > timezone.now() + timedelta(seconds=19)


@pytest.mark.parametrize("asking", [True, False])
def test_an_emptied_cache_lets_nobody_press_a_host(*, asking: bool) -> None:
    visit = manners.turn("paper.example", pause=20)
    visit.__enter__()
    if not asking:
        visit.__exit__(None, None, None)
    cache.clear()
    with pytest.raises(Later), manners.turn("paper.example", pause=20, patience=0):
        pass


def test_a_missing_cache_lets_nobody_press_a_host(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> bool:
        raise NoCache

    for name in ("get", "add", "set"):
        monkeypatch.setattr(cache, name, gone)
    with manners.turn("paper.example"):
        began = time.monotonic()
        with pytest.raises(Later), manners.turn("paper.example", patience=0):
            pass
    with manners.turn("paper.example"):
        assert time.monotonic() - began >= manners.PAUSE


def test_who_died_while_asking_keeps_nobody_waiting_for_ever() -> None:
    dead = manners.turn("paper.example", hold=0.2, pause=20)
    dead.__enter__()
    with manners.turn("paper.example", pause=5):
        # It was not dead, only slow: what it leaves behind is no longer its own.
        dead.__exit__(None, None, None)
        with pytest.raises(Later) as told, manners.turn("paper.example", patience=0):
            pass
        assert told.value.after == 0
    with pytest.raises(Later) as told, manners.turn("paper.example", patience=0):
        pass
    assert 4 < told.value.after <= 5


def test_a_clock_that_was_set_back_stops_nobody() -> None:
    with manners.turn("paper.example"):
        pass
    Turn.objects.update(until=timezone.now() + timedelta(hours=1))
    with manners.turn("paper.example", patience=0):
        pass


def test_the_places_of_those_nobody_asks_any_more_are_forgotten() -> None:
    for host in ("old.example", "new.example"):
        with manners.turn(host, pause=0):
            pass
    first = Turn.objects.order_by("until").first()
    assert first is not None
    Turn.objects.filter(pk=first.pk).update(until=timezone.now() - timedelta(hours=2))
    assert manners.forget() == 1
    assert Turn.objects.count() == 1
