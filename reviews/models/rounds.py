"""How a claim is judged: rounds, seats, reviews, and what they settle."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, Evidence, OriginTrace, User
from reviews.models.scales import Rating, RatingScale

if TYPE_CHECKING:
    from claims.models import Actor

SEATS = ("first", "second", "third")


class Round(models.Model):
    """One judging of a claim by two people, or three. Open, then revealed or void; or both."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField()
    scale = models.ForeignKey(RatingScale, models.PROTECT, related_name="+")
    needed = models.PositiveSmallIntegerField(default=2)
    # After a reopen one seat is kept for somebody who did not sit in that earlier round.
    recheck_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="rechecks")
    opened_at = models.DateTimeField(default=timezone.now)
    revealed_at = models.DateTimeField(null=True)
    adjudication_asked_at = models.DateTimeField(null=True)
    adjudication_asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True)
    void_cause = models.TextField(blank=True)

    class Meta:
        ordering = ["claim", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "number"], name="round_number_once"),
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(revealed_at__isnull=True, voided_at__isnull=True),
                name="one_open_round_per_claim",
            ),
            models.CheckConstraint(
                name="round_needs_two_or_three", condition=Q(needed__in=[2, 3])
            ),
        ]
        # What reports look at, by time.
        indexes = [
            models.Index(fields=["opened_at"], name="round_first", condition=Q(number=1)),
            models.Index(
                fields=["revealed_at"],
                name="round_revealed",
                condition=Q(revealed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"round {self.number}"

    @property
    def is_open(self) -> bool:
        return self.revealed_at is None and self.voided_at is None

    @property
    def is_void(self) -> bool:
        return self.voided_at is not None

    @property
    def seats(self) -> tuple[str, ...]:
        return SEATS[: self.needed]


class Lease(models.Model):
    """A time-limited hold on one seat of a claim. Expiry is part of every query."""

    # The present hold's name outside: new with every taking, so that a late holder is fenced.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="leases")
    seat = models.CharField(max_length=8, choices=[(seat, seat) for seat in SEATS])
    holder = models.ForeignKey(User, models.CASCADE, null=True, related_name="leases")
    expires_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["claim", "seat"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "seat"], name="one_lease_per_seat"),
            models.UniqueConstraint(
                fields=["claim", "holder"],
                condition=Q(holder__isnull=False),
                name="one_seat_per_person",
            ),
            models.CheckConstraint(
                name="lease_held_until_some_time",
                condition=Q(holder__isnull=True) | Q(expires_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat} of {self.claim_id}"


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, actor: "Actor") -> "ReviewQuerySet":
        """Reviews this actor may read: one's own, and all of a revealed round.

        Every door reads reviews through this one method. A voided round that was never
        revealed stays blind for good: what was written in it may be written again.
        """
        revealed = Q(round__revealed_at__isnull=False)
        if actor.person is None:
            return self.filter(revealed)
        return self.filter(revealed | Q(reviewer=actor.person))


class Review(models.Model):
    """One reviewer's rating in a round, from a seat. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="reviews")
    seat = models.CharField(max_length=8)
    rating = models.ForeignKey(Rating, models.PROTECT, related_name="+")
    reason = models.TextField()
    confidence = models.CharField(max_length=10, blank=True)
    # What the review is bound to: the words, the scale's version, the evidence it cites.
    words_digest = models.CharField(max_length=64)
    evidence_digest = models.CharField(max_length=64)
    # False says "I have none"; null that nobody asked, which only another system leaves open.
    has_interest = models.BooleanField(null=True)
    conflict_of_interest = models.TextField(blank=True)
    # Under which rules it was written, as ``reviews.method`` tells them.
    method = models.JSONField(default=dict)
    submitted_at = models.DateTimeField(default=timezone.now)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["round", "submitted_at"]
        constraints = [
            models.UniqueConstraint(fields=["round", "reviewer"], name="one_review_per_reviewer"),
            models.UniqueConstraint(fields=["round", "seat"], name="one_review_per_seat"),
        ]

    def __str__(self) -> str:
        return f"review of {self.round}"


class ReviewEvidence(models.Model):
    """Evidence a review cites, with the digest it had then. Never changed."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="cited")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="cited_by")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "evidence"], name="cited_once_per_review")
        ]

    def __str__(self) -> str:
        return f"{self.review_id} cites {self.evidence_id}"


class ReconcileVote(models.Model):
    """Which of the two ratings a reviewer would settle on after the reveal. The newest counts."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="votes")
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="+")
    rating = models.ForeignKey(Rating, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.rating}"


class Adjudication(models.Model):
    """An editor's decision where the reviewers differ. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.OneToOneField(Round, models.PROTECT, related_name="adjudication")
    editor = models.ForeignKey(User, models.PROTECT, related_name="+")
    rating = models.ForeignKey(Rating, models.PROTECT, related_name="+")
    reason = models.TextField()
    decided_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"adjudication of {self.round}"


class Verdict(models.Model):
    """The rating a round settled. Immutable."""

    class By(models.TextChoices):
        AGREEMENT = "agreement", _("agreement")
        MAJORITY = "majority", _("majority")
        RECONCILED = "reconciled", _("reconciliation")
        ADJUDICATION = "adjudication", _("adjudication")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="verdicts")
    round = models.OneToOneField(Round, models.PROTECT, related_name="verdict")
    rating = models.ForeignKey(Rating, models.PROTECT, related_name="+")
    by = models.CharField(max_length=12, choices=By)
    trace = models.ForeignKey(OriginTrace, models.PROTECT, null=True, related_name="+")
    # Under which rules it was settled, as ``reviews.method`` tells them.
    method = models.JSONField(default=dict)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-recorded_at", "-id"]
        indexes = [models.Index(fields=["recorded_at"], name="verdict_recorded")]

    def __str__(self) -> str:
        return str(self.rating)


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, actor: "Actor") -> "FindingQuerySet":
        """Texts this actor may read: one's own, and those of a revealed round."""
        revealed = Q(round__revealed_at__isnull=False)
        if actor.person is None:
            return self.filter(revealed)
        return self.filter(revealed | Q(author=actor.person))


class Finding(models.Model):
    """One version of the text that gives the answer, sentence by sentence. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="findings")
    number = models.PositiveIntegerField()
    headline = models.CharField(max_length=300)
    answer = models.TextField()
    # [{"text", "evidence": [ids], "judgement": bool}]
    sentences = models.JSONField()
    # Where evidence against this answer was looked for, and what was found; "none" is an answer.
    looked_against = models.TextField(blank=True, default="")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["round", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="finding_number_once")
        ]

    def __str__(self) -> str:
        return self.headline


class FindingAgreement(models.Model):
    """A reviewer of the round stands by one version of the text. Never changed."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="agreements")
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["finding", "reviewer"], name="agreed_once")]

    def __str__(self) -> str:
        return f"{self.reviewer} agrees to {self.finding_id}"


class ReviewDraft(models.Model):
    """What a reviewer has typed and not yet submitted. Its writer's alone."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="drafts")
    writer = models.ForeignKey(User, models.CASCADE, related_name="+")
    typed = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "writer"], name="one_draft_each")]

    def __str__(self) -> str:
        return f"draft of {self.writer}"
