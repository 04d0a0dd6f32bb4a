"""Sixteen reviewers on one queue at the same moment: no seat twice, none lost."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from django.db import connections

from claims.errors import DeskError
from claims.ledger import read
from claims.models import Actor, Claim
from reviews.models import Lease, Publication
from reviews.queue import pick
from reviews.workflow.transition import transition
from tests import factories
from tests.reviews import stories

MANY = 16
CLAIMS = 20
pytestmark = pytest.mark.usefixtures("fresh_database")


def together(people: Sequence[Actor], act: Callable[[Actor], object]) -> list[object]:
    """What ``act`` came to for each, all let go at one moment; refusals as they are."""
    start = threading.Barrier(len(people))
    came_to: list[object] = []

    def run(by: Actor) -> None:
        try:
            start.wait(timeout=30)
            came_to.append(act(by))
        except DeskError as refusal:
            came_to.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(by,)) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(came_to) == len(people)
    return came_to


def until_empty(by: Actor) -> list[tuple[object, str]]:
    got = []
    while (hold := pick.take_next(by=by)) is not None:
        got.append((hold.claim, hold.seat))
        if len(got) == 10:
            break
    return got


def test_sixteen_on_one_queue_get_each_seat_once_and_lose_none() -> None:
    factories.scale()
    for _ in range(CLAIMS):
        factories.in_checking()
    people = [factories.reviewer() for _ in range(MANY)]

    came_to = together(people, until_empty)

    assert all(isinstance(got, list) for got in came_to), came_to
    seats = Counter(seat for got in came_to if isinstance(got, list) for seat in got)
    assert set(seats.values()) == {1}
    # One who asks while the last rows are locked goes home; a second look finds what is left.
    while left := [got for by in people if (got := pick.take_next(by=by)) is not None]:
        for hold in left:
            seats[hold.claim, hold.seat] += 1
    assert set(seats.values()) == {1}
    assert len(seats) == 2 * CLAIMS
    held = Lease.objects.filter(holder__isnull=False)
    assert held.count() == 2 * CLAIMS
    for claim in Claim.objects.all():
        holders = {lease.holder_id for lease in held.filter(claim=claim)}
        assert len(holders) == 2
        assert claim.busy_until == min(one.expires_at for one in held.filter(claim=claim))


def test_sixteen_who_want_the_last_seat_are_one_holder_and_fifteen_without() -> None:
    factories.scale()
    claim = factories.in_checking()
    factories.lease(claim, factories.person("reviewer"), seat="first")

    came_to = together(
        [factories.reviewer() for _ in range(MANY)], lambda by: pick.take_next(by=by)
    )

    assert sum(one is not None for one in came_to) == 1
    assert Lease.objects.filter(claim=claim, holder__isnull=False).count() == 2


def test_two_editors_who_publish_at_once_publish_once() -> None:
    claim = stories.settled()
    before = read.size()

    came_to = together(
        [factories.editor(), factories.editor()], lambda by: transition(claim, "publish", by=by)
    )

    refused = [one for one in came_to if isinstance(one, DeskError)]
    assert [one.code for one in refused] == ["illegal_transition"]
    assert Publication.objects.filter(claim=claim).count() == 1
    assert read.size() == before + 1
    claim.refresh_from_db()
    assert claim.state == Claim.State.PUBLISHED
    assert claim.published_version == 1
