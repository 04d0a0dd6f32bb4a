"""Whoever has an interest judges nothing of it, through no door; skills steer the queue alone."""

from collections.abc import Callable

import pytest

from claims.errors import Forbidden, FourEyes, Invalid
from claims.models import Actor, Claim, Claimant, Outlet, Owner, Role, Tag, Topic, User
from reviews import conflicts, notices, rounds
from reviews.models import Conflict, Lease, Notification
from reviews.queue import interest, lease, pick
from reviews.verdicts import rate
from reviews.workflow.options import options
from reviews.workflow.transition import transition
from tests import factories as make
from tests.rest import Api
from tests.reviews import stories

pytestmark = pytest.mark.django_db


def person_of(by: Actor) -> User:
    assert by.person is not None
    return by.person


def declared(by: Actor, about: interest.About) -> Conflict:
    return interest.declare(person_of(by), about, by=by, reason="A friend works there.")


def with_claimant() -> tuple[Claim, interest.About]:
    claimant = make.claimant()
    return make.in_checking(claimant=claimant), claimant


def with_outlet() -> tuple[Claim, interest.About]:
    outlet = make.outlet()
    return make.in_checking(article=make.article(outlet=outlet)), outlet


def with_outlet_as_claimant() -> tuple[Claim, interest.About]:
    outlet = make.outlet("The Echo")
    return make.in_checking(claimant=make.claimant("The Echo", Claimant.Kind.OUTLET)), outlet


def with_merged_outlet() -> tuple[Claim, interest.About]:
    outlet, other = make.outlet(), make.outlet()
    Outlet.objects.filter(pk=other.pk).update(merged_into=outlet)
    return make.in_checking(article=make.article(outlet=other)), outlet


def with_owner() -> tuple[Claim, interest.About]:
    outlet = make.outlet(owner="A Holding")
    return make.in_checking(article=make.article(outlet=outlet)), Owner.objects.get()


def with_topic() -> tuple[Claim, interest.About]:
    topic = Topic.objects.create(name="Health")
    return make.in_checking(topic=topic), topic


def with_tag() -> tuple[Claim, interest.About]:
    claim, tag = make.in_checking(), Tag.objects.create(name="vaccines")
    claim.tags.add(tag)
    return claim, tag


EVERY_KIND = [
    with_claimant,
    with_outlet,
    with_outlet_as_claimant,
    with_merged_outlet,
    with_owner,
    with_topic,
    with_tag,
]


@pytest.mark.parametrize("story", EVERY_KIND)
def test_a_claim_one_has_an_interest_in_is_not_offered_and_has_no_seat(
    story: Callable[[], tuple[Claim, interest.About]],
) -> None:
    (claim, about), by, other = story(), make.reviewer(), make.reviewer()
    free = make.in_checking()
    declared(by, about)

    assert set(pick.queue(by)) == {free}
    assert set(pick.queue(other)) == {claim, free}
    with pytest.raises(FourEyes) as refusal:
        lease.take(claim, by=by)
    assert str(about) in refusal.value.message
    hold = pick.take_next(by=by)
    assert hold is not None
    assert hold.claim == free.pk
    assert not Lease.objects.filter(claim=claim, holder=by.person).exists()
    assert lease.take(claim, by=other).seat == "first"


def test_rest_says_four_eyes_with_the_reason_in_words() -> None:
    claim, about = with_topic()
    by = make.reviewer()
    declared(by, about)

    answer = Api(by).post(f"claims/{claim.pk}/lease/", {})

    assert (answer.status_code, answer.json()["code"]) == (403, "four_eyes")
    assert "conflict of interest" in answer.json()["detail"]
    assert Api(by).get("queue/").json()["results"] == []


def test_a_seat_held_comes_free_and_the_review_is_refused() -> None:
    claim, about = with_claimant()
    by = make.reviewer()
    lease.take(claim, by=by)
    kept = lease.take(make.in_checking(), by=by)

    declared(by, about)

    assert [one.key for one in Lease.objects.filter(holder=by.person)] == [kept.id]
    with pytest.raises(FourEyes):
        rate.submit(claim, rate.Rated("true", "So."), by=by)


def test_an_editor_with_an_interest_neither_decides_nor_publishes() -> None:
    claim = stories.settled(make.claim(topic=Topic.objects.create(name="Health")))
    by = make.editor()
    assert rounds.why_not_publish(claim, rounds.newest(claim), person_of(by)) is None

    declared(by, Topic.objects.get())

    with pytest.raises(FourEyes):
        transition(claim, "publish", by=by)
    [publish] = [one for one in options(claim, by) if one.name == "publish"]
    assert [unmet.code for unmet in publish.unmet] == ["four_eyes"]
    assert not pick.queue(by).exists()
    round_ = rounds.newest(claim)
    assert round_ is not None
    why = rounds.why_not_adjudicate(claim, round_, person_of(by))
    assert why is not None
    assert "another editor has to decide" in why


def test_one_that_ended_bars_from_nothing() -> None:
    claim, about = with_topic()
    by = make.reviewer()
    interest.end(declared(by, about), by=make.editor())

    assert set(pick.queue(by)) == {claim}
    assert lease.take(claim, by=by).seat == "first"
    assert Conflict.objects.get().ended_by is not None


def test_nobody_ends_their_own() -> None:
    _, about = with_topic()
    by = make.actor(Role.EDITOR, Role.REVIEWER)
    conflict = declared(by, about)

    with pytest.raises(FourEyes):
        interest.end(conflict, by=by)
    with pytest.raises(Forbidden):
        interest.end(conflict, by=make.reviewer())


def test_only_an_editor_notes_one_of_somebody_else() -> None:
    _, about = with_topic()
    other = make.person(Role.REVIEWER)

    with pytest.raises(Forbidden):
        interest.declare(other, about, by=make.reviewer(), reason="I think so.")
    interest.declare(other, about, by=make.editor(), reason="They told me.")

    assert Conflict.objects.get().person == other


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2_001, "nul\0"])
def test_a_reason_is_needed(reason: str) -> None:
    _, about = with_topic()
    by = make.reviewer()

    with pytest.raises(Invalid):
        interest.declare(person_of(by), about, by=by, reason=reason)
    assert not Conflict.objects.exists()


def test_the_same_again_is_the_one_that_stands() -> None:
    _, about = with_topic()
    by = make.reviewer()

    assert declared(by, about) == declared(by, about)


def test_editors_hear_of_a_claim_that_too_few_may_judge() -> None:
    make.editor()
    factories_topic = Topic.objects.create(name="Health")
    one, other = make.reviewer(), make.reviewer()
    declared(one, factories_topic)
    claim = make.in_checking(topic=factories_topic)
    assert conflicts.people_with(claim) == {person_of(one).pk}

    round_ = rounds.newest(claim)
    assert round_ is not None
    notices.tell_if_too_few_may_sit(claim, round_, by=other)

    assert Notification.objects.get().kind == "nobody_may"


class TestSkills:
    def tagged(self) -> tuple[Claim, Tag]:
        claim, tag = make.in_checking(), Tag.objects.create(name="medicine", needs_skill=True)
        claim.tags.add(tag)
        return claim, tag

    def test_the_queue_offers_it_to_those_alone_who_have_the_skill(self) -> None:
        claim, tag = self.tagged()
        skilled, other = make.reviewer(), make.reviewer()
        person_of(skilled).skills.add(tag)

        assert set(pick.queue(skilled)) == {claim}
        assert not pick.queue(other).exists()
        assert pick.take_next(by=other) is None
        assert Api(other).get("queue/").json()["results"] == []
        hold = pick.take_next(by=skilled)
        assert hold is not None

    def test_each_skill_a_claim_asks_for_is_needed(self) -> None:
        claim, tag = self.tagged()
        claim.tags.add(Tag.objects.create(name="statistics", needs_skill=True))
        half = make.reviewer()
        person_of(half).skills.add(tag)

        assert not pick.queue(half).exists()

    def test_by_hand_anybody_takes_it(self) -> None:
        claim, _ = self.tagged()
        by = make.reviewer()

        assert lease.take(claim, by=by).seat == "first"

    def test_a_tag_that_needs_none_steers_nothing(self) -> None:
        claim, _ = self.tagged()
        Tag.objects.update(needs_skill=False)

        assert set(pick.queue(make.reviewer())) == {claim}

    def test_editors_who_decide_need_none(self) -> None:
        claim = stories.settled()
        claim.tags.add(Tag.objects.create(name="medicine", needs_skill=True))

        assert set(pick.queue(make.editor())) == {claim}
