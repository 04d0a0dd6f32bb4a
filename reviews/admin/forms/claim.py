"""The forms of a claim’s own words and fields, of its parts, and of notes on it."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from claims.admin.acts import ActForm
from claims.admin.fields import LanguageField, Words
from claims.models import Claim, Claimant
from reviews.admin.forms.fields import _listed, moment_field


class EditForm(ActForm):
    """Words and fields of the claim. ``base_text`` is what the words were when it was opened."""

    guarded = True
    needed = frozenset({"text"})
    pointers: ClassVar[Mapping[str, str]] = {
        "/claimant": "claimant_name",
        "/claimant/name": "claimant_name",
        "/claimant/kind": "claimant_kind",
    }
    text = Words(label=gettext_lazy("The claim"), rows=3, required=False)
    base_text = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    meaning = forms.ChoiceField(
        label=gettext_lazy("If the words changed and reviews rest on them"),
        required=False,
        choices=[
            ("", gettext_lazy("No review rests on them")),
            ("same", gettext_lazy("They mean the same (an editor says so; reviewers are told)")),
            ("changed", gettext_lazy("They mean something else: begin a new round")),
        ],
    )
    language = LanguageField()
    claimant_name = forms.CharField(label=gettext_lazy("Claimant"), required=False, max_length=200)
    claimant_kind = forms.ChoiceField(
        label=gettext_lazy("Who that is"), required=False, choices=Claimant.Kind.choices
    )
    topic = forms.CharField(label=gettext_lazy("Topic"), required=False, max_length=80)
    why = Words(
        label=gettext_lazy("Why we check it"),
        required=False,
        help_text=gettext_lazy("Readers see these words."),
    )
    tags = forms.CharField(
        label=gettext_lazy("Tags"), required=False, help_text=gettext_lazy("Commas between.")
    )
    due_at = moment_field(gettext_lazy("Due (UTC)"))
    assigned_to = forms.CharField(
        label=gettext_lazy("Assigned to"),
        required=False,
        help_text=gettext_lazy("User names, with commas between."),
    )
    harm = forms.TypedChoiceField(
        label=gettext_lazy("Harm it can do"),
        coerce=int,
        choices=[
            (0, gettext_lazy("None to speak of")),
            (1, gettext_lazy("Some")),
            (2, gettext_lazy("Serious")),
            (3, gettext_lazy("To life or health")),
        ],
    )
    visibility = forms.ChoiceField(
        label=gettext_lazy("Who sees it"), choices=Claim.Visibility.choices
    )
    external_ref = forms.CharField(
        label=gettext_lazy("Reference elsewhere"), required=False, max_length=200
    )
    discreet = forms.BooleanField(
        label=gettext_lazy("Discreet: ask nobody outside before a person says so"), required=False
    )
    urgent = forms.BooleanField(
        label=gettext_lazy("Urgent (an editor, with a reason)"), required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason, if it is urgent"), required=False, max_length=2_000
    )

    def clean_tags(self) -> list[str]:
        return _listed(self.cleaned_data["tags"])

    def clean_assigned_to(self) -> list[str]:
        return _listed(self.cleaned_data["assigned_to"])


def initial_of(claim: Any) -> dict[str, Any]:
    """The claim as its own form shows it, with the names that ``claims_for_page`` brought."""
    return {
        "text": claim.text,
        "base_text": claim.text,
        "language": claim.language,
        "claimant_name": claim.claimant.name if claim.claimant is not None else "",
        "claimant_kind": claim.claimant.kind if claim.claimant is not None else "other",
        "topic": claim.topic.name if claim.topic is not None else "",
        "why": claim.why,
        "tags": ", ".join(claim.tag_names),
        "due_at": claim.due_at,
        "assigned_to": ", ".join(claim.people_assigned),
        "harm": claim.harm,
        "visibility": claim.visibility,
        "external_ref": claim.external_ref or "",
        "discreet": claim.discreet,
        "urgent": claim.urgent,
        "reason": claim.urgent_reason,
    }


class SplitForm(ActForm):
    """The claims that take the place of a compound one, a line for each."""

    guarded = True
    needed = frozenset({"parts"})
    parts = Words(
        label=gettext_lazy("The claims it is made of"),
        rows=4,
        required=False,
        help_text=gettext_lazy("One in each line, each to be judged for itself."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=2_000,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def lines(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["parts"].splitlines() if line.strip()]


class NoteForm(ActForm):
    text = Words(label=gettext_lazy("A note for colleagues"))
