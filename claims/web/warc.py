"""Reads pages out of WARC files, cut ones too."""

import hashlib
import http
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from claims.web.address import try_parse
from claims.web.errors import FetchError
from claims.web.fetched import content_type
from claims.web.unpack import Unpacker

LARGEST_PAGE = 32 << 20
_GZIP = b"\x1f\x8b\x08"
_PLAIN = b"WARC/1."
_ARC = b"filedesc:"
_BLOCK = 1 << 16
_LONGEST_HEAD = 1 << 16
_STATUS = re.compile(rb"HTTP/[0-9.]+ +([0-9]{3})(?: |\r?$)")

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """One page of an archive. ``body`` is unpacked; ``offset`` is where its record begins."""

    url: str
    status: int
    headers: Headers
    media_type: str
    charset: str
    body: bytes
    sha256: str
    date: datetime
    offset: int


@dataclass(frozen=True, slots=True)
class Problem:
    """A place where an archive could not be read. ``cut``: the file breaks off there."""

    offset: int
    message: str
    cut: bool = False


def pages(file: BinaryIO, *, start: int = 0) -> Iterator[Stored | Problem]:
    """Every page of the archive *file*, packed or not, with a ``Problem`` wherever one is lost.

    Pages are responses and resources with an http address, of any status. After a broken record
    reading goes on with the next one that can be found. Memory holds one page at a time. *start*
    is the offset of an earlier find, to go on from there.
    """
    size = file.seek(0, io.SEEK_END)
    is_lost = False
    while start < size:
        try:
            found, following = _record(file, start)
        except _Broken as error:
            following = _next_record(file, start + 1)
            if not is_lost:  # One hole is one problem, however many false starts are in it.
                yield Problem(start, error.words, cut=error.is_cut and following >= size)
            start, is_lost = following, True
            continue
        if found is not None:
            yield found
        start, is_lost = following, False


def page_at(path: Path, offset: int) -> Stored:
    """The page whose record begins at *offset* of the archive at *path*."""
    with path.open("rb") as file:
        try:
            found, _ = _record(file, offset)
        except _Broken as error:
            raise FetchError("cut", "This page of the archive cannot be read.") from error
    if not isinstance(found, Stored):
        raise FetchError("missing", "The archive holds no page at this place.")
    return found


class _Broken(Exception):
    def __init__(self, words: str, *, is_cut: bool = False) -> None:
        super().__init__(words)
        self.words = words
        self.is_cut = is_cut


def _cut() -> _Broken:
    return _Broken("The file breaks off here, or a record does.", is_cut=True)


class _Source:
    """The bytes of one record, unpacked if it is a gzip member of its own.

    Gives out at most a block more than was asked for, so that no record can unpack into memory.
    """

    def __init__(self, file: BinaryIO, start: int) -> None:
        self._file = file
        file.seek(start)
        self._is_packed = file.read(len(_GZIP)) == _GZIP
        file.seek(start)
        self._inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self._ready = b""

    def read(self, size: int) -> bytes:
        """Up to *size* bytes; fewer only at the end of the record's member or of the file."""
        pieces = []
        while size and (self._ready or self._fill()):
            pieces.append(self._ready[:size])
            self._ready = self._ready[size:]
            size -= len(pieces[-1])
        return b"".join(pieces)

    def head(self) -> bytes:
        """Everything up to the first empty line."""
        head = b""
        while b"\r\n\r\n" not in head:
            if len(head) > _LONGEST_HEAD:
                raise _Broken("A record cannot be read.")
            piece = self.read(_BLOCK)
            if not piece:
                raise _cut()
            head += piece
            if head.startswith(_ARC):
                raise _Broken("This is an ARC file; make a WARC of it (warcio recompress).")
        head, _, rest = head.partition(b"\r\n\r\n")
        self._ready = rest + self._ready
        return head

    def skip(self, size: int) -> None:
        """Passes over *size* bytes."""
        ready = min(size, len(self._ready))
        self._ready = self._ready[ready:]
        size -= ready
        if not self._is_packed:
            here = self._file.tell() + size
            if here > self._file.seek(0, io.SEEK_END):
                raise _cut()
            self._file.seek(here)
            return
        while size:
            piece = self.read(min(size, _BLOCK))
            if not piece:
                raise _cut()
            size -= len(piece)

    def end(self) -> int:
        """Where the next record begins, after the empty lines that close this one."""
        if not self._is_packed:
            while (char := self.read(1)) in {b"\r", b"\n"}:
                pass
            return self._file.tell() - len(self._ready) - len(char)
        rest = self.read(_BLOCK)
        if rest.strip(b"\r\n"):
            raise _Broken(
                "This archive is packed as a whole; it has to be packed record by record."
            )
        return self._file.tell() - len(self._inflate.unused_data)

    def _fill(self) -> bool:
        if not self._is_packed:
            self._ready = self._file.read(_BLOCK)
            return bool(self._ready)
        while not self._ready and not self._inflate.eof:
            packed = self._inflate.unconsumed_tail or self._file.read(_BLOCK)
            if not packed:
                return False
            try:
                self._ready = self._inflate.decompress(packed, _BLOCK)
            except zlib.error as error:
                raise _Broken("A record cannot be unpacked.") from error
        return bool(self._ready)


def _record(file: BinaryIO, start: int) -> tuple[Stored | Problem | None, int]:
    """What the record at *start* holds, None when it is no page, and where the next one begins."""
    source = _Source(file, start)
    head = source.head()
    if not head.startswith(_PLAIN):
        raise _Broken("A record cannot be read.")
    headers = _headers(head.split(b"\r\n")[1:])
    length = _first(headers, "content-length")
    if not length.isdigit():
        raise _Broken("A record does not say how long it is.")
    size = int(length[:15])
    url = try_parse(_first(headers, "warc-target-uri").strip("<>"))
    kind = _first(headers, "warc-type")
    if kind not in {"response", "resource"} or url is None:
        source.skip(size)
        return None, source.end()
    if size > LARGEST_PAGE + _LONGEST_HEAD:
        source.skip(size)
        return Problem(start, _left_out()), source.end()
    block = source.read(size)
    if len(block) < size:
        raise _cut()
    following = source.end()
    date = _date(_first(headers, "warc-date"))
    try:
        if kind == "response" and "application/http" in _first(headers, "content-type"):
            return _response(block, url=url.raw, date=date, offset=start), following
    except FetchError as error:
        return Problem(start, f"A page was left out. {error.message}"), following
    told = (("Content-Type", _first(headers, "content-type")),)
    return _stored(block, told, url=url.raw, date=date, offset=start), following


def _response(block: bytes, *, url: str, date: datetime, offset: int) -> Stored:
    head, found, body = block.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    status = _STATUS.match(lines[0])
    if status is None or not found:
        raise FetchError("protocol", "It is no answer of a web server.")
    headers = _headers(lines[1:])
    if "chunked" in _first(headers, "transfer-encoding").lower():
        body = _joined(body)
    body = _unpacked(body, _first(headers, "content-encoding"))
    stored = _stored(body, headers, url=url, date=date, offset=offset)
    return replace(stored, status=int(status[1]))


def _stored(body: bytes, headers: Headers, *, url: str, date: datetime, offset: int) -> Stored:
    media_type, charset = content_type(_first(headers, "content-type"))
    return Stored(
        url=url,
        status=int(http.HTTPStatus.OK),
        headers=headers,
        media_type=media_type,
        charset=charset,
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        date=date,
        offset=offset,
    )


def _headers(lines: list[bytes]) -> Headers:
    headers: list[tuple[str, str]] = []
    for raw in lines:
        text = raw.decode("utf-8", "replace")
        if text[:1] in {" ", "\t"} and headers:
            headers[-1] = (headers[-1][0], f"{headers[-1][1]} {text.strip()}")
            continue
        name, colon, value = text.partition(":")
        if colon:
            headers.append((name.strip(), value.strip()))
    return tuple(headers)


def _first(headers: Headers, name: str) -> str:
    return next((value for key, value in headers if key.lower() == name), "")


def _joined(body: bytes) -> bytes:
    """The chunks of *body* put together; *body* as it is when it is not in chunks after all."""
    pieces: list[bytes] = []
    rest = memoryview(body)
    while True:
        line, found, _ = bytes(rest[:64]).partition(b"\r\n")
        size = re.match(rb"[0-9A-Fa-f]{1,8}\b", line)
        if not found or size is None:
            return b"".join(pieces) if pieces else body
        length = int(size[0], 16)
        if length == 0:
            return b"".join(pieces)
        start = len(line) + 2
        pieces.append(bytes(rest[start : start + length]))
        rest = rest[start + length + 2 :]


def _unpacked(body: bytes, codings: str) -> bytes:
    unpacker = Unpacker(codings.lower().replace(" ", "").split(","), limit=LARGEST_PAGE)
    try:
        plain = unpacker.feed(body)
        unpacker.finish()
    except FetchError as error:
        if error.code == "encoding" and not body.startswith(_GZIP):
            return body  # Many tools unpack the body and leave the header.
        raise
    return plain


def _next_record(file: BinaryIO, start: int) -> int:
    """Where the next record may begin at or after *start*; the end of the file if nowhere."""
    overlap = len(_PLAIN) - 1
    file.seek(start)
    at = start
    window = b""
    while piece := file.read(1 << 20):
        window += piece
        places = [window.find(_GZIP), window.find(_PLAIN)]
        if found := [place for place in places if place >= 0]:
            return at + min(found)
        at += len(window) - overlap
        window = window[-overlap:]
    return file.seek(0, io.SEEK_END)


def _date(written: str) -> datetime:
    try:
        date = datetime.fromisoformat(written)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _left_out() -> str:
    return f"A page of more than {LARGEST_PAGE >> 20} MiB was left out."
