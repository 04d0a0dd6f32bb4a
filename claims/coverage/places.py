"""The places a desk can look in: which there are, which are on, and asking one of them.

``settings.COVERAGE`` is a table as ``{"on": ["archive", …], "searxng": {"url": …}}``: the
providers that are asked unless somebody says otherwise, and what each needs to know. A name of
the form ``package.module:Class`` adds a provider of the desk's own.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings

from claims import manners
from claims.coverage import archive, pace
from claims.coverage.providers import base
from claims.coverage.providers.archive import search
from claims.coverage.providers.base import Provider, ProviderError
from claims.coverage.providers.registry import PROVIDERS, build
from claims.coverage.queries import Query
from claims.jobs import Again, GaveUp, JobError, Later
from claims.models import Domain, Outlet
from claims.web import client
from claims.web.client import Limits
from claims.web.errors import FetchError

ARCHIVE, BY_HAND = "archive", "by_hand"
# Asked for everything they have, not for words: one question does.
_READ_WHOLE = frozenset({"feeds", "sitemaps", "claimreview_feed", BY_HAND})
_LIMITS = Limits(connect=4.0, silence=8.0, total=10.0)
_SECONDS = 100.0
_HITS_MAX = 200
NAME_MAX = 40
_OUTLETS_MAX = 60
# New files are read when somebody asks; one too large for that is read on by the clock.
_ARCHIVE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that a provider named. ``page``: where its bytes lie in the local archive."""

    url: str
    title: str = ""
    page: UUID | None = None


@dataclass(frozen=True, slots=True)
class Lead:
    """Something to look at that is no coverage: an encyclopedia, a check by others, a snapshot."""

    url: str
    title: str
    snippet: str
    kind: str


@dataclass(frozen=True, slots=True)
class Loss:
    """Something a provider could not give, in a sentence; the rest of its answer stands."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Answer:
    hits: tuple[Hit, ...] = ()
    losses: tuple[Loss, ...] = ()
    leads: tuple[Lead, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One provider. ``missing``: what has to be set before it can be asked, in a sentence.

    ``outside``: asking it tells somebody else what the desk looks for. ``ask`` raises Again,
    Later and GaveUp where it gave nothing at all.
    """

    name: str
    label: str
    ask: Callable[[Sequence[Query]], Answer] = field(repr=False)
    outside: bool = True
    missing: str = ""

    @property
    def configured(self) -> bool:
        return not self.missing


def known() -> Mapping[str, Place]:
    """Every provider by name, those that lack something too."""
    places = {ARCHIVE: Place(ARCHIVE, "Local archive", _ask_archive, outside=False)}
    told = _told()
    for name in dict.fromkeys([*PROVIDERS, *told]):
        place = _place(name, told.get(name, {}))
        places[place.name] = place
    return places


def default() -> tuple[Place, ...]:
    """The providers that are asked when nobody says which: those that are on and ready."""
    places = known()
    names = _table()["on"]
    return tuple(places[name] for name in names if name in places and places[name].configured)


def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = settings.COVERAGE
    return table


def _place(name: str, told: Mapping[str, Any]) -> Place:
    """A provider with what it is told; one that cannot be made says so and stops no other."""
    try:
        provider = build(name, **told)
    except (LookupError, TypeError, ValueError) as error:
        return Place(name[:NAME_MAX], name, _ask_nobody, missing=str(error))
    return Place(
        provider.name[:NAME_MAX],
        provider.label,
        partial(_ask, provider),
        outside=provider.name != BY_HAND,
        missing=provider.missing,
    )


def _ask_nobody(_queries: Sequence[Query]) -> Answer:
    return Answer()


def _told() -> dict[str, dict[str, Any]]:
    """What each provider is told: the desk's table, and the outlets the desk knows."""
    told = {
        name: {key: _fixed(value) for key, value in of.items() if key != "budget"}
        for name, of in _table().items()
        if isinstance(of, Mapping)
    }
    with_feeds = Outlet.objects.exclude(feeds=[]).values_list("feeds", flat=True)[:_OUTLETS_MAX]
    feeds = tuple(url for urls in with_feeds for url in urls if isinstance(url, str))
    told["feeds"] = {"urls": feeds, **told.get("feeds", {})}
    # Names that nobody can own are the samples'.
    hosts = Domain.objects.exclude(host__endswith=".example").order_by("host")[:_OUTLETS_MAX]
    told["sitemaps"] = {
        "hosts": tuple(hosts.values_list("host", flat=True)),
        **told.get("sitemaps", {}),
    }
    return told


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _ask_archive(queries: Sequence[Query]) -> Answer:
    archive.refresh(seconds=_ARCHIVE_SECONDS)
    words = [query for query in queries if not query.address]
    hits = tuple(Hit(found.url, found.title, found.page) for found in search(words))
    losses = tuple(Loss("archive_problem", file.problem) for file in archive.problems())
    return Answer(hits, losses)


def _ask(provider: Provider, queries: Sequence[Query]) -> Answer:
    """Ask a provider of ours page by page; what it gave before it failed is kept."""
    gathered = _Gathered(end=time.monotonic() + _SECONDS)
    with pace.minded(provider.name):
        try:
            for question in _questions(provider, queries):
                gathered.take(_pages(provider, question))
        except ProviderError as error:
            failure: JobError = _as_job_error(error)
        except (GaveUp, Later) as error:
            failure = error
        else:
            return gathered.answer()
        if not gathered.answered:
            raise failure
        gathered.losses.append(Loss(failure.code, failure.cause))
        return gathered.answer()


def _pages(provider: Provider, question: base.Query) -> Iterator[base.Answer]:
    """The pages of one question, as many as the provider allows: a token may never end."""
    cursor, seen = "", set()
    for _ in range(max(provider.pages, 1)):
        answer = provider.search(question, get=_polite(provider), cursor=cursor)
        yield answer
        seen.add(cursor)
        cursor = answer.next_cursor
        if not cursor or cursor in seen:
            return


def _questions(provider: Provider, queries: Sequence[Query]) -> list[base.Query]:
    """What leaves the house: the words of the queries and the addresses given by hand."""
    urls = tuple(query.address for query in queries if query.address)
    words = [query.text for query in queries if not query.address]
    if provider.name in _READ_WHOLE:
        widest = max(words, key=lambda text: len(text.split()), default="")
        return [base.Query(words=widest, urls=urls)]
    return [base.Query(words=text, urls=urls) for text in words]


def _polite(provider: Provider) -> base.Get:
    """The guarded client at the provider's pace, one question at a time, within its budget."""
    wait = max(1, round(provider.pace))
    budget = _table().get(provider.name, {}).get("budget")

    def get(url: str, /, *, headers: Mapping[str, str] | None = None) -> client.Fetched:
        pace.spend(provider.name, budget=budget)
        with manners.turn(f"provider {provider.name}", pause=wait):
            return client.fetch(
                url,
                headers=headers,
                limits=_LIMITS,
                turn=_of_host,
                user_agent=manners.user_agent(),
            )

    return get


@contextmanager
def _of_host(host: str) -> Iterator[None]:
    """The one place there is for asking a host: its pages may be fetched at this moment."""
    try:
        with manners.turn(host):
            yield
    except Later as error:  # One feed of many, perhaps; the others need not wait for it.
        raise FetchError("host_busy", error.cause) from error


def _as_job_error(error: ProviderError) -> Again | GaveUp:
    if error.retry:
        return Again(error.code, error.message, after=error.retry_after or 0)
    return GaveUp(error.code, error.message)


class _Gathered:
    """Hits of several pages and questions, each address once; enough is enough."""

    def __init__(self, *, end: float) -> None:
        self.end = end
        self.hits: dict[str, Hit] = {}
        self.leads: dict[str, Lead] = {}
        self.losses: list[Loss] = []
        self.answered = False

    def take(self, pages: Iterator[base.Answer]) -> None:
        for page in pages:
            self.answered = True
            for hit in page.items:
                self._put(hit)
            self.losses += [Loss(notice.code, notice.message) for notice in page.notices]
            if len(self.hits) >= _HITS_MAX:
                return
            if time.monotonic() > self.end:
                self.losses.append(Loss("time", "It was not asked to the end: time was up."))
                return

    def answer(self) -> Answer:
        losses = tuple(dict.fromkeys(self.losses))
        return Answer(tuple(self.hits.values()), losses, tuple(self.leads.values()))

    def _put(self, hit: base.Hit) -> None:
        if hit.kind == "article":
            self.hits.setdefault(hit.url, Hit(hit.url, hit.title))
        else:
            lead = Lead(hit.url, hit.title, hit.snippet, hit.kind)
            self.leads.setdefault(hit.url, lead)
