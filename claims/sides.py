"""Which side a claimant is on, in the desk’s own words: a camp, a party, a trade."""

from django.db import transaction

from claims.errors import Forbidden, Invalid
from claims.ledger.events import ClaimantChanged
from claims.ledger.record import record
from claims.models import Actor, Claimant, Role
from claims.text.usable import problem_with

SIDE_MAX = 80
# So many are offered while an editor types; more words than that are no sides any more.
OFFERED = 100


@transaction.atomic
def put_on(claimant: Claimant, *, by: Actor, side: str) -> Claimant:
    """Say which side a claimant is on; empty takes it back. For an editor.

    It says nothing of a claim and is never published: reports count by it. That somebody said
    it is on record, and not what. Raises Forbidden and Invalid.
    """
    if not by.holds(Role.EDITOR):
        raise Forbidden("Only an editor says which side a claimant is on.")
    wrong = problem_with(side, longest=SIDE_MAX, what="The side")
    if wrong is not None:
        raise Invalid.at("/side", wrong)
    held = Claimant.objects.select_for_update().get(pk=claimant.pk)
    side = " ".join(side.split())
    if side != held.side:
        held.side = side
        held.save(update_fields=["side"])
        record(ClaimantChanged(claimant=str(held.pk), fields=["side"]), claim=None, actor=by)
    return held


def known() -> list[str]:
    """The sides there are, so that one side is not called by two names."""
    named = Claimant.objects.exclude(side="").order_by("side").values_list("side", flat=True)
    return list(named.distinct()[:OFFERED])
