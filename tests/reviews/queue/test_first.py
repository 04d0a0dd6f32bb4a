"""The written-out statement of the queue and the rules of its list choose the same claims."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from claims.errors import DeskError
from claims.models import Actor, Claim, ClaimAuthor, Tag, Topic
from claims.models.actors import person as acting
from reviews import policy
from reviews.models import Conflict, Lease, Skip
from reviews.queue import first, pick
from tests import factories

pytestmark = pytest.mark.django_db
MINUTES = st.sampled_from([-5, 5])
SOMETIMES = st.sampled_from([False, False, False, True])
SAT_BEFORE = ("nobody", "me", "somebody", "both")


@dataclass(frozen=True)
class Waiting:
    """A claim in the queue, and what may stand between it and the person who asks."""

    priority: int
    language: str
    stage: str
    restricted: bool
    brought_by_me: bool
    assigned_to_me: bool
    written_by_me: bool
    busy_for: int | None
    held_by_me_for: int | None
    held_by_another_for: int | None
    skipped_for: int | None
    reviewed_by: str
    round_is_void: bool
    sat_before: str
    interest_in: str
    asks_skill: str


def rarely(values: st.SearchStrategy[int]) -> st.SearchStrategy[int | None]:
    return st.one_of(st.none(), st.none(), values)


CLAIMS = st.builds(
    Waiting,
    priority=st.integers(0, 2),
    language=st.sampled_from(["en", "fr"]),
    stage=st.sampled_from(["review", "review", "review", "ready"]),
    restricted=SOMETIMES,
    brought_by_me=SOMETIMES,
    assigned_to_me=SOMETIMES,
    written_by_me=SOMETIMES,
    busy_for=rarely(MINUTES),
    held_by_me_for=rarely(MINUTES),
    held_by_another_for=rarely(MINUTES),
    skipped_for=rarely(MINUTES),
    reviewed_by=st.sampled_from(["nobody", "nobody", "me", "another", "somebody"]),
    round_is_void=SOMETIMES,
    sat_before=st.sampled_from(SAT_BEFORE),
    interest_in=st.sampled_from(
        ["nothing", "nothing", "claimant", "outlet", "owner", "merged", "topic", "tag", "ended"]
    ),
    asks_skill=st.sampled_from(["none", "none", "mine", "another"]),
)


# Nothing stands between this claim and the person who asks. Each example moves one thing.
OPEN = Waiting(
    priority=1,
    language="en",
    stage="review",
    restricted=False,
    brought_by_me=False,
    assigned_to_me=False,
    written_by_me=False,
    busy_for=None,
    held_by_me_for=None,
    held_by_another_for=None,
    skipped_for=None,
    reviewed_by="nobody",
    round_is_void=False,
    sat_before="nobody",
    interest_in="nothing",
    asks_skill="none",
)
RECHECK = replace(OPEN, sat_before="me")


def moved(*waiting: Waiting) -> Any:
    return example(waiting=list(waiting), reads=[], language="", edits=False)


@moved(OPEN)
@moved(replace(OPEN, skipped_for=5), replace(OPEN, skipped_for=-5))
@moved(replace(OPEN, busy_for=5), replace(OPEN, busy_for=-5))
@moved(replace(OPEN, held_by_me_for=5), replace(OPEN, held_by_me_for=-5))
@moved(RECHECK)
@moved(replace(RECHECK, held_by_another_for=5), replace(RECHECK, held_by_another_for=-5))
@moved(replace(RECHECK, held_by_me_for=-5))
@moved(replace(RECHECK, sat_before="both", reviewed_by="somebody"))
@moved(replace(RECHECK, reviewed_by="another"))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    waiting=st.lists(CLAIMS, max_size=6),
    reads=st.sampled_from([[], ["en"], ["en", "fr"]]),
    language=st.sampled_from(["", "", "fr"]),
    edits=SOMETIMES,
)
def test_the_statement_gives_what_the_list_gives_one_after_another(
    waiting: list[Waiting],
    reads: list[str],
    language: str,
    edits: bool,  # noqa: FBT001
) -> None:
    with rolled_back():
        roles = ["reviewer", "editor"] if edits else ["reviewer"]
        by = Actor(person=factories.person(*roles, languages=reads))
        somebody, another = factories.person("reviewer"), factories.person("reviewer")
        for one in waiting:
            _make(one, by, somebody, another)
        listed = pick.for_reviewer(by, language=language).order_by("-priority", "id")
        expected = list(listed.values_list("pk", flat=True))

        assert _merged(by, language) == expected
        _the_one_statement_takes_what_care_takes(by, language)
        assert list(_one_after_another(by, language)) == expected


def test_in_the_usual_case_one_statement_is_enough() -> None:
    claim = factories.in_checking()
    by = Actor(person=factories.person("reviewer"))

    taken = first.take(by, languages=["en"], now=timezone.now())

    assert taken is not None
    assert (taken.claim, taken.seat) == (claim.pk, "first")


@pytest.mark.parametrize(("limit", "takes"), [(2, False), (3, True)])
def test_the_one_statement_heeds_the_policy(limit: int, takes: bool) -> None:  # noqa: FBT001
    policy.change(None, wip_limit=limit, lease_minutes=7)
    me = factories.person("reviewer")
    for _ in range(2):
        factories.lease(factories.in_checking(), me)
    factories.in_checking()
    now = timezone.now()

    taken = first.take(Actor(person=me), languages=[], now=now)

    assert (taken is not None) == takes
    if taken is not None:
        assert taken.until == now + timedelta(minutes=7)


def _the_one_statement_takes_what_care_takes(by: Actor, language: str) -> None:
    """Whatever the one statement takes, the careful way takes too, and leaves the same behind."""
    assert by.person is not None
    by, languages = acting(by.person), pick.languages_of(by, language)
    outcomes = []
    for way in (
        lambda: first.take(by, languages=languages, now=timezone.now()),
        lambda: pick._take_with_care(by, languages),
    ):
        with rolled_back():
            try:
                hold = way()
            except DeskError:  # a round that is void, or one’s limit: nobody sits down
                hold = None
            busy = None
            if hold is not None:
                busy = Claim.objects.get(pk=hold.claim).busy_until is not None
                assert Lease.objects.filter(claim=hold.claim, holder=by.person).count() == 1
            outcomes.append((hold.claim, hold.seat, busy) if hold is not None else None)
    assert outcomes[0] in {None, outcomes[1]}


def _merged(by: Actor, language: str) -> list[UUID]:
    """The list as the API pages through it, two at a time."""
    found: list[Claim] = []
    place = None
    while more := pick.first_for_reviewer(by, language=language, many=2, after=place):
        found += more
        place = (more[-1].priority, more[-1].pk)
    return [claim.pk for claim in found]


def _one_after_another(by: Actor, language: str) -> Iterator[UUID]:
    """Each claim the statement finds, set aside so that it finds the next."""
    assert by.person is not None
    languages = pick.languages_of(by, language)
    while (found := first.lock_first(by, languages=languages, now=timezone.now())) is not None:
        yield found
        Skip.objects.update_or_create(
            claim_id=found,
            person=by.person,
            defaults={"reason": "Seen.", "until": timezone.now() + timedelta(hours=1)},
        )


def _make(one: Waiting, by: Actor, somebody: factories.User, another: factories.User) -> None:
    me = by.person
    assert me is not None
    claim = factories.in_checking(language=one.language)
    round_ = claim.rounds.get()
    if one.sat_before != "nobody":
        sat = {"me": [me], "somebody": [somebody], "both": [me, somebody]}[one.sat_before]
        for reviewer in sat:
            factories.review(round_, reviewer, "false")
        round_.revealed_at = timezone.now()
        round_.save()
        round_ = factories.open_round(claim, recheck_of=round_)
    if one.reviewed_by != "nobody":
        sits = {"me": me, "another": another, "somebody": somebody}[one.reviewed_by]
        factories.review(round_, sits, "false")
    if one.round_is_void:
        round_.voided_at = timezone.now()
        round_.save()
    if one.held_by_me_for is not None:
        factories.lease(claim, me, minutes=one.held_by_me_for)
    if one.held_by_another_for is not None:
        factories.lease(claim, another, seat="second", minutes=one.held_by_another_for)
    _interest(one, claim, me)
    if one.written_by_me:
        ClaimAuthor.objects.create(claim=claim, person=me)
    if one.assigned_to_me:
        claim.assigned_to.add(me)
    if one.skipped_for is not None:
        until = timezone.now() + timedelta(minutes=one.skipped_for)
        Skip.objects.create(claim=claim, person=me, reason="Later.", until=until)
    busy = timezone.now() + timedelta(minutes=one.busy_for) if one.busy_for is not None else None
    Claim.objects.filter(pk=claim.pk).update(
        priority=one.priority,
        stage=one.stage,
        visibility="restricted" if one.restricted else "desk",
        created_by=me if one.brought_by_me else None,
        busy_until=busy,
    )


def _interest(one: Waiting, claim: Claim, me: factories.User) -> None:
    """Let the claim be about something that somebody, mostly this person, has an interest in."""
    name = f"Of {claim.pk}"
    outlet = factories.outlet(name, owner=f"Owner {claim.pk}")
    article = factories.article(outlet=outlet)
    about: dict[str, object] = {}
    if one.interest_in in {"outlet", "owner", "merged"}:
        meant = outlet
        if one.interest_in == "merged":
            meant = factories.outlet()
            outlet.merged_into = meant
            outlet.save()
        about = {"owner": outlet.owner} if one.interest_in == "owner" else {"outlet": meant}
    elif one.interest_in == "claimant":
        about = {"outlet": factories.outlet(f"Named {claim.pk}")}
        Claim.objects.filter(pk=claim.pk).update(
            claimant=factories.claimant(f"Named {claim.pk}", "outlet")
        )
    elif one.interest_in in {"topic", "ended"}:
        about = {"topic": Topic.objects.create(name=name)}
        Claim.objects.filter(pk=claim.pk).update(topic=about["topic"])
    elif one.interest_in == "tag":
        about = {"tag": Tag.objects.create(name=name)}
        claim.tags.add(about["tag"])
    Claim.objects.filter(pk=claim.pk).update(article=article)
    if about:
        ended = {"ended_at": timezone.now(), "ended_by": me} if one.interest_in == "ended" else {}
        Conflict.objects.create(person=me, reason="So.", said_by=me, **about, **ended)
    if one.asks_skill != "none":
        skill = Tag.objects.create(name=f"Skill {claim.pk}", needs_skill=True)
        claim.tags.add(skill)
        if one.asks_skill == "mine":
            me.skills.add(skill)


@contextmanager
def rolled_back() -> Iterator[None]:
    """Each example begins with an empty desk."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
