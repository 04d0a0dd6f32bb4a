"""The policy: what this desk decides for itself, shown to all and changed by admins."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.acts import Act, ActForm, perform
from claims.admin.base import actor_of, desk_page
from claims.errors import DeskError
from claims.models import Actor
from reviews import policy
from reviews.models import Policy

SHOWN = 20
_PARTS = ("harm", "demand", "due", "checkworthiness", "repeats", "waiting")


_GATES = {
    "sources": gettext_lazy("Sources: enough origins or owners"),
    "reply": gettext_lazy("Reply: the claimant was asked"),
}


class PolicyForm(ActForm):
    reviewers = forms.TypedChoiceField(
        label=gettext_lazy("Reviewers in a round"),
        coerce=int,
        choices=[
            (2, gettext_lazy("Two, who agree or reconcile")),
            (3, gettext_lazy("Three, and the majority counts")),
        ],
    )
    lease_minutes = forms.IntegerField(
        label=gettext_lazy("A seat is held for, in minutes"), min_value=1, max_value=24 * 60
    )
    wip_limit = forms.IntegerField(
        label=gettext_lazy("Claims one person may hold at once"), min_value=1, max_value=1000
    )
    reconcile_hours = forms.IntegerField(
        label=gettext_lazy("Hours to reconcile before an editor is asked"),
        min_value=1,
        max_value=24 * 365,
    )
    urgent_due_hours = forms.IntegerField(
        label=gettext_lazy("An urgent claim is due within, in hours"),
        min_value=1,
        max_value=24 * 30,
    )
    overridable = forms.MultipleChoiceField(
        label=gettext_lazy("Gates an editor may pass over, with public words"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=list(_GATES.items()),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _PARTS:
            self.fields[f"weight_{name}"] = forms.IntegerField(
                label=_WORDS[name], min_value=0, max_value=100
            )


_WORDS = {
    "harm": gettext_lazy("Weight of harm"),
    "demand": gettext_lazy("Weight of demand"),
    "due": gettext_lazy("Weight of the due date"),
    "checkworthiness": gettext_lazy("Weight of check-worthiness"),
    "repeats": gettext_lazy("Weight of repeats"),
    "waiting": gettext_lazy("Weight of waiting"),
}


def _change(_subject: None, form: ActForm, by: Actor) -> str:
    by.need("admin")
    said = dict(form.cleaned_data)
    weights = {name: said.pop(f"weight_{name}") for name in _PARTS}
    for name in ("version", "seen"):
        said.pop(name)
    policy.change(by.person, **said, weights=weights)
    return _("The new policy is in force. Rounds that are open keep theirs.")


def page(request: HttpRequest) -> HttpResponse:
    """The policy in force and the ones before it; a POST by an admin changes it."""
    by = actor_of(request)
    status = 200
    form = PolicyForm(act="policy", initial=_initial())
    if request.method == "POST":
        form = PolicyForm(request.POST, act="policy")
        try:
            said = perform(Act(PolicyForm, "", _change), None, form, by=by)
        except DeskError as error:
            form.refuse(error)
            status = error.status
        else:
            messages.success(request, said)
            return HttpResponseRedirect(reverse("desk:policy"))
    rows = list(Policy.objects.select_related("made_by").order_by("-pk")[:SHOWN])
    in_force = policy.current()
    return desk_page(
        request,
        "desk/policy.html",
        {
            "form": form,
            "versions": rows,
            "in_force": in_force,
            "gates": [_GATES.get(code, code) for code in in_force.overridable],
            "weights": [(_WORDS[name], in_force.weights[name]) for name in _PARTS],
            "may_change": by.may("admin"),
        },
        title=_("Policy"),
        status=status,
    )


def _initial() -> dict[str, Any]:
    now = policy.current()
    return {
        "reviewers": now.reviewers,
        "lease_minutes": now.lease_minutes,
        "wip_limit": now.wip_limit,
        "reconcile_hours": now.reconcile_hours,
        "urgent_due_hours": now.urgent_due_hours,
        "overridable": list(now.overridable),
        **{f"weight_{name}": now.weights[name] for name in _PARTS},
    }
