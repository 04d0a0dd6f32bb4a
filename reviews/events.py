"""What can happen at the review desk. Nothing of a judgement is public before publication."""

from dataclasses import dataclass
from typing import Any, ClassVar

from claims.ledger.events import Event


@dataclass(frozen=True, slots=True)
class StateChanged(Event):
    """A claim changed state, other than by publishing or withdrawing."""

    type: ClassVar[str] = "state.changed"
    source: str
    target: str
    transition: str
    reason: str = ""
    note: str = ""

    def payload(self) -> tuple[dict[str, Any], dict[str, Any]]:
        # ``from`` is the log's word, and no name for a Python field.
        public = {"from": self.source, "to": self.target, "transition": self.transition}
        committed = {"reason": self.reason, "note": self.note}
        return public, {name: words for name, words in committed.items() if words}


@dataclass(frozen=True, slots=True)
class ClaimSplit(Event):
    """A compound claim gave way to claims that are judged one by one."""

    type: ClassVar[str] = "x-claim.split"
    parts: list[str]


@dataclass(frozen=True, slots=True)
class RoundOpened(Event):
    """A round of reviews began."""

    type: ClassVar[str] = "round.opened"
    round: str
    reviews: int


@dataclass(frozen=True, slots=True)
class ReviewSubmitted(Event):
    """A reviewer rated the claim, unseen by the others."""

    type: ClassVar[str] = "review.submitted"
    private: ClassVar[frozenset[str]] = frozenset({"rating", "reason", "finding", "evidence"})
    round: str
    rating: str
    reason: str
    evidence: list[str]
    finding: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RoundRevealed(Event):
    """The last review is in; the desk may now read them all."""

    type: ClassVar[str] = "round.revealed"
    round: str


@dataclass(frozen=True, slots=True)
class RoundVoided(Event):
    """A round no longer counts; what was said in it stays on record."""

    type: ClassVar[str] = "round.voided"
    round: str
    cause: str


@dataclass(frozen=True, slots=True)
class VerdictRecorded(Event):
    """A round settled on a rating."""

    type: ClassVar[str] = "verdict.recorded"
    private: ClassVar[frozenset[str]] = frozenset({"rating"})
    verdict: str
    round: str
    by: str
    rating: str


@dataclass(frozen=True, slots=True)
class ReconcileVoted(Event):
    """A reviewer named the rating they would settle on after a reveal with different ones."""

    type: ClassVar[str] = "x-reconcile.voted"
    private: ClassVar[frozenset[str]] = frozenset({"rating"})
    round: str
    rating: str


@dataclass(frozen=True, slots=True)
class AdjudicationAsked(Event):
    """The reviewers' ratings differ, and an editor outside the round is asked to decide."""

    type: ClassVar[str] = "x-adjudication.asked"
    round: str


@dataclass(frozen=True, slots=True)
class Adjudicated(Event):
    """An editor gave the reason for deciding between the reviewers."""

    type: ClassVar[str] = "x-adjudicated"
    private: ClassVar[frozenset[str]] = frozenset({"rating", "reason"})
    round: str
    rating: str
    reason: str


@dataclass(frozen=True, slots=True)
class FindingWritten(Event):
    """A version of the text that gives the answer was written."""

    type: ClassVar[str] = "x-finding.written"
    private: ClassVar[frozenset[str]] = frozenset({"finding"})
    round: str
    number: int
    finding: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FindingAgreed(Event):
    """A reviewer of the round stands by a version of the text."""

    type: ClassVar[str] = "x-finding.agreed"
    round: str
    number: int


@dataclass(frozen=True, slots=True)
class ClaimPublished(Event):
    """The desk published its answer. From here on the rating is public."""

    type: ClassVar[str] = "claim.published"
    private: ClassVar[frozenset[str]] = frozenset({"passed_over"})
    verdict: str
    version: int
    rating: str
    snapshot_sha256: str
    overrides: list[dict[str, str]]
    passed_over: list[dict[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class CorrectionIssued(Event):
    """A published answer was replaced in the open."""

    type: ClassVar[str] = "correction.issued"
    private: ClassVar[frozenset[str]] = frozenset({"passed_over"})
    verdict: str
    version: int
    rating: str
    snapshot_sha256: str
    overrides: list[dict[str, str]]
    kind: str
    corrects: int
    passed_over: list[dict[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class ClaimWithdrawn(Event):
    """A published answer was taken back for good."""

    type: ClassVar[str] = "claim.withdrawn"
    private: ClassVar[frozenset[str]] = frozenset({"reason"})
    version: int
    kind: str = "withdrawal"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ClaimSuspended(Event):
    """A published page is held back for now."""

    type: ClassVar[str] = "claim.suspended"
    private: ClassVar[frozenset[str]] = frozenset({"reason"})
    version: int
    reason: str


@dataclass(frozen=True, slots=True)
class ClaimRestored(Event):
    """A page that was held back is shown again."""

    type: ClassVar[str] = "claim.restored"
    private: ClassVar[frozenset[str]] = frozenset({"note"})
    version: int
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CorrectionProposed(Event):
    """Somebody of the desk proposed a correction."""

    type: ClassVar[str] = "x-correction.proposed"
    private: ClassVar[frozenset[str]] = frozenset({"note"})
    proposal: str
    kind: str
    note: str


@dataclass(frozen=True, slots=True)
class ReplyLogged(Event):
    """Somebody was asked to reply, or answered, or a reason was given why not."""

    type: ClassVar[str] = "x-reply.logged"
    private: ClassVar[frozenset[str]] = frozenset({"reply"})
    request: str
    answered: bool
    reply: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AlertSettled(Event):
    """A person looked at a cited source that is not what it was, and the check stands."""

    type: ClassVar[str] = "x-alert.settled"
    private: ClassVar[frozenset[str]] = frozenset({"reason"})
    alert: str
    kind: str
    reason: str
