"""What one step carries from the door to its effect."""

from collections.abc import Callable
from dataclasses import dataclass, field

from claims.ledger.events import Event
from claims.models import Actor, Claim
from reviews.events import StateChanged
from reviews.gates import Case

DISMISSAL_REASONS = frozenset(
    "opinion prediction satire not_in_public_interest already_checked not_checkable_now"
    " duplicate out_of_scope safety".split()
)


@dataclass(frozen=True, slots=True)
class OverrideWish:
    """A gate an editor passes over, with the words the public page shows.

    ``reason`` is one of the desk's list, or empty; it and ``private_note`` stay at the desk.
    """

    code: str
    note: str
    private_note: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller says beside the name of the transition."""

    reason: str = ""
    note: str = ""
    kind: str = ""
    overrides: tuple[OverrideWish, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a page has just read, so that saying what can happen does not ask for it again.

    ``case`` is what the gates look at; ``out`` says whether a published check stands.
    """

    case: Case
    out: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One transition under way: the locked claim, who asks, what they say, where it leads."""

    claim: Claim
    by: Actor
    wish: Wish
    name: str
    source: str
    target: str
    # Never set by a verb: under the claim's lock everything is read anew.
    looked: Looked | None = None

    def moved(self) -> StateChanged:
        """The entry for this change of state."""
        return StateChanged(
            source=self.source,
            target=self.target,
            transition=self.name,
            reason=self.wish.reason,
            note=self.wish.note,
        )


# An effect writes what belongs to the change and returns its events, in the order of the log.
Effect = Callable[[Step], list[Event]]
