"""One act on many claims: what was asked, and what became of each claim, kept as a record."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, User


class BulkAct(models.Model):
    """What one person wants done to many claims. Begun once; a preview nobody began is pruned.

    ``wish`` is what was asked for, as ``reviews.bulk.wish`` writes it; ``chosen_by`` the filter
    in the address of the list, or empty where the claims were picked one by one.
    """

    class Kind(models.TextChoices):
        ASSIGN = "assign", _("Assign")
        DUE = "due", _("Set the due date")
        TAG = "tag", _("Tag")
        DISMISS = "dismiss", _("Do not take up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind)
    wish = models.JSONField()
    chosen_by = models.CharField(max_length=2_000, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(fields=["by", "-made_at"], name="bulk_mine"),
            models.Index(
                fields=["made_at"], name="bulk_not_begun", condition=Q(begun_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.made_at:%Y-%m-%d %H:%M}"

    @property
    def is_going(self) -> bool:
        return self.begun_at is not None and self.ended_at is None


class BulkItem(models.Model):
    """One claim of a bulk act, at the version it had when the list was looked at.

    While it waits, ``code`` and ``why`` hold what was foreseen; afterwards what happened.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        UNCHANGED = "unchanged", _("Was so already")
        STAYED = "stayed", _("Stayed as it was")

    act = models.ForeignKey(BulkAct, models.CASCADE, related_name="items")
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    outcome = models.CharField(max_length=9, choices=Outcome, default=Outcome.WAITING)
    code = models.CharField(max_length=40, blank=True)
    why = models.TextField(blank=True)
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["act", "claim"], name="bulk_claim_once")]
        indexes = [
            models.Index(fields=["act", "outcome", "id"], name="bulk_of_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.outcome}"
