"""Where a claim in checking stands: derived from its rounds, never set by hand."""

from django.utils import timezone

from claims.models import Claim
from reviews.models import Finding, Round

Stage = Claim.Stage


def derive(claim: Claim) -> str | None:
    """The stage that follows from the newest round; None outside checking.

    A claim in checking whose newest round is void (it never happens while the rules hold, since
    the same transaction opens another) waits for reviews.
    """
    if claim.state != Claim.State.CHECKING:
        return None
    round_ = claim.rounds.order_by("-number").first()
    if round_ is None or round_.is_void or round_.is_open:
        return Stage.REVIEW
    if not hasattr(round_, "verdict"):
        return Stage.ADJUDICATION if round_.adjudication_asked_at else Stage.DISPUTED
    return Stage.READY if is_agreed(round_) else Stage.FINDING


def present_finding(round_: Round) -> Finding | None:
    """The version of the text that counts: the newest."""
    return round_.findings.order_by("-number").first()


def is_agreed(round_: Round, finding: Finding | None = None) -> bool:
    """Whether a reviewer of the round who did not write the present version agreed to it.

    ``finding`` is the present version where the caller has it already.
    """
    finding = finding or present_finding(round_)
    if finding is None:
        return False
    agreed = {one.reviewer_id for one in finding.agreements.all()} - {finding.author_id}
    return bool(agreed) and round_.reviews.filter(reviewer__in=agreed).exists()


def restage(claim: Claim) -> None:
    """Store the derived stage; where it moved, the claim has a new version.

    The claim row is locked by the caller, whose transaction this belongs to.
    """
    stage = derive(claim)
    if stage == claim.stage:
        return
    claim.stage = stage
    claim.version += 1
    claim.updated_at = timezone.now()
    claim.save(update_fields=["stage", "version", "updated_at"])
