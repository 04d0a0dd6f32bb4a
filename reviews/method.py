"""The method something was judged by, as a stamp: which policy, which scale, which rules."""

from dataclasses import asdict, dataclass
from typing import Any

from claims.provenance.trace import RULE_VERSION
from reviews.models import Policy, RatingScale

AS_SHIPPED = 0
"""The number of the policy before anybody at the desk changed one."""


@dataclass(frozen=True, slots=True)
class Method:
    """The versions in force at one moment.

    ``policy`` counts the policies the desk gave itself, ``AS_SHIPPED`` before the first;
    ``rules`` is the version by which reports are traced to their origins.
    """

    policy: int
    scale: str
    scale_version: int
    rules: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def in_force(scale: RatingScale) -> Method:
    """The method of whoever judges on this scale now."""
    newest = Policy.objects.order_by("-pk").values_list("pk", flat=True).first()
    return Method(
        policy=newest or AS_SHIPPED,
        scale=scale.slug,
        scale_version=scale.version,
        rules=RULE_VERSION,
    )
