"""What can happen to a claim. One dataclass an event; its fields are its payload.

A field named in ``private`` goes into the log as a salted commitment only; the rest is public
from the first second, so it never holds anything of a claim's content.
"""

import re
from dataclasses import dataclass, fields
from typing import Any, ClassVar

OWN_EVENT = re.compile(r"x-[a-z0-9.-]{1,40}")


@dataclass(frozen=True, slots=True)
class Event:
    """The base of all events. ``type`` is the name in the log."""

    type: ClassVar[str]
    private: ClassVar[frozenset[str]] = frozenset()

    def payload(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The public facts and the committed ones; a committed field left None is absent."""
        public, committed = {}, {}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name not in self.private:
                public[field.name] = value
            elif value is not None:
                committed[field.name] = value
        return public, committed


@dataclass(frozen=True, slots=True)
class ClaimCreated(Event):
    """A claim came onto the desk."""

    type: ClassVar[str] = "claim.created"
    private: ClassVar[frozenset[str]] = frozenset({"text"})
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class ClaimEdited(Event):
    """The words of a claim were changed; whoever did it is an author from now on."""

    type: ClassVar[str] = "claim.edited"
    private: ClassVar[frozenset[str]] = frozenset({"text"})
    text: str


@dataclass(frozen=True, slots=True)
class ClaimAmended(Event):
    """Something about a claim other than its words was changed; which fields, not to what."""

    type: ClassVar[str] = "x-claim.amended"
    private: ClassVar[frozenset[str]] = frozenset({"values"})
    fields: list[str]
    values: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class EvidenceAttached(Event):
    """A piece of evidence was added."""

    type: ClassVar[str] = "evidence.attached"
    private: ClassVar[frozenset[str]] = frozenset({"capture_sha256", "content"})
    evidence: str
    capture_sha256: str
    content: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class EvidenceChanged(Event):
    """A piece of evidence was changed or removed before anybody relied on it."""

    type: ClassVar[str] = "x-evidence.changed"
    private: ClassVar[frozenset[str]] = frozenset({"content"})
    evidence: str
    removed: bool = False
    content: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class EvidenceSignedOff(Event):
    """An editor vouches for evidence that stays sealed."""

    type: ClassVar[str] = "x-evidence.signed-off"
    evidence: str


@dataclass(frozen=True, slots=True)
class EvidenceWithdrawn(Event):
    """A piece of evidence no longer counts; it stays visible, with the reason."""

    type: ClassVar[str] = "evidence.withdrawn"
    private: ClassVar[frozenset[str]] = frozenset({"capture_sha256", "reason"})
    evidence: str
    capture_sha256: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ProvenanceDecided(Event):
    """A person confirmed, rejected, added or resolved a link of the chain."""

    type: ClassVar[str] = "x-provenance.decided"
    private: ClassVar[frozenset[str]] = frozenset({"link", "note"})
    what: str
    subject: str
    status: str
    link: dict[str, Any] | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CoverageAsked(Event):
    """Somebody sent the desk to look for coverage."""

    type: ClassVar[str] = "x-coverage.asked"
    run: str


@dataclass(frozen=True, slots=True)
class CoverageFinished(Event):
    """A look for coverage ended, one way or another."""

    type: ClassVar[str] = "x-coverage.finished"
    run: str
    status: str
    articles: int


@dataclass(frozen=True, slots=True)
class OutletChanged(Event):
    """An editor said how an outlet is called, whose it is, or that it is another one."""

    type: ClassVar[str] = "x-outlet.changed"
    outlet: str
    fields: list[str]
    merged_into: str | None


@dataclass(frozen=True, slots=True)
class ClaimantChanged(Event):
    """An editor said which side a claimant is on; not which."""

    type: ClassVar[str] = "x-claimant.changed"
    claimant: str
    fields: list[str]


@dataclass(frozen=True, slots=True)
class OriginsGrew(Event):
    """A published answer rests on a number of origins, and a new one came up."""

    type: ClassVar[str] = "x-origins.grew"
    private: ClassVar[frozenset[str]] = frozenset({"origins", "headline"})
    trace: str
    origins: list[str]
    headline: str


@dataclass(frozen=True, slots=True)
class SourceAltered(Event):
    """Something that a published check cites is gone, changed or moved since."""

    type: ClassVar[str] = "x-evidence.altered"
    private: ClassVar[frozenset[str]] = frozenset({"message"})
    evidence: str
    outcome: str
    message: str


@dataclass(frozen=True, slots=True)
class PersonalDataErased(Event):
    """Salts and values behind some commitments are gone; every byte of the log stays."""

    type: ClassVar[str] = "personal_data.erased"
    targets: list[list[Any]]
    ground: str


@dataclass(frozen=True, slots=True)
class LogNote(Event):
    """A remark about the log itself."""

    type: ClassVar[str] = "log.note"
    text: str
