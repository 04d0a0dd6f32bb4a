"""Statements written out in SQL, which each connection plans once and then only fills in.

What the ORM writes is put together, sent and planned anew every time. That is right almost
everywhere; on the few ways that everybody walks all day it is most of the work. The values are
bound by the server, so a statement says their types (``%(claim)s::uuid``).
"""

import json
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

PLANNED_FOR = 10  # seconds
_VALUE = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with named values. Errors are Django’s, and tests count it like any other."""

    text: str
    _sent: str = field(init=False)
    _names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        # Once, for good: psycopg looks through a text of more than 4,096 characters every time.
        names = tuple(dict.fromkeys(_VALUE.findall(self.text)))
        sent = _VALUE.sub(lambda found: f"${names.index(found[1]) + 1}", self.text)
        object.__setattr__(self, "_names", names)
        object.__setattr__(self, "_sent", sent)

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        # A plan made while a table was empty would still read it whole when it has filled.
        with _cursor() as cursor:
            cursor.execute(
                f"{self._sent}\n-- {time.monotonic() // PLANNED_FOR:.0f}",
                [values[name] for name in self._names],
            )
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

    def row(self, **values: Any) -> tuple[Any, ...] | None:
        """The first row, or None."""
        found = self.rows(**values)
        return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Insert:
    """One row of a table, by its columns with their types; ``more``: where from, whether at all.

    It answers whether the row was written. ``prefix`` keeps its values apart where its ``text``
    is a part of another statement.
    """

    table: str
    columns: Mapping[str, str]
    more: str = ""
    before: str = ""
    prefix: str = ""
    text: str = field(init=False)
    _statement: Statement = field(init=False)

    def __post_init__(self) -> None:
        kinds = self.columns.items()
        taken = ", ".join(f"%({self.prefix}{name})s::{kind}" for name, kind in kinds)
        text = f"INSERT INTO {self.table} ({', '.join(self.columns)}) SELECT {taken} {self.more}"
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "_statement", Statement(f"{self.before} {text} RETURNING 1"))

    def write(self, row: Model, **values: Any) -> bool:
        return self._statement.row(**self.values(row), **values) is not None

    def values(self, row: Model) -> dict[str, Any]:
        """What *row* holds, by the names of its values. From here on it counts as stored."""
        row._state.adding = False  # noqa: SLF001 - what save() does
        held = {name: getattr(row, name) for name in self.columns}
        return {
            f"{self.prefix}{name}": json.dumps(value) if self.columns[name] == "jsonb" else value
            for name, value in held.items()
        }


class _Prepared(psycopg.RawCursor[tuple[Any, ...]]):
    """A cursor that lets the server keep the plan; Django’s own puts values into the text."""

    def execute(self, query: Any, params: Any = None, **_: Any) -> "_Prepared":
        return super().execute(query, params, prepare=True)

    def _send_query_prepared(self, name: bytes, pgq: Any, **more: Any) -> None:
        # What Django shows of the last statement.
        self._query = pgq
        super()._send_query_prepared(name, pgq, **more)


@contextmanager
def _cursor() -> Iterator[CursorWrapper]:
    here = connections[DEFAULT_DB_ALIAS]  # once: the usual name looks it up with every word
    here.ensure_connection()
    raw: Any = _Prepared(here.connection)
    made = here.make_debug_cursor if here.queries_logged else here.make_cursor
    with here.wrap_database_errors, made(raw) as cursor:
        yield cursor
