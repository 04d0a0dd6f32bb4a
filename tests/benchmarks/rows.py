"""Very many claims in review, made by one statement from one that the factories made."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection, models
from psycopg import sql

from claims.models import ApiToken, Claim, Role, User
from claims.models.people import TOKEN_PREFIX
from reviews.models import Round
from tests import factories

_CLAIM = {
    "id": "gen_random_uuid()",
    "text": "'Bridge number ' || n || ' over river ' || mod(n, 997) || ' was closed on Monday.'",
    "text_digest": "encode(sha256(('bench ' || n)::bytea), 'hex')",
    "priority": "mod(n::bigint * 7919, 100)",
    "demand": "1 + mod(n, 50)",
    "created_at": "now() - n * interval '1 second'",
    "updated_at": "now() - n * interval '1 second'",
}

_PLAIN_INDEXES = """
SELECT kept.relname, pg_get_indexdef(kept.oid) FROM pg_index
  JOIN pg_class kept ON kept.oid = indexrelid JOIN pg_class its ON its.oid = indrelid
WHERE its.relname = ANY (%s) AND NOT indisunique
"""


def claims_in_review(many: int) -> None:
    """So many claims, each in checking with its first round open and no seat taken."""
    pattern = factories.in_checking("The pattern of all others.")
    round_ = pattern.rounds.get()
    with without_indexes("claims_claim", "reviews_round"), connection.cursor() as cursor:
        _multiply(cursor, Claim, _CLAIM, f"claims_claim, generate_series(1, {many}) n", pattern.pk)
        cursor.execute(
            copies(Round, {"id": "gen_random_uuid()", "claim": "c.id"})
            + " FROM reviews_round r, claims_claim c WHERE r.id = %s AND c.id <> %s"
            " AND NOT EXISTS (SELECT FROM reviews_round WHERE claim_id = c.id)",
            [round_.pk, pattern.pk],
        )
        cursor.execute("DELETE FROM reviews_round WHERE id = %s", [round_.pk])
        cursor.execute("DELETE FROM claims_claim WHERE id = %s", [pattern.pk])
    tidy()


@contextmanager
def without_indexes(*tables: str) -> Iterator[None]:
    """Take the indexes that hold no constraint away meanwhile: filling them one by one is slow."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("SET maintenance_work_mem = '256MB'")
        found = owner.execute(_PLAIN_INDEXES, [list(tables)]).fetchall()
        for name, _ in found:
            owner.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        yield
        for _, made in found:
            owner.execute(made)


def tidy() -> None:
    """What autovacuum would have done by now."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")


def reviewers(many: int) -> list[tuple[User, str]]:
    """So many reviewers, each with a token’s words."""
    start = User.objects.count()
    people = User.objects.bulk_create(
        User(username=f"bench-{start + number}", roles=[Role.REVIEWER.value], password="!")
        for number in range(many)
    )
    words = [f"{TOKEN_PREFIX}bench-{person.pk}" for person in people]
    pattern, _ = ApiToken.issue("bench", person=people[0], scopes=people[0].scopes)
    ApiToken.objects.bulk_create(
        ApiToken(
            name="bench",
            person=person,
            digest=ApiToken.digest_of(token),
            scopes=pattern.scopes,
            expires_at=pattern.expires_at,
        )
        for person, token in zip(people, words, strict=True)
    )
    return list(zip(people, words, strict=True))


def taken_from_the_top(leases: int) -> None:
    """As after so many leases: both seats of the first claims held, by people who wait."""
    holders = [person.pk for person, _ in reviewers(2)]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE top AS SELECT id FROM claims_claim c"
            " WHERE stage = 'review' AND busy_until IS NULL AND NOT EXISTS"
            " (SELECT FROM reviews_lease l WHERE l.claim_id = c.id)"
            " ORDER BY priority DESC, id LIMIT %s",
            [leases // 2],
        )
        cursor.execute(
            "UPDATE claims_claim SET busy_until = now() + interval '1 day'"
            " WHERE id IN (SELECT id FROM top)"
        )
        cursor.execute(
            "INSERT INTO reviews_lease (key, claim_id, seat, holder_id, taken_at, expires_at)"
            " SELECT gen_random_uuid(), top.id, seat, holder, now(), now() + interval '1 day'"
            " FROM top, unnest(%s::text[], %s::uuid[]) AS held(seat, holder)",
            [["first", "second"], holders],
        )
        cursor.execute("DROP TABLE top")


def _multiply(
    cursor: Any, model: type[models.Model], said: dict[str, str], source: str, key: Any
) -> None:
    cursor.execute(f"{copies(model, said)} FROM {source} WHERE id = %s", [key])


def copies(model: type[models.Model], said: dict[str, str]) -> str:
    """INSERT … SELECT with all columns as in the pattern but those that are said."""
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    cells = ", ".join(said.get(field.name, f'"{field.column}"') for field in fields)
    return f'INSERT INTO "{model._meta.db_table}" ({columns}) SELECT {cells}'
