"""Tells what a service refused from what it did not find, where both come with status 200."""

from collections.abc import Mapping
from typing import Any

from claims.coverage.providers.base import ProviderError, words_of

# Where services put the words of an error, the fuller ones first.
_WORDS = ("message", "info", "note", "detail", "error_description")
_LONGEST = 160


def listed(data: Mapping[str, Any], name: str, *, label: str, bare: bool = False) -> object:
    """What *data* holds under *name*, for ``gather``; where it holds nothing there, no list.

    ``bare``: an empty object is how this service says that it found nothing. Raises
    ``ProviderError`` with the service's own words where it refused.
    """
    if name in data:
        return data[name]
    if said := said_in(data):
        raise ProviderError("rejected", f"{label} refused: {said}")
    return [] if bare and not data else {}


def said_in(data: Mapping[str, Any]) -> str:
    """The words of an error in *data*, in any of the usual shapes; empty where there are none."""
    error = data.get("error") or data.get("errors")
    if isinstance(error, list):
        error = next(iter(error), None)
    for holder in (error, data):
        if isinstance(holder, str):
            return words_of(holder, _LONGEST)
        if isinstance(holder, Mapping):
            found = (words_of(holder.get(name), _LONGEST) for name in _WORDS)
            if words := next(filter(None, found), ""):
                return words
    return ""
