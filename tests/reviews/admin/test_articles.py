"""The article page: hand in, take, leave, mark; refusals in words, nothing typed lost."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from claims.models import Article, Candidate, Claim, ClaimAuthor, Job
from tests import factories as make
from tests.reviews.admin.desk import Desk, words

pytestmark = pytest.mark.django_db
HAND_IN = "/admin/claims/article/add/"


def press(desk: Desk, article: Article, act: str, target: Any = "", **typed: Any) -> Any:
    args = [article.pk, act, *([target] if target else [])]
    name = "claims_article_act_on" if target else "claims_article_act"
    return desk.client.post(reverse(f"admin:{name}", args=args), typed)


def page(desk: Desk, article: Article) -> Any:
    return desk.get(reverse("admin:claims_article_change", args=[article.pk]))


@pytest.fixture
def article() -> Article:
    return make.article("The ferry was closed for a year, the mayor said.\n\nA second line.")


def test_a_text_is_handed_in_with_its_line_ends_counted_once() -> None:
    desk = Desk.of(make.contributor())

    answer = desk.client.post(HAND_IN, {"text": "A headline\r\n\r\nThe ferry was closed."})

    article = Article.objects.get()
    assert answer.status_code == 302
    assert article.text == "A headline\n\nThe ferry was closed."
    assert Job.objects.filter(article=article).exists()


def test_a_file_that_is_no_text_is_refused_and_what_was_typed_kept() -> None:
    desk = Desk.of(make.contributor())
    sent = SimpleUploadedFile("x.txt", b"\xff\xfe\x00bad")

    answer = desk.client.post(HAND_IN, {"file": sent, "title": "My title"})

    assert answer.status_code == 400
    assert "not UTF-8" in words(answer)
    assert 'value="My title"' in answer.content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"url": "http://127.0.0.1/"},
        {"url": "ftp://paper.example/"},
        {"text": "nul \0 byte"},
        {"text": "Words.", "language": "not a tag"},
    ],
)
def test_what_cannot_be_used_is_a_refusal_in_words(typed: dict[str, str]) -> None:
    answer = Desk.of(make.contributor()).client.post(HAND_IN, typed)

    assert answer.status_code == 400
    assert not Article.objects.exists()


def test_an_admin_hands_nothing_in() -> None:
    assert Desk.of(make.admin()).client.post(HAND_IN, {"text": "Words."}).status_code == 403


def test_the_candidate_stands_beside_its_article_with_its_reasons(article: Article) -> None:
    make.candidate(article, "The ferry was closed for a year")
    make.candidate(article, "A second line.", status="left_out", why="It claims nothing.")

    shown = words(page(Desk.of(make.contributor()), article))

    assert "1 The ferry was closed for a year" in shown
    assert "1 passage left out, and why" in shown
    assert "It claims nothing." in shown


def test_taking_a_candidate_as_it_is_makes_nobody_an_author(article: Article) -> None:
    candidate = make.candidate(article, "The ferry was closed for a year")

    press(Desk.of(make.reviewer()), article, "take", candidate.pk, text=candidate.text)

    assert Claim.objects.get().text == candidate.text
    assert not ClaimAuthor.objects.exists()


def test_taking_it_in_other_words_makes_an_author(article: Article) -> None:
    candidate, who = make.candidate(article), make.reviewer()

    press(Desk.of(who), article, "take", candidate.pk, text="The ferry stood still.")

    assert ClaimAuthor.objects.get().person == who.person


def test_a_candidate_is_left_with_a_reason_and_can_still_be_taken(article: Article) -> None:
    candidate, desk = make.candidate(article), Desk.of(make.contributor())

    press(desk, article, "leave", candidate.pk, reason="Known for long.")

    candidate.refresh_from_db()
    assert candidate.status == Candidate.Status.LEFT
    assert "Known for long." in words(page(desk, article))


def test_a_marked_passage_becomes_a_claim_with_its_quote(article: Article) -> None:
    start = article.text.index("A second line.")

    press(Desk.of(make.contributor()), article, "mark", start=start, end=start + 14)

    assert (Claim.objects.get().quote or {})["exact"] == "A second line."


def test_a_passage_outside_the_text_is_refused_with_what_was_typed(article: Article) -> None:
    answer = press(
        Desk.of(make.contributor()), article, "mark", start=5, end=99_999, text="My words"
    )

    assert answer.status_code == 400
    assert "Mark a passage inside the text" in words(answer)
    assert "My words" in answer.content.decode()
    assert not Claim.objects.exists()


def test_an_article_that_could_not_be_read_says_why_and_is_tried_again(article: Article) -> None:
    article.status, article.error = Article.Status.FAILED, "The page answered 404."
    article.save()
    desk = Desk.of(make.contributor())
    assert "The page answered 404." in words(page(desk, article))

    press(desk, article, "retry")

    article.refresh_from_db()
    assert article.status == Article.Status.QUEUED


def test_a_restricted_claim_is_not_told_of_on_its_article(article: Article) -> None:
    candidate = make.candidate(article, "The ferry was closed for a year")
    press(Desk.of(make.editor()), article, "take", candidate.pk)
    Claim.objects.update(visibility=Claim.Visibility.RESTRICTED)

    body = page(Desk.of(make.reviewer()), article).content.decode()

    assert str(Claim.objects.get().pk) not in body


def test_what_is_not_there_is_not_found(article: Article) -> None:
    desk = Desk.of(make.contributor())

    assert desk.get(f"/admin/claims/article/{uuid4()}/change/").status_code == 404
    assert press(desk, article, "take", uuid4()).status_code == 404
    assert press(desk, article, "no_such_act").status_code == 404
