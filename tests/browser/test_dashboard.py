"""The lead’s dashboard and what is late, at a telephone, at a desk, in the dark, right to left."""

from datetime import timedelta

import pytest
from django.utils import timezone

from claims import sides
from claims.models import Claim, User
from claims.models.actors import person as acting
from reviews import right_of_reply
from reviews.right_of_reply import Asked
from reviews.verdicts import finding as texts
from reviews.workflow.step import Wish
from reviews.workflow.transition import transition
from tests import factories
from tests.browser.conftest import Desk
from tests.browser.person import Person
from tests.reviews import stories

pytestmark = pytest.mark.browser

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_a_lead_reads_charts_as_tables_and_whom_a_claim_waits_for(desk: Desk) -> None:
    editor_row = User.objects.get(username="editor-2")
    waiting = some_history(editor_row)
    editor = desk.sit("editor-1")

    editor.page.goto("/admin/dashboard/?weeks=4")
    editor.reads("1 claim is overdue.")
    for summary in editor.page.locator("main summary").all():
        summary.click()
    editor.reads("It is satire")
    at_every_width(editor, "dashboard")
    editor.page.locator("html").evaluate("one => one.dir = 'rtl'")
    editor.sits_at_a_telephone()
    editor.sits_at_a_desk()

    with editor.page.expect_download() as taken:
        editor.page.locator("#ratings a[download]").click()
    words = taken.value.path().read_text(encoding="utf-8")
    assert "'=1+1" in words

    editor.page.goto(f"/admin/claims/claim/{waiting.pk}/change/")
    editor.reads("Clock paused")
    editor.reads("waiting for The harbour office")
    at_every_width(editor, "paused")
    editor.page.goto("/admin/claims/claim/?only=overdue")
    editor.reads("Overdue by 30 h")
    at_every_width(editor, "overdue")


def some_history(by: User) -> Claim:
    """A check of a side with an awkward name, a claim that is late, and one that waits."""
    now = timezone.now()
    editor = acting(by)
    claimant = factories.claimant("The harbour office", "organisation")
    sides.put_on(claimant, by=editor, side="=1+1")
    claim = factories.claim(author=factories.contributor(), claimant=claimant)
    claim.replies.create(asked="They", asked_at=now)
    lead, second = factories.reviewer(), factories.reviewer()
    cited = [factories.evidence(claim, primary=True)]
    claim = transition(claim, "start_checking", by=factories.contributor())
    code = claim.rounds.get().scale.ratings.all()[0].code
    stories.reviewed(claim, lead, code, evidence=cited)
    stories.reviewed(claim, second, code, evidence=cited)
    texts.agree(claim, by=second)
    transition(claim, "publish", by=editor)
    satire = Wish(reason="satire", note="It is.")
    transition(factories.claim(), "dismiss", by=editor, wish=satire)
    factories.claim(due_at=now - 30 * HOUR - HOUR / 2)
    waiting = factories.claim(due_at=now + DAY)
    right_of_reply.log(waiting, Asked("The harbour office", deadline=now + DAY), by=editor)
    return waiting


def at_every_width(editor: Person, name: str) -> None:
    editor.sits_at_a_desk()
    editor.looks_for_trouble()
    editor.shows(f"{name}-light")
    editor.sits_at_a_desk(dark=True)
    editor.looks_for_trouble()
    editor.shows(f"{name}-dark")
    editor.zooms_in()
    editor.sits_at_a_telephone()
    editor.looks_for_trouble()
    editor.shows(f"{name}-narrow")
    editor.sits_at_a_desk()
