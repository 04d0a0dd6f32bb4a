"""Two who differ, an editor who decides, and a published text that was wrong, by their hands."""

import pytest
from playwright.sync_api import Locator, expect

from claims.models import Actor, Claim, User
from claims.models.actors import person as acting
from reviews.models import Notification
from tests import factories as make
from tests.browser.conftest import Desk
from tests.browser.person import Person
from tests.reviews import stories

pytestmark = pytest.mark.browser

CORRECTED = "The desk found this, and says so."


def test_two_who_differ_are_decided_by_an_editor_who_saw_both(desk: Desk) -> None:
    claim = disputed()
    lead, second = desk.sit("reviewer-1"), desk.sit("reviewer-2")
    sees_both(lead, claim)
    would_settle_on(lead, "Unproven")
    sees_both(second, claim)
    second.reads("would settle on", within="#reviews")
    asks_an_editor(second)

    editor = desk.sit("editor-2")
    finds_it_in_the_inbox(editor)
    decides(editor, "Unproven")
    editor.reads("You decided between its reviewers", within="#next")

    second.goto(page_of(claim))
    second.press("I stand by this text", within="#finding")
    publisher = desk.sit("editor-1")
    publisher.goto(page_of(claim))
    publisher.press("Publish", within="#next")
    publisher.reads("Published", within=".claim-head")


def test_a_published_text_is_corrected_in_the_open_by_two(desk: Desk) -> None:
    claim = stories.published(make.claim("The bridge is closed."), by=colleague("editor-1"))
    reviewer = desk.sit("reviewer-3")
    reviewer.goto(page_of(claim))
    proposes(reviewer)

    editor = desk.sit("editor-2")
    editor.goto(page_of(claim))
    editor.looks_for_trouble()
    expect(editor.part("published").locator("del")).to_have_text("this.")
    expect(editor.part("published").locator("ins")).to_have_text("this, and says so.")
    editor.shows("correction", of="#published")
    editor.press("Issue it", within="#published")
    editor.reads("Version 2", within="#published")
    editor.looks_for_trouble()

    reader = desk.reader()
    reader.goto(f"/checks/{stories.living(claim).slug}/")
    reader.reads(CORRECTED)
    reader.reads("It said less than we know.")
    reader.looks_for_trouble()


def test_a_stale_page_shows_base_theirs_and_mine_and_keeps_what_was_typed(desk: Desk) -> None:
    claim = make.claim("The bridge is closed.")
    slow, quick = desk.sit("reviewer-1"), desk.sit("reviewer-2")
    for one in (slow, quick):
        one.goto(page_of(claim))
        one.unfold("Edit words and fields", within="#words")

    words_of(quick).fill("The old bridge is closed.")
    quick.press("Keep the changes", within="#words")
    words_of(slow).fill("The bridge is closed today.")
    slow.press("Keep the changes", within="#words")

    slow.reads("Somebody changed this since you opened it", within="#words .refusal")
    slow.reads("reviewer-2", within="#words .since")
    three = slow.part("words").locator(".side-by-side .written")
    expect(three).to_have_text(
        ["The bridge is closed.", "The old bridge is closed.", "The bridge is closed today."]
    )
    expect(words_of(slow)).to_have_value("The bridge is closed today.")
    slow.looks_for_trouble()
    slow.shows("stale", of="#words")
    slow.sits_at_a_telephone()
    slow.press("Keep the changes", within="#words")
    expect(slow.page.locator("h1")).to_have_text("The bridge is closed today.")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_page_of_the_desk_is_read_at_200_percent(desk: Desk, *, dark: bool) -> None:
    """200 % of a window 1280 px wide leaves the page 640 px."""
    claim = stories.published(make.claim("The bridge is closed."), by=colleague("editor-1"))
    editor = desk.sit("editor-2")
    for address in (
        page_of(claim),
        "/admin/",
        "/admin/queue/",
        "/admin/inbox/",
        "/admin/comfort/",
        "/admin/policy/",
        "/admin/claims/claim/",
        "/admin/claims/article/",
    ):
        editor.sits_at_a_desk(dark=dark)
        editor.goto(address)
        editor.looks_for_trouble()
        editor.zooms_in()
        editor.sits_at_a_telephone()


def page_of(claim: Claim) -> str:
    return f"/admin/claims/claim/{claim.pk}/change/"


def words_of(reviewer: Person) -> Locator:
    return reviewer.part("words").get_by_role("textbox", name="The claim", exact=True)


def colleague(name: str) -> Actor:
    return acting(User.objects.get(username=name))


def disputed() -> Claim:
    claim = stories.sent_to_review(make.claim("The bridge is closed."))
    stories.reviewed(claim, colleague("reviewer-1"), "false", evidence=[make.evidence(claim)])
    stories.reviewed(claim, colleague("reviewer-2"), "unproven")
    return claim


def sees_both(reviewer: Person, claim: Claim) -> None:
    reviewer.goto(page_of(claim))
    reviewer.reads("Ratings differ", within=".claim-head")
    expect(reviewer.part("reviews").locator(".opinion")).to_have_count(2)
    reviewer.looks_for_trouble()


def would_settle_on(reviewer: Person, rating: str) -> None:
    reviewer.part("reviews").get_by_role("radio", name=rating).check()
    reviewer.press("I would settle on this", within="#reviews")
    reviewer.reads("would settle on", within="#reviews")
    reviewer.shows("disputed", of="#reviews")


def asks_an_editor(reviewer: Person) -> None:
    reviewer.press("Ask an editor to decide", within="#reviews")
    reviewer.reads("Waiting for an editor", within=".claim-head")


def finds_it_in_the_inbox(editor: Person) -> None:
    assert Notification.objects.filter(kind="adjudication").exists()
    editor.goto("/admin/inbox/")
    editor.looks_for_trouble()
    editor.page.locator("main a.row-title").first.click()


def decides(editor: Person, rating: str) -> None:
    form = editor.part("reviews")
    form.get_by_role("radio", name=rating).check()
    editor.type("Why", "Nobody has shown either.", within="#reviews")
    editor.looks_for_trouble()
    editor.shows("adjudication", of="#reviews")
    editor.sits_at_a_telephone()
    editor.sits_at_a_desk()
    editor.press("Decide", within="#reviews")
    editor.reads("settled by", within="#reviews")


def proposes(reviewer: Person) -> None:
    reviewer.unfold("Propose a correction", within="#published")
    form = reviewer.part("published")
    form.get_by_label("What kind").select_option("clarification")
    reviewer.type("What was wrong", "It said less than we know.", within="#published")
    reviewer.type("The answer in one sentence", CORRECTED, within="#published")
    reviewer.looks_for_trouble()
    reviewer.press("Propose it", within="#published")
    reviewer.reads("Proposed: Clarification", within="#published")
