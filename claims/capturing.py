"""Keeping pages: fetched through the guard, stored under their SHA-256, read in a sandbox.

The bytes are on disk before the row is: a crash in between leaves a file nobody points to, never
a row that points to nothing.
"""

import errno
import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from email.message import Message
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from redis.exceptions import RedisError

from claims.errors import Busy, Missing
from claims.jobs import Again, GaveUp, Held, JobError, Later, own
from claims.models import Capture, Reading
from claims.web import client, robots, sandbox
from claims.web.client import PAGE, USER_AGENT, Fetched, Limits
from claims.web.errors import FetchError, Unreadable
from claims.web.page import READER, Page
from claims.web.robots import Robots

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
NO_ARTICLE = {
    "bot_wall": "The site wants to be sure that a person is looking, and shows no article.",
    "consent_wall": "The site asks for consent first, and shows no article.",
    "login_wall": "The site asks for a log-in first, and shows no article.",
    "soft_404": "The site says that this page does not exist.",
    "script_redirect": "The page only sends a browser elsewhere by script.",
    "feed": "This is a list of articles, not an article.",
    "not_text": "This is no text that can be read.",
}
# A second attempt has to be over in time: somebody waits for the whole run.
_HURRIED = Limits(connect=5.0, silence=8.0, total=14.0)
# One request at a time to a host, and a pause after it; a dead holder is let go after a minute.
_PAUSE = 1
_HOLD = 60
_LOOK_AGAIN = 0.1
_ROBOTS_KEPT = 3600
# Folders whose names this process has made safe; there are 65,536 at the most.
_named_safely: set[Path] = set()


def fetch(url: str, *, limits: Limits = PAGE) -> Fetched:
    """Ask for a page, as one polite visitor: one request per host at a time, with a pause.

    Any status is an answer. Raises ``claims.web.errors.FetchError``, and Later where others
    are asking the same host; nothing is stored.
    """
    return client.fetch(url, limits=limits, turn=turn, user_agent=user_agent())


def user_agent() -> str:
    """Who we say we are: the desk, and how to reach it where the settings tell."""
    return f"{USER_AGENT} {settings.CONTACT}".strip()


def keep(fetched: Fetched) -> Capture:
    """Store what came back from the web."""
    return store(
        fetched.body,
        asked_url=fetched.asked,
        final_url=fetched.final,
        status=fetched.status,
        headers=fetched.headers,
        media_type=fetched.media_type,
        fetched_at=fetched.ended,
        via="web",
        asking=_asking(fetched),
    )


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
    key = _key(digest)
    _write(key, body)
    row = {
        "asked_url": asked_url,
        "final_url": final_url or asked_url,
        "via": via,
        "file_name": file_name[:FILE_NAME_MAX],
    }
    if fetched_at is not None:
        same = Capture.objects.filter(sha256=digest, fetched_at=fetched_at, **row).first()
        if same is not None:
            return same
    return Capture.objects.create(
        status=status,
        headers=[[_clean(name), _clean(value)] for name, value in headers],
        media_type=_clean(media_type)[:MEDIA_TYPE_MAX],
        sha256=digest,
        size=len(body),
        storage_key=key,
        fetched_at=fetched_at or timezone.now(),
        asking=dict(asking or {}),
        **row,
    )


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
        with default_storage.open(capture.storage_key) as file:
            body: bytes = file.read()
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
        return known
    page = read_bytes(
        content(capture),
        url=capture.final_url,
        media_type=capture.media_type,
        headers=capture.headers,
    )
    Reading.objects.bulk_create([_reading(capture, page)], ignore_conflicts=True)
    return Reading.objects.get(capture=capture, reader=READER)


def read_bytes(
    body: bytes, *, url: str, media_type: str, headers: Iterable[Sequence[str]] = ()
) -> Page:
    """What a page says, read in a child process with limits. Raises Unreadable."""
    named = {name.lower(): value for name, value in headers}
    message = Message()
    message["content-type"] = _clean(named.get("content-type", "")) or media_type
    charset = message.get_content_charset() or ""
    return sandbox.read(body, url=url, media_type=media_type, charset=charset)


def visit(
    held: Held,
    url: str,
    *,
    until: datetime | None = None,
    by_hand: bool = True,
    as_article: bool = False,
) -> Capture:
    """Fetch and keep the page a job is about; ``as_article``: with what it says.

    ``by_hand``: a person asked for this very page, so a host that cannot say what robots may
    read is no reason to stop; one that says no always is. Raises Again (the host is down, slow
    or busy; not after *until*), Later and GaveUp.
    """
    try:
        mind_robots(url, until=until, by_hand=by_hand)
        fetched = fetch(url, limits=PAGE if held.attempt == 1 else _HURRIED)
    except FetchError as error:
        raise as_job_error(error, until=until) from error
    if not fetched.ok:
        said = (f"http_{fetched.status}", f"The site answered {fetched.status}.")
        if fetched.status in _TRY_AGAIN:
            raise Again(*said, after=fetched.retry_after or 0, until=until)
        raise GaveUp(*said)
    if as_article:
        return _keep_read(held, fetched)
    with _storing(), transaction.atomic():
        own(held)
        return keep(fetched)


def mind_robots(url: str, *, until: datetime | None = None, by_hand: bool = False) -> None:
    """Raises GaveUp where machines may not read a page, and Again where the host cannot say."""
    rules = _robots(url)
    if rules.allows(url, user_agent=user_agent(), by_hand=by_hand):
        return
    if rules.silent:
        raise Again("robots", "The site cannot say now what machines may read.", until=until)
    raise GaveUp(
        "robots", "The site asks machines not to read this page. Save it yourself and upload it."
    )


def _keep_read(held: Held, fetched: Fetched) -> Capture:
    """Keep a page and its reading. It is read while its bytes are made safe: both take their time.

    The job's row is locked only after that, since a beating heart has to reach it.
    """
    with ThreadPoolExecutor(max_workers=1) as aside, _storing():
        reading = aside.submit(
            read_bytes,
            fetched.body,
            url=fetched.final,
            media_type=fetched.media_type,
            headers=fetched.headers,
        )
        _write(_key(fetched.sha256), fetched.body)
    stopped = reading.exception()
    with _storing(), transaction.atomic():
        own(held)
        capture = keep(fetched)
        if stopped is None:
            row = _reading(capture, reading.result())
            Reading.objects.bulk_create([row], ignore_conflicts=True)
    if isinstance(stopped, Unreadable):
        raise GaveUp(stopped.code, stopped.message) from stopped
    return capture


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
def turn(who: str, *, pause: int = _PAUSE) -> Iterator[None]:
    """Hold the one place there is for asking *who* (a host, a provider), and pause after it.

    Kept in the cache for all processes; raises Later where others keep it for longer than that.
    When the cache is gone the pause alone is kept: slower, but nobody is pressed.
    """
    key = f"turn:{hashlib.sha256(who.encode()).hexdigest()[:32]}"
    shared = _take_turn(key, who, patience=pause + 1.0)
    try:
        yield
    finally:
        _pause_after(key, pause, shared=shared)


def _robots(url: str) -> Robots:
    """The rules of the page's host, remembered for an hour where there is a cache."""
    parts = urlsplit(url)
    host = f"{parts.scheme}://{parts.netloc}".lower()
    key = f"robots:{hashlib.sha256(host.encode()).hexdigest()[:32]}"
    with suppress(OSError, RedisError):
        known = cache.get(key)
        if known is not None:
            return robots.parse(known, user_agent())
    found = robots.robots_of(url, get=partial(fetch, limits=_HURRIED), user_agent=user_agent())
    if not found.silent:
        with suppress(OSError, RedisError):
            cache.set(key, found.text, _ROBOTS_KEPT)
    return found


@contextmanager
def _storing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Again("storage", f"The bytes could not be stored: {_why(error)}.") from error


def _why(error: OSError) -> str:
    return error.strerror or str(error)


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
    }
    return Reading(
        capture=capture,
        reader=READER,
        title=_clean(page.title),
        text=_clean(page.text),
        language=page.language[:LANGUAGE_MAX],
        byline=_clean(page.byline),
        published_raw=_clean(page.published_raw)[:DATE_MAX],
        published_on=page.published_on,
        date_source=page.date_source[:DATE_SOURCE_MAX],
        canonical_url=page.canonical,
        signals={
            name: list(values) for name, values in {**page.signals, **more}.items() if values
        },
        oddities=list(page.oddities),
    )


def _take_turn(key: str, who: str, *, patience: float) -> bool:
    """True once the place is ours; False where there is no cache to say so."""
    until = time.monotonic() + patience
    try:
        while not cache.add(key, 1, timeout=_HOLD):
            if time.monotonic() > until:
                raise Later("host_busy", f"The desk is asking {who} already.", after=patience)
            time.sleep(_LOOK_AGAIN)
    except (OSError, RedisError):
        return False
    return True


def _pause_after(key: str, pause: int, *, shared: bool) -> None:
    try:
        if shared:
            cache.set(key, 1, timeout=pause)
            return
    except (OSError, RedisError):
        pass
    time.sleep(pause)


def _key(digest: str) -> str:
    """Where the bytes of a digest are in the store."""
    return f"captures/{digest[:2]}/{digest[2:4]}/{digest}"


def _write(key: str, body: bytes) -> None:
    """Put bytes under a key once, whole or not at all, and on the disk before returning."""
    try:
        path = Path(default_storage.path(key))
    except NotImplementedError:  # an object store: what it said yes to is safe, and whole
        if not _is_stored(key, len(body)) and default_storage.save(key, ContentFile(body)) != key:
            raise OSError(errno.EEXIST, "the store kept the bytes under another name") from None
        return
    if path.exists() and path.stat().st_size == len(body):
        return
    if not path.parent.exists():
        _named_safely.difference_update([path.parent, *path.parent.parents])
        path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{token_hex(6)}")
    try:
        draft.touch(mode=0o600)
        with draft.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    _sync_folders(path.parent)


def _is_stored(key: str, size: int) -> bool:
    try:
        return default_storage.size(key) == size
    except FileNotFoundError:
        return False


def _sync_folders(folder: Path) -> None:
    """Make the names safe too, up to the root of the store or to a folder whose own name is."""
    root = Path(settings.MEDIA_ROOT)
    while True:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if folder in {root, folder.parent} or folder in _named_safely:
            return
        _named_safely.add(folder)
        folder = folder.parent


def _clean(value: str) -> str:
    return value.replace("\0", "").encode("utf-8", "replace").decode()
