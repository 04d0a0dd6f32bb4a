"""Who has it from whom: nodes, edges with their proof, wordings, and the traces made of them."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.articles import Article
from claims.models.claim import Claim
from claims.models.people import User


class Wording(models.Model):
    """A group of near-duplicate texts about one claim: a copy never adds anything."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="wordings")
    number = models.PositiveIntegerField()

    class Meta:
        ordering = ["claim", "number"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "number"], name="wording_number_once")
        ]

    def __str__(self) -> str:
        return f"wording {self.number}"


class SourceNode(models.Model):
    """An article of the coverage, or whatever one leans on, in the graph of one claim."""

    class Kind(models.TextChoices):
        ARTICLE = "article", _("Article")
        PERSON = "person", _("Person")
        ORGANISATION = "organisation", _("Organisation")
        DOCUMENT = "document", _("Document")
        EVENT = "event", _("Event")
        SELF = "self", _("Own reporter")
        OUTLET = "outlet", _("Outlet")
        UNNAMED = "unnamed", _("Unnamed source")
        COLLECTIVE = "collective", _("Vague collective")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="nodes")
    key = models.CharField(max_length=300)
    label = models.CharField(max_length=300)
    kind = models.CharField(max_length=12, choices=Kind)
    named = models.BooleanField(default=True)
    first_hand = models.BooleanField(null=True)
    agency = models.BooleanField(default=False)
    retracted = models.BooleanField(default=False)
    speaks_for = models.CharField(max_length=200, blank=True)
    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="nodes")
    wording = models.ForeignKey(Wording, models.SET_NULL, null=True, related_name="nodes")
    # "This Hebrew website is that article": the node this one was found to be.
    resolved_to = models.ForeignKey("self", models.SET_NULL, null=True, related_name="aliases")
    resolved_rule = models.CharField(max_length=60, blank=True)
    # Once a person said what a node is, or that it is nothing known, no machine says otherwise.
    resolved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    by_hand = models.BooleanField(default=False)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["claim", "key"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "key"], name="source_node_once"),
            models.UniqueConstraint(
                fields=["claim", "article"],
                condition=Q(article__isnull=False),
                name="article_node_once",
            ),
            models.CheckConstraint(
                name="article_nodes_have_an_article",
                condition=Q(kind="article", article__isnull=False)
                | (~Q(kind="article") & Q(article__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class ProvenanceEdge(models.Model):
    """ "From has this from to", with the proof: span, cue, rule, version, confidence, status."""

    class Type(models.TextChoices):
        ATTRIBUTES_TO = "attributes_to", _("says so on the word of")
        COPIES = "copies", _("copies")
        TRANSLATES = "translates", _("translates")
        AGENCY_BYLINE = "agency_byline", _("runs the agency text of")
        DECLARES_CANONICAL = "declares_canonical", _("declares as its original")
        LINKS_TO = "links_to", _("links to")
        SAME_OWNER = "same_owner", _("has the same owner as")

    class Status(models.TextChoices):
        SUGGESTED = "suggested", _("Suggested")
        CONFIRMED = "confirmed", _("Confirmed")
        REJECTED = "rejected", _("Rejected")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="edges")
    source = models.ForeignKey(SourceNode, models.CASCADE, related_name="edges_out")
    target = models.ForeignKey(SourceNode, models.CASCADE, related_name="edges_in")
    type = models.CharField(max_length=20, choices=Type)
    is_denial = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.SUGGESTED)
    # Where it was read: the article, the sentence and the cue, as character offsets in its text.
    read_in = models.ForeignKey(Article, models.CASCADE, null=True, related_name="+")
    quote = models.TextField(blank=True)
    span = models.JSONField(null=True)
    cue = models.CharField(max_length=200, blank=True)
    cue_span = models.JSONField(null=True)
    proof = models.JSONField(default=dict)
    rule = models.CharField(max_length=60, blank=True)
    rule_version = models.CharField(max_length=20, blank=True)
    confidence = models.FloatField(null=True)
    # A digest of the draft that these words are of: who drafts the same again writes nothing.
    drafted_as = models.CharField(max_length=64, blank=True, editable=False)
    by_hand = models.BooleanField(default=False)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "source", "target", "type", "is_denial"], name="edge_once"
            ),
            models.CheckConstraint(name="edge_is_no_loop", condition=~Q(source=F("target"))),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.type} {self.target}"

    @property
    def etag(self) -> str:
        return f'"{self.version}"'


class OriginTrace(models.Model):
    """One count of the origins, with the digest of its inputs. Kept: a verdict relies on it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="traces")
    summary = models.JSONField()
    graph = models.JSONField()
    inputs_digest = models.CharField(max_length=64)
    rule_version = models.CharField(max_length=20)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["claim", "-created_at"], name="trace_newest")]

    def __str__(self) -> str:
        return str(self.summary.get("headline", ""))
