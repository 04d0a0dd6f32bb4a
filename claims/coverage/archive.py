"""The local archive: a folder of WARC files, indexed so that their pages can be searched.

A file is read once, as long as its size and time of change stay the same. What is broken in one
costs that record; a file that ends in the middle of one is used up to there and says so.
"""

import hashlib
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from claims import capturing
from claims.coverage.relevance import words_of
from claims.models import ArchiveFile, ArchivePage
from claims.web.address import try_parse
from claims.web.errors import Unreadable

log = structlog.get_logger(__name__)

LARGEST_PAGE = 32 << 20
_READABLE = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
_OK = 200
_PIECE = 1 << 20
_BATCH = 50
_RECORD_END = b"\r\n\r\n"
_GZIP = b"\x1f\x8b"
_BROKEN = (
    ArchiveLoadFailed,
    StatusAndHeadersParserException,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    LookupError,
)


@dataclass(frozen=True, slots=True)
class Record:
    """One answer as an archive kept it; ``body`` is unpacked."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    media_type: str
    body: bytes
    fetched_at: datetime
    offset: int


@dataclass(frozen=True, slots=True)
class Indexed:
    """What reading one file came to. ``problem`` is a sentence, empty when all is well."""

    name: str
    pages: int
    cut_at: int | None = None
    problem: str = ""


class Gone(Exception):
    """The archive no longer has what its index says."""


def refresh(folder: Path | None = None, *, seconds: float | None = None) -> list[Indexed]:
    """Read the files that are new or changed, and forget those that are gone.

    With *seconds* reading stops when they are over, and the next call goes on from there.
    """
    end = time.monotonic() + seconds if seconds is not None else None
    folder = _folder(folder)
    files = {_name(path, folder): path for path in _files(folder)}
    known = {file.name: file for file in ArchiveFile.objects.all()}
    for name in known.keys() - files.keys():
        _forget(name)
    return [
        index(path, folder=folder, end=end)
        for name, path in sorted(files.items())
        if name not in known or known[name].read_to is not None or _changed(known[name], path)
    ]


def index(path: Path, *, folder: Path | None = None, end: float | None = None) -> Indexed:
    """Read one file into the index. The same bytes again change nothing.

    *end*: the moment of the monotonic clock at which reading pauses.
    """
    file = _begin(path, _name(path, _folder(folder)))
    if file.read_to is not None:
        _read_on(file, path, end)
    return _told(file)


def _begin(path: Path, name: str) -> ArchiveFile:
    """The file's row, at its start where these bytes were not seen yet."""
    seen = path.stat()
    stamp = {"size": seen.st_size, "changed_ns": seen.st_mtime_ns}
    known = ArchiveFile.objects.filter(name=name).first()
    if known is not None and not _changed(known, path):
        return known
    digest = _digest(path)
    if known is not None and known.sha256 == digest:
        ArchiveFile.objects.filter(pk=known.pk).update(**stamp)
        return known
    if known is not None:
        _forget(name)
    return ArchiveFile.objects.update_or_create(
        name=name,
        defaults={"sha256": digest, "cut_at": _cut(path), "read_to": 0, **stamp},
    )[0]


def _read_on(file: ArchiveFile, path: Path, end: float | None) -> None:
    """Index what follows, in batches, so that a kill costs one of them."""
    reading = _Reading(path, cut=file.cut_at, start=file.read_to or 0)
    batch: list[ArchivePage] = []
    for record in reading.records():
        if end is not None and time.monotonic() > end:
            file.read_to = record.offset
            break
        if page := _page(record, file.name):
            batch.append(page)
        if len(batch) >= _BATCH:
            ArchivePage.objects.bulk_create(batch, ignore_conflicts=True)
            batch = []
    else:
        file.read_to, file.problem = None, reading.problem
        file.cut_at = reading.cut
    ArchivePage.objects.bulk_create(batch, ignore_conflicts=True)
    file.records = ArchivePage.objects.filter(warc=file.name).count()
    file.indexed_at = timezone.now()
    file.save(update_fields=["read_to", "problem", "cut_at", "records", "indexed_at"])


def problems() -> list[Indexed]:
    """The files that are not searched to their end: cut ones, and those still being read."""
    files = ArchiveFile.objects.exclude(problem="", read_to=None).order_by("name")
    return [_told(file) for file in files]


def record_of(page: ArchivePage, *, folder: Path | None = None) -> Record:
    """The record behind a page of the index, with its bytes. Raises Gone."""
    path = _folder(folder) / page.warc
    try:
        with path.open("rb") as file:
            file.seek(page.offset)
            found = _record(next(iter(ArchiveIterator(file))), page.offset)
    except (*_BROKEN, StopIteration) as error:
        raise Gone(f"{page.warc} no longer holds this page.") from error
    if found is None or hashlib.sha256(found.body).hexdigest() != page.sha256:
        raise Gone(f"{page.warc} holds something else where this page was.")
    return found


class _Reading:
    """One pass over a file from *start*: its complete records, then how it ended.

    ``cut`` is where the first record starts that is not whole, ``problem`` says so.
    """

    def __init__(self, path: Path, *, cut: int | None, start: int) -> None:
        self.path, self.cut, self.start = path, cut, start
        self.bad = 0

    def records(self) -> Iterator[Record]:
        """The answers that are whole, in order."""
        try:
            with self.path.open("rb") as file:
                file.seek(self.start)
                yield from self._walk(ArchiveIterator(file))
        except _BROKEN as error:
            log.warning("archive.broken", file=self.path.name, why=str(error))
            self.cut = self.cut if self.cut is not None else self.path.stat().st_size

    @property
    def problem(self) -> str:
        said = []
        if self.cut is not None:
            said.append(
                f"{self.path.name} is cut or damaged at byte {self.cut:,};"
                " what stands before it is used."
            )
        if self.bad:
            said.append(f"{self.bad} records of {self.path.name} could not be read.")
        return " ".join(said)

    def _walk(self, iterator: Any) -> Iterator[Record]:
        for raw in iterator:
            offset = iterator.get_record_offset()
            if self.cut is not None and offset >= self.cut:
                return
            try:
                record = _record(raw, offset)
            except _BROKEN:
                self.bad += 1
                continue
            if record is not None:
                yield record


def _told(file: ArchiveFile) -> Indexed:
    problem = file.problem
    if file.read_to is not None:
        problem = (
            f"{file.name} is still being read: {file.read_to:,} of {file.size:,} bytes so far."
        )
    return Indexed(file.name, file.records, file.cut_at, problem)


def _cut(path: Path) -> int | None:
    """Where the first record starts that is not whole; None for a file that is.

    The library reads on over a missing end without a word, so the ends are looked at here.
    """
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP
    return _cut_of_packed(path) if packed else _cut_of_plain(path)


def _cut_of_packed(path: Path) -> int | None:
    with path.open("rb") as file:
        start = done = 0
        member = zlib.decompressobj(31)
        while piece := file.read(_PIECE):
            while piece:
                try:
                    # What comes out is thrown away, so a bomb costs time only.
                    member.decompress(piece)
                except zlib.error:
                    return start
                rest = member.unused_data
                done += len(piece) - len(rest)
                piece = rest
                if member.eof:
                    start, member = done, zlib.decompressobj(31)
    return start if start < path.stat().st_size else None


def _cut_of_plain(path: Path) -> int | None:
    size = path.stat().st_size
    last, whole = 0, False
    with path.open("rb") as file:
        try:
            iterator = ArchiveIterator(file)
            for raw in iterator:
                last = iterator.get_record_offset()
                raw.raw_stream.read()
                whole = not raw.raw_stream.limit
        except _BROKEN:
            return last
        file.seek(max(0, size - len(_RECORD_END)))
        ends = file.read() == _RECORD_END
    return None if whole and ends else last


def _record(raw: Any, offset: int) -> Record | None:
    """The answer in a record, None for what is none. Raises what a broken one raises."""
    if raw.rec_type != "response" or raw.http_headers is None:
        return None
    address = try_parse(raw.rec_headers.get_header("WARC-Target-URI"))
    if address is None:
        return None
    body = raw.content_stream().read(LARGEST_PAGE + 1)
    if raw.raw_stream.limit or len(body) > LARGEST_PAGE:
        raise EOFError(address.url)
    headers = tuple((str(name), str(value)) for name, value in raw.http_headers.headers)
    declared = raw.http_headers.get_header("Content-Type") or ""
    return Record(
        url=address.url,
        status=int(raw.http_headers.get_statuscode()),
        headers=headers,
        media_type=declared.partition(";")[0].strip().lower(),
        body=body,
        fetched_at=_moment(raw.rec_headers.get_header("WARC-Date")),
        offset=offset,
    )


def _moment(written: str | None) -> datetime:
    """When the page was seen, as the record says; the year 1 of the web where it does not."""
    try:
        moment = datetime.fromisoformat(written or "")
    except ValueError:
        return datetime(1991, 8, 6, tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _page(record: Record, name: str) -> ArchivePage | None:
    """A record as the index has it; None for what holds no article."""
    if record.status != _OK or (record.media_type and record.media_type not in _READABLE):
        return None
    try:
        page = capturing.read_bytes(
            record.body, url=record.url, media_type=record.media_type, headers=record.headers
        )
    except Unreadable as error:
        log.warning("archive.unreadable", url=record.url, why=error.code)
        return None
    if not page.text:
        return None
    return ArchivePage(
        url=record.url,
        url_digest=hashlib.sha256(record.url.encode()).hexdigest(),
        warc=name,
        offset=record.offset,
        status=record.status,
        media_type=record.media_type[:120],
        sha256=hashlib.sha256(record.body).hexdigest(),
        fetched_at=record.fetched_at,
        title=page.title,
        text=" ".join(words_of(f"{page.title} {page.text}")),
        language=page.language,
    )


@transaction.atomic
def _forget(name: str) -> None:
    ArchivePage.objects.filter(warc=name).delete()
    ArchiveFile.objects.filter(name=name).delete()


def _folder(folder: Path | None) -> Path:
    return folder if folder is not None else Path(settings.ARCHIVE_DIR)


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in folder.rglob("*") if path.name.endswith((".warc", ".warc.gz"))]


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()[-255:]


def _changed(known: ArchiveFile, path: Path) -> bool:
    seen = path.stat()
    return (known.size, known.changed_ns) != (seen.st_size, seen.st_mtime_ns)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
