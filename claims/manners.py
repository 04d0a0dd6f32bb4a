"""How the desk behaves towards hosts: under its own name, one request at a time, by robots.txt.

Places and rules are kept in the cache for all processes. When it is gone the pause alone is
kept: slower, but nobody is pressed.
"""

import hashlib
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from math import ceil
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from claims.jobs import Again, GaveUp, Later
from claims.web import client, robots
from claims.web.client import PAGE, USER_AGENT, Fetched, Limits
from claims.web.robots import Robots

# Other pages of a run wait for the place of a slow one.
IN_A_RUN = Limits(connect=5.0, silence=10.0, total=20.0)
# A second attempt has to be over in time: somebody waits for the whole run.
HURRIED = Limits(connect=5.0, silence=8.0, total=14.0)
PAUSE = 1
"""Seconds to leave a host alone after each request; a robots.txt may name up to thirty."""
# One request at a time to a host; a dead holder is let go after a minute.
_HOLD = 60
_LOOK_AGAIN = 0.1
_ROBOTS_KEPT = 3600
_GONE = (OSError, RedisError)


def fetch(url: str, *, limits: Limits = PAGE, pause: float = PAUSE) -> Fetched:
    """Ask for a page, as one polite visitor: one request per host at a time, with a pause.

    ``pause``: seconds its host wants after each request, as ``mind_robots`` says. Any status is
    an answer. Raises ``claims.web.errors.FetchError``, and Later where it is not our turn yet;
    nothing is stored.
    """
    turns = _Turns(pauses={(urlsplit(url).hostname or ""): pause})
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
def turn(who: str, *, pause: float = PAUSE, patience: float | None = None) -> Iterator[None]:
    """Hold the one place there is for asking *who* (a host, a provider), and pause after it.

    Waits ``patience`` seconds for it, or one more than the pause; raises Later where that is
    too short, and says when to come again.
    """
    key = _key(who)
    shared = _take(key, who, patience=pause + 1.0 if patience is None else patience)
    try:
        yield
    finally:
        _pause_after(key, pause, shared=shared)


@dataclass(frozen=True, slots=True)
class _Turns:
    """The turns of one visit. A host that leads on to itself is asked on in the same turn.

    Otherwise a page behind a redirect could never be had from a host that wants long pauses:
    each new turn would begin with the redirect.
    """

    pauses: dict[str, float]
    _asked: set[str] = field(default_factory=set)

    def __call__(self, host: str) -> AbstractContextManager[None]:
        pause = self.pauses.get(host, PAUSE)
        if host not in self._asked or pause <= PAUSE:
            self._asked.add(host)
            return turn(host, pause=pause, patience=PAUSE + 1.0)
        time.sleep(PAUSE)
        return nullcontext()


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
        _pause_after(_key(parts.hostname or ""), found.delay, shared=True)
    return found


def _take(key: str, who: str, *, patience: float) -> bool:
    """True once the place is ours; False where there is no cache to say so."""
    until = time.monotonic() + patience
    try:
        while not cache.add(key, 0.0, timeout=_HOLD):
            free_in = _free_in(key)
            if free_in > patience or time.monotonic() > until:
                raise Later(
                    "host_busy",
                    f"The desk is asking {who} already, or leaves it alone for a while.",
                    after=max(free_in, patience),
                )
            time.sleep(_LOOK_AGAIN)
    except _GONE:
        return False
    return True


def _free_in(key: str) -> float:
    """Seconds until a pause is over, by this machine's clock; 0 while somebody is asking."""
    known = cache.get(key)
    return float(known) - time.time() if known else 0.0


def _pause_after(key: str, pause: float, *, shared: bool) -> None:
    try:
        if shared:
            cache.set(key, time.time() + pause, timeout=ceil(pause))
            return
    except _GONE:
        pass
    time.sleep(min(pause, PAUSE))


def _key(who: str) -> str:
    return f"turn:{hashlib.sha256(who.encode()).hexdigest()[:32]}"
