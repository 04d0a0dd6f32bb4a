"""Who publishes: outlets, the domains they are known by, and the owners behind them."""

import uuid

from django.db import models


class Owner(models.Model):
    """Who owns outlets. An outlet of unknown owner counts as its own owner, flagged."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Outlet(models.Model):
    """A publisher of articles. Publisher unknown is an outlet and owner of its own each time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200, db_index=True)
    owner = models.ForeignKey(Owner, models.PROTECT, null=True, blank=True, related_name="outlets")
    agency = models.BooleanField(default=False)
    unknown = models.BooleanField(default=False)
    feeds = models.JSONField(default=list, blank=True)
    # Feeds that its front page declared when it was looked for them; read once a person says so.
    offered = models.JSONField(default=list, blank=True, editable=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def owner_key(self) -> str:
        """What tells owners apart in a count: the owner, else the outlet itself."""
        return str(self.owner_id or self.pk)


class Domain(models.Model):
    """A host name an outlet is known by; it belongs to one outlet."""

    host = models.CharField(max_length=253, primary_key=True)
    outlet = models.ForeignKey(Outlet, models.CASCADE, related_name="domains")

    def __str__(self) -> str:
        return self.host
