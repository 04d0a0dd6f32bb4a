"""Captured bytes are on disk before the row, whole, once, and never anything else."""

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage

from claims import capturing, jobs, manners
from claims.errors import Missing
from claims.jobs import Again, Fenced, GaveUp, Held, Later
from claims.models import Capture, Job, Reading
from claims.web import client, sandbox
from claims.web.errors import FetchError, NoNames
from claims.web.fetched import Fetched
from claims.web.guard import Policy
from tests import factories as make
from tests.claims.web.loopback import Loopback, page
from tests.claims.web.pdf.printed import printed

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
PAGE = b"""<html lang="en"><head><title>Bridge closed | The Paper</title>
<meta property="og:site_name" content="The Paper">
<meta property="article:published_time" content="2026-03-04T08:30:00+01:00"></head>
<body><article><h1>Bridge closed</h1><p>The council of Brindle Quay closed the harbour bridge on
Monday, and the mayor said that it will stay closed until the repair is paid for.</p></article>
</body></html>"""


def path_of(capture: Capture) -> Path:
    return Path(default_storage.path(capture.storage_key))


def held() -> Held:
    job = jobs.enqueue("test", key=f"test:{Job.objects.count()}")
    taken = jobs.take(job.pk)
    assert taken is not None
    return taken


def test_bytes_are_kept_under_their_digest() -> None:
    body = b"What the page said."
    capture = capturing.store(
        body, asked_url="https://a.example/", media_type="text/html", via="web"
    )
    assert capture.sha256 == hashlib.sha256(body).hexdigest()
    assert capture.size == len(body)
    assert capture.storage_key.endswith(capture.sha256)
    assert path_of(capture).read_bytes() == body
    assert capturing.content(capture) == body


def test_nobody_else_of_the_machine_reads_bytes_or_lists_digests(
    settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "captures"
    kept = path_of(capturing.store(b"Ours alone.", media_type="text/plain", via="upload"))
    for made in [kept, *kept.parents]:
        if made == tmp_path:
            break
        assert not made.stat().st_mode & 0o077, made


def test_the_same_bytes_from_two_places_are_one_file_and_two_captures() -> None:
    one = capturing.store(
        b"Same.", asked_url="https://a.example/", media_type="text/html", via="web"
    )
    two = capturing.store(
        b"Same.", asked_url="https://b.example/", media_type="text/html", via="web"
    )
    assert one.pk != two.pk
    assert one.storage_key == two.storage_key


def test_the_same_visit_stored_twice_is_one_capture() -> None:
    visit = {"asked_url": "https://a.example/", "media_type": "text/html", "via": "archive"}
    one = capturing.store(b"Once.", fetched_at=NOON, **visit)  # type: ignore[arg-type]
    two = capturing.store(b"Once.", fetched_at=NOON, **visit)  # type: ignore[arg-type]
    assert one.pk == two.pk


def test_half_a_file_left_by_a_crash_is_written_anew() -> None:
    body = b"Whole and complete."
    capture = capturing.store(body, media_type="text/plain", via="upload")
    path_of(capture).write_bytes(body[:5])
    with pytest.raises(Missing):
        capturing.content(capture)
    capturing.store(body, media_type="text/plain", via="upload")
    assert capturing.content(capture) == body


def test_no_draft_is_left_beside_the_file() -> None:
    capture = capturing.store(b"Alone.", media_type="text/plain", via="upload")
    names = {entry.name for entry in path_of(capture).parent.iterdir()}
    assert capture.sha256 in names
    assert not {name for name in names if not re.fullmatch("[0-9a-f]{64}", name)}


def test_bytes_that_are_gone_or_damaged_are_never_given_out() -> None:
    capture = capturing.store(b"Soon gone.", media_type="text/plain", via="upload")
    path_of(capture).write_bytes(b"Soon gone?")
    with pytest.raises(Missing, match="damaged"):
        capturing.content(capture)
    path_of(capture).unlink()
    with pytest.raises(Missing, match="gone"):
        capturing.content(capture)


def test_headers_with_nul_are_kept_without_it() -> None:
    capture = capturing.store(
        b"x", headers=[("X-Odd", "a\0b"), ("X-Odd", "twice")], media_type="text/html", via="web"
    )
    assert capture.headers == [["X-Odd", "ab"], ["X-Odd", "twice"]]


def test_a_capture_is_read_once_per_reader() -> None:
    capture = capturing.store(
        PAGE, asked_url="https://paper.example/bridge", media_type="text/html", via="web"
    )
    reading = capturing.read(capture)
    assert reading.title == "Bridge closed"
    assert reading.text.startswith("The council of Brindle Quay")
    assert capturing.read(capture).pk == reading.pk
    assert Reading.objects.count() == 1
    stated = capturing.stated(reading)
    assert str(stated["published_at"]) == "2026-03-04 07:30:00+00:00"
    assert stated["signals"]["site_name"] == ["The Paper"]


def test_the_servers_charset_is_told_to_the_reader() -> None:
    body = "<html><body><article><p>מכתב סודי הגיע אל ראש הממשלה ביום שני בבוקר</p>".encode(
        "cp1255"
    )
    capture = capturing.store(
        body,
        headers=[("Content-Type", "text/html; charset=windows-1255")],
        media_type="text/html",
        via="web",
    )
    assert "מכתב סודי" in capturing.read(capture).text


def test_a_pdf_that_an_older_reader_had_no_words_for_is_read_page_by_page() -> None:
    capture = capturing.store(
        printed(["The bridge is shut."], ["It stays so."]), media_type="text/html", via="web"
    )
    Reading.objects.create(capture=capture, reader="page-6", oddities=["not_text"])
    reading = capturing.read(capture)
    assert reading.text == "The bridge is shut.\nIt stays so."
    assert Reading.objects.get(pk=reading.pk).pages == [0, 20]
    assert capturing.read(make.capture(b"<p>One</p>", media_type="text/html")).pages == ()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"%PDF-1.7 and so on", "not_text"),
        (printed(["The bridge is shut."]), "document"),
        (b"<html><body></body></html>", "no_text"),
        (
            b"<html><head><title>Just a moment...</title></head><body>wait</body></html>",
            "bot_wall",
        ),
    ],
)
def test_a_page_without_an_article_says_why(body: bytes, code: str) -> None:
    capture = capturing.store(
        body, asked_url="https://paper.example/a", media_type="text/html", via="web"
    )
    with pytest.raises(GaveUp) as told:
        capturing.article_of(capture)
    assert told.value.code == code
    assert told.value.cause.endswith(".")


def test_a_late_worker_stores_no_capture() -> None:
    late = held()
    jobs.cancel(Job.objects.all())
    with pytest.raises(Fenced):
        capturing.store_for(late, b"Late.", media_type="text/plain", via="web")
    assert not Capture.objects.exists()


def test_a_private_address_is_refused_for_good() -> None:
    with pytest.raises(GaveUp) as told:
        capturing.visit(held(), "http://127.0.0.1:5432/")
    assert told.value.code == "address_refused"
    assert not Capture.objects.exists()


def test_a_host_that_is_down_may_be_back_later(monkeypatch: pytest.MonkeyPatch) -> None:
    inside = Policy(stand_ins={"paper.example": ("127.0.0.1", 9)})
    monkeypatch.setattr(client, "fetch", partial(client.fetch, policy=inside))
    with pytest.raises(Again) as told:
        capturing.visit(held(), "http://paper.example/", until=NOON)
    assert (told.value.code, told.value.until) == ("unreachable", NOON)


def test_a_slow_host_holds_up_a_run_for_less_than_who_asks_for_its_page_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[client.Limits] = []

    def too_slow(_url: str, *, limits: client.Limits, **_: Any) -> Fetched:
        given.append(limits)
        raise FetchError("timeout", "It took too long to answer.")

    monkeypatch.setattr(client, "fetch", too_slow)
    alone = held()
    of_a_run = replace(alone, run_id=uuid4())
    for one in (alone, of_a_run, replace(of_a_run, attempt=2)):
        with pytest.raises(Again):
            capturing.visit(one, "https://a.example/")
        cache.clear()
    first, shared, again = given[1::2]
    assert first.total > shared.total > again.total
    assert first.silence > shared.silence > again.silence


def test_a_visited_article_is_kept_with_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    body = b"<html lang='en'><title>Ferry</title><p>The ferry is closed until further notice.</p>"
    with Loopback({"/a": page(body)}) as web:
        inside = web.policy("paper.example")
        monkeypatch.setattr(client, "fetch", partial(client.fetch, policy=inside))
        reading = capturing.visit_article(held(), "http://paper.example/a")
    assert capturing.content(reading.capture) == body
    assert reading.capture.readings.get().title == "Ferry"


@pytest.mark.parametrize(("reader", "code"), [("die", "crashed"), ("fail", "broken")])
def test_a_page_that_cannot_be_read_is_kept_all_the_same(
    monkeypatch: pytest.MonkeyPatch, reader: str, code: str
) -> None:
    monkeypatch.setattr(sandbox, "_READ_PAGE", f"tests.claims.web.hostile:{reader}")
    with Loopback({"/a": page(b"<p>Endless.</p>")}) as web:
        inside = web.policy("paper.example")
        monkeypatch.setattr(client, "fetch", partial(client.fetch, policy=inside))
        with pytest.raises(GaveUp) as told:
            capturing.visit_article(held(), "http://paper.example/a")
    assert told.value.code == code
    assert Capture.objects.get().final_url == "http://paper.example/a"


def test_a_late_worker_keeps_no_page_it_visited(monkeypatch: pytest.MonkeyPatch) -> None:
    late = held()
    jobs.cancel(Job.objects.all())
    with Loopback({"/a": page(PAGE)}) as web:
        inside = web.policy("paper.example")
        monkeypatch.setattr(client, "fetch", partial(client.fetch, policy=inside))
        with pytest.raises(Fenced):
            capturing.visit_article(late, "http://paper.example/a")
    assert not Capture.objects.exists()


def test_what_a_visit_writes_is_what_the_models_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    for model, columns in (
        (Capture, capturing.CAPTURE_COLUMNS),
        (Reading, capturing.READING_COLUMNS),
    ):
        assert set(columns) == {field.column for field in model._meta.concrete_fields}
    with Loopback({"/a": page(PAGE, x_odd="a\tb")}) as web:
        inside = web.policy("paper.example")
        monkeypatch.setattr(client, "fetch", partial(client.fetch, policy=inside))
        reading = capturing.visit_article(held(), "http://paper.example/a")
    for row in (reading, reading.capture):
        stored = type(row).objects.get(pk=row.pk)
        held_by = {field.attname: getattr(row, field.attname) for field in row._meta.fields}
        assert held_by == {name: getattr(stored, name) for name in held_by}


def test_names_that_cannot_be_looked_up_are_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def out_of_order(_name: str) -> list[str]:
        raise NoNames

    monkeypatch.setattr(client, "fetch", partial(client.fetch, resolve=out_of_order))
    with pytest.raises(Again) as told:
        capturing.visit(held(), "http://paper.example/", until=NOON)
    assert (told.value.code, told.value.until) == ("dns", NOON)


def test_two_never_ask_one_host_at_once() -> None:
    host = f"host-{make.claim().pk}.example"
    with manners.turn(host), pytest.raises(Later), manners.turn(host):
        pass


def test_after_one_asked_the_next_waits_a_while_and_then_may() -> None:
    host = f"host-{make.claim().pk}.example"
    with manners.turn(host):
        pass
    with manners.turn(host):
        pass
