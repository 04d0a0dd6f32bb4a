"""The words of one language that extraction goes by, and plain questions put to a passage."""

# ruff: noqa: PLR2004 - counts of a few words; a name for each would hide the grammar

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from claims.text.normalise import folded, straighten

_FOLDER = Path(__file__).resolve().parent / "words"
_FALLBACK = "en"
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_STEM = 6
_LEAST_STEMS = 4
_NUMBER = re.compile(r"\d")


@dataclass(frozen=True)
class Wording:
    """The lists of one data file, phrases compiled into one pattern each."""

    language: str
    patterns: dict[str, "re.Pattern[str]"]
    lists: dict[str, frozenset[str]]
    affixes: dict[str, tuple[str, ...]]

    def has(self, name: str, passage: str) -> bool:
        """Whether *passage* holds one of the phrases of the list *name*."""
        return self.find(name, passage) is not None

    def find(self, name: str, passage: str, start: int = 0) -> "re.Match[str] | None":
        """The first of them at or after *start*, as a match on the straightened passage."""
        pattern = self.patterns.get(name)
        return pattern.search(straighten(passage), start) if pattern else None

    def words(self, name: str) -> frozenset[str]:
        """The list *name* as single words."""
        return self.lists.get(name, frozenset())

    def predicts(self, passage: str) -> bool:
        """Whether the passage speaks of what is to come: its first clause, not what it quotes."""
        found = self._lower("prediction", passage)
        excused = self.find("prediction_not", passage)
        if found is not None and (excused is None or excused.start() > found.start()):
            return not self._after_subordinator(passage, found.start())
        suffixes = self.affixes.get("prediction_suffix", ())
        prefixes = self.affixes.get("prediction_prefix", ())
        if not suffixes and not prefixes:
            return False
        for word in _WORD.findall(passage.lower())[:14]:
            if len(word) > 4 and (
                (suffixes and word.endswith(suffixes)) or (prefixes and word.startswith(prefixes))
            ):
                return True
        return False

    def _lower(self, name: str, passage: str) -> "re.Match[str] | None":
        """The first match that is no name and no month: "may", not "in May"."""
        pattern = self.patterns.get(name)
        if pattern is None:
            return None
        found = pattern.finditer(straighten(passage))
        return next((one for one in found if one.start() == 0 or not one[0][0].isupper()), None)

    def _after_subordinator(self, passage: str, at: int) -> bool:
        before = _WORD.findall(passage[:at].lower())
        return any(word in self.words("subordinators") for word in before)


def wording(language: str) -> Wording:
    """The wording of *language*; English stands in where there is no data file."""
    tag = language.split("-", maxsplit=1)[0].lower()
    return _wording(tag if (_FOLDER / f"{tag}.toml").is_file() and tag.isalpha() else _FALLBACK)


@cache
def _wording(tag: str) -> Wording:
    data: dict[str, Any] = tomllib.loads((_FOLDER / f"{tag}.toml").read_text(encoding="utf-8"))
    return Wording(
        language=tag,
        patterns={name: _pattern(phrases) for name, phrases in data.items() if phrases},
        lists={name: frozenset(phrases) for name, phrases in data.items()},
        affixes={
            name: tuple(phrases)
            for name, phrases in data.items()
            if name.endswith(("_suffix", "_prefix"))
        },
    )


def _pattern(phrases: Iterable[str]) -> "re.Pattern[str]":
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(
        # "qu'" leans on the next word.
        r"(?<!\w)(?:"
        + "|".join(re.escape(phrase) for phrase in longest_first)
        + r")(?:(?<=')|(?!\w))",
        re.IGNORECASE,
    )


def words_in(passage: str) -> list[str]:
    """The words of *passage* in lower case, marks aside."""
    return _WORD.findall(straighten(passage).lower())


def content(passage: str, language: Wording) -> frozenset[str]:
    """The stems of the words that carry meaning, to see whether two passages say the same."""
    stop = language.words("stop")
    return frozenset(
        word[:_STEM]
        for word in _WORD.findall(folded(passage))
        if word not in stop and (len(word) > 2 or word.isdigit())
    )


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of the smaller set is in the other, 0 to 1; two or three words alone say little."""
    smaller = min(len(one), len(other))
    return len(one & other) / max(smaller, _LEAST_STEMS) if smaller else 0.0
