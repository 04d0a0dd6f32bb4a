"""Reading one article, as a job: its bytes kept, its words read, its candidates put into rows."""

from django.db import transaction

from claims import capturing, jobs
from claims.extraction.candidates import Extraction
from claims.extraction.layout import Layout
from claims.jobs import GaveUp, Held
from claims.models import Article, Candidate, Job, Reading
from claims.sources import outlet_for
from claims.text.attributed import Attribution
from claims.text.language import settled
from claims.text.shingles import shingles, sketch

READ = "article.read"
_WAITING = (Article.Status.QUEUED, Article.Status.EXTRACTING)
_DATE_MAX = 120


def bring(held: Held) -> Article:
    """The job's article with its words, its bytes stored. Raises Again and GaveUp.

    A handed-in text is kept as ``text/plain``, exactly as it came; a page is fetched.
    """
    if held.article_id is None:
        raise GaveUp("no_article", "There is no article to read.")
    Article.objects.filter(pk=held.article_id, status__in=_WAITING).update(
        status=Article.Status.EXTRACTING
    )
    article = Article.objects.select_related("outlet").get(pk=held.article_id)
    if article.text:
        if article.capture is None:
            article.capture = capturing.store_for(
                held,
                article.text.encode(),
                asked_url=article.url,
                media_type="text/plain",
                fetched_at=article.created_at,
                via="hand-in",
            )
        return article
    if article.capture is None:
        reading = capturing.visit_article(held, article.url)
        article.capture = reading.capture
    else:
        reading = capturing.article_of(article.capture)
    _take_from(article, reading)
    return article


@transaction.atomic
def keep(
    held: Held,
    article: Article,
    *,
    language: str,
    layout: Layout,
    attributions: tuple[Attribution, ...],
    found: Extraction,
) -> None:
    """Write down what was read; ends the job in the same transaction. Twice is as once.

    What people decided about candidates stays; what nobody touched is replaced.
    """
    jobs.own(held)
    article.language = language
    article.attributions = [edge.as_json() for edge in attributions]
    article.sketch = list(sketch(shingles(article.text).hashes))
    _take_layout(article, layout)
    article.status, article.error = Article.Status.READY, ""
    article.save()
    article.candidates.filter(
        status__in=[Candidate.Status.OPEN, Candidate.Status.LEFT_OUT], decided_by=None, claim=None
    ).delete()
    Candidate.objects.bulk_create(_rows(article, found), ignore_conflicts=True)
    jobs.succeed(held)


def ended(job: Job) -> None:
    """Say on the article why it could not be read, in plain words; it can be tried again."""
    if job.article_id is None:
        return
    Article.objects.filter(pk=job.article_id, status__in=_WAITING).update(
        status=Article.Status.FAILED, error=job.cause
    )


def language_of(article: Article) -> str:
    """As somebody or the page said, else as the words look; empty where they do not tell."""
    return article.language or settled(article.text, said="")


def _take_from(article: Article, reading: Reading) -> None:
    """What somebody said when they handed it in goes before what the page says."""
    article.text = reading.text
    article.title = article.title or reading.title
    article.language = article.language or settled(
        reading.text, said=reading.language.partition("-")[0]
    )
    if article.outlet is None:
        names = reading.signals.get("site_name", [""])
        article.outlet = outlet_for(article.url, name=names[0])
    told = (article.published_at, article.published_on)
    was_told = article.date_source == Article.HANDED_IN
    for name, value in capturing.stated(reading).items():
        setattr(article, name, value)
    if was_told:
        article.published_at, article.published_on = told[0], told[1] or article.published_on
        article.date_source = Article.HANDED_IN


def _take_layout(article: Article, layout: Layout) -> None:
    """What the text itself prints on top, where nobody and no page said it."""
    article.title = article.title or layout.title
    article.byline = article.byline or layout.byline
    printed = layout.published
    if printed is None or article.date_source:
        return
    article.published_raw = printed.raw[:_DATE_MAX]
    article.published_on, article.published_at = printed.day, printed.moment
    article.date_source = "printed in the text"


def _rows(article: Article, found: Extraction) -> list[Candidate]:
    taken = [
        Candidate(
            article=article,
            rank=rank,
            text=one.text,
            start=one.quote.start,
            end=one.quote.end,
            score=one.score,
            parts=[{"name": part.name, "points": part.points} for part in one.parts],
            attributions=list(one.attributions),
            inherited=one.inherited,
            hedged=one.hedged,
            appearances=[
                {
                    "start": seen.start,
                    "end": seen.end,
                    "note": seen.note,
                    "hedge_lost": seen.hedge_lost,
                }
                for seen in one.appearances
            ],
        )
        for rank, one in enumerate(found.candidates, start=1)
    ]
    left = [
        Candidate(
            article=article,
            rank=len(taken) + at,
            text=one.text,
            start=one.start,
            end=one.end,
            status=Candidate.Status.LEFT_OUT,
            why=one.why,
        )
        for at, one in enumerate(found.left_out, start=1)
        if one.end > one.start
    ]
    return [*taken, *left]
