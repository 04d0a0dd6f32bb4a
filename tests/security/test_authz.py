"""Who may do what: every address by every role, and the shared matrix of roles and actions."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from claims.api.base import DeskView, Unknown
from claims.ledger import read
from claims.models import Actor, Claim, Role
from claims.models.people import SCOPES
from reviews import right_of_reply
from reviews.right_of_reply import Asked
from tests import factories
from tests.rest import Api, another_world, promised_addresses
from tests.reviews import stories
from tests.shared import shared

pytestmark = pytest.mark.django_db

C, R, E, A, S = "contributor", "reviewer", "editor", "admin", "service"
ALL = {C, R, E, A, S}
WRITERS = {C, R, E, S}
READ_ALL = (
    "articles/ articles/{article}/ claims/ claims/{draft}/ claims/{draft}/transitions/"
    " claims/{draft}/evidence/ claims/{draft}/coverage/ claims/{draft}/coverage-runs/"
    " claims/{draft}/coverage-preview/"
    " claims/{draft}/provenance/ claims/{draft}/reviews/ claims/{draft}/verdicts/"
    " claims/{draft}/corrections/ captures/{capture}/ coverage-runs/{run}/"
    " coverage-runs/{run}/leads/ evidence/{evidence}/"
    " claims/{draft}/replies/ replies/{reply}/ claims/{draft}/parts/"
    " provenance-edges/{edge}/ provenance-nodes/{node}/ events/ outlets/ claimants/ tags/ topics/"
    " publications/ corrections/ rating-scales/ queue/ claims/{ready}/finding/"
).split()
# Contract §3, written out by hand: method, address, who is let in. What is asked of them
# afterwards (a body, a state) is another matter.
TABLE: list[tuple[str, str, set[str]]] = [
    *(("GET", path, ALL) for path in READ_ALL),
    ("GET", "captures/{capture}/content/", {C, R, E, A}),
    ("GET", "captures/{capture}/warc/", {C, R, E, A}),
    ("POST", "articles/", WRITERS),
    ("POST", "articles/{article}/retry/", WRITERS),
    ("POST", "articles/{article}/claims/", WRITERS),
    ("POST", "candidates/{candidate}/take/", WRITERS),
    ("POST", "candidates/{candidate}/leave/", WRITERS),
    ("POST", "captures/", WRITERS),
    ("POST", "claims/", WRITERS),
    ("PATCH", "claims/{draft}/", WRITERS),
    ("PATCH", "claims/{checking}/", {R, E}),
    ("POST", "claims/{draft}/transitions/", WRITERS),
    ("POST", "claims/{draft}/evidence/", WRITERS),
    # A service brought it: a person of the same rights who did not may not touch it.
    ("PATCH", "evidence/{evidence}/", {E, S}),
    ("DELETE", "evidence/{evidence}/", {E, S}),
    ("POST", "evidence/{evidence}/withdraw/", {R, E, S}),
    ("POST", "evidence/{evidence}/sign-off/", {E}),
    ("POST", "claims/{draft}/coverage-runs/", WRITERS),
    ("DELETE", "coverage-runs/{run}/", WRITERS),
    ("POST", "coverage-runs/{run}/retry/", WRITERS),
    ("POST", "claims/{draft}/provenance-edges/", WRITERS),
    ("PATCH", "provenance-edges/{edge}/", WRITERS),
    ("PATCH", "provenance-nodes/{node}/", WRITERS),
    ("POST", "provenance-nodes/{node}/resolve/", WRITERS),
    ("POST", "claims/{draft}/replies/", WRITERS),
    ("GET", "claims/{draft}/notes/", {C, R, E, A}),
    ("POST", "claims/{draft}/notes/", {C, R, E, A}),
    ("PATCH", "replies/{reply}/", WRITERS),
    ("POST", "queue/next/", {R}),
    ("POST", "claims/{checking}/lease/", {R}),
    ("POST", "claims/{checking}/reviews/", {R}),
    ("POST", "claims/{checking}/parts/", {R, E}),
    ("POST", "claims/{ready}/reconcile/", set()),
    ("POST", "claims/{ready}/finding/agree/", set()),
    ("PUT", "claims/{ready}/finding/", {E}),
    ("POST", "claims/{ready}/adjudications/", {E}),
    ("POST", "claims/{published}/corrections/", {R, E}),
    ("POST", "corrections/{proposal}/issue/", {E}),
    ("POST", "claims/{published}/suspend/", {E, A}),
    ("POST", "claims/{published}/restore-page/", {E, A}),
    ("GET", "tokens/", {A}),
    ("POST", "tokens/", {A}),
]
MAKE: dict[str, Any] = {
    C: factories.contributor,
    R: factories.reviewer,
    E: factories.editor,
    A: factories.admin,
    S: lambda: factories.service("claims:read", "claims:write", "coverage:write", "events:read"),
}


@pytest.fixture
def world() -> dict[str, str]:
    """One of everything, none of it by the people who ask."""
    article = factories.article()
    draft, checking = factories.claim(), stories.sent_to_review()
    ready, published = stories.settled(), stories.published()
    node = factories.node(draft, "The Post")
    proposer = Api(factories.editor())
    proposal = proposer.post(
        f"claims/{published.pk}/corrections/",
        {"kind": "update", "note": "x", "changes": {"claimant": None}},
    ).json()
    rows = {
        "article": article,
        "candidate": factories.candidate(article),
        "capture": factories.capture(),
        "draft": draft,
        "checking": checking,
        "ready": ready,
        "published": published,
        "run": factories.run(draft, status="failed"),
        "evidence": factories.evidence(draft),
        "reply": right_of_reply.log(draft, Asked("The mayor"), by=factories.contributor()),
        "node": node,
        "edge": factories.edge(factories.node(draft, "A site"), node),
    }
    return {**{name: str(row.pk) for name, row in rows.items()}, "proposal": proposal["id"]}


@pytest.mark.parametrize("role", [C, R, E, A, S])
def test_a_role_is_let_in_where_the_contract_says_and_nowhere_else(
    world: dict[str, str], role: str
) -> None:
    api = Api(MAKE[role]())
    for method, path, allowed in TABLE:
        before = read.size()
        with another_world():
            answer = api.send(method, path.format(**world), None if method == "GET" else {})
            if role in allowed:
                assert answer.status_code not in {401, 403, 404, 405}, (method, path)
            else:
                assert answer.status_code == 403, (method, path, answer.status_code)
                assert answer.json()["code"] in {"role", "scope", "four_eyes"}
                assert read.size() == before


def test_nobody_is_let_in_anywhere_without_a_token(world: dict[str, str]) -> None:
    for method, path, _ in TABLE:
        answer = Api().send(method, path.format(**world), {})
        assert answer.status_code == 401, (method, path)
        assert answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("scope", sorted(SCOPES))
def test_a_token_of_one_scope_does_what_that_scope_is_for(
    world: dict[str, str], scope: str
) -> None:
    """A person of all roles lends a token one scope: the rest of the roles lends it nothing."""
    api = Api(factories.actor(*Role.values, scopes=[scope]))
    for method, path, _ in TABLE:
        if method == "GET" and "tokens" not in path:
            wanted = "events:read" if path == "events/" else "claims:read"
            assert (api.get(path.format(**world)).status_code == 200) is (scope == wanted), path
        elif scope in {"claims:read", "events:read", "metrics:read"}:
            with another_world():
                answer = api.send(method, path.format(**world), {})
            assert answer.status_code == 403, (method, path)


def test_the_table_names_every_address_the_schema_promises(world: dict[str, str]) -> None:
    named = {(method, re.sub(r"{\w+}", "{id}", f"/api/v1/{path}")) for method, path, _ in TABLE}
    left = promised_addresses() - named
    # One's own seats and tokens: nobody else's are there at all.
    assert left == {
        ("DELETE", "/api/v1/leases/{id}/"),
        ("POST", "/api/v1/leases/{id}/renew/"),
        ("GET", "/api/v1/tokens/{id}/"),
        ("DELETE", "/api/v1/tokens/{id}/"),
    }


# The URLconf


def _patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _patterns(one, path)
        else:
            yield path, one


API = [
    (path, one)
    for path, one in _patterns(get_resolver())
    if path.startswith("api/") and not path.startswith(("api/schema/", "api/docs/"))
]


def _view_of(one: URLPattern) -> type[DeskView]:
    view: type[DeskView] = one.callback.view_class  # type: ignore[attr-defined]
    return view


METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def test_the_api_has_addresses() -> None:
    assert len(API) > 30


@pytest.mark.parametrize(("path", "one"), API, ids=lambda value: str(value)[:60])
def test_every_address_says_for_each_method_which_scope_it_needs(
    path: str, one: URLPattern
) -> None:
    view: type[DeskView] = _view_of(one)
    assert issubclass(view, DeskView), f"{path} is not one of ours"
    for method in METHODS:
        if hasattr(view, method.lower()):
            assert method in view.scopes, f"{method} {path} names no scope"
            assert set(view.scopes[method]) <= SCOPES
    assert set(view.takes) <= set(view.scopes)


@pytest.mark.parametrize(("path", "one"), API, ids=lambda value: str(value)[:60])
def test_a_method_nobody_built_is_405_for_who_may_everything(path: str, one: URLPattern) -> None:
    if _view_of(one) is Unknown or "<uuid" in path:
        return
    api = Api(factories.actor(*Role.values))
    for method in METHODS:
        if not hasattr(_view_of(one), method.lower()):
            answer = api.send(method, f"/{path}", {})
            assert answer.status_code == 405, (method, path)
            assert answer.headers["Allow"]


def test_a_method_without_a_named_scope_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviews.api.queue.Queue.scopes", {})
    answer = Api(factories.actor(*Role.values)).get("queue/")
    assert (answer.status_code, answer.json()["detail"]) == (403, "This is closed.")


@pytest.mark.parametrize("key", ["leases/{key}/", "leases/{key}/renew/", "tokens/{key}/"])
def test_what_belongs_to_somebody_else_is_not_there(key: str) -> None:
    claim = factories.in_checking()
    holder = factories.reviewer()
    held = Api(holder).post(f"claims/{claim.pk}/lease/", {}).json()["id"]
    token, _ = factories.token(of=factories.person())
    api = Api(factories.reviewer())
    for one in (held, token.pk, uuid4()):
        answer = api.send("POST" if "renew" in key else "DELETE", key.format(key=one), None)
        assert answer.status_code == 404


# The shared matrix


@dataclass
class Cast:
    """The people and claims of the shared matrix."""

    apis: dict[str, Api]
    names: dict[str, str]


@pytest.fixture
def cast() -> Cast:
    writer, lead, other = factories.contributor(), factories.reviewer(), factories.reviewer()
    editor, author = factories.editor(), factories.editor()
    c1 = factories.claim(author=writer)
    c2 = stories.sent_to_review(factories.claim(author=writer))
    assert Api(lead).post(f"claims/{c2.pk}/lease/", {}).status_code == 201
    c4 = stories.published(by=editor)
    c5 = stories.settled(
        factories.claim(author=author), people=(factories.reviewer(), factories.reviewer())
    )
    people: dict[str, Actor] = {
        "contributor": writer,
        "reviewer_lease": lead,
        "reviewer_nolease": other,
        "editor": editor,
        "editor_is_author": author,
    }
    apis = {name: Api(actor) for name, actor in people.items()}
    _, narrow = factories.token("claims:read", of=factories.person(Role.EDITOR))
    _, old = factories.token(of=writer.person, expires_at=timezone.now())
    apis |= {"anonymous": Api(), "tok_read": Api(token=narrow), "tok_expired": Api(token=old)}
    names = {"C1": str(c1.pk), "C2": str(c2.pk), "C4": str(c4.pk), "C5": str(c5.pk)}
    return Cast(apis, names)


FITS: dict[str, Any] = {
    "allow": lambda status: 200 <= status < 300,
    "deny": lambda status: status == 403,
    "unauth": lambda status: status == 401,
    "conflict": lambda status: status == 409,
    "invalid": lambda status: status == 400,
    "method": lambda status: status in {401, 403, 404, 405},
    "reject": lambda status: status in {400, 403},
}


def test_the_shared_matrix_holds_in_every_cell(cast: Cast) -> None:
    matrix = json.loads(shared("security/authz.json").read_text(encoding="utf-8"))
    for action in matrix["actions"]:
        path = re.sub(r"{(C\d)}", lambda found: cast.names[found[1]], action["path"])
        if not path.startswith("/api/"):
            continue
        text = json.dumps(action["body"]).replace("{a code of the active scale}", "unproven")
        body = json.loads(text)
        for role, expected in action["expect"].items():
            before, states = read.size(), _states()
            with another_world():
                seen = {"If_Match": "*"} if "If-Match" in action["note"] else {}
                answer = cast.apis[role].send(action["method"], path, body, **seen)
                where = (action["id"], role, expected, answer.status_code, answer.content[:300])
                assert FITS[expected](answer.status_code), where
                if expected != "allow":
                    assert (read.size(), _states()) == (before, states), where


def _states() -> list[Any]:
    return list(Claim.objects.order_by("pk").values_list("pk", "state", "stage", "version"))
