"""Who else wrote about it: runs that look, what they found, and what went wrong."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.articles import Article
from claims.models.claim import Claim
from claims.models.people import User

PAGE_SEARCH = SearchVector("title", "text", config="simple")


class CoverageRun(models.Model):
    """One look for articles about a claim. Its status follows from its jobs."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Looking")
        SUCCEEDED = "succeeded", _("Finished")
        PARTIAL = "partial", _("Finished, with problems")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    GOING = (Status.QUEUED, Status.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="coverage_runs")
    providers = ArrayField(models.CharField(max_length=40))
    queries = models.JSONField(default=list)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    hits = models.PositiveIntegerField(default=0)
    # Where else to look (an encyclopedia, checks by others): shown, never counted as coverage.
    leads = models.JSONField(default=list)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    deadline = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(status__in=["queued", "running"]),
                name="one_coverage_run_going_per_claim",
            )
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.status}"


class CoverageProblem(models.Model):
    """What a provider or a page refused, kept and shown: never a silent empty list."""

    run = models.ForeignKey(CoverageRun, models.CASCADE, related_name="problems")
    # The unit of work it happened in: running that again takes the problem back.
    job = models.ForeignKey("claims.Job", models.SET_NULL, null=True, related_name="+")
    provider = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    message = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.provider}: {self.message}"


class CoverageItem(models.Model):
    """One article about a claim, once, however often it is found."""

    class Relation(models.TextChoices):
        ORIGINAL = "original", _("First seen")
        COPY = "copy", _("Copy")
        PARTIAL_COPY = "partial_copy", _("Partly copied")
        CITES = "cites", _("Cites another")
        INDEPENDENT = "independent", _("Own reporting")
        UNKNOWN = "unknown", _("Not known yet")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="coverage")
    article = models.ForeignKey(Article, models.PROTECT, related_name="coverage_of")
    run = models.ForeignKey(CoverageRun, models.SET_NULL, null=True, related_name="items")
    provider = models.CharField(max_length=40)
    relation = models.CharField(max_length=12, choices=Relation, default=Relation.UNKNOWN)
    # The words it shares with another article ("of"): kind, share, passages; {} where none.
    proof = models.JSONField(default=dict)
    # A digest of the relation that is shown there.
    proved_as = models.CharField(max_length=64, blank=True, editable=False)
    # Still about the claim, as far as a person said; one set aside counts nowhere.
    set_aside = models.BooleanField(default=False)
    first_seen = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["first_seen", "id"]
        constraints = [models.UniqueConstraint(fields=["claim", "article"], name="coverage_once")]

    def __str__(self) -> str:
        return str(self.article)


class Comparison(models.Model):
    """What reading one article for a claim, and comparing it with the others, came to."""

    item = models.OneToOneField(
        CoverageItem, models.CASCADE, primary_key=True, related_name="comparison"
    )
    # A digest of the text as it was compared: its words, what it declares, its site's notices.
    compared_as = models.CharField(max_length=80)
    # What it has of other articles, or they of it: each relation stands with the copy.
    relations = models.JSONField(default=list)
    # The passages of each of these, apart, since hardly anybody asks for them.
    passages = models.JSONField(default=list)
    # What it carries of the claim, and a digest of the claim, the text and the reader it is by.
    read_as = models.CharField(max_length=64, blank=True)
    carried = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.item_id} {self.compared_as}"


class ArchivePage(models.Model):
    """A page of the local archive: where its bytes lie, and its words for searching."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    url = models.TextField()
    url_digest = models.CharField(max_length=64)
    warc = models.CharField(max_length=255)
    offset = models.PositiveBigIntegerField()
    status = models.PositiveSmallIntegerField(default=200)
    media_type = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64)
    fetched_at = models.DateTimeField()
    title = models.TextField(blank=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["warc", "url_digest", "sha256"], name="archive_page_once_a_file"
            )
        ]
        indexes = [GinIndex(PAGE_SEARCH, name="archive_page_words")]

    def __str__(self) -> str:
        return self.url


class ArchiveFile(models.Model):
    """A WARC file that was indexed, and where it was cut if it was."""

    name = models.CharField(max_length=255, unique=True)
    sha256 = models.CharField(max_length=64)
    # Size and time of change as last seen, so that a gigabyte is not hashed at every look.
    size = models.PositiveBigIntegerField(default=0)
    changed_ns = models.BigIntegerField(default=0)
    records = models.PositiveIntegerField(default=0)
    cut_at = models.PositiveBigIntegerField(null=True)
    problem = models.TextField(blank=True)
    # Where reading stopped when its time was up; nothing once the whole file is read.
    read_to = models.PositiveBigIntegerField(null=True)
    indexed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
