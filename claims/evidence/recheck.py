"""Looking again at what was cited: whether it is gone, changed or moved since."""

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from claims import capturing, jobs, manners
from claims.errors import Conflict, Missing
from claims.jobs import Again, GaveUp, Held, own
from claims.ledger.events import SourceAltered
from claims.ledger.record import record
from claims.models import SYSTEM, Actor, Alert, Capture, Claim, Evidence, Job, Recheck
from claims.text.revised import Quote, Revision, revised
from claims.web.address import Address, page_key, try_parse, twin_key
from claims.web.errors import FetchError, Refused, Unreadable
from claims.web.fetched import Fetched
from claims.web.guard import NO_SUCH_NAME
from claims.web.oddities import NO_ARTICLE

LOOK = "evidence.recheck"
KINDS = {outcome: f"source_{outcome}" for outcome in ("gone", "changed", "moved")}
"""Kinds of alerts, by what became of the source."""

Outcome = Recheck.Outcome
_ALERTING = frozenset({Outcome.GONE, Outcome.CHANGED, Outcome.MOVED})
# Gone for good is only what is gone twice: a server may stumble, a name may be late.
_GONE = frozenset({404, 410, 451})
_SURE_AFTER = 2
_LATER = 900.0
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_WALLS = frozenset("bot_wall consent_wall login_wall paywall_stub script_redirect feed".split())
_MUTE = frozenset({"document", "not_text"})
_ONLY_THE_QUOTE = frozenset({"liveblog", "cut_short"})
_AGAIN_AFTER = timedelta(hours=20)
_LATEST = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Found:
    """What one look came to, for one piece of evidence. ``sign`` names the finding for good.

    ``mute``: a file that has no words for a program stands there.
    """

    outcome: Recheck.Outcome
    code: str = ""
    message: str = ""
    sign: str = ""
    fetched: Fetched | None = None
    mute: bool = False

    @property
    def digest(self) -> str:
        told = f"{self.outcome}\n{self.code}\n{self.sign}"
        return hashlib.sha256(told.encode()).hexdigest()


def schedule(cited: Iterable[UUID], *, budget: int, until: datetime) -> int:
    """Want a look at what is cited, spread between now and *until*; how many pages.

    Each address once a night, those longest unseen first, at most *budget* in twenty hours. Only
    pages that the desk fetched, and none of a discreet claim: a person may ask for those.
    """
    now = timezone.now()
    lately = Job.objects.filter(kind=LOOK, created_at__gt=now - _AGAIN_AFTER)
    left = budget - lately.exclude(args__has_key="by_hand").count()
    if left <= 0:
        return 0
    pages: dict[str, list[str]] = {}
    for key, url in _due(cited, before=now - _AGAIN_AFTER):
        if url in pages or len(pages) < left:
            pages.setdefault(url, []).append(str(key))
    step = max(until - now, timedelta()) / max(len(pages), 1)
    jobs.enqueue_all(
        jobs.Wanted(
            LOOK,
            f"{LOOK}:{now:%Y-%m-%d}:{hashlib.sha256(url.encode()).hexdigest()[:24]}",
            args={"url": url, "evidence": keys},
            not_before=now + number * step,
            deadline=now + number * step + _LATEST,
        )
        for number, (url, keys) in enumerate(pages.items())
    )
    return len(pages)


def ask_for(capture: Capture, *, by: Actor) -> Job:
    """A person has the page of a capture looked at again now. Raises Forbidden and Conflict."""
    by.need("coverage:write")
    if capture.via != "web" or try_parse(capture.final_url) is None:
        raise Conflict("Only pages that the desk fetched itself can be looked at again.")
    items = Evidence.objects.filter(capture=capture, withdrawn_at=None)
    keys = [str(key) for key in items.values_list("pk", flat=True)]
    if not keys:
        raise Conflict("No evidence stands on this page, so there is nothing to look at again.")
    now = timezone.now()
    # Pressed twice in a minute is once.
    return jobs.enqueue(
        LOOK,
        key=f"{LOOK}:{capture.pk}:{now:%Y-%m-%dT%H:%M}",
        args={"url": capture.final_url, "evidence": keys, "by_hand": True},
        deadline=now + _LATEST,
    )


def look(held: Held) -> None:
    """Fetch a cited page once, and tell each piece of evidence what became of its source."""
    by_hand = bool(held.args.get("by_hand"))
    rows = Evidence.objects.filter(pk__in=held.args["evidence"], withdrawn_at=None)
    items = [
        item
        for item in rows.select_related("capture", "claim").order_by("pk")
        # It may have been marked since it was put on the list.
        if item.capture is not None and (by_hand or not item.claim.discreet)
    ]
    if not items:
        return
    seen, text = _visit(held, held.args["url"], by_hand=by_hand)
    for item in items:
        found = seen if seen.outcome != Outcome.SAME else _compared(item, seen, text)
        row = _write_down(held, item, _as_told(item, found))
        if row.found is not None:
            # Read now, so that the difference can be shown; what cannot be read is shown as such.
            with suppress(Unreadable, Missing):
                capturing.read(row.found)


def ended(job: Job) -> None:
    """Nobody could look: say so, which alarms nobody. Twice is as once."""
    found = Found(Outcome.UNKNOWN, job.code, job.cause)
    stored = Evidence.objects.filter(pk__in=job.args["evidence"], capture__isnull=False)
    for item in stored:
        if not _told_since(item, found, job.created_at):
            _kept(item, found, None)


def stands_elsewhere(asked: str, final: str) -> bool:
    """Whether an address now leads to another page: www, mobile and https twins are the same."""
    one, two = try_parse(asked), try_parse(final)
    return one is None or two is None or twin_key(one) != twin_key(two)


def _due(cited: Iterable[UUID], *, before: datetime) -> Sequence[tuple[UUID, str]]:
    rows = (
        Evidence.objects.filter(pk__in=list(cited), withdrawn_at=None, claim__discreet=False)
        .filter(capture__via="web")
        .annotate(seen=Max("rechecks__last_at"))
        .filter(Q(seen=None) | Q(seen__lte=before))
        .order_by(F("seen").asc(nulls_first=True), "created_at")
    )
    return list(rows.values_list("pk", "capture__final_url"))


def _visit(held: Held, url: str, *, by_hand: bool) -> tuple[Found, str]:
    """What stands at the address now; SAME means that there is a page, with its text."""
    try:
        pause = manners.mind_robots(url, by_hand=by_hand)
        fetched = manners.fetch(url, pause=pause)
    except Refused as refused:
        if refused.reason != NO_SUCH_NAME:
            raise
        return _sure(held, Found(Outcome.GONE, "dns", "its host no longer has an address")), ""
    except FetchError as error:
        raise capturing.as_job_error(error) from error
    if fetched.status in _GONE:
        message = f"the site answers {fetched.status}"
        return _sure(held, Found(Outcome.GONE, f"http_{fetched.status}", message, "", fetched)), ""
    if not fetched.ok:
        said = (f"http_{fetched.status}", f"The site answered {fetched.status}.")
        if fetched.status in _PASSING:
            raise Again(*said, after=max(fetched.retry_after or 0, _LATER))
        raise GaveUp(*said)
    return _page(held, url, fetched)


def _page(held: Held, url: str, fetched: Fetched) -> tuple[Found, str]:
    try:
        page = capturing.read_bytes(
            fetched.body, url=fetched.final, media_type=fetched.media_type, headers=fetched.headers
        )
    except Unreadable as error:
        raise GaveUp(error.code, error.message) from error
    text = f"{page.title}\n\n{page.text}".strip() if page.text.strip() else ""
    if "soft_404" in page.oddities:
        message = "the site says that this page does not exist"
        return _sure(held, Found(Outcome.GONE, "soft_404", message, "", fetched)), ""
    for wall in page.oddities:
        if wall in _WALLS and not text:
            raise GaveUp(wall, NO_ARTICLE.get(wall, "The site shows no article."))
        if wall in _WALLS and wall != "feed":
            raise GaveUp(wall, NO_ARTICLE.get(wall, "The site shows only a part."))
    if stands_elsewhere(url, fetched.final):
        where = try_parse(fetched.final)
        message = f"its address now leads to {_elsewhere(url, where)}"
        return Found(Outcome.MOVED, "redirect", message, page_key(fetched.final), fetched), text
    mute = not text and not _MUTE.isdisjoint(page.oddities)
    return Found(Outcome.SAME, fetched=fetched, mute=mute), text


def _elsewhere(asked: str, where: Address | None) -> str:
    """Where an address leads now, as told to people."""
    if where is None:
        return "another"
    if where.is_home:
        return f"the front page of {where.host}"
    before = try_parse(asked)
    same = before is not None and before.host == where.host
    return f"another page of {where.host}" if same else where.host


def _as_told(item: Evidence, found: Found) -> Found:
    """The finding in words that colleagues may read: a sealed source does not say where it is."""
    if found.outcome != Outcome.MOVED or item.visibility != Evidence.Visibility.SEALED:
        return found
    return replace(found, message="its address now leads to another page")


def _sure(held: Held, found: Found) -> Found:
    """The finding, once it was found twice."""
    if held.attempt < _SURE_AFTER:
        raise Again(found.code, f"Perhaps gone: {found.message}.", after=_LATER)
    return found


def _compared(item: Evidence, seen: Found, text: str) -> Found:
    """What the page's text says beside the one that the evidence stands on."""
    capture, fetched = item.capture, seen.fetched
    if capture is None or fetched is None or capture.sha256 == fetched.sha256:
        return replace(seen, fetched=None)
    try:
        reading = capturing.read(capture)
    except (Missing, Unreadable) as error:
        return Found(Outcome.UNKNOWN, "own_copy", error.message)
    old = f"{reading.title}\n\n{reading.text}".strip() if reading.text.strip() else ""
    if not old or seen.mute:
        message = "another file stands there now"
        # One finding, whatever the bytes: some files are made anew for each visit.
        return Found(Outcome.CHANGED, "bytes", message, "", fetched)
    revision = revised(old, text, quote=item.quote)
    if not _matters(revision, live=not _ONLY_THE_QUOTE.isdisjoint(reading.oddities)):
        return replace(seen, fetched=None)
    return Found(Outcome.CHANGED, "text", _in_words(revision), revision.sign, fetched)


def _matters(revision: Revision, *, live: bool) -> bool:
    """A page that is written on all day is another one each night; its quote is not.

    Nor is how much of a very long document was read the same each time.
    """
    if live:
        return revision.quote in {Quote.CHANGED, Quote.LOST}
    return revision.matters


def _in_words(revision: Revision) -> str:
    if revision.quote == Quote.LOST:
        return "the quoted words no longer stand on the page"
    if revision.quote == Quote.CHANGED:
        return "the quoted words were changed"
    if revision.notes:
        return "a note about a correction was added"
    count = len(revision.gone)
    return f"{count} sentence{'' if count == 1 else 's'} of it no longer stand{'s' * (count == 1)}"


def _told_since(item: Evidence, found: Found, since: datetime) -> bool:
    same = Recheck.objects.filter(evidence=item, finding=found.digest)
    return same.filter(last_at__gte=since).exists()


@transaction.atomic
def _write_down(held: Held, item: Evidence, found: Found) -> Recheck:
    """Keep the finding and, where it is a new one about a standing check, ask for another look."""
    claim = Claim.objects.select_for_update().get(pk=item.claim_id)
    own(held)
    before = item.rechecks.order_by("-last_at").first()
    known = item.rechecks.filter(finding=found.digest).first()
    kept = known.found if known is not None else None
    if known is None and found.outcome in _ALERTING and found.fetched is not None:
        kept = capturing.keep(found.fetched)
    row = _kept(item, found, kept)
    stands = found.outcome in _ALERTING and claim.published_version is not None
    if stands and not _was_told(row, before):
        _alert(claim, item, row)
    return row


def _kept(item: Evidence, found: Found, kept: Capture | None) -> Recheck:
    if item.capture is None:
        raise RuntimeError("evidence without a capture is not looked at again")
    row, is_new = Recheck.objects.get_or_create(
        evidence=item,
        finding=found.digest,
        defaults={
            "capture": item.capture,
            "found": kept,
            "outcome": found.outcome,
            "code": found.code[:40],
            "message": found.message,
        },
    )
    if not is_new:
        row.last_at, row.times = timezone.now(), row.times + 1
        row.save(update_fields=["last_at", "times"])
    return row


def _was_told(row: Recheck, before: Recheck | None) -> bool:
    """Told once, and again only when it was well in between and somebody had closed it."""
    if row.alert is None:
        return False
    was_well = before is not None and before.outcome == Outcome.SAME
    return row.alert.closed_at is None or not was_well


def _alert(claim: Claim, item: Evidence, row: Recheck) -> None:
    now = timezone.now()
    older: Any = Alert.objects.filter(rechecks__evidence=item, closed_at=None)
    Alert.objects.filter(pk__in=list(older.values_list("pk", flat=True))).update(closed_at=now)
    row.alert = Alert.objects.create(
        claim=claim,
        kind=KINDS[row.outcome],
        message=f"A cited source is not what it was: “{item.title}”: {row.message}.",
    )
    row.save(update_fields=["alert"])
    claim.needs_look = True
    claim.version += 1
    claim.updated_at = now
    claim.save(update_fields=["needs_look", "version", "updated_at"])
    record(
        SourceAltered(evidence=str(item.pk), outcome=row.outcome, message=row.message),
        claim=claim,
        actor=SYSTEM,
    )
