"""What the desk refuses, and why. Doors turn these into pages and problem documents.

DeskError
├── Invalid      400  what was sent cannot be used, field by field
├── Forbidden    403  role, scope or four_eyes
├── Missing      404  not there, or not for this person to see
├── Conflict     409  not as things stand now: the code says which, ``unmet`` what to do
├── Stale        412  somebody else changed it first
└── Busy         503  try again in a moment
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Unmet:
    """One thing that is missing: a code for machines, a sentence, and what to do about it."""

    code: str
    message: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One field that cannot be used; ``pointer`` is a JSON Pointer (RFC 6901)."""

    pointer: str
    message: str


class DeskError(Exception):
    """Something a user may be told in plain words."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 400

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        unmet: Iterable[Unmet] = (),
        problems: Iterable[Problem] = (),
        retry_after: int = 0,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.reason = code or self.code
        self.unmet = tuple(unmet)
        self.problems = tuple(problems)
        self.retry_after = retry_after
        # Further members of the problem document, as who holds a seat and until when.
        self.extra = dict(extra or {})

    def sentences(self) -> list[str]:
        """Everything a person should read, the gist first."""
        more = [" ".join(filter(None, (item.message, item.fix))) for item in self.unmet]
        return [self.message, *more, *(problem.message for problem in self.problems)]


class Invalid(DeskError):
    """What was sent cannot be used. One problem at a field, or several."""

    code = "invalid"
    status = 400

    @classmethod
    def at(cls, pointer: str, message: str) -> "Invalid":
        return cls(message, problems=(Problem(pointer, message),))


class Forbidden(DeskError):
    """Not for this person: ``role``, ``scope`` or ``four_eyes``."""

    code = "role"
    status = 403


class FourEyes(Forbidden):
    """This person has had a hand in it already; somebody else has to do this."""

    code = "four_eyes"


class Missing(DeskError):
    """Not there, or not for this person to see: the two are told alike."""

    code = "not_found"
    status = 404


class Conflict(DeskError):
    """Not possible as things stand now."""

    code = "illegal_transition"
    status = 409


class Stale(DeskError):
    """Somebody else changed it first."""

    code = "stale"
    status = 412


class Busy(DeskError):
    """The desk is busy for a moment; the same request will do a little later."""

    code = "busy"
    status = 503
