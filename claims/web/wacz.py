"""Writes a WACZ: many captures in one file, with the lists that let other tools open it.

The format is WACZ 1.1.1. Each capture is a WARC of its own in it, written one after the other
into a file that can be as large as it likes; in memory stands one capture at a time, and a line
for each in the lists.
"""

import gzip
import hashlib
import json
import re
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, BinaryIO, Self
from urllib.parse import urlsplit

from claims.web.packing import CREATOR, Packed, Place, stamp, write

VERSION = "1.1.1"
# Lines of the index in one packed block, as other tools write it.
_BLOCK = 3_000
_WWW = re.compile(r"^www\d*\.")


@dataclass(frozen=True, slots=True)
class _Line:
    key: str
    said: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.key} {json.dumps(self.said)}\n"


class Bundle:
    """A WACZ while it is written; leaving the ``with`` block without an error completes it.

    ``description`` may be said until then.
    """

    def __init__(self, file: BinaryIO, *, title: str, created: datetime) -> None:
        self.title, self.description, self.created = title, "", created
        self._zip = zipfile.ZipFile(file, "w", allowZip64=True)
        self._resources: list[dict[str, Any]] = []
        self._index: list[_Line] = []
        self._pages: list[dict[str, str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if error is None:
            self._complete()
        self._zip.close()

    def add(self, one: Packed, *, title: str = "") -> None:
        """Put one capture in: as a WARC of its own, into the index, and onto the list of pages."""
        name = f"{one.key}.warc.gz"
        with _Counted(self, f"archive/{name}", packed=True) as entry:
            place = write(entry, one)
        self._index.append(_index_line(place, name))
        page = {"id": str(one.key), "url": one.url, "ts": stamp(one.date)}
        self._pages.append({**page, **({"title": title} if title else {})})

    def put(self, path: str, body: bytes) -> None:
        """Put a file of another kind beside the captures; *path* is a folder and a name."""
        with _Counted(self, path) as entry:
            entry.write(body)

    def _complete(self) -> None:
        lines = sorted(map(str, self._index))
        blocks, listed = bytearray(), []
        for start in range(0, len(lines), _BLOCK):
            block = "".join(lines[start : start + _BLOCK]).encode()
            packed = gzip.compress(block, mtime=0)
            about = {
                "offset": len(blocks),
                "length": len(packed),
                "digest": _sha256(packed),
                "filename": "index.cdx.gz",
            }
            listed.append(str(_Line(" ".join(lines[start].split(" ", 2)[:2]), about)))
            blocks += packed
        meta = {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}
        self.put("indexes/index.cdx.gz", bytes(blocks))
        self.put("indexes/index.idx", (str(_Line("!meta 0", meta)) + "".join(listed)).encode())
        self.put("pages/pages.jsonl", _jsonl([_PAGES_HEAD, *self._pages]))
        about_all = {
            "profile": "data-package",
            "wacz_version": VERSION,
            "title": self.title,
            "description": self.description,
            "created": stamp(self.created),
            "software": CREATOR,
            "resources": self._resources,
        }
        said = json.dumps(about_all, ensure_ascii=False, indent=2).encode()
        self._zip.writestr(self._info("datapackage.json"), said)
        digest = json.dumps({"path": "datapackage.json", "hash": _sha256(said)}).encode()
        self._zip.writestr(self._info("datapackage-digest.json"), digest)

    def _info(self, path: str, *, packed: bool = False) -> zipfile.ZipInfo:
        """An entry: what is packed already is only stored, so that others can read into it."""
        when = self.created.astimezone(UTC).timetuple()
        info = zipfile.ZipInfo(path, (when[0], when[1], when[2], when[3], when[4], when[5]))
        stored = packed or path.endswith(".gz")
        info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        return info


class _Counted:
    """One entry of the bundle as a file, counted and hashed while it is written."""

    def __init__(self, bundle: Bundle, path: str, *, packed: bool = False) -> None:
        self._bundle, self._path = bundle, path
        info = bundle._info(path, packed=packed)  # noqa: SLF001 - one thing in two classes
        self._entry = bundle._zip.open(info, "w", force_zip64=True)  # noqa: SLF001
        self._digest = hashlib.sha256()
        self._bytes = 0

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        self._bytes += len(data)
        return self._entry.write(data)

    def tell(self) -> int:
        return self._bytes

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_error: object) -> None:
        self._entry.close()
        self._bundle._resources.append(  # noqa: SLF001
            {
                "name": self._path.rpartition("/")[2].lower(),
                "path": self._path,
                "hash": f"sha256:{self._digest.hexdigest()}",
                "bytes": self._bytes,
            }
        )


def surt(url: str) -> str:
    """An address turned round for sorting: ``example,paper)/a/b?x=1``; others in lower case."""
    parts = urlsplit(url.lower())
    if not parts.hostname:
        return url.lower()
    host = ",".join(reversed(_WWW.sub("", parts.hostname).split(".")))
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    port = f":{parts.port}" if parts.port not in {None, usual} else ""
    path = parts.path.rstrip("/") or "/"
    query = "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    return f"{host}{port}){path}{'?' if query else ''}{query}"


_PAGES_HEAD = {"format": "json-pages-1.0", "id": "pages", "title": "Captures"}


def _index_line(place: Place, name: str) -> _Line:
    said = {
        "url": place.url,
        "digest": place.digest,
        "mime": place.media_type,
        "status": str(place.status),
        "offset": place.offset,
        "length": place.length,
        "filename": name,
    }
    when = place.date.astimezone(UTC).strftime("%Y%m%d%H%M%S")
    return _Line(f"{surt(place.url)} {when}", said)


def _jsonl(rows: list[dict[str, str]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def _sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
