"""Fetching one page that a provider named, as a job, and putting it among the claim's coverage."""

from dataclasses import dataclass

from django.db import transaction

from claims import capturing, jobs
from claims.coverage import archive, nowhere, pace, places
from claims.coverage.queries import Query
from claims.coverage.relevance import best_share
from claims.coverage.work import retry_until
from claims.jobs import GaveUp, Held
from claims.models import (
    ArchivePage,
    Article,
    Capture,
    CoverageItem,
    CoverageRun,
    Outlet,
    Reading,
)
from claims.sources import outlet_for
from claims.text.attributed import Attribution
from claims.text.language import settled
from claims.text.shingles import shingles, sketch
from claims.web.address import Address, is_encyclopedia, page_key, site, try_parse

RELATED = 0.3
"""A page from outside that holds less of every query than this is about something else."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A page with its words; ``article`` where the claim has it already."""

    reading: Reading | None = None
    outlet: Outlet | None = None
    article: Article | None = None

    @property
    def language(self) -> str:
        """As the page says and its words do not deny; empty where neither tells."""
        if self.reading is None:
            return ""
        return settled(self.reading.text, said=self.reading.language.partition("-")[0])


def bring(held: Held) -> Brought:
    """Fetch, capture and read the page of one job. Raises Again and GaveUp; may run twice."""
    run = CoverageRun.objects.get(pk=held.run_key)
    known = _known(run, held.args["url"])
    if known is not None:
        return Brought(article=known)
    reading = _read(held, run)
    if is_encyclopedia(reading.capture.final_url):
        raise GaveUp("encyclopedia", "An encyclopedia says what others said: it is no coverage.")
    nowhere.mind(reading)
    names = reading.signals.get("site_name", [""])
    return Brought(reading, outlet_for(reading.capture.final_url, name=names[0]))


@transaction.atomic
def keep(held: Held, brought: Brought, attributions: tuple[Attribution, ...]) -> None:
    """Put the page among the claim's coverage, once; ends the job in the same transaction.

    A page from outside that turns out to be about something else is counted and left.
    """
    run = CoverageRun.objects.select_for_update().get(pk=held.run_key)
    jobs.own(held)
    article = brought.article or _known(run, _url(brought)) or _article(run, brought, attributions)
    if article is None or not _is_related(run, held, article):
        jobs.succeed(held)
        return
    CoverageItem.objects.get_or_create(
        claim_id=run.claim_id,
        article=article,
        defaults={"run": run, "provider": held.args["provider"]},
    )
    jobs.succeed(held, article=article)


def _read(held: Held, run: CoverageRun) -> Reading:
    page_id = held.args.get("page")
    if page_id:
        return capturing.article_of(_from_archive(held, page_id))
    with pace.answering(run, held.args["url"]):
        return capturing.visit_article(
            held,
            held.args["url"],
            until=retry_until(run),
            by_hand=held.args["provider"] == places.BY_HAND,
        )


def _from_archive(held: Held, page_id: str) -> Capture:
    page = ArchivePage.objects.filter(pk=page_id).first()
    if page is None:
        raise GaveUp("archive_gone", "The archive no longer holds this page.")
    try:
        found = archive.page_of(page)
    except archive.Gone as error:
        raise GaveUp("archive_gone", str(error)) from error
    return capturing.store_for(
        held,
        found.body,
        asked_url=found.url,
        status=found.status,
        headers=found.headers,
        media_type=found.media_type or "text/html",
        fetched_at=found.date,
        via="archive",
        file_name=page.warc,
    )


def _known(run: CoverageRun, url: str) -> Article | None:
    """An article of the claim that this address is a twin of: it need not be fetched again."""
    if try_parse(url) is None:
        return None
    key = page_key(url)
    covered = run.claim.coverage.select_related("article").exclude(article__url="")
    return next((item.article for item in covered if page_key(item.article.url) == key), None)


def _url(brought: Brought) -> str:
    """The address an article is known by: what the page declares, if that is of its own site."""
    if brought.reading is None:
        return ""
    final_url = brought.reading.capture.final_url
    final = try_parse(final_url)
    canonical = try_parse(brought.reading.canonical_url)
    if final is None:
        return final_url
    return canonical.url if canonical and _is_own(canonical, final) else final.url


def _is_own(canonical: Address, final: Address) -> bool:
    return site(canonical.host) == site(final.host) and (not canonical.is_home or final.is_home)


def _article(
    run: CoverageRun, brought: Brought, attributions: tuple[Attribution, ...]
) -> Article | None:
    if brought.reading is None:
        return None
    url, reading = _url(brought), brought.reading
    article, _ = Article.objects.get_or_create(
        key=Article.key_of(url, reading.text),
        defaults={
            "url": url,
            "title": reading.title,
            "text": reading.text,
            "language": brought.language,
            "outlet": brought.outlet,
            "capture": reading.capture,
            "status": Article.Status.READY,
            "sample": run.claim.sample,
            "attributions": [edge.as_json() for edge in attributions],
            "sketch": list(sketch(shingles(reading.text).hashes)),
            **capturing.stated(reading),
        },
    )
    return article


def _is_related(run: CoverageRun, held: Held, article: Article) -> bool:
    """Whether a page from outside is about the claim at all; by hand and the archive are.

    Words in another script cannot be compared, so such a page is kept for people to judge.
    """
    if held.args["provider"] in {places.ARCHIVE, places.BY_HAND}:
        return True
    stored = map(Query.from_json, run.queries)
    queries = [query for query in stored if not query.address]
    if article.language and run.claim.language and article.language != run.claim.language:
        return True
    return best_share(queries, f"{article.title} {article.text}") >= RELATED
