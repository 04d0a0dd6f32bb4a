"""Whatever is sent: a clear refusal, nothing stored, no 500, no word of the inside."""

import base64
import itertools
import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.ledger import read
from claims.models import ApiToken, Claim, Role
from tests import factories
from tests.rest import PROBLEM, Api
from tests.reviews import stories
from tests.shared import shared

pytestmark = pytest.mark.django_db


def body_of(case: dict[str, Any]) -> bytes | None:
    if "raw_b64" in case:
        return base64.b64decode(case["raw_b64"])
    if "json" in case:
        return json.dumps(case["json"]).encode()
    if "gen" in case:
        made = case["gen"]
        if "nest" in made:
            return str(made["nest"]).encode() * int(made["times"])
        text = str(made["repeat"]) * int(made["times"])
        return json.dumps({made["field"]: text}).encode()
    return None


def classes_of(expected: str) -> set[int]:
    """The codes that a case’s words allow: “400, or stored exactly” is 400 or 2xx."""
    told = {
        int(word)
        for word in expected.replace(",", " ").replace("/", " ").split()
        if word.isdigit() and len(word) == 3
    }
    if "stored" in expected.split(";", maxsplit=1)[0] and "nothing stored" not in expected:
        told |= {200, 201}
    if "read back" in expected:
        told |= {200, 201}
    return told


def test_the_shared_cases_are_refused_as_they_say() -> None:
    cases = json.loads(shared("security/badinput.json").read_text(encoding="utf-8"))["cases"]
    author, nobody = Api(factories.contributor()), Api()
    draft = factories.claim()
    for case in cases:
        method, path = case["target"].split(" ", 1)
        if not path.startswith("/api/"):
            continue
        path = path.replace("{draft}", str(draft.pk))
        path += f"?{case['query']}" if "query" in case else ""
        headers = case.get("headers", {})
        for api in (author, nobody):
            before, size = Claim.objects.count(), read.size()
            answer = api.send(method, path, body_of(case), **headers)
            assert answer.status_code < 500, case["id"]
            if api is author:
                allowed = classes_of(case["expect"])
                assert answer.status_code in allowed, (case["id"], answer.status_code)
                if "naming the field" in case["expect"]:
                    assert answer.json()["errors"], case["id"]
            if answer.status_code >= 400:
                assert answer.headers["Content-Type"] == PROBLEM
                assert (Claim.objects.count(), read.size()) == (before, size), case["id"]
    assert author.get("claims/").status_code == 200


_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["", " ", "\0", "\ud800", "../..", "' OR 1=1 --", "9" * 400, "{{7*7}}"])
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
TARGETS: dict[str, list[str]] = {
    "POST claims/": ("text language claimant article quote external_ref").split(),
    "PATCH claims/{draft}/": (
        "text language claimant quote topic tags due_at assigned_to harm discreet urgent"
        " visibility external_ref meaning reason"
    ).split(),
    "POST claims/{checking}/transitions/": ("name reason note override kind").split(),
    "POST claims/{draft}/evidence/": (
        "capture url contact title stance kind quote anchor translation note named primary owner"
        " visibility"
    ).split(),
    "POST claims/{checking}/lease/": ("seat take_over").split(),
    "POST claims/{checking}/reviews/": ("rating reason evidence confidence finding").split(),
    "POST claims/{ready}/reconcile/": ("rating adjudicate").split(),
    "POST claims/{ready}/adjudications/": ("rating reason").split(),
    "PUT claims/{ready}/finding/": ("headline answer sentences").split(),
    "POST claims/{ready}/corrections/": ("kind note requested_by changes").split(),
    "POST claims/{draft}/coverage-runs/": ("providers queries").split(),
    "POST claims/{draft}/provenance-edges/": ("from to type quote note").split(),
    "POST articles/": ("text title url outlet language published_at").split(),
    "POST claims/{draft}/replies/": (
        "asked role channel asked_at deadline answer answered_at not_asked_because"
    ).split(),
    "POST claims/{draft}/notes/": ["text"],
    "POST queue/next/": ("stage language").split(),
    "POST tokens/": ("name scopes expires_at").split(),
}


@pytest.fixture
def desk() -> tuple[Api, dict[str, str]]:
    factories.scale()
    rows = {
        "draft": factories.claim(),
        "checking": factories.in_checking(),
        "ready": stories.settled(),
    }
    # All roles in one person: whatever is refused is refused for what was sent.
    return Api(factories.actor(*Role.values)), {n: str(row.pk) for n, row in rows.items()}


@pytest.mark.parametrize("target", TARGETS)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_no_body_makes_an_error_of_ours(
    desk: tuple[Api, dict[str, str]], target: str, data: st.DataObject
) -> None:
    api, rows = desk
    method, path = target.split(" ")
    names = [*TARGETS[target], "state", "verdict", "x"]
    body = data.draw(st.dictionaries(st.sampled_from(names), _VALUES, max_size=5) | _VALUES)
    answer = api.send(method, path.format(**rows), body, If_Match="*")
    assert answer.status_code < 500


@pytest.mark.parametrize("target", TARGETS)
def test_no_field_of_the_wrong_kind_makes_an_error_of_ours(
    desk: tuple[Api, dict[str, str]], target: str
) -> None:
    api, rows = desk
    method, path = target.split(" ")
    odd: list[Any] = [
        None,
        True,
        7,
        -1,
        1.5,
        "",
        "x",
        [],
        [[]],
        [None],
        {},
        {"a": {}},
        "x" * 30_000,
    ]
    for name, value in itertools.product(TARGETS[target], odd):
        answer = api.send(method, path.format(**rows), {name: value}, If_Match="*")
        assert answer.status_code < 500, (target, name, value)


_QUERIES = st.dictionaries(
    st.sampled_from(
        "state stage outcome language q claimant tag topic assigned_to due_before min_priority"
        " updated_since external_ref ordering cursor page_size count fields expand after claim"
        " status name page".split()
    ),
    st.text(max_size=12)
    | st.sampled_from(["0", "-1", "999999999999999999999", "draft", "-priority", "%%%", "\0"]),
    max_size=3,
)
LISTS = (
    "claims/ articles/ events/ queue/ publications/ corrections/ outlets/ claimants/ tags/ topics/"
    " rating-scales/ claims/{draft}/evidence/ claims/{draft}/coverage/"
).split()


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(path=st.sampled_from(LISTS), query=_QUERIES)
def test_no_query_makes_an_error_of_ours(
    desk: tuple[Api, dict[str, str]], path: str, query: dict[str, str]
) -> None:
    api, rows = desk
    client = Client(raise_request_exception=False, headers=api.headers)
    answer = client.get(f"/api/v1/{path.format(**rows)}", query)
    assert answer.status_code in {200, 400}


@pytest.mark.parametrize(
    "headers",
    [
        {"If_None_Match": "x" * 9_000},
        {"If_Match": '"' * 9_000},
        {"Idempotency_Key": "\x7f"},
        {"Accept_Language": "xx-" + "y" * 500},
        {"Authorization": "Bearer " + "x" * 9_000},
        {"Content_Type": "application/json; charset=" + "x" * 500},
        {"Content_Type": "multipart/form-data"},
        {"Content_Type": "text/xml"},
        {"Content_Type": ""},
        {"Accept": "text/html;q=" + "9" * 500},
    ],
)
def test_no_header_makes_an_error_of_ours(headers: dict[str, str]) -> None:
    api = Api(factories.contributor())
    assert api.post("claims/", {"text": "The bridge was closed."}, **headers).status_code < 500
    assert (
        api.get("claims/", **{k: v for k, v in headers.items() if k != "Content_Type"}).status_code
        < 500
    )


def test_a_broken_form_is_refused() -> None:
    api = Api(factories.contributor())
    for kind, body in (
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b"--b\r\nnonsense"),
        ("multipart/form-data; boundary=" + "b" * 500, b"--b\r\n"),
        ("application/json", b"{}"),
        ("application/x-www-form-urlencoded", b"file=x"),
    ):
        assert api.post("captures/", body, Content_Type=kind).status_code in {400, 415}


def test_a_refused_request_leaves_no_secret_in_its_answer() -> None:
    _, words = ApiToken.issue("t", person=None, scopes=["claims:read"])
    answer = Api(token=words).post("claims/", {"text": words})
    assert answer.status_code == 403
    assert words not in answer.content.decode()
