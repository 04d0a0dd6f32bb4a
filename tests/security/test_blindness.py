"""Until a round is revealed nobody but its author can tell what a review says, through any door.

Two worlds are made that differ in a hidden review alone. Whatever anybody else is told over REST
has to be the same in both, but for ids, times and what was chosen freely.
"""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from claims.models import Actor, Claim
from reviews.workflow.step import Wish
from reviews.workflow.transition import transition
from tests import factories
from tests.rest import Api, another_world
from tests.reviews import stories

pytestmark = pytest.mark.django_db
SECRET = "Zanzibar"
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|\+00:00)")
SURFACES = (
    "claims/{claim}/",
    "claims/{claim}/?expand=article,scale",
    "claims/",
    "claims/?q=bridge",
    "claims/?stage=review",
    "claims/{claim}/transitions/",
    "claims/{claim}/reviews/",
    "claims/{claim}/finding/",
    "claims/{claim}/verdicts/",
    "claims/{claim}/evidence/",
    "claims/{claim}/corrections/",
    "claims/{claim}/provenance/",
    "claims/{claim}/coverage/",
    "queue/",
    "events/?claim={claim}",
    "events/",
    "publications/",
    "corrections/",
)


REVIEWS, FINDING = "claims/{claim}/reviews/", "claims/{claim}/finding/"


def told(api: Api, claim: Claim, *surfaces: str) -> dict[str, str]:
    """Everything REST says, with ids and times taken out."""
    said = {}
    for surface in surfaces or SURFACES:
        answer = api.get(surface.format(claim=claim.pk))
        headers = answer.headers.get("ETag", "")
        text = f"{answer.status_code} {headers} {json.dumps(answer.json(), ensure_ascii=False)}"
        said[surface] = _TIME.sub("TIME", _ID.sub("ID", text))
    return said


def hidden_review(rating: str, *, words: str, cites: bool) -> tuple[Claim, Actor]:
    """A round with one review in: the lead's, with evidence that was there before."""
    claim = stories.sent_to_review(factories.claim("The bridge was closed on Monday."))
    item = factories.evidence(
        claim,
        title="A page",
        created_at=factories.LONG_AGO,
        capture=factories.capture(final_url="https://paper.example/1"),
    )
    lead = factories.reviewer("the-lead")
    api = Api(lead)
    api.post(f"claims/{claim.pk}/lease/", {})
    answer = api.post(
        f"claims/{claim.pk}/reviews/",
        {
            "rating": rating,
            "reason": words,
            "confidence": "high" if cites else "low",
            "evidence": [str(item.pk)] if cites else [],
            "finding": {
                "headline": words,
                "answer": words,
                "sentences": [{"text": words, "evidence": [], "judgement": True}],
            },
        },
    )
    assert answer.status_code == 201
    claim.refresh_from_db()
    return claim, lead


PEOPLE: dict[str, Callable[[], Actor]] = {
    "contributor": factories.contributor,
    "reviewer": factories.reviewer,
    "editor": factories.editor,
    "admin": factories.admin,
    "service": lambda: factories.service("claims:read", "events:read"),
}


@pytest.mark.parametrize("role", PEOPLE)
def test_what_a_hidden_review_says_shows_nowhere(role: str) -> None:
    said = []
    for rating, words, cites in (("true", SECRET, True), ("false", "Other", False)):
        with another_world():
            claim, _ = hidden_review(rating, words=words, cites=cites)
            said.append(told(Api(PEOPLE[role]()), claim))
    assert said[0] == said[1]
    assert SECRET not in json.dumps(said)
    assert said[0]["claims/{claim}/reviews/"].endswith(" []")
    assert said[0]["claims/{claim}/finding/"].startswith("404")


def test_its_author_reads_it_and_after_the_reveal_everybody_does() -> None:
    claim, lead = hidden_review("true", words=SECRET, cites=True)
    assert SECRET in told(Api(lead), claim, REVIEWS)[REVIEWS]
    assert SECRET in told(Api(lead), claim, FINDING)[FINDING]
    stories.reviewed(claim, factories.reviewer(), "true")
    for make in PEOPLE.values():
        assert SECRET in told(Api(make()), claim, REVIEWS)[REVIEWS]


def test_a_round_voided_before_its_reveal_stays_blind_for_good() -> None:
    claim, lead = hidden_review("true", words=SECRET, cites=True)
    transition(claim, "return_to_draft", by=factories.editor(), wish=Wish(reason="Not yet."))
    assert SECRET not in json.dumps(told(Api(factories.editor()), claim))
    for make in PEOPLE.values():
        assert SECRET not in json.dumps(told(Api(make()), claim, REVIEWS, FINDING))
    assert SECRET in told(Api(lead), claim, REVIEWS)[REVIEWS]


def test_error_texts_tell_nothing_of_a_hidden_review() -> None:
    """Every act that is refused is refused in the same words, whatever was rated."""
    acts: list[tuple[str, str, Any]] = [
        ("POST", "transitions/", {"name": "publish"}),
        ("POST", "reconcile/", {"adjudicate": True}),
        ("POST", "adjudications/", {"rating": "true", "reason": "x"}),
        ("PUT", "finding/", {"headline": "h", "answer": "a", "sentences": [{"text": "t"}]}),
        ("POST", "finding/agree/", None),
        ("POST", "reviews/", {"rating": "x", "reason": "x"}),
        ("PATCH", "", {"text": "Other words."}),
    ]
    said = []
    for rating, words, cites in (("true", SECRET, True), ("false", "Other", False)):
        with another_world():
            claim, _ = hidden_review(rating, words=words, cites=cites)
            answers = []
            for make in (factories.reviewer, factories.editor):
                api = Api(make())
                for method, path, body in acts:
                    answer = api.send(method, f"claims/{claim.pk}/{path}", body, If_Match="*")
                    assert answer.status_code >= 400
                    answers.append(_ID.sub("ID", answer.content.decode()))
            said.append(answers)
    assert said[0] == said[1]
    assert SECRET not in "".join(said[0])


def test_whether_withdrawn_evidence_was_cited_cannot_be_told() -> None:
    fates = []
    for cites in (True, False):
        with another_world():
            claim, _ = hidden_review("true", words="x", cites=cites)
            api = Api(factories.editor())
            item = claim.evidence.get()
            assert api.delete(f"evidence/{item.pk}/").status_code == 409
            gone = api.post(f"evidence/{item.pk}/withdraw/", {"reason": "x"})
            assert gone.status_code == 200
            fates.append(told(api, claim))
    assert fates[0] == fates[1]


def test_whether_a_round_voided_before_its_reveal_cited_evidence_cannot_be_told() -> None:
    fates = []
    for cites in (True, False):
        with another_world():
            claim, _ = hidden_review("true", words="x", cites=cites)
            api = Api(factories.editor())
            changed = {"text": "The ferry sank in May.", "meaning": "changed"}
            tag = api.get(f"claims/{claim.pk}/").headers["ETag"]
            edited = api.patch(f"claims/{claim.pk}/", changed, **{"If-Match": tag})
            assert edited.status_code == 200
            refused = api.delete(f"evidence/{claim.evidence.get().pk}/")
            fates.append((refused.status_code, refused.json()))
    assert fates[0] == fates[1]


def test_evidence_of_an_open_round_comes_without_stance_note_and_adder() -> None:
    claim = stories.sent_to_review()
    adder = factories.reviewer("reviewer-1")
    body = {
        "title": "A page",
        "stance": "refutes",
        "kind": "page",
        "note": SECRET,
        "capture": str(factories.capture().pk),
    }
    path = f"claims/{claim.pk}/evidence/"
    made = Api(adder).post(path, body).json()
    assert (made["stance"], made["note"], made["added_by"]) == ("refutes", SECRET, "reviewer-1")
    assert Api(adder).get(path).json() == [made]
    for make in PEOPLE.values():
        api = Api(make())
        for shown in (api.get(path).json()[0], api.get(f"evidence/{made['id']}/").json()):
            assert (shown["stance"], shown["note"], shown["added_by"]) == (None, None, None)
            assert shown["title"] == "A page"
    stories.reviewed(claim, adder)
    stories.reviewed(claim, factories.reviewer())
    (shown,) = Api(factories.contributor()).get(path).json()
    assert (shown["stance"], shown["added_by"]) == ("refutes", "reviewer-1")


def test_evidence_from_before_the_round_is_shown_whole() -> None:
    claim = factories.claim()
    adder = factories.contributor("contributor-1")
    factories.evidence(claim, stance="refutes", note="As read.", added_by=adder.person)
    stories.sent_to_review(claim)
    (shown,) = Api(factories.reviewer()).get(f"claims/{claim.pk}/evidence/").json()
    assert (shown["stance"], shown["note"]) == ("refutes", "As read.")
    assert shown["added_by"] == "contributor-1"
