"""The seed's central claim, from its article to the published page, by four people's hands."""

import json
import re

import pytest
from playwright.sync_api import expect

from seeds import load
from tests.browser.conftest import Desk
from tests.browser.person import Person

pytestmark = pytest.mark.browser

ARTICLE = load.SEED_ARTICLE
QUOTE = (
    "Pakistan has reportedly initiated “secret normalisation talks” with Israel, according to"
    " Middle East Monitor, which cited a Hebrew news website as its source."
).translate({ord("“"): '"', ord("”"): '"'})
HEADLINE = "Unproven: no report of secret talks names a source of its own"
ANSWER = "No article that we found names anybody who knows of such talks at first hand."
FIRST_REASON = "The coverage goes back to a website that no article names, or nowhere at all."
SECOND_REASON = "I could not find a second origin, and no document."


def test_the_seeds_central_claim_goes_from_its_article_to_a_published_page(desk: Desk) -> None:
    contributor = desk.sit("contributor")
    hand_in(contributor, ARTICLE.read_text(encoding="utf-8"))
    claim = take_the_central_candidate(contributor)
    send_to_review(contributor)
    coverage_arrives(contributor)

    lead, second, editor = desk.sit("reviewer-1"), desk.sit("reviewer-2"), desk.sit("editor-1")
    find_it_in_the_queue(lead)
    take_the_lead(lead)
    attach_the_article_as_evidence(lead)
    hand_in_the_leads_review(lead)

    open_blind(second, claim)
    agree_with_an_own_review(second)
    stand_by_the_text(second)

    open_at_every_width(editor, claim)
    publish(editor)
    address = read_what_was_published(desk.reader(scripts=False))
    look_at_it_closely(desk.reader(), address)


def hand_in(contributor: Person, words: str) -> None:
    contributor.follow("Hand in an article")
    contributor.looks_for_trouble()
    contributor.type("Or the text itself", words)
    contributor.press("Hand it in")
    expect(contributor.part("c1")).to_be_visible()


def take_the_central_candidate(contributor: Person) -> str:
    expect(contributor.part("c1")).to_contain_text("Middle East Monitor")
    contributor.looks_for_trouble()
    contributor.shows("article", full_page=False)
    contributor.press("Take", within="#c1")
    contributor.follow("Open the claim", within="#c1")
    contributor.reads("Middle East Monitor says so on the word of", within="#chain")
    contributor.reads("1 article · 1 outlet · 1 owner · 1 wording · 1 origin (0 named)")
    contributor.looks_for_trouble()
    return contributor.page.url


def send_to_review(contributor: Person) -> None:
    contributor.press("Send to review", within="#next")
    contributor.reads("In checking")


def coverage_arrives(contributor: Person) -> None:
    found = contributor.part("coverage").locator("tbody tr")
    expect(found.nth(14)).to_be_attached(timeout=30_000)
    expect(contributor.part("coverage").locator("progress")).to_have_count(0, timeout=30_000)
    contributor.page.reload()
    contributor.reads("(0 named)", within="#coverage")
    contributor.looks_for_trouble()


def find_it_in_the_queue(lead: Person) -> None:
    lead.follow("Queue")
    lead.looks_for_trouble()
    lead.shows("queue", full_page=False)
    lead.page.locator("a.say").first.click()
    lead.reads("A seat is free for you.", within=".do-next")


def take_the_lead(lead: Person) -> None:
    lead.press("Take the lead", within="#reviews")
    lead.reads("Yours", within="#reviews")
    lead.looks_for_trouble()


def attach_the_article_as_evidence(lead: Person) -> None:
    lead.unfold("Add evidence", within="#evidence")
    form = lead.part("evidence")
    lead.type("Title", "The article as it was handed in", within="#evidence")
    form.get_by_label("What it is").select_option("document")
    form.get_by_label("or a file").set_input_files(ARTICLE)
    form.get_by_label("Context").check()
    lead.type("The words that count", QUOTE, within="#evidence")
    lead.looks_for_trouble()
    lead.press("Add it", within="#evidence")
    expect(lead.part("v1")).to_contain_text("The article as it was handed in")


def hand_in_the_leads_review(lead: Person) -> None:
    form = lead.part("review-form")
    form.get_by_role("radio", name="Unproven").check()
    lead.type("Why", FIRST_REASON, within="#review-form")
    form.get_by_label("1 · The article").first.check()
    lead.type("Headline", HEADLINE, within="#review-form")
    lead.type("The answer in one sentence", ANSWER, within="#review-form")
    first, second = (form.get_by_role("group", name=f"Sentence {n}") for n in (1, 2))
    first.get_by_label("Words").fill(
        "The article names one relay, and a website without its name."
    )
    expect(first).to_contain_text("Nothing stands behind this sentence yet.")
    first.get_by_label("1 · The article").check()
    second.get_by_label("Words").fill("What nobody has shown may still be so; we say it is open.")
    second.get_by_label("judgement").check()
    form.get_by_role("radio", name="I have none").check()
    lead.looks_for_trouble()
    lead.shows("review", of="#reviews")
    lead.press("Hand in my review", within="#review-form")
    lead.reads("handed in a review", within="#reviews")


def open_blind(second: Person, claim: str) -> None:
    second.goto(claim)
    second.reads("handed in a review", within="#reviews")
    second.sees_nothing_of(FIRST_REASON, HEADLINE, ANSWER)
    second.follow("All of it", within="#activity")
    second.sees_nothing_of(FIRST_REASON, HEADLINE, ANSWER)
    second.looks_for_trouble()
    second.goto(claim)
    expect(second.part("v1")).to_contain_text("Stance hidden until the reveal")
    second.looks_for_trouble()


def agree_with_an_own_review(second: Person) -> None:
    second.press("Take this seat", within="#reviews")
    form = second.part("review-form")
    form.get_by_role("radio", name="Unproven").check()
    second.type("Why", SECOND_REASON, within="#review-form")
    form.get_by_role("radio", name="I have none").check()
    second.press("Hand in my review", within="#review-form")
    second.reads(FIRST_REASON, within="#reviews")
    second.reads("settled by", within="#reviews")


def stand_by_the_text(second: Person) -> None:
    second.reads(HEADLINE, within="#finding")
    second.looks_for_trouble()
    second.press("I stand by this text", within="#finding")
    second.reads("reviewer-2 agreed", within="#finding")


def open_at_every_width(editor: Person, claim: str) -> None:
    editor.goto(claim)
    editor.reads("Ready", within=".claim-head")
    editor.looks_for_trouble()
    editor.shows("desk", full_page=False)
    editor.sits_at_a_desk(dark=True)
    editor.looks_for_trouble()
    editor.shows("desk-dark", full_page=False)
    editor.sits_at_a_desk()
    editor.sits_at_a_telephone()
    editor.looks_for_trouble()
    editor.shows("desk-narrow", full_page=False)
    editor.sits_at_a_desk()


def publish(editor: Person) -> None:
    editor.press("Publish", within="#next")
    editor.reads("Published", within=".claim-head")
    editor.looks_for_trouble()


def read_what_was_published(reader: Person) -> str:
    reader.goto("/")
    reader.follow(HEADLINE)
    reader.reads("Unproven")
    reader.reads(ANSWER)
    reader.reads("No named source stands behind it.")
    expect(reader.page.get_by_role("complementary", name="Sample")).to_contain_text("SAMPLE")
    expect(reader.page.locator("meta[name=robots]")).to_have_attribute("content", "noindex")
    expect(reader.page).to_have_title(re.compile("^SAMPLE · Unproven"))
    markup = json.loads(reader.page.locator('script[type="application/ld+json"]').inner_text())
    assert markup["@type"] == "ClaimReview"
    assert markup["url"] == reader.page.url
    assert markup["reviewRating"]["alternateName"] == "Unproven"
    assert "ratingValue" not in markup["reviewRating"]
    return reader.page.url


def look_at_it_closely(reader: Person, address: str) -> None:
    reader.goto(address)
    reader.shows("published", full_page=False)
    for fold in reader.page.locator("details.fold summary").all():
        fold.click()
    expect(reader.page.locator("figure.picture svg.prov")).to_be_visible()
    shown = reader.page.locator("main").inner_text()
    assert "has it from" in shown
    reader.shows("chain", of="figure.picture")
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", shown), "an id stands where a name belongs"
    reader.looks_for_trouble()
    reader.sits_at_a_telephone()
    reader.shows("published-narrow", full_page=False)
    reader.sits_at_a_desk(dark=True)
    reader.looks_for_trouble()
