"""How the desk behaves towards hosts: under its own name, one request at a time, by robots.txt.

Whose turn it is stands in a row for all processes, by the clock of the database, so that nobody
is pressed when the cache is gone or emptied. The rules of hosts are in the cache: without it they
are asked for again.
"""

import hashlib
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError
from redis.exceptions import RedisError

from claims.jobs import Again, GaveUp, Later
from claims.statements import Statement
from claims.web import client, robots
from claims.web.client import PAGE, USER_AGENT, Limits
from claims.web.fetched import Fetched
from claims.web.robots import Robots

# Other pages of a run wait for the place of a slow one.
IN_A_RUN = Limits(connect=5.0, silence=10.0, total=20.0)
# A second attempt has to be over in time: somebody waits for the whole run.
HURRIED = Limits(connect=5.0, silence=8.0, total=14.0)
PAUSE = 1
"""Seconds to leave a host alone after each request; a robots.txt may name up to thirty."""
# A holder that died is let go when even the longest visit would be over; others hold for longer.
_HOLD = 60.0
_SLACK = 2.0
_LOOK_AGAIN = 0.1
_ROBOTS_KEPT = 3600
_GONE = (OSError, RedisError)

# A row says all about a place. What is further ahead than any hold or pause comes from a clock
# that was set back. Losing the last moments of these in a crash of the database is no harm, so
# nobody waits until they are on disk.
_TAKE = Statement("""
INSERT INTO claims_turn AS turn (key, holder, until)
SELECT %(key)s::text, %(holder)s::uuid,
  statement_timestamp() + %(hold)s::float8 * interval '1 second'
WHERE set_config('synchronous_commit', 'off', true) = 'off'
ON CONFLICT (key) DO UPDATE SET holder = excluded.holder, until = excluded.until
WHERE turn.until <= statement_timestamp()
  OR turn.until > statement_timestamp() + interval '5 minutes'
  OR (%(own_pause)s::boolean AND turn.holder IS NULL)
RETURNING 1
""")
_STANDS = Statement("""
SELECT holder IS NULL, extract(epoch FROM until - statement_timestamp())::float8
FROM claims_turn WHERE key = %(key)s::text
""")
_LEAVE = Statement("""
UPDATE claims_turn SET holder = NULL,
  until = statement_timestamp() + %(pause)s::float8 * interval '1 second'
WHERE key = %(key)s::text AND holder = %(holder)s::uuid
  AND set_config('synchronous_commit', 'off', true) = 'off'
RETURNING 1
""")
_LEAVE_ALONE = Statement("""
UPDATE claims_turn
SET until = greatest(until, statement_timestamp() + %(pause)s::float8 * interval '1 second')
WHERE key = %(key)s::text AND holder IS NULL
RETURNING 1
""")
_FORGET = Statement("""
WITH gone AS (
  DELETE FROM claims_turn WHERE until < statement_timestamp() - interval '1 hour' RETURNING 1
) SELECT count(*) FROM gone
""")


def fetch(url: str, *, limits: Limits = PAGE, pause: float = PAUSE) -> Fetched:
    """Ask for a page, as one polite visitor: one request per host at a time, with a pause.

    ``pause``: seconds its host wants after each request, as ``mind_robots`` says. Any status is
    an answer. Raises ``claims.web.errors.FetchError``, and Later where it is not our turn yet;
    nothing is stored.
    """
    turns = _Turns({(urlsplit(url).hostname or ""): pause}, hold=limits.total + _SLACK)
    return client.fetch(url, limits=limits, turn=turns, user_agent=user_agent())


def user_agent() -> str:
    """Who we say we are: the desk, and how to reach it where the settings tell."""
    return f"{USER_AGENT} {settings.CONTACT}".strip()


def mind_robots(url: str, *, until: datetime | None = None, by_hand: bool = False) -> float:
    """Whether a page may be asked for; the seconds its host wants to be left alone after it.

    Raises GaveUp where machines may not read it, and Again where the host cannot say.
    """
    rules = _robots(url, by_hand=by_hand)
    if rules.allows(url, user_agent=user_agent(), by_hand=by_hand):
        return max(rules.delay, PAUSE)
    if rules.silent:
        raise Again("robots", "The site cannot say now what machines may read.", until=until)
    raise GaveUp(
        "robots", "The site asks machines not to read this page. Save it yourself and upload it."
    )


@contextmanager
def turn(
    who: str,
    *,
    pause: float = PAUSE,
    patience: float | None = None,
    hold: float = _HOLD,
    own_pause: bool = False,
) -> Iterator[None]:
    """Hold the one place there is for asking *who* (a host, a provider), and pause after it.

    Waits ``patience`` seconds for it, or one more than the pause; raises Later where that is
    too short, and says when to come again. It is held for ``hold`` seconds at most, whatever
    becomes of who holds it. ``own_pause``: the pause that goes on is the caller's own.
    """
    key, holder = _key(who), str(uuid4())
    patience = pause + 1.0 if patience is None else patience
    until = time.monotonic() + patience
    while _TAKE.row(key=key, holder=holder, hold=hold, own_pause=own_pause) is None:
        free_in = _free_in(key)
        if free_in > patience or time.monotonic() > until:
            raise Later(
                "host_busy",
                f"The desk is asking {who} already, or leaves it alone for a while.",
                after=max(free_in, patience),
            )
        time.sleep(_LOOK_AGAIN)
    try:
        yield
    finally:
        # Without a database it is free when the hold is over.
        with suppress(DatabaseError, InterfaceError):
            _LEAVE.row(key=key, holder=holder, pause=float(pause))


def forget() -> int:
    """Drop the places of those whom nobody has asked for an hour. How many."""
    gone = _FORGET.row()
    return int(gone[0]) if gone else 0


@dataclass(frozen=True, slots=True)
class _Turns:
    """The turns of one visit. A host that leads on to itself is asked on in the same turn.

    Otherwise a page behind a redirect could never be had from a host that wants long pauses:
    each new turn would begin with the redirect.
    """

    pauses: dict[str, float]
    hold: float
    _asked: set[str] = field(default_factory=set)

    def __call__(self, host: str) -> AbstractContextManager[None]:
        pause = self.pauses.get(host, PAUSE)
        take = partial(turn, host, pause=pause, patience=PAUSE + 1.0, hold=self.hold)
        if host not in self._asked or pause <= PAUSE:
            self._asked.add(host)
            return take()
        time.sleep(PAUSE)
        return take(own_pause=True)


def _robots(url: str, *, by_hand: bool) -> Robots:
    """The rules of the page's host, remembered for an hour where there is a cache."""
    parts = urlsplit(url)
    host = f"{parts.scheme}://{parts.netloc}".lower()
    key = f"robots:{hashlib.sha256(host.encode()).hexdigest()[:32]}"
    with suppress(*_GONE):
        known = cache.get(key)
        if known is not None:
            return robots.parse(known, user_agent())
    found = robots.robots_of(url, get=partial(fetch, limits=HURRIED), user_agent=user_agent())
    if not found.silent:
        with suppress(*_GONE):
            cache.set(key, found.text, _ROBOTS_KEPT)
    if found.delay > PAUSE and not by_hand:
        # The rules were the first request and the page is the second; a person may have it now.
        _LEAVE_ALONE.row(key=_key(parts.hostname or ""), pause=found.delay)
    return found


def _free_in(key: str) -> float:
    """Seconds until a pause is over; 0 while somebody asks, since nobody knows for how long."""
    stands = _STANDS.row(key=key)
    paused, ends = stands if stands is not None else (True, 0.0)
    return max(float(ends), 0.0) if paused else 0.0


def _key(who: str) -> str:
    return hashlib.sha256(who.encode()).hexdigest()
