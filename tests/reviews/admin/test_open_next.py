"""After a decision the next item of one's own queue opens, for whoever likes it so."""

from typing import Any

import pytest
from django.utils.html import escape

from claims.models import Claim, User
from claims.models.actors import person as acting
from reviews.queue import lease
from tests import factories as make
from tests.reviews.admin.desk import Desk, page_of, sentence, words

pytestmark = pytest.mark.django_db


def hand_in(desk: Desk, claim: Claim) -> Any:
    item = make.evidence(claim)
    lease.take(claim, by=acting(desk.person), seat="first")
    return desk.press(
        claim,
        "review",
        rating="false",
        reason="Because.",
        has_interest="no",
        evidence=[str(item.pk)],
        headline="A headline",
        answer="The answer.",
        **sentence(0, "One sentence.", item),
    )


def test_the_next_claim_opens_and_the_words_say_what_was_decided_on() -> None:
    claim, other = make.in_checking("The ferry <b>closed</b>."), make.in_checking()
    desk = Desk.of(make.reviewer())

    answer = hand_in(desk, claim)

    assert answer["Location"] == page_of(other)
    page = desk.client.get(answer["Location"])
    assert "Your review is in." in words(page)
    body = page.content.decode()
    assert f'<a href="{page_of(claim)}">{escape(claim.text)}</a>' in body


def test_switched_off_one_stays_where_one_was() -> None:
    claim, desk = make.in_checking(), Desk.of(make.reviewer())
    make.in_checking()
    User.objects.update(open_next=False)

    assert hand_in(desk, claim)["Location"] == f"{page_of(claim)}#reviews"


def test_what_is_not_taken_up_leads_to_the_next_too() -> None:
    claim, other = make.in_checking(), make.in_checking()
    desk = Desk.of(make.reviewer())

    typed = {"reason": "opinion", "note": "An opinion."}
    answer = desk.press(claim, "transition", "dismiss", **typed)

    assert answer["Location"] == page_of(other)


def test_with_nothing_left_one_stays() -> None:
    claim = make.in_checking()

    answer = hand_in(Desk.of(make.reviewer()), claim)

    assert answer["Location"] == f"{page_of(claim)}#reviews"
