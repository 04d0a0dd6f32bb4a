"""What of a text no longer stands in a later version of it, apart from what does not matter."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rapidfuzz import fuzz, process

from claims.text.normalise import folded
from claims.text.passage import How, find_again
from claims.text.sentences import sentences

Span = tuple[int, int]

# Shorter ones are labels, bylines and "3 min read", which come and go by themselves, unless they
# are told as a sentence: "Nobody was hurt."
LEAST_WORDS = 5
_SHORT = re.compile(r"[^\d:|@]+ [^\d:|@]+ [^\d:|@]+[.!?][\"')]*")
LEAST_CHARACTERS = 12
ALIKE = 60
# That much of the old text may be replaced around an article without it being another one.
REPLACED = 0.1
_PAIRED_AT_MOST = 60
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―", "-"))
_NOTE = re.compile(
    r"^\W*(?:correction|corrections|clarification|editor'?s'? note|update to this story"
    r"|an earlier version of (?:this|the)"
    r"|rectificati(?:f|on)|correctif|erratum|précision|une version (?:antérieure|précédente)"
    r"|correcci[oó]n|rectificaci[oó]n|fe de errores|una versi[oó]n anterior"
    r"|korrektur|berichtigung|richtigstellung|in einer früheren (?:version|fassung)"
    r"|تصحيح|تصويب|توضيح|תיקון|הבהרה)\b",
    re.IGNORECASE,
)


class Quote(StrEnum):
    """How the quoted words stand in the later text."""

    NONE = "none"
    KEPT = "kept"
    CHANGED = "changed"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Edit:
    """A sentence that was written anew: what stood there, and what stands there now."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Revision:
    """The way from one text to a later one. Spans count characters of the old and the new text.

    ``sign`` names what of the old text no longer stands: it stays the same from night to night
    while things around it go on changing.
    """

    gone: Sequence[Span]
    came: Sequence[Span]
    edits: Sequence[Edit]
    notes: Sequence[str]
    quote: Quote
    share: float
    sign: str

    @property
    def matters(self) -> bool:
        """Whether somebody who relied on the old text would want to know."""
        quote = self.quote in {Quote.CHANGED, Quote.LOST}
        return quote or bool(self.edits or self.notes) or self.share >= REPLACED


def revised(old: str, new: str, *, quote: Mapping[str, Any] | None = None) -> Revision:
    """What a reader of *old* would find different in *new*, sentence by sentence."""
    broken = "\u00ad" in old or "\u00ad" in new
    before, after = list(_keyed(old, broken=broken)), list(_keyed(new, broken=broken))
    known = {key for key, _ in before}
    kept = {key for key, _ in after}
    gone = [(key, span) for key, span in before if key not in kept]
    came = [(key, span) for key, span in after if key not in known]
    edits = _edits([key for key, _ in gone], [key for key, _ in came])
    notes = [key for key, _ in came if _NOTE.match(key)]
    stands = _stands(quote, new)
    whole = sum(end - start for _, (start, end) in before)
    lost = sum(end - start for _, (start, end) in gone)
    places_old, places_new = dict(gone), dict(came)
    return Revision(
        gone=[span for _, span in gone],
        came=[span for _, span in came],
        edits=[Edit(_at(old, places_old[one]), _at(new, places_new[two])) for one, two in edits],
        notes=[_at(new, places_new[key]) for key in notes],
        quote=stands,
        share=lost / whole if whole else 0.0,
        sign=_sign(stands, [key for key, _ in gone], notes),
    )


def _keyed(text: str, *, broken: bool) -> Iterator[tuple[str, Span]]:
    """Each sentence that is one, in its comparing form, with its place.

    ``broken``: where lines break words, a hyphen may come and go with them.
    """
    for one in sentences(text):
        key = folded(text[one.start : one.end]).translate(_DASHES)
        key = key.replace("-", "") if broken else key
        if _is_told(key) or _NOTE.match(key):
            yield key, (one.start, one.end)


def _is_told(key: str) -> bool:
    """Whether it says something; scripts without spaces are measured by their characters."""
    if len(key.split()) >= LEAST_WORDS or _SHORT.fullmatch(key):
        return True
    return " " not in key and len(key) >= LEAST_CHARACTERS


def _edits(gone: Sequence[str], came: Sequence[str]) -> list[tuple[str, str]]:
    """Sentences that went, each with the one that came in its place, where one is like it."""
    left = list(came[:_PAIRED_AT_MOST])
    pairs = []
    for key in gone[:_PAIRED_AT_MOST]:
        best = process.extractOne(key, left, scorer=fuzz.ratio, score_cutoff=ALIKE)
        if best is not None:
            pairs.append((key, best[0]))
            left.remove(best[0])
    return pairs


def _stands(quote: Mapping[str, Any] | None, text: str) -> Quote:
    if not quote or not quote.get("exact"):
        return Quote.NONE
    found = find_again(
        text,
        quote["exact"],
        prefix=quote.get("prefix", ""),
        suffix=quote.get("suffix", ""),
        near=quote.get("start"),
    )
    if found is None:
        return Quote.LOST
    return Quote.CHANGED if found.how == How.CHANGED else Quote.KEPT


def _sign(quote: Quote, gone: Sequence[str], notes: Sequence[str]) -> str:
    told = "\n".join([quote, *sorted(gone), "", *sorted(notes)])
    return hashlib.sha256(told.encode()).hexdigest()


def _at(text: str, span: Span) -> str:
    return text[span[0] : span[1]]
