"""The committed description of the API is the one the views give, and everybody may read it."""

import json
from pathlib import Path

import pytest
from django.test import Client

from claims.api.docs import described
from claims.api.urls import urlpatterns as facts
from reviews.api.urls import urlpatterns as judgements
from tests.rest import promised_addresses

COMMITTED = Path(__file__).resolve().parents[3] / "docs" / "reference" / "openapi.yaml"


def test_the_committed_schema_is_what_the_views_give() -> None:
    assert COMMITTED.read_bytes() == described(), (
        "Run ./desk manage spectacular --file docs/reference/openapi.yaml"
    )


def test_every_address_is_described() -> None:
    described_paths = {address for _, address in promised_addresses()}
    assert len(described_paths) == len(facts) + len(judgements) - 1  # the catch-all is no address


def test_each_operation_has_a_name_of_its_own_and_says_what_it_is_for() -> None:
    document = json.loads(described(as_json=True))
    assert document["openapi"].startswith("3.1")
    operations = [one for path in document["paths"].values() for one in path.values()]
    names = [one["operationId"] for one in operations]
    assert len(names) == len(set(names))
    assert all(one.get("description") for one in operations)
    assert all(one["security"] for one in operations)
    assert all("default" in one["responses"] for one in operations)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/schema/", "/api/docs/", "/api/docs/?script="])
def test_the_description_is_open_to_everyone(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 200
    if path == "/api/docs/":
        page = answer.content.decode()
        assert "<style" not in page
        assert "<script>" not in page


@pytest.mark.django_db
def test_machines_get_json_when_they_ask_for_it() -> None:
    answer = Client().get("/api/schema/", headers={"accept": "application/json"})
    assert json.loads(answer.content)["info"]["title"] == "Fact-check desk"
