"""What happened, over REST, read on from where a reader stopped."""

from typing import Any

import pytest

from claims.ledger import read
from tests import factories
from tests.rest import Api
from tests.reviews import stories

pytestmark = pytest.mark.django_db


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_events_are_read_on_from_where_one_stopped() -> None:
    stories.settled()
    api = Api(factories.service("events:read"))
    seen, path = [], "events/?page_size=3"
    while path:
        body = api.get(path).json()
        seen += [row["seq"] for row in body["results"]]
        path = body["next"]
    assert seen == list(range(read.size()))
    assert api.get(f"events/?after={seen[-1]}").json() == {
        "next": None,
        "previous": None,
        "results": [],
    }
    assert api.get("events/?after=0&page_size=1").json()["results"][0]["seq"] == 1
    for bad in ("after=x", "after=-2", "after=99999999999999999999", "claim=zz", "cursor=x"):
        assert api.get(f"events/?{bad}").status_code == 400
    assert code(Api(factories.service("claims:read")).get("events/")) == (403, "scope")


def test_events_of_a_hidden_claim_are_not_among_them() -> None:
    claim = stories.sent_to_review()
    claim.visibility = "restricted"
    claim.save()
    assert Api(factories.reviewer()).get("events/").json()["results"] == []
    assert Api(factories.editor()).get("events/").json()["results"]
