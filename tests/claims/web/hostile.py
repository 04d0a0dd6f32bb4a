"""What a parser might do with a stranger's bytes, for the sandbox to put an end to."""

import os
import tempfile
import time
from typing import Any


def spin(_: bytes) -> dict[str, Any]:
    while True:
        pass


def sleep(_: bytes) -> dict[str, Any]:
    time.sleep(60)
    return {}


def eat(_: bytes) -> dict[str, Any]:
    return {"size": len(b"x" * (8 << 30))}


def die(_: bytes, **_options: str) -> dict[str, Any]:
    os.abort()


def fail(_: bytes, **_options: str) -> dict[str, Any]:
    raise ValueError("no words for this")


def recurse(body: bytes) -> dict[str, Any]:
    return recurse(body)


def write(_: bytes) -> dict[str, Any]:
    with tempfile.TemporaryFile() as file:
        file.write(b"x")
    return {}


def chatter(body: bytes) -> dict[str, Any]:
    print("x" * 100_000)  # noqa: T201
    return {"size": len(body), "secrets": sorted(os.environ)}
