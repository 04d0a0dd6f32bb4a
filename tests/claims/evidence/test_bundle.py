"""The evidence bundle of a claim: whole, and for each person without what is not theirs."""

import io
import json
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from warcio.archiveiterator import ArchiveIterator

from claims import capturing
from claims.errors import Forbidden, Missing
from claims.evidence import archived
from claims.evidence.bundle import LIST, write_bundle
from claims.models import Actor, Capture, Claim, Evidence, Recheck
from claims.web import client
from tests import factories as make
from tests.claims.web.loopback import Loopback, page
from tests.claims.web.test_wacz import validated
from tests.rest import Api
from tests.reviews.admin.desk import Desk

pytestmark = pytest.mark.django_db


def bundle_of(claim: Claim, by: Actor) -> zipfile.ZipFile:
    file = io.BytesIO()
    write_bundle(claim, file, by=by)
    return zipfile.ZipFile(file)


def archives(file: zipfile.ZipFile) -> set[str]:
    return {
        name.removeprefix("archive/").removesuffix(".warc.gz")
        for name in file.namelist()
        if name.startswith("archive/")
    }


def listed(file: zipfile.ZipFile) -> Any:
    return json.loads(file.read(LIST))


def test_a_fetched_page_is_told_with_its_request_way_and_address() -> None:
    answers = {
        "/old": b"HTTP/1.1 302 Found\r\nLocation: /new\r\nContent-Length: 0\r\n\r\n",
        "/new": page(b"<p>Words</p>", etag='"7"'),
    }
    with Loopback(answers) as web:
        fetched = client.fetch("http://paper.test/old", policy=web.policy("paper.test"))
        capture = capturing.keep(fetched)
    found = {
        record.rec_type: (record, record.content_stream().read())
        for record in ArchiveIterator(io.BytesIO(archived.warc(capture)), check_digests="raise")
    }
    assert found["response"][0].http_headers.get_header("Etag") == '"7"'
    assert found["response"][0].rec_headers.get_header("WARC-IP-Address") == "127.0.0.1"
    assert found["response"][1] == b"<p>Words</p>"
    assert "FactcheckDesk" in found["request"][0].http_headers.get_header("User-Agent")
    told = json.loads(found["metadata"][1])
    assert told["asked"] == "http://paper.test/old"
    assert [hop["status"] for hop in told["hops"]] == [302, 200]
    assert told["sha256"] == capture.sha256
    assert archived.warc(Capture.objects.get(pk=capture.pk)) == archived.warc(capture)


def test_what_a_person_brought_is_under_no_ones_address() -> None:
    capture = capturing.store(
        b"%PDF-1.7",
        asked_url="https://paper.example/x",
        media_type="application/pdf",
        via="upload",
    )
    (record,) = [
        one
        for one in ArchiveIterator(io.BytesIO(archived.warc(capture)))
        if one.rec_type == "resource"
    ]
    assert record.rec_headers.get_header("WARC-Target-URI") == f"urn:uuid:{capture.pk}"


def test_it_holds_evidence_coverage_article_and_what_was_found_since(tmp_path: Path) -> None:
    captures = [make.capture(f"Page {number}".encode()) for number in range(5)]
    claim = make.claim(article=make.article(capture=captures[0]))
    item = make.evidence(claim, capture=captures[1])
    make.evidence(claim, capture=captures[1])
    make.covered(claim, make.article(capture=captures[2]))
    Recheck.objects.create(
        evidence=item, capture=captures[1], found=captures[3], outcome="changed", finding="x"
    )
    make.evidence(make.claim(), capture=captures[4])
    path = tmp_path / "one.wacz"
    with path.open("w+b") as file:
        assert write_bundle(claim, file, by=make.reviewer()) == []
    assert validated(path) == 0
    with zipfile.ZipFile(path) as wacz:
        assert archives(wacz) == {str(one.pk) for one in captures[:4]}
        warc = wacz.read(f"archive/{captures[1].pk}.warc.gz")
        assert warc == archived.warc(captures[1])
        assert [row["number"] for row in listed(wacz)["evidence"]] == [1, 2]


def test_sealed_evidence_is_in_it_only_for_who_may_open_it() -> None:
    adder, colleague, editor = make.reviewer(), make.reviewer(), make.editor()
    claim, sealed = make.claim(), make.capture(b"Sealed")
    make.evidence(
        claim,
        capture=sealed,
        visibility=Evidence.Visibility.SEALED,
        added_by=adder.person,
        title="Who leaked it",
    )
    for who, may in ((adder, True), (editor, True), (colleague, False)):
        wacz = bundle_of(claim, who)
        assert (archives(wacz) == {str(sealed.pk)}) is may
        said = listed(wacz)
        assert ("Who leaked it" in json.dumps(said)) is may
        assert said["left_out"] == ([] if may else ["Evidence 1: it is sealed."])
        about = json.loads(wacz.read("datapackage.json"))
        assert ("sealed" in about["description"]) is not may


def test_nothing_in_it_breaks_a_blind_round() -> None:
    claim = make.claim()
    make.evidence(claim, stance="refutes", note="I rate this false", added_by=make.person())
    wacz = bundle_of(claim, make.reviewer())
    everything = b"".join(wacz.read(name) for name in wacz.namelist() if name == LIST).decode()
    assert "refutes" not in everything
    assert "I rate this" not in everything


def test_bytes_that_are_gone_cost_their_capture_and_are_told() -> None:
    claim, here, gone = make.claim(), make.capture(b"Here"), make.capture(b"Gone")
    make.evidence(claim, capture=here)
    make.evidence(claim, capture=gone)
    default_storage.delete(gone.storage_key)
    wacz = bundle_of(claim, make.editor())
    assert archives(wacz) == {str(here.pk)}
    assert str(gone.pk) in listed(wacz)["left_out"][0]


def test_only_people_who_see_the_claim_get_it() -> None:
    claim = make.claim(visibility="restricted")
    with pytest.raises(Missing):
        write_bundle(claim, io.BytesIO(), by=make.reviewer())
    with pytest.raises(Forbidden):
        write_bundle(claim, io.BytesIO(), by=make.service("claims:read"))


def test_memory_holds_one_capture_at_a_time(tmp_path: Path) -> None:
    claim = make.claim()
    for number in range(30):
        body = str(number).encode() + b"x" * (1 << 20)
        make.evidence(claim, capture=make.capture(body))
    with (tmp_path / "big.wacz").open("w+b") as file:
        tracemalloc.start()
        write_bundle(claim, file, by=make.editor())
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 12 << 20


class TestDoors:
    def test_the_page_offers_it_and_gives_it_as_an_attachment(self) -> None:
        claim, who = make.claim(), Desk.of(make.reviewer())
        make.evidence(claim, capture=make.capture())
        url = reverse("admin:claims_claim_bundle", args=[claim.pk])
        assert url in who.page(claim).content.decode()
        answer = who.get(url)
        assert answer.headers["Content-Type"] == "application/wacz"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        body = b"".join(answer.streaming_content)
        assert "datapackage.json" in zipfile.ZipFile(io.BytesIO(body)).namelist()

    def test_a_restricted_claim_has_none_for_others(self) -> None:
        claim = make.claim(visibility="restricted")
        url = reverse("admin:claims_claim_bundle", args=[claim.pk])
        assert Desk.of(make.reviewer()).get(url).status_code == 404

    def test_a_capture_is_saved_as_a_warc_at_the_desk_and_over_rest(self) -> None:
        capture, who = make.capture(b"Words"), make.reviewer()
        desk = Desk.of(who).get(reverse("admin:claims_capture_warc", args=[capture.pk]))
        rest = Api(who).get(f"captures/{capture.pk}/warc/")
        assert b"".join(desk.streaming_content) == rest.content == archived.warc(capture)
        assert rest.headers["Content-Disposition"].startswith("attachment")

    def test_sealed_bytes_are_not_given_to_others_as_a_warc_either(self) -> None:
        capture = make.capture(b"Sealed words")
        make.evidence(make.claim(), capture=capture, visibility="sealed", added_by=make.person())
        who = make.reviewer()
        url = reverse("admin:claims_capture_warc", args=[capture.pk])
        assert Desk.of(who).get(url).status_code == 404
        assert Api(who).get(f"captures/{capture.pk}/warc/").status_code == 404

    def test_bytes_that_are_gone_are_told_and_no_crash(self) -> None:
        capture, who = make.capture(b"Gone words"), make.reviewer()
        default_storage.delete(capture.storage_key)
        for ending in ("content", "warc"):
            url = reverse(f"admin:claims_capture_{ending}", args=[capture.pk])
            assert Desk.of(who).get(url).status_code == 404
            assert Api(who).get(f"captures/{capture.pk}/{ending}/").status_code == 404
