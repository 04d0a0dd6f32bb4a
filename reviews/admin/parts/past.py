"""What happened to a claim, in sentences; names that would break a blind round are left out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.ledger import read
from claims.ledger.read import Entry
from claims.models import Actor, Claim

SENTENCES = {
    "claim.created": gettext_lazy("brought the claim onto the desk"),
    "claim.edited": gettext_lazy("changed the words"),
    "x-claim.amended": gettext_lazy("changed: %(fields)s"),
    "x-claim.split": gettext_lazy("split it into parts"),
    "evidence.attached": gettext_lazy("added evidence"),
    "x-evidence.changed": gettext_lazy("changed evidence"),
    "x-evidence.signed-off": gettext_lazy("vouched for sealed evidence"),
    "evidence.withdrawn": gettext_lazy("withdrew evidence"),
    "x-evidence.altered": gettext_lazy("found that a cited source is %(outcome)s"),
    "x-alert.settled": gettext_lazy("said that a cited source needs no other look"),
    "x-provenance.decided": gettext_lazy("decided on the chain: %(what)s"),
    "x-coverage.asked": gettext_lazy("sent the desk to look for coverage"),
    "x-origins.grew": gettext_lazy("found a new origin after publication"),
    "x-coverage.finished": gettext_lazy("looked for coverage: %(articles)s articles, %(status)s"),
    "personal_data.erased": gettext_lazy("erased personal data"),
    "state.changed": gettext_lazy("moved it from %(from)s to %(to)s"),
    "round.opened": gettext_lazy("opened a round of %(reviews)s reviews"),
    "review.submitted": gettext_lazy("handed in a review"),
    "round.revealed": gettext_lazy("brought the last review in: all are open"),
    "round.voided": gettext_lazy("the round is void (%(cause)s)"),
    "verdict.recorded": gettext_lazy("settled the rating, by %(by)s"),
    "x-reconcile.voted": gettext_lazy("named a rating to settle on"),
    "x-adjudication.asked": gettext_lazy("asked an editor to decide"),
    "x-adjudicated": gettext_lazy("decided between the reviewers"),
    "x-finding.written": gettext_lazy("wrote version %(number)s of the text"),
    "x-finding.agreed": gettext_lazy("agreed to version %(number)s of the text"),
    "claim.published": gettext_lazy("published version %(version)s"),
    "correction.issued": gettext_lazy("issued a correction: version %(version)s"),
    "claim.withdrawn": gettext_lazy("withdrew the check"),
    "claim.suspended": gettext_lazy("held the page back"),
    "claim.restored": gettext_lazy("brought the page back"),
    "x-correction.proposed": gettext_lazy("proposed a correction"),
    "x-reply.logged": gettext_lazy("noted who was asked to reply"),
}
ABOUT_EVIDENCE = frozenset({"evidence.attached", "x-evidence.changed"})


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of the log as a colleague reads it."""

    seq: int
    at: datetime
    who: str
    sentence: str


def activity_of(
    claim: Claim, by: Actor, *, blind: Collection[str] = (), limit: int = 30
) -> list[Told]:
    """What happened, newest first. ``blind`` are ids of evidence whose adder is still hidden."""
    return [_told(entry, by, blind) for entry in read.activity(claim, limit=limit)]


def _told(entry: Entry, by: Actor, blind: Collection[str]) -> Told:
    hidden = entry.type in ABOUT_EVIDENCE and entry.data.get("evidence") in blind
    who = _("a colleague") if hidden and entry.who != by.name else _name(entry.who)
    return Told(entry.seq, entry.at, who, _sentence(entry))


def _name(who: str) -> str:
    return {"system": _("the desk"), "erased": _("somebody")}.get(who, who)


def _sentence(entry: Entry) -> str:
    words = SENTENCES.get(entry.type)
    if words is None:
        return entry.type
    facts: dict[str, Any] = dict(entry.data)
    for name in ("from", "to"):
        if facts.get(name) in Claim.State.values:
            facts[name] = Claim.State(facts[name]).label
    if isinstance(facts.get("fields"), list):
        facts["fields"] = ", ".join(facts["fields"])
    try:
        return str(words) % facts
    except KeyError:
        return entry.type
