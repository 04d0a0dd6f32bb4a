"""Two people judge without seeing each other's mind, and what follows from it."""

import json
from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction

from claims.errors import Forbidden, FourEyes, Invalid
from claims.ledger import read
from claims.models import Actor, Claim
from reviews import method, policy
from reviews.errors import AlreadyReviewed, IllegalTransition, LeaseRequired
from reviews.models import Finding, Policy, Review
from reviews.queue import lease
from reviews.rounds import newest
from reviews.verdicts import finding as texts
from reviews.verdicts import rate, settle
from tests import factories
from tests.reviews import stories

pytestmark = pytest.mark.django_db

RATED = rate.Rated(rating="unproven", reason="Because.", text=stories.text())


def disputed(lead: Actor | None = None, second: Actor | None = None) -> Claim:
    claim = stories.sent_to_review()
    stories.reviewed(claim, lead or factories.reviewer(), "true")
    stories.reviewed(claim, second or factories.reviewer(), "false")
    claim.refresh_from_db()
    return claim


def test_equal_ratings_settle_the_verdict_in_the_same_breath() -> None:
    claim = stories.settled()

    verdict = stories.verdict_of(claim)
    assert (verdict.rating.code, verdict.by, claim.stage) == ("unproven", "agreement", "ready")
    kinds = [entry.type for entry in read.entries(claim=claim.pk)]
    assert kinds[-3:] == ["round.revealed", "verdict.recorded", "x-finding.agreed"]


def test_a_review_and_its_verdict_say_under_which_rules_they_were_made() -> None:
    claim = stories.sent_to_review()
    stories.reviewed(claim, factories.reviewer())
    policy.change(None, wip_limit=7)
    stories.reviewed(claim, factories.reviewer())

    first, second = Review.objects.order_by("submitted_at")
    verdict = stories.verdict_of(claim)
    number = Policy.objects.get().pk
    assert (first.method["policy"], second.method["policy"]) == (method.AS_SHIPPED, number)
    assert verdict.method == second.method
    scale = verdict.rating.scale
    assert (verdict.method["scale"], verdict.method["scale_version"]) == (
        scale.slug,
        scale.version,
    )


@pytest.mark.parametrize(
    ("has_interest", "words"), [(True, ""), (True, "  "), (False, "A cousin works there.")]
)
def test_an_interest_is_told_whole_or_not_at_all(*, has_interest: bool, words: str) -> None:
    claim, by = stories.sent_to_review(), factories.reviewer()
    lease.take(claim, by=by)

    with pytest.raises(Invalid) as refused:
        rate.submit(
            claim, replace(RATED, has_interest=has_interest, conflict_of_interest=words), by=by
        )

    assert refused.value.problems[0].pointer == "/conflict_of_interest"
    assert not Review.objects.exists()


def test_words_about_an_interest_say_that_there_is_one() -> None:
    claim, by = stories.sent_to_review(), factories.reviewer()
    lease.take(claim, by=by)

    review = rate.submit(claim, replace(RATED, conflict_of_interest=" A cousin. "), by=by)

    assert (review.has_interest, review.conflict_of_interest) == (True, "A cousin.")


def test_a_version_that_is_silent_of_what_was_looked_for_leaves_it() -> None:
    claim = stories.sent_to_review()
    lead, second = factories.reviewer(), factories.reviewer()
    lease.take(claim, by=lead)
    said = replace(stories.text(), looked_against="In two archives: none found.")
    rate.submit(claim, replace(RATED, text=said), by=lead)
    stories.reviewed(claim, second)

    silent = texts.write(claim, stories.text(headline="Another"), by=second)
    erased = texts.write(claim, replace(stories.text(), looked_against=""), by=second)

    assert silent.looked_against == "In two archives: none found."
    assert erased.looked_against == ""


def test_different_ratings_are_disputed_and_settle_nothing() -> None:
    claim = disputed()

    assert claim.stage == "disputed"
    assert not claim.verdicts.exists()


def test_until_the_last_review_nobody_reads_another_s() -> None:
    claim = stories.sent_to_review()
    lead, second = factories.reviewer(), factories.reviewer()
    stories.reviewed(claim, lead, "true")

    assert Review.objects.visible_to(lead).count() == 1
    for other in (second, factories.editor(), factories.admin(), factories.service("claims:read")):
        assert not Review.objects.visible_to(other).exists()
        assert not Finding.objects.visible_to(other).exists()

    stories.reviewed(claim, second, "true")
    assert Review.objects.visible_to(factories.contributor()).count() == 2


def test_the_log_says_that_a_review_came_and_not_what_it_says() -> None:
    claim = stories.sent_to_review()
    stories.reviewed(claim, factories.reviewer(), "mostly-false")

    last = read.entries(claim=claim.pk)[-1]
    body = next(read.bodies(last.seq, last.seq + 1)).decode()
    assert json.loads(body)["data"] == {"round": str(newest(claim).pk)}  # type: ignore[union-attr]
    assert "mostly-false" not in body
    assert "Because of what we saw" not in body


def test_a_review_needs_a_seat() -> None:
    claim = stories.sent_to_review()

    with pytest.raises(LeaseRequired):
        rate.submit(claim, RATED, by=factories.reviewer())


def test_a_seat_that_ran_out_is_no_seat() -> None:
    claim = stories.sent_to_review()
    late = factories.reviewer()
    assert late.person is not None
    lease.take(claim, by=late)
    factories.lease(claim, late.person, minutes=-1)

    with pytest.raises(LeaseRequired):
        rate.submit(claim, RATED, by=late)


def test_one_review_each() -> None:
    claim = stories.sent_to_review()
    keen = factories.reviewer()
    stories.reviewed(claim, keen)

    with pytest.raises(AlreadyReviewed):
        rate.submit(claim, RATED, by=keen)
    with pytest.raises(AlreadyReviewed):
        lease.take(claim, by=keen)


def test_whoever_wrote_the_words_does_not_review_them() -> None:
    writer = factories.reviewer()
    claim = stories.sent_to_review(factories.claim(author=writer))

    with pytest.raises(FourEyes):
        lease.take(claim, by=writer)
    with pytest.raises(FourEyes):
        rate.submit(claim, RATED, by=writer)


@pytest.mark.parametrize("who", [factories.contributor, factories.editor, factories.admin])
def test_only_reviewers_review(who: object) -> None:
    claim = stories.sent_to_review()

    with pytest.raises(Forbidden) as refusal:
        rate.submit(claim, RATED, by=who())  # type: ignore[operator]
    assert refusal.value.reason == "role"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"rating": "brilliant"}, "/rating"),
        ({"reason": " "}, "/reason"),
        ({"reason": "x" * 20_001}, "/reason"),
        ({"evidence": ["no-such"]}, "/evidence/0"),
        ({"confidence": "very"}, "/confidence"),
        ({"text": None}, "/finding"),
        ({"text": stories.text(headline="")}, "/finding/headline"),
        ({"text": replace(stories.text(), answer="x" * 200_000)}, "/finding/answer"),
        ({"text": replace(stories.text(), sentences=())}, "/finding/sentences"),
    ],
)
def test_what_cannot_be_used_is_named_and_leaves_nothing(
    changes: dict[str, object], pointer: str
) -> None:
    claim = stories.sent_to_review()
    lead = factories.reviewer()
    lease.take(claim, by=lead)
    size = read.size()

    with pytest.raises(Invalid) as refusal:
        rate.submit(claim, replace(RATED, **changes), by=lead)  # type: ignore[arg-type]

    assert [problem.pointer for problem in refusal.value.problems] == [pointer]
    assert (read.size(), Review.objects.count()) == (size, 0)


def test_withdrawn_evidence_cannot_be_cited() -> None:
    claim = stories.sent_to_review()
    item = factories.evidence(claim, withdrawn_at="2026-01-01T00:00Z", withdrawn_reason="Fake.")

    with pytest.raises(Invalid) as refusal:
        stories.reviewed(claim, factories.reviewer(), evidence=[item])

    assert "withdrawn" in refusal.value.problems[0].message


def test_the_two_reconcile_when_both_name_the_same() -> None:
    lead, second = factories.reviewer(), factories.reviewer()
    claim = disputed(lead, second)

    assert settle.reconcile(claim, by=lead, rating="false") is None
    assert settle.reconcile(claim, by=second, rating="true") is None
    verdict = settle.reconcile(claim, by=lead, rating="true")

    assert verdict is not None
    assert (verdict.rating.code, verdict.by) == ("true", "reconciled")
    claim.refresh_from_db()
    assert claim.stage == "finding"


def test_they_settle_on_one_of_their_own_ratings() -> None:
    lead = factories.reviewer()
    claim = disputed(lead)

    with pytest.raises(Invalid):
        settle.reconcile(claim, by=lead, rating="unproven")
    with pytest.raises(Forbidden):
        settle.reconcile(claim, by=factories.reviewer(), rating="true")


def test_an_editor_outside_the_round_decides() -> None:
    lead = factories.reviewer()
    claim = disputed(lead)
    settle.ask_for_adjudication(claim, by=lead)
    claim.refresh_from_db()
    assert claim.stage == "adjudication"

    editor = factories.editor()
    settle.adjudicate(claim, by=editor, rating="unproven", reason="Neither is shown.")

    assert stories.verdict_of(claim).by == "adjudication"
    claim.refresh_from_db()
    with pytest.raises(FourEyes):
        stories.transition(claim, "publish", by=editor)


def test_a_reviewer_of_the_round_does_not_decide_it() -> None:
    both = factories.actor("reviewer", "editor")
    claim = disputed(both)

    with pytest.raises(FourEyes):
        settle.adjudicate(claim, by=both, rating="true", reason="Mine.")


def test_nothing_is_decided_where_nothing_is_disputed() -> None:
    claim = stories.settled()

    with pytest.raises(IllegalTransition):
        settle.adjudicate(claim, by=factories.editor(), rating="true", reason="No.")


def test_three_reviewers_can_have_a_majority() -> None:
    policy.change(None, reviewers=3)
    claim = stories.sent_to_review()
    for rating in ("true", "false", "true"):
        stories.reviewed(claim, factories.reviewer(), rating)

    verdict = stories.verdict_of(claim)
    assert (verdict.rating.code, verdict.by) == ("true", "majority")


def test_the_text_is_agreed_by_a_reviewer_who_did_not_write_it() -> None:
    lead, second = factories.reviewer(), factories.reviewer()
    claim = stories.sent_to_review()
    stories.reviewed(claim, lead)
    stories.reviewed(claim, second)

    with pytest.raises(FourEyes):
        texts.agree(claim, by=lead)
    texts.agree(claim, by=second)
    claim.refresh_from_db()
    assert claim.stage == "ready"

    texts.write(claim, stories.text(headline="Edited"), by=factories.editor())
    claim.refresh_from_db()
    assert claim.stage == "finding"
    texts.agree(claim, by=lead)
    claim.refresh_from_db()
    assert claim.stage == "ready"


def test_before_the_reveal_nobody_writes_the_text() -> None:
    claim = stories.sent_to_review()
    stories.reviewed(claim, factories.reviewer())

    with pytest.raises(IllegalTransition):
        texts.write(claim, stories.text(headline="Mine"), by=factories.editor())


@pytest.mark.parametrize(
    "table", ["review", "verdict", "finding", "publication", "reviewevidence"]
)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("role", ["default", "owner"])
def test_the_database_refuses_to_change_what_was_judged(
    table: str, statement: str, role: str
) -> None:
    stories.published()
    words = statement.format(f"reviews_{table}")
    if role == "owner":
        words = f"{words}{' CASCADE' if 'TRUNCATE' in words else ''}"

    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(words)
