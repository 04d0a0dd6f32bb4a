"""How long a WARC file takes to become searchable, beside bare reading with its libraries."""

import io
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from trafilatura import bare_extraction
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from claims.coverage import archive
from claims.coverage.relevance import words_of
from claims.models import ArchivePage
from claims.web import page
from tests.benchmarks import newspaper
from tests.benchmarks.figures import Figure

_OF_THE_SIZE = 10


def figures(size: int) -> Iterator[Figure]:
    """Megabytes of pages a second, for a file of a tenth of *size* MB: 10,000 is a gigabyte."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "news.warc.gz"
        pages, megabytes = _written(path, max(size // _OF_THE_SIZE, 1))
        began = time.monotonic()
        bare = sum(1 for _ in _read(path, _words))
        baseline = megabytes / (time.monotonic() - began)
        began = time.monotonic()
        alike = sum(1 for _ in _read(path, _all_that_is_indexed))
        same = megabytes / (time.monotonic() - began)
        began = time.monotonic()
        [indexed] = archive.refresh(Path(folder))
        value = megabytes / (time.monotonic() - began)
        if (
            not pages
            == bare
            == alike
            == indexed.pages
            == ArchivePage.objects.filter(warc=path.name).count()
        ):
            raise RuntimeError(f"Of {pages} pages {bare} were read and {indexed.pages} indexed.")
        name = f"archive_{megabytes:.0f}_mb"
        yield Figure(name, value, baseline, "MB per second")
        yield Figure(f"{name}_beside_the_same_reading", value, same, "MB per second")


def _written(path: Path, megabytes: int) -> tuple[int, float]:
    """A file as crawlers write them; how many pages are in it, and their size unpacked."""
    kinds = newspaper.pages()
    size = number = 0
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        while size < megabytes << 20:
            body = newspaper.numbered(kinds[number % len(kinds)], number)
            writer.write_record(_record(writer, f"https://paper.example/{number}", body))
            size, number = size + len(body), number + 1
    return number, size / (1 << 20)


def _record(writer: WARCWriter, url: str, body: bytes) -> object:
    told = StatusAndHeaders(
        "200 OK",
        [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))],
        protocol="HTTP/1.1",
    )
    return writer.create_warc_record(
        url, "response", payload=io.BytesIO(body), length=len(body), http_headers=told
    )


def _read(path: Path, read: Callable[[bytes], str]) -> Iterator[str]:
    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type == "response":
                yield read(record.content_stream().read())


def _words(body: bytes) -> str:
    found = bare_extraction(body, favor_precision=True, include_comments=False)
    return getattr(found, "text", "") or ""


def _all_that_is_indexed(body: bytes) -> str:
    """Charset, words, title, language, day and oddities, by the desk's reader in this process."""
    found = page.read(body, url="https://paper.example/", media_type="text/html", charset="utf-8")
    return " ".join(words_of(f"{found.title} {found.text}"))
