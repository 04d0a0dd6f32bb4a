"""Serves hosts that misbehave, by the names they are asked under, and notes who asked when."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.claims.web.certificate import certificate
from tests.claims.web.loopback import Loopback, Request, page, read

HANDED = "MISBEHAVING_WEB"
"""The variable by which the test tells its worker where this web is; nobody else reads it."""

NO_FILE = page(b"No rules here.", status="404 Not Found", content_type="text/plain")
Answer = Callable[["Asked"], bytes | Iterable[bytes]]


class Reset(Exception):
    """Raised by an answer: tear the connection down instead of closing it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. ``times``: how often this path of this host was asked for before."""

    host: str
    path: str
    times: int
    over: threading.Event

    def wait(self, seconds: float) -> None:
        """Sleeps, but not longer than the test."""
        self.over.wait(seconds)


@dataclass(frozen=True, slots=True)
class Visit:
    """A connection to a host, from when it was taken to when it was over, in seconds."""

    host: str
    path: str
    began: float
    ended: float


@dataclass
class Listener(Loopback):
    """One port of the web: hosts on http, or on https."""

    hosts: Mapping[str, Answer] = field(default_factory=dict)
    visits: list[Visit] = field(default_factory=list)

    def _answer(self, connection: socket.socket) -> None:
        began = time.monotonic()
        request = read(connection)
        host = request.headers.get("host", "")
        try:
            for piece in self._pieces(host, request):
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1)
        except Reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        finally:
            self.visits.append(Visit(host, request.path, began, time.monotonic()))

    def _pieces(self, host: str, request: Request) -> Iterable[bytes]:
        times = sum(1 for visit in self.visits if (visit.host, visit.path) == (host, request.path))
        answer = self.hosts.get(host)
        if answer is None:
            return [NO_FILE]
        reply = answer(Asked(host, request.path, times, self.over))
        return [reply] if isinstance(reply, bytes) else reply


class Web:
    """Both ports. ``on_http`` and ``on_https``: what each host answers.

    ``gone``: hosts where nobody listens; ``nameless``: hosts without a certificate of their own.
    ``permission`` is what somebody who may reach it has to be handed, in JSON's types.
    """

    def __init__(
        self,
        folder: Path,
        *,
        on_http: Mapping[str, Answer],
        on_https: Mapping[str, Answer],
        gone: Iterable[str] = (),
        nameless: Iterable[str] = (),
    ) -> None:
        context, self._pem = certificate(folder, *on_https)
        self._plain = Listener(hosts=on_http)
        self._safe = Listener(hosts=on_https, tls=context)
        self._gone = tuple(gone)
        self._nameless = tuple(nameless)

    def __enter__(self) -> "Web":
        self._plain.__enter__()
        self._safe.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._plain.__exit__(None, None, None)
        self._safe.__exit__(None, None, None)

    @property
    def visits(self) -> list[Visit]:
        return [*self._plain.visits, *self._safe.visits]

    @property
    def permission(self) -> dict[str, object]:
        plain, safe = ("127.0.0.1", self._plain.port), ("127.0.0.1", self._safe.port)
        here = (
            dict.fromkeys(self._plain.hosts, plain)
            | dict.fromkeys([*self._safe.hosts, *self._nameless], safe)
            | dict.fromkeys(self._gone, ("127.0.0.1", 9))
        )
        return {"stand_ins": here, "certificate": self._pem}
