"""What a provider can be asked for: a budget a day, and a rest for whoever keeps failing.

Counted in rows, by the clock of the database: a day’s budget is not spent twice because the cache
was emptied or the desk started anew.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models.functions import Now

from claims.jobs import Again, GaveUp
from claims.models import CoverageRun, Tally
from claims.statements import Statement
from claims.web.address import try_parse

FAILURES = 5
REST = 300
_REMEMBERED = 600
_DAY = 24 * 3600
# The machine's resolver or disk is out of order: that is nobody's host.
_OURS = frozenset({"dns", "storage"})

# What ends later than a count can comes from a clock that was set back.
_COUNT = Statement("""
INSERT INTO claims_tally AS tally (key, count, until)
SELECT %(key)s::text, 1, statement_timestamp() + %(seconds)s::float8 * interval '1 second'
WHERE %(most)s::integer > 0
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN tally.until > statement_timestamp()
      AND tally.until < statement_timestamp() + interval '2 days'
    THEN tally.count + 1 ELSE 1 END,
  until = CASE WHEN tally.until > statement_timestamp()
      AND tally.until < statement_timestamp() + interval '2 days'
    THEN tally.until ELSE excluded.until END
WHERE tally.count < %(most)s::integer OR NOT (tally.until > statement_timestamp()
  AND tally.until < statement_timestamp() + interval '2 days')
RETURNING count
""")
_COUNTED = Statement("""
SELECT count FROM claims_tally WHERE key = %(key)s::text AND until > statement_timestamp()
  AND until < statement_timestamp() + interval '2 days'
""")
_REST = Statement("""
UPDATE claims_tally SET until = statement_timestamp() + %(seconds)s::float8 * interval '1 second'
WHERE key = %(key)s::text RETURNING 1
""")
_DROP = Statement("DELETE FROM claims_tally WHERE key = %(key)s::text RETURNING 1")
_NO_LIMIT = 1_000_000


@contextmanager
def minded(name: str) -> Iterator[None]:
    """Refuse at once while the provider rests, and count how asking it ends.

    After five failures in a row that asking again might mend, it is left alone for five
    minutes, whichever claim wants it: GaveUp with code ``resting``.
    """
    failures = f"failures:{name}"
    if _counted(failures) >= FAILURES:
        raise GaveUp(
            "resting", f"It failed {FAILURES} times in a row and is left alone for five minutes."
        )
    try:
        yield
    except Again:
        if _count(failures, seconds=_REMEMBERED) >= FAILURES:
            _REST.row(key=failures, seconds=float(REST))
        raise
    _forget(failures)


@contextmanager
def answering(run: CoverageRun, url: str) -> Iterator[None]:
    """Refuse at once while the host of *url* is left alone in this run, and count how it ends.

    After five failures in a row that asking again might mend, its other pages are not asked for
    any more: GaveUp with code ``host_down``. Doing again what failed begins to count anew.
    """
    address = try_parse(url)
    host = address.host if address is not None else url
    began = run.deadline.timestamp() if run.deadline is not None else 0
    failures = f"failures:{run.pk}:{began}:{hashlib.sha256(host.encode()).hexdigest()[:32]}"
    if _counted(failures) >= FAILURES:
        said = f"{host} failed {FAILURES} times in a row during this look"
        raise GaveUp("host_down", f"{said}, so this was not asked for.")
    try:
        yield
    except Again as error:
        if error.code not in _OURS:
            _count(failures, seconds=_REMEMBERED)
        raise
    except GaveUp:  # It said something, and be it no.
        _forget(failures)
        raise
    _forget(failures)


def spend(name: str, *, budget: int | None) -> None:
    """Count one request; raises GaveUp with code ``budget`` when the day's are used up."""
    if budget is None:
        return
    if not _count(f"budget:{name}", seconds=_DAY, most=budget):
        raise GaveUp("budget", f"The {budget} requests of the day are used up.")


def forget() -> int:
    """Drop what was counted to its end. How many."""
    return Tally.objects.filter(until__lt=Now()).delete()[0]


def _counted(key: str) -> int:
    row = _COUNTED.row(key=key)
    return int(row[0]) if row else 0


def _forget(key: str) -> None:
    _DROP.row(key=key)


def _count(key: str, *, seconds: float, most: int = _NO_LIMIT) -> int:
    """Count one more and say how many; 0 where that would be more than ``most``."""
    row = _COUNT.row(key=key, seconds=float(seconds), most=most)
    return int(row[0]) if row else 0
