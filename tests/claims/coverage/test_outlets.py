"""The outlets a desk knows are read, and those beyond the most that are read are told."""

import pytest

from claims.coverage import outlets
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlets, "_OUTLETS_MAX", 2)
    for letter in "abc":
        feed = f"https://{letter}.test/feed"
        make.outlet(letter, host=f"{letter}.test", feeds=[feed])


def test_the_first_outlets_are_named_to_who_reads_them(many: None) -> None:
    assert outlets.known() == {
        "feeds": {"urls": ("https://a.test/feed", "https://b.test/feed")},
        "sitemaps": {"hosts": ("a.test", "b.test")},
    }


@pytest.mark.parametrize("provider", ["feeds", "sitemaps"])
def test_outlets_that_are_not_read_are_told_of_a_budget_too(many: None, provider: str) -> None:
    for said in ({}, {"budget": 50}):
        [loss] = outlets.unread(provider, said=said)
        assert (loss.code, loss.message[:5]) == ("too_many", "Of 3 ")


def test_a_desk_that_names_what_is_read_misses_nothing(many: None) -> None:
    assert outlets.unread("feeds", said={"urls": ["https://a.test/feed"]}) == ()
    assert outlets.unread("sitemaps", said={"hosts": ["a.test"]}) == ()
    assert outlets.unread("wikipedia", said={}) == ()
