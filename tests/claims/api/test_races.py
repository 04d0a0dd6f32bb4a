"""The same request many times at once, against real commits."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from claims.api import once
from claims.ledger import read
from claims.models import Claim, IdempotencyKey
from tests import factories
from tests.rest import Answer, Api

AT_ONCE = 8


def together(act: Callable[[int], Answer]) -> list[Answer]:
    """Each in a thread of its own, all let go at one moment."""
    ready = threading.Barrier(AT_ONCE)

    def go(number: int) -> Answer:
        try:
            ready.wait()
            return act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(go, range(AT_ONCE)))


@pytest.mark.usefixtures("fresh_database")
def test_one_key_sent_many_times_at_once_is_one_effect() -> None:
    api = Api(factories.contributor())
    api.post("claims/", {"text": "Something first."})

    answers = together(
        lambda _: api.post("claims/", {"text": "The bridge was closed."}, Idempotency_Key="k")
    )

    codes = Counter(answer.status_code for answer in answers)
    assert set(codes) <= {201, 409}
    assert codes[201] >= 1
    assert all(a.headers["Retry-After"] for a in answers if a.status_code == 409)
    assert Claim.objects.count() == 2
    assert Claim.objects.get(text="The bridge was closed.").demand == 1
    assert IdempotencyKey.objects.count() == 1
    assert read.size() == 2
    again = api.post("claims/", {"text": "The bridge was closed."}, Idempotency_Key="k")
    assert again.status_code == 201


@pytest.mark.usefixtures("fresh_database")
def test_while_the_first_is_running_the_second_is_told_to_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    api = Api(factories.contributor())
    inside, go_on = threading.Event(), threading.Event()
    keep = once._keep

    def slowly(*said: object) -> None:
        inside.set()
        go_on.wait(10)
        keep(*said)  # type: ignore[arg-type]

    monkeypatch.setattr(once, "_keep", slowly)

    def first() -> Answer:
        try:
            return api.post("claims/", {"text": "The bridge was closed."}, Idempotency_Key="k")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(first)
        assert inside.wait(10)
        second = api.post("claims/", {"text": "The bridge was closed."}, Idempotency_Key="k")
        go_on.set()
        assert running.result().status_code == 201
    assert (second.status_code, second.json()["code"]) == (409, "idempotency_running")
    assert second.headers["Retry-After"] == "1"


@pytest.mark.usefixtures("fresh_database")
def test_of_many_edits_of_one_version_one_is_made() -> None:
    claim = factories.claim()
    api = Api(factories.editor())
    answers = together(
        lambda number: api.patch(
            f"claims/{claim.pk}/", {"external_ref": f"ref-{number}"}, If_Match='"1"'
        )
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: AT_ONCE - 1}
    claim.refresh_from_db()
    assert claim.version == 2


@pytest.mark.usefixtures("fresh_database")
def test_of_many_who_move_a_claim_one_does() -> None:
    factories.scale()
    claim = factories.claim()
    api = Api(factories.editor())
    answers = together(
        lambda _: api.post(f"claims/{claim.pk}/transitions/", {"name": "start_checking"})
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: AT_ONCE - 1}
    assert claim.rounds.count() == 1


@pytest.mark.usefixtures("fresh_database")
def test_no_seat_is_given_twice() -> None:
    factories.scale()
    claims = [factories.in_checking() for _ in range(3)]
    apis = [Api(factories.reviewer()) for _ in range(AT_ONCE)]
    answers = together(lambda number: apis[number].post("queue/next/", {}))
    held = [(a.json()["claim"], a.json()["seat"]) for a in answers if a.status_code == 200]
    assert len(held) == len(set(held))
    assert set(Counter(a.status_code for a in answers)) <= {200, 204}
    assert {claim for claim, _ in held} <= {str(claim.pk) for claim in claims}
