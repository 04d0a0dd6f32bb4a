"""What cannot be used is said before what does not fit the state: 400 stands before 409."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from claims.models import Actor, Claim, Evidence
from reviews.workflow.step import Wish
from reviews.workflow.transition import transition
from tests import factories
from tests.rest import Api
from tests.reviews import stories

pytestmark = pytest.mark.django_db

NOWHERE = str(uuid4())
TEXT = {"headline": "H", "answer": "A.", "sentences": [{"text": "S.", "judgement": True}]}
CITES = {**TEXT, "sentences": [{"text": "S.", "evidence": [NOWHERE]}]}


@dataclass(frozen=True)
class Stage:
    """A claim somewhere in its life, and those whom role and four eyes let try."""

    claim: Claim
    evidence: Evidence
    reviewer: Actor
    editor: Actor


def draft(by: Actor) -> Claim:
    return factories.claim(author=factories.contributor())


def blind(by: Actor) -> Claim:
    claim = stories.sent_to_review()
    stories.reviewed(claim, by)
    return claim


def differing(by: Actor) -> Claim:
    claim = blind(by)
    stories.reviewed(claim, factories.reviewer(), "true")
    return claim


def ready(by: Actor) -> Claim:
    return stories.settled(people=(by, factories.reviewer()))


def out(by: Actor) -> Claim:
    return stories.published(people=(by, factories.reviewer()))


def dismissed(by: Actor) -> Claim:
    said = Wish(reason="opinion", note="It is one.")
    return transition(differing(by), "dismiss", by=factories.editor(), wish=said)


STAGES: list[Callable[[Actor], Claim]] = [draft, blind, differing, ready, out, dismissed]


@pytest.fixture(params=STAGES, ids=lambda stage: stage.__name__)
def stage(request: pytest.FixtureRequest) -> Stage:
    factories.scale()
    by = factories.reviewer()
    claim: Claim = request.param(by)
    return Stage(claim, factories.evidence(claim), by, factories.editor())


REVIEWERS: list[tuple[str, Any, str]] = [
    ("reviews/", {"rating": "no-such", "reason": "R."}, "/rating"),
    ("reviews/", {"rating": "true"}, "/reason"),
    ("reviews/", {"rating": "true", "reason": "R.", "evidence": [NOWHERE]}, "/evidence/0"),
    (
        "reviews/",
        {"rating": "true", "reason": "R.", "has_interest": True},
        "/conflict_of_interest",
    ),
    (
        "reviews/",
        {"rating": "true", "reason": "R.", "finding": CITES},
        "/finding/sentences/0/evidence/0",
    ),
    ("reconcile/", {"rating": "no-such"}, "/rating"),
    ("reconcile/", {}, "/rating"),
    ("lease/", {"seat": "fourth"}, "/seat"),
    ("corrections/", {"kind": "typo", "note": "N.", "changes": {}}, "/changes"),
    (
        "corrections/",
        {"kind": "update", "note": "N.", "changes": {"finding": CITES}},
        "/changes/finding/sentences/0/evidence/0",
    ),
    (
        "corrections/",
        {"kind": "update", "note": "N.", "changes": {"text": "x" * 5_001}},
        "/changes/text",
    ),
    ("transitions/", {"name": "dismiss", "reason": "no-such", "note": "N."}, "/reason"),
    ("evidence/", {"title": "T", "kind": "page", "stance": "for"}, "/stance"),
    ("replies/", {"asked": "Bo", "answer": "A.", "not_asked_because": "B."}, "/not_asked_because"),
    ("coverage-runs/", {"providers": ["no-such"]}, "/providers/0"),
    ("provenance-edges/", {"from": NOWHERE, "to": NOWHERE, "type": "likes"}, "/type"),
]
EDITORS: list[tuple[str, Any, str]] = [
    ("adjudications/", {"rating": "no-such", "reason": "R."}, "/rating"),
    ("adjudications/", {"rating": "true"}, "/reason"),
    ("suspend/", {}, "/reason"),
    ("transitions/", {"name": "publish", "kind": "no-such"}, "/kind"),
    (
        "transitions/",
        {"name": "publish", "override": [{"code": "four_eyes", "note": "N."}]},
        "/override/0/code",
    ),
    (
        "transitions/",
        {
            "name": "publish",
            "override": [{"code": "reply", "note": "N."}, {"code": "reply", "note": "M."}],
        },
        "/override/1/code",
    ),
    ("transitions/", {"name": "reopen"}, "/reason"),
    ("transitions/", {"name": "restore", "reason": " "}, "/reason"),
    ("transitions/", {"name": "return_to_draft"}, "/reason"),
    ("transitions/", {"name": "withdraw"}, "/reason"),
]


def refused_at(answer: Any) -> tuple[int, list[str]]:
    body = answer.json()
    return answer.status_code, [one["pointer"] for one in body.get("errors", [])]


@pytest.mark.parametrize(("path", "body", "pointer"), REVIEWERS)
def test_a_reviewer_hears_of_the_body_first(
    stage: Stage, path: str, body: Any, pointer: str
) -> None:
    answer = Api(stage.reviewer).post(f"claims/{stage.claim.pk}/{path}", body)

    assert refused_at(answer) == (400, [pointer])


@pytest.mark.parametrize(("path", "body", "pointer"), EDITORS)
def test_an_editor_hears_of_the_body_first(
    stage: Stage, path: str, body: Any, pointer: str
) -> None:
    answer = Api(stage.editor).post(f"claims/{stage.claim.pk}/{path}", body)

    assert refused_at(answer) == (400, [pointer])


def test_a_text_is_read_before_the_state(stage: Stage) -> None:
    answer = Api(stage.editor).put(f"claims/{stage.claim.pk}/finding/", CITES)

    assert refused_at(answer) == (400, ["/sentences/0/evidence/0"])


@pytest.mark.parametrize("body", [{}, {"reason": " "}, {"reason": "R.", "more": 1}])
def test_withdrawing_evidence_without_a_reason_is_refused_in_any_state(
    stage: Stage, body: Any
) -> None:
    answer = Api(stage.editor).post(f"evidence/{stage.evidence.pk}/withdraw/", body)

    assert answer.status_code == 400


def test_a_usable_body_in_the_wrong_state_is_a_conflict() -> None:
    factories.scale()
    by, editor = factories.reviewer(), factories.editor()
    claim = draft(by)

    for who, path, body in (
        (by, "reconcile/", {"rating": "true"}),
        (editor, "adjudications/", {"rating": "true", "reason": "R."}),
        (by, "reviews/", {"rating": "true", "reason": "R."}),
        (editor, "suspend/", {"reason": "R."}),
    ):
        answer = Api(who).post(f"claims/{claim.pk}/{path}", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition"), path
