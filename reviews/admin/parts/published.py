"""What is published of the claim: versions, corrections proposed and issued, a page held back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from claims.admin.acts import Forms, Plain
from claims.errors import Forbidden
from claims.models import Actor, Claim
from reviews.admin.difference import Change, difference, plain
from reviews.admin.forms.ahead import CorrectionForm, ReasonForm
from reviews.admin.parts.evidence import Proof
from reviews.admin.parts.judging import Judging, Version
from reviews.models import CorrectionProposal, Publication, Suspension
from reviews.workflow.correct import may_issue, may_propose, may_restore


@dataclass(frozen=True, slots=True)
class Proposed:
    """A correction that waits. ``closed`` says why this person cannot issue it.

    ``changed``: what it would change, under its name, word by word.
    """

    row: CorrectionProposal
    changed: Sequence[tuple[str, Sequence[Change]]]
    issue: Any
    closed: str


@dataclass(frozen=True, slots=True)
class Published:
    versions: Sequence[Publication]
    proposals: Sequence[Proposed]
    suspension: Suspension | None
    propose: Any
    suspend: Any
    restore: Any
    restore_closed: str

    @property
    def out(self) -> bool:
        """Whether the newest version stands; a withdrawn one is a tombstone."""
        return not hasattr(self.newest, "withdrawal")

    @property
    def newest(self) -> Publication:
        return self.versions[0]


def published_of(
    claim: Claim, by: Actor, *, judging: Judging, proof: Proof, page_forms: Forms
) -> Published | None:
    """Nothing for a claim that was never published."""
    if claim.published_version is None:
        return None
    versions = list(
        claim.publications.select_related(
            "published_by", "correction", "withdrawal", "verdict__rating"
        )
        .defer("document")
        .prefetch_related("overrides")
        .order_by("-version")
    )
    waiting = claim.correction_proposals.filter(issued_as__isnull=True).select_related(
        "proposer", "claim__claimant"
    )
    held_back = _suspension(claim)
    rules = by.may("publish") or by.may("admin")
    out = claim.state == Claim.State.PUBLISHED
    return Published(
        versions=versions,
        proposals=[_proposed(row, by, judging.present, page_forms) for row in waiting],
        suspension=held_back,
        propose=_propose(claim, by, judging, proof, page_forms) if out else None,
        suspend=page_forms.of(ReasonForm, "suspend") if rules and held_back is None else None,
        restore=page_forms.of(ReasonForm, "restore_page") if rules and held_back else None,
        restore_closed=_closed(may_restore, claim, by) if rules and held_back else "",
    )


def _suspension(claim: Any) -> Suspension | None:
    """Who holds the page back, where ``claims_for_page`` found that somebody does."""
    if not claim.is_held_back:
        return None
    standing: Suspension | None = (
        claim.suspensions.filter(lifted_at__isnull=True).select_related("by").first()
    )
    return standing


def _proposed(
    row: CorrectionProposal, by: Actor, present: Version | None, page_forms: Forms
) -> Proposed:
    return Proposed(
        row,
        list(_changed(row, present)),
        page_forms.of(Plain, "issue", row.pk),
        _closed(may_issue, row, by),
    )


def _changed(
    row: CorrectionProposal, present: Version | None
) -> Iterator[tuple[str, Sequence[Change]]]:
    wanted = row.changes
    if "text" in wanted:
        yield _("The claim’s words"), difference(row.claim.text, wanted["text"])
    if "claimant" in wanted:
        was = row.claim.claimant.name if row.claim.claimant is not None else ""
        named = wanted["claimant"]["name"] if wanted["claimant"] else ""
        yield _("Claimant"), difference(was, named)
    if "finding" in wanted:
        said = wanted["finding"]
        now = present.finding if present is not None else None
        looked = now.looked_against if now is not None else ""
        was = plain(now.headline, now.answer, now.sentences, looked) if now is not None else ""
        will = plain(
            said["headline"],
            said["answer"],
            said["sentences"],
            said.get("looked_against", looked),
        )
        same = _("The text: its words stay, what stands behind a sentence changes")
        yield _("The text") if was != will else same, difference(was, will)


def _propose(claim: Claim, by: Actor, judging: Judging, proof: Proof, page_forms: Forms) -> Any:
    try:
        may_propose(by)
    except Forbidden:
        return None
    present = judging.present
    initial: dict[str, Any] = {
        "text": claim.text,
        "claimant_name": claim.claimant.name if claim.claimant is not None else "",
        "claimant_kind": claim.claimant.kind if claim.claimant is not None else "other",
    }
    if present is not None:
        initial |= {
            "headline": present.finding.headline,
            "answer": present.finding.answer,
            "looked_against": present.finding.looked_against,
        }
    form = page_forms.of(CorrectionForm, "propose", "", initial)
    return form.with_sentences(
        proof.choices, present.finding.sentences if present is not None else ()
    )


def _closed(may: Any, subject: Any, by: Actor) -> str:
    try:
        may(subject, by)
    except Forbidden as refusal:
        return refusal.message
    return ""
