"""What was said, by whom, and how far the desk has come with it."""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.articles import Article
from claims.models.people import Role, User

if TYPE_CHECKING:
    from claims.models.actors import Actor

WORDS_SEARCH = SearchVector("text", config="simple")


class Claimant(models.Model):
    """Who made the claim. A relay (an outlet that passes it on) is no claimant."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        ORGANISATION = "organisation", _("Organisation")
        OUTLET = "outlet", _("Outlet")
        UNNAMED = "unnamed", _("Unnamed")
        OTHER = "other", _("Other")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.OTHER)
    # The desk's own word for the camp, party or trade; reports show how each side was rated.
    side = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["name", "kind"], name="claimant_once")]
        indexes = [
            models.Index(fields=["side"], name="claimant_side", condition=~Q(side="")),
        ]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A word that claims are sorted by; one that needs a skill is offered to who has it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80, unique=True)
    needs_skill = models.BooleanField(
        _("needs a skill"),
        default=False,
        help_text=_("The queue offers claims with this tag only to reviewers with this skill."),
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Topic(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


def sees_every_claim(actor: "Actor") -> bool:
    """Whether nothing is hidden from this actor, restricted claims included."""
    return actor.is_system or actor.holds(Role.EDITOR, Role.ADMIN)


class ClaimQuerySet(models.QuerySet["Claim"]):
    def visible_to(self, actor: "Actor") -> "ClaimQuerySet":
        """Claims this actor may know of. Every door reads claims through this.

        Restricted claims are for editors and admins, for who brought or wrote them, and for
        those they are assigned to.
        """
        if sees_every_claim(actor):
            return self
        open_to_all = Q(visibility=Claim.Visibility.DESK)
        if actor.person is None:
            return self.filter(open_to_all)
        mine = ClaimAuthor.objects.filter(claim=models.OuterRef("pk"), person=actor.person)
        assigned = Claim.assigned_to.through.objects.filter(
            claim_id=models.OuterRef("pk"), user_id=actor.person.pk
        )
        return self.filter(
            open_to_all
            | Q(created_by=actor.person)
            | models.Exists(mine)
            | models.Exists(assigned)
        )

    def overdue(self) -> "ClaimQuerySet":
        """Open claims whose time is up, by the clock that stands still while others answer."""
        now = timezone.now()
        # The bound on the column alone lets the database begin in the index of due dates.
        return self.on_desk().filter(due_at__lt=now).filter(due_at__lt=now - F("paused_for"))

    def paused(self) -> "ClaimQuerySet":
        """Open claims whose clock stands still now."""
        return self.on_desk().filter(due_at__isnull=False, paused_until__gt=timezone.now())

    def on_desk(self) -> "ClaimQuerySet":
        """Claims somebody still has to work on."""
        return self.filter(state__in=[Claim.State.DRAFT, Claim.State.CHECKING])


def known_names(rows: "models.QuerySet[Any]", *, of: str, by: "Actor") -> "models.QuerySet[Any]":
    """Claimants, tags or topics without those that only claims hidden from this actor bear.

    ``of`` is the field of a claim that names them. A name that nothing bears hides nothing.
    """
    if sees_every_claim(by):
        return rows
    borne = {of: models.OuterRef("pk")}
    seen = Claim.objects.visible_to(by).filter(**borne)
    return rows.filter(models.Exists(seen) | ~models.Exists(Claim.objects.filter(**borne)))


class Claim(models.Model):
    """One checkable assertion, with the exact quote it stands on.

    Only ``reviews.workflow.transition`` writes ``state``; the verdict is a record of its own.
    ``version`` grows with every change somebody could be surprised by (it is the ETag); demand,
    leases and priority do not change it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Incoming")
        CHECKING = "checking", _("In checking")
        PUBLISHED = "published", _("Published")
        DISMISSED = "dismissed", _("Not taken up")

    class Stage(models.TextChoices):
        REVIEW = "review", _("Waiting for reviews")
        DISPUTED = "disputed", _("Ratings differ")
        ADJUDICATION = "adjudication", _("Waiting for an editor’s decision")
        FINDING = "finding", _("Text to be agreed")
        READY = "ready", _("Ready to publish")

    class Outcome(models.TextChoices):
        NOT_TAKEN_UP = "not_taken_up", _("Not taken up")
        DUPLICATE = "duplicate", _("Duplicate")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Visibility(models.TextChoices):
        DESK = "desk", _("The whole desk")
        RESTRICTED = "restricted", _("Restricted")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    text = models.TextField()
    text_digest = models.CharField(max_length=64, db_index=True, editable=False)
    language = models.CharField(max_length=12, blank=True)
    claimant = models.ForeignKey(Claimant, models.PROTECT, null=True, blank=True)
    article = models.ForeignKey(
        Article, models.PROTECT, null=True, blank=True, related_name="claims"
    )
    quote = models.JSONField(null=True, blank=True)
    appearances = models.JSONField(default=list)
    checkworthiness = models.JSONField(default=dict)
    demand = models.PositiveIntegerField(default=1)
    # Why the desk checks this and not something else: readers see these words.
    why = models.TextField(blank=True, default="")
    harm = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(3)])
    urgent = models.BooleanField(default=False)
    urgent_reason = models.TextField(blank=True)
    discreet = models.BooleanField(default=False)
    visibility = models.CharField(max_length=12, choices=Visibility, default=Visibility.DESK)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT, editable=False)
    # Null, not empty: outside checking there is no stage, and REST says so.
    stage = models.CharField(  # noqa: DJ001
        max_length=12, choices=Stage, null=True, blank=True, editable=False
    )
    outcome = models.CharField(  # noqa: DJ001
        max_length=12, choices=Outcome, null=True, blank=True, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    published_version = models.PositiveIntegerField(null=True, editable=False)
    priority = models.PositiveSmallIntegerField(default=0, editable=False)
    # Until when every seat is held or used; null while one is free. Expiry stays in the query.
    busy_until = models.DateTimeField(null=True, editable=False)
    # The origin summary of the newest trace, as REST shows it; {} before the first.
    sources = models.JSONField(default=dict, editable=False)
    needs_look = models.BooleanField(default=False, editable=False)
    # The count that the published verdict relied on: what came up since asks for another look.
    relied_on = models.ForeignKey(
        "claims.OriginTrace", models.PROTECT, null=True, editable=False, related_name="+"
    )
    topic = models.ForeignKey(Topic, models.SET_NULL, null=True, blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="claims")
    assigned_to = models.ManyToManyField(User, blank=True, related_name="assigned_claims")
    due_at = models.DateTimeField(null=True, blank=True)
    # Since when that date is in force; null where nobody ever set it by a verb.
    due_set_at = models.DateTimeField(null=True, editable=False)
    # For how long the clock stood still, up to the end of a pause under way; reviews.clock says.
    paused_for = models.DurationField(
        default=timedelta(0), db_default=timedelta(0), editable=False
    )
    paused_since = models.DateTimeField(null=True, editable=False)
    paused_until = models.DateTimeField(null=True, editable=False)
    external_ref = models.CharField(  # noqa: DJ001
        max_length=200, null=True, blank=True
    )
    sample = models.BooleanField(default=False, editable=False)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="claim_published_has_a_publication",
                condition=~Q(state="published") | Q(published_version__isnull=False),
            ),
            models.CheckConstraint(
                name="claim_stage_only_in_checking",
                condition=Q(state="checking", stage__isnull=False)
                | (~Q(state="checking") & Q(stage__isnull=True)),
            ),
            models.CheckConstraint(
                name="claim_outcome_only_when_dismissed",
                condition=Q(state="dismissed", outcome__isnull=False)
                | (~Q(state="dismissed") & Q(outcome__isnull=True)),
            ),
            models.CheckConstraint(name="claim_harm_0_to_3", condition=Q(harm__lte=3)),
            models.CheckConstraint(name="claim_has_words", condition=~Q(text="")),
        ]
        indexes = [
            models.Index(fields=["state", "stage", "-priority", "id"], name="claim_queue"),
            models.Index(
                fields=["-priority", "id"],
                name="claim_free_seat",
                condition=Q(state="checking", stage="review", busy_until__isnull=True),
            ),
            models.Index(
                fields=["busy_until"],
                name="claim_busy_seat",
                condition=Q(state="checking", stage="review", busy_until__isnull=False),
            ),
            models.Index(fields=["-priority", "id"], name="claim_priority"),
            models.Index(fields=["-created_at", "-id"], name="claim_newest"),
            models.Index(fields=["-demand", "id"], name="claim_demand"),
            models.Index(fields=["due_at", "id"], name="claim_due"),
            models.Index(
                fields=["due_at"],
                name="claim_due_on_desk",
                condition=Q(state__in=["draft", "checking"], due_at__isnull=False),
            ),
            models.Index(fields=["updated_at", "id"], name="claim_updated"),
            models.Index(fields=["claimant", "-created_at"], name="claim_claimant"),
            models.Index(
                fields=["external_ref"],
                name="claim_external_ref",
                condition=Q(external_ref__isnull=False),
            ),
            GinIndex(WORDS_SEARCH, name="claim_words"),
            GinIndex(fields=["text"], opclasses=["gin_trgm_ops"], name="claim_trigram"),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def standing(self) -> str:
        """Its state as people read it: what was withdrawn was taken up once."""
        if self.outcome == self.Outcome.WITHDRAWN:
            return str(self.get_outcome_display())
        return str(self.get_state_display())

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to work on it."""
        return self.state in {self.State.DRAFT, self.State.CHECKING}

    @property
    def clock_due_at(self) -> datetime | None:
        """When it is due, with the time its clock stood still, or will have stood still, added."""
        return self.due_at + self.paused_for if self.due_at is not None else None

    @property
    def is_paused(self) -> bool:
        """Whether its clock stands still now."""
        return (
            self.is_open
            and self.due_at is not None
            and self.paused_until is not None
            and timezone.now() < self.paused_until
        )

    @property
    def is_overdue(self) -> bool:
        due = self.clock_due_at
        return self.is_open and due is not None and due < timezone.now()

    def time_left(self, now: datetime | None = None) -> timedelta | None:
        """The time until it is due, none of which runs in a pause; below zero when it is past."""
        now, due, until = now or timezone.now(), self.clock_due_at, self.paused_until
        if due is None:
            return None
        return due - (until if until is not None and now < until else now)

    @property
    def etag(self) -> str:
        return f'"{self.version}"'


class ClaimPartQuerySet(models.QuerySet["ClaimPart"]):
    def around(self, claim: Claim, actor: "Actor") -> "ClaimPartQuerySet":
        """Of what the claim is a part, and its own parts, as far as this actor may know."""
        known = Claim.objects.visible_to(actor).values("pk")
        return (
            self.filter(Q(whole=claim) | Q(part=claim))
            .filter(whole__in=known, part__in=known)
            .select_related("whole", "part")
        )


class ClaimPart(models.Model):
    """A compound claim was split, and this is one of the claims that stand in its place."""

    whole = models.ForeignKey(Claim, models.PROTECT, related_name="parts")
    part = models.ForeignKey(Claim, models.PROTECT, related_name="part_of")
    position = models.PositiveSmallIntegerField()
    split_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    split_at = models.DateTimeField(default=timezone.now)

    objects = ClaimPartQuerySet.as_manager()

    class Meta:
        ordering = ["whole", "position"]
        constraints = [
            models.UniqueConstraint(fields=["whole", "part"], name="part_once"),
            models.CheckConstraint(
                name="no_claim_is_part_of_itself", condition=~Q(whole=models.F("part"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} is part of {self.whole}"


class ClaimAuthor(models.Model):
    """Who wrote or changed the words. Taking, forwarding and importing are no authorship."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="authors")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "person"], name="author_once")]

    def __str__(self) -> str:
        return f"{self.person} wrote {self.claim}"


class Alert(models.Model):
    """A published or open claim needs another look, and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="alerts")
    kind = models.CharField(max_length=40)
    message = models.TextField()
    # The count that it tells of, where it tells of origins.
    trace = models.ForeignKey("claims.OriginTrace", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.message
