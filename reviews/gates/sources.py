"""The verdict’s class has the sources it needs: origins for “true”, owners for “false”."""

from urllib.parse import urlsplit

from claims.errors import Unmet
from claims.models import Domain, Evidence
from reviews.gates.base import Case
from reviews.models import Rating

Class = Rating.Class
ENOUGH = 2
NEEDS_ORIGINS = frozenset({Class.TRUE, Class.MOSTLY_TRUE})
NEEDS_OWNERS = frozenset({Class.FALSE, Class.MOSTLY_FALSE, Class.MIXED, Class.MISLEADING})


def sources(case: Case) -> Unmet | None:
    if case.verdict is None:
        return None
    standing = [item for item in case.cited if item.withdrawn_at is None]
    rating_class = case.verdict.rating.rating_class
    if any(item.primary for item in standing):
        return None
    if rating_class in NEEDS_ORIGINS:
        low = case.claim.sources.get("origins_low", 0)
        if low >= ENOUGH:
            return None
        return Unmet(
            "sources",
            f"“{case.verdict.rating}” needs two confirmed origins; there is {_count(low)}.",
            "Confirm the links to a second origin, or cite primary evidence.",
        )
    if rating_class in NEEDS_OWNERS:
        owners = {owner for item in standing if (owner := owner_of(item))}
        if len(owners) >= ENOUGH:
            return None
        return Unmet(
            "sources",
            f"“{case.verdict.rating}” needs cited evidence of two owners; there is"
            f" {_count(len(owners))}.",
            "Cite evidence of another owner, or one primary record.",
        )
    return None


def owner_of(item: Evidence) -> str:
    """What tells owners of evidence apart: as entered, else the outlet's, else the host."""
    if item.owner.strip():
        return item.owner.strip().casefold()
    address = item.capture.final_url if item.capture is not None else item.url
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    known = (
        Domain.objects.filter(host__in=[host, f"www.{host}"])
        .select_related("outlet__owner")
        .first()
        if host
        else None
    )
    if known is not None:
        return (known.outlet.owner or known.outlet).name.casefold()
    if host:
        return host
    contact = item.contact or {}
    return str(contact.get("who", "")).strip().casefold()


def _count(number: int) -> str:
    return {0: "none", 1: "one"}.get(number, str(number))
