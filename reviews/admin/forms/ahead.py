"""The forms of what can happen next: transitions, corrections, and who was asked to reply."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.acts import ActForm
from claims.admin.fields import Words
from claims.models import Claimant
from reviews.admin.forms.fields import moment_field
from reviews.admin.forms.judging import FindingForm
from reviews.models import Correction, Override
from reviews.workflow.correct import PROPOSED
from reviews.workflow.step import DISMISSAL_REASONS

# What people read for the codes of CONTRACT's list.
DISMISSALS = {
    "opinion": gettext_lazy("It is an opinion"),
    "prediction": gettext_lazy("It is a prediction"),
    "satire": gettext_lazy("It is satire"),
    "not_in_public_interest": gettext_lazy("It is not in the public interest"),
    "already_checked": gettext_lazy("It was checked already"),
    "not_checkable_now": gettext_lazy("It cannot be checked now"),
    "duplicate": gettext_lazy("It is a duplicate"),
    "out_of_scope": gettext_lazy("It is out of our scope"),
    "safety": gettext_lazy("Somebody’s safety"),
}


class ReasonForm(ActForm):
    needed = frozenset({"reason"})
    reason = Words(label=gettext_lazy("Reason"), required=False)


class TransitionForm(ActForm):
    """What a change of state has to say; which fields it shows follows from the table."""

    guarded = True
    needed = frozenset({"reason", "note", "kind"})
    reason = Words(label=gettext_lazy("Reason"), required=False)
    note = Words(label=gettext_lazy("Note"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("What kind of correction this is"),
        required=False,
        choices=[("", "—"), *Correction.Kind.choices],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.target == "dismiss":
            self.fields["reason"] = forms.ChoiceField(
                label=_("Reason"),
                required=False,
                choices=[
                    ("", "—"),
                    *((code, DISMISSALS[code]) for code in sorted(DISMISSAL_REASONS)),
                ],
            )

    def with_overrides(self, codes: Iterable[str]) -> "TransitionForm":
        """The same form with a field for each gate that is to be passed over."""
        for code in codes:
            if f"override_{code}" in self.fields:
                continue
            self.fields[f"override_{code}"] = Words(
                label=_("Pass over “%s”: the words the public page will show") % code,
                required=False,
            )
            self.fields[f"reason_{code}"] = forms.ChoiceField(
                label=_("the reason, for the desk"),
                required=False,
                choices=[("", "—"), *Override.Reason.choices],
            )
            self.fields[f"private_{code}"] = forms.CharField(
                label=_("and a note that never leaves the desk"), required=False, max_length=2_000
            )
        return self

    def clean(self) -> dict[str, Any]:
        """Here a reason is always given: what lead editors count rests on it."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for name in [one for one in self.fields if one.startswith("override_")]:
            reason = name.replace("override_", "reason_", 1)
            if said.get(name, "").strip() and not said.get(reason) and reason not in self.errors:
                self.add_error(reason, _("Choose why it is passed over."))
        return said

    def sent_overrides(self) -> "TransitionForm":
        """The same form with fields for what was sent; the verb says what may be passed over."""
        names = [name for name in self.data if name.startswith("override_")]
        return self.with_overrides(name.removeprefix("override_")[:40] for name in names[:20])

    def showing(self, names: Sequence[str]) -> "TransitionForm":
        """The same form without what this transition does not ask for."""
        for name in ("reason", "note", "kind"):
            if name in self.fields and name not in names and not self.data.get(name):
                del self.fields[name]
        return self


class CorrectionForm(FindingForm):
    """A correction of what is published: new values, and what was wrong in words."""

    needed = frozenset({"headline", "answer", "note", "kind", "text"})
    kind = forms.ChoiceField(
        label=gettext_lazy("What kind"),
        required=False,
        choices=[(kind.value, kind.label) for kind in PROPOSED],
    )
    note = Words(
        label=gettext_lazy("What was wrong, and what is right"),
        required=False,
        help_text=gettext_lazy("Readers see these words."),
    )
    requested_by = forms.CharField(
        label=gettext_lazy("Asked for by"), required=False, max_length=200
    )
    text = Words(label=gettext_lazy("The claim’s words"), required=False)
    claimant_name = forms.CharField(label=gettext_lazy("Claimant"), required=False, max_length=200)
    claimant_kind = forms.ChoiceField(
        label=gettext_lazy("Who that is"), required=False, choices=Claimant.Kind.choices
    )


class AskedForm(ActForm):
    """Who was asked to reply, or why nobody could be."""

    needed = frozenset({"asked"})
    asked = forms.CharField(label=gettext_lazy("Who was asked"), required=False)
    role = forms.CharField(label=gettext_lazy("in which role"), required=False)
    channel = forms.CharField(label=gettext_lazy("by which channel"), required=False)
    asked_at = moment_field(gettext_lazy("when (UTC)"))
    deadline = moment_field(gettext_lazy("answer wanted by (UTC)"))
    answer = Words(label=gettext_lazy("What they said, word for word"), required=False)
    not_asked_because = Words(label=gettext_lazy("or why nobody was asked"), required=False)


class AnswerForm(ActForm):
    needed = frozenset({"answer"})
    answer = Words(label=gettext_lazy("What they said, word for word"), required=False)
