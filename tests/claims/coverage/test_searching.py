"""One provider is asked page by page: what it gives is kept, and every loss is said."""

import time
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError

from claims.coverage import pace, searching
from claims.coverage.providers import base
from claims.coverage.providers.base import ProviderError
from claims.coverage.queries import Query
from claims.coverage.searching import search
from claims.jobs import Again, GaveUp

pytestmark = pytest.mark.django_db


class _Canned:
    """A provider that gives, or raises, what it was told."""

    def __init__(self, given: Any) -> None:
        self.given = given
        self.asked: list[base.Query] = []
        self.name = f"canned-{uuid4()}"
        self.label, self.pace, self.pages, self.missing = "Canned", 0.0, 1, ""

    def search(self, query: base.Query, *, get: base.Get, cursor: str = "") -> base.Answer:
        self.asked.append(query)
        if isinstance(self.given, BaseException):
            raise self.given
        found: base.Answer = self.given
        return found


def _hit(name: str) -> base.Hit:
    return base.Hit(f"https://paper.example/{name}", name)


def test_leads_are_shown_and_never_coverage() -> None:
    lead = base.Hit("https://encyclopedia.example/Bridge", "Bridge", kind="lead")
    provider = _Canned(base.Answer((lead,)))
    found = search(provider, [Query("harbour bridge")])
    assert found.hits == ()
    assert [one.url for one in found.leads] == [lead.url]


def test_a_provider_that_keeps_failing_is_left_alone_for_a_while() -> None:
    provider = _Canned(ProviderError("unavailable", "Out of order.", retry=True))
    for _ in range(pace.FAILURES):
        with pytest.raises(Again):
            search(provider, [Query("a")])
    with pytest.raises(GaveUp) as told:
        search(provider, [Query("a")])
    assert told.value.code == "resting"


def test_an_answer_ends_the_row_of_failures() -> None:
    provider = _Canned(ProviderError("unavailable", "Out of order.", retry=True))
    for _ in range(pace.FAILURES - 1):
        with pytest.raises(Again):
            search(provider, [Query("a")])
    provider.given = base.Answer()
    search(provider, [Query("a")])
    provider.given = ProviderError("unavailable", "Out of order.", retry=True)
    with pytest.raises(Again):
        search(provider, [Query("a")])


def test_a_database_that_is_gone_for_a_moment_is_no_fault_of_the_provider() -> None:
    provider = _Canned(OperationalError("the connection is lost"))
    for _ in range(pace.FAILURES + 1):
        with pytest.raises(OperationalError):
            search(provider, [Query("a")])


def test_a_provider_is_asked_in_the_language_of_the_claim() -> None:
    provider = _Canned(base.Answer())
    search(provider, [Query("puente cerrado", "es")])
    assert provider.asked == [base.Query("puente cerrado", language="es")]


@pytest.mark.parametrize(
    "given",
    [
        KeyError("secret-7"),
        SystemExit(3),
        ProviderError("odd_answer", "secret-7"),
        None,
        [{"url": "https://paper.example/a"}],
        iter(()),
        {"items": []},
    ],
    ids=range(7),
)
def test_a_broken_provider_of_the_desks_own_costs_itself(given: Any) -> None:
    with pytest.raises(GaveUp) as told:
        search(_Canned(given), [Query("a")], secrets=("secret-7",))
    assert "secret-7" not in told.value.cause


def test_odd_entries_of_a_provider_cost_themselves() -> None:
    odd: Any = ["x", None, base.Hit("ftp://paper.example/"), base.Hit(7), good := _hit("a")]  # type: ignore[arg-type]
    found = search(_Canned(base.Answer(item for item in odd)), [Query("a")])  # type: ignore[arg-type]
    assert [hit.url for hit in found.hits] == [good.url]
    assert [loss.code for loss in found.losses] == ["no_entry"]
    assert found.losses[0].message.startswith("4 ")


def test_losses_of_several_pages_and_questions_are_added_up() -> None:
    lost = base.Notice("no_address", "2 entries had no address of a web page.", 2)
    found = search(_Canned(base.Answer(notices=(lost,))), [Query("a"), Query("b")])
    assert [loss.message for loss in found.losses] == ["4 entries had no address of a web page."]


def test_a_provider_that_hangs_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "_ONE_OWN_PAGE", 0.2)
    provider = _Canned(base.Answer())
    monkeypatch.setattr(_Canned, "search", lambda *_args, **_kwargs: time.sleep(30))
    with pytest.raises(Again) as told:
        search(provider, [Query("a")])
    assert told.value.code == "timeout"


@pytest.mark.parametrize("url", ["https://he.wikipedia.org/wiki/X", "http://en.m.wikipedia.org/y"])
def test_an_encyclopedia_is_a_lead_whoever_names_it(url: str) -> None:
    found = search(_Canned(base.Answer((base.Hit(url, "X"),))), [Query("a")])
    assert found.hits == ()
    assert [(lead.url, lead.kind) for lead in found.leads] == [(url, "lead")]


def test_what_is_not_read_to_its_end_is_said() -> None:
    endless = _Canned(base.Answer((_hit("a"),), next_cursor="more"))
    assert [loss.code for loss in search(endless, [Query("a")]).losses] == ["more"]
    many = _Canned(base.Answer(tuple(_hit(str(number)) for number in range(200))))
    found = search(many, [Query("a"), Query("b")])
    assert [loss.code for loss in found.losses] == ["too_many"]
    assert len(many.asked) == 1
