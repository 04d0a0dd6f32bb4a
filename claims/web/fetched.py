"""What came back for an address: the answer, and the way to it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

_LONGEST_WAIT = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Seen:
    """What an earlier answer said to send along, so that an unchanged page need not come again."""

    etag: str = ""
    last_modified: str = ""

    def headers(self) -> dict[str, str]:
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Hop:
    """One request on the way: what was asked, of whom, and what came back."""

    url: str
    status: int
    location: str
    remote_address: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer, whatever its status. ``body`` is unpacked, ``sha256`` is of that body (hex).

    ``headers`` are those of the last hop, as they came, in order. ``hops`` holds every request,
    the last one included. ``retry_after`` is in seconds, None when the answer does not say.
    """

    asked: str
    final: str
    status: int
    headers: tuple[tuple[str, str], ...]
    media_type: str
    charset: str
    body: bytes
    sha256: str
    hops: tuple[Hop, ...]
    started: datetime
    ended: datetime
    remote_address: str
    retry_after: int | None
    request_headers: tuple[tuple[str, str], ...] = ()

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004

    @property
    def not_modified(self) -> bool:
        return self.status == HTTPStatus.NOT_MODIFIED

    @property
    def seen(self) -> Seen:
        """What to send along the next time."""
        return Seen(etag=self.header("etag"), last_modified=self.header("last-modified"))

    def header(self, name: str) -> str:
        """The values of one header, joined as HTTP allows; empty when absent."""
        return header(self.headers, name)


def header(headers: tuple[tuple[str, str], ...], name: str) -> str:
    """The values of the header *name* (in lower case), joined as HTTP allows."""
    return ", ".join(value for key, value in headers if key.lower() == name)


def retry_after(value: str, *, now: datetime) -> int | None:
    """Seconds from a Retry-After header in either of its forms; None when it says nothing.

    Never negative and never more than a week: a server cannot park us for ever.
    """
    value = value.strip()
    if re.fullmatch(r"[0-9]+", value):
        # Nine digits are years already; more of them would not even be read as a number.
        return min(int(value.lstrip("0")[:9] or 0), _LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(int((until - now).total_seconds()), 0), _LONGEST_WAIT)


def content_type(value: str) -> tuple[str, str]:
    """Media type and charset, in lower case; empty where the header does not say."""
    media_type, *parameters = value.split(";")
    charset = ""
    for parameter in parameters:
        name, _, given = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = given.strip().strip("\"'").lower()[:40]
    media_type = media_type.strip().lower()
    return (media_type if re.fullmatch(r"[\w.+*-]+/[\w.+*-]+", media_type) else "", charset)
