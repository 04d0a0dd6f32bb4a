"""What the desk holds for or against a claim: a capture or a contact, with stance and quote."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.captures import Capture
from claims.models.claim import Claim
from claims.models.people import User


class Evidence(models.Model):
    """One piece of evidence. Once used it is withdrawn with a reason, never deleted."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", _("Supports the claim")
        REFUTES = "refutes", _("Refutes the claim")
        CONTEXT = "context", _("Context")

    class Kind(models.TextChoices):
        PAGE = "page", _("Page")
        DOCUMENT = "document", _("Document")
        DATASET = "dataset", _("Dataset")
        IMAGE = "image", _("Image")
        VIDEO = "video", _("Video")
        AUDIO = "audio", _("Audio")
        INTERVIEW = "interview", _("Interview")
        CORRESPONDENCE = "correspondence", _("Correspondence")
        OBSERVATION = "observation", _("Own observation")

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("Public")
        DESK = "desk", _("The desk only")
        SEALED = "sealed", _("Sealed")

    class Capturing(models.TextChoices):
        STORED = "stored", _("Stored")
        FETCHING = "fetching", _("Being fetched")
        FAILED = "failed", _("Could not be fetched")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="evidence")
    capture = models.ForeignKey(Capture, models.PROTECT, null=True, blank=True, related_name="+")
    url = models.TextField(blank=True)
    contact = models.JSONField(null=True, blank=True)
    capturing = models.CharField(max_length=8, choices=Capturing, default=Capturing.STORED)
    capture_problem = models.TextField(blank=True)
    title = models.CharField(max_length=500)
    stance = models.CharField(max_length=8, choices=Stance)
    kind = models.CharField(max_length=14, choices=Kind)
    quote = models.JSONField(null=True, blank=True)
    anchor = models.JSONField(null=True, blank=True)
    translation = models.JSONField(null=True, blank=True)
    note = models.TextField(blank=True)
    named = models.BooleanField(default=False)
    primary = models.BooleanField(default=False)
    owner = models.CharField(max_length=200, blank=True)
    # What the source has to gain or lose by it: readers see these words.
    interest = models.CharField(max_length=500, blank=True, default="")
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PUBLIC)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)
    signed_off_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    signed_off_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                name="evidence_stands_on_something",
                condition=Q(capture__isnull=False)
                | Q(contact__isnull=False)
                | ~Q(url="")
                | Q(kind="observation"),
            ),
            models.CheckConstraint(
                name="evidence_withdrawn_says_why",
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title
