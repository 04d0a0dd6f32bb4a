"""Reads a text for attributions: who says so, on whose word, and where the text says it."""

from collections.abc import Mapping
from typing import Any

from claims.text.attributed import Attribution

VERSION = "1"


def read(text: str, *, language: str = "", outlet: str | None = None) -> tuple[Attribution, ...]:
    """The attributions of *text* in the order of their cues; an edge's ``from_id`` may point on.

    *language* is a BCP 47 tag, guessed from the words where empty; *outlet* is who published the
    text, so that its own name reads as "this newspaper". Never raises on words.
    """
    return ()


def to_measure(document: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """``{"cases": [{"id", "lang", "text"}]}`` → ``{id: [edge, …]}``, as the contract names it."""
    return {}
