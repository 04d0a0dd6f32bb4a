"""What changed between two versions of a text, word by word. Pure."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_TOKENS = re.compile(r"\s+|[^\s]+")
# A comparison of two long texts word by word takes too long to wait for.
TOKENS_MAX = 4_000


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch that stayed, came or went."""

    kind: str
    words: str


def difference(old: str, new: str) -> list[Change]:
    """The way from *old* to *new* as stretches of ``same``, ``gone`` and ``came``."""
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    if len(before) + len(after) > TOKENS_MAX:
        return [Change("gone", old), Change("came", new)]
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return list(_changes(matcher.get_opcodes(), before, after))


def plain(
    headline: str, answer: str, sentences: Sequence[dict[str, Any]], looked_against: str = ""
) -> str:
    """A finding as one text, for comparing."""
    looked = [looked_against] if looked_against else []
    return "\n".join([headline, answer, *(str(one["text"]) for one in sentences), *looked])


def _changes(
    steps: Sequence[tuple[str, int, int, int, int]], before: list[str], after: list[str]
) -> Iterator[Change]:
    for kind, old_start, old_end, new_start, new_end in steps:
        if kind == "equal":
            yield Change("same", "".join(before[old_start:old_end]))
            continue
        if old_end > old_start:
            yield Change("gone", "".join(before[old_start:old_end]))
        if new_end > new_start:
            yield Change("came", "".join(after[new_start:new_end]))
