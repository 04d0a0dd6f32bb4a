"""What each article carries of a claim, read once and kept until text, claim or rules change."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from claims.provenance.carried import VERSION as CARRIED_VERSION
from claims.provenance.carried import Carried, How, Wanted, carried
from claims.provenance.naming import NAME_ROOM, plain_name, plain_words
from claims.text.attributed import Attribution
from claims.text.sentences import sentences

VERSION = "1"
TOLD_EVERY = 500

_CREDIT_LINES = 3
_CREDIT_WORDS = 25


class Readable(Protocol):
    """An article as far as it is read here."""

    @property
    def id(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def attributions(self) -> tuple[Attribution, ...]: ...


@dataclass(frozen=True, slots=True)
class Heard:
    """What one article carries of the claim, and where it may name an outlet.

    ``openings``: the plain words from each place on where it names a source; ``lines``: those of
    the short lines at its margins. Which of them are outlets depends on the coverage. ``read_as``
    is a digest of all that this was read from.
    """

    read_as: str
    carried: Carried
    openings: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


SoFar = Callable[[Mapping[str, Heard]], None]
"""Told after every few hundred articles what was read since, to be kept in case of a break."""


def hear(
    claim: Wanted,
    articles: Iterable[Readable],
    *,
    before: Mapping[str, Heard],
    so_far: SoFar | None = None,
) -> dict[str, Heard]:
    """What each of these articles carries, by id; only those are read that differ from before."""
    wish = _digest(VERSION, CARRIED_VERSION, *sorted(map(sorted, claim.wordings)),
                   sorted(claim.names), claim.language)  # fmt: skip
    found: dict[str, Heard] = {}
    fresh: dict[str, Heard] = {}
    for article in articles:
        read_as = _digest(wish, article.language, article.text, article.attributions)
        known = before.get(article.id)
        if known is None or known.read_as != read_as:
            known = fresh[article.id] = _hear(claim, article, read_as)
            if so_far is not None and len(fresh) == TOLD_EVERY:
                so_far(fresh)
                fresh = {}
        found[article.id] = known
    return found


def _hear(claim: Wanted, article: Readable, read_as: str) -> Heard:
    starts = dict.fromkeys(edge.source_span[0] for edge in article.attributions)
    openings = (plain_name(article.text[start : start + NAME_ROOM]) for start in starts)
    told = sentences(article.text)
    return Heard(
        read_as=read_as,
        carried=carried(claim, article.text, article.attributions, language=article.language),
        openings=tuple(dict.fromkeys(openings)),
        lines=tuple(
            plain_words(one.text)
            for one in (*told[:_CREDIT_LINES], *told[-_CREDIT_LINES:])
            if len(one.text.split()) <= _CREDIT_WORDS
        ),
    )


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


# -- as rows ------------------------------------------------------------------------------------


def heard_as_json(heard: Heard) -> dict[str, Any]:
    """What was heard as it is kept: attributions by their ids, the digest beside it."""
    read = heard.carried
    return {
        "chains": [[hop.id for hop in hops] for hops in read.chains],
        "how": str(read.how),
        "byline": read.byline.id if read.byline is not None else None,
        "said_at": [list(span) for span in read.said_at],
        "score": read.score,
        "openings": list(heard.openings),
        "lines": list(heard.lines),
    }


def heard_from_json(
    kept: Mapping[str, Any], read_as: str, attributions: Sequence[Attribution]
) -> Heard | None:
    """The same again; None where it was not kept, or of other attributions than these."""
    by_id = {edge.id: edge for edge in attributions}
    try:
        read = Carried(
            chains=tuple(tuple(by_id[one] for one in ids) for ids in kept["chains"]),
            how=How(kept["how"]),
            byline=by_id[kept["byline"]] if kept["byline"] is not None else None,
            said_at=tuple((start, end) for start, end in kept["said_at"]),
            score=kept["score"],
        )
    except KeyError:
        return None
    return Heard(read_as, read, tuple(kept["openings"]), tuple(kept["lines"]))
