"""A table of a report: the same for people, for readers of screens, and for spreadsheets. Pure."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

Cell = str | int | float | None
# What makes a spreadsheet take a cell for a formula, or break it off.
_LOADED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Table:
    """``name`` is its word in addresses; the first cell of a row is what the row is about."""

    name: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def as_csv(table: Table) -> str:
    """The table after RFC 4180, its words made harmless to spreadsheets."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([harmless(head) for head in table.heads])
    writer.writerows(_harmless_row(row) for row in table.rows)
    return out.getvalue()


def _harmless_row(row: Sequence[Cell]) -> list[Cell]:
    return [harmless(cell) if isinstance(cell, str) else cell for cell in row]


def harmless(words: str) -> str:
    """Words that no spreadsheet runs: an apostrophe before whatever could begin a formula."""
    return f"'{words}" if words.lstrip(" ").startswith(_LOADED) else words
