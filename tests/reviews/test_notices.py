"""Who finds what in their inbox, and when."""

import pytest

from claims.models import Claim, User
from reviews import notices
from reviews.models import Notification
from reviews.verdicts import settle
from reviews.workflow.amend import Amendment, edit
from reviews.workflow.correct import propose_correction
from tests import factories
from tests.reviews import stories

pytestmark = pytest.mark.django_db


def told(kind: str) -> set[str]:
    return {one.person.username for one in Notification.objects.filter(kind=kind)}


def disputed() -> tuple[Claim, User, User]:
    claim = stories.sent_to_review()
    lead, second = factories.reviewer("lead"), factories.reviewer("second")
    stories.reviewed(claim, lead, "true")
    stories.reviewed(claim, second, "false")
    assert lead.person is not None
    assert second.person is not None
    claim.refresh_from_db()
    return claim, lead.person, second.person


def test_the_first_reviewer_learns_of_the_reveal_and_the_last_needs_no_telling() -> None:
    stories.settled(people=(factories.reviewer("lead"), factories.reviewer("second")))

    assert told("revealed") == {"lead"}
    assert told("disputed") == set()


def test_a_dispute_is_told_without_a_word_of_the_ratings() -> None:
    disputed()

    assert told("disputed") == {"lead"}
    message = Notification.objects.get(kind="disputed").message.lower()
    assert "true" not in message
    assert "false" not in message


def test_an_assigned_reviewer_learns_that_a_second_review_is_wanted() -> None:
    claim = stories.sent_to_review()
    lead, waiting = factories.reviewer(), factories.reviewer("waiting")
    assert lead.person is not None
    assert waiting.person is not None
    claim.assigned_to.add(lead.person, waiting.person)

    stories.reviewed(claim, lead, "true")

    assert told("review_wanted") == {"waiting"}


def test_editors_who_may_decide_are_asked_and_no_others() -> None:
    author = factories.actor("reviewer", "editor", name="author")
    claim, lead, _ = disputed()
    factories.editor("outside")
    lead.roles = ["reviewer", "editor"]
    lead.save()
    claim.authors.create(person=author.person)

    settle.ask_for_adjudication(claim, by=factories.editor("asking"))

    assert told("adjudication") == {"outside"}


def test_a_proposed_correction_goes_to_editors_who_may_issue_it() -> None:
    claim = stories.published(by=factories.editor("publisher"))
    proposer = factories.reviewer("proposer")

    propose_correction(
        claim,
        by=proposer,
        kind="clarification",
        note="Clearer.",
        changes={"finding": stories.text()},
    )

    assert told("correction") == {"publisher"}


def test_a_restricted_claim_is_told_to_its_own_people_alone() -> None:
    claim = stories.sent_to_review()
    lead, second = factories.reviewer("lead"), factories.reviewer("second")
    stories.reviewed(claim, lead, "true")
    Claim.objects.filter(pk=claim.pk).update(visibility=Claim.Visibility.RESTRICTED)
    claim.assigned_to.add(second.person)  # type: ignore[arg-type]

    stories.reviewed(claim, second, "true")

    assert told("revealed") == set()


def test_a_claim_that_too_few_here_may_review_is_told_to_editors() -> None:
    factories.editor("desk-lead")
    stories.sent_to_review()

    assert told("nobody_may") == {"desk-lead"}


def test_with_reviewers_enough_nobody_is_bothered() -> None:
    factories.editor()
    factories.reviewer()
    factories.reviewer()
    stories.sent_to_review()

    assert told("nobody_may") == set()


def test_a_round_that_begins_anew_with_too_few_who_may_sit_is_told_again() -> None:
    factories.editor("desk-lead")
    lead = factories.reviewer()
    claim = stories.sent_to_review()
    stories.reviewed(claim, lead, "true")
    Notification.objects.all().delete()
    claim.refresh_from_db()

    edit(
        claim,
        Amendment({"text": "Other words with another meaning."}, meaning="changed"),
        by=factories.reviewer(),
        version=None,
    )

    assert told("nobody_may") == {"desk-lead"}


def test_who_becomes_an_author_of_a_claim_in_review_may_leave_too_few() -> None:
    factories.editor("desk-lead")
    factories.reviewer()
    writer = factories.reviewer()
    claim = stories.sent_to_review()
    assert told("nobody_may") == set()

    edit(claim, Amendment({"text": "Clearer words."}), by=writer, version=None)

    assert told("nobody_may") == {"desk-lead"}


def test_a_kind_of_notice_that_nobody_knows_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="no kind of notice"):
        notices.tell([], "hello", factories.claim(), "Hello.", but=factories.editor())
