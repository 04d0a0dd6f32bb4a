"""Celery's doors into claims: each kind of job and what it is made of, capability by capability.

A job is sent by name, ``job:<kind>``, so that nothing below this module knows it. Every task
may run twice, late, or be killed in the middle: the row says what is true.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.db import connection, transaction
from django.utils import timezone

from claims import capturing, jobs, manners, sources
from claims.coverage import archive, ask, ending, gather, hits, nowhere, offers, pace, work
from claims.evidence import archiving, recheck
from claims.evidence.fetched import could_not_fetch, fetched
from claims.extraction import read
from claims.extraction.candidates import extract
from claims.extraction.layout import read_layout
from claims.jobs import GaveUp, Held, Later
from claims.models import Claim, Evidence, Job
from claims.provenance import attribution
from claims.provenance.deadends import dead_ends, tell
from claims.provenance.kept import Unfinished
from claims.provenance.trace import recompute

Do = Callable[[Held], None]
After = Callable[[Job], None]

# How far back the sweep looks for failed work that nobody was left to tell of.
_TOLD_WITHIN = timedelta(hours=1)
TRACE_WITHIN = 90.0
"""Seconds a trace reads and compares before it leaves the worker to others and comes again."""
_ARCHIVE_LOCK = 0x77617263
_ARCHIVE_SECONDS = 40.0


def read_article(held: Held) -> None:
    """Bytes, words, attributions, candidates: all that is read from an article."""
    article = read.bring(held)
    if article.capture is not None and article.capture.via == "web":
        nowhere.mind(capturing.read(article.capture))
    language = read.language_of(article)
    publisher = article.outlet.name if article.outlet is not None else None
    edges = attribution.read(article.text, language=language, outlet=publisher)
    layout = read_layout(article.text, title=article.title)
    found = extract(article.text, language=language, layout=layout, attributions=edges)
    with transaction.atomic():
        read.keep(held, article, language=language, layout=layout, attributions=edges, found=found)
        # A claim may have come before its article was read: its chain is known only now.
        for claim in Claim.objects.filter(coverage__article=article):
            key = f"{work.TRACE}:{claim.pk}:{article.pk}:read:{held.fence}"
            jobs.enqueue(work.TRACE, key=key, claim=claim)


def fetch_hit(held: Held) -> None:
    """One page of a coverage run, with whose word it rests on."""
    brought = hits.bring(held)
    reading, outlet = brought.reading, brought.outlet
    edges = (
        attribution.read(
            reading.text,
            language=brought.language,
            outlet=outlet.name if outlet is not None else None,
        )
        if reading is not None
        else ()
    )
    hits.keep(held, brought, edges)


def trace_claim(held: Held) -> None:
    """Count the origins of a claim anew; a run then looks for cited outlets it has not found."""
    if held.claim_id is None:
        raise GaveUp("no_claim", "There is no claim to trace.")
    claim = Claim.objects.get(pk=held.claim_id)
    try:
        recompute(claim, within=TRACE_WITHIN)
    except Unfinished as error:
        said = "So many articles take more than one turn; what was compared is kept."
        raise Later("not_done_yet", said, after=0) from error
    if held.run_id is None:
        return
    keys, where = gather.followed(held.run_id)
    if keys:
        tell(claim, looked_for=keys, where=where)
    else:
        gather.follow(held.run_id, [(node.key, node.label) for node in dead_ends(claim)])


def fetch_evidence(held: Held) -> None:
    """Capture the page that a piece of evidence stands on."""
    item = Evidence.objects.filter(pk=held.args["evidence"]).first()
    if item is not None and item.capture is None:
        fetched(item, capturing.visit(held, item.url))


def evidence_ended(job: Job) -> None:
    item = Evidence.objects.filter(pk=job.args["evidence"]).first()
    if item is not None:
        could_not_fetch(item, job.cause)


KINDS: Mapping[str, Do] = {
    read.READ: read_article,
    work.ASK: ask.ask,
    work.FETCH: fetch_hit,
    work.FOLLOW: ask.ask,
    work.TRACE: trace_claim,
    "evidence.fetch": fetch_evidence,
    archiving.SAVE: archiving.save,
    recheck.LOOK: recheck.look,
    sources.FEEDS: offers.look,
}
"""What each kind of job does."""

ENDED: Mapping[str, After] = {
    read.READ: read.ended,
    "evidence.fetch": evidence_ended,
    archiving.SAVE: archiving.ended,
    recheck.LOOK: recheck.ended,
}
"""Who is told when a job of a kind came to nothing."""


def run(job_id: UUID, kind: str) -> None:
    """Do one job of a kind, and what follows from how it ended."""
    done = jobs.work(job_id, KINDS[kind])
    if done is None:
        return
    held, state = done
    if held.run_id is not None:
        ending.settle(held.run_id)
    if state == Job.State.FAILED and kind in ENDED:
        ENDED[kind](Job.objects.get(pk=job_id))


@shared_task(name="claims.settle")
def settle() -> None:
    """Finish what a lost worker could not: runs without work left, failures nobody told of."""
    ending.settle_all()
    lately = timezone.now() - _TOLD_WITHIN
    for job in Job.objects.filter(state=Job.State.FAILED, finished_at__gt=lately, kind__in=ENDED):
        ENDED[job.kind](job)
    manners.forget()
    pace.forget()


@shared_task(name="claims.archive")
def look_at_archive() -> None:
    """Read new files of the local archive, a while at a time; one of these at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ARCHIVE_LOCK])
        if not cursor.fetchone()[0]:
            return
        try:
            archive.refresh(seconds=_ARCHIVE_SECONDS)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ARCHIVE_LOCK])


def _door(kind: str) -> Callable[[str], None]:
    def door(job_id: str) -> None:
        run(UUID(job_id), kind)

    return door


for _kind in KINDS:
    shared_task(name=f"job:{_kind}")(_door(_kind))
