"""What is published is corrected in the open, by two people, and never quietly."""

import json

import pytest

from claims.errors import Forbidden, FourEyes, Invalid
from claims.ledger import read
from claims.models import Actor, Claim
from reviews.errors import IllegalTransition, NotReady
from reviews.models import CorrectionProposal
from reviews.workflow import amend, correct
from reviews.workflow.step import Wish
from reviews.workflow.transition import transition
from tests import factories
from tests.reviews import stories

pytestmark = pytest.mark.django_db


def proposed(
    claim: Claim, by: Actor, kind: str = "clarification", **changes: object
) -> CorrectionProposal:
    evidence = list(claim.evidence.all())
    return correct.propose_correction(
        claim,
        by=by,
        kind=kind,
        note="The headline said too much.",
        changes=changes or {"finding": stories.text(evidence, headline="Said less")},
    )


def test_one_proposes_and_another_issues() -> None:
    claim, proposer = stories.published(), factories.editor()
    proposal = proposed(claim, proposer)

    with pytest.raises(FourEyes):
        correct.issue_correction(proposal, by=proposer)
    correct.issue_correction(proposal, by=factories.editor())

    living = stories.living(claim)
    document = json.loads(bytes(living.document))
    assert (living.version, document["headline"]) == (2, "Said less")
    assert document["correction"]["corrects"] == 1
    last = read.entries(claim=claim.pk)[-1]
    assert (last.type, last.data["kind"]) == ("correction.issued", "clarification")


def test_whoever_had_a_hand_in_the_verdict_does_not_issue() -> None:
    both = factories.actor("reviewer", "editor")
    claim = stories.published(people=(both, factories.reviewer()))

    with pytest.raises(FourEyes):
        correct.issue_correction(proposed(claim, factories.editor()), by=both)


def test_a_typo_goes_out_at_once() -> None:
    claim = stories.published()

    proposal = proposed(claim, factories.editor(), kind="typo")

    proposal.refresh_from_db()
    assert proposal.issued_as is not None
    assert stories.living(claim).version == 2


def test_a_typo_goes_out_at_once_by_nobody_with_a_hand_in_it() -> None:
    reviewing, writing = factories.actor("reviewer", "editor"), factories.editor()
    claims = {
        reviewing: stories.published(people=(reviewing, factories.reviewer())),
        writing: stories.published(factories.claim(author=writing)),
    }

    for by, claim in claims.items():
        with pytest.raises(FourEyes):
            proposed(claim, by, kind="typo")
        assert stories.living(claim).version == 1
        assert not CorrectionProposal.objects.filter(claim=claim).exists()


def test_a_typo_in_the_claim_s_own_words_takes_two() -> None:
    claim, by = stories.published(), factories.editor()

    proposal = proposed(claim, by, kind="typo", text="The words, spelt right.")

    assert proposal.issued_as is None
    with pytest.raises(FourEyes):
        correct.issue_correction(proposal, by=by)
    correct.issue_correction(proposal, by=factories.editor())
    claim.refresh_from_db()
    assert claim.text == "The words, spelt right."
    assert claim.authors.filter(person=by.person).exists()


@pytest.mark.parametrize("kind", ["rating_changed", "rechecked", "whatever"])
def test_a_new_rating_comes_from_checking_again(kind: str) -> None:
    with pytest.raises(Invalid):
        proposed(stories.published(), factories.editor(), kind=kind)


def test_words_are_corrected_to_words_without_the_spaces_around_them() -> None:
    claim = stories.published()
    by, changes = factories.reviewer(), {"text": " The bridge was shut.\n"}
    proposal = correct.propose_correction(
        claim, by=by, kind="factual_error", note="It was.", changes=changes
    )
    assert proposal.changes == {"text": "The bridge was shut."}

    with pytest.raises(Invalid) as refusal:
        correct.propose_correction(claim, by=by, kind="update", note="No.", changes={"text": " "})
    assert [one.pointer for one in refusal.value.problems] == ["/changes/text"]


def test_contributors_propose_nothing() -> None:
    with pytest.raises(Forbidden):
        proposed(stories.published(), factories.contributor())


def test_only_what_is_published_is_corrected() -> None:
    with pytest.raises(IllegalTransition):
        proposed(stories.settled(), factories.editor())
    with pytest.raises(IllegalTransition):
        proposed(stories.reopened(), factories.editor())


def test_a_verdict_that_no_longer_stands_is_not_corrected() -> None:
    claim = stories.published()
    proposal = proposed(claim, factories.reviewer())
    amend.withdraw_evidence(claim.evidence.get(), by=factories.editor(), reason="Forged.")

    with pytest.raises(NotReady) as refusal:
        correct.issue_correction(proposal, by=factories.editor())

    assert [unmet.code for unmet in refusal.value.unmet] == ["verdict"]


def test_a_page_held_back_is_brought_back_by_somebody_else() -> None:
    claim, first = stories.published(), factories.editor()

    correct.suspend(claim, by=first, reason="A threat came in.")
    with pytest.raises(IllegalTransition):
        correct.suspend(claim, by=factories.admin(), reason="Again.")
    with pytest.raises(FourEyes):
        correct.restore_page(claim, by=first)
    correct.restore_page(claim, by=factories.admin())

    types = [entry.type for entry in read.entries(claim=claim.pk)][-2:]
    assert types == ["claim.suspended", "claim.restored"]
    words = b"".join(read.bodies(0, read.size()))
    assert b"A threat came in" not in words


def test_nothing_published_is_nothing_to_hold_back() -> None:
    with pytest.raises(IllegalTransition):
        correct.suspend(stories.settled(), by=factories.editor(), reason="x")


def test_a_published_version_s_bytes_are_what_the_log_says() -> None:
    claim = stories.published()

    last = read.entries(claim=claim.pk)[-1]
    living = stories.living(claim)
    assert (last.type, last.data["snapshot_sha256"]) == ("claim.published", living.sha256)
    names = {review.reviewer.username for review in living.verdict.round.reviews.all()}
    assert not any(name.encode() in bytes(living.document) for name in names)


def test_withdrawing_voids_an_open_round_first() -> None:
    claim = stories.reopened()

    transition(claim, "withdraw", by=factories.editor(), wish=Wish(reason="We were fooled."))

    types = [entry.type for entry in read.entries(claim=claim.pk)][-2:]
    assert types == ["round.voided", "claim.withdrawn"]
