"""A person takes a candidate, leaves it, or marks a passage: only their own words are theirs."""

import json
from typing import Any

import pytest

from claims.errors import Conflict, Forbidden, Invalid
from claims.intake.take import leave, mark, take
from claims.models import Article, Candidate, Claim
from claims.models.ledger import LogEntry
from tests import factories as make

pytestmark = pytest.mark.django_db

TEXT = 'Bridge shut.\nThe mayor, Ana Lind, said that the bridge is closed "for good". It rained.'
EXACT = 'The mayor, Ana Lind, said that the bridge is closed "for good".'


@pytest.fixture
def article() -> Article:
    edge = make.attribution(TEXT, "Ana Lind", "said", kind="person")
    return make.article(TEXT, attributions=[edge])


@pytest.fixture
def candidate(article: Article) -> Candidate:
    return make.candidate(
        article,
        EXACT,
        text='The bridge is closed "for good".',
        attributions=["e1"],
        appearances=[{"start": 0, "end": 12, "note": "headline", "hedge_lost": False}],
    )


def creation(claim: Claim) -> dict[str, Any]:
    return json.loads(bytes(LogEntry.objects.get(claim=claim.pk).body))  # type: ignore[no-any-return]


def test_a_candidate_taken_as_it_is_has_no_author(candidate: Candidate) -> None:
    by = make.reviewer()
    claim = take(candidate, by=by)
    candidate.refresh_from_db()
    assert (candidate.status, candidate.claim) == ("taken", claim)
    assert candidate.decided_by == by.person
    assert not claim.authors.exists()
    assert claim.created_by == by.person
    entry = creation(claim)
    assert (entry["type"], entry["actor"]) == ("claim.created", "system")


def test_the_claim_keeps_quote_appearances_worth_and_claimant(candidate: Candidate) -> None:
    claim = take(candidate, by=make.contributor())
    assert claim.quote is not None
    assert claim.quote["exact"] == EXACT
    assert TEXT[claim.quote["start"] : claim.quote["end"]] == EXACT
    assert claim.quote["prefix"] == "Bridge shut.\n"
    assert claim.appearances == candidate.appearances
    assert claim.checkworthiness == {"score": 0.7, "parts": candidate.parts}
    assert claim.claimant is not None
    assert (claim.claimant.name, claim.claimant.kind) == ("Ana Lind", "person")
    assert [item.article for item in claim.coverage.all()] == [candidate.article]


def test_a_suggested_chain_makes_nobody_a_claimant(candidate: Candidate) -> None:
    Candidate.objects.filter(pk=candidate.pk).update(inherited=True)
    assert take(candidate, by=make.contributor()).claimant is None


def test_a_relay_is_no_claimant() -> None:
    text = "The Harbour Post reported that the bridge is closed."
    edge = make.attribution(text, "The Harbour Post", "reported")
    candidate = make.candidate(make.article(text, attributions=[edge]), attributions=["e1"])
    assert take(candidate, by=make.contributor()).claimant is None


def test_who_changes_the_words_is_their_author(candidate: Candidate) -> None:
    by = make.reviewer()
    claim = take(candidate, by=by, text="The bridge will not open again.")
    assert claim.text == "The bridge will not open again."
    assert [author.person for author in claim.authors.all()] == [by.person]
    assert creation(claim)["actor"].startswith("u:")


def test_other_spaces_and_quotation_marks_are_no_other_words(candidate: Candidate) -> None:
    claim = take(candidate, by=make.reviewer(), text="The bridge  is closed “for good”.")
    assert claim.text == candidate.text
    assert not claim.authors.exists()


def test_taken_twice_it_is_the_same_claim(candidate: Candidate) -> None:
    claim = take(candidate, by=make.contributor())
    assert take(candidate, by=make.contributor(), text="Something else.") == claim
    assert Claim.objects.count() == 1
    assert claim.demand == 1


def test_the_same_words_of_another_article_are_the_same_claim(candidate: Candidate) -> None:
    claim = take(candidate, by=make.contributor())
    other = make.candidate(make.article(TEXT + " More."), EXACT, text=candidate.text)
    assert take(other, by=make.contributor()) == claim
    claim.refresh_from_db()
    assert claim.demand == 2
    assert claim.coverage.count() == 2


def test_what_was_left_says_why_and_can_still_be_taken(candidate: Candidate) -> None:
    left = leave(candidate, by=make.contributor(), reason="An opinion.")
    assert (left.status, left.why) == ("left", "An opinion.")
    claim = take(left, by=make.contributor())
    with pytest.raises(Conflict):
        leave(candidate, by=make.contributor())
    candidate.refresh_from_db()
    assert candidate.claim == claim


def test_a_marked_passage_becomes_a_claim_without_an_author(article: Article) -> None:
    start = TEXT.index("the bridge") - 1
    claim = mark(
        article, by=make.reviewer(), start=start, end=start + len("the bridge is closed") + 2
    )
    assert claim.text == "the bridge is closed"
    assert claim.quote is not None
    assert claim.quote["start"] == start + 1
    assert not claim.authors.exists()
    assert creation(claim)["actor"] == "system"


def test_a_passage_in_other_words_has_an_author(article: Article) -> None:
    by = make.reviewer()
    claim = mark(article, by=by, start=0, end=12, text="The bridge was shut.")
    assert [author.person for author in claim.authors.all()] == [by.person]
    assert claim.quote is not None
    assert claim.quote["exact"] == "Bridge shut."


def test_marking_what_the_machine_saw_takes_it(candidate: Candidate) -> None:
    claim = mark(candidate.article, by=make.reviewer(), start=candidate.start, end=candidate.end)
    candidate.refresh_from_db()
    assert (candidate.status, candidate.claim) == ("taken", claim)


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 5), (7, 3), (0, 10_000), (12, 13)])
def test_what_is_no_passage_is_refused(article: Article, start: int, end: int) -> None:
    with pytest.raises(Invalid):
        mark(article, by=make.reviewer(), start=start, end=end)
    assert not Claim.objects.exists()


def test_an_article_that_was_not_read_has_no_passages() -> None:
    article = make.article(url="https://paper.example/a")
    Article.objects.filter(pk=article.pk).update(text="")
    article.refresh_from_db()
    with pytest.raises(Conflict):
        mark(article, by=make.reviewer(), start=0, end=5)


def test_who_may_only_read_takes_nothing(candidate: Candidate) -> None:
    for act in (take, leave):
        with pytest.raises(Forbidden):
            act(candidate, by=make.admin())
    candidate.refresh_from_db()
    assert candidate.status == "open"
