"""The local archive as a place to look: full text over the desk's own WARC files, no network."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil
from uuid import UUID

from django.contrib.postgres.search import SearchQuery

from claims.coverage.queries import Query
from claims.coverage.relevance import ENOUGH, Clue, best_share, clues
from claims.models import ArchivePage
from claims.models.coverage import PAGE_SEARCH

HITS_MAX = 200
# How many pages are looked at more closely for one query: ranking a common word costs seconds.
_CANDIDATES = 400
_CLUES = 8


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the archive that answers the queries; ``share`` says how well, 0 to 1."""

    page: UUID
    url: str
    title: str
    share: float


def search(queries: Sequence[Query]) -> list[Found]:
    """The pages about the same story, best first.

    The index finds pages that hold about half of a query's words, in any form; the closer look
    of ``relevance`` decides.
    """
    found = []
    for pk, url, title, words in _candidates(queries):
        share = best_share(queries, words)
        if share >= ENOUGH:
            found.append(Found(pk, url, title, share))
    # Several files may hold one page.
    best = {one.url: one for one in sorted(found, key=lambda one: one.share)}
    return sorted(best.values(), key=lambda one: (-one.share, one.url))[:HITS_MAX]


def _candidates(queries: Iterable[Query]) -> Iterator[tuple[UUID, str, str, str]]:
    seen: set[UUID] = set()
    for query in queries:
        for row in _matching(clues(query)[:_CLUES]):
            if row[0] not in seen:
                seen.add(row[0])
                yield row


def _matching(wanted: tuple[Clue, ...]) -> list[tuple[UUID, str, str, str]]:
    """Pages with half of the words; where those are too many, the ones with all or most first."""
    if not wanted:
        return []
    half = ceil(len(wanted) / 2)
    rows = _rows(wanted, least=half)
    if len(rows) < _CANDIDATES:
        return rows
    closer = {
        row[0]: row for least in range(len(wanted), half, -1) for row in _rows(wanted, least)
    }
    closer.update({row[0]: row for row in rows if row[0] not in closer})
    return list(closer.values())[:_CANDIDATES]


def _rows(wanted: tuple[Clue, ...], least: int) -> list[tuple[UUID, str, str, str]]:
    some = " | ".join(
        f"({' & '.join(map(_lexeme, chosen))})" for chosen in combinations(wanted, least)
    )
    asked = SearchQuery(some, search_type="raw", config="simple")
    return list(
        ArchivePage.objects.annotate(words=PAGE_SEARCH)
        .filter(words=asked)
        .values_list("pk", "url", "title", "text")[:_CANDIDATES]
    )


def _lexeme(clue: Clue) -> str:
    """A clue in the language of ``to_tsquery``: its forms, each as a beginning or whole.

    Stems are letters and digits alone, so the quotation marks hold whatever they are.
    """
    mark = "" if clue.whole else ":*"
    forms = " | ".join(f"'{stem}'{mark}" for stem in clue.stems)
    return f"({forms})" if len(clue.stems) > 1 else forms
