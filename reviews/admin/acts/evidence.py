"""Evidence: added, changed, withdrawn, vouched for."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import capturing
from claims import evidence as evidence_verbs
from claims.admin.acts import Act, ActForm, Plain
from claims.errors import Invalid
from claims.models import Actor, Claim, Evidence
from claims.web.kinds import kind_of
from reviews.admin.acts.asked import needs, there
from reviews.admin.forms.ahead import ReasonForm
from reviews.admin.forms.evidence import ChangeEvidenceForm, EvidenceForm
from reviews.workflow import amend

UPLOAD_MAX = 20 * 1024 * 1024


@transaction.atomic
def _add_evidence(claim: Claim, form: EvidenceForm, by: Actor) -> str:
    """A file is on the desk only as evidence: where that is refused it may have been secret."""
    said, sent = form.said(), form.cleaned_data["file"]
    capture: Any = form.cleaned_data["capture"]
    url = form.cleaned_data["url"].strip()
    if sent is not None:
        if sent.size > UPLOAD_MAX:
            raise Invalid.at("/file", _("This file is too large: at most 20 MB."))
        body = sent.read()
        capture = capturing.take_in(
            body,
            media_type=kind_of(body, said=(sent.content_type or "").lower()),
            fetched_at=timezone.now(),
            via="upload",
            file_name=sent.name or "",
        )
    evidence_verbs.attach(claim, by=by, capture=capture, url=url, **said)
    return _("Evidence added.")


def _change_evidence(claim: Claim, form: ChangeEvidenceForm, by: Actor) -> str:
    item = _item(claim, form.target)
    amend.change_evidence(item, by=by, changes=form.changes())
    return _("Kept.")


def _withdraw_evidence(claim: Claim, form: ReasonForm, by: Actor) -> str:
    amend.withdraw_evidence(_item(claim, form.target), by=by, reason=form.cleaned_data["reason"])
    return _("Withdrawn. It stays visible, with your reason.")


def _remove_evidence(claim: Claim, form: ActForm, by: Actor) -> str:
    amend.remove_evidence(_item(claim, form.target), by=by)
    return _("Removed: nobody had relied on it.")


def _sign_off(claim: Claim, form: ActForm, by: Actor) -> str:
    evidence_verbs.sign_off(_item(claim, form.target), by=by)
    return _("You vouch for it.")


def _item(claim: Claim, key: str) -> Evidence:
    return there(claim.evidence.all(), key)


ACTS: dict[str, Act] = {
    "add_evidence": Act(EvidenceForm, "evidence", _add_evidence, needs("claims:write")),
    "change_evidence": Act(
        ChangeEvidenceForm, "evidence", _change_evidence, needs("claims:write")
    ),
    "withdraw_evidence": Act(ReasonForm, "evidence", _withdraw_evidence, needs("claims:write")),
    "remove_evidence": Act(Plain, "evidence", _remove_evidence, needs("claims:write")),
    "sign_off": Act(Plain, "evidence", _sign_off, needs("publish")),
}
