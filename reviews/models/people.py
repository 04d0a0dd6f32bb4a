"""What people of the desk keep for themselves or have to say of themselves."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import Claimant, Outlet, Owner, Tag, Topic, User


class SavedFilter(models.Model):
    """A filter of a list under a name: its place and the query of its address."""

    class Place(models.TextChoices):
        CLAIMS = "claims", _("Claims")
        QUEUE = "queue", _("Queue")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, models.CASCADE, related_name="saved_filters")
    place = models.CharField(max_length=8, choices=Place)
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=1_000, blank=True)
    shared = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "place", "name"], name="filter_name_once")
        ]
        indexes = [
            models.Index(fields=["place", "name"], name="filter_shared", condition=Q(shared=True)),
        ]

    def __str__(self) -> str:
        return self.name


class Conflict(models.Model):
    """A person has an interest in something: they judge no claim about it while this stands.

    A row is never deleted: who ended it, and when, stays on record. The reason is for the person
    and for editors.
    """

    ABOUT = ("claimant", "outlet", "owner", "topic", "tag")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(User, models.PROTECT, related_name="conflicts")
    claimant = models.ForeignKey(Claimant, models.PROTECT, null=True, related_name="+")
    outlet = models.ForeignKey(Outlet, models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(Owner, models.PROTECT, null=True, related_name="+")
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="+")
    tag = models.ForeignKey(Tag, models.PROTECT, null=True, related_name="+")
    reason = models.TextField()
    said_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-said_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="conflict_about_one_thing",
                condition=Q(
                    Q(claimant__isnull=False, outlet=None, owner=None, topic=None, tag=None)
                    | Q(claimant=None, outlet__isnull=False, owner=None, topic=None, tag=None)
                    | Q(claimant=None, outlet=None, owner__isnull=False, topic=None, tag=None)
                    | Q(claimant=None, outlet=None, owner=None, topic__isnull=False, tag=None)
                    | Q(claimant=None, outlet=None, owner=None, topic=None, tag__isnull=False)
                ),
            ),
            models.CheckConstraint(name="conflict_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="conflict_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["person"], name="conflict_standing", condition=Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.about}"

    @property
    def kind(self) -> str:
        """Which of ABOUT it is about."""
        return next(name for name in self.ABOUT if getattr(self, f"{name}_id") is not None)

    @property
    def about(self) -> Claimant | Outlet | Owner | Topic | Tag:
        """What it is about."""
        thing: Claimant | Outlet | Owner | Topic | Tag = getattr(self, self.kind)
        return thing
