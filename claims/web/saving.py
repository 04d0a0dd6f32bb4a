"""Asks the Wayback Machine to keep a page, and reads what it answers, however odd (SPN2)."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from claims.web.declared import storable
from claims.web.fetched import Fetched

SAVE = "https://web.archive.org/save"
KEPT = "https://web.archive.org/web"
# What the archive says of its own troubles; everything else it says of the page.
PASSING = frozenset(
    "bandwidth-limit-exceeded bad-gateway browsing-timeout capture-location-error celery"
    " cannot-fetch gateway-timeout internal-server-error invalid-server-response job-failed"
    " no-browsers-available proxy-error read-timeout redis-error service-unavailable"
    " soft-time-limit-exceeded too-many-requests user-session-limit".split()
)
# A no for today alone: the archive has the page often enough.
TOMORROW = frozenset({"too-many-daily-captures"})
_REFERENCE = re.compile(r"[A-Za-z0-9._-]{1,200}")
_STAMP = re.compile(r"\d{14}")
_UNAUTHORISED = frozenset({401, 403})
_BUSY = frozenset({408, 425, 429})
_SERVER = 500
_SAID_MAX = 300

Post = Callable[[str, bytes, Mapping[str, str]], Fetched]
Get = Callable[[str, Mapping[str, str]], Fetched]


class State(StrEnum):
    WAITING = "waiting"
    SAVED = "saved"
    REFUSED = "refused"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the archive says: it is at it (``reference``), keeps it (``url``), or why it does not.

    BUSY is its own trouble and passes, after ``after`` seconds where it says so. ``said`` is its
    answer as it came, for the record.
    """

    state: State
    reference: str = ""
    url: str = ""
    at: datetime | None = None
    code: str = ""
    message: str = ""
    after: int | None = None
    said: Mapping[str, Any] = field(default_factory=dict)


def ask(url: str, *, keys: str, post: Post) -> Answer:
    """Ask that a page be kept, unless it was within the last day. Raises FetchError."""
    wanted = {"url": url, "capture_all": "1", "if_not_archived_within": "1d"}
    headers = {**_headers(keys), "Content-Type": "application/x-www-form-urlencoded"}
    fetched = post(SAVE, urlencode(wanted).encode(), headers)
    said = _said(fetched)
    if isinstance(said, Answer):
        return said
    reference = said.get("job_id")
    if isinstance(reference, str) and _REFERENCE.fullmatch(reference):
        return Answer(State.WAITING, reference=reference, said=said)
    # A polite no comes with status 200 and a sentence.
    return _refusal(said)


def look(reference: str, *, keys: str, get: Get) -> Answer:
    """Ask how far it is. Raises FetchError."""
    fetched = get(f"{SAVE}/status/{reference}", _headers(keys))
    said = _said(fetched)
    if isinstance(said, Answer):
        return said
    status = said.get("status")
    if status == "pending":
        return Answer(State.WAITING, reference=reference, said=said)
    if status == "success":
        return _success(said)
    if status != "error":
        return _odd(said)
    return _refusal(said)


def _headers(keys: str) -> dict[str, str]:
    return {"Accept": "application/json", "Authorization": f"LOW {keys}"}


def _said(fetched: Fetched) -> dict[str, Any] | Answer:
    """The answer as an object, or what it means that there is none."""
    if fetched.status in _UNAUTHORISED:
        return Answer(
            State.REFUSED,
            code="unauthorised",
            message="The Wayback Machine does not accept the desk’s keys.",
            said=_envelope(fetched),
        )
    if fetched.status in _BUSY or fetched.status >= _SERVER:
        return _busy(f"http_{fetched.status}", f"answered {fetched.status}", fetched)
    try:
        said = json.loads(fetched.body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        return _busy("odd_answer", "gave an answer that cannot be read", fetched)
    return said


def _busy(code: str, what: str, fetched: Fetched) -> Answer:
    return Answer(
        State.BUSY,
        code=code,
        message=f"The Wayback Machine {what}.",
        after=fetched.retry_after,
        said=_envelope(fetched),
    )


def _odd(said: Mapping[str, Any]) -> Answer:
    message = "The Wayback Machine gave an answer that says nothing."
    return Answer(State.BUSY, code="odd_answer", message=message, said=said)


def _envelope(fetched: Fetched) -> dict[str, Any]:
    """What is on record of an answer without words for us."""
    return {"status": fetched.status, "media_type": fetched.media_type}


def _success(said: Mapping[str, Any]) -> Answer:
    stamp, original = said.get("timestamp"), said.get("original_url")
    at = _moment(stamp)
    if at is None or not isinstance(original, str) or not original.startswith("http"):
        message = "The Wayback Machine says that it kept the page, but not where."
        return Answer(State.BUSY, code="odd_answer", message=message, said=said)
    return Answer(State.SAVED, url=f"{KEPT}/{stamp}/{storable(original)}", at=at, said=said)


def _moment(stamp: Any) -> datetime | None:
    if not isinstance(stamp, str) or not _STAMP.fullmatch(stamp):
        return None
    try:
        return datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _refusal(said: Mapping[str, Any]) -> Answer:
    code = storable(str(said.get("status_ext") or "")).removeprefix("error:")[:60]
    words = said.get("message")
    why = storable(words).strip()[:_SAID_MAX] if isinstance(words, str) else ""
    message = f"The Wayback Machine did not keep it: {why or code or 'it does not say why'}"
    state = State.BUSY if code in PASSING else State.REFUSED
    return Answer(state, code=code or "refused", message=f"{message.rstrip('.')}.", said=said)
