"""Each row of the table through REST: what is listed is what happens."""

from typing import Any

import pytest

from claims.ledger import read
from claims.models import Claim
from reviews.workflow.table import TRANSITIONS
from tests import factories
from tests.rest import Api
from tests.reviews import stories

pytestmark = pytest.mark.django_db

SAID: dict[str, dict[str, str]] = {
    "start_checking": {},
    "return_to_draft": {"reason": "Not yet."},
    "dismiss": {"reason": "opinion", "note": "It is one."},
    "restore": {"reason": "It came up again."},
    "publish": {},
    "reopen": {"reason": "New facts."},
    "withdraw": {"reason": "We were wrong."},
}


def dismissed() -> Claim:
    return factories.claim(state="dismissed", outcome="not_taken_up")


FROM = {
    "start_checking": factories.claim,
    "return_to_draft": factories.in_checking,
    "dismiss": factories.claim,
    "restore": dismissed,
    "publish": stories.settled,
    "reopen": stories.published,
    "withdraw": stories.published,
}
WHO = {
    "start_checking": {"contributor", "reviewer", "editor", "service"},
    "dismiss": {"reviewer", "editor"},
}
PEOPLE: dict[str, Any] = {
    "contributor": factories.contributor,
    "reviewer": factories.reviewer,
    "editor": factories.editor,
    "admin": factories.admin,
    "service": lambda: factories.service("claims:read", "claims:write", "coverage:write"),
}


def test_the_table_of_this_test_is_whole() -> None:
    assert set(SAID) == set(FROM) == set(TRANSITIONS)


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("name", TRANSITIONS)
def test_what_is_listed_as_allowed_is_what_may_be_done(name: str, role: str) -> None:
    factories.scale()
    claim, api = FROM[name](), Api(PEOPLE[role]())
    size = read.size()
    listed = {one["name"]: one for one in api.get(f"claims/{claim.pk}/transitions/").json()}
    allowed = role in WHO.get(name, {"editor"})
    assert listed[name]["allowed"] is allowed
    assert bool(listed[name]["unmet"]) is not allowed

    answer = api.post(f"claims/{claim.pk}/transitions/", {"name": name, **SAID[name]})

    if allowed:
        assert answer.status_code == 200, answer.json()
        assert answer.json()["state"] == TRANSITIONS[name].target == listed[name]["to"]
        assert answer.headers["ETag"] == f'"{answer.json()["version"]}"'
        assert read.size() > size
    else:
        assert (answer.status_code, answer.json()["code"]) == (
            403,
            listed[name]["unmet"][0]["code"],
        )
        assert Claim.objects.get(pk=claim.pk).state == claim.state
        assert read.size() == size


@pytest.mark.parametrize("name", TRANSITIONS)
def test_from_every_other_state_it_is_illegal_and_changes_nothing(name: str) -> None:
    factories.scale()
    claims = [factories.claim(), factories.in_checking(), stories.published(), dismissed()]
    api = Api(factories.editor())
    for claim in claims:
        claim.refresh_from_db()
        if claim.state in TRANSITIONS[name].sources:
            continue
        size = read.size()
        body = {"name": name, **SAID[name], "kind": "update", "note": "opinion"}
        answer = api.post(f"claims/{claim.pk}/transitions/", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
        assert read.size() == size
        assert name not in {
            one["name"] for one in api.get(f"claims/{claim.pk}/transitions/").json()
        }


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/name"),
        ({"name": "delete"}, "/name"),
        ({"name": 7}, "/name"),
        ({"name": "publish", "state": "published"}, "/state"),
        ({"name": "dismiss"}, "/reason"),
        ({"name": "dismiss", "reason": "boring", "note": "x"}, "/reason"),
        (
            {"name": "publish", "override": [{"code": "four_eyes", "note": "x"}]},
            "/override/0/code",
        ),
        ({"name": "publish", "override": [{"code": "sources", "note": " "}]}, "/override/0/note"),
        ({"name": "publish", "override": [{"code": "sources"}]}, "/override/0/note"),
        ({"name": "publish", "override": "sources"}, "/override"),
        ({"name": "return_to_draft", "reason": " "}, "/reason"),
        ({"name": "return_to_draft", "reason": "x" * 200_000}, "/reason"),
    ],
)
def test_what_has_to_be_said_is_asked_for(body: dict[str, Any], pointer: str) -> None:
    claim = factories.in_checking()
    answer = Api(factories.editor()).post(f"claims/{claim.pk}/transitions/", body)
    assert answer.status_code == 400
    assert pointer in {one["pointer"] for one in answer.json()["errors"]}
    claim.refresh_from_db()
    assert claim.state == "checking"


def test_before_a_verdict_only_two_gates_answer() -> None:
    claim = stories.sent_to_review()
    stories.reviewed(claim, factories.reviewer(), "true")
    author = factories.actor("editor", "contributor")
    api = Api(factories.editor())
    answer = api.post(f"claims/{claim.pk}/transitions/", {"name": "publish"})
    assert (answer.status_code, answer.json()["code"]) == (409, "unmet")
    assert [one["code"] for one in answer.json()["unmet"]] == ["verdict"]
    assert all(one["message"] and one["fix"] for one in answer.json()["unmet"])
    listed = {
        one["name"]: one for one in Api(author).get(f"claims/{claim.pk}/transitions/").json()
    }
    assert {one["code"] for one in listed["publish"]["unmet"]} == {"verdict"}


def test_who_wrote_the_words_is_told_so_in_the_list_and_at_the_door() -> None:
    author = factories.actor("editor")
    claim = stories.settled(factories.claim(author=author))
    api = Api(author)
    listed = {one["name"]: one for one in api.get(f"claims/{claim.pk}/transitions/").json()}
    assert "four_eyes" in {one["code"] for one in listed["publish"]["unmet"]}
    answer = api.post(f"claims/{claim.pk}/transitions/", {"name": "publish"})
    assert (answer.status_code, answer.json()["code"]) == (403, "four_eyes")


def test_a_gate_that_policy_lets_pass_is_passed_with_words_the_page_shows() -> None:
    claim = stories.settled(rating="true")
    api = Api(factories.editor())
    path = f"claims/{claim.pk}/transitions/"
    refused = api.post(path, {"name": "publish"})
    assert [one["code"] for one in refused.json()["unmet"]] == ["sources"]
    passed = api.post(
        path,
        {
            "name": "publish",
            "override": [{"code": "sources", "note": "A primary record is public."}],
        },
    )
    assert passed.status_code == 200


def test_a_second_publication_is_a_correction_that_says_its_kind() -> None:
    claim = stories.reopened(stories.published())
    lead, second = factories.reviewer(), factories.reviewer()
    stories.reviewed(claim, lead, "false", evidence=[factories.evidence(claim, primary=True)])
    stories.reviewed(claim, second, "false")
    Api(second).post(f"claims/{claim.pk}/finding/agree/")
    api, path = Api(factories.editor()), f"claims/{claim.pk}/transitions/"
    assert api.post(path, {"name": "publish"}).json()["errors"][0]["pointer"] == "/kind"
    body = {"name": "publish", "kind": "rating_changed", "note": "New facts came up."}
    assert api.post(path, body).json()["publication"]["version"] == 2
    (row,) = api.get("corrections/").json()["results"]
    assert (row["kind"], row["version"], row["corrects_version"]) == ("rating_changed", 2, 1)
