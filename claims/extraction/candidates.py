"""The candidates of an article: one checkable assertion each, anchored, scored and in order."""

from dataclasses import dataclass

from claims.extraction.checkworthiness import Part
from claims.extraction.layout import Layout
from claims.text.attributed import Attribution


@dataclass(frozen=True, slots=True)
class Quote:
    """The exact words of the article: ``text[start:end] == exact``, with what stands around."""

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Appearance:
    """Another place where the article makes the claim (headline, deck), with a note on it."""

    start: int
    end: int
    note: str
    hedge_lost: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """One assertion nobody has taken yet.

    ``text`` reads alone (names for pronouns); ``quote`` is what stands in the article. ``score``
    is 0 to 1, the sum of ``parts``. ``attributions`` are ids of edges, deepest hop last; with
    ``inherited`` they are only a suggestion, the chain of the story's main report. ``claimant``
    is the named person or organisation at the end of the chain, never a relaying outlet.
    """

    text: str
    quote: Quote
    language: str
    score: float
    parts: tuple[Part, ...]
    attributions: tuple[str, ...] = ()
    inherited: bool = False
    hedged: bool = False
    claimant: str | None = None
    appearances: tuple[Appearance, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A passage that is no candidate, and why in a sentence for people."""

    text: str
    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one reading found; the first candidate is the central one. Both may be empty."""

    candidates: tuple[Candidate, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def extract(
    text: str,
    *,
    language: str,
    layout: Layout,
    attributions: tuple[Attribution, ...] = (),
) -> Extraction:
    """Read the checkable assertions out of *text*, central one first. Never raises on words."""
    return Extraction()
