"""The backend of whoever shares a pool: Django finds it by the name in the settings."""

import select
from typing import Any

from django.db.backends.postgresql import base

_SOMETHING_CAME = select.POLLIN | select.POLLERR | select.POLLHUP


class DatabaseWrapper(base.DatabaseWrapper):
    """Django’s, but for the check of a connection that waited: no question goes to the server."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """One from the pool that still is one. Raises what the pool raises when there is none."""
        found: Any = super().get_new_connection(conn_params)
        while self.pool and _has_ended(found):
            found.close()
            self.pool.putconn(found)
            found = super().get_new_connection(conn_params)
        return found


def _has_ended(connection: Any) -> bool:
    """Whether the server said anything while nobody asked: its farewell, or the end of the line.

    One that vanished without a word is found by no question either, before that has waited for
    its answer.
    """
    if connection.closed:
        return True
    line = select.poll()
    line.register(connection.fileno(), _SOMETHING_CAME)
    return bool(line.poll(0))
