"""What the public got: frozen publications, corrections, and pages held back."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, User
from reviews.models.rounds import Verdict


class Slug(models.Model):
    """The public name of a claim's check: one for all its versions, for good."""

    slug = models.SlugField(max_length=90, primary_key=True)
    claim = models.OneToOneField(Claim, models.PROTECT, related_name="slug")

    def __str__(self) -> str:
        return self.slug


class Publication(models.Model):
    """One frozen version: the exact bytes that are served for ever. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="publications")
    version = models.PositiveIntegerField()
    slug = models.SlugField(max_length=90)
    verdict = models.ForeignKey(Verdict, models.PROTECT, related_name="publications")
    document = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)
    sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["-published_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "version"], name="publication_version_once"),
            models.UniqueConstraint(fields=["slug", "version"], name="publication_address_once"),
        ]
        indexes = [models.Index(fields=["-published_at", "-id"], name="publication_newest")]

    def __str__(self) -> str:
        return f"{self.slug} v{self.version}"


class Correction(models.Model):
    """What an issued correction changed, and who stands for it. Never changed."""

    class Kind(models.TextChoices):
        TYPO = "typo", _("Typo")
        CLARIFICATION = "clarification", _("Clarification")
        FACTUAL_ERROR = "factual_error", _("Factual error")
        UPDATE = "update", _("Update")
        RATING_CHANGED = "rating_changed", _("Rating changed")
        RECHECKED = "rechecked", _("Checked again")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    publication = models.OneToOneField(Publication, models.PROTECT, related_name="correction")
    corrects = models.ForeignKey(Publication, models.PROTECT, related_name="corrected_by")
    kind = models.CharField(max_length=14, choices=Kind)
    note = models.TextField()
    requested_by = models.CharField(max_length=200, blank=True)
    proposer = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    issuer = models.ForeignKey(User, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-issued_at", "-id"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.publication}"


class CorrectionProposal(models.Model):
    """A correction somebody proposed; open until another person issues it or says no."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="correction_proposals")
    kind = models.CharField(max_length=14, choices=Correction.Kind)
    note = models.TextField()
    requested_by = models.CharField(max_length=200, blank=True)
    changes = models.JSONField(default=dict)
    proposer = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    issued_as = models.OneToOneField(
        Correction, models.PROTECT, null=True, related_name="proposal"
    )

    class Meta:
        ordering = ["-proposed_at"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.note[:60]}"


class Override(models.Model):
    """A gate that an editor passed over, with the words the public page shows. Never changed."""

    class Reason(models.TextChoices):
        NO_SECOND_SOURCE = "no_second_source", _("There is no second source to be had")
        SOURCE_PROTECTED = "source_protected", _("A source has to be protected")
        UNREACHABLE = "unreachable", _("Nobody could be reached")
        ANSWERED_BEFORE = "answered_before", _("They answered in public before")
        DANGER = "danger", _("Asking would put somebody in danger")
        PUBLIC_INTEREST = "public_interest", _("It cannot wait: people need it now")
        OTHER = "other", _("Another reason")

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="overrides")
    code = models.CharField(max_length=40)
    note = models.TextField()
    # Of the desk's list; empty where it was passed over by a door that does not ask.
    reason = models.CharField(max_length=24, choices=Reason, blank=True)
    private_note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["publication", "code"], name="override_once")
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.note[:60]}"


class Withdrawal(models.Model):
    """A publication taken back for good: its page is a tombstone. Never changed."""

    publication = models.OneToOneField(Publication, models.PROTECT, related_name="withdrawal")
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"withdrawal of {self.publication}"


class Suspension(models.Model):
    """A page held back for now; another person than who did it brings it back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="suspensions")
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_note = models.TextField(blank=True)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(lifted_at__isnull=True),
                name="one_suspension_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"suspension of {self.claim_id}"
