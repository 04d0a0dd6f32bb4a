"""The desk without a mouse, and with claims that run from right to left."""

import pytest
from playwright.sync_api import expect

from claims.models import Claim
from tests import factories as make
from tests.browser.conftest import Desk
from tests.browser.person import Person

pytestmark = pytest.mark.browser

ARABIC = "قالت الصحيفة إن العبّارة MV Orrel أُغلقت يوم 3 مارس 2024."
FOCUSED = """() => {
  const at = document.activeElement, look = getComputedStyle(at);
  const ring = (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0)
    || look.boxShadow !== "none";
  const box = at.getBoundingClientRect();
  return {name: at.outerHTML.slice(0, 120), ring, shown: box.width > 0 && box.height > 0};
}"""


def test_a_reviewer_works_an_arabic_claim_by_keys_alone(desk: Desk) -> None:
    claim = arabic_claim()
    reviewer = desk.sit("reviewer-1")

    reviewer.hits("q")
    reviewer.reads(ARABIC)
    reviewer.hits("n")
    expect(reviewer.page.locator("h1")).to_have_text(ARABIC)
    reviewer.reads("Yours", within="#reviews")
    assert str(claim.pk) in reviewer.page.url

    words_run_from_right_to_left(reviewer)
    every_stop_of_the_tab_key_is_seen(reviewer, stops=30)
    the_list_of_keys_opens_and_closes(reviewer)
    keys_rest_while_somebody_types(reviewer)
    reviewer.looks_for_trouble()
    reviewer.shows("arabic", full_page=False)
    reviewer.sits_at_a_telephone()


def test_evidence_is_added_by_keys_alone(desk: Desk) -> None:
    claim = make.in_checking("The bridge is closed.")
    reviewer = desk.sit("reviewer-1")
    page = reviewer.page
    reviewer.goto(f"/admin/claims/claim/{claim.pk}/change/")

    reviewer.hits("v", "Tab")
    page.keyboard.type("A page on the bridge")
    form = page.locator("#evidence form", has_text="Add it")
    expect(form.get_by_label("Title")).to_have_value("A page on the bridge")
    form.get_by_label("or a file").set_input_files(
        {"name": "bridge.txt", "mimeType": "text/plain", "buffer": b"The bridge is closed."}
    )
    form.get_by_label("Context").check()
    form.get_by_label("The words that count").fill("Other words")
    form.get_by_label("Title").press("Enter")

    # Why it was refused is where the keys are, and what a browser does not keep is said.
    expect(page.locator(":focus")).to_contain_text("These words are not in the captured text")
    expect(page.locator(":focus")).to_contain_text("Choose the file again")
    reviewer.looks_for_trouble()
    assert not claim.evidence.exists()


def test_a_colleague_is_named_in_a_note_by_keys_alone(desk: Desk) -> None:
    claim = make.in_checking("The bridge is closed.")
    reviewer = desk.sit("reviewer-1")
    reviewer.goto(f"/admin/claims/claim/{claim.pk}/change/#notes")
    note = reviewer.part("notes").get_by_label("A note for colleagues")
    offered = reviewer.part("notes").get_by_role("listbox", name="Colleagues")

    note.focus()
    reviewer.page.keyboard.type("See page 4, @editor")
    expect(offered.get_by_role("option")).to_have_count(2)
    reviewer.hits("ArrowDown", "ArrowDown")
    chosen = offered.get_by_role("option", selected=True)
    expect(chosen).to_contain_text("@editor-2")
    expect(note).to_have_attribute("aria-activedescendant", str(chosen.get_attribute("id")))
    reviewer.looks_for_trouble()
    reviewer.shows("names", of="#notes")
    reviewer.hits("Enter")
    expect(note).to_have_value("See page 4, @editor-2 ")
    expect(offered).to_be_hidden()

    reviewer.page.keyboard.type("and desk@edi")
    expect(offered).to_be_hidden()
    reviewer.page.keyboard.type(" @rev")
    expect(offered).to_be_visible()
    reviewer.sits_at_a_telephone()
    reviewer.hits("Escape")
    expect(offered).to_be_hidden()
    reviewer.press("Note it", within="#notes")
    reviewer.reads("Told: editor-2.", within=".messages")


def arabic_claim() -> Claim:
    article = make.article(f"العنوان\n\n{ARABIC} قال مصدر لم يُذكر اسمه.", language="ar")
    quote = {"exact": ARABIC, "prefix": "", "suffix": ""}
    claim = make.in_checking(ARABIC, language="ar", article=article, quote=quote)
    make.covered(claim, article)
    source = make.article_node(claim, article)
    make.edge(source, make.node(claim, "مصدر لم يُذكر اسمه", "unnamed"), quote=ARABIC)
    make.evidence(claim, title="سجل الميناء", quote={"exact": ARABIC})
    return claim


def words_run_from_right_to_left(reviewer: Person) -> None:
    for place in ("h1", "#words .reading p >> nth=0", "#v1 .card-title", "#v1 blockquote"):
        way = reviewer.page.locator(place).evaluate("node => getComputedStyle(node).direction")
        assert way == "rtl", place
    page = reviewer.page.locator("body").evaluate("node => getComputedStyle(node).direction")
    assert page == "ltr"


def every_stop_of_the_tab_key_is_seen(reviewer: Person, *, stops: int) -> None:
    reviewer.page.locator("body").evaluate("() => document.activeElement.blur()")
    for _ in range(stops):
        reviewer.hits("Tab")
        at = reviewer.page.evaluate(FOCUSED)
        assert at["ring"], f"no ring around {at['name']}"
        assert at["shown"], f"nothing to see of {at['name']}"


def the_list_of_keys_opens_and_closes(reviewer: Person) -> None:
    listed = reviewer.page.locator("dialog.keys")
    reviewer.hits("?")
    expect(listed).to_be_visible()
    expect(listed).to_contain_text("Evidence 1")
    reviewer.hits("Escape")
    expect(listed).to_be_hidden()
    reviewer.hits("1")
    expect(reviewer.part("v1")).to_be_focused()


def keys_rest_while_somebody_types(reviewer: Person) -> None:
    before = reviewer.page.url
    why = reviewer.part("review-form").get_by_label("Why").first
    why.focus()
    reviewer.page.keyboard.type("quick? no: 1 reason")
    expect(why).to_have_value("quick? no: 1 reason")
    expect(reviewer.page.locator("dialog.keys")).to_be_hidden()
    assert reviewer.page.url == before
