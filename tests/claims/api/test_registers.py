"""Outlets, claimants, tags and topics over REST."""

import pytest

from claims.models import Actor, Tag, Topic
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


def test_a_name_that_only_a_restricted_claim_bears_is_not_told() -> None:
    hidden = factories.claim(
        visibility="restricted",
        claimant=factories.claimant("The informant"),
        topic=Topic.objects.create(name="The affair"),
    )
    hidden.tags.set([Tag.objects.create(name="leak"), Tag.objects.create(name="bridges")])
    factories.claim().tags.set([Tag.objects.get(name="bridges")])
    Topic.objects.create(name="Not used yet")

    def told(actor: Actor, path: str) -> list[str]:
        return [row["name"] for row in Api(actor).get(path).json()["results"]]

    stranger, editor = factories.reviewer(), factories.editor()
    assert told(stranger, "claimants/") == []
    assert told(stranger, "claimants/?name=The+informant") == []
    assert told(stranger, "tags/") == ["bridges"]
    assert told(stranger, "topics/") == ["Not used yet"]
    assert told(editor, "claimants/") == ["The informant"]
    assert told(editor, "tags/") == ["bridges", "leak"]
    assert told(editor, "topics/") == ["Not used yet", "The affair"]
