"""Keeps the keys of providers out of problems, rows and logs: some services say a key back."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

_SECRET = re.compile(r"key|token|secret|password", re.IGNORECASE)
_SHORTEST_SECRET = 4


def secrets_of(told: Mapping[str, Any]) -> tuple[str, ...]:
    """Those of the settings in *told* that nobody may read."""
    named = [value for name, value in told.items() if _SECRET.search(name)]
    return tuple(
        value for value in named if isinstance(value, str) and len(value) >= _SHORTEST_SECRET
    )


def redacted(words: str, secrets: Sequence[str]) -> str:
    """*words* with an ellipsis in the place of each secret."""
    for secret in secrets:
        words = words.replace(secret, "…")
    return words
