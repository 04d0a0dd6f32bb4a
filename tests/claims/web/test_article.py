"""The article's words are found, and no others; lost ones are told."""

import pytest

from claims.web.article import tidy
from claims.web.page import read
from tests.claims.web.pages import SENTENCE, WORDS, html, ld


def test_what_no_reader_sees_is_not_the_article() -> None:
    for hides in ("hidden", 'style="Display : none"', 'hidden=""'):
        unseen = (
            f"<div {hides}><p>{'The ferry sails each day, whatever people say. ' * 3}</p></div>"
        )
        page = read(html(WORDS + unseen))
        assert "each day" not in page.text, hides
        assert page.text.count("harbour board") == 24
    assert "harbour board" in read(html(f"<div hidden>{WORDS}</div>")).text
    assert "each day" in read(html(WORDS + unseen.replace("hidden", "hidden='until-found'"))).text


def test_a_body_that_was_escaped_twice_is_read_without_its_markup() -> None:
    escaped = WORDS.replace("<", "&lt;").replace(">", "&gt;")
    page = read(html("<div id=root></div>", head=ld(headline="Ferry", articleBody=escaped)))
    assert page.text.count("harbour board") == 24
    assert "<p>" not in page.text


def test_words_that_only_a_script_holds_are_read_from_what_the_page_declares() -> None:
    body = (SENTENCE * 12).strip()
    page = read(html("<div id=app></div>", head=ld(articleBody=f"<p>{body}</p>")))
    assert page.text == body


def test_lost_words_are_told() -> None:
    head = "<html><head><title>The ferry stops</title></head>"
    drawn = f"{head}<body><main><p>{SENTENCE}</p><svg>{WORDS}</svg></main></body></html>"
    page = read(drawn.encode())
    assert page.lost_text
    assert page.oddities == ("lost_text",)


def test_lines_that_point_elsewhere_and_the_headline_are_not_the_articles_words() -> None:
    text = (
        "The ferry stops\n1 March 2024\nThe board met.\nRead more: Another story\nLire aussi : x\n"
        "Reading more is good for you, said the board.\nTags: a, b"
    )
    kept = "The board met.\nReading more is good for you, said the board."
    assert tidy(text, title="The ferry stops") == kept


STORY = "".join(f"<p>{number}: {SENTENCE}</p>" for number in range(6))
ASKING = "".join(
    f"<p>We use cookies of kind {number} to measure how our content is used by you and by our"
    " partners, and to show advertising that fits.</p>"
    for number in range(20)
)


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        ('id="onetrust-consent-sdk"', 'class="ot-sdk-container"'),
        ('class="cookie-banner" role="dialog"', ""),
        ('id="didomi-host"', 'class="x"'),
    ],
)
def test_a_long_question_about_cookies_is_not_taken_for_a_short_article(
    outer: str, inner: str
) -> None:
    text = (
        f"<html><head><title>The ferry stops</title></head><body><div {outer}><div {inner}>"
        f"{ASKING}</div></div><article><h1>The ferry stops</h1>{STORY}</article></body></html>"
    )
    found = read(text.encode())
    assert found.text.count(SENTENCE.strip()) == 6
    assert "cookies" not in found.text


@pytest.mark.parametrize("name", ["page cookie-notice-shown", "sticky-columns", "trusted"])
def test_a_page_whose_wrapper_is_named_after_consent_is_still_a_page(name: str) -> None:
    body = f"<div class='{name}'><h1>The ferry stops</h1>{STORY}</div>"
    assert read(html(body)).text.count(SENTENCE.strip()) == 6


def test_a_story_told_by_captions_is_read() -> None:
    shots = "".join(
        f"<figure><img src='{number}.jpg'><figcaption>{SENTENCE}{number}.</figcaption></figure>"
        for number in range(5)
    )
    assert read(html(f"<h1>The ferry stops</h1>{shots}")).text.count(SENTENCE.strip()) == 5
