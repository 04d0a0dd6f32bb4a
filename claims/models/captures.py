"""The stored bytes of a page, and the text that was read from them."""

import uuid
from collections.abc import Sequence

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.people import User


class Capture(models.Model):
    """Bytes as they came, with headers, SHA-256 and time. Content-addressed, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked_url = models.TextField(blank=True)
    final_url = models.TextField(blank=True)
    status = models.PositiveSmallIntegerField(default=200)
    headers = models.JSONField(default=list)
    media_type = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    storage_key = models.CharField(max_length=200)
    fetched_at = models.DateTimeField(default=timezone.now)
    # Where the bytes came from: the live web, an archive file, an upload or a hand-in.
    via = models.CharField(max_length=40, default="web")
    file_name = models.CharField(max_length=255, blank=True)
    # How it was asked for over the web: request headers, address, hops; {} where nobody knows.
    asking = models.JSONField(default=dict)

    class Meta:
        ordering = ["-fetched_at", "id"]
        indexes = [models.Index(fields=["fetched_at", "id"], name="capture_newest")]

    def __str__(self) -> str:
        return self.final_url or self.file_name or self.sha256[:12]


class Reading(models.Model):
    """What one version of the reader took from a capture: text, title, date, and doubts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    capture = models.ForeignKey(Capture, models.PROTECT, related_name="readings")
    reader = models.CharField(max_length=60)
    title = models.TextField(blank=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=12, blank=True)
    byline = models.TextField(blank=True)
    published_raw = models.CharField(max_length=120, blank=True)
    published_on = models.DateField(null=True)
    date_source = models.CharField(max_length=60, blank=True)
    canonical_url = models.TextField(blank=True)
    signals = models.JSONField(default=dict)
    oddities = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["capture", "reader"], name="reading_once_per_reader")
        ]

    def __str__(self) -> str:
        return self.title or str(self.capture)

    @property
    def pages(self) -> Sequence[int]:
        """Where in the text each page begins; nothing where the text has no pages."""
        starts: Sequence[int] = self.signals.get("pages", ())
        return starts


class ArchiveLink(models.Model):
    """Where a public archive keeps the same page, as far as one said so."""

    capture = models.ForeignKey(Capture, models.CASCADE, related_name="archive_links")
    url = models.TextField()
    recorded_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.url


class ArchiveRequest(models.Model):
    """A public archive was asked to keep the page of a capture, and what it answered."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Asked")
        SAVED = "saved", _("Kept there")
        REFUSED = "refused", _("Not kept there")

    capture = models.OneToOneField(
        Capture, models.PROTECT, primary_key=True, related_name="archive_request"
    )
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.WAITING)
    # The archive's own name for its work, while it is at it.
    reference = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=60, blank=True)
    message = models.TextField(blank=True)
    answer = models.JSONField(default=dict)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.capture}"
