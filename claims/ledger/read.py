"""Reading the log: what happened to a claim, what is new, and the bytes themselves."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from claims.ledger import merkle
from claims.models.actors import Actor
from claims.models.claim import Claim
from claims.models.ledger import EntryActor, LogEntry, LogHead, LogNode, Secret


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the desk reads it. ``who`` is a name for colleagues, never for the public."""

    seq: int
    type: str
    at: datetime
    claim: UUID | None
    data: dict[str, Any]
    who: str = ""


def size() -> int:
    return LogHead.objects.values_list("size", flat=True).get(pk=1)


def entries(
    *,
    after: int = -1,
    claim: UUID | None = None,
    seen_by: Actor | None = None,
    limit: int = 200,
    names: bool = False,
) -> list[Entry]:
    """Entries with ``seq > after`` in order, ``limit`` at most.

    ``seen_by`` leaves out claims this actor may not know of. ``names`` looks up who did it.
    """
    rows = LogEntry.objects.filter(seq__gt=after).order_by("seq")
    if claim is not None:
        rows = rows.filter(claim=claim)
    if seen_by is not None and not seen_by.is_system:
        hidden = Claim.objects.exclude(pk__in=Claim.objects.visible_to(seen_by).values("pk"))
        rows = rows.exclude(claim__in=hidden.values("pk"))
    found = [
        Entry(row.seq, row.type, row.at, row.claim, json.loads(bytes(row.body))["data"])
        for row in rows[:limit]
    ]
    if not names:
        return found
    who = dict(
        EntryActor.objects.filter(seq__in=[entry.seq for entry in found]).values_list(
            "seq", "name"
        )
    )
    return [Entry(e.seq, e.type, e.at, e.claim, e.data, who.get(e.seq, "erased")) for e in found]


def activity(claim: Claim, *, limit: int = 200) -> list[Entry]:
    """What happened to one claim, newest first, with names, for the desk."""
    who = EntryActor.objects.filter(seq=OuterRef("seq")).values("name")[:1]
    rows = LogEntry.objects.filter(claim=claim.pk).annotate(who=Subquery(who))
    return [
        Entry(
            row.seq,
            row.type,
            row.at,
            row.claim,
            json.loads(bytes(row.body))["data"],
            row.who or "erased",
        )
        for row in rows.order_by("-claim_seq")[:limit]
    ]


# As the index ``log_dismissals`` has it: entries are canonical JSON, so the bytes are enough.
_DISMISSALS = """
SELECT date_trunc('week', entry.at AT TIME ZONE 'UTC')::date, reason.value #>> '{{}}', count(*)
FROM claims_logentry entry
LEFT JOIN claims_secret reason ON reason.seq = entry.seq AND reason.field = 'reason'
WHERE entry.type = 'state.changed'
  AND position('"transition":"dismiss"'::bytea in entry.body) > 0
  AND entry.at >= %s {narrowed}
GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Dismissals:
    """How many claims were not taken up in one week, for one reason; empty where it was erased."""

    monday: date
    reason: str
    many: int


def dismissals(*, since: datetime, claims: QuerySet[Claim] | None = None) -> list[Dismissals]:
    """Decisions not to take a claim up, of all claims or these; weeks begin on Monday, UTC.

    From the log, since a claim’s row says that it is dismissed, but not when, nor why, nor that
    it was taken up again.
    """
    narrowed, parameters = "", [since]
    if claims is not None:
        inner, asked = claims.values("pk").query.sql_with_params()
        narrowed, parameters = f"AND entry.claim IN ({inner})", [since, *asked]
    with connection.cursor() as cursor:
        cursor.execute(_DISMISSALS.format(narrowed=narrowed), parameters)
        return [Dismissals(monday, reason or "", many) for monday, reason, many in cursor]


def bodies(start: int, end: int) -> Iterator[bytes]:
    """The exact bytes of entries ``start … end-1``."""
    rows = LogEntry.objects.filter(seq__gte=start, seq__lt=end).order_by("seq")
    for body in rows.values_list("body", flat=True).iterator(chunk_size=1000):
        yield bytes(body)


def stored_subtree(node: merkle.Node) -> bytes:
    """The hash of one full subtree, as it was stored with the entry that completed it."""
    return bytes(LogNode.objects.values_list("hash", flat=True).get(pk=node))


def root(at_size: int) -> bytes:
    return merkle.root(at_size, stored_subtree)


def reveal(targets: list[tuple[int, str]]) -> list[dict[str, Any]]:
    """What proves some commitments to a subject or a court: seq, field, salt (hex), value."""
    shown = []
    for seq, field in targets:
        secret = Secret.objects.filter(pk=(seq, field)).first()
        if secret is not None:
            shown.append(
                {
                    "seq": seq,
                    "field": field,
                    "salt": bytes(secret.salt).hex(),
                    "value": secret.value,
                }
            )
    return shown
