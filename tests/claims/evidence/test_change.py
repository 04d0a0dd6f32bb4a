"""Evidence is changed and withdrawn on record; what is sealed needs a second pair of eyes."""

import json
from typing import Any

import pytest

from claims import evidence
from claims.errors import Conflict, Forbidden, FourEyes, Invalid
from claims.models import Evidence
from claims.models.ledger import LogEntry
from tests import factories as make

pytestmark = pytest.mark.django_db

TEXT = "The mayor said the bridge is closed for good."


@pytest.fixture
def item() -> Evidence:
    return make.evidence(
        make.claim(),
        capture=make.capture(TEXT.encode(), text=TEXT),
        quote={"exact": "is closed", "prefix": "", "suffix": "", "start": 26, "end": 35},
        note="Read once.",
    )


def test_changed_fields_are_kept_and_told(item: Evidence) -> None:
    (event,) = evidence.change(
        item, by=make.contributor(), changes={"note": "Read twice.", "stance": "refutes"}
    )
    item.refresh_from_db()
    assert (item.note, item.stance, item.version) == ("Read twice.", "refutes", 2)
    public, private = event.payload()
    assert public == {"evidence": str(item.pk), "removed": False}
    assert private["content"]["note"] == "Read twice."


@pytest.mark.parametrize(
    "same", [{"note": "Read once."}, {"quote": {"exact": "is closed"}}, {"named": False}, {}]
)
def test_what_stays_as_it_was_is_no_event(item: Evidence, same: dict[str, Any]) -> None:
    assert evidence.change(item, by=make.contributor(), changes=same) == []
    item.refresh_from_db()
    assert item.version == 1


def test_another_quote_has_to_stand_in_the_capture(item: Evidence) -> None:
    by = make.contributor()
    evidence.change(item, by=by, changes={"quote": {"exact": "THE MAYOR SAID"}})
    item.refresh_from_db()
    assert item.quote is not None
    assert (item.quote["exact"], item.quote["start"]) == ("The mayor said", 0)
    with pytest.raises(Invalid, match="not in the captured text"):
        evidence.change(item, by=by, changes={"quote": {"exact": "the bridge is open"}})


def test_taking_the_quote_away_mends_a_page_that_lacks_it(item: Evidence) -> None:
    Evidence.objects.filter(pk=item.pk).update(capturing="failed", capture_problem="Not there.")
    item.refresh_from_db()
    evidence.change(item, by=make.contributor(), changes={"quote": None})
    item.refresh_from_db()
    assert (item.quote, item.capturing, item.capture_problem) == (None, "stored", "")


def test_a_capture_takes_the_place_of_what_could_not_be_fetched() -> None:
    item = make.evidence(make.claim(), url="https://paper.example/a", capturing="failed")
    capture = make.capture()
    evidence.change(item, by=make.contributor(), changes={"capture": str(capture.pk)})
    item.refresh_from_db()
    assert (item.capture, item.capturing) == (capture, "stored")


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"url": "https://paper.example/"}, "/url"),
        ({"added_by": "me"}, "/added_by"),
        ({"withdrawn_at": None}, "/withdrawn_at"),
        ({"stance": "likes"}, "/stance"),
        ({"contact": {"who": "A", "terms": "on_record"}}, "/contact"),
        ({"capture": "zz"}, "/capture"),
    ],
)
def test_what_cannot_be_changed_is_named(
    item: Evidence, wrong: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(Invalid) as refused:
        evidence.change(item, by=make.contributor(), changes=wrong)
    assert [problem.pointer for problem in refused.value.problems] == [pointer]
    item.refresh_from_db()
    assert item.version == 1


def test_a_contact_record_cannot_be_emptied() -> None:
    item = make.evidence(
        make.claim(), kind="interview", contact={"who": "A", "terms": "on_record"}
    )
    with pytest.raises(Invalid, match="stand on nothing"):
        evidence.change(item, by=make.contributor(), changes={"contact": None})


def test_removed_evidence_is_gone_and_told(item: Evidence) -> None:
    key = str(item.pk)
    (event,) = evidence.remove(item, by=make.contributor())
    assert event.payload()[0] == {"evidence": key, "removed": True}
    assert not Evidence.objects.exists()


def test_what_a_review_cites_is_never_removed(item: Evidence) -> None:
    round_ = make.in_checking().rounds.get()
    make.review(round_, make.person("reviewer"), "false", cites=[item])
    with pytest.raises(Conflict):
        evidence.remove(item, by=make.contributor())
    assert Evidence.objects.filter(pk=item.pk).exists()


def test_withdrawn_evidence_stays_and_says_why(item: Evidence) -> None:
    by = make.reviewer()
    (event,) = evidence.withdraw(item, by=by, reason=" The page was forged. ")
    item.refresh_from_db()
    assert item.withdrawn_at is not None
    assert (item.withdrawn_by, item.withdrawn_reason) == (by.person, "The page was forged.")
    public, private = event.payload()
    assert public == {"evidence": str(item.pk)}
    assert item.capture is not None
    assert private == {
        "capture_sha256": item.capture.sha256,
        "reason": "The page was forged.",
    }


@pytest.mark.parametrize("reason", ["", " \n", "x\x00", "x" * 10_001])
def test_a_withdrawal_needs_a_reason(item: Evidence, reason: str) -> None:
    with pytest.raises(Invalid):
        evidence.withdraw(item, by=make.reviewer(), reason=reason)
    item.refresh_from_db()
    assert item.withdrawn_at is None


def test_an_editor_vouches_once_for_what_stays_sealed() -> None:
    item = make.evidence(make.claim(), visibility="sealed", added_by=make.person())
    by = make.editor()
    signed = evidence.sign_off(item, by=by)
    assert signed.signed_off_by == by.person
    assert evidence.sign_off(item, by=make.editor()).signed_off_by == by.person
    (row,) = LogEntry.objects.filter(claim=item.claim_id)
    assert json.loads(bytes(row.body))["type"] == "x-evidence.signed-off"


def test_who_added_it_does_not_vouch_for_it() -> None:
    by = make.editor()
    item = make.evidence(make.claim(), visibility="sealed", added_by=by.person)
    with pytest.raises(FourEyes):
        evidence.sign_off(item, by=by)
    assert not LogEntry.objects.exists()


def test_only_editors_vouch_and_only_for_what_is_sealed(item: Evidence) -> None:
    with pytest.raises(Forbidden):
        evidence.sign_off(item, by=make.reviewer())
    with pytest.raises(Forbidden):
        evidence.sign_off(item, by=make.service("claims:read", "publish"))
    with pytest.raises(Conflict, match="Only sealed"):
        evidence.sign_off(item, by=make.editor())


def test_a_change_ends_what_an_editor_vouched_for() -> None:
    item = make.evidence(make.claim(), visibility="sealed")
    item = evidence.sign_off(item, by=make.editor())
    evidence.change(item, by=make.contributor(), changes={"note": "New."})
    item.refresh_from_db()
    assert (item.signed_off_by, item.signed_off_at) == (None, None)


def test_who_may_only_read_changes_nothing(item: Evidence) -> None:
    by = make.admin()
    with pytest.raises(Forbidden):
        evidence.change(item, by=by, changes={"note": "x"})
    with pytest.raises(Forbidden):
        evidence.remove(item, by=by)
    with pytest.raises(Forbidden):
        evidence.withdraw(item, by=by, reason="x")
