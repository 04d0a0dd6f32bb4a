"""Cuts a compound sentence into assertions, where both halves can stand alone."""

# ruff: noqa: PLR2004 - counts of a few words; a name for each would hide the grammar

import re
from dataclasses import dataclass

from claims.extraction.said import has_verb, trimmed
from claims.extraction.wording import Wording, words_in
from claims.text.attributed import Span
from claims.text.normalise import straighten

_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_LEAST = 4
_LEAST_SAID = 3
_LONGEST_SUBJECT = 10
_ADVERBS = re.compile(r"(?:\s+(?:\w+ly|also|then|later|soon|now|already|just|even))+$")


@dataclass(frozen=True, slots=True)
class Assertion:
    """One assertion: where it stands, and the words to put before it so that it reads alone."""

    start: int
    end: int
    lead: str = ""


def split(text: str, span: Span, words: Wording) -> tuple[Assertion, ...]:
    """The assertions in ``text[span]``; one, the whole, where a cut would not be safe.

    Cuts at semicolons, at ", and" before a clause with its own subject and verb, and, where the
    language's past forms are listed, at "and" between two verbs of one short subject, which is
    then repeated as ``lead``. Never inside a quotation.
    """
    parts: list[Assertion] = []
    for start, end in _clauses(text, span, words):
        parts.extend(_predicates(text, start, end, words))
    return tuple(parts)


def _clauses(text: str, span: Span, words: Wording) -> list[Span]:
    start, end = span
    plain = straighten(text[start:end])
    cuts: list[Span] = []
    begin = 0
    for mark in re.finditer(r";|,?\s(?=(?:while|whereas)\s)|,\s+(\w+)\s", plain):
        if mark.group(0) != ";" and mark.group(1) is None:
            passed = _contrast(plain, begin, mark)
            if passed:
                cuts.append((start + begin, start + mark.start()))
                begin = passed
            continue
        if plain.count('"', 0, mark.start()) % 2:
            continue
        joined = mark.group(1)
        if joined is not None and joined.lower() not in words.words("and"):
            continue
        left, right = plain[begin : mark.start()], plain[mark.end() :]
        if _stands(left, words) and _starts_clause(right, words, own_subject=joined is not None):
            cuts.append((start + begin, start + mark.start()))
            begin = mark.end()
    cuts.append((start + begin, end))
    return [trimmed(text, *part) for cut in cuts for part in _said_on(text, cut, words)]


def _said_on(text: str, span: Span, words: Wording) -> list[Span]:
    """As in "confirmed the fault but said that it was short": two things said."""
    start, end = span
    plain = straighten(text[start:end])
    found = words.find("says_on", plain)
    if found is None or plain.count('"', 0, found.start()) % 2:
        return [span]
    left, begin = plain[: found.start()], found.end()
    that = words.find("that", plain[begin : begin + 12])
    if that is not None and not plain[begin : begin + that.start()].strip():
        begin += that.end()
    right = words_in(plain[begin:])
    if len(right) < _LEAST_SAID or not has_verb(right, words):
        return [span]
    if not _stands(left, words):
        return [(start + begin, end)]  # "confirmed the number but said that …"
    return [(start, start + found.start()), (start + begin, end)]


def _contrast(plain: str, begin: int, mark: "re.Match[str]") -> int:
    """Where the second half of "bread rose by 7 per cent while milk fell by 2" starts, else 0.

    Only between two figures: any other "while" may only say when.
    """
    left, right = plain[begin : mark.start()], plain[mark.end() :]
    figures = all(any(char.isdigit() for char in half) for half in (left, right))
    quoted = plain.count('"', 0, mark.start()) % 2
    return mark.end() + right.index(" ") + 1 if figures and not quoted else 0


def _stands(passage: str, words: Wording) -> bool:
    found = words_in(passage)
    return len(found) >= _LEAST and has_verb(found, words)


def _starts_clause(passage: str, words: Wording, *, own_subject: bool) -> bool:
    """Whether a clause starts here: a subject first, a finite verb within a few words."""
    found = words_in(passage)
    if not own_subject:
        return len(found) >= _LEAST_SAID and has_verb(found, words)
    if len(found) < _LEAST:
        return False
    first = passage.lstrip().split(" ", 1)[0]
    subject = found[0] in words.words("determiners") | words.words("he") | words.words("it")
    if not (subject or first[:1].isupper()):
        return False
    return any(
        word in words.words("subject_verbs") or _is_past(word, words) for word in found[1:7]
    )


def _is_past(word: str, words: Wording) -> bool:
    suffix = words.affixes.get("past_suffix", ())
    return word in words.words("past") or bool(
        suffix and len(word) > 3 and word.endswith(suffix) and word not in words.words("not_past")
    )


def _predicates(text: str, start: int, end: int, words: Wording) -> list[Assertion]:
    """As in "She signed the lease and sold the boat": two assertions of one subject."""
    whole = [Assertion(start, end)]
    plain = straighten(text[start:end])
    if words.language != "en" or '"' in plain[:1]:
        return whole
    found = list(_WORD.finditer(plain))
    verb = next(
        (at for at, word in enumerate(found[:_LONGEST_SUBJECT]) if at and _verbal(word[0], words)),
        None,
    )
    if verb is None:
        return whole
    for at in range(verb + 2, len(found) - 2):
        if found[at][0].lower() != "and" or plain.count('"', 0, found[at].start()) % 2:
            continue
        if not _second_verb(found, at, words):
            continue
        left = [word[0].lower() for word in found[:at]]
        if any(word in words.words("subordinators") for word in left):
            return whole
        return _two(text, start, end, plain, found, verb, at, words)
    return whole


def _verbal(word: str, words: Wording) -> bool:
    lower = word.lower()
    return word[:1].islower() and (lower in words.words("subject_verbs") or _is_past(lower, words))


def _second_verb(found: list["re.Match[str]"], at: int, words: Wording) -> bool:
    """Whether a past verb that takes an object or a place follows "and", not a participle."""
    following = found[at + 1][0]
    if following in {"will", "would"}:
        return True
    if not (following.islower() and _is_past(following, words)):
        return False
    after = found[at + 2][0].lower()
    if following in {"was", "were", "had"} and after not in words.words("between_verbs"):
        return False
    return after != "by" and len(found) - at > 3


def _two(
    text: str,
    start: int,
    end: int,
    plain: str,
    found: list["re.Match[str]"],
    verb: int,
    at: int,
    words: Wording,
) -> list[Assertion]:
    subject = _ADVERBS.sub("", plain[: found[verb].start()].rstrip())
    lead_words = text[start : start + len(subject)]
    auxiliary = found[verb][0].lower()
    if auxiliary in words.words("subject_verbs"):
        lead_words += f" {auxiliary}"
    left = trimmed(text, start, start + found[at].start())
    right = trimmed(text, start + found[at].end(), end)
    return [Assertion(*left), Assertion(*right, lead=lead_words)]
