"""The places a desk can look in: which there are, which are on, and asking one of them.

``settings.COVERAGE`` is a table as ``{"on": ["archive", …], "searxng": {"url": …}}``: the
providers that are asked unless somebody says otherwise, and what each needs to know. A name of
the form ``package.module:Class`` adds a provider of the desk's own, from ``modules``, the folder
of the table's file, or wherever Python finds it; what it does wrong costs its own answers alone.
"""

import re
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from types import FrameType
from typing import Any, NoReturn
from uuid import UUID

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.db.models import F, QuerySet
from django.db.models.functions import JSONObject

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
from claims.web.address import is_encyclopedia, try_parse
from claims.web.client import Limits
from claims.web.errors import FetchError

log = structlog.get_logger(__name__)

ARCHIVE, BY_HAND = "archive", "by_hand"
# Asked for everything they have, not for words: one question does.
_READ_WHOLE = frozenset({"feeds", "sitemaps", "claimreview_feed"})
# Asked about the addresses among the queries, and about no words.
_OF_PAGES = frozenset({"wayback", "wayback_cdx", BY_HAND})
_LIMITS = Limits(connect=4.0, silence=8.0, total=10.0)
_SECONDS = 100.0
# One page of an answer, with its pauses: of ours, some of which ask a few times for one, and of
# the desk's own, which may hang for ever and keeps a worker from its other work.
_ONE_PAGE, _ONE_OWN_PAGE = 90.0, 30.0
_KINDS = frozenset({"article", "lead", "fact_check", "snapshot"})
_SECRET = re.compile(r"key|token|secret|password", re.IGNORECASE)
_SHORTEST_SECRET = 4
_ENTRIES_MAX = 5_000
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
    """Something to look at that is no coverage: an encyclopedia, a check by others, a snapshot.

    ``published``: the day, or the date as it was written where that tells none.
    """

    url: str
    title: str
    snippet: str
    kind: str
    outlet: str = ""
    published: str = ""
    language: str = ""


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

    ``path``: the name of the table it is told in, which of the desk's own is another.
    ``outside``: asking it tells somebody else what the desk looks for. ``ask`` raises Again,
    Later and GaveUp where it gave nothing at all.
    """

    name: str
    label: str
    ask: Callable[[Sequence[Query]], Answer] = field(repr=False)
    outside: bool = True
    missing: str = ""
    path: str = ""

    @property
    def configured(self) -> bool:
        return not self.missing


def known() -> Mapping[str, Place]:
    """Every provider by name, those that lack something too."""
    folder = _table().get("modules")
    if isinstance(folder, str) and folder not in sys.path:
        sys.path.append(folder)  # Last: nothing there takes the place of what is installed.
    places = {ARCHIVE: Place(ARCHIVE, "Local archive", _ask_archive, outside=False)}
    told = _told()
    for name in dict.fromkeys([*PROVIDERS, *told]):
        place = _place(name, told.get(name, {}))
        if place.name in places:
            place = _unusable(name, f"There is another provider called {place.name}.")
        places[place.name] = place
    return places


def default(places: Mapping[str, Place]) -> tuple[Place, ...]:
    """Those of all *places* that are asked when nobody says which: those that are on.

    One that is on and not ready is among them, and so is a name that nobody has: they say why.
    """
    by_path = {place.path: place for place in places.values()}
    on = [places.get(name) or by_path.get(name) or _nobody(name) for name in _table()["on"]]
    return tuple({place.name: place for place in on}.values())


def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = settings.COVERAGE
    return table


def _place(name: str, told: Mapping[str, Any]) -> Place:
    """A provider with what it is told; one that cannot be made says so and stops no other."""
    try:
        provider = build(name, **told)
        place = Place(
            str(provider.name)[:NAME_MAX],
            str(provider.label),
            partial(_ask, provider, at=name, secrets=_secrets(told)),
            outside=provider.name != BY_HAND,
            missing=str(provider.missing),
            path=name,
        )
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the desk's own may raise anything
        return _unusable(name, _without(str(error), _secrets(told)) or type(error).__name__)
    return place


def _unusable(name: str, why: str) -> Place:
    return Place(name[:NAME_MAX], name, _ask_nobody, missing=why, path=name)


def _nobody(name: str) -> Place:
    return _unusable(name, f"There is no provider called {name}.")


def _secrets(told: Mapping[str, Any]) -> tuple[str, ...]:
    """What nobody may read in a problem, a row or a log: some services say a key back."""
    named = [value for name, value in told.items() if _SECRET.search(name)]
    return tuple(
        value for value in named if isinstance(value, str) and len(value) >= _SHORTEST_SECRET
    )


def _without(words: str, secrets: Sequence[str]) -> str:
    for secret in secrets:
        words = words.replace(secret, "…")
    return words


def _ask_nobody(_queries: Sequence[Query]) -> Answer:
    return Answer()


def _told() -> dict[str, dict[str, Any]]:
    """What each provider is told: the desk's table, and the outlets the desk knows."""
    told = {
        name: {key: _fixed(value) for key, value in of.items() if key != "budget"}
        for name, of in _table().items()
        if isinstance(of, Mapping)
    }
    # Every page of a claim shows who would be asked: both lists in one statement.
    hosts = _hosts().values_list(JSONObject(host=F("host")))[:_OUTLETS_MAX]
    found = _with_feeds().values_list("feeds")[:_OUTLETS_MAX].union(hosts, all=True)
    named = [of for (of,) in found]
    feeds = [url for of in named if isinstance(of, list) for url in of if isinstance(url, str)]
    told["feeds"] = {"urls": tuple(feeds), **told.get("feeds", {})}
    known = tuple(of["host"] for of in named if isinstance(of, dict))
    told["sitemaps"] = {"hosts": known, **told.get("sitemaps", {})}
    return told


def _with_feeds() -> QuerySet[Outlet]:
    return Outlet.objects.exclude(feeds=[]).order_by("name", "pk")


def _hosts() -> QuerySet[Domain]:
    # Names that nobody can own are the samples'.
    return Domain.objects.exclude(host__endswith=".example").order_by("host")


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _ask_archive(queries: Sequence[Query]) -> Answer:
    archive.refresh(seconds=_ARCHIVE_SECONDS)
    words = [query for query in queries if not query.address]
    found = search(words)
    hits = tuple(
        Hit(one.url, one.title, one.page) for one in found if not is_encyclopedia(one.url)
    )
    leads = tuple(
        Lead(one.url, one.title, "", "lead") for one in found if is_encyclopedia(one.url)
    )
    losses = tuple(Loss("archive_problem", file.problem) for file in archive.problems())
    return Answer(hits, losses, leads)


def _ask(
    provider: Provider, queries: Sequence[Query], *, at: str = "", secrets: Sequence[str] = ()
) -> Answer:
    """Ask a provider of ours page by page; what it gave before it failed is kept.

    *at*: the table it is told in. *secrets*: what its words are shown without.
    """
    gathered = _Gathered(end=time.monotonic() + _SECONDS, secrets=secrets)
    gathered.losses += _unread(provider)
    get = _polite(provider, at=at or provider.name)
    questions = _questions(provider, queries)
    if provider.name in _OF_PAGES and not questions:
        words = "It is asked about addresses of pages, and no search is one."
        gathered.losses.append(Loss("nothing_to_ask", words))
    with pace.minded(provider.name):
        try:
            for left, question in zip(range(len(questions) - 1, -1, -1), questions, strict=True):
                if not gathered.take(_pages(provider, question, get=get), left=left):
                    break
        except ProviderError as error:
            failure: JobError = _as_job_error(error, secrets)
        except (GaveUp, Later, Again) as error:
            failure = error
        else:
            return gathered.answer()
        if not gathered.answered:
            raise failure
        gathered.losses.append(Loss(failure.code, failure.cause))
        return gathered.answer()


def _pages(provider: Provider, question: base.Query, *, get: base.Get) -> Iterator[base.Answer]:
    """The pages of one question, as many as the provider allows: a token may never end."""
    cursor, seen = "", set()
    many = max(provider.pages, 1)
    for _ in range(many):
        answer = _page(provider, question, get=get, cursor=cursor)
        seen.add(cursor)
        cursor = "" if answer.next_cursor in seen else answer.next_cursor
        if cursor and len(seen) == many and any(hit.kind == "article" for hit in answer.items):
            words = f"There may be more: of each search {many} pages are read."
            answer = replace(answer, notices=(*answer.notices, base.Notice("more", words)))
        yield answer
        if not cursor:
            return


def _page(provider: Provider, question: base.Query, *, get: base.Get, cursor: str) -> base.Answer:
    """One page, of the shape that was agreed on, in time. Raises what is told in words."""
    try:
        with _in_time(provider.label, _longest(provider)):
            return _as_agreed(provider.search(question, get=get, cursor=cursor), provider.label)
    except (ProviderError, JobError, SoftTimeLimitExceeded, DatabaseError, InterfaceError):
        raise  # a database that is gone for a moment is no fault of the provider
    except (Exception, SystemExit) as error:
        # Without what it says: there may be a key in it.
        *_, last = traceback.extract_tb(error.__traceback__)
        log.error(  # noqa: TRY400
            "coverage.provider_broken",
            provider=provider.name,
            error=type(error).__name__,
            at=f"{last.filename}:{last.lineno}",
        )
        words = f"{provider.label} has an error of its own ({type(error).__name__})."
        raise ProviderError("provider_broken", words) from error


def _as_agreed(answer: object, label: str) -> base.Answer:
    """*answer* with what has the agreed shape; what has not is counted, entry by entry."""
    if not isinstance(answer, base.Answer):
        raise ProviderError("provider_broken", f"{label} gave something that is no answer.")
    items: Iterable[Any] = answer.items
    told: Iterable[Any] = answer.notices
    following: Any = answer.next_cursor
    given = list(islice(items, _ENTRIES_MAX))
    hits = tuple(hit for hit in given if isinstance(hit, base.Hit) and try_parse(hit.url))
    notices = [one for one in islice(told, _ENTRIES_MAX) if isinstance(one, base.Notice)]
    if lost := len(given) - len(hits):
        notices += base.notices_of({"no_entry": lost})
    cursor = following if isinstance(following, str) else ""
    return base.Answer(hits, cursor, tuple(notices))


class _Hung(BaseException):
    """Nothing that a provider catches by accident."""


def _longest(provider: Provider) -> float:
    """Seconds for one page."""
    if type(provider).__module__.startswith("claims.coverage.providers."):
        return _ONE_PAGE
    return _ONE_OWN_PAGE + min(max(float(provider.pace), 0.0), _ONE_PAGE)


@contextmanager
def _in_time(label: str, seconds: float) -> Iterator[None]:
    """Interrupt what takes longer than a page ever may; where there are signals to do it with."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        raise _Hung

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except _Hung as error:
        words = f"{label} gave no answer within {seconds:.0f} seconds."
        raise ProviderError("timeout", words, retry=True) from error
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _questions(provider: Provider, queries: Sequence[Query]) -> list[base.Query]:
    """What leaves the house: words and language of the queries, the addresses given by hand."""
    urls = tuple(query.address for query in queries if query.address)
    words = [query for query in queries if not query.address]
    if provider.name in _OF_PAGES:
        return [base.Query(urls=urls)] if urls else []
    if provider.name in _READ_WHOLE:
        every = "\n".join(query.text for query in words)
        return [base.Query(every, language=words[0].language if words else "", urls=urls)]
    return [base.Query(query.text, language=query.language, urls=urls) for query in words]


def _unread(provider: Provider) -> list[Loss]:
    """That the desk knows more outlets than are read in one look."""
    found = {"feeds": _with_feeds, "sitemaps": _hosts}.get(provider.name)
    many = found().count() if found is not None and provider.name not in _table() else 0
    if many <= _OUTLETS_MAX:
        return []
    words = f"Of {many:,} outlets or hosts of outlets the first {_OUTLETS_MAX} are read."
    return [Loss("too_many", words)]


def _polite(provider: Provider, *, at: str) -> base.Get:
    """The guarded client at the provider's pace, one question at a time, within its budget."""
    wait = max(1, round(provider.pace))
    budget = _table().get(at, {}).get("budget")

    def get(url: str, /, *, headers: Mapping[str, str] | None = None) -> client.Fetched:
        with manners.turn(f"provider {provider.name}", pause=wait):
            pace.spend(provider.name, budget=budget)
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


def _as_job_error(error: ProviderError, secrets: Sequence[str]) -> Again | GaveUp:
    message = _without(error.message, secrets)
    if error.retry:
        return Again(error.code, message, after=error.retry_after or 0)
    return GaveUp(error.code, message)


class _Gathered:
    """Hits of several pages and questions, each address once; enough is enough."""

    def __init__(self, *, end: float, secrets: Sequence[str] = ()) -> None:
        self.end = end
        self.secrets = secrets
        self.hits: dict[str, Hit] = {}
        self.leads: dict[str, Lead] = {}
        self.losses: list[Loss] = []
        self.notices: list[base.Notice] = []
        self.answered = False

    def take(self, pages: Iterator[base.Answer], *, left: int) -> bool:
        """Whether to go on with the next of the questions; *left*: how many there are."""
        for page in pages:
            self.answered = True
            for hit in page.items:
                self._put(hit)
            self.notices += page.notices
            more = bool(left or page.next_cursor)
            if more and len(self.hits) >= _HITS_MAX:
                words = f"It was not asked to the end: it named {len(self.hits)} pages by then."
                self.losses.append(Loss("too_many", words))
                return False
            if more and time.monotonic() > self.end:
                self.losses.append(Loss("time", "It was not asked to the end: time was up."))
                return False
        return True

    def answer(self) -> Answer:
        told = [
            Loss(notice.code, _without(notice.message, self.secrets))
            for notice in base.added_up(self.notices)
        ]
        losses = tuple(dict.fromkeys([*told, *self.losses]))
        return Answer(tuple(self.hits.values()), losses, tuple(self.leads.values()))

    def _put(self, hit: base.Hit) -> None:
        title = base.words_of(hit.title)
        if hit.kind == "article" and not is_encyclopedia(hit.url):
            self.hits.setdefault(hit.url, Hit(hit.url, title))
            return
        day = hit.published_on
        lead = Lead(
            hit.url,
            title,
            base.snippet_of(hit.snippet),
            hit.kind if hit.kind in _KINDS - {"article"} else "lead",
            outlet=base.words_of(hit.outlet_hint),
            published=day.isoformat() if day is not None else base.words_of(hit.published_raw),
            language=base.language_of(hit.lang),
        )
        self.leads.setdefault(hit.url, lead)
