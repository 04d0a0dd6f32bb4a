"""The local archive: every good record of every file is found, and every loss is said."""

import gzip
import os
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from claims.coverage import archive
from claims.coverage.providers.archive import search
from claims.coverage.queries import build
from claims.models import ArchiveFile, ArchivePage
from claims.web.errors import Unreadable

pytestmark = pytest.mark.django_db

PAGE = """<html lang="en"><head><title>{title}</title></head><body><article><h1>{title}</h1>
<p>{words}</p><p>The council of Brindle Quay will meet again on Thursday to look at the bridge and
at what it costs to keep it open for another winter, a clerk wrote.</p></article></body></html>"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.ARCHIVE_DIR = tmp_path
    return tmp_path


def page(number: int, words: str = "", *, body: bytes | None = None) -> tuple[str, bytes]:
    words = words or f"The mayor of Brindle Quay closed bridge number {number} on Monday."
    html = PAGE.format(title=f"Bridge {number} closed", words=words)
    return f"https://paper-{number}.example/bridge", html.encode() if body is None else body


def warc(*pages: tuple[str, bytes], packed: bool = True, status: str = "200 OK") -> bytes:
    return b"".join(
        gzip.compress(record) if packed else record
        for record in (_record(url, body, status) for url, body in pages)
    )


def _record(url: str, body: bytes, status: str) -> bytes:
    answer = (
        f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
        f"WARC-Date: 2026-03-04T05:06:07Z\r\nWARC-Record-ID: <urn:uuid:{uuid4()}>\r\n"
        "Content-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


def offsets(name: str) -> list[int]:
    return list(
        ArchivePage.objects.filter(warc=name).order_by("offset").values_list("offset", flat=True)
    )


@pytest.mark.parametrize("packed", [True, False], ids=["gzip", "plain"])
def test_every_page_of_a_file_is_indexed_once(folder: Path, *, packed: bool) -> None:
    name = "a.warc.gz" if packed else "a.warc"
    (folder / name).write_bytes(warc(*map(page, range(3)), packed=packed))
    assert [found.pages for found in archive.refresh()] == [3]
    assert archive.refresh() == []
    assert ArchivePage.objects.count() == 3
    assert archive.problems() == []


def test_a_page_comes_back_with_its_bytes_headers_and_time(folder: Path) -> None:
    url, body = page(7)
    (folder / "a.warc.gz").write_bytes(warc(page(1), (url, body), page(2)))
    archive.refresh()
    found = archive.page_of(ArchivePage.objects.get(url=url))
    assert (found.url, found.status, found.body) == (url, 200, body)
    assert ("Content-Type", "text/html") in found.headers
    assert found.date == datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize("packed", [True, False], ids=["gzip", "plain"])
def test_wherever_a_file_is_cut_its_whole_records_are_used_and_the_cut_is_said(
    folder: Path, *, packed: bool
) -> None:
    name = "cut.warc.gz" if packed else "cut.warc"
    whole = warc(*map(page, range(3)), packed=packed)
    (folder / name).write_bytes(whole)
    archive.refresh()
    begin, middle, last = offsets(name)
    cuts = [middle + 1, middle + 40, (middle + last) // 2, last - 20, (last + len(whole)) // 2]
    for cut in cuts:
        (folder / name).write_bytes(whole[:cut])
        [found] = archive.refresh()
        assert offsets(name) == ([begin, middle] if cut > last else [begin]), cut
        assert found.cut_at == (last if cut > last else middle), cut
        assert archive.problems()[0].problem


def test_a_file_that_ends_between_two_records_is_whole(folder: Path) -> None:
    whole = warc(*map(page, range(3)))
    (folder / "a.warc.gz").write_bytes(whole)
    archive.refresh()
    last = offsets("a.warc.gz")[-1]
    (folder / "a.warc.gz").write_bytes(whole[:last])
    archive.refresh()
    assert archive.problems() == []
    assert len(offsets("a.warc.gz")) == 2


@pytest.mark.parametrize(
    "content",
    [b"no archive at all\n" * 30, gzip.compress(b"packed, but no archive"), b"\0" * 500],
    ids=["text", "packed text", "zeros"],
)
def test_what_is_no_archive_is_said_and_stops_nobody(folder: Path, content: bytes) -> None:
    (folder / "bad.warc.gz").write_bytes(content)
    (folder / "good.warc.gz").write_bytes(warc(page(1)))
    archive.refresh()
    assert [page.warc for page in ArchivePage.objects.all()] == ["good.warc.gz"]
    assert [file.name for file in archive.problems()] == ["bad.warc.gz"]


def test_damage_in_the_middle_costs_one_page_and_is_said(folder: Path) -> None:
    whole = bytearray(warc(*map(page, range(3))))
    (folder / "a.warc.gz").write_bytes(whole)
    archive.refresh()
    middle = offsets("a.warc.gz")[1]
    whole[middle + 30 : middle + 60] = b"\0" * 30
    (folder / "a.warc.gz").write_bytes(whole)
    archive.refresh()
    assert middle not in offsets("a.warc.gz")
    assert len(offsets("a.warc.gz")) == 2
    assert f"At byte {middle:,}" in archive.problems()[0].problem


def test_one_page_that_cannot_be_read_costs_that_page(folder: Path) -> None:
    (folder / "a.warc.gz").write_bytes(
        warc(page(1), page(2, body=b"\x89PNG\r\n\x1a\n" + b"\0" * 99), page(3))
    )
    archive.refresh()
    assert ArchivePage.objects.count() == 2


def test_answers_that_are_no_pages_are_left_out(folder: Path) -> None:
    (folder / "a.warc.gz").write_bytes(warc(page(1), status="404 Not Found"))
    archive.refresh()
    assert not ArchivePage.objects.exists()


def test_a_changed_file_is_read_anew_and_a_removed_one_forgotten(folder: Path) -> None:
    path = folder / "a.warc.gz"
    path.write_bytes(warc(page(1)))
    archive.refresh()
    path.write_bytes(warc(page(2), page(3)))
    archive.refresh()
    assert {page.url for page in ArchivePage.objects.all()} == {page(2)[0], page(3)[0]}
    path.unlink()
    archive.refresh()
    assert not ArchivePage.objects.exists()
    assert not ArchiveFile.objects.exists()


def test_a_page_whose_file_changed_behind_the_index_is_gone(folder: Path) -> None:
    path = folder / "a.warc.gz"
    path.write_bytes(warc(page(1)))
    archive.refresh()
    found = ArchivePage.objects.get()
    path.write_bytes(warc(page(2)))
    with pytest.raises(archive.Gone):
        archive.page_of(found)


def test_a_large_file_is_read_a_while_at_a_time(folder: Path) -> None:
    (folder / "a.warc.gz").write_bytes(warc(*map(page, range(8))))
    rounds = 0
    while not rounds or archive.problems():
        [found] = archive.refresh(seconds=0.001 if rounds == 0 else 0.05)
        rounds += 1
        assert rounds < 100
    assert rounds > 1
    assert found.pages == 8
    assert archive.refresh() == []


def test_pages_about_the_same_story_are_found_and_others_are_not(folder: Path) -> None:
    (folder / "a.warc.gz").write_bytes(
        warc(
            page(1, "Brindle Quay reopened its old harbour bridge after repairs, the mayor said."),
            page(2, "An orchestra from Brindle Quay played in the rain for two hours."),
            page(3, "The harbour bridge at Brindle Quay was reopened on Monday after the repair."),
        )
    )
    archive.refresh()
    found = search(build("Brindle Quay reopened its harbour bridge after repairs.", language="en"))
    assert {one.url for one in found} == {page(1)[0], page(3)[0]}


def test_the_index_is_used_and_not_the_whole_table() -> None:
    queries = build("Brindle Quay reopened its harbour bridge after repairs.", language="en")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    with connection.execute_wrapper(_explained) as _:
        search(queries)
    assert _PLANS
    assert all("archive_page_words" in plan for plan in _PLANS)


_PLANS: list[str] = []


def _explained(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's
    if "tsquery" in sql and not sql.startswith("EXPLAIN"):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {sql}", params)
            _PLANS.append("\n".join(row[0] for row in cursor.fetchall()))
    return execute(sql, params, many, context)


def test_the_command_reads_what_is_new_and_says_what_is_broken(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "good.warc.gz").write_bytes(warc(page(1), page(2)))
    call_command("archive", "index")
    assert capsys.readouterr().out == "good.warc.gz: 2 pages.\n"
    call_command("archive", "index")
    assert capsys.readouterr().out == "Nothing is new.\n"
    (folder / "bad.warc.gz").write_bytes(warc(page(3))[:-40])
    with pytest.raises(SystemExit):
        call_command("archive", "index")
    assert "bad.warc.gz" in capsys.readouterr().out


def test_a_page_of_two_files_stays_when_one_of_them_goes(folder: Path) -> None:
    for name in ("first.warc", "second.warc"):
        (folder / name).write_bytes(warc(page(1), page(1), packed=False))
    archive.refresh()
    asked = build("The mayor of Brindle Quay closed bridge number 1 on Monday.")
    assert len(search(asked)) == 1
    (folder / "first.warc").unlink()
    archive.refresh()
    assert [ArchivePage.objects.get(pk=one.page).warc for one in search(asked)] == ["second.warc"]


def test_a_file_that_cannot_be_opened_costs_itself_and_is_said(folder: Path) -> None:
    (folder / "whole.WARC").write_bytes(warc(page(1), packed=False))
    (folder / "lost.warc").symlink_to("/nowhere/at/all")
    Path(os.fsdecode(os.fsencode(folder) + b"/odd-\xff.warc")).write_bytes(b"")
    (folder / "folder.warc").mkdir()
    archive.refresh()
    assert ArchivePage.objects.get().warc == "whole.WARC"
    said = {told.name: told.problem for told in archive.problems()}
    assert set(said) == {"lost.warc", "odd-\ufffd.warc"}
    assert all("cannot be opened" in problem for problem in said.values())
    (folder / "lost.warc").unlink()
    (folder / "lost.warc").write_bytes(warc(page(2), packed=False))
    archive.refresh()
    assert [told.name for told in archive.problems()] == ["odd-\ufffd.warc"]
    assert len(offsets("lost.warc")) == 1


@pytest.mark.parametrize("name", ["old.arc", "old.arc.gz", "old.warc"])
def test_an_archive_of_the_older_form_is_told_what_to_do(folder: Path, name: str) -> None:
    content = b"filedesc://old.arc 0.0.0.0 20240101000000 text/plain 9\n1 0 Desk\n\n"
    (folder / name).write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    archive.refresh()
    assert "ARC file" in archive.problems()[0].problem


def test_a_page_that_no_reader_survives_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "_being_read", lambda _found: nullcontext(_no_reader))
    (folder / "a.warc").write_bytes(warc(page(1)))
    archive.refresh()
    assert "took too much" in archive.problems()[0].problem


def _no_reader() -> Any:
    raise Unreadable("too_slow", "It took too much.")


STORIES = {
    "es": (
        ("El ayuntamiento de Quelada cerró el lunes el puente del puerto después de que una"
        " inspección hallara 14 grietas en el acero."),
        "Quelada cerró el puente del puerto por 14 grietas.",
    ),
    "fr": (
        ("La mairie d’Ostal a fermé lundi le pont du port après une inspection qui a révélé 14"
        " fissures dans l’acier."),
        "Ostal a fermé le pont du port à cause de 14 fissures.",
    ),
    "de": (
        ("Die Stadt Marlstadt hat am Montag die Hafenbrücke gesperrt, nachdem eine Prüfung 14"
        " Risse im Stahl gefunden hatte."),
        "Marlstadt sperrt Hafenbrücke wegen 14 Rissen im Stahl.",
    ),
    "ar": (
        "أغلقت بلدية مرلبة يوم الاثنين جسر الميناء بعد أن كشف الفحص عن ١٤ شقا في الفولاذ.",
        "مرلبة تغلق جسر الميناء بسبب 14 شقا في الفولاذ",
    ),
    "he": (
        "עיריית מרלבי סגרה ביום שני את גשר הנמל לאחר שבדיקה מצאה 14 סדקים בפלדה.",
        "מרלבי סגרה את גשר הנמל בגלל 14 סדקים בפלדה",
    ),
    "tr": (
        ("Marlbı Belediyesi, denetimde çelikte 14 çatlak bulunmasının ardından pazartesi günü"
        " liman köprüsünü kapattı."),
        "Marlbı, çelikteki 14 çatlak nedeniyle liman köprüsünü kapattı.",
    ),
    "ru": (
        ("Администрация Марлбова в понедельник закрыла портовый мост после того, как проверка"
        " обнаружила 14 трещин в стали."),
        "Марлбов закрыл портовый мост из-за 14 трещин в стали.",
    ),
}  # fmt: skip


def test_pages_are_found_by_a_claim_in_their_own_language(folder: Path) -> None:
    told = [(f"https://{name}.example/a", words * 4) for name, (words, _) in STORIES.items()]
    html = (
        "<html><head><meta charset=utf-8></head><body><article><p>{}</p></article></body></html>"
    )
    pages = [(url, html.format(words).encode()) for url, words in told]
    (folder / "all.warc.gz").write_bytes(warc(*pages))
    archive.refresh()
    for name, (_, claim) in STORIES.items():
        found = search(build(claim, language=name))
        assert [one.url for one in found] == [f"https://{name}.example/a"], name
