"""The one way out: asks a checked address, and nothing else, for a page or an answer.

Every hop is checked by ``claims.web.guard`` before it is made, and ``claims.web.connection`` goes
to the address that was checked. Neither proxies nor credentials are taken from the environment,
no cookies are kept, and nothing is sent twice.
"""

import hashlib
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin

from claims.web import guard
from claims.web.connection import Connection, Deadline, Response, connected
from claims.web.errors import FetchError, Refused
from claims.web.fetched import Fetched, Hop, Seen, content_type, header, retry_after
from claims.web.guard import Policy, Resolve, Target, system_resolver
from claims.web.unpack import Unpacker

USER_AGENT = "FactcheckDesk/0.1 (newsroom fact-checking; reads a page when a person asks about it)"

Turn = Callable[[str], AbstractContextManager[object]]
"""Waits until *host* may be asked again and holds its place while it is."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PIECE = 1 << 15
_WAYS = frozenset({"", "chunked", "identity"})
_NO_BODY = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes. ``total`` spans all hops, without the time spent waiting for a turn."""

    connect: float = 8.0
    silence: float = 15.0
    total: float = 40.0
    packed: int = 16 << 20
    unpacked: int = 32 << 20
    headers: int = 64 << 10
    redirects: int = 8


PAGE = Limits()
HOOK = Limits(connect=5.0, silence=5.0, total=5.0, packed=64 << 10, unpacked=64 << 10, redirects=0)


def fetch(
    url: str,
    *,
    policy: Policy | None = None,
    limits: Limits = PAGE,
    headers: Mapping[str, str] | None = None,
    seen: Seen | None = None,
    user_agent: str = USER_AGENT,
    turn: Turn = nullcontext,
    resolve: Resolve = system_resolver,
) -> Fetched:
    """GET *url*, following redirects, each checked anew.

    ``headers`` go to the host that was asked and to no other. Any status is an answer; what is
    none raises ``FetchError`` with one of these codes: ``address_refused``, ``dns``,
    ``unreachable``, ``tls``, ``timeout``, ``too_large``, ``cut``, ``encoding``, ``protocol``,
    ``redirect_loop``, ``too_many_redirects``, ``bad_redirect``.
    """
    sent = dict(headers or {}) | (seen.headers() if seen else {})
    trip = _Trip(limits=limits, policy=policy, turn=turn, resolve=resolve, user_agent=user_agent)
    return trip.follow(url, private=sent)


def send(
    url: str,
    body: bytes,
    *,
    headers: Mapping[str, str],
    policy: Policy | None = None,
    limits: Limits = HOOK,
    user_agent: str = USER_AGENT,
    resolve: Resolve = system_resolver,
) -> Fetched:
    """POST *body* to *url*, through the same guard. Redirects are not followed, only reported."""
    trip = _Trip(
        limits=limits, policy=policy, turn=nullcontext, resolve=resolve, user_agent=user_agent
    )
    return trip.follow(url, private=dict(headers), method="POST", body=body)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    remote_address: str
    request_headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Trip:
    limits: Limits
    policy: Policy | None
    turn: Turn
    resolve: Resolve
    user_agent: str

    def follow(
        self, url: str, *, private: Mapping[str, str], method: str = "GET", body: bytes = b""
    ) -> Fetched:
        started = datetime.now(UTC)
        deadline = Deadline(self.limits.total)
        hops: list[Hop] = []
        target = self._check(url)
        origin = (target.scheme, target.authority)
        while True:
            own = (target.scheme, target.authority) == origin
            sent = self._headers(target, private if own else {})
            answer = self._ask(target, sent, deadline=deadline, method=method, body=body)
            location = _location(answer) if method == "GET" else ""
            hops.append(Hop(target.url, answer.status, location, answer.remote_address))
            if not location:
                return _fetched(url, target, answer, hops=hops, started=started)
            target = self._next(target, location, hops)

    def _check(self, url: str) -> Target:
        return guard.check(url, resolve=self.resolve, policy=self.policy)

    def _next(self, target: Target, location: str, hops: list[Hop]) -> Target:
        if len(hops) > self.limits.redirects:
            raise FetchError("too_many_redirects", "The address leads from one page to the next.")
        if guard.TRICKS.search(location):  # Joining would quietly drop some of them.
            raise Refused("characters")
        try:
            following = urljoin(target.url, location)
        except ValueError as error:
            raise FetchError("bad_redirect", "The address leads to one that is none.") from error
        checked = self._check(following)
        if any(hop.url == checked.url for hop in hops):
            raise FetchError("redirect_loop", "The address leads in a circle.")
        return checked

    def _headers(self, target: Target, private: Mapping[str, str]) -> dict[str, str]:
        return {
            "Host": target.authority,
            "User-Agent": self.user_agent,
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
            "Accept-Encoding": "gzip, deflate",
            "Connection": "close",
            **private,
        }

    def _ask(
        self,
        target: Target,
        headers: Mapping[str, str],
        *,
        deadline: Deadline,
        method: str,
        body: bytes,
    ) -> _Answer:
        waited_from = time.monotonic()
        with self.turn(target.host):
            deadline.extend(time.monotonic() - waited_from)
            certificate = self.policy.certificate if self.policy else ""
            with connected(target, deadline, self.limits, certificate=certificate) as connection:
                connection.request(
                    method,
                    target.path,
                    body=body or None,
                    headers=headers,
                    preload_content=False,
                    decode_content=False,
                )
                return self._answer(connection, headers)

    def _answer(self, connection: Connection, sent: Mapping[str, str]) -> _Answer:
        with closing(connection.getresponse()) as response:
            headers = tuple((name, _utf8(value)) for name, value in response.headers.iteritems())
            if sum(len(name) + len(value) for name, value in headers) > self.limits.headers:
                raise FetchError("too_large", "The answer carries more headers than a page needs.")
            empty = response.status in _NO_BODY or _is_redirect(response.status, headers)
            body = b"" if empty else self._body(response, headers)
            return _Answer(response.status, headers, body, connection.peer, tuple(sent.items()))

    def _body(self, response: Response, headers: tuple[tuple[str, str], ...]) -> bytes:
        said = header(headers, "content-length")
        if said.isdigit() and int(said[:18]) > self.limits.packed:
            raise _too_large(self.limits.packed)
        if header(headers, "transfer-encoding").strip().lower() not in _WAYS:
            raise FetchError("encoding", "The page came in a way that nobody asked for.")
        codings = header(headers, "content-encoding").lower().replace(" ", "").split(",")
        unpacker = Unpacker(codings, limit=self.limits.unpacked)
        pieces: list[bytes] = []
        came = 0
        while piece := response.read(_PIECE, decode_content=False):
            came += len(piece)
            if came > self.limits.packed:
                raise _too_large(self.limits.packed)
            pieces.append(unpacker.feed(piece))
        unpacker.finish()
        return b"".join(pieces)


def _fetched(
    asked: str, target: Target, answer: _Answer, *, hops: list[Hop], started: datetime
) -> Fetched:
    ended = datetime.now(UTC)
    media_type, charset = content_type(header(answer.headers, "content-type"))
    return Fetched(
        asked=asked,
        final=target.url,
        status=answer.status,
        headers=answer.headers,
        media_type=media_type,
        charset=charset,
        body=answer.body,
        sha256=hashlib.sha256(answer.body).hexdigest(),
        hops=tuple(hops),
        started=started,
        ended=ended,
        remote_address=answer.remote_address,
        retry_after=retry_after(header(answer.headers, "retry-after"), now=ended),
        request_headers=answer.request_headers,
    )


def _is_redirect(status: int, headers: tuple[tuple[str, str], ...]) -> bool:
    return status in _REDIRECTS and bool(header(headers, "location").strip())


def _location(answer: _Answer) -> str:
    if not _is_redirect(answer.status, answer.headers):
        return ""
    first = next(value for key, value in answer.headers if key.lower() == "location")
    # Servers put raw spaces into addresses; a tab or a line end is a trick and stays one.
    return first.strip(" ").replace(" ", "%20")


def _utf8(value: str) -> str:
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def _too_large(limit: int) -> FetchError:
    return FetchError("too_large", f"The page is larger than {limit // 1024:,} KiB.")
