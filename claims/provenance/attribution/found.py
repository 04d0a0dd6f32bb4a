"""What the rules find in one sentence before chains are drawn: a cue with its source."""

from dataclasses import dataclass, field

from claims.provenance.attribution.words import Phrase, Words
from claims.text.attributed import Span

SURE, LIKELY, GUESSED = 0.95, 0.85, 0.7
"""How sure a rule is; a source that no list knows is never more than guessed."""


@dataclass(slots=True, eq=False)
class Found:
    """One cue with the phrase it makes a source, and how it stands to the others.

    ``role`` is speech (X said), frame (according to X), cite (citing X), carrier (told X: the
    outlet that carries the speaker), or byline. ``parent`` is filled in when chains are drawn;
    ``medium`` is the letter in which somebody says it.
    """

    phrase: Phrase
    role: str
    rule: str
    cue: Span
    first: int
    stop: int
    confidence: float
    content_first: bool = False
    denial: bool = False
    parent: "Found | None" = None
    settled: bool = False
    quoted: int = 0
    relative: int = -1
    segment: int = 0
    medium: Phrase | None = None
    children: list["Found"] = field(default_factory=list)


def make(
    words: Words, phrase: Phrase, role: str, rule: str, index: int, stop: int, confidence: float
) -> Found:
    tokens = words.tokens
    start = index
    if role == "speech" and index > 0 and words.lexicon.word(tokens[index - 1], "cue_auxiliary"):
        start = index - 1
    return Found(
        phrase=phrase,
        role=role,
        rule=rule,
        cue=cue_span(words, start, stop),
        first=index,
        stop=stop,
        confidence=confidence if phrase.known else min(confidence, GUESSED),
        quoted=words.quoted[index],
    )


def cue_span(words: Words, first: int, stop: int) -> Span:
    return words.tokens[first].start, words.tokens[stop - 1].end
