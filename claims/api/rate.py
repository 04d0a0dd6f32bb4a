"""How often one caller may ask: so many requests a minute, counted in the cache."""

import time
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from redis import Redis
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

WINDOW = 60


class PerCaller(BaseThrottle):
    """A fixed window of a minute for each token, or person at the desk.

    Where the cache is gone everybody is let through: the limit protects the desk from haste, the
    locks and rules do not rest on it.
    """

    remaining: int | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        self.limit: int = settings.API_REQUESTS_PER_MINUTE
        self.now = time.time()
        key = f"desk:rate:{_caller(request)}:{int(self.now // WINDOW)}"
        try:
            count = _count(key)
        except (RedisError, OSError):
            return True
        self.remaining = max(0, self.limit - count)
        return bool(count <= self.limit)

    def wait(self) -> float:
        """Seconds until the next window."""
        return WINDOW - self.now % WINDOW

    def mark(self, response: HttpResponseBase) -> None:
        """Say in the answer how much is left."""
        if self.remaining is not None:
            response.headers["RateLimit-Limit"] = str(self.limit)
            response.headers["RateLimit-Remaining"] = str(self.remaining)
            response.headers["RateLimit-Reset"] = str(int(self.wait()) + 1)


def _count(key: str) -> int:
    """One command a request: Django’s cache would send two, by a client made for each."""
    client = _client()
    count = int(client.incr(key))
    if count == 1:
        client.expire(key, 2 * WINDOW)
    return count


@cache
def _client() -> Redis:
    where: dict[str, Any] = settings.CACHES["default"]
    return Redis.from_url(where["LOCATION"], **where["OPTIONS"])


def _caller(request: Request) -> str:
    if request.auth is not None:
        return f"token:{request.auth.pk}"
    return f"person:{request.user.pk}"
