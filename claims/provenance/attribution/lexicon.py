"""The words of one language that name sources, loaded from its data file."""

# ruff: noqa: PLR2004 - counts of a few words; a name for each would hide the grammar

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from claims.provenance.attribution.tokens import Token, tokenise

_FOLDER = Path(__file__).resolve().parent.parent / "cues"
_LONGEST_CLITIC = 4
_TRADES = frozenset(["person", "unnamed", "title"])


class Phrases:
    """A set of one- or many-word phrases, each with its classes, found by longest match."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._single: dict[str, set[str]] = {}

    def add(self, name: str, phrases: Iterable[str]) -> None:
        """Put *phrases* under the class *name*.

        A word ending in "-" is a prefix of the next; "(a|b) c" stands for "a c" and "b c".
        """
        for phrase in _spelled_out(phrases):
            # An elided word ("l'") is one token before its noun, but not on its own.
            elided = phrase.endswith("'") and " " not in phrase and len(phrase) > 1
            words = (phrase.casefold(),) if elided else _tokens_of(phrase)
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
            length = _length(tokens, index, words)
            if length:
                found.append((length, name))
        return sorted(found, reverse=True)


def _length(tokens: Sequence[Token], index: int, words: tuple[str, ...]) -> int:
    """How many tokens *words* take up from *index* on; 0 where they do not stand there.

    A prefix is part of the next word and takes none, unless it is written apart ("لـ Monitor").
    """
    if index + len(words) > len(tokens):
        return 0
    prefix = words[-1].removesuffix("-") if words[-1].endswith("-") else ""
    plain = words[1:-1] if prefix else words[1:]
    if any(tokens[index + at].low != word for at, word in enumerate(plain, start=1)):
        return 0
    last = tokens[index + len(words) - 1].low
    if not prefix or last == prefix:
        return len(words)
    return len(words) - 1 if last.startswith(prefix) and len(last) > len(prefix) + 1 else 0


def _tokens_of(phrase: str) -> tuple[str, ...]:
    """The words of a phrase; a final elided one ("d'") needs something to lean on."""
    leaning = phrase.endswith("'")
    words = tuple(token.low for token in tokenise(phrase + "x" * leaning, prefixes=True))
    return words[:-1] if leaning else words


_CHOICE = re.compile(r"\(([^()]*)\)")


def _spelled_out(phrases: Iterable[str]) -> Iterator[str]:
    """Each phrase once for every choice that its brackets leave."""
    for phrase in phrases:
        pieces = [
            piece.split("|") if place % 2 else [piece]
            for place, piece in enumerate(_CHOICE.split(phrase))
        ]
        for chosen in product(*pieces):
            yield " ".join("".join(chosen).split())


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
    endings: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    demonym_suffix: tuple[str, ...] = ()
    clause_needs_that: bool = False
    that_prefix: tuple[str, ...] = ()
    verb_may_open: bool = False
    agreeing_suffix: tuple[str, ...] = ()
    one_of_them: frozenset[str] = frozenset()
    plural_suffix: tuple[str, ...] = ()
    adverb_suffix: tuple[str, ...] = ()

    def word(self, token: Token, *names: str) -> bool:
        """Whether *token* is one of these function words."""
        classes = self.words.classes(token.low)
        if classes:
            return not classes.isdisjoint(names)
        return "adverb" in names and self._is_adverb(token)

    def _is_adverb(self, token: Token) -> bool:
        """By its ending, where no list holds the word: "breathlessly"."""
        return (
            bool(self.adverb_suffix)
            and not token.cap
            and len(token.low) > _LONGEST_CLITIC + 1
            and token.low.endswith(self.adverb_suffix)
            and not (self.nouns.classes(token.low) or self.cues.classes(token.low))
        )

    def noun(self, token: Token) -> set[str]:
        """The noun classes of one token, its clitics taken off where that is needed."""
        found = self._stripped(self.nouns, token.low) or self._of_plural(token.low)
        if not found and self.capitals and "-" in token.low:
            # "fact-checkers", "ex-minister", "vice-président": the last part tells.
            last = token.low.rpartition("-")[2]
            found = set(self.nouns.classes(last)) or self._of_plural(last)
            found &= _TRADES
        return found

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
        if not classes:
            # "مزارعا": the ending of a case is no part of the word.
            classes = {
                name
                for ending in self.endings
                if low.endswith(ending)
                for name in phrases.classes(low.removesuffix(ending))
            }
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
        demonym_suffix=tuple(data.get("demonym_suffix", ())),
        corrections=tuple(data.get("corrections", ())),
        endings=tuple(data.get("endings", ())),
        clause_needs_that=data.get("clause_needs_that", False),
        that_prefix=tuple(data.get("that_prefix", ())),
        agreeing_suffix=tuple(data.get("agreeing_suffix", ())),
        adverb_suffix=tuple(words.get("adverb_suffix", ())),
        plural_suffix=tuple(data.get("plural_suffix", ())),
        one_of_them=frozenset(data.get("one_of_them", ())),
        verb_may_open=data.get("verb_may_open", False),
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
