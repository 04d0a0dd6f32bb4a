"""What becomes of evidence given by its address, once a job has fetched it or failed to."""

from django.db import transaction

from claims.capturing import read
from claims.errors import Invalid
from claims.evidence.attach import content_of
from claims.evidence.standing import standing
from claims.ledger.events import EvidenceChanged
from claims.ledger.record import record
from claims.models import SYSTEM, Capture, Claim, Evidence, Reading
from claims.web.errors import Unreadable

_STORED = (
    "The page was stored, but its quote does not hold. {problem} Correct what is said, or attach"
    " another page."
)


def fetched(item: Evidence, capture: Capture) -> Evidence:
    """Let evidence stand on its capture. Twice is as once; what was removed meanwhile stays so.

    Where the quote is not in the captured text, or on another page of it, the evidence says so
    and cannot be published.
    """
    if item.quote is None:
        return _store(item, capture, None)
    try:
        return _store(item, capture, read(capture))
    except Unreadable as error:
        return _store(item, capture, None, problem=error.message)


def could_not_fetch(item: Evidence, problem: str) -> None:
    """Say on the evidence why its page could not be captured."""
    waiting = Evidence.objects.filter(pk=item.pk, capturing=Evidence.Capturing.FETCHING)
    waiting.update(capturing=Evidence.Capturing.FAILED, capture_problem=problem)


@transaction.atomic
def _store(
    item: Evidence, capture: Capture, reading: Reading | None, *, problem: str = ""
) -> Evidence:
    claim = Claim.objects.select_for_update().get(pk=item.claim_id)
    held = Evidence.objects.select_for_update().filter(pk=item.pk).first()
    if held is None or held.capture is not None:
        return held or item
    held.capture, held.capture_problem = capture, ""
    held.capturing = Evidence.Capturing.STORED
    if wrong := problem or _unquoted(held, reading):
        held.capturing = Evidence.Capturing.FAILED
        held.capture_problem = _STORED.format(problem=wrong)
    held.save(update_fields=["capture", "capturing", "capture_problem", "quote", "anchor"])
    record(
        EvidenceChanged(
            evidence=str(held.pk),
            content={**content_of(held), "capture_sha256": capture.sha256},
        ),
        claim=claim,
        actor=SYSTEM,
    )
    return held


def _unquoted(held: Evidence, reading: Reading | None) -> str:
    """Note where the quote stands; or, in words, why it does not stand where it is said to."""
    if held.quote is None or reading is None:
        return ""
    try:
        found = standing(held.quote, reading, page=(held.anchor or {}).get("page"), moved=True)
        held.quote, held.anchor = found.place, found.anchor(held.anchor, stated=True)
    except Invalid as error:
        return " ".join(one.message for one in error.problems)
    return ""
