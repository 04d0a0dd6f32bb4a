"""Rating scales as versioned data: a version that was used never changes."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def in_language(words: dict[str, str], language: str | None = None) -> str:
    """The text in this language, else in English, else in whichever is there."""
    wanted = (language or get_language() or "en").split("-")[0]
    return words.get(wanted) or words.get("en") or next(iter(words.values()), "")


class RatingScale(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=60)
    version = models.PositiveIntegerField(default=1)
    name = models.JSONField(default=dict)
    active = models.BooleanField(default=False)

    class Meta:
        ordering = ["-active", "slug", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "version"], name="scale_version_once"),
            models.UniqueConstraint(
                fields=["active"], condition=Q(active=True), name="one_active_scale"
            ),
        ]

    def __str__(self) -> str:
        return f"{in_language(self.name)} v{self.version}"


class Rating(models.Model):
    """One step of a scale. Its class decides which sources a verdict needs."""

    class Class(models.TextChoices):
        TRUE = "true", _("True")
        MOSTLY_TRUE = "mostly_true", _("Mostly true")
        MIXED = "mixed", _("Mixed")
        MOSTLY_FALSE = "mostly_false", _("Mostly false")
        FALSE = "false", _("False")
        MISLEADING = "misleading", _("Misleading")
        UNPROVEN = "unproven", _("Unproven")
        SATIRE = "satire", _("Satire")
        NOT_CHECKABLE = "not_checkable", _("Not checkable")

    scale = models.ForeignKey(RatingScale, models.PROTECT, related_name="ratings")
    code = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    label = models.JSONField(default=dict)
    definition = models.JSONField(default=dict)
    number = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    rating_class = models.CharField(max_length=14, choices=Class)

    class Meta:
        ordering = ["scale", "position"]
        constraints = [models.UniqueConstraint(fields=["scale", "code"], name="rating_code_once")]

    def __str__(self) -> str:
        return in_language(self.label)
