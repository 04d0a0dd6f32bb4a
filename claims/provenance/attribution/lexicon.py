"""The words of one language that name sources, loaded from its data file."""

# ruff: noqa: PLR2004 - counts of a few words; a name for each would hide the grammar

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from claims.provenance.attribution.tokens import Token, tokenise

_FOLDER = Path(__file__).resolve().parent.parent / "cues"
_LONGEST_CLITIC = 4


class Phrases:
    """A set of one- or many-word phrases, each with its classes, found by longest match."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._single: dict[str, set[str]] = {}

    def add(self, name: str, phrases: Iterable[str]) -> None:
        """Put *phrases* under the class *name*; a word ending in "-" is a prefix of the next."""
        for phrase in phrases:
            # An elided word ("l'") is one token before its noun, but not on its own.
            elided = phrase.endswith("'") and " " not in phrase and len(phrase) > 1
            words = (
                (phrase.casefold(),)
                if elided
                else tuple(token.low for token in tokenise(phrase, prefixes=True))
            )
            if not words:
                continue
            self._by_first.setdefault(words[0], []).append((words, name))
            if len(words) == 1:
                self._single.setdefault(words[0], set()).add(name)

    def classes(self, word: str) -> frozenset[str] | set[str]:
        """The classes that hold *word* as a phrase of its own."""
        return self._single.get(word, frozenset())

    def at(self, tokens: Sequence[Token], index: int, word: str) -> list[tuple[int, str]]:
        """``(length in tokens, class)`` of what starts at *index*, where *word* is its form."""
        found: list[tuple[int, str]] = []
        for words, name in self._by_first.get(word, ()):
            if _follows(tokens, index, words):
                length = len(words) - (1 if words[-1].endswith("-") else 0)
                found.append((length, name))
        return sorted(found, reverse=True)


def _follows(tokens: Sequence[Token], index: int, words: tuple[str, ...]) -> bool:
    if index + len(words) > len(tokens) + (1 if words[-1].endswith("-") else 0):
        return False
    for offset, word in enumerate(words[1:], start=1):
        if index + offset >= len(tokens):
            return False
        low = tokens[index + offset].low
        if word.endswith("-"):
            if not (low.startswith(word[:-1]) and len(low) > len(word)):
                return False
        elif low != word:
            return False
    return True


@dataclass(frozen=True)
class Lexicon:
    """What one data file says, with lookups that know the language's clitics."""

    language: str
    order: str
    capitals: bool
    cues: Phrases
    words: Phrases
    nouns: Phrases
    names: Phrases
    denial: dict[str, frozenset[str]]
    clitics: tuple[str, ...] = ()
    article: tuple[str, ...] = ()
    addressee: tuple[str, ...] = ()
    prefixed: tuple[str, ...] = ()
    head_first: bool = False
    unnamed_suffix: tuple[str, ...] = ()
    finite_suffix: tuple[str, ...] = ()
    participle_suffix: tuple[str, ...] = ()
    strip: tuple[str, ...] = field(default=())

    def word(self, token: Token, *names: str) -> bool:
        """Whether *token* is one of these function words."""
        classes = self.words.classes(token.low)
        return any(name in classes for name in names)

    def noun(self, token: Token) -> set[str]:
        """The noun classes of one token, its clitics taken off where that is needed."""
        return self._stripped(self.nouns, token.low) or self._of_plural(token.low)

    def _of_plural(self, low: str) -> set[str]:
        """The classes of a plural that no list holds: several holders of an office are unnamed."""
        if not self.capitals or not low.endswith("s") or len(low) <= _LONGEST_CLITIC:
            return set()
        one = self.nouns.classes(low[:-1]) or self.nouns.classes(low[:-2])
        if "person" in one or "unnamed" in one:
            return {"unnamed"}
        return set(one) & {"document", "organisation", "story"}

    def _stripped(self, phrases: Phrases, low: str) -> set[str]:
        classes = set(phrases.classes(low))
        if classes or not self.clitics:
            return classes
        for clitic in self.clitics:
            if low.startswith(clitic) and len(low) > len(clitic) + 1:
                classes |= phrases.classes(low[len(clitic) :])
                # "للوزارة": the article melts into the preposition.
                classes |= {
                    name
                    for mark in self.article
                    for name in phrases.classes(mark + low[len(clitic) :])
                }
        return classes

    def forms(self, low: str) -> tuple[str, ...]:
        """*low* as printed, then without each conjunction that may be written onto it."""
        return (low, *(low[len(c) :] for c in self.strip if low.startswith(c) and len(low) > 2))

    def known(self, token: Token) -> bool:
        """Whether any list but that of names holds the word."""
        low = token.low
        return bool(
            self.words.classes(low) or self.cues.classes(low) or self.nouns.classes(low)
        ) and not self.named(token)

    def named(self, token: Token) -> bool:
        """Whether the word is part of the names of outlets, organisations and states."""
        return bool(self.names.classes(token.low))

    def finite(self, token: Token) -> bool:
        """Whether *token* is a finite verb that ends a noun phrase."""
        if self.word(token, "finite", "auxiliary", "modal"):
            return True
        return (
            not token.cap
            and len(token.low) > _LONGEST_CLITIC
            and token.low.endswith(self.finite_suffix)
            if self.finite_suffix
            else False
        )


@cache
def lexicon(language: str) -> Lexicon | None:
    """The lexicon of *language* (a primary tag such as ``en``), or None without a data file."""
    if language not in languages():
        return None
    data = _load(language)
    common = _load("common")
    words = data.get("words", {})
    return Lexicon(
        language=language,
        order=data.get("order", "SVO"),
        capitals=data.get("capitals", True),
        cues=_phrases(data["cues"]),
        words=_phrases(words),
        nouns=_phrases(data["nouns"]),
        names=_phrases({key: common[key] + data.get("names", {}).get(key, []) for key in common}),
        denial={key: frozenset(value) for key, value in data.get("denial", {}).items()},
        clitics=tuple(data.get("clitics", ())),
        article=tuple(data.get("article", ())),
        addressee=tuple(data.get("addressee", ())),
        unnamed_suffix=tuple(data.get("unnamed_suffix", ())),
        head_first=data.get("head") == "first",
        prefixed=tuple(data.get("prefixed", ())),
        finite_suffix=tuple(words.get("finite_suffix", ())),
        participle_suffix=tuple(words.get("participle_suffix", ())),
        strip=tuple(data.get("conjunctions", ())),
    )


@cache
def languages() -> frozenset[str]:
    """The languages with a data file."""
    return frozenset(path.stem for path in _FOLDER.glob("*.toml")) - {"common"}


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _phrases(lists: dict[str, list[str]]) -> Phrases:
    phrases = Phrases()
    for name, entries in lists.items():
        phrases.add(name, entries)
    return phrases
