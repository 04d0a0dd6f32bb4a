"""A capture becomes a WARC that other tools read and check, the same one each time."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from claims.web.errors import FetchError
from claims.web.packing import Packed, pack, write
from claims.web.warc import Stored, page_at, pages

KEY = UUID("0b5cf9f2-6a0f-4c0e-9d53-1f0a52a1a001")
WHEN = datetime(2024, 3, 1, 10, 11, 12, 999_999, tzinfo=UTC)


def capture(**fields: Any) -> Packed:
    return Packed(
        **{
            "key": KEY,
            "url": "https://paper.example/a?b=1",
            "status": 200,
            "headers": [["Content-Type", "text/html; charset=utf-8"], ["Etag", '"1"']],
            "media_type": "text/html",
            "body": "<p>Grüße</p>".encode(),
            "date": WHEN,
            "notes": {"via": "web"},
            "asked_with": [["Host", "paper.example"], ["User-Agent", "FactcheckDesk/0.1"]],
            "remote_address": "93.184.216.34",
            **fields,
        }
    )


def records(data: bytes) -> dict[str, tuple[Any, bytes]]:
    """By kind, read by warcio with every digest checked."""
    found = {}
    for record in ArchiveIterator(io.BytesIO(data), check_digests="raise"):
        found[record.rec_type] = (record, record.content_stream().read())
    return found


def assert_sound(path: Path) -> None:
    """What ``warcio check`` says."""

    class Asked:
        verbose = False
        inputs = [str(path)]

    checker = Checker(Asked())
    checker.process_all()
    assert checker.exit_value == 0


def test_a_page_is_told_whole_answer_request_and_metadata(tmp_path: Path) -> None:
    data = pack(capture())
    found = records(data)
    assert list(found) == ["warcinfo", "response", "request", "metadata"]
    response, body = found["response"]
    assert body == "<p>Grüße</p>".encode()
    assert response.rec_headers.get_header("WARC-Target-URI") == "https://paper.example/a?b=1"
    assert response.rec_headers.get_header("WARC-Date") == "2024-03-01T10:11:12Z"
    assert response.rec_headers.get_header("WARC-IP-Address") == "93.184.216.34"
    assert response.http_headers.get_statuscode() == "200"
    assert response.http_headers.get_header("Etag") == '"1"'
    request = found["request"][0]
    assert (request.http_headers.protocol, request.http_headers.statusline) == (
        "GET",
        "/a?b=1 HTTP/1.1",
    )
    assert request.http_headers.get_header("User-Agent") == "FactcheckDesk/0.1"
    told = json.loads(found["metadata"][1])
    assert told["via"] == "web"
    assert len(told["sha256"]) == 64
    (tmp_path / "one.warc.gz").write_bytes(data)
    assert_sound(tmp_path / "one.warc.gz")


def test_the_same_capture_is_the_same_file_and_another_is_not() -> None:
    assert pack(capture()) == pack(capture())
    assert pack(capture()) != pack(capture(key=UUID(int=1)))


def test_headers_that_spoke_of_the_packing_are_kept_aside() -> None:
    headers = [["Content-Encoding", "gzip"], ["Transfer-Encoding", "chunked"]]
    response, body = records(pack(capture(headers=headers)))["response"]
    assert response.http_headers.get_header("Content-Encoding") is None
    assert response.http_headers.get_header("X-Archive-Orig-Content-Encoding") == "gzip"
    assert response.http_headers.get_header("Content-Length") == str(len(body))


@pytest.mark.parametrize("status", [404, 451, 799])
def test_any_status_is_kept_as_it_came(status: int) -> None:
    found = records(pack(capture(status=status)))
    assert found["response"][0].http_headers.get_statuscode() == str(status)


def test_what_came_by_hand_is_a_document_and_no_answer(tmp_path: Path) -> None:
    data = pack(
        capture(
            url=f"urn:uuid:{KEY}",
            status=None,
            headers=[],
            media_type="text/plain",
            asked_with=(),
            remote_address="",
        )
    )
    found = records(data)
    assert list(found) == ["warcinfo", "resource", "metadata"]
    assert found["resource"][0].rec_headers.get_header("Content-Type") == "text/plain"
    (tmp_path / "one.warc.gz").write_bytes(data)
    assert_sound(tmp_path / "one.warc.gz")
    with pytest.raises(FetchError, match="no page"):
        page_at(tmp_path / "one.warc.gz", 0)


def test_the_desks_own_reader_finds_the_same_page_where_it_is_said_to_be(tmp_path: Path) -> None:
    file = io.BytesIO()
    write(file, capture(key=UUID(int=1), url="https://paper.example/first"))
    place = write(file, capture())
    (tmp_path / "two.warc.gz").write_bytes(file.getvalue())
    assert page_at(tmp_path / "two.warc.gz", place.offset).url == "https://paper.example/a?b=1"
    stored = [one for one in pages(io.BytesIO(file.getvalue())) if isinstance(one, Stored)]
    assert [one.body for one in stored] == ["<p>Grüße</p>".encode()] * 2


@given(
    name=st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    value=st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    body=st.binary(max_size=300),
)
def test_no_header_breaks_a_record_open(name: str, value: str, body: bytes) -> None:
    found = records(pack(capture(headers=[["X-A", value], [name, "x"]], body=body)))
    assert list(found) == ["warcinfo", "response", "request", "metadata"]
    assert found["response"][1] == body
