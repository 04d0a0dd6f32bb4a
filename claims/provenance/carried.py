"""Which attributions of an article carry one claim, and which only stand beside it."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from claims.text.anchors import QUOTE, anchors
from claims.text.attributed import Attribution, Span, chain
from claims.text.normalise import folded
from claims.text.sentences import Sentence, sentences

VERSION = "1"

LEAST = 0.34
"""How much of the claim a sentence has to say, 0 to 1, to be about it at all."""
NEAR_BEST = 0.72
"""A sentence that says this share of what the best one says may carry the claim too."""

_LEAST_FOREIGN = 0.5
_LONGEST_TEXT = 200_000
_LONGEST_STEM = 5
_SHORT = 2
_HEAD = 12
_WORD = re.compile(r"\w+")
_ENDS = re.compile(r"[.!?…؟。][\"'”’»)\]]*\s*$")
# Small words of the press's languages; they stand in any sentence and tell nothing.
_SMALL = frozenset(
    "the and for with that this from has have had was were been are its their his her they into "
    "after before over about said says also who which will would could there than then but not "
    "les des une dans pour avec que qui sur par est ont été aux son ses los las una con por para "
    "del que sus fue han como der die das und ein eine mit von den dem sich ist hat".split()
)
_REPORTS = frozenset({"outlet", "collective", "unnamed", "document"})
_MARGINS = frozenset({"agency_byline", "agency_credit"})


class How(StrEnum):
    """Why a chain is taken to carry the claim."""

    STATED = "stated"
    """The sentence that makes the claim says on whose word."""
    INHERITED = "inherited"
    """That sentence names nobody; the report the story rests on is suggested."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What carries a claim in one article.

    ``chains``: each from the article upwards. ``byline``: the agency whose text it runs.
    ``said_at``: the sentences that make the claim; ``score``: how much of it the best one says.
    """

    chains: tuple[tuple[Attribution, ...], ...] = ()
    how: How = How.STATED
    byline: Attribution | None = None
    said_at: tuple[Span, ...] = ()
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """A claim made ready to be looked for: its words, and the names in it."""

    wordings: tuple[frozenset[str], ...]
    names: frozenset[str]
    language: str = ""


def wanted(*words: str, language: str = "") -> Wanted:
    """The claim in each of its wordings: its text, and the words it was quoted from."""
    said = [text for text in words if text.strip()]
    sets = tuple(filter(None, (_stems(text) for text in said)))
    names = frozenset(name for text in said for name in _names(text))
    return Wanted(sets, names, language.partition("-")[0].lower())


def carried(
    claim: Wanted, text: str, attributions: Sequence[Attribution], *, language: str = ""
) -> Carried:
    """Find the sentences of *text* that make the claim, and on whose word they do.

    Linear in the length of the text, of which the first 200,000 characters are looked at.
    """
    by_id = {edge.id: edge for edge in attributions}
    byline = next((e for e in attributions if e.rule == "agency_byline"), None)
    told = [edge for edge in attributions if edge.rule not in _MARGINS]
    near, best = _near(_scored(claim, text, language), foreign=_is_foreign(claim, language))
    said_at = tuple((one.start, one.end) for one, _ in near)
    body = [(one.start, one.end) for one, head in near if not head]
    heads = [(one.start, one.end) for one, head in near if head]
    # A headline is set by somebody else and drops who says so: the body is asked first.
    chains = _chains(_reaching(told, body), by_id)
    if not chains:
        turns = [edge for edge in told if edge.rule == "headline"] if body else told
        chains = _chains(_reaching(turns, heads), by_id)
    if chains:
        return Carried(chains, How.STATED, byline, said_at, best)
    main = _main_report(attributions)
    if main is None or byline is not None:
        return Carried((), How.STATED, byline, said_at, best)
    chains = _chains(_above(main, told), by_id)
    return Carried(chains, How.INHERITED, byline, said_at, best)


def _near(
    scored: list[tuple[float, Sentence, bool]], *, foreign: bool
) -> tuple[list[tuple[Sentence, bool]], float]:
    """The sentences that make the claim, each with whether it is a headline; and the best score.

    In another language many sentences hold the same few names: the first best one is taken.
    """
    best = max((score for score, _, _ in scored), default=0.0)
    floor = max(LEAST, NEAR_BEST * best)
    near = [(one, head) for score, one, head in scored if score >= floor]
    if foreign:
        near = [(one, head) for score, one, head in scored if score == best and best >= LEAST]
        near = ([entry for entry in near if not entry[1]] or near)[:1]
    return near, best


def _scored(claim: Wanted, text: str, language: str) -> list[tuple[float, Sentence, bool]]:
    """Each sentence with how much of the claim it says, and whether it is a headline."""
    found = sentences(text[:_LONGEST_TEXT])
    alone = Counter(one.paragraph for one in found)
    says = _says_abroad if _is_foreign(claim, language) else _says
    return [
        (
            says(claim, one.text),
            one,
            number < _HEAD and alone[one.paragraph] == 1 and not _ENDS.search(one.text),
        )
        for number, one in enumerate(found)
    ]


def _is_foreign(claim: Wanted, language: str) -> bool:
    own = language.partition("-")[0].lower()
    return bool(claim.language and own and claim.language != own)


def _says(claim: Wanted, sentence: str) -> float:
    stems = _stems(sentence)
    return max((len(stems & words) / len(words) for words in claim.wordings), default=0.0)


def _says_abroad(claim: Wanted, sentence: str) -> float:
    """In another language only names and numbers can be compared."""
    if len(claim.names) < _SHORT:
        return 0.0
    share = len(_names(sentence) & claim.names) / len(claim.names)
    return share if share >= _LEAST_FOREIGN else 0.0


def _stems(text: str) -> frozenset[str]:
    """The words of a text that tell something, cut short so that endings make no difference."""
    # Most sentences are plain ASCII, and folding takes most of the time.
    bare = text.casefold() if text.isascii() else folded(text)
    return frozenset(
        word[:_LONGEST_STEM]
        for word in _WORD.findall(bare)
        if word not in _SMALL and (len(word) > _SHORT or word.isdigit())
    )


def _names(text: str) -> frozenset[str]:
    # A first word has a capital anyway, and is no name for that; here it may well be one.
    return frozenset(anchors(f"x {text}").sequence) - {QUOTE}


def _reaching(edges: Iterable[Attribution], spans: Sequence[Span]) -> list[Attribution]:
    """The edges whose passages meet one of these spans, which are apart and in order."""
    starts = [start for start, _ in spans]

    def meets(start: int, end: int) -> bool:
        before = bisect_left(starts, end) - 1
        return before >= 0 and start < spans[before][1]

    return [edge for edge in edges if any(meets(*one) for one in edge.reach or (edge.cue_span,))]


def _chains(
    edges: Iterable[Attribution], known: Mapping[str, Attribution]
) -> tuple[tuple[Attribution, ...], ...]:
    """The longest chains that these edges stand in, each once."""
    found = {
        tuple(hop.id for hop in hops): hops for edge in edges if (hops := chain(edge.id, known))
    }
    shorter = {ids[:length] for ids in found for length in range(1, len(ids))}
    return tuple(hops for ids, hops in found.items() if ids not in shorter)


def _main_report(edges: Sequence[Attribution]) -> Attribution | None:
    """The report a story rests on: the one that it comes back to most often, else the first."""
    first = [
        edge
        for edge in edges
        if edge.depth == 1
        and not edge.is_denial
        and edge.kind in _REPORTS
        and (edge.same_as is None or edge.rule == "headline")
    ]
    first = [edge for edge in first if edge.same_as is None]
    if not first:
        return None
    again = Counter(edge.same_as for edge in edges if edge.same_as)
    return max(
        first, key=lambda edge: (again[edge.id], edge.rule not in _MARGINS, -edge.cue_span[0])
    )


def _above(main: Attribution, edges: Iterable[Attribution]) -> list[Attribution]:
    """The main report and all that it is said to rest on."""
    reached: AbstractSet[str] = {main.id}
    found = [main]
    for edge in edges:
        if edge.from_id in reached and not edge.is_denial and edge.same_as is None:
            reached |= {edge.id}
            found.append(edge)
    return found
