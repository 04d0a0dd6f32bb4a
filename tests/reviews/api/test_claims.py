"""Claims over REST: bringing, finding and changing them, at a fixed number of statements."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.ledger import read
from claims.models import Claim, ClaimAuthor, Role, Tag
from claims.provenance.trace import recompute
from tests import factories
from tests.rest import Api
from tests.reviews import stories

pytestmark = pytest.mark.django_db

KEYS = (
    "id url text language state stage outcome claimant article quote checkworthiness priority"
    " scale demand due_at assigned_to tags topic harm visibility urgent discreet external_ref"
    " leases sources verdict publication created_at updated_at version"
).split()


def ids(answer: Any) -> list[str]:
    return [row["id"] for row in answer.json()["results"]]


def test_a_claim_is_shown_as_the_contract_shows_it() -> None:
    scale = factories.scale()
    article = factories.article("They said so. The bridge was closed on Monday.")
    made = Api(factories.contributor()).post(
        "claims/",
        {
            "text": "The bridge was closed.",
            "claimant": {"name": "The Post", "kind": "outlet"},
            "article": str(article.pk),
            "quote": {"exact": "The bridge was closed on Monday"},
            "external_ref": "cms-1",
        },
    )
    shown = made.json()
    assert list(shown) == KEYS
    assert shown["url"] == f"http://testserver/api/v1/claims/{shown['id']}/"
    assert (shown["state"], shown["stage"], shown["outcome"]) == ("draft", None, None)
    assert shown["claimant"] == {"name": "The Post", "kind": "outlet"}
    assert shown["article"] == str(article.pk)
    assert shown["quote"]["exact"] == "The bridge was closed on Monday"
    assert set(shown["quote"]) == {"exact", "prefix", "suffix"}
    assert shown["scale"] == str(scale.pk)
    assert shown["created_at"].endswith("Z")
    assert shown["sources"]["headline"].startswith(
        "1 article · 1 outlet · 1 owner · 1 wording · 1 origin (0 named)"
    )


def test_a_claim_without_coverage_says_so_before_and_after_a_look() -> None:
    claim = factories.claim()
    api = Api(factories.contributor())
    before = api.get(f"claims/{claim.pk}/")
    recompute(claim)
    after = api.get(f"claims/{claim.pk}/")
    assert before.json()["sources"]["headline"].startswith("0 articles · 0 outlets")
    assert (before.json(), before.headers["ETag"]) == (after.json(), after.headers["ETag"])


def test_the_same_words_again_raise_the_demand_of_the_first() -> None:
    first = Api(factories.contributor()).post("claims/", {"text": "The bridge was closed."})
    again = Api(factories.contributor()).post("claims/", {"text": "the  bridge was closed."})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]
    assert again.json()["demand"] == 2
    assert again.headers["ETag"] == '"1"'


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/text"),
        ({"text": ""}, "/text"),
        ({"text": "   "}, "/text"),
        ({"text": "‍‌"}, "/text"),
        ({"text": 7}, "/text"),
        ({"text": None}, "/text"),
        ({"text": ["x"]}, "/text"),
        ({"text": "x" * 200_000}, "/text"),
        ({"text": "x y z.", "state": "published"}, "/state"),
        ({"text": "x y z.", "verdict": None}, "/verdict"),
        ({"text": "x y z.", "claimed_at": "2024-02-30"}, "/claimed_at"),
        ({"text": "x y z.", "claimant": "The Post"}, "/claimant"),
        ({"text": "x y z.", "claimant": {"kind": "outlet"}}, "/claimant/name"),
        ({"text": "x y z.", "claimant": {"name": "P", "kind": "relay"}}, "/claimant/kind"),
        ({"text": "x y z.", "claimant": {"name": "P", "id": 1}}, "/claimant/id"),
        ({"text": "x y z.", "article": 7}, "/article"),
        ({"text": "x y z.", "article": "00000000-0000-0000-0000-000000000000"}, "/article"),
        ({"text": "x y z.", "quote": {"exact": ""}}, "/quote/exact"),
        ({"text": "x y z.", "language": "nonsense!"}, "/language"),
        ([], ""),
        ("text", ""),
        (None, ""),
    ],
)
def test_what_cannot_be_used_is_named_and_leaves_nothing(body: Any, pointer: str) -> None:
    size = read.size()
    raw = b"null" if body is None else body
    answer = Api(factories.contributor()).post("claims/", raw)
    assert answer.status_code == 400
    assert pointer in {one["pointer"] for one in answer.json()["errors"]}
    assert not Claim.objects.exists()
    assert read.size() == size


@pytest.mark.parametrize("text", ["abc\u202efdp.exe is a file", "A 👨‍👩‍👧 came.", "5 < 6 & 7 > 3"])
def test_words_are_kept_exactly_as_they_were_sent(text: str) -> None:
    api = Api(factories.contributor())
    made = api.post("claims/", {"text": text})
    assert made.status_code == 201
    assert api.get(f"claims/{made.json()['id']}/").json()["text"] == text


def test_claims_are_found_by_each_of_the_filters() -> None:
    person = factories.person(name="reviewer-9")
    wanted = factories.claim(
        "Ferries were closed in Marlby.",
        language="fr",
        claimant=factories.claimant("The Post"),
        due_at=timezone.now(),
        priority=40,
        external_ref="cms-7",
        harm=2,
    )
    wanted.tags.add(Tag.objects.create(name="sea"))
    wanted.assigned_to.add(person)
    Api(factories.editor()).patch(f"claims/{wanted.pk}/", {"topic": "transport"}, If_Match="*")
    other = factories.in_checking("Something else.", updated_at=timezone.now() - timedelta(days=9))
    factories.claim("A third one.", state="dismissed", outcome="not_taken_up")
    api = Api(factories.contributor())
    tomorrow = (timezone.now() + timedelta(days=1)).date().isoformat()
    recently = (timezone.now() - timedelta(hours=1)).isoformat().replace("+", "%2B")
    for query in (
        "language=fr",
        "q=ferries",
        "q=marlby+closed",
        "claimant=The+Post",
        f"claimant={wanted.claimant_id}",
        "tag=sea",
        "topic=transport",
        "assigned_to=reviewer-9",
        f"due_before={tomorrow}",
        "min_priority=40",
        f"updated_since={recently}&state=draft",
        "external_ref=cms-7",
        "state=draft",
    ):
        assert ids(api.get(f"claims/?{query}")) == [str(wanted.pk)], query
    assert ids(api.get("claims/?stage=review")) == [str(other.pk)]
    assert len(ids(api.get("claims/?outcome=not_taken_up"))) == 1
    assert ids(api.get("claims/?tag=unknown")) == []


def test_a_restricted_claim_is_no_ones_but_its_peoples() -> None:
    author = factories.contributor()
    claim = factories.claim(author=author, visibility=Claim.Visibility.RESTRICTED)
    helper = factories.contributor()
    assert helper.person is not None
    claim.assigned_to.add(helper.person)
    for actor in (author, helper, factories.editor(), factories.admin()):
        assert ids(Api(actor).get("claims/")) == [str(claim.pk)]
        assert Api(actor).get(f"claims/{claim.pk}/").status_code == 200
    for actor in (factories.contributor(), factories.reviewer(), factories.service("claims:read")):
        api = Api(actor)
        assert ids(api.get("claims/?count=estimate")) == []
        for path in ("", "transitions/", "evidence/", "reviews/", "coverage/", "provenance/"):
            assert api.get(f"claims/{claim.pk}/{path}").status_code == 404
        assert api.get(f"events/?claim={claim.pk}").status_code in (200, 403)


def _statements(api: Api, path: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert api.get(path).status_code == 200
    return len(caught)


@pytest.mark.parametrize("query", ["", "&expand=article,scale"])
def test_a_page_of_claims_costs_a_fixed_number_of_statements(query: str) -> None:
    factories.scale()
    api = Api(factories.contributor())
    for number in range(25):
        stories.published() if number in {3, 7} else _busy_claim(number)
    api.get("claims/?page_size=1")
    few, many = (_statements(api, f"claims/?page_size={size}{query}") for size in (2, 25))
    assert many == few
    assert many <= (12 if query else 6)


def _busy_claim(number: int) -> Claim:
    claim = factories.in_checking(claimant=factories.claimant(), article=factories.article())
    person = factories.person(Role.REVIEWER)
    claim.tags.add(Tag.objects.create(name=f"tag {number}"))
    claim.assigned_to.add(person)
    factories.lease(claim, person)
    return claim


def test_leases_demand_and_priority_change_no_tag() -> None:
    claim = factories.in_checking()
    reviewer = Api(factories.reviewer("reviewer-1"))
    reviewer.post(f"claims/{claim.pk}/lease/", {})
    Claim.objects.filter(pk=claim.pk).update(priority=77)
    answer = reviewer.get(f"claims/{claim.pk}/")
    assert answer.headers["ETag"] == '"1"'
    assert answer.json()["priority"]["score"] == 77
    (seat,) = answer.json()["leases"]
    assert (seat["seat"], seat["holder"]) == ("first", "reviewer-1")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"state": "published"}, "/state"),
        ({"stage": "ready"}, "/stage"),
        ({"demand": 9}, "/demand"),
        ({"version": 9}, "/version"),
        ({"id": "x"}, "/id"),
        ({"text": ""}, "/text"),
        ({"harm": 4}, "/harm"),
        ({"harm": True}, "/harm"),
        ({"harm": "1"}, "/harm"),
        ({"discreet": "yes"}, "/discreet"),
        ({"visibility": "public"}, "/visibility"),
        ({"due_at": "2024-02-30T00:00:00Z"}, "/due_at"),
        ({"due_at": "2024-02-03T00:00:00"}, "/due_at"),
        ({"due_at": "9999-12-31T23:59:59-12:00"}, "/due_at"),
        ({"due_at": 7}, "/due_at"),
        ({"tags": "sea"}, "/tags"),
        ({"tags": [7]}, "/tags/0"),
        ({"tags": ["x" * 81]}, "/tags/0"),
        ({"assigned_to": ["nobody-here"]}, "/assigned_to/0"),
        ({"language": "no such"}, "/language"),
        ({"claimant": {"name": ""}}, "/claimant/name"),
        ({"meaning": "other"}, "/meaning"),
    ],
)
def test_a_field_that_cannot_be_set_is_named_and_nothing_changes(
    body: dict[str, Any], pointer: str
) -> None:
    claim = factories.claim()
    size = read.size()
    answer = Api(factories.editor()).patch(f"claims/{claim.pk}/", body, If_Match='"1"')
    assert answer.status_code == 400
    assert pointer in {one["pointer"] for one in answer.json()["errors"]}
    claim.refresh_from_db()
    assert claim.version == 1
    assert read.size() == size


def test_every_field_that_may_be_changed_is_changed() -> None:
    claim = factories.claim()
    person = factories.person(name="reviewer-7")
    due = "2030-01-02T03:04:05Z"
    body = {
        "text": "Other words.",
        "language": "fr",
        "claimant": {"name": "The Post", "kind": "outlet"},
        "quote": {"exact": "Other", "prefix": "", "suffix": " words"},
        "topic": "sea",
        "tags": ["b", "a"],
        "due_at": due,
        "assigned_to": [person.username],
        "harm": 3,
        "discreet": True,
        "urgent": True,
        "reason": "A vote is on.",
        "visibility": "restricted",
        "external_ref": "cms-2",
    }
    answer = Api(factories.editor()).patch(f"claims/{claim.pk}/", body, If_Match='"1"')
    shown = answer.json()
    assert answer.status_code == 200, shown
    body["tags"] = ["a", "b"]
    del body["reason"]
    assert {name: shown[name] for name in body} == body
    cleared = (
        Api(factories.editor())
        .patch(
            f"claims/{claim.pk}/",
            {"claimant": None, "quote": None, "topic": None, "due_at": None, "tags": []},
            If_Match='"2"',
        )
        .json()
    )
    assert [cleared[name] for name in ("claimant", "quote", "topic", "due_at", "tags")] == [
        None, None, None, None, [],
    ]  # fmt: skip


def test_urgent_is_an_editors_word_and_a_contributor_edits_drafts_alone() -> None:
    claim = factories.claim()
    writer = Api(factories.contributor())
    urgent = writer.patch(f"claims/{claim.pk}/", {"urgent": True, "reason": "x"})
    assert (urgent.status_code, urgent.json()["code"]) == (403, "role")
    checking = factories.in_checking()
    refused = writer.patch(f"claims/{checking.pk}/", {"tags": ["x"]}, If_Match='"1"')
    assert (refused.status_code, refused.json()["code"]) == (403, "role")
    reviewer = Api(factories.reviewer())
    assert (
        reviewer.patch(f"claims/{checking.pk}/", {"tags": ["x"]}, If_Match='"1"').status_code
        == 200
    )


def test_whoever_changes_the_words_is_their_author() -> None:
    claim = factories.claim()
    reviewer = factories.reviewer()
    Api(reviewer).patch(f"claims/{claim.pk}/", {"text": "Other words."}, If_Match='"1"')
    assert ClaimAuthor.objects.filter(claim=claim, person=reviewer.person).exists()


def test_new_words_under_a_review_need_their_meaning_said() -> None:
    claim = stories.sent_to_review()
    stories.reviewed(claim, factories.reviewer())
    claim.refresh_from_db()
    editor = Api(factories.editor())
    path, tag = f"claims/{claim.pk}/", claim.etag
    silent = editor.patch(path, {"text": "New words."}, If_Match=tag)
    assert silent.status_code == 400
    assert silent.json()["errors"][0]["pointer"] == "/meaning"
    changed = editor.patch(path, {"text": "New words.", "meaning": "changed"}, If_Match=tag)
    assert (changed.status_code, changed.json()["stage"]) == (200, "review")
    assert claim.rounds.count() == 2


def test_what_is_published_is_not_changed_by_patch() -> None:
    claim = stories.published()
    answer = Api(factories.editor()).patch(
        f"claims/{claim.pk}/", {"tags": ["x"]}, If_Match=claim.etag
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")


def test_a_withdrawn_claim_shows_its_tombstone_and_no_verdict_that_counts() -> None:
    claim = stories.published()
    api = Api(factories.editor())
    answer = api.post(
        f"claims/{claim.pk}/transitions/", {"name": "withdraw", "reason": "We were wrong."}
    ).json()
    assert (answer["state"], answer["outcome"]) == ("dismissed", "withdrawn")
    assert answer["publication"]["withdrawn"] is True
    (row,) = api.get("publications/").json()["results"]
    assert row == answer["publication"]


def test_a_suspended_page_is_told_and_brought_back_by_another() -> None:
    claim = stories.published()
    first, second = Api(factories.editor()), Api(factories.admin())
    held = first.post(f"claims/{claim.pk}/suspend/", {"reason": "A complaint."})
    assert held.json()["publication"]["suspended"] is True
    assert held.headers["ETag"] != claim.etag
    own = first.post(f"claims/{claim.pk}/restore-page/", {})
    assert (own.status_code, own.json()["code"]) == (403, "four_eyes")
    back = second.post(f"claims/{claim.pk}/restore-page/", {"note": "Settled."})
    assert back.json()["publication"]["suspended"] is False


def test_a_changed_quote_has_to_stand_in_the_article_as_a_new_one_does() -> None:
    article = factories.article("They said so. The bridge was closed on Monday.")
    claim = factories.claim("The bridge was closed.", article=article)
    api, path = Api(factories.reviewer()), f"claims/{claim.pk}/"

    wrong = api.patch(path, {"quote": {"exact": "The bridge is open"}}, If_Match=claim.etag)
    right = api.patch(path, {"quote": {"exact": "the bridge was closed"}}, If_Match=claim.etag)
    again = api.patch(path, {"quote": right.json()["quote"]}, If_Match=right.headers["ETag"])

    assert wrong.status_code == 400
    assert wrong.json()["errors"][0]["pointer"] == "/quote/exact"
    assert right.json()["quote"]["exact"] == "The bridge was closed"
    assert right.json()["quote"]["prefix"] == "They said so. "
    assert again.json()["version"] == right.json()["version"]
