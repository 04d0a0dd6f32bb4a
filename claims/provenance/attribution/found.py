"""What the rules find in one sentence before chains are drawn: a cue with its source."""

from dataclasses import dataclass, field

from claims.provenance.attribution.phrases import Phrase
from claims.text.attributed import Span


@dataclass(slots=True, eq=False)
class Found:
    """One cue with the phrase it makes a source, and how it stands to the others.

    ``role`` is speech (X said), frame (according to X), cite (citing X), carrier (told X: the
    outlet that carries the speaker), or byline. ``parent`` is filled in when chains are drawn.
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
    children: list["Found"] = field(default_factory=list)
