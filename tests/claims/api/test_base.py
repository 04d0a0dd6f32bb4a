"""What every address of the API does alike: who may, in which order it refuses, and once only."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone

from claims.errors import Conflict
from claims.ledger import read
from claims.models import ApiToken, Claim, IdempotencyKey, Role
from reviews.models import Lease
from tests import factories
from tests.rest import Api

pytestmark = pytest.mark.django_db
WORDS = {"text": "The bridge was closed on Monday."}


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


# Who


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer fcd_unknown", "Basic YTpi", "Token x", "Bearer ٣"]
)
def test_a_bad_token_is_a_401_that_says_how_to_come_in(header: str) -> None:
    answer = Api(Authorization=header).get("claims/") if header else Api().get("claims/")
    assert code(answer) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("why", ["expired", "revoked", "left"])
def test_a_token_that_ran_out_opens_nothing(why: str) -> None:
    person = factories.person(Role.EDITOR)
    token, words = factories.token("claims:read", of=person)
    api = Api(token=words)
    assert api.get("claims/").status_code == 200
    if why == "expired":
        ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())
    elif why == "revoked":
        ApiToken.objects.filter(pk=token.pk).update(revoked_at=timezone.now())
    else:
        person.is_active = False
        person.save()
    assert code(api.get("claims/")) == (401, "unauthenticated")


def test_a_token_is_never_wider_than_its_person() -> None:
    person = factories.person(Role.CONTRIBUTOR)
    _, words = factories.token("claims:read", "publish", of=person)
    claim = factories.claim()
    answer = Api(token=words).post(f"claims/{claim.pk}/suspend/", {"reason": "x"})
    assert answer.status_code == 403


def test_a_narrow_token_is_told_scope_and_a_narrow_role_is_told_role() -> None:
    editor = factories.person(Role.EDITOR)
    _, words = factories.token("claims:read", of=editor)
    claim = factories.claim()
    path = f"claims/{claim.pk}/suspend/"
    assert code(Api(token=words).post(path, {"reason": "x"})) == (403, "scope")
    assert code(Api(factories.contributor()).post(path, {"reason": "x"})) == (403, "role")


def test_a_session_reads_and_writes_only_with_a_csrf_token() -> None:
    person = factories.person(Role.CONTRIBUTOR)
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    assert client.get("/api/v1/claims/").status_code == 200
    refused = client.post("/api/v1/claims/", WORDS, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf")
    assert not Claim.objects.exists()


@override_settings(OTP_REQUIRED=True)
def test_an_editor_who_showed_no_second_factor_has_no_session_here() -> None:
    client = Client()
    client.force_login(factories.person(Role.EDITOR))
    assert client.get("/api/v1/claims/").status_code == 401


def test_a_token_notes_that_it_was_used_and_not_at_every_request() -> None:
    token, words = factories.token()
    Api(token=words).get("claims/")
    token.refresh_from_db()
    first = token.last_used_at
    assert first is not None
    Api(token=words).get("claims/")
    token.refresh_from_db()
    assert token.last_used_at == first


# The order of refusals


def test_refusals_come_in_the_order_of_the_contract() -> None:
    """Each request has every fault from its own on; the first one is told."""
    draft = factories.claim()
    hidden = factories.claim(visibility=Claim.Visibility.RESTRICTED)
    reader = Api(factories.actor(Role.EDITOR, scopes=["claims:read"]))
    writer = Api(factories.contributor())
    latin = {"Content_Type": "application/json; charset=latin-1", "If_Match": '"99"'}
    bad = b'{"text": 7, "state": "published"}'

    assert code(Api().patch(f"claims/{uuid4()}/", bad, **latin)) == (401, "unauthenticated")
    assert code(writer.patch(f"claims/{hidden.pk}/", bad, **latin)) == (404, "not_found")
    assert code(reader.send("PATCH", f"claims/{uuid4()}/", bad, **latin)) == (404, "not_found")
    assert code(reader.patch(f"claims/{draft.pk}/", bad, **latin)) == (403, "scope")
    assert code(writer.delete(f"claims/{draft.pk}/")) == (405, "method_not_allowed")
    assert code(writer.patch(f"claims/{draft.pk}/", bad, **latin))[0] == 415
    assert code(writer.patch(f"claims/{draft.pk}/", bad, If_Match='"99"')) == (400, "invalid")
    fine = {"text": "Other words of it."}
    assert code(writer.patch(f"claims/{draft.pk}/", fine)) == (428, "if_match_required")
    assert code(writer.patch(f"claims/{draft.pk}/", fine, If_Match='"99"')) == (412, "stale")
    assert writer.patch(f"claims/{draft.pk}/", fine, If_Match='"1"').status_code == 200


def test_four_eyes_and_role_are_told_before_a_look_at_the_body() -> None:
    author = factories.actor(Role.REVIEWER)
    claim = factories.in_checking(author=author)
    assert code(Api(author).post(f"claims/{claim.pk}/reviews/", b"{")) == (403, "four_eyes")
    assert code(Api(author).post(f"claims/{claim.pk}/lease/", {"seat": 7})) == (403, "four_eyes")
    plain = Api(factories.contributor())
    assert code(plain.post(f"claims/{claim.pk}/reviews/", b"{")) == (403, "role")
    answer = plain.post(f"claims/{claim.pk}/transitions/", {"name": "publish", "state": "x"})
    assert code(answer) == (403, "role")


def test_a_stale_transition_is_told_before_that_it_is_illegal() -> None:
    claim = factories.claim()
    editor = Api(factories.editor())
    path = f"claims/{claim.pk}/transitions/"
    body = {"name": "reopen", "reason": "New facts."}
    assert code(editor.post(path, {"name": "reopen"}, If_Match='"9"')) == (400, "invalid")
    assert code(editor.post(path, body, If_Match='"9"')) == (412, "stale")
    assert code(editor.post(path, body, If_Match='"1"')) == (409, "illegal_transition")


@pytest.mark.parametrize(
    ("tag", "status"),
    [
        ('"1"', 200),
        ("*", 200),
        ('"7", "1"', 200),
        ('W/"1"', 412),
        ("1", 412),
        ('"7"', 412),
        ("", 412),
        ('W/"1", "2"', 412),
    ],
)
def test_if_match_takes_strong_tags_alone(tag: str, status: int) -> None:
    claim = factories.claim()
    answer = Api(factories.contributor()).patch(
        f"claims/{claim.pk}/", {"tags": ["x"]}, If_Match=tag
    )
    assert answer.status_code == status


def test_every_answer_that_carries_a_claim_has_its_version_as_a_strong_tag() -> None:
    api = Api(factories.contributor())
    made = api.post("claims/", WORDS)
    path = f"claims/{made.json()['id']}/"
    assert made.headers["ETag"] == '"1"'
    assert made.headers["Location"].endswith(path)
    assert api.post("claims/", WORDS).headers["ETag"] == '"1"'
    assert api.get(path, Accept_Encoding="gzip").headers["ETag"] == '"1"'
    changed = api.patch(path, {"tags": ["a"]}, If_Match='"1"')
    assert (changed.headers["ETag"], changed.json()["version"]) == ('"2"', 2)


def test_who_has_the_version_already_is_sent_nothing() -> None:
    claim = factories.claim()
    api = Api(factories.contributor())
    assert api.get(f"claims/{claim.pk}/", If_None_Match='"1"').status_code == 304
    assert api.get(f"claims/{claim.pk}/", If_None_Match='W/"1"').status_code == 304
    assert api.get(f"claims/{claim.pk}/", If_None_Match='"2"').status_code == 200
    # An article in the place of its id may be another one since.
    expanded = api.get(f"claims/{claim.pk}/?expand=article", If_None_Match='"1"')
    assert (expanded.status_code, expanded.headers["ETag"]) == (200, '"1"')


# Reading


def test_a_browser_that_prefers_html_is_answered_in_json() -> None:
    answer = Api(factories.contributor()).get("claims/", Accept="text/html")
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "path", ["nothing/", "claims/zz/", "claims", "claims/%00/", "claims/1/x/"]
)
def test_an_address_that_is_none_is_told_so_in_the_apis_own_words(path: str) -> None:
    assert code(Api(factories.contributor()).get(path)) == (404, "not_found")
    assert code(Api().get(path)) == (401, "unauthenticated")


def test_fields_and_expand_choose_what_is_shown() -> None:
    article = factories.article(title="A headline")
    claim = factories.claim(article=article)
    api = Api(factories.contributor())
    assert api.get(f"claims/{claim.pk}/?fields=id,state").json() == {
        "id": str(claim.pk),
        "state": "draft",
    }
    assert api.get("claims/?fields=id").json()["results"] == [{"id": str(claim.pk)}]
    shown = api.get(f"claims/{claim.pk}/?expand=article&fields=article").json()
    assert shown["article"]["title"] == "A headline"
    for unknown in ("?fields=text,sate", "?expand=author", "?field=id"):
        assert api.get(f"claims/{claim.pk}/{unknown}").status_code == 400
    assert api.post("claims/?fields=id", WORDS).status_code == 400


@override_settings(API_REQUESTS_PER_MINUTE=2)
def test_who_asks_too_often_is_told_when_to_come_back() -> None:
    cache.clear()
    api, other = Api(factories.contributor()), Api(factories.contributor())
    assert [api.get("claims/").status_code for _ in range(2)] == [200, 200]
    answer = api.get("claims/")
    assert code(answer) == (429, "rate_limited")
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["RateLimit-Remaining"] == "0"
    assert other.get("claims/").status_code == 200


@override_settings(
    CACHES={
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_connect_timeout": 1},
        }
    }
)
def test_the_api_works_on_while_the_cache_is_gone() -> None:
    assert Api(factories.contributor()).get("claims/").status_code == 200


# Once only


def test_the_same_request_with_the_same_key_is_one_effect() -> None:
    api = Api(factories.contributor())
    first = api.post("claims/", WORDS, Idempotency_Key="k-1")
    size = read.size()
    again = api.post("claims/", {**WORDS}, Idempotency_Key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert read.size() == size
    assert Claim.objects.get().demand == 1


def test_the_first_outcome_is_shown_as_it_now_stands() -> None:
    api = Api(factories.contributor())
    first = api.post("claims/", WORDS, Idempotency_Key="k-1").json()
    api.patch(f"claims/{first['id']}/", {"tags": ["new"]}, If_Match='"1"')
    again = api.post("claims/", WORDS, Idempotency_Key="k-1")
    assert (again.status_code, again.json()["tags"]) == (201, ["new"])
    assert again.headers["ETag"] == '"2"'


def test_a_repeated_transition_is_not_made_twice_though_its_tag_is_stale() -> None:
    claim = factories.in_checking()
    api = Api(factories.reviewer())
    path, body = (
        f"claims/{claim.pk}/transitions/",
        {
            "name": "dismiss",
            "reason": "opinion",
            "note": "It is one.",
        },
    )
    for _ in range(2):
        answer = api.post(path, body, If_Match='"1"', Idempotency_Key="move")
        assert (answer.status_code, answer.json()["state"]) == (200, "dismissed")
    assert code(api.post(path, body, If_Match='"1"')) == (412, "stale")


@pytest.mark.parametrize(
    "spelling",
    [
        b'{"text":"The bridge was closed on Monday."}',
        b' {"text": "The bridge was closed on Monda\\u0079."}\n',
    ],
)
def test_the_same_body_in_another_spelling_is_the_same_body(spelling: bytes) -> None:
    api = Api(factories.contributor())
    api.post("claims/", WORDS, Idempotency_Key="k")
    assert api.post("claims/", spelling, Idempotency_Key="k").status_code == 201


def test_the_same_key_for_another_request_is_refused() -> None:
    api = Api(factories.contributor())
    claim = api.post("claims/", WORDS, Idempotency_Key="k").json()
    other = {"text": "Other words."}
    assert code(api.post("claims/", other, Idempotency_Key="k")) == (409, "idempotency_mismatch")
    elsewhere = api.post(
        f"claims/{claim['id']}/transitions/", {"name": "start_checking"}, Idempotency_Key="k"
    )
    assert code(elsewhere) == (409, "idempotency_mismatch")
    assert code(api.post("claims/", {"text": 7}, Idempotency_Key="k")) == (400, "invalid")


def test_a_key_is_its_owners() -> None:
    Api(factories.contributor()).post("claims/", WORDS, Idempotency_Key="k")
    answer = Api(factories.contributor()).post("claims/", {"text": "Others."}, Idempotency_Key="k")
    assert answer.status_code == 201


def test_a_refused_request_keeps_no_key_and_may_be_sent_again() -> None:
    factories.scale()
    claim = factories.claim(language="")
    api = Api(factories.contributor())
    path, body = f"claims/{claim.pk}/transitions/", {"name": "start_checking"}
    assert code(api.post(path, body, Idempotency_Key="k")) == (409, "unmet")
    assert not IdempotencyKey.objects.exists()
    api.patch(f"claims/{claim.pk}/", {"language": "en"}, If_Match='"1"')
    assert api.post(path, body, Idempotency_Key="k").status_code == 200


def test_a_key_is_forgotten_after_a_day() -> None:
    api = Api(factories.contributor())
    api.post("claims/", WORDS, Idempotency_Key="k")
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=25))
    answer = api.post("claims/", {"text": "Other words."}, Idempotency_Key="k")
    assert answer.status_code == 201
    assert IdempotencyKey.objects.count() == 1


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "ä"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    answer = Api(factories.contributor()).post("claims/", WORDS, Idempotency_Key=key)
    assert code(answer) == (400, "invalid")


def test_a_repeated_lease_does_not_pretend_to_be_held() -> None:
    claim = factories.in_checking()
    api = Api(factories.reviewer())
    held = api.post(f"claims/{claim.pk}/lease/", {}, Idempotency_Key="seat").json()
    again = api.post(f"claims/{claim.pk}/lease/", {}, Idempotency_Key="seat")
    assert (again.status_code, again.json()) == (201, held)
    api.delete(f"leases/{held['id']}/")
    gone = api.post(f"claims/{claim.pk}/lease/", {}, Idempotency_Key="seat").json()
    assert gone["expires_at"] <= timezone.now().isoformat()
    assert not Lease.objects.filter(holder__isnull=False).exists()


def test_key_and_effect_come_and_go_together(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: Any, **__: Any) -> None:
        raise Conflict("The power went.")

    api = Api(factories.contributor())
    monkeypatch.setattr("claims.api.once._keep", crash)
    assert api.post("claims/", WORDS, Idempotency_Key="k").status_code == 409
    assert not Claim.objects.exists()
    monkeypatch.undo()
    assert api.post("claims/", WORDS, Idempotency_Key="k").status_code == 201


def test_a_service_brings_claims_under_its_own_name() -> None:
    api = Api(factories.service("claims:read", "claims:write"))
    made = api.post("claims/", {**WORDS, "external_ref": "cms-7"}, Idempotency_Key="k")
    assert made.status_code == 201
    found = api.get("claims/?external_ref=cms-7").json()["results"]
    assert [row["id"] for row in found] == [made.json()["id"]]
