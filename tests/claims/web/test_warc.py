"""Archives give up their good pages, whatever happened to the rest."""

import gzip
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from claims.web.warc import Problem, Stored, page_at, pages
from tests.shared import shared


def archive(*bodies: bytes, packed: bool = True, headers: dict[str, str] | None = None) -> bytes:
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=packed)
    for number, body in enumerate(bodies):
        given = {"Content-Type": "text/html; charset=UTF-8"} | (headers or {})
        answer = StatusAndHeaders("200 OK", list(given.items()), protocol="HTTP/1.1")
        record = writer.create_warc_record(
            f"https://marlby.example/{number}",
            "response",
            payload=io.BytesIO(body),
            http_headers=answer,
            warc_headers_dict={"WARC-Date": "2024-03-01T10:00:00Z"},
        )
        writer.write_record(record)
        record.raw_stream.close()
    return buffer.getvalue()


def read(data: bytes) -> tuple[list[Stored], list[Problem]]:
    found = list(pages(io.BytesIO(data)))
    return (
        [each for each in found if isinstance(each, Stored)],
        [each for each in found if isinstance(each, Problem)],
    )


BODIES = tuple(f"<p>page {number} {'words ' * 900}</p>".encode() for number in range(5))


@pytest.mark.parametrize("packed", [True, False])
def test_every_page_is_read_with_its_place(tmp_path: Path, *, packed: bool) -> None:
    data = archive(*BODIES, packed=packed)
    stored, problems = read(data)
    assert [each.body for each in stored] == list(BODIES)
    assert problems == []
    assert stored[3].url == "https://marlby.example/3"
    assert (stored[3].status, stored[3].media_type, stored[3].charset) == (
        200,
        "text/html",
        "utf-8",
    )
    assert stored[3].date == datetime(2024, 3, 1, 10, tzinfo=UTC)
    (tmp_path / "a.warc").write_bytes(data)
    assert page_at(tmp_path / "a.warc", stored[3].offset) == stored[3]


def test_an_archive_of_another_tool_is_read() -> None:
    stored, problems = read(shared("coverage/example.warc.gz").read_bytes())
    assert [each.url for each in stored] == ["http://example.com/"]
    assert b"Example Domain" in stored[0].body
    assert problems == []


@pytest.mark.parametrize("packed", [True, False])
def test_a_cut_archive_gives_its_good_pages_and_says_where_it_breaks_off(*, packed: bool) -> None:
    data = archive(*BODIES, packed=packed)
    whole, _ = read(data)
    fourth = whole[3].offset
    last = whole[4].offset
    for cut in (fourth + 5, fourth + 90, (fourth + last) // 2, last - 40):
        stored, problems = read(data[:cut])
        if stored == whole[:4]:  # Only the blank lines after the record are gone.
            continue
        assert stored == whole[:3]
        assert [problem.cut for problem in problems] == [True]
        assert problems[0].offset == fourth


@pytest.mark.parametrize("packed", [True, False])
def test_every_possible_cut_ends_without_an_error(*, packed: bool) -> None:
    data = archive(b"<p>one</p>", b"<p>two</p>", packed=packed)
    for cut in range(len(data)):
        stored, problems = read(data[:cut])
        assert len(stored) <= 2
        assert stored or problems or cut == 0


@pytest.mark.parametrize("packed", [True, False])
def test_reading_goes_on_after_a_broken_place(*, packed: bool) -> None:
    whole, _ = read(archive(*BODIES, packed=packed))
    data = bytearray(archive(*BODIES, packed=packed))
    at = whole[1].offset
    data[at : at + 40] = b"\x00" * 40
    stored, problems = read(bytes(data))
    assert {each.url[-1] for each in stored} >= {"0", "2", "3", "4"}
    assert len(problems) >= 1
    assert not any(problem.cut for problem in problems)


@pytest.mark.parametrize(
    "junk", [b"", b"no archive", b"\x1f\x8b\x08junk", b"WARC/1.0\r\n", b"<p>"]
)
def test_what_is_no_archive_is_said_so(junk: bytes) -> None:
    stored, problems = read(junk)
    assert stored == []
    assert bool(problems) == bool(junk)


def test_an_archive_packed_as_a_whole_is_told_what_to_do() -> None:
    stored, problems = read(gzip.compress(archive(*BODIES, packed=False)))
    assert len(stored) <= 1
    assert "record by record" in problems[0].message


def test_packed_and_chunked_pages_are_unpacked_and_bombs_left_out() -> None:
    body = gzip.compress(b"<p>words</p>")
    stored, _ = read(archive(body, headers={"Content-Encoding": "gzip"}))
    assert stored[0].body == b"<p>words</p>"
    chunked = b"4\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n"
    stored, _ = read(archive(chunked, headers={"Transfer-Encoding": "chunked"}))
    assert stored[0].body == b"Wikipedia"
    bomb = gzip.compress(bytes(40 << 20))
    stored, problems = read(archive(bomb, headers={"Content-Encoding": "gzip"}))
    assert stored == []
    assert "larger than" in problems[0].message
    stored, problems = read(archive(b"\x0b", headers={"Content-Encoding": "br"}))
    assert stored == []
    assert len(problems) == 1


def test_one_record_of_nonsense_costs_that_record() -> None:
    good = archive(b"<p>good</p>")
    odd = gzip.compress(
        b"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: https://marlby.example/x\r\n"
        b"WARC-Date: 2024-03-01T10:00:00Z\r\nContent-Type: x\r\nContent-Length: 1\r\n\r\nx\r\n\r\n"
    )
    plain = gzip.compress(
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://marlby.example/y\r\n"
        b"WARC-Date: soon\r\nContent-Type: application/http\r\nContent-Length: 9\r\n\r\nnot http!"
        b"\r\n\r\n"
    )
    stored, _ = read(good + plain + odd + good)
    assert [each.body for each in stored if each.body != b""][-1] == b"<p>good</p>"
    assert sum(each.body == b"<p>good</p>" for each in stored) == 2
