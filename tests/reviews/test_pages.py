"""What everyone may read: frozen, escaped, and honest about what happened since."""

import hashlib
import json
import re
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from claims.ledger.canonical import canonical
from claims.models import Claim
from reviews.models import Publication
from reviews.queue import lease
from reviews.verdicts import finding as texts
from reviews.verdicts import rate
from reviews.workflow import amend, correct
from reviews.workflow.step import OverrideWish, Wish
from reviews.workflow.transition import transition
from tests import factories
from tests.reviews import stories

pytestmark = pytest.mark.django_db


def url(claim: Claim, tail: str = "") -> str:
    return f"/checks/{stories.living(claim).slug}/{tail}"


def _columns(row: Publication) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_check_is_read_in_the_order_a_reader_asks(client: Client) -> None:
    claim = stories.published()

    page = client.get(url(claim)).content.decode()

    order = ["as it circulated", "Our rating", "What we know", "Evidence", "Versions"]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert "<title>" in page
    assert re.search(r"<title>[^<]*Unproven", page)


def test_what_was_passed_over_stands_after_the_history(client: Client) -> None:
    claim = stories.settled(rating="false", evidence=None)
    passed = Wish(overrides=(OverrideWish("sources", "One register, two readers."),))
    transition(claim, "publish", by=factories.editor(), wish=passed)

    page = client.get(url(claim)).content.decode()

    order = [">Evidence<", ">Versions and corrections<", "One register, two readers.", "<details"]
    places = [page.index(words) for words in order]
    assert places == sorted(places)


def test_the_history_names_a_changed_rating_whatever_the_change_is_called(client: Client) -> None:
    claim = stories.reopened()
    lead, second = factories.reviewer(), factories.reviewer()
    cited = [factories.evidence(claim, primary=True)]
    stories.reviewed(claim, lead, "false", evidence=cited)
    stories.reviewed(claim, second, "false", evidence=cited)
    texts.agree(claim, by=second)
    wish = Wish(kind="factual_error", note="We misread the register.")
    transition(claim, "publish", by=factories.editor(), wish=wish)

    page = client.get(url(claim)).content.decode()

    assert "Our rating was <bdi>Unproven</bdi> and is now <bdi>False</bdi>." in page


def test_the_bytes_of_a_version_have_the_logged_digest(client: Client) -> None:
    claim = stories.published()

    answer = client.get(url(claim, "v/1.json"))

    assert hashlib.sha256(answer.content).hexdigest() == stories.living(claim).sha256
    assert answer["Content-Type"] == "application/json"
    assert "Cookie" not in answer.get("Vary", "")
    again = client.get(url(claim, "v/1.json"), headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])


def test_a_check_says_why_how_and_where_else_we_looked(client: Client) -> None:
    claim = factories.claim("The bridge is shut.", author=factories.contributor())
    said = amend.Amendment({"why": "People cross it daily.", "topic": "Transport"})
    amend.edit(claim, said, by=factories.contributor(), version=None)
    item = factories.evidence(claim, interest="The owner would pay for the repair.")
    claim = stories.sent_to_review(claim)
    lead, second = factories.reviewer(), factories.reviewer()
    looked = replace(stories.text([item]), looked_against="In the gazette: none found.")
    lease.take(claim, by=lead)
    rate.submit(claim, rate.Rated("unproven", "Because.", text=looked), by=lead)
    stories.reviewed(claim, second, "unproven")
    texts.agree(claim, by=second)
    transition(claim, "publish", by=factories.editor())

    page = client.get(url(claim)).content.decode()
    document = client.get(url(claim, "v/1.json")).json()

    assert (document["claim"]["why"], document["claim"]["topic"]) == (
        "People cross it daily.",
        "Transport",
    )
    assert document["looked_against"] == "In the gazette: none found."
    assert document["evidence"][0]["interest"] == "The owner would pay for the repair."
    judged = document["method"]["judged"]
    assert judged == document["method"]["published"] == stories.verdict_of(claim).method
    assert (judged["policy"], judged["scale"]) == (0, "six-steps")
    for words in (
        "People cross it daily.",
        "In the gazette: none found.",
        "The owner would pay for the repair.",
        f"“six-steps”, version {judged['scale_version']}",
    ):
        assert words in page


def test_a_check_from_before_these_questions_is_read_as_it_was(client: Client) -> None:
    claim = stories.published()
    living = stories.living(claim)
    document = json.loads(bytes(living.document))
    for name in ("looked_against", "method"):
        document.pop(name)
    document["claim"].pop("why")
    before = Publication(**{**_columns(living), "pk": uuid4(), "version": 2, "slug": living.slug})
    before.document = canonical(document)
    before.save()
    Claim.objects.filter(pk=claim.pk).update(published_version=2)

    page = client.get(url(claim))

    assert page.status_code == 200
    assert "Why we checked it" not in page.content.decode()


def test_the_page_carries_a_claim_review(client: Client) -> None:
    claim = stories.published(factories.claim('The "bridge" </script> is shut.'))

    page = client.get(url(claim)).content.decode()

    markup = json.loads(
        re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[0]
    )
    assert markup["@type"] == "ClaimReview"
    assert markup["@context"] == "https://schema.org"
    assert markup["claimReviewed"] == 'The "bridge" </script> is shut.'
    assert markup["reviewRating"]["alternateName"] == "Unproven"
    assert "ratingValue" not in markup["reviewRating"]


def test_a_sample_says_so_everywhere(client: Client) -> None:
    claim = stories.published(factories.claim(sample=True))

    page = client.get(url(claim))
    assert "SAMPLE" in page.content.decode()
    assert 'name="robots" content="noindex"' in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex"
    document = client.get(url(claim, "v/1.json"))
    assert document.json()["sample"] is True
    assert document["X-Robots-Tag"] == "noindex"
    assert "SAMPLE" in client.get("/feeds/checks.atom").content.decode()


def test_an_earlier_version_stays_readable_and_says_so(client: Client) -> None:
    claim = stories.published()
    cited = list(claim.evidence.all())
    proposal = correct.propose_correction(
        claim,
        by=factories.editor(),
        kind="clarification",
        note="Said too much.",
        changes={"finding": stories.text(cited, headline="Said less")},
    )
    correct.issue_correction(proposal, by=factories.editor())

    newest = client.get(url(claim)).content.decode()
    earlier = client.get(url(claim, "v/1/")).content.decode()

    assert "Said less" in newest
    assert "Said too much." in newest
    assert "Read the version that stands now" in earlier
    assert "Said too much." in client.get("/corrections/").content.decode()


def test_a_check_under_recheck_says_so(client: Client) -> None:
    claim = stories.reopened()

    assert "looking at this check again" in client.get(url(claim)).content.decode()


def test_what_no_longer_stands_is_marked_at_once(client: Client) -> None:
    claim = stories.published()
    amend.withdraw_evidence(claim.evidence.get(), by=factories.editor(), reason="Forged.")

    assert "looking at this check again" in client.get(url(claim)).content.decode()


def test_a_withdrawn_check_is_a_tombstone(client: Client) -> None:
    claim = stories.published()
    address = url(claim)
    wish = Wish(reason="We were fooled.")
    transition(claim, "withdraw", by=factories.editor(), wish=wish)

    page = client.get(address)

    assert page.status_code == 410
    assert "withdrawn" in page.content.decode()
    assert "Unproven: " not in page.content.decode()
    assert "ClaimReview" not in page.content.decode()
    assert client.get(address + "v/1.json").status_code == 200
    assert address not in client.get("/feeds/checks.atom").content.decode()
    assert address not in client.get("/").content.decode()


def test_a_page_held_back_answers_451_and_not_why(client: Client) -> None:
    claim = stories.published()
    correct.suspend(claim, by=factories.editor(), reason="A threat came in.")

    page = client.get(url(claim))

    assert page.status_code == 451
    assert "threat" not in page.content.decode()
    assert client.get(url(claim, "v/1.json")).status_code == 451
    assert url(claim) not in client.get("/").content.decode()


@pytest.mark.parametrize("tail", ["v/1.json", "v/9.json"])
def test_who_asks_for_bytes_is_never_answered_with_a_page(client: Client, tail: str) -> None:
    claim = stories.published()
    correct.suspend(claim, by=factories.editor(), reason="A threat came in.")

    answer = client.get(url(claim, tail))

    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code == (451 if tail == "v/1.json" else 404)
    assert "threat" not in answer.content.decode()


def test_a_page_held_back_is_in_no_list_by_its_name(client: Client) -> None:
    claim = stories.published()
    slug = stories.living(claim).slug
    correct.propose_correction(
        claim,
        by=factories.editor(),
        kind="typo",
        note="A letter was missing.",
        changes={"claimant": ("The Bridge Authority", "organisation")},
    )
    assert slug in client.get("/corrections/").content.decode()
    correct.suspend(claim, by=factories.editor(), reason="A threat came in.")

    assert slug not in client.get("/corrections/").content.decode()


def test_what_was_held_back_and_then_withdrawn_says_so_and_shows_nothing_else(
    client: Client,
) -> None:
    claim = stories.published(factories.claim("A very particular assertion."))
    address = url(claim)
    correct.suspend(claim, by=factories.editor(), reason="A threat came in.")
    wish = Wish(reason="We were fooled.")
    transition(claim, "withdraw", by=factories.editor(), wish=wish)

    page = client.get(address)

    assert page.status_code == 410
    assert "We were fooled." in page.content.decode()
    assert "particular" not in page.content.decode()
    assert client.get(address + "v/1/").status_code == 451
    assert client.get(address + "v/1.json").status_code == 451


def test_nothing_of_an_unpublished_claim_is_public(client: Client) -> None:
    claim = stories.settled(factories.claim("A very particular assertion."))

    for address in ("/", "/feeds/checks.atom", "/corrections/"):
        assert claim.text not in client.get(address).content.decode()


def test_hostile_words_are_only_words(client: Client) -> None:
    words = "<img src=x onerror=alert(1)>"
    claim = stories.published(factories.claim(words))

    page = client.get(url(claim)).content.decode()

    assert words not in page
    assert "&lt;img" in page


def test_the_feed_answers_a_conditional_get_until_anything_in_it_changes(client: Client) -> None:
    feed = "/feeds/checks.atom"
    claim = stories.published()
    first = client.get(feed)
    tags = [first["ETag"]]
    assert client.get(feed, headers={"If-None-Match": tags[-1]}).status_code == 304

    # All of it within a second, which no date in a header could tell apart.
    for act in (
        stories.published,
        lambda: correct.suspend(claim, by=factories.editor(), reason="A threat came in."),
        lambda: correct.restore_page(claim, by=factories.editor()),
        lambda: transition(claim, "withdraw", by=factories.editor(), wish=Wish(reason="No.")),
    ):
        act()
        changed = client.get(feed, headers={"If-None-Match": tags[-1]})
        assert changed.status_code == 200
        tags.append(changed["ETag"])


@pytest.mark.parametrize("address", ["/checks/no-such/", "/checks/no-such/v/1.json"])
def test_what_is_not_there_is_404(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_confidential_contacts_never_leave_the_desk(client: Client) -> None:
    claim = stories.sent_to_review()
    item = factories.evidence(
        claim,
        kind="interview",
        contact={
            "who": "Deep Voice",
            "role": "clerk",
            "terms": "confidential",
            "channel": "+49 1",
        },
        named=False,
    )
    claim = stories.settled_with(claim, [item])

    document = client.get(url(claim, "v/1.json")).content.decode()
    assert "Deep Voice" not in document
    assert "+49 1" not in document
