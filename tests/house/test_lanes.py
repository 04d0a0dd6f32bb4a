"""What is for browsers stays away from callers with a token, and nothing else does."""

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from tests import factories

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/claims/"


def test_a_call_with_a_token_opens_no_session_and_chooses_no_language() -> None:
    _, token = factories.token()
    translation.activate("fr")

    answer = Client().get(
        ADDRESS, headers={"Authorization": f"Bearer {token}", "Accept-Language": "de"}
    )

    assert answer.status_code == 200
    assert not answer.cookies
    assert "Content-Language" not in answer
    assert translation.get_language() == settings.LANGUAGE_CODE
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer["X-Frame-Options"] == "DENY"


def test_a_session_beside_an_unusable_token_opens_nothing() -> None:
    client = Client()
    client.force_login(factories.person("editor"))

    for words in ("Bearer fcd_wrong", "Basic abc", " ", "Bearer"):
        assert client.get(ADDRESS, headers={"Authorization": words}).status_code == 401


def test_a_token_changes_nothing_outside_the_api() -> None:
    _, token = factories.token(of=factories.person("editor"))

    answer = Client().get("/admin/", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 302
    assert (
        "nonce-" in answer["Content-Security-Policy"]
        or "script-src" in answer["Content-Security-Policy"]
    )
