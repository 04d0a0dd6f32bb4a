"""Texts that came in, and the assertions a machine saw in them."""

import hashlib
import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from claims.models.captures import Capture
from claims.models.outlets import Outlet
from claims.models.people import User


class Article(models.Model):
    """A text that came in: handed in, fetched, or found as coverage."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting to be read")
        EXTRACTING = "extracting", _("Being read")
        READY = "ready", _("Read")
        FAILED = "failed", _("Could not be read")

    HANDED_IN = "handed in"
    """``date_source`` where a person said when it came out."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    url = models.TextField(blank=True)
    # One row per canonical URL and digest; the URL may be longer than an index can hold.
    key = models.CharField(max_length=64, unique=True, editable=False)
    title = models.TextField(blank=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=12, blank=True)
    outlet = models.ForeignKey(Outlet, models.PROTECT, null=True, related_name="articles")
    published_at = models.DateTimeField(null=True, blank=True)
    published_on = models.DateField(null=True, blank=True)
    published_raw = models.CharField(max_length=120, blank=True)
    date_source = models.CharField(max_length=60, blank=True)
    byline = models.TextField(blank=True)
    capture = models.ForeignKey(Capture, models.PROTECT, null=True, related_name="articles")
    status = models.CharField(max_length=12, choices=Status, default=Status.QUEUED)
    error = models.TextField(blank=True)
    # The machine's reading: edges as `measure attribution` prints them, with rule and confidence.
    attributions = models.JSONField(default=list)
    signals = models.JSONField(default=dict)
    sketch = ArrayField(models.BigIntegerField(), default=list)
    retracted = models.BooleanField(default=False)
    handed_in = models.BooleanField(default=False)
    sample = models.BooleanField(default=False)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="article_newest"),
            GinIndex(fields=["sketch"], name="article_sketch"),
        ]

    def __str__(self) -> str:
        return self.title or self.url or Truncator(self.text.strip().partition("\n")[0]).chars(80)

    @staticmethod
    def key_of(url: str, text: str) -> str:
        """What makes two hand-ins one article: the canonical address and the words."""
        return hashlib.sha256(f"{url}\0{text}".encode()).hexdigest()


class Candidate(models.Model):
    """An extracted assertion. Open until a person takes or leaves it; or left out, and why."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        TAKEN = "taken", _("Taken")
        LEFT = "left", _("Left")
        LEFT_OUT = "left_out", _("Left out by the reader")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    article = models.ForeignKey(Article, models.CASCADE, related_name="candidates")
    rank = models.PositiveIntegerField()
    text = models.TextField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    score = models.FloatField(default=0)
    parts = models.JSONField(default=list)
    attributions = models.JSONField(default=list)
    inherited = models.BooleanField(default=False)
    hedged = models.BooleanField(default=False)
    appearances = models.JSONField(default=list)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    why = models.TextField(blank=True)
    claim = models.ForeignKey("claims.Claim", models.SET_NULL, null=True, related_name="+")
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["article", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "start", "end", "text"], name="candidate_once_per_span"
            ),
            models.CheckConstraint(name="candidate_span", condition=Q(end__gt=models.F("start"))),
        ]

    def __str__(self) -> str:
        return self.text[:80]
