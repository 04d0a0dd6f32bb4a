"""What each rule that reads links is called on the page."""

from collections.abc import Iterable, Mapping
from itertools import islice

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# The rules of claims.provenance.attribution, then those that compare and declare.
NAMES: Mapping[str, str | Promise] = {
    "said": _("somebody said so"),
    "reported_that": _("somebody reported it"),
    "relative_speech": _("“…, who said”"),
    "quoted_as_saying": _("quoted as saying"),
    "fixed_turn": _("a fixed turn of speech"),
    "told": _("somebody told it"),
    "told_outlet": _("told to an outlet"),
    "interview_with": _("said in an interview"),
    "according_to": _("“according to”"),
    "by_account": _("by somebody’s account"),
    "claim_of": _("somebody’s claim"),
    "emerges": _("emerges from a document"),
    "reported_by": _("reported by an outlet"),
    "citing": _("“citing”"),
    "quoted": _("quoted"),
    "quotes": _("quotes somebody"),
    "quoted_by": _("quoted by an outlet"),
    "obtained_by": _("obtained by an outlet"),
    "document_held": _("a document an outlet has"),
    "document_shows": _("a document shows it"),
    "denied": _("denied"),
    "denied_by": _("denied by somebody"),
    "denied_report": _("a report that was denied"),
    "contradicted": _("a report that was contradicted"),
    "accused": _("an accusation"),
    "branded": _("called so"),
    "outlet_learned": _("found out by an outlet"),
    "participle": _("“…, saying”"),
    "agency_byline": _("agency in the byline"),
    "agency_credit": _("credit for a part of the text"),
    "headline": _("named in the headline"),
    "declared canonical": _("declared as the original"),
    "declared basis": _("declared as its basis"),
    "shared passage": _("a passage in common"),
    "owner on record": _("the owner on record"),
    "compared: agency copy": _("compared: agency copy"),
    "compared: press-release copy": _("compared: press-release copy"),
    "compared: copy of another outlet": _("compared: copy of another outlet"),
    "compared: translation": _("compared: translation"),
}
_INHERITED = "inherited: "


_MARKS: Mapping[str, str | Promise] = {
    "mistake": _("the mistake “%(words)s”"),
    "figure": _("the figure %(words)s"),
    "name": _("the name %(words)s"),
}
_MARKS_SHOWN = 4


def mark_names(marks: Iterable[str]) -> str:
    """The first few marks of claims.provenance.marks, each told as what it is."""
    told = []
    for mark in islice(marks, _MARKS_SHOWN):
        kind, _colon, words = mark.partition(": ")
        told.append(str(_MARKS.get(kind, "%(words)s")) % {"words": words})
    return ", ".join(told)


def rule_name(rule: str) -> str:
    """The rule in the reader's language; one that has no name here is shown as it is kept."""
    if rule.startswith(_INHERITED):
        return gettext("from the report the story rests on: %(rule)s") % {
            "rule": rule_name(rule.removeprefix(_INHERITED))
        }
    return str(NAMES.get(rule, rule))
