"""Evidence that somebody relies on: the database keeps it, whoever asks."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from claims import evidence as verbs
from claims.evidence.fetched import could_not_fetch, fetched
from claims.models import Claim, Evidence
from reviews import rounds
from reviews.rounds import newest
from reviews.verdicts import finding as texts
from reviews.workflow import amend
from tests import factories
from tests.reviews import stories

pytestmark = pytest.mark.django_db

# Each column that says something, and something else it could say.
WORDS = {
    "title": "'Other words'",
    "stance": "'supports'",
    "kind": "'document'",
    "note": "'Other words'",
    "quote": """'{"exact": "Other words"}'""",
    "anchor": """'{"page": 2}'""",
    "translation": """'{"text": "Other words", "by": "Ana"}'""",
    "contact": """'{"who": "Ivo", "terms": "on_record"}'""",
    "url": "'https://else.example/'",
    "capture_id": "NULL",
    "capturing": "'failed'",
    "owner": "'Somebody'",
    "interest": "'Money'",
    "named": "NOT named",
    '"primary"': 'NOT "primary"',
    "visibility": "'desk'",
    "added_by_id": "NULL",
    "created_at": "now()",
}


def run(statement: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def refused(statement: str, *values: Any) -> None:
    with pytest.raises(DatabaseError, match="used evidence"):
        run(statement, *values)


def observed(claim: Claim, **said: Any) -> Evidence:
    """Evidence that could stand on nothing but what we saw, so that any column may change."""
    return factories.evidence(
        claim, kind="observation", added_by=factories.contributor().person, **said
    )


def cited_by_a_review(claim: Claim) -> Evidence:
    item = observed(claim)
    stories.settled(claim, evidence=[item])
    return item


def published(claim: Claim) -> Evidence:
    item = observed(claim)
    stories.published(claim, evidence=[item])
    return item


def beside_a_hidden_review(claim: Claim) -> Evidence:
    item = observed(claim)
    stories.reviewed(stories.sent_to_review(claim), factories.reviewer())
    return item


def withdrawn(claim: Claim) -> Evidence:
    return amend.withdraw_evidence(observed(claim), by=factories.editor(), reason="Not theirs.")


USED = [cited_by_a_review, published, beside_a_hidden_review, withdrawn]


@pytest.mark.parametrize("use", USED)
@pytest.mark.parametrize("column", WORDS)
def test_no_word_of_it_is_changed(use: Callable[[Claim], Evidence], column: str) -> None:
    item = use(factories.claim(author=factories.contributor()))

    refused(f"UPDATE claims_evidence SET {column} = {WORDS[column]} WHERE id = %s", item.pk)  # noqa: S608 - our own words


@pytest.mark.parametrize("use", USED)
def test_it_is_never_deleted(use: Callable[[Claim], Evidence]) -> None:
    item = use(factories.claim(author=factories.contributor()))

    refused("DELETE FROM claims_evidence WHERE id = %s", item.pk)


def test_what_only_the_text_cites_is_kept_too() -> None:
    claim = stories.sent_to_review()
    item, judged = observed(claim), observed(claim)
    lead, second = factories.reviewer(), factories.reviewer()
    stories.reviewed(claim, lead, evidence=[judged])
    stories.reviewed(claim, second, evidence=[judged])
    texts.write(claim, stories.text([item]), by=lead)

    assert not item.cited_by.exists()
    refused("UPDATE claims_evidence SET title = 'Other words' WHERE id = %s", item.pk)
    refused("DELETE FROM claims_evidence WHERE id = %s", item.pk)


def test_a_round_taken_back_by_hand_opens_nothing() -> None:
    claim = factories.claim(author=factories.contributor())
    item = published(claim)
    run("UPDATE reviews_round SET revealed_at = NULL, voided_at = now()")

    refused("UPDATE claims_evidence SET title = 'Other words' WHERE id = %s", item.pk)


def test_what_nobody_relies_on_is_changed_and_deleted() -> None:
    claim = factories.claim(author=factories.contributor())
    item = observed(claim)
    published(claim)

    run("UPDATE claims_evidence SET title = 'Other words' WHERE id = %s", item.pk)
    run("DELETE FROM claims_evidence WHERE id = %s", item.pk)

    assert not Evidence.objects.filter(pk=item.pk).exists()


def test_what_a_review_that_stays_hidden_cites_is_told_by_nothing() -> None:
    claim = stories.sent_to_review()
    item, other = observed(claim), observed(claim)
    stories.reviewed(claim, factories.reviewer(), evidence=[item])
    round_ = newest(claim)
    assert round_ is not None
    rounds.void(round_, cause="words_changed")

    for one in (item, other):
        run("UPDATE claims_evidence SET title = 'Other words' WHERE id = %s", one.pk)


def test_it_is_still_withdrawn_with_a_reason_once() -> None:
    item = published(factories.claim(author=factories.contributor()))

    amend.withdraw_evidence(item, by=factories.editor(), reason="It was forged.")

    item.refresh_from_db()
    assert item.withdrawn_reason == "It was forged."
    refused("UPDATE claims_evidence SET withdrawn_reason = 'Mine' WHERE id = %s", item.pk)
    refused(
        "UPDATE claims_evidence SET withdrawn_at = NULL, withdrawn_reason = '' WHERE id = %s",
        item.pk,
    )


def test_it_is_still_vouched_for_once() -> None:
    claim = factories.claim(author=factories.contributor())
    item = observed(claim, visibility="sealed")
    stories.settled(claim, evidence=[item])

    verbs.sign_off(item, by=factories.editor())

    item.refresh_from_db()
    assert item.signed_off_at is not None
    refused(
        "UPDATE claims_evidence SET signed_off_by_id = NULL, signed_off_at = NULL WHERE id = %s",
        item.pk,
    )


def test_a_page_that_comes_after_it_was_cited_is_still_taken() -> None:
    claim = factories.claim(author=factories.contributor())
    waiting, broken = (
        factories.evidence(claim, url=f"https://news.example/{name}", capturing="fetching")
        for name in ("one", "two")
    )
    stories.settled(claim, evidence=[waiting, broken])

    fetched(waiting, factories.capture())
    could_not_fetch(broken, "The site answered 404.")

    waiting.refresh_from_db()
    broken.refresh_from_db()
    assert (waiting.capturing, broken.capturing) == ("stored", "failed")
    refused("UPDATE claims_evidence SET capture_id = NULL WHERE id = %s", waiting.pk)
