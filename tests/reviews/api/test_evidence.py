"""Evidence over REST: attached, changed before use, withdrawn after it."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.ledger import read
from claims.models import Evidence, Role
from tests import factories
from tests.claims.web.pdf.printed import printed
from tests.rest import Api
from tests.reviews import stories

pytestmark = pytest.mark.django_db
PAGE: dict[str, Any] = {"title": "A page", "stance": "supports", "kind": "page"}


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_evidence_stands_on_a_capture_an_address_or_a_contact() -> None:
    claim = factories.claim()
    api = Api(factories.contributor("contributor-1"))
    path = f"claims/{claim.pk}/evidence/"
    capture = factories.capture(b"The bridge was closed on Monday.")
    one = api.post(path, {**PAGE, "capture": str(capture.pk), "quote": {"exact": "was closed"}})
    assert (one.status_code, one.json()["added_by"]) == (201, "contributor-1")
    assert one.json()["quote"]["start"] == 11
    by_url = api.post(path, {**PAGE, "url": "https://paper.example/1"})
    assert (by_url.status_code, by_url.json()["capturing"]) == (201, "fetching")
    contact = {
        "who": "The mayor",
        "role": "mayor",
        "when": "2026-01-02",
        "channel": "phone",
        "by": "contributor-1",
        "terms": "on_record",
    }
    spoken = api.post(path, {**PAGE, "kind": "interview", "contact": contact})
    assert spoken.json()["contact"] == contact
    assert len(api.get(path).json()) == 3
    shown = api.get(f"{path}?expand=capture&fields=capture").json()
    assert shown[0]["capture"]["sha256"] == capture.sha256
    assert shown[1] == {"capture": None}


def test_a_quote_from_an_uploaded_pdf_has_to_stand_on_its_page() -> None:
    api = Api(factories.contributor())
    file = SimpleUploadedFile("report", printed(["Preface"], ["The bridge was closed."]))
    kept = Client(headers=api.headers).post("/api/v1/captures/", {"file": file}).json()
    assert kept["media_type"] == "application/pdf"
    path = f"claims/{factories.claim().pk}/evidence/"
    body = {**PAGE, "kind": "document", "capture": kept["id"], "quote": {"exact": "was closed"}}
    wrong = api.post(path, {**body, "anchor": {"page": 1}})
    assert code(wrong) == (400, "invalid")
    [error] = wrong.json()["errors"]
    assert error["pointer"] == "/anchor/page"
    assert "on page 2" in error["message"]
    right = api.post(path, {**body, "anchor": {"page": 2}}).json()
    assert (right["anchor"], right["quote"]["exact"]) == ({"page": 2}, "was closed")
    assert api.post(path, body).json()["anchor"] == {"page": 2}
    changed = api.patch(f"evidence/{right['id']}/", {"quote": {"exact": "Preface"}}).json()
    assert changed["anchor"] == {"page": 1}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/title"),
        ({**PAGE}, "/capture"),
        ({**PAGE, "stance": "true"}, "/stance"),
        ({**PAGE, "kind": "rumour"}, "/kind"),
        ({**PAGE, "capture": "zz"}, "/capture"),
        ({**PAGE, "capture": str(uuid4())}, "/capture"),
        ({**PAGE, "url": "JavaScript:window.__pwn=1"}, "/url"),
        ({**PAGE, "url": "http://127.0.0.1/"}, "/url"),
        ({**PAGE, "url": "ftp://paper.example/"}, "/url"),
        ({**PAGE, "url": "https://paper.example/1", "added_by": "x"}, "/added_by"),
        ({**PAGE, "url": "https://paper.example/1", "visibility": "secret"}, "/visibility"),
        ({**PAGE, "url": "https://paper.example/1", "primary": "yes"}, "/primary"),
        ({**PAGE, "url": "https://paper.example/1", "anchor": {"chapter": 1}}, "/anchor/chapter"),
        ({**PAGE, "kind": "interview", "contact": {"who": "x"}}, "/contact/terms"),
    ],
)
def test_what_cannot_be_used_is_named_and_leaves_nothing(
    body: dict[str, Any], pointer: str
) -> None:
    claim, size = factories.claim(), read.size()
    answer = Api(factories.contributor()).post(f"claims/{claim.pk}/evidence/", body)
    assert answer.status_code == 400
    pointers = {one["pointer"] for one in answer.json()["errors"]}
    assert pointer in pointers or (pointer == "/capture" and pointers)
    assert not Evidence.objects.exists()
    assert read.size() == size


def test_a_quote_that_does_not_occur_is_refused() -> None:
    claim, capture = factories.claim(), factories.capture(b"Quite other words stand here.")
    body = {**PAGE, "capture": str(capture.pk), "quote": {"exact": "The bridge was closed"}}
    answer = Api(factories.contributor()).post(f"claims/{claim.pk}/evidence/", body)
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/quote/exact"]


def test_evidence_is_changed_and_removed_by_who_added_it_before_anybody_relies_on_it() -> None:
    claim = factories.claim()
    adder, other = Api(factories.contributor()), Api(factories.contributor())
    capture = factories.capture()
    made = adder.post(f"claims/{claim.pk}/evidence/", {**PAGE, "capture": str(capture.pk)}).json()
    path = f"evidence/{made['id']}/"
    assert code(other.patch(path, {"title": "Mine"})) == (403, "role")
    assert code(other.delete(path)) == (403, "role")
    changed = adder.patch(path, {"title": "Another title", "primary": True})
    assert (changed.json()["title"], changed.json()["version"]) == ("Another title", 2)
    assert code(adder.patch(path, {"withdrawn_at": None})) == (400, "invalid")
    assert code(adder.patch(path, {"url": "https://paper.example/"})) == (400, "invalid")
    assert adder.delete(path).status_code == 204
    assert code(adder.get(path)) == (404, "not_found")


def test_used_evidence_is_withdrawn_with_a_reason_and_stays_visible() -> None:
    claim = stories.published()
    item = claim.evidence.get()
    editor = Api(factories.editor())
    path = f"evidence/{item.pk}/"
    assert code(editor.patch(path, {"title": "x"})) == (409, "unmet")
    assert code(editor.delete(path)) == (409, "unmet")
    assert code(editor.post(path + "withdraw/", {})) == (400, "invalid")
    gone = editor.post(path + "withdraw/", {"reason": "Not genuine."})
    assert gone.json()["withdrawn_reason"] == "Not genuine."
    assert code(editor.post(path + "withdraw/", {"reason": "Again."})) == (
        409,
        "illegal_transition",
    )
    assert editor.get(f"claims/{claim.pk}/evidence/").json()[0]["withdrawn_at"]


def test_sealed_evidence_is_vouched_for_by_an_editor_who_did_not_add_it() -> None:
    claim = factories.claim()
    adder = factories.actor(Role.EDITOR)
    item = factories.evidence(claim, visibility="sealed", added_by=adder.person)
    path = f"evidence/{item.pk}/sign-off/"
    assert code(Api(factories.reviewer()).post(path)) == (403, "role")
    assert code(Api(adder).post(path)) == (403, "four_eyes")
    assert Api(factories.editor("editor-2")).post(path).json()["signed_off_by"] == "editor-2"


def test_sealed_bytes_are_for_who_added_them_and_for_editors() -> None:
    adder = factories.contributor()
    item = factories.evidence(factories.claim(), visibility="sealed", added_by=adder.person)
    path = f"captures/{item.capture_id}/"
    for actor in (adder, factories.editor()):
        assert Api(actor).get(path + "content/").status_code == 200
    for other in (factories.reviewer(), factories.contributor("contributor-2")):
        assert Api(other).get(path).status_code == 404
        assert Api(other).get(path + "content/").status_code == 404


def test_evidence_of_a_hidden_claim_is_not_there() -> None:
    item = factories.evidence(factories.claim(visibility="restricted"))
    api = Api(factories.contributor())
    for method, path in (
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "withdraw/"),
        ("POST", "sign-off/"),
    ):
        assert api.send(method, f"evidence/{item.pk}/{path}", {}).status_code == 404
    assert api.get(f"captures/{item.capture_id}/").status_code == 404


CONTACT = {"who": "An official", "when": "2026-01-02", "by": "ana", "terms": "confidential"}


def test_who_spoke_in_sealed_evidence_is_for_its_adder_editors_and_who_cites_it() -> None:
    claim = stories.sent_to_review()
    adder, lead, other = factories.contributor(), factories.reviewer(), factories.reviewer()
    body = {**PAGE, "kind": "interview", "contact": CONTACT, "visibility": "sealed"}
    path = f"claims/{claim.pk}/evidence/"
    made = Api(adder).post(path, body).json()
    stories.reviewed(claim, lead, evidence=[Evidence.objects.get()])

    def read_by(who: Any) -> Any:
        return Api(who).get(path).json()[0]["contact"]

    assert made["contact"] == CONTACT == read_by(adder)
    assert read_by(lead) == {**CONTACT, "by": None} == read_by(factories.editor())
    for who in (
        other,
        factories.contributor(),
        factories.admin(),
        factories.service("claims:read"),
    ):
        assert read_by(who) == {"terms": "confidential"}


def test_what_sealed_evidence_says_is_for_its_adder_editors_and_who_cites_it() -> None:
    claim = stories.sent_to_review()
    adder, lead, other = factories.contributor(), factories.reviewer(), factories.reviewer()
    body = {
        **PAGE,
        "kind": "document",
        "capture": str(factories.capture(b"The leaked words.").pk),
        "quote": {"exact": "leaked words"},
        "anchor": {"page": 3},
        "translation": {"text": "Die Worte", "by": "ana"},
        "owner": "Ministry",
        "interest": "Their job.",
        "note": "From the safe.",
        "visibility": "sealed",
    }
    secret = ("url", "quote", "anchor", "translation", "owner", "interest")
    path = f"claims/{claim.pk}/evidence/"
    assert Api(adder).post(path, body).status_code == 201
    stories.reviewed(claim, lead, evidence=[Evidence.objects.get()])

    def told(who: Any) -> Any:
        return Api(who).get(path).json()[0]

    for reader in (adder, factories.editor(), lead):
        assert told(reader)["quote"]["exact"] == "leaked words"
    service = factories.service("claims:read")
    for stranger in (other, factories.contributor(), factories.admin(), service):
        assert [told(stranger)[name] for name in secret] == [None] * len(secret)
    assert told(other)["title"] == PAGE["title"]
    assert (told(service)["title"], told(service)["note"]) == ("Sealed evidence", None)


@pytest.mark.parametrize(
    ("terms", "to_contributors", "to_services"),
    [
        ("on_record", CONTACT, {"who": "An official", "role": None, "when": "2026-01-02"}),
        ("background", CONTACT, {"role": None, "when": "2026-01-02"}),
        ("confidential", {}, {}),
    ],
)
def test_who_spoke_is_told_as_far_as_they_agreed(
    terms: str, to_contributors: dict[str, Any], to_services: dict[str, Any]
) -> None:
    claim, adder = factories.claim(), factories.contributor()
    contact = {**CONTACT, "terms": terms}
    path = f"claims/{claim.pk}/evidence/"
    Api(adder).post(path, {**PAGE, "kind": "interview", "contact": contact})
    for who, told in (
        (adder, contact),
        (factories.reviewer(), contact),
        (factories.editor(), contact),
        (factories.contributor(), {**to_contributors, "terms": terms}),
        (factories.admin(), {**to_contributors, "terms": terms}),
        (factories.service("claims:read"), {**to_services, "terms": terms}),
    ):
        assert Api(who).get(path).json()[0]["contact"] == told


def test_nobody_opens_a_sealed_or_hidden_capture_by_attaching_it() -> None:
    adder, thief = factories.contributor(), factories.contributor()
    sealed = factories.evidence(factories.claim(), visibility="sealed", added_by=adder.person)
    hidden = factories.evidence(factories.claim(visibility="restricted"))
    own = factories.evidence(factories.claim(), added_by=thief.person)
    for item in (sealed, hidden):
        body = {**PAGE, "kind": "document", "capture": str(item.capture_id)}
        for said in (
            Api(thief).post(f"claims/{own.claim_id}/evidence/", body),
            Api(thief).patch(f"evidence/{own.pk}/", {"capture": str(item.capture_id)}),
        ):
            assert said.status_code == 400
            assert [one["pointer"] for one in said.json()["errors"]] == ["/capture"]
        assert Api(thief).get(f"captures/{item.capture_id}/content/").status_code == 404
    body = {**PAGE, "kind": "document", "capture": str(sealed.capture_id)}
    assert Api(adder).post(f"claims/{own.claim_id}/evidence/", body).status_code == 201


def test_neither_who_asked_nor_who_translated_tells_who_added_it_in_a_blind_round() -> None:
    claim = stories.sent_to_review()
    lead, second = factories.reviewer(), factories.reviewer()
    path = f"claims/{claim.pk}/evidence/"
    translation = {"text": "Sie ist zu.", "by": "ana"}
    body = {**PAGE, "kind": "interview", "contact": CONTACT, "translation": translation}
    Api(lead).post(path, {**body, "interest": "It would pay."})

    hidden = Api(second).get(path).json()[0]
    assert (hidden["contact"]["by"], hidden["translation"]["by"]) == (None, None)
    assert (hidden["contact"]["who"], hidden["interest"]) == ("An official", None)
    own = Api(lead).get(path).json()[0]
    assert (own["contact"], own["translation"]) == (CONTACT, translation)
    stories.reviewed(claim, lead)
    stories.reviewed(claim, second)
    assert Api(second).get(path).json()[0]["contact"] == CONTACT


@pytest.mark.parametrize("who", [factories.reviewer, factories.editor, factories.contributor])
def test_many_sealed_pieces_cost_no_more_questions_than_few(who: Any) -> None:
    claim, api = factories.claim(), Api(who())
    path = f"claims/{claim.pk}/evidence/"
    asked = []
    for _ in range(2):
        for _ in range(5):
            spoken = {"who": "Ana", "terms": "background"}
            factories.evidence(claim, kind="interview", contact=spoken, visibility="sealed")
        api.get(path)
        with CaptureQueriesContext(connection) as questions:
            assert api.get(path).status_code == 200
        asked.append(len(questions))
    assert asked[0] == asked[1]
