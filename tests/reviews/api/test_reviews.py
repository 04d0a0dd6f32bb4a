"""Judging over REST: seats, blind reviews, what settles a dispute, and the text that answers."""

from typing import Any
from uuid import uuid4

import pytest

from claims.ledger import read
from claims.models import Claim, Role
from reviews.models import Review, Verdict
from tests import factories
from tests.rest import Api
from tests.reviews import stories

pytestmark = pytest.mark.django_db
FINDING = {
    "headline": "What we found",
    "answer": "We found this.",
    "sentences": [{"text": "One sentence.", "evidence": [], "judgement": True}],
}
JUDGED: dict[str, Any] = {"rating": "unproven", "reason": "Because.", "evidence": []}
LEADS = {**JUDGED, "finding": FINDING}


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.fixture
def claim() -> Claim:
    factories.scale()
    return factories.in_checking()


# Seats


def test_each_seat_is_held_by_one_person_who_has_one_seat(claim: Claim) -> None:
    one, two, three = (Api(factories.reviewer(f"reviewer-{n}")) for n in (1, 2, 3))
    path = f"claims/{claim.pk}/lease/"
    first = one.post(path, {})
    assert (first.status_code, first.json()["seat"], first.json()["holder"]) == (
        201,
        "first",
        "reviewer-1",
    )
    assert two.post(path, {}).json()["seat"] == "second"
    taken = three.post(path, {})
    assert code(taken) == (409, "leased")
    assert [(row["seat"], row["holder"]) for row in taken.json()["leases"]] == [
        ("first", "reviewer-1"),
        ("second", "reviewer-2"),
    ]
    assert all(row["expires_at"] for row in taken.json()["leases"])
    again = one.post(path, {})
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert code(one.post(path, {"seat": "second"})) == (409, "leased")


def test_a_seat_is_renewed_and_given_back_by_its_holder_alone(claim: Claim) -> None:
    holder, other = Api(factories.reviewer()), Api(factories.reviewer())
    key = holder.post(f"claims/{claim.pk}/lease/", {}).json()["id"]
    assert code(other.post(f"leases/{key}/renew/")) == (404, "not_found")
    assert code(other.delete(f"leases/{key}/")) == (404, "not_found")
    assert holder.post(f"leases/{key}/renew/").status_code == 200
    assert holder.delete(f"leases/{key}/").status_code == 204
    assert code(holder.post(f"leases/{key}/renew/")) == (404, "not_found")
    assert code(holder.delete(f"leases/{uuid4()}/")) == (404, "not_found")


def test_a_late_holder_is_fenced_and_told(claim: Claim) -> None:
    late = factories.reviewer()
    assert late.person is not None
    factories.lease(claim, late.person, minutes=-1)
    assert code(Api(late).post(f"claims/{claim.pk}/reviews/", LEADS)) == (409, "lease_required")
    other = Api(factories.reviewer())
    assert other.post(f"claims/{claim.pk}/lease/", {"seat": "first"}).status_code == 201


def test_a_seat_is_taken_over_only_when_that_is_asked_for(claim: Claim) -> None:
    holder, other = Api(factories.reviewer("reviewer-1")), Api(factories.reviewer("reviewer-2"))
    path = f"claims/{claim.pk}/lease/"
    holder.post(path, {"seat": "first"})
    assert code(other.post(path, {"seat": "first"})) == (409, "leased")
    taken = other.post(path, {"seat": "first", "take_over": True})
    assert (taken.status_code, taken.json()["holder"]) == (201, "reviewer-2")
    assert code(holder.post(f"claims/{claim.pk}/reviews/", LEADS)) == (409, "lease_required")


@pytest.mark.parametrize("body", [{"seat": "fourth"}, {"seat": 1}, {"take_over": "yes"}, {"x": 1}])
def test_a_seat_that_is_none_is_refused(claim: Claim, body: dict[str, Any]) -> None:
    assert code(Api(factories.reviewer()).post(f"claims/{claim.pk}/lease/", body))[0] == 400


def test_a_draft_has_no_seat() -> None:
    claim = factories.claim()
    answer = Api(factories.reviewer()).post(f"claims/{claim.pk}/lease/", {})
    assert code(answer) == (409, "illegal_transition")


# The queue


def test_the_queue_is_what_i_may_take_with_the_reasons_for_its_place() -> None:
    factories.scale()
    own = factories.actor(Role.REVIEWER)
    factories.in_checking(author=own)
    low = factories.in_checking(harm=0, priority=1)
    high = factories.in_checking(harm=3, priority=30)
    rows = Api(own).get("queue/").json()["results"]
    assert [row["id"] for row in rows] == [str(high.pk), str(low.pk)]
    priority = rows[0]["priority"]
    assert priority["score"] == sum(part["points"] for part in priority["parts"])
    assert {"name", "value", "weight", "points"} == priority["parts"][0].keys()
    assert rows[0]["why"]
    assert Api(own).get("queue/?language=fr").json()["results"] == []
    assert Api(own).get("queue/?stage=nonsense").status_code == 400


def test_next_gives_a_lease_and_then_nothing() -> None:
    factories.scale()
    claim = factories.in_checking()
    api = Api(factories.reviewer("reviewer-1"))
    held = api.post("queue/next/", {})
    assert held.status_code == 200
    assert held.json()["claim"] == str(claim.pk)
    assert held.json()["holder"] == "reviewer-1"
    empty = api.post("queue/next/")
    assert (empty.status_code, empty.content) == (204, b"")
    assert api.post("queue/next/", {"stage": "nonsense"}).status_code == 400


def test_an_empty_next_is_empty_again_for_the_same_key() -> None:
    api = Api(factories.reviewer())
    assert api.post("queue/next/", {}, Idempotency_Key="k").status_code == 204
    factories.scale()
    factories.in_checking()
    assert api.post("queue/next/", {}, Idempotency_Key="k").status_code == 204


# Reviews


def test_a_review_needs_a_seat_and_is_written_once(claim: Claim) -> None:
    api = Api(factories.reviewer())
    path = f"claims/{claim.pk}/reviews/"
    assert code(api.post(path, LEADS)) == (409, "lease_required")
    api.post(f"claims/{claim.pk}/lease/", {})
    written = api.post(path, LEADS)
    assert written.status_code == 201
    assert written.json()["finding"]["headline"] == "What we found"
    assert api.get(path).json() == [written.json()]
    assert code(api.post(path, LEADS)) == (409, "already_reviewed")
    assert code(api.post(f"claims/{claim.pk}/lease/", {})) == (409, "already_reviewed")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/rating"),
        ({**LEADS, "rating": "pants-on-fire"}, "/rating"),
        ({**LEADS, "rating": 1}, "/rating"),
        ({**LEADS, "reason": ""}, "/reason"),
        ({**LEADS, "reason": "x" * 200_000}, "/reason"),
        ({**LEADS, "evidence": ["zz"]}, "/evidence/0"),
        ({**LEADS, "evidence": [str(uuid4())]}, "/evidence/0"),
        ({**LEADS, "evidence": "all"}, "/evidence"),
        ({**LEADS, "confidence": "total"}, "/confidence"),
        ({**LEADS, "seat": "first"}, "/seat"),
        (JUDGED, "/finding"),
        ({**LEADS, "finding": {**FINDING, "headline": ""}}, "/finding/headline"),
        ({**LEADS, "finding": {**FINDING, "headline": "x" * 301}}, "/finding/headline"),
        ({**LEADS, "finding": {**FINDING, "answer": "x" * 200_000}}, "/finding/answer"),
        ({**LEADS, "finding": {**FINDING, "sentences": []}}, "/finding/sentences"),
        (
            {**LEADS, "finding": {**FINDING, "sentences": [{"text": "t", "evidence": ["zz"]}]}},
            "/finding/sentences/0/evidence/0",
        ),
        (
            {**LEADS, "finding": {**FINDING, "sentences": [{"text": "x" * 200_000}]}},
            "/finding/sentences/0/text",
        ),
        (
            {**LEADS, "finding": {**FINDING, "sentences": [{"text": "t", "proof": 1}]}},
            "/finding/sentences/0/proof",
        ),
    ],
)
def test_a_review_that_cannot_be_used_leaves_nothing(
    claim: Claim, body: dict[str, Any], pointer: str
) -> None:
    api = Api(factories.reviewer())
    api.post(f"claims/{claim.pk}/lease/", {})
    size = read.size()
    answer = api.post(f"claims/{claim.pk}/reviews/", body)
    assert answer.status_code == 400
    assert pointer in {one["pointer"] for one in answer.json()["errors"]}
    assert not Review.objects.exists()
    assert read.size() == size


def test_withdrawn_evidence_and_that_of_another_claim_is_not_cited(claim: Claim) -> None:
    api = Api(factories.reviewer())
    api.post(f"claims/{claim.pk}/lease/", {})
    mine = factories.evidence(claim)
    Api(factories.editor()).post(f"evidence/{mine.pk}/withdraw/", {"reason": "Not genuine."})
    foreign = factories.evidence(factories.claim())
    body = {**LEADS, "evidence": [str(mine.pk), str(foreign.pk)]}
    answer = api.post(f"claims/{claim.pk}/reviews/", body)
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/evidence/0", "/evidence/1"]


# Disputes


@pytest.fixture
def disputed() -> tuple[Claim, Api, Api]:
    claim = stories.sent_to_review()
    lead, second = factories.reviewer(), factories.reviewer()
    stories.reviewed(claim, lead, "false")
    stories.reviewed(claim, second, "unproven")
    claim.refresh_from_db()
    assert claim.stage == "disputed"
    return claim, Api(lead), Api(second)


def test_two_who_name_the_same_rating_settle_it(disputed: tuple[Claim, Api, Api]) -> None:
    claim, lead, second = disputed
    path = f"claims/{claim.pk}/reconcile/"
    assert code(Api(factories.reviewer()).post(path, {"rating": "false"})) == (403, "role")
    assert code(lead.post(path, {"rating": "true"})) == (400, "invalid")
    assert code(lead.post(path, {}))[0] == 400
    assert code(lead.post(path, {"rating": "false", "adjudicate": True}))[0] == 400
    assert lead.post(path, {"rating": "unproven"}).json()["verdict"] is None
    settled = second.post(path, {"rating": "unproven"})
    assert settled.json()["verdict"]["by"] == "reconciled"
    assert settled.headers["ETag"] == f'"{settled.json()["version"]}"'
    (row,) = second.get(f"claims/{claim.pk}/verdicts/").json()
    assert row == settled.json()["verdict"]


def test_an_editor_outside_the_round_decides(disputed: tuple[Claim, Api, Api]) -> None:
    claim, lead, _ = disputed
    asked = lead.post(f"claims/{claim.pk}/reconcile/", {"adjudicate": True})
    assert asked.json()["stage"] == "adjudication"
    path, body = f"claims/{claim.pk}/adjudications/", {"rating": "false", "reason": "The record."}
    assert code(lead.post(path, body)) == (403, "role")
    inside = factories.actor(Role.EDITOR, Role.REVIEWER)
    review = Review.objects.filter(round__claim=claim).first()
    assert review is not None
    assert code(Api(inside).post(path, {})) == (400, "invalid")
    editor = Api(factories.editor("editor-1"))
    decided = editor.post(path, body)
    assert (decided.status_code, decided.json()["by"]) == (201, "editor-1")
    assert Verdict.objects.get().by == "adjudication"
    assert code(editor.post(path, body)) == (409, "illegal_transition")


def test_whoever_reviewed_does_not_decide_as_an_editor() -> None:
    both = factories.actor(Role.EDITOR, Role.REVIEWER)
    claim = stories.sent_to_review()
    stories.reviewed(claim, both, "false")
    stories.reviewed(claim, factories.reviewer(), "true")
    answer = Api(both).post(f"claims/{claim.pk}/adjudications/", {"rating": "true", "reason": "x"})
    assert code(answer) == (403, "four_eyes")


# The text


def test_the_text_is_agreed_by_who_did_not_write_it() -> None:
    claim = stories.sent_to_review()
    lead, second = factories.reviewer("lead"), factories.reviewer("second")
    stories.reviewed(claim, lead)
    stories.reviewed(claim, second)
    path = f"claims/{claim.pk}/finding/"
    one, two = Api(lead), Api(second)
    assert code(one.post(path + "agree/")) == (403, "four_eyes")
    assert code(Api(factories.reviewer()).post(path + "agree/")) == (403, "role")
    text = two.get(path).json()
    assert (text["number"], text["author"], text["agreed"]) == (1, "lead", [])
    changed = two.put(path, {**FINDING, "headline": "Another headline"})
    assert (changed.status_code, changed.json()["number"]) == (200, 2)
    assert "+Another headline" in changed.json()["versions"][0]["difference"]
    # What one has not read one does not agree to.
    assert code(one.post(path + "agree/", {"number": 1})) == (412, "stale")
    assert code(one.post(path + "agree/", {"number": "2"})) == (400, "invalid")
    assert one.get(path).json()["agreed"] == []
    agreed = one.post(path + "agree/", {"number": 2}).json()
    assert [row["by"] for row in agreed["agreed"]] == ["lead"]
    assert one.get(f"claims/{claim.pk}/").json()["stage"] == "ready"
    copy = Api(factories.editor()).put(path, {**FINDING, "headline": "An editor’s headline"})
    assert copy.json()["number"] == 3
    assert one.get(f"claims/{claim.pk}/").json()["stage"] == "finding"


def test_a_text_that_cannot_be_used_is_named_from_the_top() -> None:
    claim = stories.settled()
    body = {**FINDING, "headline": "x" * 301}
    answer = Api(factories.editor()).put(f"claims/{claim.pk}/finding/", body)
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/headline"]


# Corrections


def test_a_correction_is_proposed_by_one_and_issued_by_another() -> None:
    claim = stories.published()
    proposer, issuer = Api(factories.editor("editor-1")), Api(factories.editor("editor-2"))
    path = f"claims/{claim.pk}/corrections/"
    body = {
        "kind": "factual_error",
        "note": "The date was wrong.",
        "changes": {"claimant": {"name": "The Post", "kind": "outlet"}},
    }
    proposed = proposer.post(path, body)
    assert (proposed.status_code, proposed.json()["status"]) == (201, "proposed")
    issue = f"corrections/{proposed.json()['id']}/issue/"
    assert code(proposer.post(issue)) == (403, "four_eyes")
    assert code(Api(factories.reviewer()).post(issue)) == (403, "role")
    assert code(issuer.post(f"corrections/{uuid4()}/issue/")) == (404, "not_found")
    issued = issuer.post(issue)
    assert (issued.status_code, issued.json()["issued_by"]) == (200, "editor-2")
    assert code(issuer.post(issue)) == (409, "illegal_transition")
    (row,) = issuer.get("corrections/?kind=factual_error").json()["results"]
    assert (row["proposed_by"], row["issued_by"], row["version"]) == ("editor-1", "editor-2", 2)
    assert issuer.get(f"claims/{claim.pk}/").json()["publication"]["version"] == 2
    assert [one["status"] for one in issuer.get(path).json()] == ["issued"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/kind"),
        ({"kind": "rating_changed", "note": "x", "changes": {"text": "x"}}, "/kind"),
        ({"kind": "update", "note": "", "changes": {"text": "x"}}, "/note"),
        ({"kind": "update", "note": "x", "changes": {}}, "/changes"),
        ({"kind": "update", "note": "x", "changes": {"rating": "true"}}, "/changes/rating"),
        ({"kind": "update", "note": "x", "changes": {"finding": {}}}, "/changes/finding/headline"),
    ],
)
def test_a_correction_that_cannot_be_used_is_named(body: dict[str, Any], pointer: str) -> None:
    claim = stories.published()
    answer = Api(factories.editor()).post(f"claims/{claim.pk}/corrections/", body)
    assert answer.status_code == 400
    assert pointer in {one["pointer"] for one in answer.json()["errors"]}


def test_only_what_is_published_is_corrected() -> None:
    claim = stories.settled()
    body = {"kind": "update", "note": "x", "changes": {"text": "Other words."}}
    answer = Api(factories.editor()).post(f"claims/{claim.pk}/corrections/", body)
    assert code(answer) == (409, "illegal_transition")


def test_the_active_scale_stands_first_with_all_its_ratings() -> None:
    factories.scale("three-steps")
    active = factories.scale("six-steps")
    rows = Api(factories.contributor()).get("rating-scales/").json()["results"]
    assert [row["active"] for row in rows] == [True, False]
    assert rows[0]["id"] == str(active.pk)
    assert rows[0]["ratings"][-1]["class"] == "unproven"
    assert rows[0]["ratings"][-1]["number"] is None
