"""Having a public archive keep what the desk cites, and writing down what it answered."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from claims import jobs
from claims.errors import Conflict, Forbidden
from claims.jobs import Again, GaveUp, Held, JobError, Later, own
from claims.manners import user_agent
from claims.models import (
    SYSTEM,
    Actor,
    ArchiveLink,
    ArchiveRequest,
    Capture,
    Claim,
    Evidence,
    Job,
)
from claims.web import client, saving
from claims.web.address import try_parse
from claims.web.client import Limits
from claims.web.declared import storable
from claims.web.errors import FetchError
from claims.web.fetched import Fetched
from claims.web.saving import Answer, State

SAVE = "archive.save"
# The archive takes minutes for a page; whoever asks for it waits in the queue, not in a worker.
_LOOK_AGAIN = 20.0
_SLOWLY = 60.0
_AT_MOST = timedelta(hours=2)
_GIVE_UP = timedelta(days=7)
_ASKING = Limits(connect=8.0, silence=30.0, total=45.0, packed=1 << 20, unpacked=1 << 20)
# What an archive or a line was troubled by; the clock asks again another day.
PASSING = frozenset("odd_answer timeout unreachable dns cut tls protocol deadline lost".split())
_AT_ONCE = 50


def is_configured() -> bool:
    """Whether the desk has keys to ask the Wayback Machine with."""
    return bool(settings.WAYBACK_KEYS)


def ask_for(capture: Capture, *, by: Actor) -> ArchiveRequest:
    """Ask that the page of a capture be kept in public; the answer comes by a job.

    The address becomes known to the archive and to whoever looks there, so the desk by itself
    asks only for what ``by_itself`` allows. Asked before: as it stands, unless it was refused and
    a person wants it tried again. Raises Forbidden and Conflict.
    """
    if not by.is_system:
        by.need("claims:write")
    if not is_configured():
        raise Conflict("The Wayback Machine is not configured: the desk has no keys for it.")
    if capture.via != "web" or try_parse(capture.final_url) is None:
        raise Conflict("Only pages that the desk fetched itself can be saved there.")
    if by.is_system and not by_itself(capture):
        raise Forbidden("A person has to ask for this page: it is not the desk’s to show around.")
    return _ask_for(capture, by=by)


@transaction.atomic
def _ask_for(capture: Capture, *, by: Actor) -> ArchiveRequest:
    request, is_new = ArchiveRequest.objects.select_for_update().get_or_create(
        capture=capture, defaults={"asked_by": by.person}
    )
    if not is_new and request.outcome != ArchiveRequest.Outcome.REFUSED:
        return request
    deadline = timezone.now() + _AT_MOST
    job = jobs.enqueue(
        SAVE,
        key=f"{SAVE}:{capture.pk}",
        args={"capture": str(capture.pk)},
        deadline=deadline,
    )
    if not is_new:
        request.outcome, request.reference = ArchiveRequest.Outcome.WAITING, ""
        request.asked_by = by.person or request.asked_by
        request.save(update_fields=["outcome", "reference", "asked_by"])
        jobs.start_again([job], deadline=deadline)
    return request


def by_itself(capture: Capture) -> bool:
    """Whether the desk may ask without a person: nothing discreet, restricted or not public."""
    used = Evidence.objects.filter(capture=capture)
    hidden = (
        Q(claim__discreet=True)
        | Q(claim__visibility=Claim.Visibility.RESTRICTED)
        | ~Q(visibility=Evidence.Visibility.PUBLIC)
    )
    closed = any(reading.signals.get("noarchive") for reading in capture.readings.all())
    return used.exists() and not used.filter(hidden).exists() and not closed


def offer(cited: Iterable[UUID]) -> int:
    """Ask for the pages this evidence stands on, as far as the desk may by itself; how many.

    And once more, a day later and for a week, for what came to nothing by a trouble that passes.
    """
    if not is_configured():
        return 0
    new = Capture.objects.filter(via="web", archive_request=None, archive_links=None).filter(
        pk__in=Evidence.objects.filter(pk__in=list(cited)).values("capture")
    )
    wanted = [*new[:_AT_ONCE], *(request.capture for request in _to_ask_again()[:_AT_ONCE])]
    return sum(_offered(capture) for capture in wanted)


def attached_lately() -> list[UUID]:
    """Public evidence of the last day, for a desk that has it kept before it publishes."""
    since = timezone.now() - timedelta(days=1)
    recent = Evidence.objects.filter(created_at__gt=since, capture__archive_request=None)
    return list(recent.filter(visibility=Evidence.Visibility.PUBLIC).values_list("pk", flat=True))


def _offered(capture: Capture) -> bool:
    try:
        ask_for(capture, by=SYSTEM)
    except (Forbidden, Conflict):
        return False
    return True


def _to_ask_again() -> QuerySet[ArchiveRequest]:
    now = timezone.now()
    passing = Q(code__startswith="http_") | Q(
        code__in=[*PASSING, *saving.PASSING, *saving.TOMORROW]
    )
    return ArchiveRequest.objects.filter(
        passing,
        outcome=ArchiveRequest.Outcome.REFUSED,
        answered_at__lt=now - timedelta(days=1),
        asked_at__gt=now - _GIVE_UP,
    ).select_related("capture")


def save(held: Held) -> None:
    """One look at the archive: ask, or see how far it is. Raises Again, Later and GaveUp."""
    request = ArchiveRequest.objects.select_related("capture").get(pk=held.args["capture"])
    if request.outcome == ArchiveRequest.Outcome.SAVED:
        return
    unasked = request.asked_by is None and not request.reference
    if unasked and not by_itself(request.capture):
        raise GaveUp("hidden", "By now a person has to ask for this: it may not be shown around.")
    try:
        answer = _answer(request)
    except FetchError as error:
        raise Again(error.code, error.message, after=error.retry_after or _SLOWLY) from error
    _write_down(held, request, answer)
    unfinished = _unfinished(answer)
    if unfinished is not None:
        raise unfinished


def ended(job: Job) -> None:
    """Nothing came of it: say so on the request. Twice is as once."""
    ArchiveRequest.objects.filter(
        pk=job.args["capture"], outcome=ArchiveRequest.Outcome.WAITING
    ).update(
        outcome=ArchiveRequest.Outcome.REFUSED,
        code=job.code,
        message=job.cause,
        answered_at=timezone.now(),
    )


def _answer(request: ArchiveRequest) -> Answer:
    keys = settings.WAYBACK_KEYS
    if request.reference:
        return saving.look(request.reference, keys=keys, get=_get)
    return saving.ask(request.capture.final_url, keys=keys, post=_post)


def _post(url: str, body: bytes, headers: Mapping[str, str]) -> Fetched:
    return client.send(url, body, headers=headers, limits=_ASKING, user_agent=user_agent())


def _get(url: str, headers: Mapping[str, str]) -> Fetched:
    return client.fetch(url, headers=headers, limits=_ASKING, user_agent=user_agent())


@transaction.atomic
def _write_down(held: Held, request: ArchiveRequest, answer: Answer) -> None:
    """The archive's answer, whatever it was; where it keeps the page, its address too."""
    own(held)
    request.answer = {
        storable(name)[:100]: storable(str(value))[:500]
        for name, value in list(answer.said.items())[:30]
    }
    request.code, request.message = answer.code, answer.message
    # What it lost in its own trouble is asked for anew.
    request.reference = answer.reference
    request.answered_at = timezone.now()
    if answer.state == State.SAVED and answer.at is not None:
        request.outcome = ArchiveRequest.Outcome.SAVED
        ArchiveLink.objects.get_or_create(
            capture=request.capture, url=answer.url, defaults={"recorded_at": answer.at}
        )
    elif answer.state == State.REFUSED:
        request.outcome = ArchiveRequest.Outcome.REFUSED
    request.save(
        update_fields=["answer", "code", "message", "reference", "answered_at", "outcome"]
    )


def _unfinished(answer: Answer) -> JobError | None:
    if answer.state == State.WAITING:
        return Later("pending", "The Wayback Machine is at it.", after=_LOOK_AGAIN)
    if answer.state == State.BUSY:
        return Again(answer.code, answer.message, after=max(answer.after or 0, _SLOWLY))
    if answer.state == State.REFUSED:
        return GaveUp(answer.code, answer.message)
    return None
