"""What one desk may decide differently from another. No setting here switches a safeguard off."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import timedelta
from typing import Any

from django.db import transaction

from claims.errors import Invalid
from claims.models import User
from claims.statements import Statement
from reviews.models import Policy

OVERRIDABLE = frozenset({"sources", "reply"})


def _weights() -> dict[str, int]:
    return {
        "harm": 30,
        "demand": 20,
        "due": 20,
        "checkworthiness": 15,
        "repeats": 10,
        "waiting": 5,
    }


@dataclass(frozen=True, slots=True)
class Settings:
    """The policy in force. Times in minutes or hours as named."""

    reviewers: int = 2
    lease_minutes: int = 15
    wip_limit: int = 10
    reconcile_hours: int = 72
    urgent_due_hours: int = 4
    overridable: tuple[str, ...] = ("sources", "reply")
    byline: str = "desk"
    weights: dict[str, int] = field(default_factory=_weights)

    @property
    def lease(self) -> timedelta:
        return timedelta(minutes=self.lease_minutes)


_KNOWN = frozenset(item.name for item in fields(Settings))
# For statements that need the policy beside what else they ask.
NEWEST = "SELECT settings FROM reviews_policy ORDER BY id DESC LIMIT 1"
_CURRENT = Statement(NEWEST)


def current() -> Settings:
    """The newest policy, with defaults for whatever it does not say."""
    row = _CURRENT.row()
    return read(json.loads(row[0])) if row is not None else Settings()


def read(newest: Mapping[str, Any]) -> Settings:
    """The policy that a row’s settings mean, with defaults for whatever they do not say."""
    said = {name: value for name, value in newest.items() if name in _KNOWN}
    if "overridable" in said:
        said["overridable"] = tuple(said["overridable"])
    if "weights" in said:
        said["weights"] = _weights() | said["weights"]
    return Settings(**said)


@transaction.atomic
def change(by: User | None, **changes: Any) -> Settings:
    """Put a changed policy in force; what is not named stays. Rounds that are open keep theirs."""
    settings = {**asdict(current()), **changes}
    if settings["reviewers"] not in (2, 3):
        raise Invalid.at("/reviewers", "A round has two reviewers, or three with a majority.")
    if not OVERRIDABLE.issuperset(settings["overridable"]):
        raise Invalid.at("/overridable", "Only sources and reply can ever be overridden.")
    for name in ("lease_minutes", "wip_limit", "reconcile_hours", "urgent_due_hours"):
        if not isinstance(settings[name], int) or settings[name] < 1:
            raise Invalid.at(f"/{name}", "Use a whole number of at least 1.")
    settings["overridable"] = list(settings["overridable"])
    Policy.objects.create(settings=settings, made_by=by)
    return current()
