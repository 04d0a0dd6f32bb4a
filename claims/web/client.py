"""The one way out: asks a checked address, and nothing else, for a page or an answer.

Only this module may import an HTTP library. Every hop is checked by ``claims.web.guard`` before
it is made, and the connection goes to the address that was checked. Neither proxies nor
credentials are taken from the environment, no cookies are kept, and nothing is sent twice.
"""

import hashlib
import http.client
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.ssl_ import create_urllib3_context

from claims.web import guard
from claims.web.errors import FetchError, Refused
from claims.web.guard import Policy, Resolve, Target, system_resolver
from claims.web.unpack import Unpacker

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

USER_AGENT = "FactcheckDesk/0.1 (newsroom fact-checking; reads a page when a person asks about it)"

Turn = Callable[[str], AbstractContextManager[object]]
"""Waits until *host* may be asked again and holds its place while it is."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PIECE = 1 << 15
_WAYS = frozenset({"", "chunked", "identity"})
_NO_BODY = frozenset({204, 304})
_LONGEST_WAIT = 7 * 24 * 3600


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


@dataclass(frozen=True, slots=True)
class Seen:
    """What an earlier answer said to send along, so that an unchanged page need not come again."""

    etag: str = ""
    last_modified: str = ""

    def headers(self) -> dict[str, str]:
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Hop:
    """One request on the way: what was asked, of whom, and what came back."""

    url: str
    status: int
    location: str
    remote_address: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer, whatever its status. ``body`` is unpacked, ``sha256`` is of that body (hex).

    ``headers`` are those of the last hop, as they came, in order. ``hops`` holds every request,
    the last one included. ``retry_after`` is in seconds, None when the answer does not say.
    """

    asked: str
    final: str
    status: int
    headers: tuple[tuple[str, str], ...]
    media_type: str
    charset: str
    body: bytes
    sha256: str
    hops: tuple[Hop, ...]
    started: datetime
    ended: datetime
    remote_address: str
    retry_after: int | None
    request_headers: tuple[tuple[str, str], ...] = ()

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004

    @property
    def not_modified(self) -> bool:
        return self.status == http.client.NOT_MODIFIED

    @property
    def seen(self) -> Seen:
        """What to send along the next time."""
        return Seen(etag=self.header("etag"), last_modified=self.header("last-modified"))

    def header(self, name: str) -> str:
        """The values of one header, joined as HTTP allows; empty when absent."""
        return _header(self.headers, name)


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


def retry_after(value: str, *, now: datetime) -> int | None:
    """Seconds from a Retry-After header in either of its forms; None when it says nothing.

    Never negative and never more than a week: a server cannot park us for ever.
    """
    value = value.strip()
    if re.fullmatch(r"[0-9]+", value):
        # Nine digits are years already; more of them would not even be read as a number.
        return min(int(value.lstrip("0")[:9] or 0), _LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(int((until - now).total_seconds()), 0), _LONGEST_WAIT)


class _Clock:
    """What is left of the total time, without what was spent waiting for a turn."""

    def __init__(self, total: float) -> None:
        self.end = time.monotonic() + total

    def left(self, most: float) -> float:
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(left, most)

    def pause(self, seconds: float) -> None:
        self.end += seconds


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
        clock = _Clock(self.limits.total)
        hops: list[Hop] = []
        target = self._check(url)
        origin = (target.scheme, target.authority)
        while True:
            own = (target.scheme, target.authority) == origin
            sent = self._headers(target, private if own else {})
            answer = self._ask(target, sent, clock=clock, method=method, body=body)
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
        clock: _Clock,
        method: str,
        body: bytes,
    ) -> _Answer:
        waited_from = time.monotonic()
        with self.turn(target.host):
            clock.pause(time.monotonic() - waited_from)
            with _plain_words(target.host):
                connection = _connect(target, clock, self)
                try:
                    connection.request(
                        method,
                        target.path,
                        body=body or None,
                        headers=headers,
                        preload_content=False,
                        decode_content=False,
                    )
                    return self._answer(connection, headers)
                finally:
                    connection.close()

    def _answer(
        self, connection: "_Connection | _SafeConnection", sent: Mapping[str, str]
    ) -> _Answer:
        with closing(connection.getresponse()) as response:
            headers = tuple((name, _utf8(value)) for name, value in response.headers.iteritems())
            if sum(len(name) + len(value) for name, value in headers) > self.limits.headers:
                raise FetchError("too_large", "The answer carries more headers than a page needs.")
            empty = response.status in _NO_BODY or _is_redirect(response.status, headers)
            body = b"" if empty else self._body(response, headers)
            return _Answer(response.status, headers, body, connection.peer, tuple(sent.items()))

    def _body(
        self, response: urllib3.BaseHTTPResponse, headers: tuple[tuple[str, str], ...]
    ) -> bytes:
        said = _header(headers, "content-length")
        if said.isdigit() and int(said[:18]) > self.limits.packed:
            raise _too_large(self.limits.packed)
        if _header(headers, "transfer-encoding").strip().lower() not in _WAYS:
            raise FetchError("encoding", "The page came in a way that nobody asked for.")
        codings = _header(headers, "content-encoding").lower().replace(" ", "").split(",")
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


class _Timed:
    """A socket whose every read ends with the whole fetch, however slowly the bytes drip."""

    clock: _Clock
    silence: float


class _TimedSocket(_Timed, socket.socket):
    def recv_into(self, buffer: "WriteableBuffer", nbytes: int = 0, flags: int = 0) -> int:
        self.settimeout(self.clock.left(self.silence))
        return super().recv_into(buffer, nbytes, flags)


class _TimedTLS(_Timed, ssl.SSLSocket):
    def recv_into(
        self, buffer: "WriteableBuffer", nbytes: int | None = None, flags: int = 0
    ) -> int:
        self.settimeout(self.clock.left(self.silence))
        return super().recv_into(buffer, nbytes, flags)


class _Checked:
    """Connects to the checked addresses alone, in their order, and looks who answered."""

    sockets: tuple[tuple[str, int], ...]
    clock: _Clock
    limits: Limits
    peer: str

    def _new_conn(self) -> socket.socket:
        failure: OSError = OSError("no address")
        for address, port in self.sockets:
            try:
                return self._open(address, port)
            except OSError as error:
                failure = error
        raise failure

    def _open(self, address: str, port: int) -> socket.socket:
        version = ipaddress.ip_address(address).version
        family = socket.AF_INET6 if version == 6 else socket.AF_INET  # noqa: PLR2004
        opened = _TimedSocket(family, socket.SOCK_STREAM)
        try:
            opened.clock, opened.silence = self.clock, self.limits.silence
            opened.settimeout(self.clock.left(self.limits.connect))
            opened.connect((address, port))
            _same(address, opened.getpeername()[0])
            opened.settimeout(self.clock.left(self.limits.silence))
        except BaseException:
            opened.close()
            raise
        self.peer = address
        return opened


class _Final(http.client.HTTPResponse):
    """The answer itself: what a server says in advance (1xx) is passed over."""

    def begin(self) -> None:
        super().begin()
        while self.status < http.client.OK:
            if self.status == http.client.SWITCHING_PROTOCOLS:
                raise http.client.BadStatusLine("another protocol, for which nobody asked")
            vars(self)["headers"] = None  # What makes the library read on.
            super().begin()


class _Connection(_Checked, HTTPConnection):
    """To a page on http."""

    response_class = _Final


class _SafeConnection(_Checked, HTTPSConnection):
    """To a page on https: the certificate has to be the name's, not the address's."""

    response_class = _Final

    def connect(self) -> None:
        super().connect()
        if isinstance(self.sock, _TimedTLS):
            self.sock.clock, self.sock.silence = self.clock, self.limits.silence


def _same(checked: str, reached: str) -> None:
    if ipaddress.ip_address(reached) != ipaddress.ip_address(checked):
        raise Refused("peer")


def _connect(target: Target, clock: _Clock, trip: _Trip) -> _Connection | _SafeConnection:
    address, port = target.sockets[0]
    connection: _Connection | _SafeConnection
    if target.scheme == "https":
        connection = _SafeConnection(
            address,
            port,
            server_hostname=target.host,
            ssl_context=_trusted(trip.policy.certificate if trip.policy else ""),
        )
    else:
        connection = _Connection(address, port)
    connection.sockets = target.sockets
    connection.clock, connection.limits = clock, trip.limits
    try:
        connection.timeout = clock.left(trip.limits.silence)
        connection.connect()
    except BaseException:
        connection.close()
        raise
    return connection


@lru_cache(maxsize=8)
def _trusted(certificate: str) -> ssl.SSLContext:
    # Reading the system's certificates takes longer than most fetches: once per process.
    context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
    context.check_hostname = True
    context.load_default_certs()
    if certificate:
        context.load_verify_locations(certificate)
    context.sslsocket_class = _TimedTLS
    return context


@contextmanager
def _plain_words(host: str) -> Iterator[None]:
    """Turns what a socket or a library says into what a person may read."""
    try:
        yield
    except (OSError, ValueError, http.client.HTTPException, urllib3.exceptions.HTTPError) as error:
        raise _in_words(error, host) from error


def _in_words(error: Exception, host: str) -> FetchError:
    if isinstance(error, TimeoutError | urllib3.exceptions.TimeoutError):
        return FetchError("timeout", f"{host} took too long to answer.")
    if isinstance(error, ssl.SSLError | urllib3.exceptions.SSLError):
        return FetchError("tls", f"{host} has no valid certificate for its name.")
    if isinstance(error, http.client.IncompleteRead | urllib3.exceptions.IncompleteRead):
        return FetchError("cut", f"{host} broke off in the middle of the page.")
    if isinstance(error, urllib3.exceptions.ProtocolError):
        return _broken_off(error, host)
    if isinstance(error, OSError) and not isinstance(error, http.client.RemoteDisconnected):
        return FetchError("unreachable", f"{host} cannot be reached.")
    return FetchError("protocol", f"{host} did not answer as a web server does.")


def _broken_off(error: urllib3.exceptions.ProtocolError, host: str) -> FetchError:
    causes = [error.__cause__, error.__context__, *error.args]
    if any(isinstance(cause, TimeoutError) for cause in causes):
        return FetchError("timeout", f"{host} took too long to answer.")
    return FetchError("cut", f"{host} broke off in the middle of the page.")


def _fetched(
    asked: str, target: Target, answer: _Answer, *, hops: list[Hop], started: datetime
) -> Fetched:
    ended = datetime.now(UTC)
    media_type, charset = content_type(_header(answer.headers, "content-type"))
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
        retry_after=retry_after(_header(answer.headers, "retry-after"), now=ended),
        request_headers=answer.request_headers,
    )


def content_type(value: str) -> tuple[str, str]:
    """Media type and charset, in lower case; empty where the header does not say."""
    media_type, *parameters = value.split(";")
    charset = ""
    for parameter in parameters:
        name, _, given = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = given.strip().strip("\"'").lower()[:40]
    media_type = media_type.strip().lower()
    return (media_type if re.fullmatch(r"[\w.+*-]+/[\w.+*-]+", media_type) else "", charset)


def _header(headers: tuple[tuple[str, str], ...], name: str) -> str:
    return ", ".join(value for key, value in headers if key.lower() == name)


def _is_redirect(status: int, headers: tuple[tuple[str, str], ...]) -> bool:
    return status in _REDIRECTS and bool(_header(headers, "location").strip())


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
