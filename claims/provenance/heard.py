"""What each article carries of a claim, read once and kept until text, claim or rules change."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from claims.provenance.carried import VERSION as CARRIED_VERSION
from claims.provenance.carried import How, Wanted, carried
from claims.provenance.issued import is_press_release
from claims.provenance.naming import NAME_ROOM, plain_name, plain_words
from claims.text.attributed import Attribution, Span
from claims.text.sentences import sentences

VERSION = "2"
TOLD_EVERY = 500

CUE_MAX = 200
QUOTE_MAX = 1_000

_CREDIT_LINES = 3
_CREDIT_WORDS = 25


class Readable(Protocol):
    """An article as far as it is read here.

    ``content`` is a digest of its text and attributions where these are not at hand; else empty.
    """

    @property
    def id(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def attributions(self) -> tuple[Attribution, ...]: ...
    @property
    def content(self) -> str: ...


class Hop(NamedTuple):
    """One step of a chain with its proof: all that is asked to make a link of it.

    ``plain`` is the label for comparing. ``opening``: the plain words from where the article
    names the source, empty where the label was found elsewhere in it. ``quote`` is the passage
    from ``start`` to ``end`` of the text, the cue that from ``cue_start`` to ``cue_end``.
    """

    label: str
    plain: str
    kind: str
    named: bool
    is_denial: bool
    opening: str
    rule: str
    version: str
    confidence: float
    quote: str
    start: int
    end: int
    cue: str
    cue_start: int
    cue_end: int


@dataclass(frozen=True, slots=True)
class Heard:
    """What one article carries of the claim, and where it may name an outlet.

    ``chains``: what carries the claim, each from the article upwards. ``byline``: the agency
    whose text it runs. ``said_at``: the sentences that make the claim; ``score``: how much of it
    the best one says. ``openings``: the plain words from each place on where it names a source;
    ``lines``: those of the short lines at its margins. Which of them are outlets depends on the
    coverage. ``cited``: what it calls outlets itself. ``release``: whether it is a press release
    by what it says of itself. ``read_as`` is a digest of all that this was read from.
    """

    read_as: str
    chains: tuple[tuple[Hop, ...], ...] = ()
    how: How = How.STATED
    byline: Hop | None = None
    said_at: tuple[Span, ...] = ()
    score: float = 0.0
    openings: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    cited: tuple[str, ...] = ()
    release: bool = False


SoFar = Callable[[Mapping[str, Heard]], None]
"""Told after every few hundred articles what was read since, to be kept in case of a break."""

Whole = Callable[[Collection[str]], Mapping[str, Readable]]
"""The articles with these ids, with text and attributions; they may have changed meanwhile."""


def hear(
    claim: Wanted,
    articles: Iterable[Readable],
    *,
    before: Mapping[str, Heard],
    whole: Whole | None = None,
    so_far: SoFar | None = None,
) -> dict[str, Heard]:
    """What each of these articles carries, by id; only those are read that differ from before.

    ``whole`` fetches the words of those to be read, a few hundred at a time, where the articles
    come without them.
    """
    wish = _digest(VERSION, CARRIED_VERSION, *sorted(map(sorted, claim.wordings)),
                   sorted(claim.names), claim.language)  # fmt: skip
    found: dict[str, Heard] = {}
    unread: list[Readable] = []
    for article in articles:
        known = before.get(article.id)
        if known is not None and known.read_as == _read_as(wish, article):
            found[article.id] = known
        else:
            unread.append(article)
    for at in range(0, len(unread), TOLD_EVERY):
        part = unread[at : at + TOLD_EVERY]
        if whole is not None:
            part = list(whole([article.id for article in part]).values())
        fresh = {one.id: _hear(claim, one, _read_as(wish, one)) for one in part}
        if so_far is not None and len(part) == TOLD_EVERY:
            so_far(fresh)
        found |= fresh
    return found


def _read_as(wish: str, article: Readable) -> str:
    return _digest(wish, article.language, article.url, content_of(article))


def content_of(article: Readable) -> str:
    """A digest of what an article says, text and attributions."""
    return article.content or _digest(article.text, article.attributions)


def _hear(claim: Wanted, article: Readable, read_as: str) -> Heard:
    starts = dict.fromkeys(edge.source_span[0] for edge in article.attributions)
    openings = (_opening(article.text, start) for start in starts)
    told = sentences(article.text)
    read = carried(claim, article.text, article.attributions, language=article.language)
    return Heard(
        read_as=read_as,
        chains=tuple(tuple(_hop(article.text, edge) for edge in hops) for hops in read.chains),
        how=read.how,
        # An agency is what the byline calls it, whatever else the text says of it.
        byline=_hop(article.text, read.byline, label=read.byline.source) if read.byline else None,
        said_at=read.said_at,
        score=read.score,
        openings=tuple(dict.fromkeys(openings)),
        lines=tuple(
            plain_words(one.text)
            for one in (*told[:_CREDIT_LINES], *told[-_CREDIT_LINES:])
            if len(one.text.split()) <= _CREDIT_WORDS
        ),
        cited=tuple(
            dict.fromkeys(edge.source for edge in article.attributions if edge.kind == "outlet")
        ),
        release=is_press_release(article.text, url=article.url),
    )


def _hop(text: str, edge: Attribution, *, label: str = "") -> Hop:
    label = label or edge.resolves_to or edge.source
    start, end = _shown(text, edge)
    return Hop(
        label=label,
        plain=plain_name(label),
        kind=edge.kind,
        named=edge.named,
        is_denial=edge.is_denial,
        opening=_opening(text, edge.source_span[0]) if edge.resolves_to is None else "",
        rule=edge.rule,
        version=edge.version,
        confidence=edge.confidence,
        quote=text[start:end],
        start=start,
        end=end,
        cue=edge.cue[:CUE_MAX],
        cue_start=edge.cue_span[0],
        cue_end=edge.cue_span[1],
    )


def _opening(text: str, start: int) -> str:
    """The plain words from here on: a reader of sentences may cut an outlet's name short."""
    return plain_name(text[start : start + NAME_ROOM])


def _shown(text: str, edge: Attribution) -> Span:
    """The passage that shows a link, no longer than a person reads: its line, or a part."""
    span = next(
        ((s, e) for s, e in edge.reach if s <= edge.cue_span[0] and edge.cue_span[1] <= e),
        (min(edge.source_span[0], edge.cue_span[0]), max(edge.source_span[1], edge.cue_span[1])),
    )
    start, end = span
    if end - start <= QUOTE_MAX:
        return span
    first = min(edge.source_span[0], edge.cue_span[0])
    last = max(edge.source_span[1], edge.cue_span[1])
    room = max(0, QUOTE_MAX - (last - first)) // 2
    left = max(start, first - room, text.rfind("\n", start, first) + 1)
    stop = text.find("\n", last, end)
    right = min(end, last + room, stop if stop >= 0 else end)
    return left, min(right, left + QUOTE_MAX)


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


# -- as rows ------------------------------------------------------------------------------------


def heard_as_json(heard: Heard) -> dict[str, Any]:
    """What was heard as it is kept, the digest beside it."""
    return {
        "chains": heard.chains,
        "how": str(heard.how),
        "byline": heard.byline,
        "said_at": heard.said_at,
        "score": heard.score,
        "openings": heard.openings,
        "lines": heard.lines,
        "cited": heard.cited,
        "release": heard.release,
    }


_HOW = {str(how): how for how in How}


def heard_from_json(kept: Mapping[str, Any], read_as: str) -> Heard | None:
    """The same again; None where nothing was kept, or in another form than now."""
    if "release" not in kept:
        return None
    byline = kept["byline"]
    return Heard(
        read_as=read_as,
        chains=tuple(tuple(map(Hop._make, hops)) for hops in kept["chains"]),
        how=_HOW[kept["how"]],
        byline=Hop._make(byline) if byline is not None else None,
        said_at=tuple((start, end) for start, end in kept["said_at"]),
        score=kept["score"],
        openings=tuple(kept["openings"]),
        lines=tuple(kept["lines"]),
        cited=tuple(kept["cited"]),
        release=kept["release"],
    )
