"""Looks for coverage: asked for, stopped, tried again."""

from django.utils.translation import gettext as _

from claims.admin.acts import Act, ActForm, Plain
from claims.coverage import gather
from claims.models import Actor, Claim, CoverageRun
from reviews.admin.acts.asked import needs, there
from reviews.admin.forms.chain import AskForm


def _ask(claim: Claim, form: AskForm, by: Actor) -> str:
    _run, new = gather.ask(
        claim, by=by, queries=form.lines(), providers=form.cleaned_data["providers"] or None
    )
    return _("The desk is looking.") if new else _("A look is going on already.")


def _cancel(claim: Claim, form: ActForm, by: Actor) -> str:
    gather.cancel(_run_of(claim, form.target), by=by)
    return _("Stopped. What was found stays.")


def _retry(claim: Claim, form: ActForm, by: Actor) -> str:
    gather.retry(_run_of(claim, form.target), by=by)
    return _("What failed is tried again.")


def _run_of(claim: Claim, key: str) -> CoverageRun:
    return there(claim.coverage_runs.all(), key)


ACTS: dict[str, Act] = {
    "ask": Act(AskForm, "coverage", _ask, needs("coverage:write")),
    "cancel": Act(Plain, "coverage", _cancel, needs("coverage:write")),
    "retry": Act(Plain, "coverage", _retry, needs("coverage:write")),
}
