"""Connects to the addresses that were checked, and reads no longer than there is time.

Only this module may import an HTTP library.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.ssl_ import create_urllib3_context

from claims.web.errors import FetchError, Refused
from claims.web.guard import Target

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Response = urllib3.BaseHTTPResponse
"""What a ``Connection`` answers with."""


class Timeouts(Protocol):
    """Seconds: until there is a connection, and between two pieces of an answer."""

    @property
    def connect(self) -> float: ...
    @property
    def silence(self) -> float: ...


class Deadline:
    """When the whole fetch has to be over; raises TimeoutError from then on."""

    def __init__(self, total: float) -> None:
        self.end = time.monotonic() + total

    def left(self, most: float) -> float:
        """Seconds until then, no more than *most*."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(left, most)

    def extend(self, seconds: float) -> None:
        self.end += seconds


class _Timed:
    """A socket whose every read ends with the whole fetch, however slowly the bytes drip."""

    deadline: Deadline
    silence: float


class _TimedSocket(_Timed, socket.socket):
    def recv_into(self, buffer: "WriteableBuffer", nbytes: int = 0, flags: int = 0) -> int:
        self.settimeout(self.deadline.left(self.silence))
        return super().recv_into(buffer, nbytes, flags)


class _TimedTLS(_Timed, ssl.SSLSocket):
    def recv_into(
        self, buffer: "WriteableBuffer", nbytes: int | None = None, flags: int = 0
    ) -> int:
        self.settimeout(self.deadline.left(self.silence))
        return super().recv_into(buffer, nbytes, flags)


class _Checked:
    """Connects to the checked addresses alone, in their order, and looks who answered."""

    sockets: tuple[tuple[str, int], ...]
    deadline: Deadline
    timeouts: Timeouts
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
            opened.deadline, opened.silence = self.deadline, self.timeouts.silence
            opened.settimeout(self.deadline.left(self.timeouts.connect))
            opened.connect((address, port))
            _same(address, opened.getpeername()[0])
            opened.settimeout(self.deadline.left(self.timeouts.silence))
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
            # The library reads on only where it has no headers yet, which typeshed leaves out.
            self.headers = None  # type: ignore[assignment]
            super().begin()


class _PlainConnection(_Checked, HTTPConnection):
    """To a page on http."""

    response_class = _Final


class _SafeConnection(_Checked, HTTPSConnection):
    """To a page on https: the certificate has to be the name's, not the address's."""

    response_class = _Final

    def connect(self) -> None:
        super().connect()
        if isinstance(self.sock, _TimedTLS):
            self.sock.deadline, self.sock.silence = self.deadline, self.timeouts.silence


Connection = _PlainConnection | _SafeConnection


@contextmanager
def connected(
    target: Target, deadline: Deadline, timeouts: Timeouts, *, certificate: str = ""
) -> Iterator[Connection]:
    """A connection to *target*, closed at the end; ``peer`` is the address that answered.

    ``certificate``: a file (PEM) of one to trust besides the system's. Whatever goes wrong,
    meanwhile too, is raised as ``FetchError``.
    """
    with (
        _plain_words(target.host),
        closing(_connect(target, deadline, timeouts, certificate)) as connection,
    ):
        yield connection


def _same(checked: str, reached: str) -> None:
    if ipaddress.ip_address(reached) != ipaddress.ip_address(checked):
        raise Refused("peer")


def _connect(
    target: Target, deadline: Deadline, timeouts: Timeouts, certificate: str
) -> Connection:
    address, port = target.sockets[0]
    connection: Connection
    if target.scheme == "https":
        connection = _SafeConnection(
            address, port, server_hostname=target.host, ssl_context=_trusted(certificate)
        )
    else:
        connection = _PlainConnection(address, port)
    connection.sockets = target.sockets
    connection.deadline, connection.timeouts = deadline, timeouts
    try:
        connection.timeout = deadline.left(timeouts.silence)
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
