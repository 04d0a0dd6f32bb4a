"""The people of the desk, their tokens, and what each role may do."""

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.statements import Statement

TOKEN_PREFIX = "fcd_"  # noqa: S105 - what every token begins with, so that a leaked one is found by a scanner
LONGEST_TOKEN_LIFE = timedelta(days=365)


_Model = TypeVar("_Model", bound=models.Model)


class Role(models.TextChoices):
    CONTRIBUTOR = "contributor", _("Contributor")
    REVIEWER = "reviewer", _("Reviewer")
    EDITOR = "editor", _("Editor")
    ADMIN = "admin", _("Admin")


_CONTRIBUTOR = frozenset({"claims:read", "claims:write", "coverage:write", "events:read"})
SCOPES_OF: dict[str, frozenset[str]] = {
    Role.CONTRIBUTOR: _CONTRIBUTOR,
    Role.REVIEWER: _CONTRIBUTOR | {"reviews:write"},
    Role.EDITOR: _CONTRIBUTOR | {"publish"},
    Role.ADMIN: frozenset({"claims:read", "events:read", "metrics:read", "admin"}),
}
SCOPES: frozenset[str] = frozenset().union(*SCOPES_OF.values())


class User(AbstractUser):
    """A person of the desk. One person may hold several roles; the rules hold per claim."""

    class Digest(models.TextChoices):
        NEVER = "never", _("Never")
        HOURLY = "hourly", _("At most every hour")
        DAILY = "daily", _("Once a day")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    roles = ArrayField(models.CharField(max_length=12, choices=Role), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    keys_off = models.BooleanField(_("switch single-key shortcuts off"), default=False)
    open_next = models.BooleanField(_("open the next item after a decision"), default=True)
    # Kinds of notices this person does not want to read; which there are, the review desk knows.
    muted = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    digest = models.CharField(
        _("notices by e-mail"), max_length=6, choices=Digest, default=Digest.NEVER
    )
    skills = models.ManyToManyField("claims.Tag", blank=True, related_name="skilled")

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                name="user_roles_are_known", condition=Q(roles__contained_by=list(Role.values))
            )
        ]

    def holds(self, *roles: str) -> bool:
        """Whether the person is active and has one of these roles."""
        return self.is_active and not set(roles).isdisjoint(self.roles)

    @property
    def scopes(self) -> frozenset[str]:
        if not self.is_active:
            return frozenset()
        return frozenset().union(*(SCOPES_OF[role] for role in self.roles if role in SCOPES_OF))


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def living(self) -> "ApiTokenQuerySet":
        """Tokens that open a door now: not expired, not revoked, their person still active."""
        return self.filter(
            Q(person__isnull=True) | Q(person__is_active=True),
            revoked_at__isnull=True,
            expires_at__gt=timezone.now(),
        )


# The rule of ``living`` for the one token of a request, with no more of its person than a
# request needs: whoever reads another field of theirs asks for it then.
_TOKEN = ("id", "name", "person_id", "scopes", "expires_at", "last_used_at")
_HOLDER = ("id", "username", "roles", "languages", "is_active")
_OPENED = Statement(
    f"""
SELECT {", ".join(f"token.{name}" for name in _TOKEN)},
       {", ".join(f"person.{name}" for name in _HOLDER)}
FROM claims_apitoken token LEFT JOIN claims_user person ON person.id = token.person_id
WHERE token.digest = %(digest)s::text AND token.revoked_at IS NULL
  AND token.expires_at > %(now)s::timestamptz AND (person.id IS NULL OR person.is_active)
"""  # noqa: S608 - put together from constants
)


class ApiToken(models.Model):
    """A key to the API. Only its digest is kept: the token itself is shown once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    person = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="tokens")
    scopes = ArrayField(models.CharField(max_length=24))
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="token_scopes_are_known", condition=Q(scopes__contained_by=sorted(SCOPES))
            )
        ]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def digest_of(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()

    @classmethod
    def opened_by(cls, words: str) -> "ApiToken | None":
        """The living token with these words, and its person; asked with every request."""
        row = _OPENED.row(digest=cls.digest_of(words), now=timezone.now())
        if row is None:
            return None
        token = _partly(cls, _TOKEN, row[: len(_TOKEN)])
        if token.person_id is not None:
            token.person = _partly(User, _HOLDER, row[len(_TOKEN) :])
        return token

    @classmethod
    def issue(
        cls, name: str, *, person: User | None, scopes: Any, expires_at: datetime | None = None
    ) -> tuple["ApiToken", str]:
        """Make a token; returns the row and the words that open the door, this once."""
        words = TOKEN_PREFIX + secrets.token_urlsafe(32)
        row = cls.objects.create(
            name=name,
            digest=cls.digest_of(words),
            person=person,
            scopes=sorted(scopes),
            expires_at=expires_at or timezone.now() + LONGEST_TOKEN_LIFE,
        )
        return row, words


def _partly(model: type[_Model], names: Sequence[str], values: Sequence[Any]) -> _Model:
    """A row of which these columns are known; the others are asked for when they are read."""
    known = dict(zip(names, values, strict=True))
    fields = [field.attname for field in model._meta.concrete_fields]  # noqa: SLF001
    return model.from_db("default", names, [known[name] for name in fields if name in known])


class IdempotencyKey(models.Model):
    """What a POST with an Idempotency-Key did, so that the same again does it only once.

    The row keeps status and address of the outcome; a replay renders it as it now stands.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    resource = models.CharField(max_length=200, blank=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="idempotency_key_once")
        ]
        indexes = [models.Index(fields=["created_at"])]

    def __str__(self) -> str:
        return self.key
