"""Sides of claimants: an editor’s word, on record, and shown where it is typed."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from claims import sides
from claims.errors import Forbidden, Invalid
from claims.ledger import read
from claims.models import Actor, Claimant, Tag, Topic
from tests import factories
from tests.reviews.admin.desk import Desk, words

pytestmark = pytest.mark.django_db


def change(claimant: Claimant) -> str:
    return reverse("admin:claims_claimant_change", args=[claimant.pk])


def test_an_editor_puts_a_claimant_on_a_side_and_that_alone_is_on_record() -> None:
    claimant = factories.claimant("Somebody Named")

    sides.put_on(claimant, by=factories.editor(), side="  The  opposition ")

    claimant.refresh_from_db()
    assert claimant.side == "The opposition"
    (entry,) = read.entries()
    assert entry.type == "x-claimant.changed"
    assert entry.data == {"claimant": str(claimant.pk), "fields": ["side"]}


def test_the_same_side_again_is_nothing_new() -> None:
    claimant, by = factories.claimant(), factories.editor()
    for _time in range(2):
        sides.put_on(claimant, by=by, side="Industry")

    assert len(read.entries()) == 1
    sides.put_on(claimant, by=by, side="")
    assert sides.known() == []


@pytest.mark.parametrize("side", ["x" * 81, "a\x00b", "a\x07b"])
def test_a_side_is_a_short_word(side: str) -> None:
    claimant = factories.claimant()

    with pytest.raises(Invalid):
        sides.put_on(claimant, by=factories.editor(), side=side)
    assert read.entries() == []


@pytest.mark.parametrize("who", [factories.contributor, factories.reviewer, factories.admin])
def test_nobody_else_takes_sides(who: Callable[[], Actor]) -> None:
    claimant = factories.claimant()

    with pytest.raises(Forbidden):
        sides.put_on(claimant, by=who(), side="Industry")
    desk = Desk.of(who())
    assert desk.client.post(change(claimant), {"side": "Industry"}).status_code == 403
    claimant.refresh_from_db()
    assert claimant.side == ""


def test_it_is_typed_under_claimants_where_known_ones_are_offered() -> None:
    sides.put_on(factories.claimant(), by=factories.editor(), side="Industry")
    claimant, desk = factories.claimant("Somebody Named"), Desk.of(factories.editor())
    page = desk.get(change(claimant))
    assert b'<option value="Industry">' in page.content

    assert desk.client.post(change(claimant), {"side": "Industry"}).status_code == 302

    claimant.refresh_from_db()
    assert claimant.side == "Industry"
    assert claimant.name == "Somebody Named"
    assert "Industry" in words(desk.get(reverse("admin:claims_claimant_changelist")))


def test_names_that_only_hidden_claims_bear_are_hidden_at_the_desk_too() -> None:
    claimant = factories.claimant("Hidden claimant")
    topic = Topic.objects.create(name="Hidden topic")
    tag = Tag.objects.create(name="hidden-tag")
    hidden = factories.claim(visibility="restricted", claimant=claimant, topic=topic)
    hidden.tags.add(tag)
    lists = [reverse(f"admin:claims_{model}_changelist") for model in ("claimant", "topic", "tag")]

    for url in lists:
        assert "hidden" not in words(Desk.of(factories.reviewer()).get(url)).lower()
        assert "hidden" in words(Desk.of(factories.editor()).get(url)).lower()
    assert Desk.of(factories.reviewer()).get(change(claimant)).status_code != 200
