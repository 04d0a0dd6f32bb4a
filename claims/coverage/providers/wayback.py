"""The Wayback Machine: whether and when it has kept the pages that are asked about."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from claims.coverage.providers.base import (
    Answer,
    Get,
    Hit,
    ProviderError,
    Query,
    Skip,
    ask,
    ask_json,
    day_of,
    gather,
    link,
    number_of,
    onward,
    page_of,
    raw_of,
    words_of,
)
from claims.coverage.providers.refusals import listed, said_in
from claims.web.address import try_parse
from claims.web.lenient import loads

_AVAILABLE = "https://archive.org/wayback/available"
_CDX = "https://web.archive.org/cdx/search/cdx"
_FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
_STAMP = len("20240101000000")
_PER_PAGE = 200


@dataclass(frozen=True, slots=True)
class WaybackAvailability:
    """One snapshot, the nearest, for each address; one address is one page of results."""

    name: str = "wayback"
    label: str = "Wayback Machine"
    pace: float = 1.0
    pages: int = 50
    missing: str = ""

    def search(self, query: Query, *, get: Get, cursor: str = "") -> Answer:
        index = number_of(cursor)
        if index >= len(query.urls):
            return Answer()
        stamp = query.until.strftime("%Y%m%d") if query.until else ""
        url = link(_AVAILABLE, url=query.urls[index], timestamp=stamp)
        answer = parse_available(ask_json(get, url, label=self.label))
        following = str(index + 1) if index + 1 < len(query.urls) else ""
        return Answer(answer.items, following, answer.notices)


@dataclass(frozen=True, slots=True)
class WaybackCdx:
    """Every kept version of each address of the query, one after the other."""

    name: str = "wayback_cdx"
    label: str = "Wayback Machine, all versions"
    pace: float = 2.0
    pages: int = 10
    missing: str = ""

    def search(self, query: Query, *, get: Get, cursor: str = "") -> Answer:
        at, _, key = cursor.partition(" ")
        index = number_of(at)
        if index >= len(query.urls):
            return Answer()
        url = link(
            _CDX,
            url=query.urls[index],
            output="json",
            filter="statuscode:200",
            collapse="digest",
            limit=_PER_PAGE,
            showResumeKey="true",
            resumeKey=key,
            **{"from": query.since.strftime("%Y%m%d") if query.since else ""},
            to=query.until.strftime("%Y%m%d") if query.until else "",
        )
        fetched = ask(get, url, label=self.label)
        answer = onward(parse_cdx(fetched.body.decode("utf-8", "replace")), key)
        following = f"{index} {answer.next_cursor}" if answer.next_cursor else ""
        if not following and index + 1 < len(query.urls):
            following = str(index + 1)
        return Answer(answer.items, following, answer.notices)


def parse_available(data: Mapping[str, Any]) -> Answer:
    """The nearest snapshot, if there is one; "none" is an empty object inside."""
    found = listed(data, "archived_snapshots", label="The Wayback Machine")
    closest = found.get("closest") if isinstance(found, Mapping) else found

    def hit(entry: Mapping[str, Any]) -> Hit:
        kept = entry.get("status")
        if entry.get("available") is not True or str(kept or "2")[0] not in "23":
            raise Skip("no_entry")
        raw, day = day_of(_stamp(entry.get("timestamp")))
        asked = words_of(data.get("url"), 2000)
        return Hit(
            url=page_of(entry["url"]).raw,
            outlet_hint=_host(asked) or _host(_original(entry["url"])),
            published_raw=raw,
            published_on=day,
            kind="snapshot",
            raw=raw_of(entry),
        )

    if "archived_snapshots" not in data:
        return gather(found, hit)
    return gather([closest] if closest else [], hit)


def parse_cdx(text: str) -> Answer:
    """Snapshots from CDX rows, as text or as JSON with a header row; repeated rows once.

    The key of the next page stands after an empty row; it comes escaped, now and then twice.
    """
    rows, key = _rows(text)
    names: tuple[str, ...] = _FIELDS
    if rows and rows[0][:1] == ["urlkey"]:
        names = tuple(rows[0]) if {"timestamp", "original"} <= {*rows[0]} else _FIELDS
        rows = rows[1:]
    entries = [dict(zip(names, row, strict=False)) for row in rows]

    def hit(entry: Mapping[str, Any]) -> Hit:
        if len(entry) < len(names):
            raise Skip("no_entry")
        original = page_of(entry["original"])
        raw, day = day_of(_stamp(entry["timestamp"]))
        if day is None:
            raise Skip("no_entry")
        return Hit(
            url=f"https://web.archive.org/web/{entry['timestamp']}/{original.raw}",
            outlet_hint=original.host,
            published_raw=raw,
            published_on=day,
            kind="snapshot",
            raw=raw_of(entry),
        )

    answer = gather(entries, hit)
    return Answer(answer.items, key, answer.notices)


def _rows(text: str) -> tuple[list[list[str]], str]:
    text = text.strip("\ufeff")
    if text.lstrip().startswith("["):
        return _json_rows(text)
    if text.lstrip().startswith("<") or "exception" in text[:400].lower():
        words = words_of(text, 160)
        raise ProviderError("denied", f"The Wayback Machine refused: {words or 'a web page'}")
    if text.lstrip().startswith(("{", '"')) or text.strip() in {"null", "true", "false"}:
        said = loads(text)
        words = said_in(said) if isinstance(said, Mapping) else ""
        raise ProviderError("odd_answer", f"The Wayback Machine answered: {words or 'no rows'}")
    rows, key = [], ""
    lines = text.replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines):
        if not line.strip() and any(map(str.strip, lines[number + 1 :])):
            key = next(filter(str.strip, lines[number + 1 :])).strip()
            break
        if line.strip():
            rows.append(line.split(" "))
    if rows and not any(row[1][:1].isdigit() for row in rows if len(row) > 1):
        words = f"The Wayback Machine answered: {words_of(text, 160)}"
        raise ProviderError("odd_answer", words, retry=True)
    return rows, unquote_plus(key)


def _json_rows(text: str) -> tuple[list[list[str]], str]:
    try:
        data = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        words = "The Wayback Machine's answer cannot be read."
        raise ProviderError("odd_answer", words, retry=True) from error
    # What is no row is too short to be one, and is counted with those.
    rows = [list(map(str, row)) if isinstance(row, list) else [str(row)] for row in data]
    key = ""
    if [] in rows:
        at = rows.index([])
        key = next((row[0] for row in rows[at + 1 :] if row), "")
        rows = rows[:at]
    return rows, unquote_plus(key)


def _stamp(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return text if text.isdigit() and 8 <= len(text) <= _STAMP else ""  # noqa: PLR2004


def _original(url: str) -> str:
    return url.partition("/web/")[2].partition("/")[2]


def _host(url: str) -> str:
    address = try_parse(url if "://" in url else f"http://{url}")
    return address.host if address and url else ""
