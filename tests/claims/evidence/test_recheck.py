"""What published checks cite is looked at again: gone, changed, moved, and told once."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.db.models import F
from django.test import override_settings
from django.utils import timezone

from claims import capturing, manners, tasks
from claims.errors import Conflict, Forbidden
from claims.evidence import recheck
from claims.ledger import read
from claims.models import Alert, Capture, Claim, Evidence, Job, Reading, Recheck
from claims.web import client
from claims.web.page import READER
from reviews import tasks as clock
from tests import factories as make
from tests.claims.web.loopback import Answer, Loopback, page, redirect
from tests.claims.web.pdf.printed import locked, picture, printed
from tests.reviews import stories

pytestmark = pytest.mark.django_db

URL = "http://paper.example/bridge"
TEXT = (
    "The council of Brindle Quay closed the harbour bridge on Monday after a storm, and the"
    " mayor said that it will stay closed until the repair is paid for. At least 12 people were"
    " hurt when a part of the roadway fell into the water, the harbour office said. Engineers"
    " looked at the pillars on Tuesday morning and found cracks in three of them. A ferry takes"
    " people across the harbour every half an hour until late in the evening."
)


def article(text: str = TEXT, *, title: str = "Bridge closed", more: str = "") -> bytes:
    words = "".join(f"<p>{one}.</p>" for one in text.strip(".").split(". "))
    head = f"<title>{title}</title>"
    return (
        f'<html lang="en"><head>{head}</head><body><article><h1>{title}</h1>{words}</article>'
        f"{more}</body></html>"
    ).encode()


Web = dict[str, Answer | bytes]


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """The paper's web on this machine; a test says what stands at an address."""
    cache.clear()
    with Loopback({"/bridge": page(article())}) as here:
        hosts = ("paper.example", "www.paper.example", "other.example")
        policy = here.policy(*hosts)
        fetch = partial(client.fetch, policy=policy, resolve=lambda _name: [])
        monkeypatch.setattr(client, "fetch", fetch)
        monkeypatch.setattr(manners, "turn", lambda *_, **__: nullcontext())
        yield here.answers


def cited(web: Web, *, url: str = URL, **fields: Any) -> Evidence:
    """Evidence on the page as it stands now, cited by a published check."""
    claim = stories.sent_to_review()
    capture = capturing.keep(client.fetch(url))
    item = make.evidence(claim, capture=capture, **fields)
    stories.settled_with(claim, [item])
    item.refresh_from_db()
    return item


def night() -> list[Job]:
    """One night: everything cited is put on the list and looked at, until nothing is left."""
    Job.objects.filter(kind=recheck.LOOK).delete()
    Recheck.objects.update(last_at=F("last_at") - timedelta(days=1))
    recheck.schedule(clock.standing.cited(), budget=100, until=timezone.now())
    return work()


def work() -> list[Job]:
    waiting = Job.objects.filter(kind=recheck.LOOK, state=Job.State.QUEUED)
    for _ in range(6):
        for job in waiting.all():
            Job.objects.filter(pk=job.pk).update(not_before=timezone.now())
            tasks.run(job.pk, recheck.LOOK)
    return list(Job.objects.filter(kind=recheck.LOOK))


def alerts(item: Evidence) -> list[Alert]:
    return list(Alert.objects.filter(claim=item.claim_id, closed_at=None))


def test_a_page_that_stands_as_it_was_alarms_nobody(web: Web) -> None:
    item = cited(web)
    night()
    assert item.rechecks.get().outcome == "same"
    assert not Alert.objects.exists()
    web["/bridge"] = page(article(more="<aside><p>Read next: ten ferries.</p></aside>"))
    night()
    assert (item.rechecks.get().outcome, item.rechecks.get().times) == ("same", 2)
    assert Capture.objects.count() == 1


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "451 Withheld"])
def test_a_page_that_is_gone_twice_is_gone(web: Web, status: str) -> None:
    item = cited(web)
    web["/bridge"] = page(b"<p>No such page</p>", status=status)
    night()
    [alert] = alerts(item)
    assert alert.kind == "source_gone"
    assert f"answers {status[:3]}" in alert.message
    found = item.rechecks.get()
    assert (found.found.status, found.found.sha256 != item.capture.sha256) == (
        int(status[:3]),
        True,
    )
    claim = Claim.objects.get(pk=item.claim_id)
    assert claim.needs_look
    assert claim.state == Claim.State.PUBLISHED
    entry = read.activity(claim, limit=1)[0]
    assert (entry.type, entry.data["outcome"]) == ("x-evidence.altered", "gone")


def test_one_stumble_of_a_server_is_no_loss(web: Web) -> None:
    item = cited(web)
    answers = iter([page(b"", status="404 Not Found"), page(article())])
    web["/bridge"] = lambda _request: next(answers)
    night()
    assert item.rechecks.get().outcome == "same"
    assert not Alert.objects.exists()


def test_a_host_without_an_address_is_gone(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    item = cited(web)
    with Loopback() as elsewhere:
        nobody = partial(client.fetch.func, policy=elsewhere.policy(), resolve=lambda _name: [])  # type: ignore[attr-defined]
        monkeypatch.setattr(client, "fetch", nobody)
        night()
    [alert] = alerts(item)
    assert alert.kind == "source_gone"
    assert "no longer has an address" in alert.message


def test_a_page_that_says_it_is_gone_with_200_is_gone(web: Web) -> None:
    item = cited(web)
    web["/bridge"] = page(b"<title>Page not found</title><h1>404</h1><p>Page not found.</p>")
    night()
    [alert] = alerts(item)
    assert item.rechecks.get().code == "soft_404"
    assert "does not exist" in alert.message


def test_one_changed_figure_is_told_and_the_new_page_kept(web: Web) -> None:
    item = cited(web, quote={"exact": "found cracks in three of them"})
    web["/bridge"] = page(article(TEXT.replace("12 people", "21 people")))
    night()
    [alert] = alerts(item)
    assert (alert.kind, "1 sentence of it no longer stands" in alert.message) == (
        "source_changed",
        True,
    )
    found = item.rechecks.get()
    assert b"21 people" in capturing.content(found.found)
    item.refresh_from_db()
    assert b"12 people" in capturing.content(item.capture)
    assert item.version == 1


def test_words_that_were_quoted_and_are_gone_are_said_first(web: Web) -> None:
    item = cited(web, quote={"exact": "At least 12 people were hurt when a part of the roadway"})
    web["/bridge"] = page(article(TEXT.replace(TEXT.split(". ")[1], "All of it was repainted")))
    night()
    [alert] = alerts(item)
    assert "the quoted words no longer stand on the page" in alert.message


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("http://other.example/new", "now leads to other.example."),
        ("http://paper.example/new", "now leads to another page of paper.example."),
        ("http://paper.example/", "now leads to the front page of paper.example."),
    ],
)
def test_a_page_that_leads_elsewhere_has_moved_and_to_its_twin_has_not(
    web: Web, new: str, told: str
) -> None:
    item = cited(web)
    web["/bridge"] = redirect(new)
    web["/new"] = web["/"] = page(article())
    night()
    [alert] = alerts(item)
    assert alert.kind == "source_moved"
    assert told in alert.message
    assert recheck.stands_elsewhere(URL, "http://other.example/bridge")
    assert not recheck.stands_elsewhere(URL, "https://www.paper.example/bridge/")


def test_where_a_sealed_source_went_is_not_told_to_everybody(web: Web) -> None:
    vouched = {"signed_off_by": make.editor().person, "signed_off_at": timezone.now()}
    item = cited(web, visibility="sealed", **vouched)
    web["/bridge"] = redirect("http://other.example/new")
    web["/new"] = page(article())
    night()
    [alert] = alerts(item)
    found = item.rechecks.get()
    assert (alert.kind, found.found.final_url) == ("source_moved", "http://other.example/new")
    assert "example" not in alert.message + found.message


def test_the_same_finding_is_not_told_every_night(web: Web) -> None:
    item = cited(web)
    changed = TEXT.replace("12 people", "21 people")
    for number in range(3):
        aside = f"<aside><p>Read next: number {number} of the best.</p></aside>"
        web["/bridge"] = page(article(changed, more=aside))
        night()
    assert len(alerts(item)) == 1
    assert item.rechecks.get().times == 3
    assert Capture.objects.count() == 2
    Alert.objects.update(closed_at=timezone.now())
    night()
    assert alerts(item) == []


def test_another_change_is_told_in_place_of_the_first(web: Web) -> None:
    item = cited(web)
    web["/bridge"] = page(article(TEXT.replace("12 people", "21 people")))
    night()
    web["/bridge"] = page(b"", status="410 Gone")
    night()
    [alert] = alerts(item)
    assert alert.kind == "source_gone"
    assert Alert.objects.filter(claim=item.claim_id).count() == 2


def test_gone_again_after_it_was_well_is_told_again(web: Web) -> None:
    item = cited(web)
    for _ in range(2):
        web["/bridge"] = page(b"", status="410 Gone")
        night()
        assert len(alerts(item)) == 1
        Alert.objects.update(closed_at=timezone.now())
        web["/bridge"] = page(article())
        night()
        assert alerts(item) == []


def test_another_file_in_the_place_of_one_without_text_is_told_once(web: Web) -> None:
    pdf = b"%PDF-1.7\n\0\1"
    web["/bridge"] = page(pdf, content_type="application/pdf")
    item = cited(web, kind="document")
    night()
    assert item.rechecks.get().outcome == "same"
    # A file that is made anew for each visit is another one each night.
    for number in range(3):
        web["/bridge"] = page(pdf + b"%d" % number, content_type="application/pdf")
        night()
    web["/bridge"] = page(article())
    night()
    [alert] = alerts(item)
    assert "another file stands there now" in alert.message
    assert Alert.objects.count() == 1


def report(*pages: list[str], trailer: bytes = b"") -> bytes:
    return page(printed(*pages, trailer=trailer), content_type="application/pdf")


WORDS = ["The inquiry found that the bridge", "was shut for eleven months after the storm."]


def test_a_pdf_is_compared_by_its_words_not_its_bytes(web: Web) -> None:
    web["/bridge"] = report(WORDS, ["Nobody was asked about it."])
    quote = {"exact": "the bridge was shut for eleven months"}
    item = cited(web, kind="document", quote=quote)
    # Made anew for each visit, with another page in front.
    web["/bridge"] = report(["Preface"], WORDS, ["Nobody was asked about it."], trailer=b"/A 1")
    night()
    assert [row.outcome for row in item.rechecks.all()] == ["same"]
    web["/bridge"] = report([line.replace("eleven", "seven") for line in WORDS])
    night()
    [alert] = alerts(item)
    assert "the quoted words were changed" in alert.message


@pytest.mark.parametrize("body", [picture(), locked(), b"%PDF-1.7\n\0"])
def test_a_pdf_whose_place_a_mute_one_takes_is_another_file(web: Web, body: bytes) -> None:
    web["/bridge"] = report(WORDS)
    item = cited(web, kind="document", quote={"exact": "the bridge was shut"})
    web["/bridge"] = page(body, content_type="application/pdf")
    night()
    [alert] = alerts(item)
    assert "another file stands there now" in alert.message


def test_a_pdf_that_was_captured_before_pdfs_were_read_is_read_for_it(web: Web) -> None:
    web["/bridge"] = report(WORDS)
    item = cited(web, kind="document")
    assert item.capture is not None
    Reading.objects.create(capture=item.capture, reader="page-6", oddities=["not_text"])
    web["/bridge"] = report(WORDS, trailer=b"/A 2")
    night()
    assert [row.outcome for row in item.rechecks.all()] == ["same"]


def test_of_a_document_that_was_read_in_part_only_the_quote_counts(web: Web) -> None:
    web["/bridge"] = report(WORDS, ["The committee met in June, as it says."])
    item = cited(web, kind="document", quote={"exact": "the bridge was shut"})
    assert item.capture is not None
    text = capturing.read_bytes(capturing.content(item.capture), url=URL, media_type="").text
    odd = ["document", "cut_short"]
    Reading.objects.create(capture=item.capture, reader=READER, text=text, oddities=odd)
    web["/bridge"] = report(WORDS)
    night()
    assert [row.outcome for row in item.rechecks.all()] == ["same"]


@pytest.mark.parametrize(
    "answer",
    [
        page(b"", status="403 Forbidden"),
        page(b"", status="503 Busy"),
        page(b"<title>Just a moment...</title><p>Checking your browser</p>"),
    ],
)
def test_a_site_that_does_not_let_us_look_is_no_finding(web: Web, answer: bytes) -> None:
    item = cited(web)
    web["/bridge"] = answer
    [job] = night()
    assert job.state == Job.State.FAILED
    assert item.rechecks.get().outcome == "unknown"
    assert not Alert.objects.exists()
    assert not Claim.objects.get(pk=item.claim_id).needs_look


def test_a_site_that_wants_no_machines_is_not_looked_at(web: Web) -> None:
    item = cited(web)
    web["/robots.txt"] = page(b"User-agent: *\nDisallow: /", content_type="text/plain")
    night()
    assert item.rechecks.get().code == "robots"


class TestTheList:
    def test_each_address_is_asked_once_for_all_that_cite_it(self, web: Web) -> None:
        one, two = cited(web), cited(web)
        jobs = night()
        assert len(jobs) == 1
        assert set(jobs[0].args["evidence"]) == {str(one.pk), str(two.pk)}
        assert Recheck.objects.count() == 2

    def test_the_budget_is_kept_and_who_waits_longest_comes_first(self, web: Web) -> None:
        for number in range(3):
            web[f"/{number}"] = page(article(title=f"Page {number}"))
        items = [cited(web, url=f"http://paper.example/{number}") for number in range(3)]
        everything = clock.standing.cited()
        soon = timezone.now() + timedelta(hours=3)
        assert recheck.schedule(everything, budget=2, until=soon) == 2
        assert recheck.schedule(everything, budget=2, until=soon) == 0
        jobs = Job.objects.filter(kind=recheck.LOOK).order_by("not_before")
        assert [job.args["evidence"] for job in jobs] == [[str(one.pk)] for one in items[:2]]
        assert jobs[1].not_before - jobs[0].not_before > timedelta(hours=1)

    def test_discreet_claims_are_looked_at_by_people_only(self, web: Web) -> None:
        item = cited(web)
        Claim.objects.filter(pk=item.claim_id).update(discreet=True)
        web["/bridge"] = page(b"", status="410 Gone")
        assert night() == []
        job = recheck.ask_for(item.capture, by=make.reviewer())
        assert job.args["by_hand"]
        work()
        assert len(alerts(item)) == 1

    def test_one_marked_discreet_meanwhile_is_left_alone(self, web: Web) -> None:
        item = cited(web)
        recheck.schedule([item.pk], budget=9, until=timezone.now())
        Claim.objects.filter(pk=item.claim_id).update(discreet=True)
        work()
        assert not Recheck.objects.exists()

    def test_only_what_stands_in_public_is_on_it(self, web: Web) -> None:
        capture = capturing.keep(client.fetch(URL))
        make.evidence(make.claim(), capture=capture)
        assert night() == []

    def test_withdrawn_evidence_is_not(self, web: Web) -> None:
        item = cited(web)
        Evidence.objects.filter(pk=item.pk).update(
            withdrawn_at=timezone.now(), withdrawn_reason="Wrong page."
        )
        assert night() == []

    def test_who_may_not_look_for_coverage_may_not_ask(self, web: Web) -> None:
        item = cited(web)
        with pytest.raises(Forbidden):
            recheck.ask_for(item.capture, by=make.actor("admin"))
        with pytest.raises(Conflict):
            recheck.ask_for(make.capture(via="upload"), by=make.reviewer())


class TestTheClock:
    def test_it_wants_looks_at_night_alone(
        self, web: Web, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cited(web)
        noon = timezone.now().replace(hour=12)
        for moment, wanted in ((noon, 0), (noon.replace(hour=2), 1)):
            monkeypatch.setattr(clock.timezone, "now", lambda moment=moment: moment)
            with override_settings(RECHECK_PER_NIGHT=9):
                clock.look_again()
            assert Job.objects.filter(kind=recheck.LOOK).count() == wanted

    def test_a_desk_may_want_none(self, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
        cited(web)
        night_time = timezone.now().replace(hour=2)
        monkeypatch.setattr(clock.timezone, "now", lambda: night_time)
        with override_settings(RECHECK_PER_NIGHT=0):
            clock.look_again()
        assert not Job.objects.filter(kind=recheck.LOOK).exists()
