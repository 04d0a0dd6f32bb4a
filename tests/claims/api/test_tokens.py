"""Tokens over REST: made from a fresh session, never wider than their owner, shown once."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from claims.api.auth import SIGNED_IN_AT
from claims.models import ApiToken, Role
from tests import factories
from tests.rest import PROBLEM, Api

pytestmark = pytest.mark.django_db


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def in_session(*roles: str) -> Client:
    client = Client()
    client.force_login(factories.person(*roles))
    return client


def wish(*scopes: str, days: int = 30) -> dict[str, Any]:
    until = timezone.now() + timedelta(days=days)
    return {"name": "mine", "scopes": list(scopes), "expires_at": until.isoformat()}


def test_a_fresh_session_makes_its_own_token_and_sees_its_words_once() -> None:
    client = in_session(Role.CONTRIBUTOR)
    factories.token(of=factories.person())
    made = client.post("/api/v1/tokens/", wish("claims:read"), content_type="application/json")
    assert made.status_code == 201, made.content
    words = made.json()["token"]
    assert words.startswith("fcd_")
    assert Api(token=words).get("claims/").status_code == 200
    listed = client.get("/api/v1/tokens/").json()["results"]
    assert [row["id"] for row in listed] == [made.json()["id"]]
    assert words not in str(listed)
    assert words not in str(list(ApiToken.objects.values()))
    assert client.delete(f"/api/v1/tokens/{made.json()['id']}/").status_code == 204
    assert Api(token=words).get("claims/").status_code == 401
    assert client.delete(f"/api/v1/tokens/{made.json()['id']}/").status_code == 404


def test_a_repeated_request_makes_one_token_and_does_not_show_it_again() -> None:
    client = in_session(Role.CONTRIBUTOR)
    body = wish("claims:read")
    first, again = (
        client.post(
            "/api/v1/tokens/",
            body,
            content_type="application/json",
            headers={"Idempotency-Key": "k"},
        )
        for _ in range(2)
    )
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["id"] == first.json()["id"]
    assert again.json()["token"] is None
    assert ApiToken.objects.count() == 1


def test_a_token_makes_no_tokens_and_an_old_session_neither() -> None:
    assert code(Api(factories.contributor()).post("tokens/", wish("claims:read"))) == (
        403,
        "scope",
    )
    client = in_session(Role.CONTRIBUTOR)
    session = client.session
    session[SIGNED_IN_AT] = (timezone.now() - timedelta(minutes=11)).isoformat()
    session.save()
    for answer in (
        client.post("/api/v1/tokens/", wish("claims:read"), content_type="application/json"),
        client.get("/api/v1/tokens/"),
    ):
        assert (answer.status_code, answer.headers["Content-Type"]) == (403, PROBLEM)
    assert client.get("/api/v1/claims/").status_code == 200


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (wish("claims:read", "publish"), "/scopes/1"),
        (wish("everything"), "/scopes/0"),
        (wish(), "/scopes"),
        (wish("claims:read", days=400), "/expires_at"),
        (wish("claims:read", days=-1), "/expires_at"),
        ({"name": "x", "scopes": ["claims:read"]}, "/expires_at"),
        ({**wish("claims:read"), "owner": "admin"}, "/owner"),
    ],
)
def test_a_token_is_never_wider_or_longer_than_it_may_be(
    body: dict[str, Any], pointer: str
) -> None:
    client = in_session(Role.CONTRIBUTOR)
    answer = client.post("/api/v1/tokens/", body, content_type="application/json")
    assert answer.status_code == 400
    assert pointer in {one["pointer"] for one in answer.json()["errors"]}
    assert not ApiToken.objects.exists()


def test_an_admin_lists_and_revokes_anybodys() -> None:
    token, words = factories.token("claims:read", of=factories.person())
    admin = Api(factories.admin())
    assert str(token.pk) in {row["id"] for row in admin.get("tokens/").json()["results"]}
    assert admin.delete(f"tokens/{token.pk}/").status_code == 204
    assert Api(token=words).get("claims/").status_code == 401
