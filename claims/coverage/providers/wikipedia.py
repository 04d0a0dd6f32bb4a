"""Wikipedia, as a lead to sources and never as one: who cites it cites what it cites."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from claims.coverage.providers.base import (
    Answer,
    Get,
    Hit,
    ProviderError,
    Query,
    Skip,
    ask_json,
    day_of,
    gather,
    link,
    number_of,
    onward,
    raw_of,
    snippet_of,
    spoken,
    words_of,
)
from claims.coverage.providers.refusals import listed, said_in

_PER_PAGE = 20
_BUSY = frozenset({"maxlag", "ratelimited", "readonly", "cirrussearch-too-busy-error"})


@dataclass(frozen=True, slots=True)
class Wikipedia:
    name: str = "wikipedia"
    label: str = "Wikipedia"
    pace: float = 1.0
    pages: int = 1
    missing: str = ""

    def search(self, query: Query, *, get: Get, cursor: str = "") -> Answer:
        """Pages about the query in the Wikipedia of its language."""
        language = spoken(query.language) or "en"
        url = link(
            f"https://{language}.wikipedia.org/w/api.php",
            action="query",
            list="search",
            srsearch=query.words,
            srlimit=_PER_PAGE,
            sroffset=number_of(cursor, most=9_999) or "",
            format="json",
            formatversion=2,
            maxlag=5,
        )
        return onward(parse(ask_json(get, url, label=self.label), language=language), cursor)


def parse(data: Mapping[str, Any], *, language: str) -> Answer:
    """Leads from an answer of MediaWiki's search; its errors come with status 200."""
    _refuse_error(data)
    query = listed(data, "query", label="Wikipedia")
    entries = listed(query, "search", label="Wikipedia") if isinstance(query, Mapping) else {}

    def hit(entry: Mapping[str, Any]) -> Hit:
        title = words_of(entry.get("title"))
        if not title:
            raise Skip("no_entry")
        path = quote(title.replace(" ", "_"), safe=":/(),'!")
        raw, day = day_of(entry.get("timestamp"))
        return Hit(
            url=f"https://{language}.wikipedia.org/wiki/{path}",
            title=title,
            outlet_hint="Wikipedia",
            published_raw=raw,
            published_on=day,
            lang=language,
            snippet=snippet_of(entry.get("snippet")),
            kind="lead",
            raw=raw_of(entry),
        )

    answer = gather(entries, hit)
    following = data.get("continue")
    offset = following.get("sroffset") if isinstance(following, Mapping) else None
    more = str(offset) if isinstance(offset, int) and not isinstance(offset, bool) else ""
    return Answer(answer.items, more, answer.notices)


def _refuse_error(data: Mapping[str, Any]) -> None:
    error = data.get("error")
    if not isinstance(error, Mapping) or not error:
        return
    code, info = words_of(error.get("code"), 40), words_of(error.get("info"), 160)
    if code in _BUSY:
        raise ProviderError("unavailable", f"Wikipedia is busy: {info or code}", retry=True)
    raise ProviderError(
        "rejected", f"Wikipedia did not accept the question: {info or code or said_in(data)}"
    )
