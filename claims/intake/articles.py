"""Handing in an article, as a text or by its address. Reading it is a job."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from claims import jobs
from claims.errors import Conflict, Invalid, Problem
from claims.intake import checks
from claims.models import Actor, Article, Outlet
from claims.sources import outlet_for
from claims.web.address import parse

TITLE_MAX = 1_000
OUTLET_MAX = 200
READ = "article.read"


@transaction.atomic
def hand_in(
    *,
    by: Actor,
    text: str = "",
    title: str = "",
    url: str = "",
    outlet: str = "",
    language: str = "",
    published_at: datetime | date | None = None,
) -> tuple[Article, bool]:
    """Hand in a text, or an address alone; returns the article and whether it is new.

    ``published_at`` is an instant, or a day where no hour or no zone is known. The same text at
    the same address is one article, however often it comes. Raises Forbidden and Invalid; a
    private address is refused here, before anything is asked of it.
    """
    checks.may_write(by)
    checks.refuse(_problems(text=text, title=title, url=url, outlet=outlet, language=language))
    address = parse(url).url if url else ""
    article, new = Article.objects.get_or_create(
        key=Article.key_of(address, text),
        defaults={
            "url": address,
            "text": text,
            "title": title.strip(),
            "language": language,
            "outlet": _outlet(address, outlet),
            **_published(published_at),
            "handed_in": True,
            "added_by": by.person,
        },
    )
    if new:
        jobs.enqueue(READ, key=f"{READ}:{article.pk}", article=article)
    return article, new


@transaction.atomic
def retry(article: Article, *, by: Actor) -> Article:
    """Read an article again that could not be read. Raises Conflict for one that was read."""
    checks.may_write(by)
    article = Article.objects.select_for_update().get(pk=article.pk)
    if article.status == Article.Status.READY:
        raise Conflict("This article was read; there is nothing to try again.")
    if article.status == Article.Status.FAILED:
        article.status, article.error = Article.Status.QUEUED, ""
        article.save(update_fields=["status", "error"])
        if not jobs.start_again(article.jobs.filter(kind=READ)):
            jobs.enqueue(READ, key=f"{READ}:{article.pk}", article=article)
    return article


def _published(told: datetime | date | None) -> dict[str, Any]:
    if told is None:
        return {}
    field = "published_at" if isinstance(told, datetime) else "published_on"
    return {field: told, "date_source": Article.HANDED_IN}


def _problems(*, text: str, title: str, url: str, outlet: str, language: str) -> list[Problem]:
    if not text and not url:
        raise Invalid.at("/text", "Hand in a text, or the address of a page.")
    problems = [
        *checks.line(title, "/title", longest=TITLE_MAX, what="The title"),
        *checks.line(outlet, "/outlet", longest=OUTLET_MAX, what="The outlet’s name"),
        *checks.language(language),
    ]
    if text:
        problems += checks.words(
            text, "/text", longest=checks.ARTICLE_MAX, what="The article’s text"
        )
    if url:
        problems += checks.address(url)
    return problems


def _outlet(url: str, name: str) -> Outlet | None:
    """Who published it, as far as anybody said; nobody is made up for a bare text."""
    return outlet_for(url=url, name=name) if url or name.strip() else None
