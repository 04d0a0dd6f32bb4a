"""Asks one provider, page by page, at its pace and within its budget and time."""

import time
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, InterfaceError

from claims import manners
from claims.coverage import pace
from claims.coverage.alarm import in_time
from claims.coverage.answers import Answer, Loss
from claims.coverage.gathered import Gathered
from claims.coverage.providers import base
from claims.coverage.providers.base import Provider, ProviderError
from claims.coverage.queries import Query
from claims.coverage.redaction import redacted
from claims.jobs import Again, GaveUp, JobError, Later
from claims.web import client
from claims.web.address import try_parse
from claims.web.client import Limits
from claims.web.errors import FetchError
from claims.web.fetched import Fetched

log = structlog.get_logger(__name__)

# Asked for everything they have, not for words: one question does.
_READ_WHOLE = frozenset({"feeds", "sitemaps", "claimreview_feed"})
# Asked about the addresses among the queries, and about no words.
_OF_PAGES = frozenset({"wayback", "wayback_cdx", "by_hand"})
_LIMITS = Limits(connect=4.0, silence=8.0, total=10.0)
_SECONDS = 100.0
# One page of an answer, with its pauses: of ours, some of which ask a few times for one, and of
# the desk's own, which may hang for ever and keeps a worker from its other work.
_ONE_PAGE, _ONE_OWN_PAGE = 90.0, 30.0
_ENTRIES_MAX = 5_000


def search(
    provider: Provider,
    queries: Sequence[Query],
    *,
    budget: int | None = None,
    secrets: Sequence[str] = (),
) -> Answer:
    """What *provider* has for *queries*; what it gave before it failed is kept.

    *budget*: requests a day, None for any. *secrets*: what its words are shown without. Raises
    Again, Later and GaveUp where it gave nothing at all.
    """
    gathered = Gathered(end=time.monotonic() + _SECONDS, secrets=secrets)
    get = _polite(provider, budget=budget)
    questions = _questions(provider, queries)
    if provider.name in _OF_PAGES and not questions:
        words = "It is asked about addresses of pages, and no search is one."
        gathered.losses.append(Loss("nothing_to_ask", words))
    with pace.minded(provider.name):
        try:
            for number, question in enumerate(questions, start=1):
                pages = _pages(provider, question, get=get)
                if not gathered.take(pages, left=len(questions) - number):
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
        with in_time(provider.label, _longest(provider)):
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


def _longest(provider: Provider) -> float:
    """Seconds for one page."""
    if type(provider).__module__.startswith("claims.coverage.providers."):
        return _ONE_PAGE
    return _ONE_OWN_PAGE + min(max(float(provider.pace), 0.0), _ONE_PAGE)


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


def _polite(provider: Provider, *, budget: int | None) -> base.Get:
    """The guarded client at the provider's pace, one question at a time, within its budget."""
    wait = max(1, round(provider.pace))

    def get(url: str, /, *, headers: Mapping[str, str] | None = None) -> Fetched:
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
    message = redacted(error.message, secrets)
    if error.retry:
        return Again(error.code, message, after=error.retry_after or 0)
    return GaveUp(error.code, message)
