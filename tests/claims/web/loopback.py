"""A web on this machine that answers exactly the bytes it is told to, however wrong they are."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from claims.web.guard import Policy


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


_HELLO_OF_TLS = b"\x16\x03"

Answer = Callable[[Request], bytes | Iterable[bytes]]


def page(body: bytes = b"<p>Hello</p>", *, status: str = "200 OK", **headers: str) -> bytes:
    """A whole HTTP answer; header names with underscores for hyphens."""
    lines = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
    lines |= {name.replace("_", "-").title(): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    return page(b"", status=status, location=location)


@dataclass
class Loopback:
    """Serves ``answers[path]`` of any host on a port of its own, one thread per connection.

    ``otherwise``: what all other paths get.
    """

    answers: dict[str, Answer | bytes] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    requests: list[Request] = field(default_factory=list)
    otherwise: Answer | bytes = field(default_factory=lambda: page(b"", status="404 Not"))

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.over = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.over.set()
        self._listener.close()

    def policy(self, *hosts: str, certificate: str = "") -> Policy:
        """Production's policy, but these hosts are here."""
        here = ("127.0.0.1", self.port)
        return Policy(stand_ins=dict.fromkeys(hosts, here), certificate=certificate)

    def wait(self, seconds: float) -> None:
        """Sleeps, but not longer than the test."""
        self.over.wait(seconds)

    def _serve(self) -> None:
        while not self.over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        try:
            with connection:
                if self.tls is None:
                    self._answer(connection)
                    return
                with self.tls.wrap_socket(connection, server_side=True) as safe:
                    self._answer(safe)
        except OSError:
            pass  # The client hung up, as it should.

    def _answer(self, connection: socket.socket) -> None:
        request = read(connection)
        self.requests.append(request)
        answer = self.answers.get(request.path.partition("?")[0], self.otherwise)
        reply = answer if isinstance(answer, bytes) else answer(request)
        for piece in [reply] if isinstance(reply, bytes) else reply:
            connection.sendall(piece)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1)


def read(connection: socket.socket) -> Request:
    """One request, with its body."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        piece = connection.recv(4096)
        if not piece:
            raise ConnectionError
        raw += piece
        if raw.startswith(_HELLO_OF_TLS):
            raise ConnectionError
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(4096)
    return Request(method, path, headers, body)
