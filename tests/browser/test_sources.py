"""The pages of a capture and of a source that is not what it was, in a browser."""

import pytest

from claims.models import Alert, Claim, Recheck
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
