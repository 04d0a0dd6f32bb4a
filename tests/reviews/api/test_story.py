"""One claim from the first words to the published page, told over REST alone."""

import pytest

from tests import factories
from tests.rest import Api

pytestmark = pytest.mark.django_db


def test_a_claim_goes_from_words_to_a_published_page_over_rest() -> None:
    factories.scale()
    writer = Api(factories.contributor())
    lead, second = Api(factories.reviewer("reviewer-1")), Api(factories.reviewer("reviewer-2"))
    editor = Api(factories.editor())
    capture = factories.capture(b"The bridge was closed on Monday, the council said.")

    made = writer.post("claims/", {"text": "The bridge was closed.", "language": "en"})
    assert made.status_code == 201
    path = f"claims/{made.json()['id']}/"
    piece = writer.post(
        path + "evidence/",
        {
            "capture": str(capture.pk),
            "title": "The council’s notice",
            "stance": "supports",
            "kind": "page",
            "quote": {"exact": "closed on Monday"},
        },
    ).json()
    moved = writer.post(path + "transitions/", {"name": "start_checking"})
    assert (moved.status_code, moved.json()["stage"]) == (200, "review")

    assert lead.post(path + "lease/", {}).json()["seat"] == "first"
    assert second.post("queue/next/", {}).json()["seat"] == "second"
    finding = {
        "headline": "Unproven so far",
        "answer": "We could not find out.",
        "sentences": [{"text": "The council said so.", "evidence": [piece["id"]]}],
    }
    judged = {"rating": "unproven", "reason": "One voice.", "evidence": [piece["id"]]}
    assert lead.post(path + "reviews/", {**judged, "finding": finding}).status_code == 201
    assert lead.get(path + "reviews/").json()[0]["rating"] == "unproven"
    assert second.get(path + "reviews/").json() == []
    assert second.post(path + "reviews/", judged).status_code == 201
    assert len(writer.get(path + "reviews/").json()) == 2

    assert second.post(path + "finding/agree/").status_code == 200
    choices = {one["name"]: one for one in editor.get(path + "transitions/").json()}
    assert choices["publish"]["allowed"]
    published = editor.post(path + "transitions/", {"name": "publish"})
    assert published.status_code == 200, published.json()
    assert published.json()["state"] == "published"
    assert published.json()["verdict"]["rating"] == "unproven"
    assert published.json()["publication"]["url"].endswith("/checks/unproven-so-far/")
    assert editor.get("publications/").json()["results"][0]["version"] == 1
    types = [
        one["type"] for one in editor.get(f"events/?claim={made.json()['id']}").json()["results"]
    ]
    assert types[0] == "claim.created"
    assert types[-1] == "claim.published"
