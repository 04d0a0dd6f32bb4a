"""How the desk runs itself: policy, notes, notices, and the log of who was asked to reply."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.models import Claim, User


class Policy(models.Model):
    """The desk's rules that may differ from desk to desk. A change is a new row."""

    settings = models.JSONField(default=dict)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return f"policy {self.pk}"


class ReplyRequest(models.Model):
    """Who was asked to reply, when, by which channel, and what they said or that they did not."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="replies")
    asked = models.CharField(max_length=200)
    role = models.CharField(max_length=120, blank=True)
    channel = models.CharField(max_length=120, blank=True)
    asked_at = models.DateTimeField()
    deadline = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # A reason why nobody was asked counts as an answer to the gate; then ``asked`` says who.
    not_asked_because = models.TextField(blank=True)
    # When the desk was told that the deadline passed without an answer: it is told once.
    silence_told_at = models.DateTimeField(null=True, editable=False)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["asked_at", "id"]
        verbose_name_plural = "reply requests"
        indexes = [
            models.Index(
                fields=["deadline"],
                name="reply_awaited",
                condition=models.Q(
                    deadline__isnull=False, answered_at__isnull=True, silence_told_at__isnull=True
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.asked} asked"

    @property
    def is_awaited(self) -> bool:
        """Whether an answer may still come in time."""
        in_time = self.deadline is None or timezone.now() < self.deadline
        return in_time and not self.answer and not self.not_asked_because

    @property
    def is_silent(self) -> bool:
        """Whether the deadline passed without an answer."""
        return not self.answer and not self.not_asked_because and not self.is_awaited


class Note(models.Model):
    """A remark for colleagues. It never leaves the desk."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="desk_notes")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return self.text[:60]


class Notification(models.Model):
    """Something a person should know: a line in their inbox."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(User, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    claim = models.ForeignKey(Claim, models.CASCADE, null=True, related_name="+")
    message = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["person", "-at"], name="inbox_newest"),
            models.Index(
                fields=["person", "at"],
                name="inbox_to_mail",
                condition=Q(read_at__isnull=True, mailed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.message


class Skip(models.Model):
    """A reviewer passed a claim over, and why: it is not offered to them again for a while."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="+")
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    reason = models.TextField()
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "person"], name="skip_once")]

    def __str__(self) -> str:
        return f"{self.person} skips {self.claim_id}"
