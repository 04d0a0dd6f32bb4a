"""What standing checks cite is read from what the public sees."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reviews.publishing.standing import cited
from reviews.workflow.step import Wish
from reviews.workflow.transition import transition
from tests import factories as make
from tests.reviews import stories

pytestmark = pytest.mark.django_db


def test_only_what_the_published_text_cites_is_told() -> None:
    claim = stories.sent_to_review()
    used = make.evidence(claim)
    make.evidence(claim, title="Not cited")
    make.evidence(make.claim(), title="Of no check")
    assert cited() == []
    stories.settled_with(claim, [used])
    assert cited() == [used.pk]
    assert cited(since=timezone.now() + timedelta(minutes=1)) == []


def test_a_check_under_re_check_stands_and_a_withdrawn_one_does_not() -> None:
    claim = stories.published()
    assert len(cited()) == 1
    stories.reopened(claim)
    assert len(cited()) == 1
    transition(claim, "withdraw", by=make.editor(), wish=Wish(reason="It was wrong."))
    assert cited() == []
