"""Coverage and provenance over REST."""

from typing import Any

import pytest

from claims.ledger import read
from claims.models import Claim, CoverageRun
from claims.provenance.trace import recompute
from tests import factories
from tests.rest import Api

pytestmark = pytest.mark.django_db


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_look_is_202_and_the_one_going_is_200() -> None:
    claim = factories.claim()
    api = Api(factories.contributor("contributor-1"))
    path = f"claims/{claim.pk}/coverage-runs/"
    first = api.post(path, {})
    assert first.status_code == 202
    assert first.json()["status"] in {"queued", "running"}
    assert first.json()["asked_by"] == "contributor-1"
    assert set(first.json()["progress"]) == {"total", "done", "failed"}
    again = api.post(path, {})
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])
    run = f"coverage-runs/{first.json()['id']}/"
    assert api.get(run).json()["found"] == {"hits": 0, "articles": 0, "new": 0}
    assert api.delete(run).json()["status"] == "cancelled"
    assert api.get(path).json()["results"][0]["status"] == "cancelled"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"providers": ["nonsense"]}, "/providers/0"),
        ({"providers": []}, "/providers"),
        ({"providers": "archive"}, "/providers"),
        ({"queries": []}, "/queries"),
        ({"queries": [" "]}, "/queries/0"),
        ({"queries": ["x" * 100_000]}, "/queries/0"),
        ({"queries": ["ferry", "ftp://paper.example/ferry"]}, "/queries/1"),
        ({"queries": ["https://paper..example/ferry"]}, "/queries/0"),
        ({"claim": "x"}, "/claim"),
    ],
)
def test_a_look_that_cannot_be_made_is_refused(body: dict[str, Any], pointer: str) -> None:
    claim = factories.claim()
    answer = Api(factories.contributor()).post(f"claims/{claim.pk}/coverage-runs/", body)
    assert answer.status_code == 400
    assert pointer in {one["pointer"] for one in answer.json()["errors"]}
    assert not CoverageRun.objects.exists()


def test_a_refusal_names_what_was_sent_in_words_of_json() -> None:
    path = f"claims/{factories.claim().pk}/coverage-runs/"
    answer = Api(factories.contributor()).post(path, {"queries": {"text": "ferry"}})
    (told,) = answer.json()["errors"]
    assert told["message"] == 'Expected a list of items but got type "object".'


def test_the_leads_of_a_look_are_told_and_are_no_coverage() -> None:
    claim = factories.claim()
    api = Api(factories.contributor())
    run = api.post(f"claims/{claim.pk}/coverage-runs/", {}).json()["id"]
    assert api.get(f"coverage-runs/{run}/leads/").json() == []
    lead = {
        "provider": "wikipedia",
        "kind": "lead",
        "url": "https://en.wikipedia.example/wiki/Harbour_bridge",
        "title": "Harbour bridge",
        "snippet": "A bridge.",
        "outlet": "Wikipedia",
        "published": "2025-06-04",
        "language": "en",
    }
    CoverageRun.objects.filter(pk=run).update(leads=[lead])
    assert api.get(f"coverage-runs/{run}/leads/").json() == [lead]
    assert api.get(f"coverage-runs/{run}/leads/?fields=url").json() == [{"url": lead["url"]}]
    assert api.get(f"claims/{claim.pk}/coverage/").json()["results"] == []


def test_what_a_look_would_ask_of_whom_is_shown_and_nothing_is_asked() -> None:
    claim = factories.claim("Brindle Quay closed its harbour bridge on Monday.", discreet=True)
    seen = Api(factories.contributor()).get(f"claims/{claim.pk}/coverage-preview/").json()
    on = [one["name"] for one in seen["providers"] if one["on"]]
    assert on == ["archive"]
    newsapi = next(one for one in seen["providers"] if one["name"] == "newsapi")
    assert (newsapi["outside"], newsapi["on"]) == (True, False)
    assert "key" in newsapi["missing"]
    assert "Brindle Quay" in seen["queries"][0]["text"]
    assert not claim.coverage_runs.exists()


def test_leads_of_a_claim_one_may_not_see_are_not_there() -> None:
    claim = factories.claim()
    run = Api(factories.contributor()).post(f"claims/{claim.pk}/coverage-runs/", {}).json()["id"]
    Claim.objects.filter(pk=claim.pk).update(visibility=Claim.Visibility.RESTRICTED)
    assert code(Api(factories.reviewer()).get(f"coverage-runs/{run}/leads/")) == (404, "not_found")


def test_coverage_and_the_chain_are_shown_and_decided_about() -> None:
    claim = factories.claim("The bridge was closed on Monday.")
    text = "The bridge was closed on Monday, the Post reported."
    article = factories.article(
        text,
        title="Closed",
        outlet=factories.outlet("The Site"),
        attributions=[factories.attribution(text, "the Post", "reported")],
    )
    factories.covered(claim, article)
    recompute(claim)
    api = Api(factories.contributor("contributor-1"))
    (item,) = api.get(f"claims/{claim.pk}/coverage/").json()["results"]
    assert (item["title"], item["outlet"], item["wording"]) == ("Closed", "The Site", 1)
    graph = api.get(f"claims/{claim.pk}/provenance/").json()
    assert graph["summary"]["articles"] == 1
    assert (
        api.get(f"claims/{claim.pk}/").json()["sources"]["headline"]
        == graph["summary"]["headline"]
    )
    (edge,) = graph["edges"]
    path = f"provenance-edges/{edge['id']}/"
    size = read.size()
    sure = api.patch(path, {"status": "confirmed", "note": "I read it."}).json()
    assert (sure["status"], sure["decided_by"]) == ("confirmed", "contributor-1")
    assert read.size() == size + 1
    assert api.patch(path, {"status": "suggested"}).json()["decided_by"] is None
    assert code(api.patch(path, {"status": "certain"}))[0] == 400
    drawn = api.post(
        f"claims/{claim.pk}/provenance-edges/",
        {
            "from": edge["to"],
            "to": {"label": "The mayor", "kind": "person"},
            "type": "attributes_to",
        },
    )
    assert (drawn.status_code, drawn.json()["by_hand"]) == (201, True)
    low = api.get(f"claims/{claim.pk}/provenance/").json()["summary"]
    assert low["named"] == 1
    node = drawn.json()["to"]
    spoken = api.patch(f"provenance-nodes/{node}/", {"speaks_for": "The town"})
    assert spoken.json()["speaks_for"] == "The town"
    cited = drawn.json()["from"]
    resolved = api.post(f"provenance-nodes/{cited}/resolve/", {"to": str(article.pk)})
    assert resolved.status_code in {200, 400}
    assert api.post(f"provenance-nodes/{cited}/resolve/", {"to": None}).status_code == 200
    assert code(api.post(f"provenance-nodes/{cited}/resolve/", {"to": "zz"}))[0] == 400
    assert code(api.post(f"claims/{claim.pk}/provenance-edges/", {"from": 7}))[0] == 400


def test_of_two_who_decide_on_one_link_the_second_sees_the_first_before_deciding() -> None:
    claim = factories.claim("The bridge was closed on Monday.")
    paper = factories.article_node(claim, factories.article())
    edge = factories.edge(paper, factories.node(claim, "the Post"))
    ann, ben = (Api(factories.contributor(name)) for name in ("ann", "ben"))
    path = f"provenance-edges/{edge.pk}/"
    tag = ann.get(path)["ETag"]
    assert ben.get(path)["ETag"] == tag
    confirmed = ann.patch(path, {"status": "confirmed"}, If_Match=tag)
    assert (confirmed.status_code, confirmed["ETag"]) == (200, '"2"')
    size = read.size()
    assert code(ben.patch(path, {"status": "rejected"}, If_Match=tag)) == (412, "stale")
    assert ben.get(path).json()["status"] == "confirmed"
    assert read.size() == size
    after = ben.patch(path, {"status": "rejected"}, If_Match=confirmed["ETag"])
    assert (after.status_code, after.json()["decided_by"]) == (200, "ben")
