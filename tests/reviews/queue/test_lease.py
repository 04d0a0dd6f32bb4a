"""Seats are held by one person at a time, for a while, and come free by themselves."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from claims.errors import Forbidden, FourEyes, Missing
from reviews import policy
from reviews.errors import IllegalTransition, Leased, TooManyAtOnce
from reviews.models import Lease, Notification
from reviews.queue import lease
from tests import factories
from tests.reviews import stories

pytestmark = pytest.mark.django_db


def test_both_seats_can_be_held_at_once_and_no_third() -> None:
    claim = stories.sent_to_review()
    first, second = (lease.take(claim, by=factories.reviewer()) for _ in range(2))

    assert (first.seat, second.seat) == ("first", "second")
    with pytest.raises(Leased) as refusal:
        lease.take(claim, by=factories.reviewer())
    holders = [row["holder"] for row in refusal.value.extra["leases"]]
    assert holders == [first.holder.username, second.holder.username]


def test_one_person_has_one_seat() -> None:
    claim = stories.sent_to_review()
    by = factories.reviewer()
    held = lease.take(claim, by=by)

    assert lease.take(claim, by=by).id == held.id
    with pytest.raises(Leased):
        lease.take(claim, by=by, seat="second")


def test_a_seat_comes_free_when_its_time_is_up() -> None:
    claim = stories.sent_to_review()
    late, next_one = factories.reviewer(), factories.reviewer()
    held = lease.take(claim, by=late)
    Lease.objects.filter(key=held.id).update(expires_at=timezone.now())

    assert lease.take(claim, by=next_one, seat="first").seat == "first"
    with pytest.raises(Missing):
        lease.renew(held.id, by=late)


def test_renewing_keeps_the_seat_for_longer() -> None:
    claim = stories.sent_to_review()
    by = factories.reviewer()
    held = lease.take(claim, by=by)
    Lease.objects.filter(key=held.id).update(expires_at=timezone.now() + timedelta(minutes=1))

    assert lease.renew(held.id, by=by).expires_at > timezone.now() + timedelta(minutes=10)


def test_taking_over_tells_whoever_held_it() -> None:
    claim = stories.sent_to_review()
    former, keen = factories.reviewer(), factories.reviewer()
    held = lease.take(claim, by=former)

    assert lease.take(claim, by=keen, seat="first", take_over=True).seat == "first"

    assert Notification.objects.get().person == former.person
    with pytest.raises(Missing):
        lease.give_back(held.id, by=former)


def test_nobody_takes_over_the_seat_that_a_recheck_keeps_for_somebody_new() -> None:
    lead, second = factories.reviewer(), factories.reviewer()
    claim = stories.reopened(stories.published(people=(lead, second)))
    newcomer = lease.take(claim, by=factories.reviewer(), seat="first")
    known = lease.take(claim, by=lead)

    for seat in ("", "first"):
        with pytest.raises(FourEyes):
            lease.take(claim, by=second, seat=seat, take_over=True)

    assert set(Lease.objects.filter(claim=claim).values_list("key", flat=True)) == {
        newcomer.id,
        known.id,
    }
    assert lease.take(claim, by=second, seat="second", take_over=True).seat == "second"


def test_giving_back_frees_the_seat() -> None:
    claim = stories.sent_to_review()
    by = factories.reviewer()
    lease.give_back(lease.take(claim, by=by).id, by=by)

    assert lease.take(claim, by=factories.reviewer()).seat == "first"


def test_nobody_holds_more_than_the_policy_allows() -> None:
    policy.change(None, wip_limit=1)
    by = factories.reviewer()
    lease.take(stories.sent_to_review(), by=by)

    with pytest.raises(TooManyAtOnce):
        lease.take(stories.sent_to_review(), by=by)


def test_a_draft_has_no_seats() -> None:
    with pytest.raises(IllegalTransition):
        lease.take(factories.claim(), by=factories.reviewer())


def test_editors_hold_no_seats() -> None:
    with pytest.raises(Forbidden):
        lease.take(stories.sent_to_review(), by=factories.editor())


def test_an_unknown_seat_is_not_held() -> None:
    with pytest.raises(Missing):
        lease.renew(uuid.uuid4(), by=factories.reviewer())
