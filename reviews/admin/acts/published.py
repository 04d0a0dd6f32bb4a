"""What is published: corrected, issued, held back, shown again."""

from typing import Any

from django.utils.translation import gettext as _

from claims.admin.acts import Act, ActForm, Plain
from claims.models import Actor, Claim
from reviews import rounds
from reviews.admin.acts.asked import there
from reviews.admin.forms.ahead import CorrectionForm, ReasonForm
from reviews.models import CorrectionProposal
from reviews.stage import present_finding
from reviews.verdicts import finding as findings
from reviews.workflow import correct


def _propose(claim: Claim, form: CorrectionForm, by: Actor) -> str:
    said = form.cleaned_data
    changes: dict[str, Any] = {}
    text = form.finding()
    round_ = rounds.newest(claim)
    present = present_finding(round_) if round_ is not None else None
    if text.sentences and (present is None or findings.text_of(present) != text):
        changes["finding"] = text
    if said["text"] and said["text"] != claim.text.strip():
        changes["text"] = said["text"]
    named = (said["claimant_name"].strip(), said["claimant_kind"] or "other")
    before = (claim.claimant.name, claim.claimant.kind) if claim.claimant is not None else None
    after = named if named[0] else None
    if after != before:
        changes["claimant"] = after
    proposal = correct.propose_correction(
        claim,
        by=by,
        kind=said["kind"],
        note=said["note"],
        changes=changes,
        requested_by=said["requested_by"],
    )
    if proposal.issued_as_id is not None:
        return _("The correction is out.")
    return _("Proposed. An editor who is not you has to issue it.")


def _issue(claim: Claim, form: ActForm, by: Actor) -> str:
    found = there(CorrectionProposal.objects.filter(claim=claim), form.target)
    correct.issue_correction(found, by=by)
    return _("The correction is out: page, feeds and subscribers have it.")


def _suspend(claim: Claim, form: ReasonForm, by: Actor) -> str:
    correct.suspend(claim, by=by, reason=form.cleaned_data["reason"])
    return _("The page is held back. Somebody else can bring it back.")


def _restore_page(claim: Claim, form: ReasonForm, by: Actor) -> str:
    correct.restore_page(claim, by=by, note=form.cleaned_data["reason"])
    return _("The page is shown again.")


def _may_propose(_claim: Claim, by: Actor) -> None:
    correct.may_propose(by)


ACTS: dict[str, Act] = {
    "propose": Act(CorrectionForm, "published", _propose, _may_propose),
    "issue": Act(Plain, "published", _issue),
    "suspend": Act(ReasonForm, "published", _suspend),
    "restore_page": Act(ReasonForm, "published", _restore_page, correct.may_restore),
}
