"""Who says so: links decided on, drawn by hand, and what is known of a source."""

from django.utils.translation import gettext as _

from claims.admin.acts import Act
from claims.models import Actor, Claim, ProvenanceEdge
from claims.provenance import decide
from reviews.admin.acts.asked import needs, there
from reviews.admin.forms.chain import AsideForm, DecideForm, LinkForm, ResolveForm, SourceForm


def _decide(claim: Claim, form: DecideForm, by: Actor) -> str:
    verb = {
        "confirmed": decide.confirm,
        "rejected": decide.reject,
        "suggested": decide.undo,
    }[form.status]
    verb(
        _link(claim, form.target),
        by=by,
        version=form.edge_version,
        note=form.cleaned_data["note"],
    )
    return _("Noted; the origins are counted anew.")


def _add_link(claim: Claim, form: LinkForm, by: Actor) -> str:
    said = form.cleaned_data
    target: decide.End = said["rests_on"] or {"label": said["name"], "kind": said["kind"]}
    decide.add(
        claim,
        by=by,
        source=said["whose"],
        target=target,
        kind=said["type"],
        quote=said["quote"],
        note=said["note"],
    )
    return _("The link is in; the origins are counted anew.")


def _resolve(claim: Claim, form: ResolveForm, by: Actor) -> str:
    decide.resolve(
        form.cleaned_data["node"],
        by=by,
        to=form.cleaned_data["to"],
        note=form.cleaned_data["note"],
    )
    return _("Noted; the origins are counted anew.")


def _tell_of(claim: Claim, form: SourceForm, by: Actor) -> str:
    """Whatever of a source was told differently from what stands there."""
    said = form.cleaned_data
    node, note = said["node"], said["note"]
    if said["speaks_for"].strip() != node.speaks_for:
        decide.speaks_for(node, by=by, whom=said["speaks_for"], note=note)
    was_there = {"yes": True, "no": False}.get(said["first_hand"])
    if was_there != node.first_hand:
        decide.first_hand(node, by=by, was_there=was_there, note=note)
    if said["retracted"] != node.retracted:
        decide.retracted(node, by=by, is_so=said["retracted"], note=note)
    return _("Noted; the origins are counted anew.")


def _set_aside(claim: Claim, form: AsideForm, by: Actor) -> str:
    item = there(claim.coverage.select_related("article"), form.target)
    aside = form.cleaned_data["aside"]
    decide.set_aside(claim, item.article, by=by, aside=aside)
    return _("Set aside: it counts for nothing.") if aside else _("It counts again.")


def _link(claim: Claim, key: str) -> ProvenanceEdge:
    return there(claim.edges.all(), key)


ACTS: dict[str, Act] = {
    "decide": Act(DecideForm, "chain", _decide, needs("claims:write")),
    "add_link": Act(LinkForm, "chain", _add_link, needs("claims:write")),
    "resolve": Act(ResolveForm, "chain", _resolve, needs("claims:write")),
    "tell_of": Act(SourceForm, "chain", _tell_of, needs("claims:write")),
    "set_aside": Act(AsideForm, "coverage", _set_aside, needs("claims:write")),
}
