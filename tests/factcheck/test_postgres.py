"""A connection that ended while it waited in the pool is never handed out."""

import socket
from typing import Any

import pytest

from factcheck.postgres.base import _has_ended


class Line:
    """As much of a connection as the look needs: one end of a line."""

    def __init__(self, end: socket.socket, *, closed: bool = False) -> None:
        self.fileno, self.closed = end.fileno, closed


@pytest.fixture
def ends() -> Any:
    here, there = socket.socketpair()
    yield here, there
    here.close()
    there.close()


def test_a_quiet_connection_is_good(ends: tuple[socket.socket, socket.socket]) -> None:
    assert not _has_ended(Line(ends[0]))


def test_a_server_that_went_is_seen(ends: tuple[socket.socket, socket.socket]) -> None:
    ends[1].close()
    assert _has_ended(Line(ends[0]))


def test_a_farewell_is_heard(ends: tuple[socket.socket, socket.socket]) -> None:
    ends[1].send(b"E terminating connection due to administrator command")
    assert _has_ended(Line(ends[0]))


def test_one_that_was_closed_on_our_side_is_not_looked_at(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    assert _has_ended(Line(ends[0], closed=True))
