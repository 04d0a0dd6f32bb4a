"""The clock of due dates: it stands still while somebody outside is asked to answer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from claims.models import Alert, Claim
from reviews import right_of_reply, tasks
from reviews.clock import Still, Wait, stand_still
from reviews.models import Notification, ReplyRequest
from reviews.queue.rank import priority_of
from reviews.right_of_reply import Asked
from reviews.workflow.amend import Amendment, edit
from reviews.workflow.step import Wish
from reviews.workflow.transition import transition
from tests import factories
from tests.reviews import stories
from tests.reviews.admin.desk import Desk, words

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def days(since: float, until: float) -> Wait:
    return Wait(MONDAY + since * DAY, MONDAY + until * DAY)


@pytest.mark.parametrize(
    ("waits", "added"),
    [
        ([], 0),
        ([days(1, 3)], 2),
        ([days(1, 3), days(2, 4)], 3),
        ([days(1, 2), days(3, 4)], 2),
        ([days(1, 4), days(2, 3)], 3),
        # Asked before the date was set: counted from then.
        ([days(-5, 1)], 1),
        # Over before it was set, and answered before it was asked.
        ([days(-5, -1)], 0),
        ([days(3, 2)], 0),
        # Late already when somebody was asked: it stays late.
        ([days(6, 9)], 0),
        # Late by the date that was set, but not by the clock, which had stood still.
        ([days(1, 3), days(6, 8)], 4),
        ([days(1, 3), days(7.5, 8)], 2),
    ],
)
def test_what_waiting_adds_to_a_date_five_days_ahead(waits: list[Wait], added: int) -> None:
    still = stand_still(MONDAY + 5 * DAY, waits, running_since=MONDAY)

    assert still.added == added * DAY


waited = st.builds(days, st.floats(-9, 9), st.floats(-9, 9))


@given(st.lists(waited, max_size=5))
def test_a_pause_never_ends_with_less_time_than_it_began_with(waits: list[Wait]) -> None:
    due = MONDAY + 5 * DAY
    still = stand_still(due, waits, running_since=MONDAY)

    assert still.added >= timedelta(0)
    assert still.added <= sum((max(w.until - w.since, 0 * DAY) for w in waits), 0 * DAY)
    if still.last is not None:
        assert due + still.added > still.last.until
    else:
        assert still == Still()


def due_in(time: timedelta, **fields: object) -> Claim:
    """A claim that came in a week ago, due at such a time from now."""
    now = timezone.now()
    return factories.claim(due_at=now + time, created_at=now - 7 * DAY, **fields)  # type: ignore[arg-type]


def asked(
    claim: Claim, *, ago: timedelta, deadline: timedelta | None, **said: Any
) -> ReplyRequest:
    """Somebody was asked so long ago, with a deadline so far from now."""
    now = timezone.now()
    return right_of_reply.log(
        claim,
        Asked(
            asked="The ministry",
            asked_at=now - ago,
            deadline=now + deadline if deadline is not None else None,
            **said,
        ),
        by=factories.contributor(),
    )


def test_a_claim_waits_as_long_as_an_answer_is_awaited() -> None:
    claim = due_in(-1 * HOUR)
    assert Claim.objects.overdue().exists()

    asked(claim, ago=5 * HOUR, deadline=DAY)
    claim.refresh_from_db()

    assert claim.is_paused
    assert not claim.is_overdue
    assert not Claim.objects.overdue().exists()
    assert Claim.objects.paused().get() == claim
    assert round((claim.time_left() or DAY) / HOUR) == 4


def test_the_date_itself_stays_as_it_was_set() -> None:
    claim = due_in(DAY)
    before = claim.due_at

    asked(claim, ago=HOUR, deadline=DAY)

    claim.refresh_from_db()
    assert claim.due_at == before


def test_an_answer_starts_the_clock_again_with_what_was_left() -> None:
    claim = due_in(2 * HOUR)
    request = asked(claim, ago=3 * HOUR, deadline=5 * DAY)

    right_of_reply.answered(
        request, by=factories.contributor(), answer="No.", at=timezone.now() - HOUR
    )

    claim.refresh_from_db()
    assert not claim.is_paused
    assert round(claim.paused_for / HOUR) == 2
    assert round((claim.time_left() or DAY) / HOUR) == 4


def test_silence_lets_the_clock_run_on_without_a_hand() -> None:
    claim = due_in(-10 * HOUR)

    asked(claim, ago=20 * HOUR, deadline=-5 * HOUR)

    claim.refresh_from_db()
    assert not claim.is_paused
    assert not claim.is_overdue
    assert round((claim.time_left() or DAY) / HOUR) == 5


def test_what_was_late_before_anybody_was_asked_stays_late() -> None:
    claim = due_in(-3 * HOUR)

    asked(claim, ago=HOUR, deadline=DAY)

    claim.refresh_from_db()
    assert claim.is_overdue
    assert not claim.is_paused
    assert Claim.objects.overdue().get() == claim


def test_a_request_without_a_deadline_and_a_reason_why_not_stop_nothing() -> None:
    claim = due_in(DAY)

    asked(claim, ago=HOUR, deadline=None)
    asked(claim, ago=HOUR, deadline=DAY, not_asked_because="They are in hiding.")

    claim.refresh_from_db()
    assert claim.paused_for == timedelta(0)
    assert not claim.is_paused


def test_a_new_date_counts_from_when_it_was_set() -> None:
    claim = due_in(DAY)
    asked(claim, ago=5 * DAY, deadline=2 * DAY)
    claim.refresh_from_db()

    new = timezone.now() + 3 * DAY
    edit(claim, Amendment({"due_at": new}), by=factories.editor(), version=None)

    claim.refresh_from_db()
    assert claim.is_paused
    assert round(claim.paused_for / HOUR) == 48
    edit(claim, Amendment({"due_at": None}), by=factories.editor(), version=None)
    claim.refresh_from_db()
    assert not claim.is_paused


def test_time_presses_less_while_the_clock_stands_still() -> None:
    claim = due_in(2 * HOUR)
    before = {part.name: part.points for part in priority_of(claim).parts}
    asked(claim, ago=60 * HOUR, deadline=DAY)
    claim.refresh_from_db()

    after = {part.name: part.points for part in priority_of(claim).parts}

    assert after["due"] < before["due"]


def test_what_is_closed_is_never_overdue() -> None:
    claim = due_in(-DAY)
    wish = Wish(reason="opinion", note="It is one.")
    claim = transition(claim, "dismiss", by=factories.editor(), wish=wish)

    assert not claim.is_overdue
    assert not Claim.objects.overdue().exists()


def told() -> set[str]:
    return {one.person.username for one in Notification.objects.filter(kind="reply_due")}


def test_silence_is_told_once_to_who_asked_and_to_whom_it_is_assigned() -> None:
    claim = factories.claim()
    claim.assigned_to.add(factories.person("reviewer", name="assigned"))
    factories.editor("nobody asked")
    by = factories.contributor("asker")
    now = timezone.now()
    said = Asked("The ministry", asked_at=now - 2 * DAY, deadline=now - HOUR)
    right_of_reply.log(claim, said, by=by)
    right_of_reply.log(claim, Asked("The mayor", deadline=now + HOUR), by=by)

    tasks.silences()
    tasks.silences()

    assert told() == {"asker", "assigned"}
    assert Notification.objects.filter(kind="reply_due").count() == 2
    assert Alert.objects.get(claim=claim).kind == "reply_due"
    claim.refresh_from_db()
    assert not claim.needs_look


def test_an_answer_after_all_closes_the_alert() -> None:
    request = asked(factories.claim(), ago=2 * DAY, deadline=-HOUR)
    tasks.silences()

    right_of_reply.answered(request, by=factories.contributor(), answer="We were away.")

    assert Alert.objects.get(claim=request.claim).closed_at is not None


@pytest.mark.parametrize("said", [{"answer": "No."}, {"not_asked_because": "Dead."}])
def test_who_answered_or_was_not_asked_is_not_silent(said: dict[str, str]) -> None:
    asked(factories.claim(), ago=2 * DAY, deadline=-HOUR, **said)

    tasks.silences()

    assert not Alert.objects.exists()
    assert told() == set()


def test_silence_about_a_dismissed_claim_is_nobodys_business() -> None:
    claim = factories.claim()
    asked(claim, ago=2 * DAY, deadline=-HOUR)
    wish = Wish(reason="opinion", note="It is one.")
    transition(claim, "dismiss", by=factories.editor(), wish=wish)

    tasks.silences()

    assert not Alert.objects.exists()
    assert told() == set()


def test_of_a_restricted_claim_only_those_learn_who_may_see_it() -> None:
    factories.editor("editor")
    claim = factories.claim(visibility="restricted")
    asked(claim, ago=2 * DAY, deadline=-HOUR)

    tasks.silences()

    assert told() == set()


def test_an_answer_after_publication_is_an_alert_and_is_told_to_editors() -> None:
    claim = factories.claim(author=factories.contributor(), claimant=factories.claimant())
    request = asked(claim, ago=2 * DAY, deadline=DAY)
    claim = stories.published(claim, by=factories.editor("issuer"))

    right_of_reply.answered(request, by=factories.contributor(), answer="Wait.")

    claim.refresh_from_db()
    assert claim.needs_look
    assert Alert.objects.get(claim=claim).kind == "late_reply"
    late = Notification.objects.filter(kind="late_reply")
    assert {one.person.username for one in late} == {"issuer"}


def test_whose_answer_is_awaited_and_what_is_late_is_told_wherever_the_claim_is_shown() -> None:
    waiting, late = due_in(DAY + HOUR / 2), due_in(-5 * HOUR)
    asked(waiting, ago=HOUR, deadline=3 * DAY)
    for claim in (waiting, late):
        stories.sent_to_review(claim)
    reader = Desk.of(factories.reviewer())
    lists = [reverse("desk:queue"), reverse("admin:claims_claim_changelist")]

    for told in (*(words(reader.get(url)) for url in lists), words(reader.page(waiting))):
        assert "Clock paused, 25 h left" in told
        assert "waiting for The ministry" in told
    for told in (*(words(reader.get(url)) for url in lists), words(reader.page(late))):
        assert "Overdue by 5 h" in told
    narrowed = words(reader.get(lists[1], only="paused"))
    assert waiting.text in narrowed
    assert late.text not in narrowed


def test_a_silence_stands_on_the_page_until_the_claim_is_out() -> None:
    claim = factories.claim(author=factories.contributor())
    asked(claim, ago=2 * DAY, deadline=-HOUR)
    tasks.silences()
    editor = Desk.of(factories.editor())
    assert "The ministry did not answer by the deadline." in words(editor.page(claim))

    stories.published(claim)

    assert "did not answer by the deadline" not in words(editor.page(claim))
