"""What publishing does about origins: those that the verdict did not see ask for another look."""

import pytest

from claims.models import Article, Claim
from claims.models.ledger import LogEntry
from claims.provenance.attribution import read
from claims.provenance.trace import recompute
from reviews.verdicts import finding as texts
from reviews.workflow.step import Wish
from reviews.workflow.transition import transition
from tests import factories as make
from tests.reviews import stories

CLAIM = "The bridge over the Orle was closed on Monday because a pillar had cracked."

pytestmark = pytest.mark.django_db


def paper(text: str) -> Article:
    return make.article(text, language="en", attributions=read(text, language="en"))


def told(claim: Claim, text: str) -> Claim:
    make.covered(claim, paper(text))
    recompute(claim)
    claim.refresh_from_db()
    return claim


def grew(claim: Claim) -> int:
    return LogEntry.objects.filter(claim=claim.pk, type="x-origins.grew").count()


def begun() -> Claim:
    claim = make.claim(CLAIM, author=make.contributor())
    return told(claim, "The Orle bridge was closed on Monday, Dana Wick said.")


def published_again(claim: Claim) -> Claim:
    lead, second = make.reviewer(), make.reviewer()
    evidence = list(claim.evidence.all())
    stories.reviewed(claim, lead, evidence=evidence)
    stories.reviewed(claim, second, evidence=evidence)
    texts.agree(claim, by=second)
    wish = Wish(kind="update", note="Another witness was found.")
    return transition(claim, "publish", by=make.editor(), wish=wish)


def test_a_publication_relies_on_the_count_of_its_verdict() -> None:
    claim = stories.published(begun())
    claim.refresh_from_db()
    assert claim.relied_on == stories.verdict_of(claim).trace
    assert claim.relied_on is not None
    assert (claim.needs_look, grew(claim)) == (False, 0)


def test_what_came_up_since_the_reviews_asks_for_another_look_when_it_is_published() -> None:
    claim = told(stories.settled(begun()), "On Monday the bridge was closed, Tom Rehn said.")
    before = claim.needs_look
    claim = transition(claim, "publish", by=make.editor())
    claim.refresh_from_db()
    assert (before, claim.state, claim.needs_look) == (False, "published", True)
    assert "Tom Rehn" in claim.alerts.get(closed_at=None).message
    assert grew(claim) == 1


def test_a_new_verdict_that_saw_it_closes_what_was_to_be_looked_at() -> None:
    claim = told(stories.published(begun()), "On Monday the bridge was closed, Tom Rehn said.")
    looked_at = claim.alerts.get()
    claim = published_again(stories.reopened(claim))
    looked_at.refresh_from_db()
    assert looked_at.closed_at is not None
    assert (claim.needs_look, grew(claim)) == (False, 1)
    claim = told(claim, "The bridge closed on Monday, Kim Aro said.")
    message = claim.alerts.get(closed_at=None).message
    assert "Kim Aro" in message
    assert "Tom Rehn" not in message
