"""What the Wayback Machine answers is read for what it says, however odd it is."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.web import saving
from claims.web.fetched import Fetched
from claims.web.saving import Answer, State

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def answer(body: bytes, *, status: int = 200, retry_after: int | None = None) -> Fetched:
    return Fetched(
        asked=saving.SAVE,
        final=saving.SAVE,
        status=status,
        headers=(),
        media_type="application/json",
        charset="",
        body=body,
        sha256="",
        hops=(),
        started=NOW,
        ended=NOW,
        remote_address="",
        retry_after=retry_after,
    )


def asked(body: bytes, **more: Any) -> Answer:
    return saving.ask("https://a.example/", keys="k:s", post=lambda *_: answer(body, **more))


def looked(said: Any) -> Answer:
    body = json.dumps(said).encode()
    return saving.look("spn2-abc", keys="k:s", get=lambda *_: answer(body))


def test_it_is_asked_as_its_manual_says() -> None:
    sent: list[tuple[str, bytes, Mapping[str, str]]] = []

    def post(url: str, body: bytes, headers: Mapping[str, str]) -> Fetched:
        sent.append((url, body, headers))
        return answer(b'{"url": "https://a.example/?x=1&y", "job_id": "spn2-abc"}')

    got = saving.ask("https://a.example/?x=1&y", keys="k:s", post=post)
    assert (got.state, got.reference) == (State.WAITING, "spn2-abc")
    [(url, body, headers)] = sent
    assert url == "https://web.archive.org/save"
    assert b"url=https%3A%2F%2Fa.example%2F%3Fx%3D1%26y&" in body
    assert headers["Authorization"] == "LOW k:s"
    assert headers["Accept"] == "application/json"


def test_pending_then_success_names_the_copy() -> None:
    assert looked({"status": "pending", "job_id": "spn2-abc"}).state == State.WAITING
    got = looked(
        {
            "status": "success",
            "timestamp": "20260304120102",
            "original_url": "https://a.example/?x=1",
            "duration_sec": 6.2,
        }
    )
    assert got.state == State.SAVED
    assert got.url == "https://web.archive.org/web/20260304120102/https://a.example/?x=1"
    assert got.at == datetime(2026, 3, 4, 12, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (429, State.BUSY),
        (503, State.BUSY),
        (520, State.BUSY),
        (401, State.REFUSED),
        (403, State.REFUSED),
    ],
)
def test_the_status_says_whether_asking_again_may_help(status: int, state: State) -> None:
    got = asked(b"<html>busy</html>", status=status, retry_after=90)
    assert got.state == state
    assert got.message.startswith("The Wayback Machine ")
    assert got.after == (90 if state == State.BUSY else None)
    assert got.said["status"] == status


def test_a_page_for_people_with_status_200_is_no_answer() -> None:
    got = asked(b"<!DOCTYPE html><title>Internet Archive: Scheduled Maintenance</title>")
    assert (got.state, got.code) == (State.BUSY, "odd_answer")


def test_a_polite_no_is_told_in_its_own_words() -> None:
    got = asked(b'{"url": "https://a.example/", "message": "Captured already 10 times today."}')
    assert got.state == State.REFUSED
    assert got.message == "The Wayback Machine did not keep it: Captured already 10 times today."


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("error:blocked-url", State.REFUSED),
        ("error:not-found", State.REFUSED),
        ("error:too-many-daily-captures", State.REFUSED),
        ("error:celery", State.BUSY),
        ("error:user-session-limit", State.BUSY),
        ("error:something-new", State.REFUSED),
    ],
)
def test_its_own_troubles_pass_and_the_pages_do_not(code: str, state: State) -> None:
    got = looked({"status": "error", "status_ext": code, "message": "Why it is."})
    assert (got.state, got.code) == (state, code.removeprefix("error:"))
    assert "Why it is." in got.message


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"status": None},
        {"status": 5},
        {"status": "success"},
        {"status": "success", "timestamp": "20269999999999", "original_url": "https://a.example/"},
        {"status": "success", "timestamp": 20260304120102, "original_url": "https://a.example/"},
        {"status": "success", "timestamp": "20260304120102", "original_url": "javascript:x"},
    ],
)
def test_an_answer_that_says_nothing_is_neither_success_nor_refusal(said: dict[str, Any]) -> None:
    assert looked(said).state == State.BUSY


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_whatever_json_comes_there_is_an_answer(said: Any) -> None:
    for got in (looked(said), asked(json.dumps(said).encode())):
        assert got.state in State
        assert got.url == ""
        assert got.state in {State.WAITING, State.SAVED} or got.message
