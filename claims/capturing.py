"""Keeping pages: fetched through the guard, stored under their SHA-256, read in a sandbox.

The bytes are on disk before the row is: a crash in between leaves a file nobody points to, never
a row that points to nothing.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from email.message import Message
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from claims import blobs
from claims.errors import Busy, Missing
from claims.jobs import Again, Fenced, GaveUp, Held, JobError, own
from claims.manners import HURRIED, IN_A_RUN, fetch, mind_robots
from claims.models import Capture, Reading
from claims.statements import Insert
from claims.web import sandbox
from claims.web.client import PAGE, Limits
from claims.web.errors import FetchError, Unreadable
from claims.web.fetched import Fetched
from claims.web.oddities import NO_ARTICLE
from claims.web.page import READER, Page

FILE_NAME_MAX = 255
MEDIA_TYPE_MAX = 120
LANGUAGE_MAX = 12
DATE_MAX = 120
DATE_SOURCE_MAX = 60
_TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
# No answer of any use can be had from these by asking again.
_FINAL = frozenset(
    "address_refused too_large encoding redirect_loop too_many_redirects bad_redirect"
    " not_configured unauthorised forbidden".split()
)
# What the two statements of every visit write (docs/adr/0012): a column and its type.
CAPTURE_COLUMNS = {
    "id": "uuid",
    "asked_url": "text",
    "final_url": "text",
    "status": "smallint",
    "headers": "jsonb",
    "media_type": "text",
    "sha256": "text",
    "size": "bigint",
    "storage_key": "text",
    "fetched_at": "timestamptz",
    "via": "text",
    "file_name": "text",
    "asking": "jsonb",
}
READING_COLUMNS = {
    "id": "uuid",
    "capture_id": "uuid",
    "reader": "text",
    "title": "text",
    "text": "text",
    "language": "text",
    "byline": "text",
    "published_raw": "text",
    "published_on": "date",
    "date_source": "text",
    "canonical_url": "text",
    "signals": "jsonb",
    "oddities": "jsonb",
    "created_at": "timestamptz",
}
_MINE = (
    "WITH mine AS (SELECT 1 FROM claims_job WHERE id = %(job)s::uuid"
    " AND fence = %(fence)s::integer AND state = 'running' FOR UPDATE)"
)
_KEEP = Insert("claims_capture", CAPTURE_COLUMNS, before=_MINE, more="FROM mine", prefix="kept_")
_KEEP_AS_READ = Insert(
    "claims_reading",
    READING_COLUMNS,
    before=f"{_MINE}, kept AS ({_KEEP.text} RETURNING id)",
    more="FROM kept",
)
_REMEMBER = Insert("claims_reading", READING_COLUMNS, more="ON CONFLICT DO NOTHING")
_REMEMBER_SOON = Insert(
    "claims_reading",
    READING_COLUMNS,
    more="WHERE set_config('synchronous_commit', 'off', true) = 'off' ON CONFLICT DO NOTHING",
)


def keep(fetched: Fetched) -> Capture:
    """Store what came back from the web."""
    return store(fetched.body, **_visit(fetched))


def store(  # noqa: PLR0913 - a capture is all of this
    body: bytes,
    *,
    asked_url: str = "",
    final_url: str = "",
    status: int = 200,
    headers: Iterable[tuple[str, str]] = (),
    media_type: str,
    fetched_at: datetime | None = None,
    via: str,
    file_name: str = "",
    asking: Mapping[str, Any] | None = None,
) -> Capture:
    """Keep bytes as they came. The same visit stored twice is one capture.

    *headers* in the order they came; *via* is where from: ``web``, ``archive``, ``upload`` or
    ``hand-in``; *asking* is how the web was asked, for the record. Raises OSError when the bytes
    cannot be made safe on disk.
    """
    digest = hashlib.sha256(body).hexdigest()
    blobs.write(blobs.key_of(digest), body)
    row = _capture(
        digest,
        len(body),
        asked_url=asked_url,
        final_url=final_url,
        status=status,
        headers=headers,
        media_type=media_type,
        fetched_at=fetched_at,
        via=via,
        file_name=file_name,
        asking=asking,
    )
    if fetched_at is not None:
        same = Capture.objects.filter(
            sha256=digest,
            fetched_at=fetched_at,
            asked_url=row.asked_url,
            final_url=row.final_url,
            via=via,
            file_name=row.file_name,
        ).first()
        if same is not None:
            return same
    row.save(force_insert=True)
    return row


def take_in(body: bytes, **visit: Any) -> Capture:
    """``store`` for somebody who waits. Raises Busy when the bytes cannot be made safe now."""
    try:
        return store(body, **visit)
    except OSError as error:
        raise Busy(f"The file could not be stored: {_why(error)}.") from error


def content(capture: Capture) -> bytes:
    """The stored bytes, checked against their digest.

    Raises Missing when they are not there, and Busy when the store cannot say.
    """
    try:
        body = blobs.read(capture.storage_key)
    except FileNotFoundError as error:
        raise Missing("The stored bytes of this capture are gone.") from error
    except OSError as error:
        raise Busy(f"The captured bytes cannot be read now: {_why(error)}.") from error
    if hashlib.sha256(body).hexdigest() != capture.sha256:
        raise Missing("The stored bytes of this capture are damaged: their digest differs.")
    return body


def read(capture: Capture) -> Reading:
    """What the present reader takes from a capture; read once, then kept for good.

    Raises ``claims.web.errors.Unreadable`` where reading was stopped, and Missing.
    """
    known = Reading.objects.filter(capture=capture, reader=READER).first()
    if known is not None:
        known.capture = capture
        return known
    page = read_bytes(
        content(capture),
        url=capture.final_url,
        media_type=capture.media_type,
        headers=capture.headers,
    )
    return _remembered(capture, page)


def read_bytes(
    body: bytes, *, url: str, media_type: str, headers: Iterable[Sequence[str]] = ()
) -> Page:
    """What a page says, read in a child process with limits. Raises Unreadable."""
    with being_read(body, url=url, media_type=media_type, headers=headers) as page:
        return page()


def being_read(
    body: bytes, *, url: str, media_type: str, headers: Iterable[Sequence[str]] = ()
) -> AbstractContextManager[Callable[[], Page]]:
    """``read_bytes`` while the caller does something else, and then asks once for the page."""
    charset = _charset(headers, media_type)
    return sandbox.being_read(body, url=url, media_type=media_type, charset=charset)


def _charset(headers: Iterable[Sequence[str]], media_type: str) -> str:
    """What the server said the bytes are written in; it may be wrong."""
    named = {name.lower(): value for name, value in headers}
    message = Message()
    message["content-type"] = _clean(named.get("content-type", "")) or media_type
    return message.get_content_charset() or ""


def visit(held: Held, url: str, *, until: datetime | None = None, by_hand: bool = True) -> Capture:
    """Fetch and keep the page a job is about.

    ``by_hand``: a person asked for this very page, so a host that cannot say what robots may
    read is no reason to stop; one that says no always is. Raises Again (the host is down, slow
    or busy; not after *until*), Later and GaveUp.
    """
    fetched = ask_for(held, url, until=until, by_hand=by_hand)
    with _storing():
        blobs.write(blobs.key_of(fetched.sha256), fetched.body)
    return _kept(held, fetched)


def visit_article(
    held: Held, url: str, *, until: datetime | None = None, by_hand: bool = True
) -> Reading:
    """``visit`` for a page that is to be read: what it says, with its ``capture``.

    It is read while its bytes are made safe: both take their time. A page that cannot be read is
    kept all the same. Raises as ``visit`` and ``article_in`` do.
    """
    sandbox.prepare()
    fetched = ask_for(held, url, until=until, by_hand=by_hand)
    reading = being_read(
        fetched.body, url=fetched.final, media_type=fetched.media_type, headers=fetched.headers
    )
    try:
        with reading as page_of:
            with _storing():
                blobs.write(blobs.key_of(fetched.sha256), fetched.body)
            page = page_of()
    except Unreadable as error:
        _kept(held, fetched)
        raise GaveUp(error.code, error.message) from error
    return article_in(_kept_as_read(held, fetched, page))


def ask_for(
    held: Held, url: str, *, until: datetime | None = None, by_hand: bool = True
) -> Fetched:
    """A good answer from the web, kept by nobody yet. Raises as ``visit`` does."""
    try:
        pause = mind_robots(url, until=until, by_hand=by_hand)
        fetched = fetch(url, limits=_limits(held), pause=pause)
    except FetchError as error:
        raise as_job_error(error, until=until) from error
    if fetched.ok:
        return fetched
    said = (f"http_{fetched.status}", f"The site answered {fetched.status}.")
    if fetched.status in _TRY_AGAIN:
        raise Again(*said, after=fetched.retry_after or 0, until=until)
    raise GaveUp(*said)


def _limits(held: Held) -> Limits:
    if held.attempt > 1:
        return HURRIED
    return IN_A_RUN if held.run_id is not None else PAGE


def _kept(held: Held, fetched: Fetched) -> Capture:
    """The row of a visit that was made just now, so nobody can have stored it before.

    One statement proves that the job is still this worker's and writes. Raises Fenced.
    """
    row = _capture(fetched.sha256, len(fetched.body), **_visit(fetched))
    if not _KEEP.write(row, job=held.id, fence=held.fence):
        raise Fenced
    return row


def _kept_as_read(held: Held, fetched: Fetched, page: Page) -> Reading:
    """The same with what the page says, in one statement. Raises Fenced."""
    capture = _capture(fetched.sha256, len(fetched.body), **_visit(fetched))
    reading = _reading(capture, page)
    visit = _KEEP.values(capture)
    if not _KEEP_AS_READ.write(reading, job=held.id, fence=held.fence, **visit):
        raise Fenced
    return reading


def _remembered(capture: Capture, page: Page) -> Reading:
    """What a page says, kept for the next who wants to know; two who read it read the same.

    It can be read again from the bytes, so nobody waits until it is on disk.
    """
    reading = _reading(capture, page)
    (_REMEMBER if connection.in_atomic_block else _REMEMBER_SOON).write(reading)
    return reading


def store_for(held: Held, body: bytes, **visit: Any) -> Capture:
    """``store`` for a job that still has to be its worker's. Raises Again for a full disk."""
    with _storing(), transaction.atomic():
        own(held)
        return store(body, **visit)


def article_of(capture: Capture) -> Reading:
    """The article on a captured page. Raises GaveUp with the reason where there is none."""
    try:
        reading = read(capture)
    except Unreadable as error:
        raise GaveUp(error.code, error.message) from error
    except Missing as error:
        raise GaveUp("capture_gone", error.message) from error
    return article_in(reading)


def article_in(reading: Reading) -> Reading:
    """The same, where it holds an article. Raises GaveUp with the reason where it does not."""
    for oddity, sentence in NO_ARTICLE.items():
        if oddity in reading.oddities:
            raise GaveUp(oddity, sentence)
    if not reading.text.strip():
        raise GaveUp("no_text", "No article could be read from this page.")
    return reading


def stated(reading: Reading) -> dict[str, Any]:
    """What an article has from its page beside title, text and language, by field."""
    at = reading.signals.get("published_at", [])
    return {
        "published_on": reading.published_on,
        "published_at": datetime.fromisoformat(at[0]) if at else None,
        "published_raw": reading.published_raw,
        "date_source": reading.date_source,
        "byline": reading.byline,
        "signals": {**reading.signals, "oddities": reading.oddities},
    }


def as_job_error(error: FetchError, *, until: datetime | None = None) -> JobError:
    """Whether asking again may help."""
    if error.code in _FINAL:
        return GaveUp(error.code, error.message)
    return Again(error.code, error.message, after=error.retry_after or 0, until=until)


@contextmanager
def _storing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Again("storage", f"The bytes could not be stored: {_why(error)}.") from error


def _why(error: OSError) -> str:
    return error.strerror or str(error)


def _visit(fetched: Fetched) -> dict[str, Any]:
    """How a capture came about, as ``store`` takes it."""
    return {
        "asked_url": fetched.asked,
        "final_url": fetched.final,
        "status": fetched.status,
        "headers": fetched.headers,
        "media_type": fetched.media_type,
        "fetched_at": fetched.ended,
        "via": "web",
        "asking": _asking(fetched),
    }


def _capture(  # noqa: PLR0913 - a capture is all of this
    digest: str,
    size: int,
    *,
    asked_url: str,
    final_url: str,
    status: int,
    headers: Iterable[tuple[str, str]],
    media_type: str,
    fetched_at: datetime | None,
    via: str,
    asking: Mapping[str, Any] | None,
    file_name: str = "",
) -> Capture:
    return Capture(
        asked_url=asked_url,
        final_url=final_url or asked_url,
        status=status,
        headers=[[_clean(name), _clean(value)] for name, value in headers],
        media_type=_clean(media_type)[:MEDIA_TYPE_MAX],
        sha256=digest,
        size=size,
        storage_key=blobs.key_of(digest),
        fetched_at=fetched_at or timezone.now(),
        via=via,
        file_name=file_name[:FILE_NAME_MAX],
        asking=dict(asking or {}),
    )


def _asking(fetched: Fetched) -> dict[str, Any]:
    """What our own request said and which way it took, so that the visit can be shown whole."""
    hops = [
        {"url": hop.url, "status": hop.status, "location": hop.location, "ip": hop.remote_address}
        for hop in fetched.hops
    ]
    return {
        "headers": [[_clean(name), _clean(value)] for name, value in fetched.request_headers],
        "address": fetched.remote_address,
        "started": fetched.started.isoformat(),
        "hops": hops,
    }


def _reading(capture: Capture, page: Page) -> Reading:
    more = {
        "site_name": [page.site_name] if page.site_name else [],
        "published_at": [page.published_at.isoformat()] if page.published_at else [],
        "pages": page.pages,
    }
    return Reading(
        capture=capture,
        reader=READER,
        title=page.title,
        text=page.text,
        language=page.language[:LANGUAGE_MAX],
        byline=page.byline,
        published_raw=page.published_raw[:DATE_MAX],
        published_on=page.published_on,
        date_source=page.date_source[:DATE_SOURCE_MAX],
        canonical_url=page.canonical,
        signals={
            name: list(values) for name, values in {**page.signals, **more}.items() if values
        },
        oddities=list(page.oddities),
    )


def _clean(value: str) -> str:
    return value.replace("\0", "").encode("utf-8", "replace").decode()
