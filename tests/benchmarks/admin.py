"""The desk's lists in the admin at a thousand claims, and at as many as are asked for."""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import User
from tests.benchmarks import rows
from tests.benchmarks.clients import percentile
from tests.benchmarks.figures import Figure

FEW = 1_000
TIMES = 30
STATEMENTS_MAX = 25
# Rivers end at 996, so that this number is in one claim at any size.
ONE_CLAIM = f"Bridge number {FEW - 1}"
EVERY_CLAIM = "river"
_NEXT = re.compile(r'href="\?([^"]*after=[^"]*)"')


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as it was opened over and over: seconds at p95, and its statements."""

    p95: float
    statements: list[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """How the database answers the statement that finds a page’s rows."""

    name: str
    lines: list[str]

    def as_json(self) -> dict[str, object]:
        return {"name": self.name, "plan": self.lines}


def figures(size: int) -> Iterator[Figure | Plan]:
    """Each page at ``size`` claims against itself at a thousand; its statements; its plan."""
    (person, _), *_others = rows.reviewers(1)
    rows.claims_in_review(FEW)
    before = _opened(person)
    if size > FEW:
        rows.claims_in_review(size - FEW)
    for name, seen in _opened(person).items():
        yield Figure(f"{name}_p95", seen.p95 * 1000, before[name].p95 * 1000, "ms")
        yield Figure(f"{name}_statements", len(seen.statements), STATEMENTS_MAX, "statements")
        yield Plan(f"{name}_plan", _plan(seen.statements))


def _opened(person: User) -> dict[str, Seen]:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    claims, queue = reverse("admin:claims_claim_changelist"), reverse("desk:queue")
    following = _NEXT.search(client.get(claims).content.decode())
    if following is None:
        raise RuntimeError("The list of claims has no next page.")
    pages = {
        "admin_list": claims,
        "admin_list_newest": f"{claims}?sort=newest",
        "admin_filter": f"{claims}?state__exact=checking",
        "admin_page": f"{claims}?{following[1].replace('&amp;', '&')}",
        "admin_search_one": f"{claims}?q={ONE_CLAIM}",
        "admin_search_common": f"{claims}?q={EVERY_CLAIM}",
        "admin_mine": reverse("desk:index"),
        "admin_queue": queue,
    }
    return {name: _open(client, address) for name, address in pages.items()}


def _open(client: Client, address: str) -> Seen:
    def once() -> None:
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")

    once()
    with CaptureQueriesContext(connection) as captured:
        once()
    statements = [str(one["sql"]) for one in captured]
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        once()
        took.append(time.perf_counter() - began)
    return Seen(percentile(took, 95), statements)


def _plan(statements: list[str]) -> list[str]:
    """The plan’s nodes for the longest statement about claims: the one that finds the rows."""
    about = [
        one for one in statements if one.startswith("SELECT") and 'FROM "claims_claim"' in one
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT json) {max(about, key=len)}")
        told = cursor.fetchone()[0]
    plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    return list(_nodes(plan))


def _nodes(plan: dict[str, object]) -> Iterator[str]:
    names = [plan["Node Type"], plan.get("Index Name") or plan.get("Relation Name") or ""]
    yield " ".join(str(name) for name in names if name)
    inner = plan.get("Plans")
    for one in inner if isinstance(inner, list) else []:
        yield from _nodes(one)
