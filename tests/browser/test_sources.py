"""Captures, sources that are not what they were, and a look that goes on, in a browser."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from claims.coverage import gather, work
from claims.models import Alert, Claim, CoverageProblem, CoverageRun, Job, Recheck
from tests import factories as make
from tests.browser.conftest import Desk

pytestmark = pytest.mark.browser

OLD = (
    "The council of Brindle Quay closed the harbour bridge on Monday after a storm.\n\n"
    "At least 12 people were hurt when a part of the roadway fell into the water.\n\n"
    "Engineers looked at the pillars on Tuesday morning and found cracks in three of them."
)


def test_a_colleague_sees_what_is_different_and_what_was_kept(desk: Desk) -> None:
    look = altered()
    who = desk.sit("reviewer-1")
    who.page.goto(f"/admin/claims/claim/{look.evidence.claim_id}/source/{look.pk}/")
    who.reads("As it was relied on")
    who.reads("As it stands now")
    who.looks_for_trouble()
    who.shows("source")
    who.sits_at_a_telephone()
    who.looks_for_trouble()
    who.shows("source-narrow")

    who.page.goto(f"/admin/claims/capture/{look.capture_id}/change/")
    who.reads("The captured text")
    who.reads("Looked at again")
    who.looks_for_trouble()
    who.shows("capture-narrow")


def test_what_no_line_holds_is_broken_and_takes_no_room_from_others(desk: Desk) -> None:
    claim = make.in_checking("The bridge is closed.")
    endless = "harbourbridge" * 30
    address = f"https://paper.example/{endless}"
    capture = make.capture(final_url=address, asked_url=address)
    contact = {"who": endless[:200], "role": endless[:200], "terms": "on_record"}
    make.evidence(
        claim, capture=capture, title=endless, note=endless, interest=endless, owner=endless[:200]
    )
    make.evidence(
        claim,
        kind="interview",
        title=endless,
        contact=contact,
        withdrawn_at=timezone.now(),
        withdrawn_by=make.editor().person,
        withdrawn_reason=endless,
    )
    who = desk.sit("reviewer-1")

    who.page.goto("/admin/claims/capture/")
    how = who.page.get_by_role("cell", name="fetched by the desk").first.bounding_box()
    assert how is not None
    assert how["width"] > 100
    for address in (f"claim/{claim.pk}", f"capture/{capture.pk}"):
        who.sits_at_a_desk()
        who.page.goto(f"/admin/claims/{address}/change/")
        who.looks_for_trouble()
        who.zooms_in()
        who.sits_at_a_telephone()
    assert len(who.page.get_by_role("heading", level=1).inner_text()) < 200


def test_what_somebody_unfolds_stays_so_while_the_desk_is_looking(desk: Desk) -> None:
    run = looking()
    who = desk.sit("reviewer-1")
    who.page.goto(f"/admin/claims/claim/{run.claim_id}/change/")
    part = who.page.locator("#coverage")
    expect(part.locator("progress")).to_have_attribute("value", "1")
    part.get_by_text("1 problem").click()
    part.get_by_role("button", name="Stop looking").focus()

    CoverageProblem.objects.create(run=run, provider="archive", code="time", message="Too slow.")
    expect(part.get_by_text("2 problems")).to_be_visible(timeout=15_000)
    expect(part.get_by_text("Too slow.")).to_be_visible()
    expect(part.get_by_role("button", name="Stop looking")).to_be_focused()
    gather.cancel(run, by=make.contributor())


def looking() -> CoverageRun:
    """A look whose next page is not due for an hour, and whose first one failed."""
    claim = make.claim("The harbour bridge was closed.")
    run = CoverageRun.objects.create(claim=claim, status="running", providers=["archive"])
    CoverageProblem.objects.create(run=run, provider="archive", code="gone", message="Is gone.")
    later = timezone.now() + timedelta(hours=1)
    Job.objects.create(kind=work.FETCH, key=f"a:{run.pk}", run=run, state=Job.State.FAILED)
    Job.objects.create(kind=work.FETCH, key=f"b:{run.pk}", run=run, not_before=later)
    return run


def altered() -> Recheck:
    claim = make.claim("The harbour bridge was closed.")
    headers = [["content-type", "text/html"], ["server", "x" * 90]]
    capture = make.capture(b"old", text=OLD, via="web", headers=headers)
    item = make.evidence(
        claim,
        capture=capture,
        title="The harbour report",
        quote={"exact": "closed the harbour bridge"},
    )
    Claim.objects.filter(pk=claim.pk).update(needs_look=True)
    new = make.capture(b"new", text=OLD.replace("12 people", "21 people"), via="web")
    alert = Alert.objects.create(claim=claim, kind="source_changed", message="Not what it was.")
    return Recheck.objects.create(
        evidence=item,
        capture=capture,
        found=new,
        outcome="changed",
        message="1 sentence of it no longer stands",
        finding="x",
        alert=alert,
    )
