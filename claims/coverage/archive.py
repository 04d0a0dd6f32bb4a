"""The local archive: a folder of WARC files, indexed so that their pages can be searched.

A file is read once, as long as its size and time of change stay the same. What is broken in one
costs that record; a file that breaks off is used up to there and says so.
"""

import hashlib
import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from claims import capturing
from claims.coverage.relevance import words_of
from claims.models import ArchiveFile, ArchivePage
from claims.web import warc
from claims.web.errors import FetchError, Unreadable
from claims.web.page import Page
from claims.web.sandbox import AT_ONCE
from claims.web.warc import Problem, Stored

log = structlog.get_logger(__name__)

# ARC is the older form: it is named so that somebody is told.
_ENDINGS = (".warc", ".warc.gz", ".arc", ".arc.gz")
_READABLE = frozenset({"text/html", "application/xhtml+xml", "text/plain", ""})
_OK = 200
_BATCH = 50
_PROBLEMS_SHOWN = 5


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
    read = (_refreshed(name, path, known.get(name), end) for name, path in sorted(files.items()))
    return [told for told in read if told is not None]


def _refreshed(
    name: str, path: Path, known: ArchiveFile | None, end: float | None
) -> Indexed | None:
    """Read what is new of one file; None where nothing is. The same bytes again change nothing.

    A file that the system will not open costs itself, and one that is gone by now is no loss.
    """
    try:
        if "\ufffd" in name:
            raise OSError(0, "its name is not in UTF-8")  # noqa: TRY301 - told as the others
        if known is not None and known.read_to is None and not _changed(known, path):
            return None
        file = _begin(path, name)
        if file.read_to is not None:
            _read_on(file, path, end)
    except FileNotFoundError as error:
        return _unreadable(name, error) if path.is_symlink() else None
    except OSError as error:
        return _unreadable(name, error)
    return _told(file)


def _unreadable(name: str, error: OSError) -> Indexed:
    """Say so in every look, and try again with each: no file has this size and time."""
    problem = f"{name} cannot be opened: {error.strerror or type(error).__name__}."
    never = {"sha256": "", "size": 0, "changed_ns": 0, "read_to": None, "problem": problem}
    file, _ = ArchiveFile.objects.update_or_create(name=name, defaults=never)
    return Indexed(name, file.records, file.cut_at, problem)


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
        defaults={"sha256": digest, "read_to": 0, **stamp},
    )[0]


def _read_on(file: ArchiveFile, path: Path, end: float | None) -> None:
    """Index what follows, in batches, so that a kill costs one of them.

    While children read pages, the next one is unpacked and what was read before is stored.
    """
    batch: list[ArchivePage] = []
    with path.open("rb") as content, _Reading(file) as reading:
        for found in warc.pages(content, start=file.read_to or 0):
            if end is not None and time.monotonic() > end:
                file.read_to = found.offset
                break
            if isinstance(found, Problem):
                _note(file, found)
            elif _may_be_article(found):
                batch += reading.begin(found)
            if len(batch) >= _BATCH:
                ArchivePage.objects.bulk_create(batch, ignore_conflicts=True)
                batch = []
        else:
            file.read_to = None
        batch += reading.rest()
    ArchivePage.objects.bulk_create(batch, ignore_conflicts=True)
    file.records = ArchivePage.objects.filter(warc=file.name).count()
    file.indexed_at = timezone.now()
    file.save(update_fields=["read_to", "problem", "cut_at", "records", "indexed_at"])


class _Reading:
    """Pages of one file that children read at this moment, in their order."""

    def __init__(self, file: ArchiveFile) -> None:
        self._file = file
        self._begun: deque[tuple[Stored, ExitStack, Callable[[], Page]]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for _found, stack, _page_of in self._begun:
            stack.close()

    def begin(self, found: Stored) -> list[ArchivePage]:
        """Have one more page read; what came of the oldest, where all children were at work."""
        done = self._next() if len(self._begun) == AT_ONCE else []
        stack = ExitStack()
        page_of = stack.enter_context(_being_read(found))
        self._begun.append((found, stack, page_of))
        return done

    def rest(self) -> list[ArchivePage]:
        return [page for _ in range(len(self._begun)) for page in self._next()]

    def _next(self) -> list[ArchivePage]:
        found, stack, page_of = self._begun.popleft()
        with stack:
            page = _page(found, page_of, self._file)
        return [page] if page is not None else []


def _note(file: ArchiveFile, problem: Problem) -> None:
    """Keep what was lost, the first few in words."""
    if problem.cut:
        file.cut_at = problem.offset
    if file.problem.count(" At byte ") >= _PROBLEMS_SHOWN:
        return
    start = file.problem or f"{file.name} could not be read everywhere; the rest of it is used."
    file.problem = f"{start} At byte {problem.offset:,}: {problem.message}"


def problems() -> list[Indexed]:
    """The files that are not searched to their end: damaged ones, and those still being read."""
    files = ArchiveFile.objects.exclude(problem="", read_to=None).order_by("name")
    return [_told(file) for file in files]


def page_of(page: ArchivePage, *, folder: Path | None = None) -> Stored:
    """What the archive holds where the index says, with its bytes. Raises Gone."""
    try:
        found = warc.page_at(_folder(folder) / page.warc, page.offset)
    except (FetchError, OSError) as error:
        raise Gone(f"{page.warc} no longer holds this page.") from error
    if found.sha256 != page.sha256:
        raise Gone(f"{page.warc} holds something else where this page was.")
    return found


def _told(file: ArchiveFile) -> Indexed:
    problem = file.problem
    if file.read_to is not None:
        problem = (
            f"{file.name} is still being read: {file.read_to:,} of {file.size:,} bytes so far."
        )
    return Indexed(file.name, file.records, file.cut_at, problem)


def _may_be_article(found: Stored) -> bool:
    return found.status == _OK and found.media_type in _READABLE


def _being_read(found: Stored) -> AbstractContextManager[Callable[[], Page]]:
    return capturing.being_read(
        found.body, url=found.url, media_type=found.media_type, headers=found.headers
    )


def _page(found: Stored, page_of: Callable[[], Page], file: ArchiveFile) -> ArchivePage | None:
    """A page as the index has it; None for what holds no article, or cannot be read: noted."""
    try:
        page = page_of()
    except Unreadable as error:
        log.warning("archive.unreadable", url=found.url, why=error.code)
        _note(file, Problem(found.offset, f"A page was left out. {error.message}"))
        return None
    if not page.text:
        return None
    return ArchivePage(
        url=found.url,
        url_digest=hashlib.sha256(found.url.encode()).hexdigest(),
        warc=file.name,
        offset=found.offset,
        status=found.status,
        media_type=found.media_type[:120],
        sha256=found.sha256,
        fetched_at=found.date,
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
    return [
        path
        for path in folder.rglob("*")
        if path.name.lower().endswith(_ENDINGS) and not path.is_dir()
    ]


def _name(path: Path, folder: Path) -> str:
    name = path.relative_to(folder).as_posix()[-255:]
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _changed(known: ArchiveFile, path: Path) -> bool:
    seen = path.stat()
    return (known.size, known.changed_ns) != (seen.st_size, seen.st_mtime_ns)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
