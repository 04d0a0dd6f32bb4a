"""The desk's own web server, started as the demo starts it, and a client that asks it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException  # noqa: TID251 - it asks our own server
from typing import Any

from factcheck import processes

HOST, PORT = "127.0.0.1", 8917
START_SECONDS = 60


@contextmanager
def server() -> Iterator[None]:
    """The web process with its threads and its pool; what it logs is not kept."""
    surroundings = {
        **os.environ,
        **processes.environment("web"),
        "SITE_URL": f"http://{HOST}:{PORT}",
    }
    command = [sys.executable, "-m", *processes.commands(host=HOST, port=PORT)["web"]]
    child = subprocess.Popen(
        command, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(child)
        yield
    finally:
        child.terminate()
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=20)
        child.kill()


class Caller:
    """One client with one connection that stays open."""

    def __init__(self) -> None:
        self.line = HTTPConnection(HOST, PORT, timeout=60)

    def ask(self, method: str, path: str, *, token: str, body: str | None = None) -> Any:
        """The answer’s JSON; anything but a 200 is an error."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.line.request(method, path, body=body, headers=headers)
        answer = self.line.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {answer.status} {said[:200]!r}")
        return json.loads(said)


def _wait(child: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        with suppress(OSError, HTTPException):
            line = HTTPConnection(HOST, PORT, timeout=2)
            line.request("GET", "/healthz")
            if line.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError("The web server did not start.")
