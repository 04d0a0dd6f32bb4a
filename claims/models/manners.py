"""What the desk remembers of those it asks: whose turn it is, and what was counted of whom."""

from django.db import models


class Turn(models.Model):
    """The one place there is for asking somebody. ``key`` is a digest of whom.

    ``holder``: who asks now, for no longer than ``until``; without one, ``until`` is the end of
    the pause after the last who did.
    """

    key = models.CharField(max_length=64, primary_key=True)
    holder = models.UUIDField(null=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class Tally(models.Model):
    """How often something happened since it was first counted; begins anew after ``until``."""

    key = models.CharField(max_length=120, primary_key=True)
    count = models.PositiveIntegerField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.key
