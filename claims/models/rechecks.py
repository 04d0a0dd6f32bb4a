"""What became of a cited source since: one row for each different finding."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.captures import Capture
from claims.models.claim import Alert
from claims.models.evidence import Evidence


class Recheck(models.Model):
    """How a cited source stood when the desk looked again, and since when it stands so.

    ``capture`` is what was relied on and ``found`` what stands there now, kept beside it; the
    evidence itself is never touched.
    """

    class Outcome(models.TextChoices):
        SAME = "same", _("As it was")
        CHANGED = "changed", _("Changed")
        MOVED = "moved", _("Moved")
        GONE = "gone", _("Gone")
        UNKNOWN = "unknown", _("Could not be looked at")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="rechecks")
    capture = models.ForeignKey(Capture, models.PROTECT, related_name="+")
    found = models.ForeignKey(Capture, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome)
    code = models.CharField(max_length=40, blank=True)
    message = models.TextField(blank=True)
    # The same finding is the same digest, night after night.
    finding = models.CharField(max_length=64)
    alert = models.ForeignKey(Alert, models.SET_NULL, null=True, related_name="rechecks")
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    times = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-last_at"]
        constraints = [
            models.UniqueConstraint(fields=["evidence", "finding"], name="recheck_once_a_finding")
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.evidence}"
