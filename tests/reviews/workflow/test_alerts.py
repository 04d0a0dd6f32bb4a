"""An alert about a cited source is looked at by people, and settled with a reason on record."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.errors import Conflict, Forbidden, Invalid
from claims.ledger import read
from claims.models import Alert, Claim, Evidence, Recheck
from reviews.workflow.alerts import settle_alert
from tests import factories as make
from tests.rest import Api
from tests.reviews import stories
from tests.reviews.admin.desk import Desk, page_of, words

pytestmark = pytest.mark.django_db

OLD = (
    "The council of Brindle Quay closed the harbour bridge on Monday after a storm.\n\n"
    "At least 12 people were hurt when a part of the roadway fell into the water.\n\n"
    "Engineers looked at the pillars on Tuesday morning and found cracks in three of them."
)


def altered(*, kind: str = "source_changed", **fields: Any) -> tuple[Claim, Alert, Recheck]:
    """A published check one source of which is another one now."""
    claim = stories.sent_to_review()
    capture = make.capture(b"old", text=OLD, via="web")
    item = make.evidence(claim, capture=capture, title="The harbour report", **fields)
    other = make.evidence(claim)
    stories.settled_with(claim, [item, other] if not fields else [other])
    alert = Alert.objects.create(claim=claim, kind=kind, message="A cited source is not itself.")
    Claim.objects.filter(pk=claim.pk).update(needs_look=True)
    new = OLD.replace("12 people", "21 people")
    look = Recheck.objects.create(
        evidence=item,
        capture=capture,
        found=make.capture(b"new", text=new, via="web", final_url="https://paper.example/now"),
        outcome="changed",
        message="1 sentence of it no longer stands",
        finding="x",
        alert=alert,
    )
    claim.refresh_from_db()
    return claim, alert, look


def source_page(claim: Claim, look: Recheck, who: Any) -> Any:
    return Desk.of(who).get(reverse("admin:claims_claim_source", args=[claim.pk, look.pk]))


def test_what_stands_again_as_it_was_is_said_to_whoever_looks() -> None:
    claim, _, look = altered()
    by = make.reviewer()
    assert "stands there again" not in words(source_page(claim, look, by))
    Recheck.objects.create(
        evidence=look.evidence, capture=look.capture, outcome="same", finding="y"
    )
    assert "It stands there again as it was" in words(source_page(claim, look, by))
    Recheck.objects.filter(pk=look.pk).update(last_at=timezone.now())
    assert "stands there again" not in words(source_page(claim, look, by))


def test_settled_with_a_reason_it_takes_the_mark_off_and_is_on_record() -> None:
    claim, alert, _ = altered()
    by = make.reviewer()
    settle_alert(alert, by=by, reason="The figure does not touch the answer.")
    claim.refresh_from_db()
    alert.refresh_from_db()
    assert alert.closed_at is not None
    assert not claim.needs_look
    entry = read.activity(claim, limit=1)[0]
    assert (entry.type, entry.data["kind"], entry.who) == (
        "x-alert.settled",
        "source_changed",
        by.name,
    )
    assert "figure" not in str(entry.data)


def test_while_another_alert_is_open_the_mark_stays() -> None:
    claim, alert, _ = altered()
    Alert.objects.create(claim=claim, kind="late_reply", message="Somebody answered.")
    settle_alert(alert, by=make.editor(), reason="It changes nothing.")
    claim.refresh_from_db()
    assert claim.needs_look


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_nothing_is_settled(reason: str) -> None:
    claim, alert, _ = altered()
    with pytest.raises(Invalid):
        settle_alert(alert, by=make.reviewer(), reason=reason)
    claim.refresh_from_db()
    assert claim.needs_look


def test_only_who_reviews_or_edits_settles() -> None:
    _, alert, _ = altered()
    for by in (make.contributor(), make.admin(), make.service("claims:read", "claims:write")):
        with pytest.raises(Forbidden):
            settle_alert(alert, by=by, reason="It changes nothing.")


def test_once_is_enough_and_a_void_round_is_no_such_matter() -> None:
    _, alert, _ = altered()
    settle_alert(alert, by=make.editor(), reason="It changes nothing.")
    with pytest.raises(Conflict, match="already"):
        settle_alert(alert, by=make.editor(), reason="It changes nothing.")
    _, other, _ = altered(kind="round_voided")
    with pytest.raises(Conflict, match="reopen"):
        settle_alert(other, by=make.editor(), reason="It changes nothing.")


class TestAtTheDesk:
    def test_the_claim_leads_to_what_is_different_side_by_side(self) -> None:
        claim, _, look = altered()
        who = make.reviewer()
        url = reverse("admin:claims_claim_source", args=[claim.pk, look.pk])
        assert url in Desk.of(who).get(page_of(claim)).content.decode()
        shown = source_page(claim, look, who).content.decode()
        assert "<del>12</del><ins>21</ins>" in shown
        assert 'class="gone"' in shown
        assert 'class="came"' in shown

    def test_the_button_settles_it(self) -> None:
        claim, alert, look = altered()
        desk = Desk.of(make.reviewer())
        assert "The check stands as it is" in words(source_page(claim, look, desk.person))
        answer = desk.press(claim, "settle_alert", alert.pk, reason="It changes nothing.")
        assert answer.status_code == 302
        alert.refresh_from_db()
        assert alert.closed_at is not None

    def test_an_alert_of_another_claim_is_none(self) -> None:
        claim, _, look = altered()
        other, alert, _ = altered()
        desk = Desk.of(make.reviewer())
        assert desk.press(claim, "settle_alert", alert.pk, reason="No.").status_code == 404
        assert source_page(other, look, desk.person).status_code == 404

    def test_who_only_reads_sees_no_button(self) -> None:
        claim, _, look = altered()
        assert "The check stands as it is" not in words(
            source_page(claim, look, make.contributor())
        )

    def test_sealed_text_is_shown_to_nobody_but_whom_it_is_for(self) -> None:
        claim, _, look = altered(visibility="sealed", added_by=make.person())
        who = make.reviewer()
        shown = source_page(claim, look, who)
        assert shown.status_code == 200
        assert "people" not in words(shown)
        assert "21" in words(source_page(claim, look, make.editor()))
        for capture, status in ((look.found, 404), (look.capture, 404)):
            assert Api(who).get(f"captures/{capture.pk}/").status_code == status
            url = reverse("admin:claims_capture_change", args=[capture.pk])
            assert Desk.of(who).get(url).status_code == status
            assert Api(make.editor()).get(f"captures/{capture.pk}/").status_code == 200

    def test_a_gone_source_shows_what_was_relied_on(self) -> None:
        claim, _, look = altered()
        Recheck.objects.filter(pk=look.pk).update(found=None, outcome="gone")
        shown = words(source_page(claim, look, make.reviewer()))
        assert "It is gone." in shown
        assert "12 people" in shown

    def test_it_costs_few_questions(self, django_assert_max_num_queries: Any) -> None:
        claim, _, look = altered()
        desk = Desk.of(make.reviewer())
        url = reverse("admin:claims_claim_source", args=[claim.pk, look.pk])
        with django_assert_max_num_queries(25):
            assert desk.get(url).status_code == 200

    def test_a_capture_tells_what_was_found_and_lets_a_person_look(self) -> None:
        _, _, look = altered()
        desk = Desk.of(make.reviewer())
        url = reverse("admin:claims_capture_change", args=[look.capture_id])
        assert "1 sentence of it no longer stands" in words(desk.get(url))
        answer = desk.client.post(reverse("admin:claims_capture_recheck", args=[look.capture_id]))
        assert answer.status_code == 302
        assert "looks at it again" in words(desk.get(url))


def test_the_evidence_itself_is_never_touched() -> None:
    claim, alert, look = altered()
    before = Evidence.objects.filter(claim=claim).values().order_by("pk")
    rows = list(before)
    settle_alert(alert, by=make.editor(), reason="It changes nothing.")
    Recheck.objects.filter(pk=look.pk).update(last_at=timezone.now())
    assert list(before.all()) == rows
