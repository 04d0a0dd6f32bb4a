"""What can be done to many claims at once: each act names the verb that does it to one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from claims.errors import Forbidden, Invalid, Problem
from claims.models import Actor, Claim, User
from claims.models import Tag as TagName
from reviews.models import BulkAct
from reviews.workflow.amend import Amendment, edit, may_edit
from reviews.workflow.step import DISMISSAL_REASONS, Step, Wish
from reviews.workflow.table import TRANSITIONS
from reviews.workflow.transition import WORDS_MAX, refuse_role, transition, unmet_conditions

State = Claim.State
TAG_MAX, TAGS_MAX, PEOPLE_MAX = 80, 50, 50
# Of what is foreseen: not a refusal, but nothing to do.
AS_IT_IS = "as_it_is"
_CLOSED = {
    State.PUBLISHED: "It is published: fields change while a claim is incoming or in checking.",
    State.DISMISSED: "It is not taken up: fields change while a claim is incoming or in checking.",
}


_PEOPLE = User.objects.filter(assigned_claims=OuterRef("pk")).values("username")
_TAGS = TagName.objects.filter(claims=OuterRef("pk")).values("name")


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Why a claim will stay as it is: the verb's code, and a sentence."""

    code: str
    why: str


class Act(Protocol):
    """One kind of bulk act with what was asked for. ``do`` raises whatever the verb raises."""

    kind: ClassVar[str]
    beside: ClassVar[Mapping[str, Any]]
    """What ``foresee`` looks at beside the row, as annotations of the claims it is given."""

    def problems(self) -> list[Problem]:
        """What cannot be used of the wish, field by field."""

    def foresee(self, claim: Claim, by: Actor) -> Foreseen | None:
        """Why this claim will stay, from its row, tags and people alone: no look at its rounds."""

    def do(self, claim: Claim, *, by: Actor, version: int) -> Claim:
        """Do it to one claim, locked by the caller, if it is still at this version."""


@dataclass(frozen=True, slots=True)
class Assign:
    """People get the claims, beside or instead of those who have them. None: nobody has them."""

    kind: ClassVar[str] = BulkAct.Kind.ASSIGN
    beside: ClassVar[Mapping[str, Any]] = {"people_there": ArraySubquery(_PEOPLE)}
    people: Sequence[str]
    instead: bool = False

    def problems(self) -> list[Problem]:
        if not self.people and not self.instead:
            return [Problem("/people", "Name whom you assign them to.")]
        if len(self.people) > PEOPLE_MAX:
            return [Problem("/people", f"Name at most {PEOPLE_MAX} people.")]
        here = User.objects.filter(username__in=self.people, is_active=True)
        known = set(here.values_list("username", flat=True))
        return [
            Problem("/people", f"There is no colleague called “{name}”.")
            for name in self.people
            if name not in known
        ]

    def foresee(self, claim: Claim, by: Actor) -> Foreseen | None:
        if closed := _why_no_edit(claim, by):
            return closed
        return _as_it_is(self._wanted(claim) == _assigned(claim))

    def do(self, claim: Claim, *, by: Actor, version: int) -> Claim:
        return _edit(claim, {"assigned_to": sorted(self._wanted(claim))}, by, version)

    def _wanted(self, claim: Claim) -> set[str]:
        return set(self.people) if self.instead else set(self.people) | _assigned(claim)


@dataclass(frozen=True, slots=True)
class Due:
    """When the claims are due: an RFC 3339 time, or empty for not at all."""

    kind: ClassVar[str] = BulkAct.Kind.DUE
    beside: ClassVar[Mapping[str, Any]] = {}
    at: str

    def problems(self) -> list[Problem]:
        try:
            at = self._moment
        except ValueError:
            return [Problem("/at", "Use a day and a time.")]
        if at is not None and at.tzinfo is None:
            return [Problem("/at", "Say in which time zone.")]
        return []

    def foresee(self, claim: Claim, by: Actor) -> Foreseen | None:
        return _why_no_edit(claim, by) or _as_it_is(claim.due_at == self._moment)

    def do(self, claim: Claim, *, by: Actor, version: int) -> Claim:
        return _edit(claim, {"due_at": self._moment}, by, version)

    @property
    def _moment(self) -> datetime | None:
        return datetime.fromisoformat(self.at) if self.at else None


@dataclass(frozen=True, slots=True)
class Tag:
    """Tags the claims get and lose; a new name makes a new tag."""

    kind: ClassVar[str] = BulkAct.Kind.TAG
    beside: ClassVar[Mapping[str, Any]] = {"tags_there": ArraySubquery(_TAGS)}
    add: Sequence[str] = ()
    remove: Sequence[str] = ()

    def problems(self) -> list[Problem]:
        if not self.add and not self.remove:
            return [Problem("/add", "Name a tag to add or to take away.")]
        found = []
        for field, names in (("/add", self.add), ("/remove", self.remove)):
            if len(names) > TAGS_MAX:
                found.append(Problem(field, f"Name at most {TAGS_MAX} tags."))
            if any(len(name) > TAG_MAX or "\0" in name for name in names):
                found.append(Problem(field, f"Keep a tag under {TAG_MAX} characters."))
        both = sorted(set(self.add) & set(self.remove))
        if both:
            found.append(Problem("/remove", f"“{both[0]}” cannot be added and taken away."))
        return found

    def foresee(self, claim: Claim, by: Actor) -> Foreseen | None:
        return _why_no_edit(claim, by) or _as_it_is(self._wanted(claim) == _tags(claim))

    def do(self, claim: Claim, *, by: Actor, version: int) -> Claim:
        return _edit(claim, {"tags": sorted(self._wanted(claim))}, by, version)

    def _wanted(self, claim: Claim) -> set[str]:
        return (_tags(claim) | set(self.add)) - set(self.remove)


@dataclass(frozen=True, slots=True)
class Dismiss:
    """The claims are not taken up, each with the same reason of the list and the same note."""

    kind: ClassVar[str] = BulkAct.Kind.DISMISS
    beside: ClassVar[Mapping[str, Any]] = {}
    reason: str
    note: str

    def problems(self) -> list[Problem]:
        found = []
        if self.reason not in DISMISSAL_REASONS:
            found.append(Problem("/reason", "Choose a reason of the list."))
        if not self.note.strip():
            found.append(Problem("/note", "Say why: this stays on record."))
        if len(self.note) > WORDS_MAX:
            found.append(Problem("/note", f"Keep it under {WORDS_MAX:,} characters."))
        return found

    def foresee(self, claim: Claim, by: Actor) -> Foreseen | None:
        change = TRANSITIONS["dismiss"]
        if claim.state == State.DISMISSED:
            return Foreseen(AS_IT_IS, "It is not taken up, or withdrawn, already.")
        if claim.state not in change.sources:
            return Foreseen("illegal_transition", "It is published: withdraw it instead.")
        # Only what was published once can be out now; asking for each would be a long preview.
        if claim.published_version is None:
            return None
        step = Step(claim, by, Wish(), "dismiss", claim.state, change.target)
        unmet = unmet_conditions(change, step)
        return Foreseen("unmet", f"{unmet[0].message} {unmet[0].fix}") if unmet else None

    def do(self, claim: Claim, *, by: Actor, version: int) -> Claim:
        wish = Wish(reason=self.reason, note=self.note)
        return transition(claim, "dismiss", by=by, wish=wish, version=version)


ACTS: Mapping[str, Callable[..., Act]] = {
    Assign.kind: Assign,
    Due.kind: Due,
    Tag.kind: Tag,
    Dismiss.kind: Dismiss,
}
"""Every kind of bulk act by its name."""


def may_ask(kind: str, by: Actor) -> None:
    """Role alone, before anything else is looked at. An unknown act is Invalid."""
    if kind not in ACTS:
        raise Invalid.at("/act", f"There are these acts: {', '.join(ACTS)}.")
    by.need("claims:write")
    if by.person is None:
        raise Forbidden("A bulk act is a person’s.")
    if kind == Dismiss.kind:
        refuse_role(TRANSITIONS["dismiss"], by)


def kinds_for(by: Actor) -> list[BulkAct.Kind]:
    """The acts this person may ask for."""
    found = []
    for kind in BulkAct.Kind:
        try:
            may_ask(kind, by)
        except Forbidden:
            continue
        found.append(kind)
    return found


def act_of(row: BulkAct) -> Act:
    """The act as it was asked for."""
    return ACTS[row.kind](**row.wish)


def as_json(act: Act) -> dict[str, Any]:
    """What a row keeps of it."""
    return asdict(act)  # type: ignore[call-overload, no-any-return]


def _edit(claim: Claim, changes: Mapping[str, Any], by: Actor, version: int) -> Claim:
    return edit(claim, Amendment(changes, one_of_many=True), by=by, version=version)


def _why_no_edit(claim: Claim, by: Actor) -> Foreseen | None:
    try:
        may_edit(claim, by)
    except Forbidden as refusal:
        return Foreseen(refusal.reason, refusal.message)
    closed = _CLOSED.get(State(claim.state))
    return Foreseen("illegal_transition", closed) if closed else None


def _as_it_is(so: bool) -> Foreseen | None:  # noqa: FBT001 - read as a question
    return Foreseen(AS_IT_IS, "It is so already.") if so else None


def _assigned(claim: Claim) -> set[str]:
    there = getattr(claim, "people_there", None)
    return set(claim.assigned_to.values_list("username", flat=True) if there is None else there)


def _tags(claim: Claim) -> set[str]:
    there = getattr(claim, "tags_there", None)
    return set(claim.tags.values_list("name", flat=True) if there is None else there)
