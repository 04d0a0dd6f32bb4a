"""Builds the sample WARC files from the pages beside it: ``python -m seeds.archive.build``.

``pages.json`` says under which address, when and by which server each page was "seen". The same
sources give the same records, so the built files can be committed and compared.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

HERE = Path(__file__).resolve().parent
USER_AGENT = "factcheck-desk-sample/1.0 (constructed pages; nothing was fetched)"
CHUNK = 700


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of the archive: a page in ``file``, or a redirect to ``moved_to``.

    The source is UTF-8; ``charset`` is what the page declares and is stored in. ``crawled`` is
    RFC 3339 in UTC.
    """

    url: str
    crawled: str
    server: str
    file: str = ""
    moved_to: str = ""
    charset: str = "utf-8"
    chunked: bool = False

    def body(self) -> bytes:
        """The bytes of the page, as its outlet would have sent them."""
        if not self.file:
            return b""
        return (HERE / "pages" / self.file).read_text(encoding="utf-8").encode(self.charset)


def manifest() -> dict[str, list[Page]]:
    """The pages of each story in the order in which they were crawled."""
    rows: dict[str, list[dict[str, Any]]] = json.loads(
        (HERE / "pages.json").read_text(encoding="utf-8")
    )
    return {story: [Page(**row) for row in pages] for story, pages in rows.items()}


def warc(story: str, pages: list[Page]) -> bytes:
    """The whole WARC 1.1 file of one story: a warcinfo, then response and request per page."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")
    for record in _records(writer, story, pages):
        writer.write_record(record)
        record.raw_stream.close()  # for its digests the writer made a temporary file of it
    return out.getvalue()


def build() -> list[Path]:
    """Write every WARC file beside this module; returns their paths."""
    written = []
    for story, pages in manifest().items():
        path = HERE / f"{story}.warc.gz"
        path.write_bytes(warc(story, pages))
        written.append(path)
    return written


def _records(writer: WARCWriter, story: str, pages: list[Page]) -> Iterator[ArcWarcRecord]:
    info = (
        b"software: seeds.archive.build\r\nformat: WARC File Format 1.1\r\n"
        b"description: Constructed sample pages for the fact-check desk demo; not real reports\r\n"
    )
    yield writer.create_warc_record(
        "",
        "warcinfo",
        payload=BytesIO(info),
        warc_content_type="application/warc-fields",
        warc_headers_dict={
            "WARC-Record-ID": _record_id("warcinfo", story),
            "WARC-Date": pages[0].crawled,
            "WARC-Filename": f"{story}.warc.gz",
        },
    )
    for page in pages:
        response_id = _record_id("response", page.url)
        yield writer.create_warc_record(
            page.url,
            "response",
            payload=BytesIO(_sent(page)),
            http_headers=_answer(page),
            warc_headers_dict={"WARC-Record-ID": response_id, "WARC-Date": page.crawled},
        )
        yield writer.create_warc_record(
            page.url,
            "request",
            http_headers=_question(page),
            warc_headers_dict={
                "WARC-Record-ID": _record_id("request", page.url),
                "WARC-Date": page.crawled,
                "WARC-Concurrent-To": response_id,
            },
        )


def _question(page: Page) -> StatusAndHeaders:
    address = urlsplit(page.url)
    headers = [("Host", address.netloc), ("User-Agent", USER_AGENT), ("Accept", "text/html")]
    return StatusAndHeaders(f"GET {address.path} HTTP/1.1", headers, is_http_request=True)


def _answer(page: Page) -> StatusAndHeaders:
    seen = datetime.fromisoformat(page.crawled).astimezone(UTC)
    headers = [("Date", f"{seen:%a, %d %b %Y %H:%M:%S} GMT"), ("Server", page.server)]
    if page.moved_to:
        headers += [("Location", page.moved_to), ("Content-Length", "0")]
        return StatusAndHeaders("301 Moved Permanently", headers, protocol="HTTP/1.1")
    headers.append(("Content-Type", f"text/html; charset={page.charset}"))
    if page.chunked:
        headers.append(("Transfer-Encoding", "chunked"))
    else:
        headers.append(("Content-Length", str(len(page.body()))))
    return StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")


def _sent(page: Page) -> bytes:
    body = page.body()
    if not page.chunked:
        return body
    parts = [body[at : at + CHUNK] for at in range(0, len(body), CHUNK)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def _record_id(kind: str, name: str) -> str:
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{kind} {name}')}>"


if __name__ == "__main__":
    build()
