"""Verdicts on nearly the same words: after one's own rating, and never out of a blind round."""

import pytest

from claims.models import Claim
from reviews.models import ReviewDraft
from reviews.queue import lease
from reviews.rounds import newest
from reviews.verdicts.earlier import earlier_verdicts
from reviews.workflow import amend
from tests import factories as make
from tests.reviews import stories
from tests.reviews.admin.desk import Desk, words

pytestmark = pytest.mark.django_db

WORDS = "The bridge at Orrel was closed on Monday."
ALIKE = "The bridge at Orrel was closed on Tuesday."


@pytest.fixture
def claim() -> Claim:
    make.scale()
    return stories.sent_to_review(make.claim(WORDS, author=make.contributor()))


def judged(rating: str = "unproven", text: str = ALIKE) -> Claim:
    return stories.settled(make.claim(text, author=make.contributor()), rating=rating)


def told(claim: Claim, own: str) -> list[tuple[str, bool]]:
    rating = newest(claim).scale.ratings.get(code=own)  # type: ignore[union-attr]
    rows = earlier_verdicts(claim, by=make.reviewer(), own=rating)
    return [(one.claim.text, one.differs) for one in rows]


def test_another_verdict_on_the_same_words_is_a_warning(claim: Claim) -> None:
    judged()

    assert told(claim, "unproven") == [(ALIKE, False)]
    assert told(claim, "true") == [(ALIKE, True)]


def test_a_blind_round_and_a_void_one_say_nothing(claim: Claim) -> None:
    open_ = stories.sent_to_review(make.claim(ALIKE, author=make.contributor()))
    stories.reviewed(open_, make.reviewer())
    void = judged(text="The bridge at Orrel was closed on Sunday.")
    item = void.evidence.first()
    assert item is not None
    amend.withdraw_evidence(item, by=make.editor(), reason="It was another bridge.")

    assert told(claim, "unproven") == []


def test_nobody_is_led_by_an_earlier_verdict(claim: Claim) -> None:
    judged()
    desk = Desk.of(make.reviewer())
    reader = "Verdicts on nearly the same words"

    before = words(desk.page(claim))
    desk.press(claim, "take_seat", seat="first")
    seated = words(desk.page(claim))
    desk.press(claim, "save_draft", rating="no-such", reason="Hm.")
    vague = words(desk.page(claim))
    desk.press(claim, "save_draft", rating="true", reason="Hm.")
    rated = words(desk.page(claim))

    assert ReviewDraft.objects.get().typed["rating"] == "true"
    assert reader not in before + seated + vague
    assert "once your draft has a rating" in seated
    assert reader in rated
    assert "You rate it differently." in rated
    assert reader not in words(Desk.of(make.reviewer()).page(claim))


def test_it_stays_after_the_review_is_in(claim: Claim) -> None:
    judged()
    by = make.reviewer()
    lease.take(claim, by=by)
    stories.reviewed(claim, by, "true")

    assert "You rate it differently." in words(Desk.of(by).page(claim))
