"""The one way into the log: the last write of every verb whose change is an event.

Why a lock and a one-row head, and no plain sequence: numbers given under one lock, taken after
all row locks, make the order of numbers the order of commits, without gaps. Readers with a
cursor then never miss an entry (docs/adr/0002).
"""

import hmac
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction

from claims.errors import Busy, Invalid
from claims.ledger.canonical import ENTRY_BYTES_MAX, canonical, commitment, new_salt, plain
from claims.ledger.events import Event
from claims.ledger.merkle import Node, completed_by, leaf_hash
from claims.models.actors import Actor
from claims.models.claim import Claim
from claims.models.ledger import ActorKey, LogNode

# Any fixed number: all writers of the log queue up behind it until they commit.
LOG_LOCK = 0x6C6F67
NO_ENTRY_BEFORE = "0" * 64
LOCK_NOT_AVAILABLE = "55P03"

_WRITE = """
WITH entries AS (
  INSERT INTO claims_logentry (seq, type, at, claim, claim_seq, body, leaf)
  SELECT * FROM unnest(%(seq)s::bigint[], %(type)s::text[], %(at)s::timestamptz[],
    %(claim)s::uuid[], %(claim_seq)s::int[], %(body)s::bytea[], %(leaf)s::bytea[])
), nodes AS (
  INSERT INTO claims_lognode (level, idx, hash)
  SELECT * FROM unnest(%(level)s::smallint[], %(idx)s::bigint[], %(hash)s::bytea[])
), secrets AS (
  INSERT INTO claims_secret (seq, field, salt, value)
  SELECT * FROM unnest(%(s_seq)s::bigint[], %(s_field)s::text[], %(s_salt)s::bytea[],
    %(s_value)s::jsonb[])
), actors AS (
  INSERT INTO claims_entryactor (seq, person_id, name, detail)
  SELECT *, '{}'::jsonb FROM unnest(%(seq)s::bigint[], %(person)s::uuid[], %(name)s::text[])
)
UPDATE claims_loghead SET size = %(size)s, at = %(now)s WHERE id = 1 AND size = %(was)s
"""


@dataclass(frozen=True, slots=True)
class Happening:
    """One event with whom it concerns and who did it."""

    event: Event
    claim: UUID | None
    actor: Actor


def record(*events: Event, claim: Claim | None, actor: Actor) -> int:
    """Write down what happened, in order; returns the sequence number of the last entry.

    Call it last, in the transaction that made it happen. Raises Busy when other writers keep
    the log for more than three seconds; the transaction is then rolled back by its owner.
    """
    key = claim.pk if claim is not None else None
    return record_all([Happening(event, key, actor) for event in events])


def record_all(happenings: Iterable[Happening]) -> int:
    """Write a batch under one lock: an import or a bulk act takes it once."""
    batch = list(happenings)
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() belongs into the transaction that made the change.")
    keys = _keys_of({happening.actor for happening in batch if happening.claim})
    _take_the_log()
    size, now, last = _where_we_stand({h.claim for h in batch if h.claim})
    rows = _Rows(size=size, now=now, last=last, keys=keys)
    for happening in batch:
        rows.add(happening)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, rows.parameters(was=size))
        if cursor.rowcount != 1:
            raise RuntimeError("The head of the log is not where it was read.")
    return rows.size - 1


def _take_the_log() -> None:
    """Queue up behind all other writers, for three seconds at most."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SET LOCAL lock_timeout = '3s'; SELECT pg_advisory_xact_lock({LOG_LOCK})"
            )
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == LOCK_NOT_AVAILABLE:
            raise Busy(
                "The log is busy. Nothing was changed; try again.", retry_after=2
            ) from error
        raise


def _where_we_stand(
    claims: set[UUID],
) -> tuple[int, datetime, dict[UUID, tuple[int, bytes]]]:
    """Size of the log, its time now, and the newest entry of each claim."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT size, greatest(clock_timestamp(), at) FROM claims_loghead WHERE id = 1"
        )
        size, now = cursor.fetchone()
        cursor.execute(
            "SELECT DISTINCT ON (claim) claim, claim_seq, leaf FROM claims_logentry"
            " WHERE claim = ANY(%s) ORDER BY claim, claim_seq DESC",
            [list(claims)],
        )
        last = {claim: (seq, bytes(leaf)) for claim, seq, leaf in cursor.fetchall()}
    return size, now.astimezone(UTC), last


def _keys_of(actors: set[Actor]) -> dict[Actor, bytes]:
    """The pseudonym keys; made on first use, before the log is taken."""
    keys = {}
    for actor in actors:
        if actor.person is not None:
            row, _ = ActorKey.objects.get_or_create(
                person=actor.person, defaults={"key": secrets.token_bytes(32)}
            )
        elif actor.token is not None:
            row, _ = ActorKey.objects.get_or_create(
                token=actor.token, defaults={"key": secrets.token_bytes(32)}
            )
        else:
            continue
        keys[actor] = bytes(row.key)
    return keys


def pseudonym(actor: Actor, claim: UUID | None, key: bytes | None) -> str:
    """How the log calls an actor: the same within a claim, another in each claim."""
    if claim is None or key is None:
        return "system"
    digest = hmac.new(key, str(claim).encode(), "sha256").hexdigest()[:32]
    return f"{'u' if actor.person is not None else 'k'}:{digest}"


class _Rows:
    """The rows of one batch as they grow; numbers, chains and subtrees are worked out here."""

    def __init__(
        self,
        *,
        size: int,
        now: datetime,
        last: dict[UUID, tuple[int, bytes]],
        keys: dict[Actor, bytes],
    ) -> None:
        self.size, self.now, self.last, self.keys = size, now, last, keys
        self.columns: dict[str, list[Any]] = {
            name: []
            for name in (
                "seq type at claim claim_seq body leaf level idx hash"
                " s_seq s_field s_salt s_value person name"
            ).split()
        }
        self.new_nodes: dict[Node, bytes] = {}

    def add(self, happening: Happening) -> None:
        claim, actor = happening.claim, happening.actor
        data, committed = happening.event.payload()
        claim_seq, before = self._chain(claim)
        private = {name: self._commit(name, value) for name, value in committed.items()}
        entry = {
            "v": 1,
            "seq": self.size,
            "type": happening.event.type,
            "at": self.now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "claim": str(claim) if claim else None,
            "claim_seq": claim_seq,
            "prev": before,
            "actor": pseudonym(actor, claim, self.keys.get(actor)),
            "data": plain(data),
            "private": private,
        }
        body = canonical(entry)
        if len(body) > ENTRY_BYTES_MAX:
            raise Invalid("This is too much for one entry of the log; make it shorter.")
        leaf = leaf_hash(body)
        if claim is not None and claim_seq is not None:
            self.last[claim] = (claim_seq, leaf)
        self._append(
            seq=self.size,
            type=happening.event.type,
            at=self.now,
            claim=claim,
            claim_seq=claim_seq,
            body=body,
            leaf=leaf,
            person=actor.person.pk if actor.person is not None else None,
            name=actor.name,
        )
        for node, value in completed_by(self.size, leaf, self._subtree):
            self.new_nodes[node] = value
            self._append(level=node[0], idx=node[1], hash=value)
        self.size += 1

    def parameters(self, *, was: int) -> dict[str, Any]:
        return {**self.columns, "size": self.size, "now": self.now, "was": was}

    def _append(self, **cells: Any) -> None:
        for column, cell in cells.items():
            self.columns[column].append(cell)

    def _chain(self, claim: UUID | None) -> tuple[int | None, str | None]:
        if claim is None:
            return None, None
        if claim not in self.last:
            return 0, NO_ENTRY_BEFORE
        seq, leaf = self.last[claim]
        return seq + 1, leaf.hex()

    def _commit(self, field: str, value: Any) -> str:
        salt, value = new_salt(), plain(value)
        self._append(
            s_seq=self.size,
            s_field=field,
            s_salt=salt,
            s_value=json.dumps(value, ensure_ascii=False),
        )
        return commitment(salt, value)

    def _subtree(self, node: Node) -> bytes:
        known = self.new_nodes.get(node)
        if known is not None:
            return known
        return bytes(LogNode.objects.values_list("hash", flat=True).get(pk=node))
