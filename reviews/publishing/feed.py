"""Which publications are out now: what lists and feeds are made of."""

import hashlib

from django.db.models import Exists, F, OuterRef, QuerySet

from reviews.models import Publication, Suspension, Withdrawal

FEED_LENGTH = 50


def living() -> QuerySet[Publication]:
    """The newest version of each check that is neither withdrawn nor held back, newest first."""
    withdrawn = Withdrawal.objects.filter(publication__claim=OuterRef("claim"))
    held_back = Suspension.objects.filter(claim=OuterRef("claim"), lifted_at__isnull=True)
    return (
        Publication.objects.filter(version=F("claim__published_version"))
        .exclude(Exists(withdrawn))
        .exclude(Exists(held_back))
        .select_related("claim")
        .order_by("-published_at", "-pk")
    )


def feed_tag() -> str:
    """What the feed’s answer is known by: a hash of the versions in it, which never change.

    No time would do: of two acts within a second one is missed, and whoever began first may
    commit last.
    """
    out = living().select_related(None).values_list("pk", flat=True)[:FEED_LENGTH]
    return f'"{hashlib.sha256(" ".join(map(str, out)).encode()).hexdigest()[:32]}"'
