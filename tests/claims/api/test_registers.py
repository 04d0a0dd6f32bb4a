"""Outlets, claimants, tags and topics over REST."""

import pytest

from tests import factories
from tests.rest import Api

pytestmark = pytest.mark.django_db


def test_registers_are_read_by_name() -> None:
    factories.outlet("B post", host="b.example", owner="B group")
    factories.outlet("A post")
    factories.claimant("The mayor")
    api = Api(factories.contributor())
    rows = api.get("outlets/").json()["results"]
    assert [row["name"] for row in rows] == ["A post", "B post"]
    assert (rows[1]["owner"], rows[1]["domains"]) == ("B group", ["b.example"])
    assert api.get("claimants/?name=The+mayor").json()["results"][0]["kind"] == "person"
    assert api.get("tags/").json()["results"] == []
    assert api.get("topics/").json()["results"] == []
