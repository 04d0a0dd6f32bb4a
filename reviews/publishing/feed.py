"""Which publications are out now: what lists and feeds are made of."""

from datetime import datetime

from django.db.models import Exists, F, Max, OuterRef, QuerySet

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


def newest_stamp() -> datetime | None:
    """When anything that a list shows last changed: published, withdrawn, held back or back."""
    stamps = (
        Publication.objects.aggregate(at=Max("published_at"))["at"],
        Withdrawal.objects.aggregate(at=Max("at"))["at"],
        Suspension.objects.aggregate(at=Max("at"))["at"],
        Suspension.objects.aggregate(at=Max("lifted_at"))["at"],
    )
    return max((at for at in stamps if at is not None), default=None)
