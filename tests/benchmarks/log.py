"""What one entry of the log costs beside the smallest commit that is durable."""

import os
from collections.abc import Iterator
from typing import Any

import psycopg
from django.db import transaction

from claims.ledger.events import ClaimAmended
from claims.ledger.record import record
from tests import factories
from tests.benchmarks.clients import Work, at_once
from tests.benchmarks.figures import Figure

APPENDS = 200


def figures() -> Iterator[Figure]:
    """One writer, and eight that queue up for the log’s lock, against as many of one row each."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("CREATE TABLE bench_commit (n bigint)")
    for clients in (1, 8):
        baseline = at_once(_smallest_commit, clients=clients)
        told = at_once(_appends(clients), clients=clients)
        yield Figure(f"log_append_{clients}", told.rate, baseline.rate)


def _smallest_commit(_number: int) -> Iterator[Any]:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as server:
        for turn in range(APPENDS + 1):
            server.execute("INSERT INTO bench_commit VALUES (%s)", [turn])
            yield turn


def _appends(clients: int) -> Work:
    by = factories.contributor()
    claims = [factories.claim(author=by) for _ in range(clients)]

    def work(number: int) -> Iterator[Any]:
        for _ in range(APPENDS + 1):
            with transaction.atomic():
                seq = record(ClaimAmended(fields=["harm"]), claim=claims[number], actor=by)
            yield seq

    return work
