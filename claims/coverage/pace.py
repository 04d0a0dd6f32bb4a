"""What a provider can be asked for: a budget a day, and a rest for whoever keeps failing.

Kept in the cache: when that is gone nothing is counted, and the pause between two questions,
which needs no memory, still holds.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.core.cache import cache
from redis.exceptions import RedisError

from claims.jobs import Again, GaveUp
from claims.models import CoverageRun
from claims.web.address import try_parse

FAILURES = 5
REST = 300
_REMEMBERED = 600
_DAY = 24 * 3600
_GONE = (OSError, RedisError)
# The machine's resolver or disk is out of order: that is nobody's host.
_OURS = frozenset({"dns", "storage"})


@contextmanager
def minded(name: str) -> Iterator[None]:
    """Refuse at once while the provider rests, and count how asking it ends.

    After five failures in a row that asking again might mend, it is left alone for five
    minutes, whichever claim wants it: GaveUp with code ``resting``.
    """
    failures = f"failures:{name}"
    if (_number(failures) or 0) >= FAILURES:
        raise GaveUp(
            "resting", f"It failed {FAILURES} times in a row and is left alone for five minutes."
        )
    try:
        yield
    except Again:
        _count(failures, seconds=_REMEMBERED)
        if (_number(failures) or 0) >= FAILURES:
            with suppress(*_GONE):
                cache.touch(failures, REST)
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
    began = int(run.deadline.timestamp()) if run.deadline is not None else 0
    failures = f"failures:{run.pk}:{began}:{hashlib.sha256(host.encode()).hexdigest()[:32]}"
    if (_number(failures) or 0) >= FAILURES:
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
    # Counted first and looked at afterwards: several workers ask at once.
    if _count(f"budget:{name}", seconds=_DAY) > budget:
        raise GaveUp("budget", f"The {budget} requests of the day are used up.")


def _number(key: str) -> int | None:
    with suppress(*_GONE):
        found = cache.get(key)
        return int(found) if found is not None else None
    return None


def _forget(key: str) -> None:
    with suppress(*_GONE):
        cache.delete(key)


def _count(key: str, *, seconds: int) -> int:
    """How many there are with this one; 0 where nothing is counted."""
    with suppress(*_GONE):
        if cache.add(key, 1, timeout=seconds):
            return 1
        with suppress(ValueError):
            return int(cache.incr(key))
    return 0
