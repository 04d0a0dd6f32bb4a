"""What the checks that stand in public lean on."""

import json
from datetime import datetime
from uuid import UUID

from django.db.models import F

from reviews.models import Publication


def cited(*, since: datetime | None = None) -> list[UUID]:
    """The evidence that the newest versions of standing checks cite; only those out *since*.

    Read from what was frozen, which is what the public sees, whatever happened to the claim.
    """
    standing = Publication.objects.filter(
        version=F("claim__published_version"), withdrawal__isnull=True
    )
    if since is not None:
        standing = standing.filter(published_at__gt=since)
    found: dict[UUID, None] = {}
    for document in standing.values_list("document", flat=True).iterator(chunk_size=50):
        for item in json.loads(bytes(document))["evidence"]:
            found[UUID(item["id"])] = None
    return list(found)
