"""Changing words and evidence, and what becomes of the judgements that rest on them."""

import pytest

from claims.errors import Forbidden, FourEyes, Invalid, Stale
from claims.ledger import read
from claims.models import Claim
from reviews.errors import IllegalTransition, NotReady
from reviews.models import Notification
from reviews.queue import lease
from reviews.rounds import newest
from reviews.workflow import amend
from reviews.workflow.amend import Amendment
from tests import factories
from tests.reviews import stories

pytestmark = pytest.mark.django_db


def kinds(claim: Claim) -> list[str]:
    return [entry.type for entry in read.entries(claim=claim.pk)]


def test_changed_words_make_an_author_and_are_committed() -> None:
    claim, by = factories.claim(), factories.editor()

    changed = amend.edit(claim, Amendment({"text": "The bridge is shut."}), by=by, version=1)

    assert (changed.text, changed.version) == ("The bridge is shut.", 2)
    assert claim.authors.get().person == by.person
    assert kinds(claim) == ["claim.edited"]


def test_spaces_around_the_words_change_nothing_and_make_nobody_an_author() -> None:
    claim = factories.claim("The bridge is open.")

    amend.edit(
        claim, Amendment({"text": " The bridge is open.\n"}), by=factories.editor(), version=1
    )

    claim.refresh_from_db()
    assert (claim.text, claim.version, kinds(claim)) == ("The bridge is open.", 1, [])
    assert not claim.authors.exists()


def test_other_fields_are_amended_without_authorship() -> None:
    claim, by = factories.claim(), factories.editor()
    colleague = factories.reviewer("ana")

    amend.edit(
        claim,
        Amendment(
            {
                "tags": ["ferry", "harbour"],
                "topic": "Transport",
                "claimant": ("Ivo Lund", "person"),
                "assigned_to": ["ana"],
                "harm": 2,
            }
        ),
        by=by,
        version=1,
    )

    claim.refresh_from_db()
    assert not claim.authors.exists()
    assert kinds(claim) == ["x-claim.amended"]
    assert claim.priority > 0
    assert Notification.objects.get().person == colleague.person


def test_nothing_changed_is_no_event() -> None:
    claim = factories.claim(harm=1)

    amend.edit(claim, Amendment({"harm": 1}), by=factories.editor(), version=1)

    claim.refresh_from_db()
    assert (claim.version, kinds(claim)) == (1, [])


def test_a_stale_edit_is_refused() -> None:
    claim = factories.claim()
    amend.edit(claim, Amendment({"harm": 1}), by=factories.editor(), version=1)

    with pytest.raises(Stale):
        amend.edit(claim, Amendment({"harm": 2}), by=factories.editor(), version=1)


def test_contributors_edit_drafts_only() -> None:
    draft, checking = factories.claim(), stories.sent_to_review()

    amend.edit(draft, Amendment({"harm": 1}), by=factories.contributor(), version=None)
    with pytest.raises(Forbidden):
        amend.edit(checking, Amendment({"harm": 1}), by=factories.contributor(), version=None)


def test_a_published_claim_is_corrected_not_edited() -> None:
    with pytest.raises(IllegalTransition):
        amend.edit(
            stories.published(), Amendment({"harm": 1}), by=factories.editor(), version=None
        )


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"text": "  "}, "/text"),
        ({"text": "x" * 5_001}, "/text"),
        ({"assigned_to": ["nobody-here"]}, "/assigned_to/0"),
        ({"urgent": True}, "/reason"),
        ({"state": "published"}, "/state"),
    ],
)
def test_what_cannot_be_used_is_named(changes: dict[str, object], pointer: str) -> None:
    with pytest.raises(Invalid) as refusal:
        amend.edit(factories.claim(), Amendment(changes), by=factories.editor(), version=None)
    assert refusal.value.problems[0].pointer == pointer


def test_urgent_is_an_editor_s_word_and_sets_a_time() -> None:
    claim = factories.claim()

    with pytest.raises(Forbidden):
        amend.edit(
            claim,
            Amendment({"urgent": True}, reason="Now."),
            by=factories.reviewer(),
            version=None,
        )
    changed = amend.edit(
        claim,
        Amendment({"urgent": True}, reason="A run on the bank."),
        by=factories.editor(),
        version=None,
    )
    assert changed.due_at is not None
    assert changed.priority >= 100


def test_words_changed_in_meaning_void_the_round_and_open_another() -> None:
    claim = stories.sent_to_review()
    first = newest(claim)
    stories.reviewed(claim, factories.reviewer())

    with pytest.raises(Invalid) as refusal:
        amend.edit(claim, Amendment({"text": "New."}), by=factories.editor(), version=None)
    assert refusal.value.problems[0].pointer == "/meaning"

    amend.edit(
        claim,
        Amendment({"text": "New."}, meaning="changed"),
        by=factories.reviewer(),
        version=None,
    )

    assert kinds(claim)[-3:] == ["claim.edited", "round.voided", "round.opened"]
    assert newest(claim) != first


def test_the_same_meaning_is_an_editor_s_word_and_keeps_the_round() -> None:
    claim = stories.sent_to_review()
    rater = factories.reviewer()
    stories.reviewed(claim, rater)
    words = Amendment({"text": "The same, spelt right."}, meaning="same")

    with pytest.raises(Forbidden):
        amend.edit(claim, words, by=factories.reviewer(), version=None)
    amend.edit(claim, words, by=factories.editor(), version=None)

    assert newest(claim).is_open  # type: ignore[union-attr]
    assert Notification.objects.get().person == rater.person


def test_a_reviewer_who_writes_the_words_loses_the_seat() -> None:
    claim, by = stories.sent_to_review(), factories.reviewer()
    lease.take(claim, by=by)

    amend.edit(claim, Amendment({"text": "Mine now."}), by=by, version=None)

    with pytest.raises(FourEyes):
        lease.take(claim, by=by)
    assert lease.take(claim, by=factories.reviewer()).seat == "first"


def test_withdrawn_evidence_voids_the_rounds_that_cite_it() -> None:
    claim = stories.settled()
    item = claim.evidence.get()

    amend.withdraw_evidence(item, by=factories.editor(), reason="It was forged.")

    claim.refresh_from_db()
    assert kinds(claim)[-3:] == ["evidence.withdrawn", "round.voided", "round.opened"]
    assert claim.stage == "review"
    item.refresh_from_db()
    assert item.withdrawn_reason == "It was forged."


def test_in_an_open_round_any_withdrawal_voids_so_that_nothing_can_be_read_from_it() -> None:
    claim = stories.sent_to_review()
    cited, other = factories.evidence(claim), factories.evidence(claim)
    stories.reviewed(claim, factories.reviewer(), evidence=[cited])
    before = newest(claim)

    amend.withdraw_evidence(other, by=factories.editor(), reason="Off topic.")

    assert newest(claim) != before


def test_withdrawing_what_no_review_saw_voids_nothing() -> None:
    claim = stories.sent_to_review()
    item = factories.evidence(claim)
    before = newest(claim)

    amend.withdraw_evidence(item, by=factories.editor(), reason="Off topic.")

    assert newest(claim) == before


def test_withdrawing_what_a_published_verdict_rests_on_asks_for_another_look() -> None:
    claim = stories.published()

    amend.withdraw_evidence(claim.evidence.get(), by=factories.editor(), reason="Forged.")

    claim.refresh_from_db()
    assert (claim.state, claim.needs_look) == ("published", True)
    assert claim.alerts.count() == 1


def test_evidence_changes_until_somebody_relied_on_it() -> None:
    claim = stories.sent_to_review()
    item = factories.evidence(claim)

    amend.change_evidence(item, by=factories.editor(), changes={"title": "A better title"})
    stories.reviewed(claim, factories.reviewer())
    with pytest.raises(NotReady):
        amend.change_evidence(item, by=factories.editor(), changes={"title": "Another"})
    with pytest.raises(NotReady):
        amend.remove_evidence(item, by=factories.editor())

    item.refresh_from_db()
    assert item.title == "A better title"
