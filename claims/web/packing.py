"""Writes captures as WARC records that other tools open, the same bytes each time it is asked."""

import base64
import gzip
import hashlib
import http
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, BinaryIO
from uuid import UUID, uuid5

from claims.web.fetched import content_type

CREATOR = "factcheck-desk"
_OCTETS = "application/octet-stream"
_PACKING = frozenset({"content-encoding", "transfer-encoding", "content-length"})

Headers = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Packed:
    """One capture as it goes into an archive.

    ``status`` is the web server's; None where the bytes came by hand and not over HTTP. The ids
    of the records follow from ``key``, so that the same capture is the same file for ever.
    ``asked_with`` are the headers of our request, as far as they are known.
    """

    key: UUID
    url: str
    status: int | None
    headers: Headers
    media_type: str
    body: bytes
    date: datetime
    notes: Mapping[str, Any] = field(default_factory=dict)
    asked_with: Headers = ()
    remote_address: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the main record of a capture stands in its archive. ``digest`` is of the payload."""

    url: str
    date: datetime
    status: int
    media_type: str
    digest: str
    offset: int
    length: int


def pack(one: Packed) -> bytes:
    """A WARC of one capture: what it is, the answer or the document, the request, metadata."""
    buffer = io.BytesIO()
    write(buffer, one)
    return buffer.getvalue()


def write(file: BinaryIO, one: Packed) -> Place:
    """Write one capture where *file* stands, each record a gzip member; says where it begins.

    The body is stored unpacked, as it was hashed; the headers that spoke of its packing are kept
    under ``X-Archive-Orig-``. The notes (JSON) go into the metadata.
    """
    about = f"software: {CREATOR}\r\nformat: WARC File Format 1.0\r\n".encode()
    _record(file, one, "warcinfo", "application/warc-fields", block=about)
    kind = "response" if one.status is not None else "resource"
    head = _answer(one) if one.status is not None else b""
    media_type = "application/http; msgtype=response" if head else _plain_type(one)
    digest = _digest(one.body)
    more = [("WARC-Payload-Digest", digest)]
    if one.remote_address:
        more.append(("WARC-IP-Address", one.remote_address))
    offset, length = _record(file, one, kind, media_type, block=head + one.body, more=more)
    beside = [("WARC-Concurrent-To", _id(one, kind))]
    if one.asked_with:
        block = _request(one)
        _record(
            file, one, "request", "application/http; msgtype=request", block=block, more=beside
        )
    told = {"sha256": hashlib.sha256(one.body).hexdigest(), **one.notes}
    block = json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
    _record(file, one, "metadata", "application/json", block=block, more=beside)
    status = one.status if one.status is not None else int(http.HTTPStatus.OK)
    return Place(one.url, one.date, status, _plain_type(one), digest, offset, length)


def stamp(when: datetime) -> str:
    """A time as WARC writes it, in whole seconds of UTC."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _record(
    file: BinaryIO,
    one: Packed,
    kind: str,
    media_type: str,
    *,
    block: bytes,
    more: Iterable[tuple[str, str]] = (),
) -> tuple[int, int]:
    """Write one record as a gzip member of its own; its offset and packed length."""
    headers = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", _id(one, kind)),
        ("WARC-Date", stamp(one.date)),
        *([("WARC-Target-URI", one.url)] if kind != "warcinfo" else []),
        *more,
        ("WARC-Block-Digest", _digest(block)),
        ("Content-Type", media_type),
        ("Content-Length", str(len(block))),
    ]
    # Without a time of its own in the gzip header, or the same capture would never be the same.
    packed = gzip.compress(b"WARC/1.0\r\n" + _lines(headers) + block + b"\r\n\r\n", 6, mtime=0)
    offset = file.tell()
    file.write(packed)
    return offset, len(packed)


def _answer(one: Packed) -> bytes:
    try:
        phrase = http.HTTPStatus(one.status or 0).phrase
    except ValueError:
        phrase = "Unknown"
    headers = [
        (f"X-Archive-Orig-{name}" if name.lower() in _PACKING else name, value)
        for name, value in one.headers
    ]
    headers.append(("Content-Length", str(len(one.body))))
    return f"HTTP/1.1 {one.status} {phrase}\r\n".encode() + _lines(headers)


def _request(one: Packed) -> bytes:
    target = one.url.partition("://")[2].partition("/")[2]
    return f"GET /{_one_line(target)} HTTP/1.1\r\n".encode() + _lines(one.asked_with)


def _lines(headers: Iterable[Sequence[str]]) -> bytes:
    """Header lines and the empty one after them; nothing in a value can begin a line."""
    said = "".join(f"{_one_line(name)}: {_one_line(value)}\r\n" for name, value in headers)
    return said.encode("utf-8", "replace") + b"\r\n"


def _one_line(value: str) -> str:
    return " ".join(value.replace("\0", "").splitlines()).strip()


def _plain_type(one: Packed) -> str:
    return content_type(one.media_type)[0] or _OCTETS


def _digest(data: bytes) -> str:
    return f"sha256:{base64.b32encode(hashlib.sha256(data).digest()).decode()}"


def _id(one: Packed, kind: str) -> str:
    return f"<urn:uuid:{uuid5(one.key, kind)}>"
