"""Who is meant: full names for surnames and pronouns, where the text leaves no doubt."""

# ruff: noqa: PLR2004 - counts of a few words; a name for each would hide the grammar

import re
from collections.abc import Sequence
from dataclasses import dataclass

from claims.extraction.wording import Wording
from claims.text.attributed import Attribution

_RUN = re.compile(r"[^\W\d_a-z][\w'’-]*(?:[ \u00a0][^\W\d_a-z][\w'’-]*)+")
_RECENT = 2
_ARTICLES = frozenset(["the", "a", "an"])
_LONGEST_SUBJECT = 4


@dataclass(frozen=True, slots=True)
class People:
    """The people of a text: surname → full name where one person alone bears it."""

    by_surname: dict[str, str]

    def named_in(self, passage: str) -> list[str]:
        """The full names of the people that *passage* names, in order, each once."""
        found: dict[str, None] = {}
        for word in re.finditer(r"[\w-]+", passage):
            if word[0] in self.by_surname:
                found.setdefault(self.by_surname[word[0]])
        return list(found)


def people(text: str, attributions: Sequence[Attribution]) -> People:
    """The people of *text*: who is a source by name, and names whose last word recurs alone."""
    full: dict[str, set[str]] = {}
    for edge in attributions:
        name = edge.resolves_to if edge.resolves_to and edge.kind == "person" else edge.source
        full_name = len(name.split()) > 1 and all(
            w[:1].isupper() for w in (name, name.split()[-1])
        )
        if edge.kind == "person" and edge.named and full_name:
            full.setdefault(name.split()[-1], set()).add(name)
    # An outlet or office that is a source has capitals, too, and is nobody's full name.
    houses = {
        edge.source.split()[-1]
        for edge in attributions
        if edge.kind in {"outlet", "organisation"} and edge.source.strip()
    }
    runs = [run[0] for run in _RUN.finditer(text) if run[0].split()[-1] not in houses]
    inside = {run.split()[-1] for run in runs}
    alone = _alone(text)
    common = set(re.findall(r"(?<![\w-])[^\W\dA-Z_][\w-]+", text))
    for run in runs:
        parts = run.split()
        # "Senior Pakistani" is a name only to a reader who looks at capitals alone.
        if len(parts) < 2 or parts[-2].lower() in common:
            continue
        last = re.sub(r"['’]s$", "", parts[-1])
        if parts[-1] in inside and last in alone and len(last) > 2:
            full.setdefault(last, set()).add(" ".join([*parts[-2:-1], last]))
    return People(
        {
            surname: next(iter(names))
            for surname, names in full.items()
            if len(_distinct(names)) == 1
        }
    )


def _distinct(names: set[str]) -> set[str]:
    """Names without those that are the end of another: "Imran Khan", "Minister Imran Khan"."""
    return {name.split()[-2] + " " + name.split()[-1] for name in names}


def _alone(text: str) -> set[str]:
    """Capitalised words that stand without another capital beside them and without "the"."""
    found: set[str] = set()
    for word in re.finditer(r"(?<![\w-])[^\W\d_a-z][\w-]+", text):
        before = text[max(0, word.start() - 24) : word.start()]
        after = text[word.end() : word.end() + 2]
        left = before.split()[-1:] if before.endswith((" ", "\n", "\u00a0")) else [before]
        if left and (left[0][:1].isupper() and not left[0].endswith((".", ",", ";", ":"))):
            continue
        if left and left[0].lower() in {"the", "a", "an", "of", "in", "at"}:
            continue
        if re.match(r" [^\W\d_a-z]", after):
            continue
        found.add(word[0])
    return found


def self_contained(
    passage: str, before: Sequence[str], known: People, words: Wording
) -> tuple[str, bool]:
    """*passage* with names for surnames and an opening pronoun, and whether it now reads alone.

    *before* are the sentences before it, nearest last. A pronoun is replaced only where the
    nearest sentence that names anybody names one person.
    """
    shown = _named(passage, before, known, words)
    shown = _full_names(shown, known)
    opening = re.match(r"\W*(\w+(?:['’]\w+)?)", shown)
    first = opening[1].lower() if opening else ""
    return shown, first not in words.words("context")


@dataclass(frozen=True, slots=True)
class _Opened:
    """A passage that opens with "he", "she", "his" or "her": what stands before and after it."""

    before: str
    after: str
    owned: bool

    def with_name(self, name: str) -> str:
        return self.before + name + ("'s" if self.owned else "") + self.after


def spoken_of(passage: str, speaker: str, words: Wording) -> str:
    """*passage* with the speaker's name for an opening "he" or "she": who says it says "I"."""
    opened = _opened(passage, words)
    return opened.with_name(speaker) if opened is not None else passage


def _opened(passage: str, words: Wording) -> _Opened | None:
    """How a passage opens, where its first word stands for a person."""
    opening = re.match(r"(\W*)(\w+)\b", passage)
    if opening is None:
        return None
    pronoun = opening[2].lower()
    owned = pronoun in words.words("possessive_he")
    if pronoun not in words.words("he") and not owned:
        return None
    return _Opened(opening[1], passage[opening.end() :], owned)


def _named(passage: str, before: Sequence[str], known: People, words: Wording) -> str:
    opened = _opened(passage, words)
    if opened is None:
        return passage
    for sentence in reversed(before[-_RECENT:]):
        named = known.named_in(sentence)
        if len(named) == 1:
            return opened.with_name(named[0])
        if named:
            return passage
    return passage


def _full_names(passage: str, known: People) -> str:
    """The first lone surname of each person made a full name, if the passage does not have it."""
    for surname in {word[0] for word in re.finditer(r"[\w-]+", passage)} & known.by_surname.keys():
        full = known.by_surname[surname]
        if full in passage:
            continue
        first = next(iter(re.finditer(rf"(?<![\w-]){re.escape(surname)}(?![\w-])", passage)), None)
        if first is not None and not re.search(r"[A-Z]\w+ $", passage[: first.start()]):
            passage = passage[: first.start()] + full + passage[first.end() :]
    return passage


def thing_of(passage: str, subject: str, words: Wording) -> str:
    """*passage* with *subject* for an opening "it" or "they", where number and verb allow it.

    "It is clear" and "it has emerged" are left: they stand for nothing at all.
    """
    opening = re.match(r"(It|They|it|they) (\w+)(?: (\w+))?", passage)
    if opening is None or not subject:
        return passage
    pronoun, verb = opening[1].lower(), opening[2].lower()
    many = _is_plural(subject)
    goes_on = (opening[3] or "").endswith("ing") or verb in {"has", "had"}
    goes_on = goes_on and opening[3] not in words.words("empty_after")
    if pronoun == "it" and (many or (verb in words.words("empty_it") and not goes_on)):
        return passage
    if pronoun == "they" and not many:
        return passage
    return subject + passage[len(pronoun) :]


def subject_of(passage: str, words: Wording) -> str:
    """The subject in small words that opens *passage* ("The launchers"), or nothing.

    For one thing only a house will do: whoever else stands there may be a person.
    """
    found = passage.split()
    at = next((at for at, word in enumerate(found[:4]) if word.lower() in _ARTICLES), None)
    if at is None or (at and found[0].lower() not in words.words("prepositions")):
        return ""
    for end in range(at + 2, min(at + 2 + _LONGEST_SUBJECT, len(found))):
        if not _verb(found[end], words):
            continue
        noun = found[at + 1 : end]
        small = all(re.fullmatch(r"[a-z][a-z'-]*", word) for word in noun)
        told = _is_plural(noun[-1]) or noun[-1] in words.words("houses")
        return "The " + " ".join(noun) if small and told else ""
    return ""


def _verb(word: str, words: Wording) -> bool:
    low = word.lower()
    past = low.endswith(words.affixes.get("past_suffix", ("\0",))) and low not in words.words(
        "not_past"
    )
    return (
        low in words.words("finite") | words.words("subject_verbs") | words.words("past") or past
    )


def _is_plural(noun: str) -> bool:
    last = noun.rsplit(maxsplit=1)[-1]
    return last.islower() and last.endswith("s") and not last.endswith(("ss", "us", "is"))
