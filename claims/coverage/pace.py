"""What a provider can be asked for: a budget a day, and a rest for one that keeps failing.

Kept in the cache: when that is gone nothing is counted, and the pause between two questions,
which needs no memory, still holds.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.core.cache import cache
from redis.exceptions import RedisError

from claims.jobs import Again, GaveUp

FAILURES = 5
REST = 300
_REMEMBERED = 600
_DAY = 24 * 3600
_GONE = (OSError, RedisError)


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
    with suppress(*_GONE):
        cache.delete(failures)


def spend(name: str, *, budget: int | None) -> None:
    """Count one request; raises GaveUp with code ``budget`` when the day's are used up."""
    if budget is None:
        return
    spent = f"budget:{name}"
    if (_number(spent) or 0) >= budget:
        raise GaveUp("budget", f"The {budget} requests of the day are used up.")
    _count(spent, seconds=_DAY)


def _number(key: str) -> int | None:
    with suppress(*_GONE):
        found = cache.get(key)
        return int(found) if found is not None else None
    return None


def _count(key: str, *, seconds: int) -> None:
    with suppress(*_GONE):
        if not cache.add(key, 1, timeout=seconds):
            with suppress(ValueError):
                cache.incr(key)
