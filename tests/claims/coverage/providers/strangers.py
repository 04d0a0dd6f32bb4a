"""A stand-in for the guarded client that gives the answers of strangers, one after the other."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from claims.web.errors import FetchError
from claims.web.fetched import Fetched

Reply = bytes | Fetched | FetchError


def answer(
    body: bytes | str, *, status: int = 200, retry_after: int | None = None, charset: str = ""
) -> Fetched:
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    now = datetime.now(UTC)
    return Fetched(
        asked="",
        final="",
        status=status,
        headers=(),
        media_type="",
        charset=charset,
        body=data,
        sha256=hashlib.sha256(data).hexdigest(),
        hops=(),
        started=now,
        ended=now,
        remote_address="192.0.2.1",
        retry_after=retry_after,
    )


@dataclass
class Strangers:
    """Answers every request with the next of ``replies``, the last one again and again."""

    replies: list[Reply]
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def __call__(self, url: str, /, *, headers: Mapping[str, str] | None = None) -> Fetched:
        self.asked.append((url, headers or {}))
        reply = self.replies[min(len(self.asked), len(self.replies)) - 1]
        if isinstance(reply, FetchError):
            raise reply
        return reply if isinstance(reply, Fetched) else answer(reply)
