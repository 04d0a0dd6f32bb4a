"""Evidence stands on something, says only what it may, and is in the log from the start."""

import hashlib
import json
from typing import Any

import pytest

from claims import evidence
from claims.errors import Forbidden, Invalid
from claims.ledger.canonical import canonical
from claims.models import Capture, Claim, Evidence, Job
from claims.models.ledger import LogEntry, Secret
from tests import factories as make

pytestmark = pytest.mark.django_db

TEXT = "It began in June.\nThe mayor said the “bridge” is closed for good. Nobody asked why."
CONTACT = {
    "who": "Ana Lind",
    "role": "mayor",
    "when": "2026-03-04T09:30:00Z",
    "channel": "telephone",
    "by": "reviewer-1",
    "terms": "on_record",
}


@pytest.fixture
def claim() -> Claim:
    return make.claim("The bridge is closed.")


@pytest.fixture
def page() -> Capture:
    return make.capture(TEXT.encode(), text=TEXT)


def attach(claim: Claim, **said: Any) -> Evidence:
    usual = {"by": make.contributor(), "title": "Minutes", "stance": "supports", "kind": "page"}
    return evidence.attach(claim, **{**usual, **said})


def entry(claim: Claim) -> tuple[dict[str, Any], dict[str, Any]]:
    """The newest entry of a claim, and what it commits to."""
    row = LogEntry.objects.filter(claim=claim.pk).order_by("-seq")[0]
    said = {secret.field: secret.value for secret in Secret.objects.filter(seq=row.seq)}
    return json.loads(bytes(row.body)), said


def test_a_captured_page_with_a_quote_is_attached_and_on_record(
    claim: Claim, page: Capture
) -> None:
    by = make.contributor()
    item = attach(
        claim,
        by=by,
        capture=str(page.pk),
        title=" Minutes of the council ",
        quote={"exact": 'the mayor said the "bridge"  is closed', "prefix": ""},
        anchor={"page": 3},
        translation={"text": "Die Brücke ist zu.", "by": "T. Rehn"},
        note="Read twice.",
        named=True,
        primary=True,
        owner="Council",
    )
    item.refresh_from_db()
    assert (item.title, item.added_by, item.capturing) == (
        "Minutes of the council",
        by.person,
        "stored",
    )
    assert item.quote is not None
    assert item.quote["exact"] == "The mayor said the “bridge” is closed"
    assert TEXT[item.quote["start"] : item.quote["end"]] == item.quote["exact"]
    written, said = entry(claim)
    assert written["type"] == "evidence.attached"
    assert written["data"] == {"evidence": str(item.pk)}
    assert set(written["private"]) == {"capture_sha256", "content"}
    assert said["capture_sha256"] == page.sha256
    assert said["content"]["title"] == "Minutes of the council"


@pytest.mark.parametrize("kind", Evidence.Kind.values)
def test_each_kind_can_stand_on_a_capture(claim: Claim, page: Capture, kind: str) -> None:
    assert attach(claim, capture=page, kind=kind).kind == kind


@pytest.mark.parametrize("kind", ["interview", "correspondence", "observation"])
def test_what_was_said_to_us_stands_on_who_said_it(claim: Claim, kind: str) -> None:
    item = attach(claim, contact=CONTACT, kind=kind, quote={"exact": "It is closed."})
    assert item.contact == CONTACT
    _, said = entry(claim)
    assert said["capture_sha256"] == hashlib.sha256(canonical(CONTACT)).hexdigest()


def test_what_we_saw_ourselves_stands_on_nothing_else(claim: Claim) -> None:
    item = attach(claim, kind="observation", title="The bridge was barred at noon.")
    assert (item.capture, item.contact, item.url) == (None, None, "")
    assert len(entry(claim)[1]["capture_sha256"]) == 64


def test_an_address_is_captured_by_a_job(claim: Claim) -> None:
    item = attach(claim, url="https://Paper.example/a#top", quote={"exact": "is closed"})
    assert (item.url, item.capturing) == ("https://paper.example/a", "fetching")
    job = Job.objects.get(kind="evidence.fetch")
    assert job.args == {"evidence": str(item.pk)}
    assert len(entry(claim)[1]["capture_sha256"]) == 64


def test_a_fetched_page_takes_the_place_of_its_address(claim: Claim, page: Capture) -> None:
    item = attach(claim, url="https://paper.example/a", quote={"exact": "is closed for good"})
    for _ in range(2):
        item = evidence.fetched(item, page)
    assert (item.capture, item.capturing, item.capture_problem) == (page, "stored", "")
    assert item.quote is not None
    assert item.quote["start"] == TEXT.index("is closed for good")
    assert LogEntry.objects.filter(claim=claim.pk).count() == 2
    assert entry(claim)[1]["content"]["capture_sha256"] == page.sha256


def test_a_fetched_page_without_the_quote_says_so(claim: Claim, page: Capture) -> None:
    item = attach(claim, url="https://paper.example/a", quote={"exact": "is wide open"})
    item = evidence.fetched(item, page)
    assert (item.capture, item.capturing) == (page, "failed")
    assert "not in the captured text" in item.capture_problem


def test_a_page_that_could_not_be_fetched_says_why(claim: Claim) -> None:
    item = attach(claim, url="https://paper.example/a")
    evidence.could_not_fetch(item, "The site answered 404.")
    item.refresh_from_db()
    assert (item.capturing, item.capture_problem) == ("failed", "The site answered 404.")


def test_what_was_removed_meanwhile_stays_removed(claim: Claim, page: Capture) -> None:
    item = attach(claim, url="https://paper.example/a")
    Evidence.objects.filter(pk=item.pk).delete()
    evidence.fetched(item, page)
    assert not Evidence.objects.exists()


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"title": ""}, "/title"),
    ({"title": "t" * 501}, "/title"),
    ({"title": 7}, "/title"),
    ({"stance": "likes"}, "/stance"),
    ({"stance": None}, "/stance"),
    ({"kind": "rumour"}, "/kind"),
    ({"kind": ["page"]}, "/kind"),
    ({"visibility": "secret"}, "/visibility"),
    ({"named": "yes"}, "/named"),
    ({"note": "n\x00"}, "/note"),
    ({"note": "n" * 20_001}, "/note"),
    ({"owner": "o" * 201}, "/owner"),
    ({"colour": "red"}, "/colour"),
    ({"quote": "is closed"}, "/quote"),
    ({"quote": {"exact": ""}}, "/quote/exact"),
    ({"quote": {"exact": "The mayor said the bridge is open"}}, "/quote/exact"),
    ({"quote": {"exact": " . "}}, "/quote/exact"),
    ({"quote": {"exact": "\u201c\u2026\u201d"}}, "/quote/exact"),
    ({"quote": {"exact": "is closed", "colour": "red"}}, "/quote/colour"),
    ({"quote": {"exact": "is closed", "prefix": 3}}, "/quote/prefix"),
    ({"anchor": {}}, "/anchor"),
    ({"anchor": {"page": 0}}, "/anchor/page"),
    ({"anchor": {"page": 1.5}}, "/anchor/page"),
    ({"anchor": {"page": True}}, "/anchor/page"),
    ({"anchor": {"region": [1, 2, 3]}}, "/anchor/region"),
    ({"anchor": {"region": [1, 2, 3, 0.5]}}, "/anchor/region"),
    ({"anchor": {"region": [1, 2, 0, 4]}}, "/anchor/region"),
    *(
        ({"anchor": {"timecode": wrong}}, "/anchor/timecode")
        for wrong in ("soon", "2:60", "1:99:00", "2:40-2:03", "٠:٠٣", "1-", "", -1, True, 1e9)
    ),
    ({"anchor": {"line": 3}}, "/anchor/line"),
    ({"translation": {"by": "me"}}, "/translation/text"),
    ({"translation": {"text": "Die Brücke"}}, "/translation/by"),
    ({"translation": {"text": "Die Brücke", "by": " "}}, "/translation/by"),
    ({"translation": "Die Brücke"}, "/translation"),
    ({"contact": CONTACT}, "/contact"),
    ({"contact": {**CONTACT, "terms": "hearsay"}, "kind": "interview"}, "/contact/terms"),
    ({"contact": {**CONTACT, "who": ""}, "kind": "interview"}, "/contact/who"),
    ({"contact": {**CONTACT, "when": "last week"}, "kind": "interview"}, "/contact/when"),
    ({"contact": {**CONTACT, "age": 3}, "kind": "interview"}, "/contact/age"),
    ({"capture": "zz"}, "/capture"),
    ({"capture": "00000000-0000-4000-8000-000000000000"}, "/capture"),
    ({"capture": None}, "/capture"),
    ({"capture": None, "kind": "interview"}, "/contact"),
    ({"url": "https://paper.example/a"}, "/url"),
    ({"capture": None, "url": "http://127.0.0.1/"}, "/url"),
    ({"capture": None, "url": "file:///etc/passwd"}, "/url"),
]


@pytest.mark.parametrize(("wrong", "pointer"), WRONG)
def test_what_cannot_be_used_is_named_and_leaves_nothing_behind(
    claim: Claim, page: Capture, wrong: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(Invalid) as refused:
        attach(claim, **{"capture": page, **wrong})
    assert pointer in [problem.pointer for problem in refused.value.problems]
    assert not Evidence.objects.exists()
    assert not LogEntry.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("timecode", "kept"),
    [
        (0, 0),
        (95, 95),
        (12.5, "12.5"),
        ("95", "95"),
        ("95.5-120", "95.5-120"),
        ("2:03", "2:03"),
        ("72:15", "72:15"),
        ("1:02:03.5", "1:02:03.5"),
        (" 2:03 – 2:40 ", "2:03-2:40"),
    ],
)
def test_a_place_in_a_recording_is_seconds_or_a_timecode(
    claim: Claim, page: Capture, timecode: object, kept: object
) -> None:
    item = attach(claim, capture=page, anchor={"timecode": timecode})
    assert item.anchor == {"timecode": kept}


def test_what_is_missing_is_named(claim: Claim) -> None:
    with pytest.raises(Invalid) as refused:
        evidence.attach(claim, by=make.contributor(), kind="observation")
    assert [problem.pointer for problem in refused.value.problems] == ["/title", "/stance"]


def test_who_may_only_read_attaches_nothing(claim: Claim, page: Capture) -> None:
    with pytest.raises(Forbidden):
        attach(claim, capture=page, by=make.admin())
    assert not Evidence.objects.exists()


# What is said to stand around a quote


def test_what_is_said_around_a_quote_has_to_stand_around_it() -> None:
    claim, by = make.claim(), make.reviewer()
    kept = make.capture("The bridge is shut. “The  Ferry” sails, they said.".encode())

    def attached(**quote: str) -> Evidence:
        said = {"title": "T", "stance": "context", "kind": "page"}
        return evidence.attach(claim, by=by, capture=kept, quote=quote, **said)

    fits = attached(exact="The Ferry", prefix='is shut. "', suffix='" SAILS')
    assert fits.quote is not None
    for wrong in ({"prefix": "is open. "}, {"suffix": " sinks"}):
        with pytest.raises(Invalid) as refused:
            attached(exact="The bridge is shut", **wrong)
        assert [one.pointer for one in refused.value.problems] == [f"/quote/{next(iter(wrong))}"]
    assert Evidence.objects.count() == 1


def test_a_part_of_a_word_or_number_is_quoted_only_by_who_shows_the_rest() -> None:
    claim, by = make.claim(), make.reviewer()
    said: dict[str, Any] = {"title": "T", "stance": "context", "kind": "page"}
    said["capture"] = make.capture(b"The flood killed 200 people.")
    for cut in ("The flood killed 20", "00 people", "lood killed"):
        with pytest.raises(Invalid, match="within a longer word"):
            evidence.attach(claim, by=by, quote={"exact": cut}, **said)
    evidence.attach(claim, by=by, quote={"exact": "flood", "prefix": "The "}, **said)
    shown = {"exact": "lood killed", "prefix": "The f"}
    assert evidence.attach(claim, by=by, quote=shown, **said).quote["start"] == 5  # type: ignore[index]


def test_a_quote_of_what_has_no_text_is_told_what_to_do_instead() -> None:
    picture = make.capture(b"\x89PNG\r\n\x1a\n" + b"\0" * 60, media_type="image/png")
    said: dict[str, Any] = {"title": "T", "stance": "context", "kind": "image"}
    with pytest.raises(Invalid, match="say the page, region or timecode"):
        evidence.attach(
            make.claim(), by=make.reviewer(), capture=picture, quote={"exact": "sign"}, **said
        )


def test_another_capture_is_asked_for_the_words_and_not_for_what_stood_around_them() -> None:
    claim, by = make.claim(), make.reviewer()
    first, second = make.capture(b"Before. The words. After."), make.capture(b"Else. The words!")
    item = evidence.attach(
        claim,
        by=by,
        capture=first,
        title="T",
        stance="context",
        kind="page",
        quote={"exact": "The words"},
    )

    evidence.change(item, by=by, changes={"capture": second.pk})

    assert item.quote is not None
    assert item.quote["prefix"] == "Else. "
