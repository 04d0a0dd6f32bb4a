"""The log of all events. Read it through ``claims.ledger.read``; only ``claims.ledger`` writes."""

from django.db import models

from claims.models.people import ApiToken, User


class LogEntry(models.Model):
    """One event, as the exact bytes that were hashed. Added, never changed."""

    seq = models.PositiveBigIntegerField(primary_key=True)
    type = models.CharField(max_length=48)
    at = models.DateTimeField()
    # No foreign key: the log outlives whatever it speaks of.
    claim = models.UUIDField(null=True)
    claim_seq = models.PositiveIntegerField(null=True)
    body = models.BinaryField()
    leaf = models.BinaryField()

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "claim_seq"], name="log_claim_seq_once")
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.type}"


class LogHead(models.Model):
    """The one row that says how long the log is. It only moves forward."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    size = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="log_head_is_one_row", condition=models.Q(id=1))
        ]

    def __str__(self) -> str:
        return str(self.size)


class LogNode(models.Model):
    """A full subtree of the Merkle tree: level 0 are the leaves, ``idx`` counts from the left."""

    level = models.PositiveSmallIntegerField()
    idx = models.PositiveBigIntegerField()
    hash = models.BinaryField()

    pk = models.CompositePrimaryKey("level", "idx")

    def __str__(self) -> str:
        return f"{self.level}/{self.idx}"


class Checkpoint(models.Model):
    """A signed statement of size and root."""

    size = models.PositiveBigIntegerField()
    origin = models.CharField(max_length=255)
    root = models.BinaryField()
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-size"]
        constraints = [models.UniqueConstraint(fields=["origin", "size"], name="checkpoint_once")]

    def __str__(self) -> str:
        return f"{self.origin} {self.size}"


class Secret(models.Model):
    """The salt and value behind one commitment. Erasing the row erases what it hid."""

    seq = models.PositiveBigIntegerField()
    field = models.CharField(max_length=60)
    salt = models.BinaryField()
    value = models.JSONField(null=True)

    pk = models.CompositePrimaryKey("seq", "field")

    def __str__(self) -> str:
        return f"{self.seq} {self.field}"


class ActorKey(models.Model):
    """The random key a person's or service's pseudonyms are made with."""

    person = models.OneToOneField(User, models.CASCADE, null=True, related_name="+")
    token = models.OneToOneField(ApiToken, models.CASCADE, null=True, related_name="+")
    key = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="actor_key_of_one",
                condition=models.Q(person__isnull=False, token__isnull=True)
                | models.Q(person__isnull=True, token__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"key of {self.person_id or self.token_id}"


class EntryActor(models.Model):
    """Who is behind an entry's pseudonym, for the desk's own lists; goes when one is erased."""

    seq = models.PositiveBigIntegerField(primary_key=True)
    person = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=150)
    # What the desk may show of it in its own lists, beyond the public facts.
    detail = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.seq} {self.name}"
