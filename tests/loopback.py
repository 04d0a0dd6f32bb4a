"""Keeps the tests on this machine: whoever tries to get out is stopped, and the test fails.

An error alone would not do: code that treats an unreachable host as an everyday matter, as it
should, would swallow it, and the test would pass on whatever the network said.
"""

import ipaddress
import sys
from collections.abc import Iterator
from typing import Any

import pytest

_ADDRESS_IS_SECOND = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_NAME_IS_FIRST = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})
_HERE = frozenset({"", "localhost", "testserver", None})
_tries: list[str] = []


class LeftThisMachineError(RuntimeError):
    """A test wanted to look up a name, or to reach an address, beyond this machine."""


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _ADDRESS_IS_SECOND:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in _NAME_IS_FIRST:
        host = arguments[0]
    else:
        return
    name = host.decode(errors="replace") if isinstance(host, bytes) else host
    if name not in _HERE and not _is_loopback(str(name)):
        _tries.append(f"{event} {name}")
        raise LeftThisMachineError(f"Beyond this machine: {event} {name}")


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


sys.addaudithook(_watch)


@pytest.fixture(autouse=True)
def stays_on_this_machine() -> Iterator[list[str]]:
    """Fail a test that tried to get out, even if its code took no for an answer."""
    _tries.clear()
    yield _tries
    if _tries:
        tries = ", ".join(_tries)
        _tries.clear()
        pytest.fail(f"This test tried to leave the machine: {tries}")
