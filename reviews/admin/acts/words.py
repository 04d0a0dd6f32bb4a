"""The claim’s words and fields: changed, split, and noted on."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from claims.admin.acts import Act
from claims.models import Actor, Claim
from reviews import notes
from reviews.admin.acts.asked import needs
from reviews.admin.forms.claim import EditForm, NoteForm, SplitForm
from reviews.workflow import amend
from reviews.workflow import split as splitting


def _edit(claim: Claim, form: EditForm, by: Actor) -> str:
    said = form.cleaned_data
    named = (said["claimant_name"].strip(), said["claimant_kind"] or "other")
    changes: dict[str, Any] = {
        "language": said["language"].strip(),
        "claimant": named if named[0] else None,
        "topic": said["topic"].strip() or None,
        "why": said["why"].strip(),
        "tags": said["tags"],
        "due_at": _due(claim, said["due_at"]),
        "assigned_to": said["assigned_to"],
        "harm": said["harm"],
        "visibility": said["visibility"],
        "external_ref": said["external_ref"].strip() or None,
        "discreet": said["discreet"],
        "urgent": said["urgent"],
    }
    # The field trims what is typed; that alone must make nobody an author.
    if said["text"] != claim.text.strip():
        changes["text"] = said["text"]
    amendment = amend.Amendment(changes, meaning=said["meaning"], reason=said["reason"].strip())
    amend.edit(claim, amendment, by=by, version=said["version"])
    return _("Kept.")


def _due(claim: Claim, typed: datetime | None) -> datetime | None:
    """The field shows whole minutes: what was only shown is no other time."""
    shown = claim.due_at.replace(second=0, microsecond=0) if claim.due_at is not None else None
    return claim.due_at if typed == shown else typed


def _split(claim: Claim, form: SplitForm, by: Actor) -> str:
    parts = [splitting.Part(line) for line in form.lines()]
    made = splitting.split(claim, parts, by=by, note=form.cleaned_data["note"])
    return _("Split into %(number)s claims. You wrote them, so others review them.") % {
        "number": len(made)
    }


def _may_split(_claim: Claim, by: Actor) -> None:
    splitting.may_split(by)


def _note(claim: Claim, form: NoteForm, by: Actor) -> str:
    noted = notes.write(claim, form.cleaned_data["text"], by=by)
    said = [_("Noted, for colleagues only.")]
    if noted.told:
        said.append(_("Told: %(names)s.") % {"names": ", ".join(noted.told)})
    if noted.unknown:
        said.append(
            _("Nobody who may read it answers to: %(names)s.")
            % {"names": ", ".join(noted.unknown)}
        )
    return " ".join(said)


ACTS: dict[str, Act] = {
    "edit": Act(EditForm, "words", _edit, amend.may_edit),
    "split": Act(SplitForm, "words", _split, _may_split),
    "note": Act(NoteForm, "notes", _note, needs("claims:read")),
}
