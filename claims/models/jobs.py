"""Every unit of work is a row; the message that tells a worker is only a hint."""

import uuid
from collections.abc import Mapping

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.models.articles import Article
from claims.models.claim import Claim

# What each kind is called on the desk; the names in the rows are for programs.
KINDS_IN_WORDS: Mapping[str, Promise] = {
    "article.read": _("Read an article"),
    "coverage.ask": _("Ask a provider for coverage"),
    "coverage.fetch": _("Fetch an article that was found"),
    "coverage.follow": _("Ask for the page an article names"),
    "claim.trace": _("Count the origins"),
    "evidence.fetch": _("Capture evidence"),
    "archive.save": _("Ask a public archive to keep a page"),
    "evidence.recheck": _("Look at a cited page again"),
    "outlet.feeds": _("Look for the feeds of an outlet"),
    "bulk": _("Do an act to many claims"),
    "reviews.digest": _("Mail a digest"),
}


class Job(models.Model):
    """One unit of work. Only ``claims.jobs`` writes ``state``, ``attempts`` and ``fence``.

    ``fence`` grows each time a worker takes the job. A worker that lost it to another finds
    the number changed when it writes, and its writing is refused.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        SUCCEEDED = "succeeded", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    OPEN = (State.QUEUED, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=255, unique=True)
    args = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    deadline = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=40, blank=True)
    cause = models.TextField(blank=True)
    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="jobs")
    claim = models.ForeignKey(Claim, models.CASCADE, null=True, related_name="jobs")
    run = models.ForeignKey("claims.CoverageRun", models.CASCADE, null=True, related_name="jobs")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["not_before"], name="job_queued", condition=Q(state="queued")),
            models.Index(
                fields=["heartbeat_at"], name="job_running", condition=Q(state="running")
            ),
            models.Index(fields=["finished_at"], name="job_failed", condition=Q(state="failed")),
            models.Index(fields=["run", "state"], name="job_of_run"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def name(self) -> str:
        """What it is called to people; its kind where an older desk left a row of another."""
        return str(KINDS_IN_WORDS.get(self.kind, self.kind))
