"""What looking in a place gave: pages, leads, and what was lost on the way."""

from dataclasses import dataclass
from uuid import UUID

HITS_MAX = 200
"""So many pages of one place are looked at in a run."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that a provider named. ``page``: where its bytes lie in the local archive."""

    url: str
    title: str = ""
    page: UUID | None = None


@dataclass(frozen=True, slots=True)
class Lead:
    """Something to look at that is no coverage: an encyclopedia, a check by others, a snapshot.

    ``published``: the day, or the date as it was written where that tells none.
    """

    url: str
    title: str
    snippet: str
    kind: str
    outlet: str = ""
    published: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Loss:
    """Something a provider could not give, in a sentence; the rest of its answer stands."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Answer:
    hits: tuple[Hit, ...] = ()
    losses: tuple[Loss, ...] = ()
    leads: tuple[Lead, ...] = ()
