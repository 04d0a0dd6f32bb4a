"""What one desk may decide differently from another. No setting here switches a safeguard off."""

from dataclasses import asdict, dataclass, field, fields
from datetime import timedelta
from typing import Any

from django.db import transaction

from claims.errors import Invalid
from claims.models import User
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


def current() -> Settings:
    """The newest policy, with defaults for whatever it does not say."""
    newest = Policy.objects.order_by("-pk").values_list("settings", flat=True).first() or {}
    known = {item.name for item in fields(Settings)}
    said = {name: value for name, value in newest.items() if name in known}
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
