"""Finds out whether a page is only what its host shows for addresses that it does not have."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from secrets import token_hex
from urllib.parse import urljoin, urlsplit

from django.core.cache import cache
from redis.exceptions import RedisError

from claims import capturing, manners
from claims.jobs import GaveUp, JobError, Later
from claims.models import Capture, Reading
from claims.text.shingles import containment, shingles, sketch
from claims.web.address import try_parse
from claims.web.client import Limits
from claims.web.errors import FetchError, Unreadable
from claims.web.walls import STUB_WORDS, word_count

_LIMITS = Limits(connect=4.0, silence=5.0, total=8.0)
_KEPT = 3600
_TRIES = 3
# Front pages and "you may also like" change from one minute to the next, and stay what they are.
_SAME = 0.8


@dataclass(frozen=True, slots=True)
class Shown:
    """What a host shows for an address that does not exist. ``honest``: it says so."""

    honest: bool = False
    final: str = ""
    title: str = ""
    sketch: Sequence[int] = ()


def mind(reading: Reading) -> None:
    """Raises GaveUp (``soft_404``) for a page that stands for every address of its host.

    The host is asked for an address that surely does not exist, and only where the page gives
    cause to: once an hour, and within eight seconds. A host that cannot be asked is believed.
    """
    capture = reading.capture
    if capture.via != "web":
        return
    if not _is_doubtful(capture, reading):
        return
    shown = _shown(capture.final_url)
    if shown is None or shown.honest:
        return
    if _lead_to(capture, shown.final) or _is_same(reading, shown):
        raise GaveUp(
            "soft_404",
            "The site shows the same for an address that does not exist: the page is gone.",
        )


def _is_doubtful(capture: Capture, reading: Reading) -> bool:
    """Whether the page may be none: it is short, has no date, or is not where it was asked for."""
    final = try_parse(capture.final_url)
    if final is None:
        return False
    if final.is_home:
        return not _is_home(capture.asked_url)
    return (
        reading.published_on is None
        or word_count(reading.text) < STUB_WORDS
        or "canonical_home" in reading.oddities
    )


def _is_home(url: str) -> bool:
    address = try_parse(url)
    return address is not None and address.is_home


def _lead_to(capture: Capture, final: str) -> bool:
    """Whether both were sent to the very same page."""
    return capture.final_url == final and capture.final_url != capture.asked_url


def _is_same(reading: Reading, shown: Shown) -> bool:
    here, there = set(sketch(shingles(reading.text).hashes)), set(shown.sketch)
    if not here or not there:
        return bool(reading.title) and reading.title == shown.title and here == there
    alike = len(here & there) / len(here | there)
    return alike >= _SAME or (
        reading.title == shown.title and containment(here, there) >= _SAME and alike >= _SAME / 2
    )


def _shown(url: str) -> Shown | None:
    """What the host of *url* shows, remembered for an hour; None where it could not be asked."""
    parts = urlsplit(url)
    key = hashlib.sha256(f"{parts.scheme}://{parts.netloc}".encode()).hexdigest()[:32]
    with suppress(OSError, RedisError):
        known = cache.get(f"nowhere:{key}")
        if known is not None:
            return Shown(**known)
    try:
        shown = _ask(urljoin(url, token_hex(12)))
    except (FetchError, JobError, Unreadable):
        return None
    with suppress(OSError, RedisError):
        cache.set(f"nowhere:{key}", asdict(shown), _KEPT)
    return shown


def _ask(url: str) -> Shown:
    pause = manners.mind_robots(url)
    for attempt in range(_TRIES):
        try:
            fetched = manners.fetch(url, limits=_LIMITS, pause=pause)
            break
        except Later:
            if attempt == _TRIES - 1:
                raise
    if not fetched.ok:
        return Shown(honest=True)
    page = capturing.read_bytes(
        fetched.body, url=fetched.final, media_type=fetched.media_type, headers=fetched.headers
    )
    if "soft_404" in page.oddities:
        return Shown(honest=True)
    words = sketch(shingles(page.text).hashes)
    return Shown(final=fetched.final, title=page.title, sketch=words)
