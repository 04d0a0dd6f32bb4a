"""What each bulk act asks for, and how what was asked is told again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.admin.acts import ActForm
from claims.admin.fields import Names, Words
from claims.templatetags.desk import when
from reviews.admin.forms.ahead import DISMISSALS
from reviews.admin.forms.fields import moment_field
from reviews.bulk.acts import Act, Assign, Dismiss, Due, Tag, act_of
from reviews.models import BulkAct


class AssignForm(ActForm):
    people = Names(
        label=gettext_lazy("Whom"), help_text=gettext_lazy("User names, with commas between.")
    )
    instead = forms.BooleanField(
        label=gettext_lazy("Instead of whoever has them now (empty and ticked: nobody)"),
        required=False,
    )

    def said(self) -> Act:
        return Assign(people=self.cleaned_data["people"], instead=self.cleaned_data["instead"])


class DueForm(ActForm):
    pointers: ClassVar[Mapping[str, str]] = {"/at": "due_at"}
    due_at = moment_field(
        gettext_lazy("Due (UTC)"), help_text=gettext_lazy("Empty: not due at any time.")
    )

    def said(self) -> Act:
        due = self.cleaned_data["due_at"]
        return Due(at=due.isoformat() if due is not None else "")


class TagForm(ActForm):
    add = Names(label=gettext_lazy("Tags to add"))
    remove = Names(label=gettext_lazy("Tags to take away"))

    def said(self) -> Act:
        return Tag(add=self.cleaned_data["add"], remove=self.cleaned_data["remove"])


class DismissForm(ActForm):
    needed = frozenset({"reason", "note"})

    reason = forms.ChoiceField(
        label=gettext_lazy("Why"),
        required=False,
        choices=[("", gettext_lazy("Choose a reason")), *DISMISSALS.items()],
    )
    note = Words(label=gettext_lazy("In words, for the record of each"), rows=3, required=False)

    def said(self) -> Act:
        return Dismiss(reason=self.cleaned_data["reason"], note=self.cleaned_data["note"])


FORMS: Mapping[str, Any] = {
    Assign.kind: AssignForm,
    Due.kind: DueForm,
    Tag.kind: TagForm,
    Dismiss.kind: DismissForm,
}
"""The form of each act."""


def said_of(row: BulkAct) -> str:
    """What was asked for, in a sentence."""
    act = act_of(row)
    if isinstance(act, Assign):
        return _assigned(act)
    if isinstance(act, Due):
        if not act.at:
            return _("They are due at no time.")
        return format_html(_("They are due {}."), when(datetime.fromisoformat(act.at)))
    if isinstance(act, Tag):
        return _tagged(act)
    assert isinstance(act, Dismiss)  # noqa: S101 - there is no other
    return _("They are not taken up. %(why)s: %(note)s") % {
        "why": DISMISSALS[act.reason],
        "note": act.note,
    }


def _assigned(act: Assign) -> str:
    who = ", ".join(act.people)
    if not who:
        return _("They are assigned to nobody.")
    if act.instead:
        return _("They are assigned to %(who)s, instead of whoever has them now.") % {"who": who}
    return _("They are assigned to %(who)s, beside whoever has them now.") % {"who": who}


def _tagged(act: Tag) -> str:
    said = []
    if act.add:
        words = ngettext("They get the tag %(tags)s.", "They get the tags %(tags)s.", len(act.add))
        said.append(words % {"tags": ", ".join(act.add)})
    if act.remove:
        words = ngettext(
            "They lose the tag %(tags)s.", "They lose the tags %(tags)s.", len(act.remove)
        )
        said.append(words % {"tags": ", ".join(act.remove)})
    return " ".join(said)
