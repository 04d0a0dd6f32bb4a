"""Messages in the reader's language, handed in so that what makes sentences needs no framework."""

from collections.abc import Callable
from dataclasses import dataclass


def gettext_noop(message: str) -> str:
    """Mark a message for the catalogue; it is translated where it is shown."""
    return message


def _plain(message: str) -> str:
    return message


def _plain_many(one: str, many: str, count: int) -> str:
    return one if count == 1 else many


@dataclass(frozen=True, slots=True)
class Tongue:
    """The two lookups of a catalogue, by the names that tools for catalogues know."""

    gettext: Callable[[str], str] = _plain
    ngettext: Callable[[str, str, int], str] = _plain_many


ENGLISH = Tongue()
