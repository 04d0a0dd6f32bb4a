"""What becomes of evidence given by its address, once a job has fetched it or failed to."""

from django.db import transaction

from claims.capturing import read
from claims.evidence.attach import content_of
from claims.evidence.quote import placed
from claims.ledger.events import EvidenceChanged
from claims.ledger.record import record
from claims.models import SYSTEM, Capture, Claim, Evidence

_NOT_THERE = (
    "The page was stored, but the quoted words are not in its text. Correct the quote, or"
    " attach another page."
)


def fetched(item: Evidence, capture: Capture) -> Evidence:
    """Let evidence stand on its capture. Twice is as once; what was removed meanwhile stays so.

    Where the quote is not in the captured text the evidence says so and cannot be published.
    """
    text = read(capture).text if item.quote is not None else ""
    return _store(item, capture, text)


def could_not_fetch(item: Evidence, problem: str) -> None:
    """Say on the evidence why its page could not be captured."""
    waiting = Evidence.objects.filter(pk=item.pk, capturing=Evidence.Capturing.FETCHING)
    waiting.update(capturing=Evidence.Capturing.FAILED, capture_problem=problem)


@transaction.atomic
def _store(item: Evidence, capture: Capture, text: str) -> Evidence:
    claim = Claim.objects.select_for_update().get(pk=item.claim_id)
    held = Evidence.objects.select_for_update().filter(pk=item.pk).first()
    if held is None or held.capture is not None:
        return held or item
    held.capture, held.capture_problem = capture, ""
    held.capturing = Evidence.Capturing.STORED
    if held.quote is not None:
        place = placed(held.quote, text)
        if place is None:
            held.capturing, held.capture_problem = Evidence.Capturing.FAILED, _NOT_THERE
        else:
            held.quote = place
    held.save(update_fields=["capture", "capturing", "capture_problem", "quote"])
    record(
        EvidenceChanged(
            evidence=str(held.pk),
            content={**content_of(held), "capture_sha256": capture.sha256},
        ),
        claim=claim,
        actor=SYSTEM,
    )
    return held
