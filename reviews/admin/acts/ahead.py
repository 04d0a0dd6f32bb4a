"""What happens to the claim as a whole: its transitions, and alerts that are settled."""

from django.http import Http404
from django.utils.translation import gettext as _

from claims.admin.acts import Act
from claims.models import Actor, Claim
from reviews.admin.acts.asked import there
from reviews.admin.forms.ahead import ReasonForm, TransitionForm
from reviews.workflow.alerts import settle_alert
from reviews.workflow.step import OverrideWish, Wish
from reviews.workflow.table import TRANSITIONS
from reviews.workflow.transition import may_ask, transition


def _transition(claim: Claim, form: TransitionForm, by: Actor) -> str:
    name = form.target
    said = form.cleaned_data
    overrides = tuple(
        OverrideWish(
            code=field.removeprefix("override_"),
            note=said[field],
            private_note=said.get(f"private_{field.removeprefix('override_')}", ""),
            reason=said.get(f"reason_{field.removeprefix('override_')}", ""),
        )
        for field in said
        if field.startswith("override_") and said[field].strip()
    )
    wish = Wish(
        reason=said.get("reason", ""),
        note=said.get("note", ""),
        kind=said.get("kind", ""),
        overrides=overrides,
    )
    moved = transition(claim, name, by=by, wish=wish, version=said["version"])
    return _("Done: the claim is “%s” now.") % moved.standing


def may_transition(claim: Claim, name: str, by: Actor) -> None:
    if name not in TRANSITIONS:
        raise Http404
    may_ask(claim, name, by=by)


def _settle_alert(claim: Claim, form: ReasonForm, by: Actor) -> str:
    alert = there(claim.alerts.all(), form.target)
    settle_alert(alert, by=by, reason=form.cleaned_data["reason"])
    return _("Noted: the check stands as it is.")


ACTS: dict[str, Act] = {
    "transition": Act(TransitionForm, "next", _transition),
    "settle_alert": Act(ReasonForm, "next", _settle_alert),
}
