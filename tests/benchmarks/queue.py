"""The queue with very many claims in it: taking the next, listing, and turning pages."""

import base64
import json
import os
import time
from collections.abc import Callable, Iterator
from typing import Any, LiteralString

import psycopg
from django.db import connection
from django.test import Client

from claims.models import Claim, User
from claims.models.actors import person as acting
from reviews.queue.pick import take_next
from tests.benchmarks import rows, web
from tests.benchmarks.clients import CLIENTS, Outcome, Work, at_once, percentile
from tests.benchmarks.figures import Figure

AT_ONCE = 10  # leases that one person may hold; then the next person sits down
LEASES_BEFORE = 50_000
PAGES = 40
ROUNDS = 3  # bare, raw, verb, REST, and again: the machine’s mood is the same for all

# Two baselines, neither with any of the desk’s rules. ``raw`` takes from the desk’s own claims;
# ``bare`` from the smallest queue there can be, a table of its own with one index.
_RAW = """
UPDATE claims_claim SET busy_until = now() + interval '15 minutes' WHERE id = (
  SELECT id FROM claims_claim WHERE state = 'checking' AND stage = 'review' AND busy_until IS NULL
  ORDER BY priority DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id
"""
_BARE = """
UPDATE bench_queue SET holder = 'somebody', until = now() + interval '15 minutes' WHERE id = (
  SELECT id FROM bench_queue WHERE until IS NULL ORDER BY priority DESC, id
  LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id
"""


def figures(size: int) -> Iterator[Figure]:
    """Leases by 8 clients, fresh and after many; the lists of 25; the last page and the first."""
    rows.claims_in_review(size)
    # So few at 1,000 claims that no client ever runs dry.
    acts = 10 if size < LEASES_BEFORE else 100
    staff = iter(rows.reviewers(4 * ROUNDS * CLIENTS * (acts // AT_ONCE + 1)))

    def shift() -> list[list[tuple[User, str]]]:
        each = acts // AT_ONCE + 1
        return [[next(staff) for _ in range(each)] for _ in range(CLIENTS)]

    _bare_queue(size)
    tokens = [token for _, token in rows.reviewers(4)]
    with web.server():
        fresh = _by_all_doors(shift, acts)
        yield from _rates("fresh", fresh)
        yield _list_of("rest_queue_of_25", "/api/v1/queue/", tokens[0])
        rows.taken_from_the_top(min(LEASES_BEFORE, size // 4))
        rows.tidy()
        aged = _by_all_doors(shift, acts)
        yield from _rates("after_many", aged)
        for door in ("verb", "rest"):
            slow, quick = aged[door].p95, fresh[door].p95
            yield Figure(f"{door}_lease_p95_after_many", slow * 1000, quick * 1000, "ms")
        yield _list_of("rest_queue_of_25_after_many", "/api/v1/queue/", tokens[1])
        yield _list_of("rest_list_of_25", "/api/v1/claims/", tokens[2])
        yield _deep_page(tokens[3], size)


def _by_all_doors(
    shift: Callable[[], list[list[tuple[User, str]]]], acts: int
) -> dict[str, Outcome]:
    """Leases by all clients, in turn by SQL, by the verb and over REST; the median round.

    No seat may come twice.
    """
    told: dict[str, list[Outcome]] = {"bare": [], "raw": [], "verb": [], "rest": []}
    for _ in range(ROUNDS):
        told["bare"].append(at_once(_by_sql(_BARE, acts * 4)))
        # Each of these takes both seats of its claim.
        told["raw"].append(at_once(_by_sql(_RAW, max(acts // 2, 5))))
        told["verb"].append(at_once(_by_verb(shift(), acts)))
        told["rest"].append(at_once(_by_rest(shift(), acts)))
    seats = [seat for door in ("verb", "rest") for one in told[door] for seat in one.got]
    if len(set(seats)) != len(seats):
        raise RuntimeError("A seat was given away twice.")
    return {door: sorted(one, key=lambda it: it.rate)[ROUNDS // 2] for door, one in told.items()}


def _rates(when: str, told: dict[str, Outcome]) -> Iterator[Figure]:
    for door in ("verb", "rest"):
        yield Figure(f"{door}_lease_{when}", told[door].rate, told["raw"].rate)
        yield Figure(f"{door}_lease_{when}_to_bare_table", told[door].rate, told["bare"].rate)


def _by_verb(shifts: list[list[tuple[User, str]]], acts: int) -> Work:
    def work(number: int) -> Iterator[Any]:
        for turn in range(acts + 1):
            person, _ = shifts[number][turn // AT_ONCE]
            hold = take_next(by=acting(person))
            yield (hold.claim, hold.seat) if hold is not None else _ran_dry()

    return work


def _by_rest(shifts: list[list[tuple[User, str]]], acts: int) -> Work:
    def work(number: int) -> Iterator[Any]:
        caller = web.Caller()
        for turn in range(acts + 1):
            _, token = shifts[number][turn // AT_ONCE]
            hold = caller.ask("POST", "/api/v1/queue/next/", token=token, body="{}")
            yield hold["claim"], hold["seat"]

    return work


def _bare_queue(size: int) -> None:
    """As many free seats in a table of the baseline’s own."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute(
            "CREATE TABLE bench_queue (id uuid, priority int, holder text, until timestamptz)"
        )
        owner.execute(
            "INSERT INTO bench_queue SELECT gen_random_uuid(), mod(n::bigint * 7919, 100)"
            " FROM generate_series(1, %s) n",
            [2 * size],
        )
        owner.execute("ALTER TABLE bench_queue ADD PRIMARY KEY (id)")
        owner.execute("CREATE INDEX ON bench_queue (priority DESC, id) WHERE until IS NULL")
        owner.execute("VACUUM ANALYZE bench_queue")


def _by_sql(statement: LiteralString, acts: int) -> Work:
    def work(_: int) -> Iterator[Any]:
        with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as server:
            for _ in range(acts + 1):
                taken = server.execute(statement).fetchone()
                yield taken[0] if taken is not None else _ran_dry()

    return work


def _list_of(name: str, path: str, token: str) -> Figure:
    """A list over REST, against everything that one request asks, by psycopg alone.

    Each goes out as the desk sends it: what is written out is planned once, with its values
    beside the text; what the ORM puts together has them inside and is planned each time.
    """
    caller, asked = web.Caller(), _asked_by(path, token)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute("SET plan_cache_mode = force_generic_plan")

        def alone() -> None:
            for statement, values, written_out in asked:
                cursor = psycopg.RawCursor if written_out else psycopg.ClientCursor
                prepare = True if written_out else None
                cursor(server).execute(statement, values, prepare=prepare).fetchall()

        return Figure(
            name,
            1 / percentile(_times(lambda: caller.ask("GET", path, token=token)), 50),
            1 / percentile(_times(alone), 50),
        )


def _asked_by(path: str, token: str) -> list[tuple[Any, Any, bool]]:
    """What one request reads: statement, values, and whether it is one that is written out."""
    asked: list[tuple[Any, Any, bool]] = []

    def note(execute: Any, statement: str, values: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            asked.append((statement, values, "$1" in statement))
        return execute(statement, values, many, context)

    client, header = Client(), {"Authorization": f"Bearer {token}"}
    client.get(path, headers=header)
    with connection.execute_wrapper(note):
        client.get(path, headers=header)
    if not asked:
        raise RuntimeError("The list asked nothing.")
    return asked


def _deep_page(token: str, size: int) -> Figure:
    """A page nine tenths down the list against the first page, at p95."""
    caller = web.Caller()
    row = Claim.objects.order_by("-created_at", "-id")[size * 9 // 10]
    place = json.dumps([row.created_at.isoformat(), str(row.pk), False, "-created_at"])
    cursor = base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")

    def ask(query: str) -> None:
        answer = caller.ask("GET", f"/api/v1/claims/{query}", token=token)
        if len(answer["results"]) != 25:
            raise RuntimeError("The page is not whole.")

    first = percentile(_times(lambda: ask("")), 95)
    deep = percentile(_times(lambda: ask(f"?cursor={cursor}")), 95)
    return Figure("deep_page_p95", deep * 1000, first * 1000, "ms")


def _times(once: Callable[[], object]) -> list[float]:
    once()
    took = []
    for _ in range(PAGES):
        began = time.perf_counter()
        once()
        took.append(time.perf_counter() - began)
    return took


def _ran_dry() -> Any:
    raise RuntimeError("The queue ran dry.")
