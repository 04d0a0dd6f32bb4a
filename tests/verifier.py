"""An independent reader of the log: checks its rules from the public bytes alone.

Written from docs/reference/log.md, not from the code that writes: it shares nothing with it.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

HEX64 = re.compile(r"[0-9a-f]{64}")
ACTOR = re.compile(r"[usk]:[0-9a-f]{16,64}|system")
AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
OWN = re.compile(r"x-[a-z0-9.-]{1,40}")
KINDS = {"typo", "clarification", "factual_error", "update", "rating_changed", "rechecked"}


@dataclass
class Round:
    needed: int
    reviewers: set[str] = field(default_factory=set)
    revealed: bool = False
    void: bool = False
    adjudicators: set[str] = field(default_factory=set)

    @property
    def open(self) -> bool:
        return not self.revealed and not self.void


@dataclass
class Subject:
    """What the entries of one claim have said so far."""

    state: str = ""
    authors: set[str] = field(default_factory=set)
    rounds: dict[str, Round] = field(default_factory=dict)
    newest: str = ""
    verdicts: dict[str, str] = field(default_factory=dict)
    version: int = 0
    living: bool = False
    suspended_by: str = ""


def broken(bodies: Iterable[bytes]) -> list[str]:
    """Every rule the log breaks, one line each; nothing when it keeps them all."""
    return list(_read(bodies))


def _read(bodies: Iterable[bytes]) -> Iterator[str]:
    subjects: dict[str, Subject] = {}
    ends: dict[str, tuple[int, str]] = {}
    last_at = ""
    for number, body in enumerate(bodies):
        entry = json.loads(body)
        at = f"entry {number} ({entry['type']})"
        yield from (f"{at}: {what}" for what in _form(entry, body, number, last_at))
        last_at = entry["at"]
        claim = entry["claim"]
        if claim is None:
            continue
        seq, before = ends.get(claim, (-1, "0" * 64))
        if (entry["claim_seq"], entry["prev"]) != (seq + 1, before):
            yield f"{at}: breaks the chain of its claim"
        ends[claim] = (entry["claim_seq"], hashlib.sha256(b"\0" + body).hexdigest())
        subject = subjects.setdefault(claim, Subject())
        yield from (f"{at}: {what}" for what in _step(subject, entry))


def _form(entry: dict[str, Any], body: bytes, number: int, last_at: str) -> Iterator[str]:
    members = {"v", "seq", "type", "at", "claim", "claim_seq", "prev", "actor", "data", "private"}
    if set(entry) != members:
        yield "has not exactly the ten members"
    if len(body) > 65_536:
        yield "is too long"
    if (
        json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        != body
    ):
        yield "is not canonical"
    if entry["v"] != 1 or entry["seq"] != number:
        yield "has a wrong number"
    if not AT.fullmatch(entry["at"]) or entry["at"] < last_at:
        yield "has a wrong time"
    if not ACTOR.fullmatch(entry["actor"]):
        yield "has no lawful actor"
    if any(not HEX64.fullmatch(value) for value in entry["private"].values()):
        yield "commits to something that is no digest"
    if entry["claim"] is None and (entry["claim_seq"], entry["prev"]) != (None, None):
        yield "belongs to no claim and has a chain"


def _step(subject: Subject, entry: dict[str, Any]) -> Iterator[str]:
    rule = _RULES.get(entry["type"])
    if rule is not None:
        yield from rule(subject, entry["data"], entry["actor"], entry["private"])
    elif not OWN.fullmatch(entry["type"]):
        yield "is of an unknown type"


def _created(s: Subject, data: Any, actor: str, private: Any) -> Iterator[str]:
    if s.state:
        yield "comes twice"
    if "text" not in private:
        yield "commits to no words"
    s.state = "draft"
    if actor != "system":
        s.authors.add(actor)


def _edited(s: Subject, data: Any, actor: str, private: Any) -> Iterator[str]:
    if "text" not in private:
        yield "commits to no words"
    s.authors.add(actor)


def _state(s: Subject, data: Any, actor: str, private: Any) -> Iterator[str]:
    if data["from"] != s.state:
        yield f"leaves {data['from']} where it is in {s.state}"
    if data["to"] not in {"draft", "checking", "dismissed"}:
        yield f"leads to {data['to']}"
    if data["to"] in {"draft", "dismissed"} and s.living:
        yield "leaves a living publication behind"
    if any(one.open for one in s.rounds.values()):
        yield "happens while a round is open"
    s.state = data["to"]


def _opened(s: Subject, data: Any, actor: str, private: Any) -> Iterator[str]:
    if s.state != "checking":
        yield "opens outside checking"
    if data["round"] in s.rounds:
        yield "has an old name"
    if any(one.open for one in s.rounds.values()):
        yield "opens beside an open one"
    if data["reviews"] < 2:
        yield "wants fewer than two"
    s.rounds[data["round"]] = Round(data["reviews"])
    s.newest = data["round"]


def _reviewed(s: Subject, data: Any, actor: str, private: Any) -> Iterator[str]:
    one = s.rounds.get(data["round"])
    if one is None or not one.open:
        yield "is of no open round"
        return
    if actor in s.authors:
        yield "is by an author"
    if actor in one.reviewers:
        yield "is the second of one person"
    if "rating" not in private or "rating" in data:
        yield "does not keep its rating to itself"
    one.reviewers.add(actor)


def _revealed(s: Subject, data: Any, actor: str, private: Any) -> Iterator[str]:
    one = s.rounds[data["round"]]
    if not one.open or len(one.reviewers) < one.needed:
        yield "comes before all reviews are in"
    one.revealed = True


def _voided(s: Subject, data: Any, actor: str, private: Any) -> Iterator[str]:
    one = s.rounds[data["round"]]
    if one.void:
        yield "comes twice"
    one.void = True


def _verdict(s: Subject, data: Any, actor: str, private: Any) -> Iterator[str]:
    one = s.rounds[data["round"]]
    if not one.revealed or one.void:
        yield "is of a round that is not revealed, or void"
    if data["verdict"] in s.verdicts:
        yield "has an old name"
    if "rating" not in private or "rating" in data:
        yield "does not keep its rating to itself"
    if data["by"] == "adjudication":
        if actor in s.authors | one.reviewers:
            yield "is adjudicated by somebody with a hand in it"
        one.adjudicators.add(actor)
    s.verdicts[data["verdict"]] = data["round"]


def _publishes(s: Subject, data: Any, actor: str) -> Iterator[str]:
    name = s.verdicts.get(data["verdict"], "")
    one = s.rounds.get(name)
    if one is None or name != s.newest or one.void or one.open:
        yield "rests on no standing verdict"
        return
    if not actor.startswith("u:"):
        yield "is by no person"
    if actor in s.authors | one.reviewers | one.adjudicators:
        yield "is by somebody with a hand in it"
    if data["version"] != s.version + 1:
        yield "has a wrong version"
    if not HEX64.fullmatch(data["snapshot_sha256"]):
        yield "names no bytes"


def _published(s: Subject, data: Any, actor: str, private: Any) -> Iterator[str]:
    if s.state != "checking" or s.living:
        yield "is not from checking, or not the first"
    yield from _publishes(s, data, actor)
    s.state, s.living, s.version = "published", True, data["version"]


def _corrected(s: Subject, data: Any, actor: str, private: Any) -> Iterator[str]:
    if not s.living or data["corrects"] != s.version or data["kind"] not in KINDS:
        yield "corrects nothing that lives"
    if data["kind"] == "typo" and s.state != "published":
        yield "is a typo of what is not published"
    yield from _publishes(s, data, actor)
    s.state, s.version = "published", data["version"]


def _withdrawn(s: Subject, data: Any, actor: str, private: Any) -> Iterator[str]:
    if not s.living or s.state not in {"published", "checking"} or data["kind"] != "withdrawal":
        yield "takes back nothing that lives"
    if any(one.open for one in s.rounds.values()):
        yield "happens while a round is open"
    s.state, s.living = "dismissed", False


def _suspended(s: Subject, data: Any, actor: str, private: Any) -> Iterator[str]:
    if not s.living or s.suspended_by:
        yield "holds back nothing that is shown"
    s.suspended_by = actor


def _restored(s: Subject, data: Any, actor: str, private: Any) -> Iterator[str]:
    if not s.living or not s.suspended_by or s.suspended_by == actor:
        yield "brings back nothing, or by the same person"
    s.suspended_by = ""


def _evidence(s: Subject, data: Any, actor: str, private: Any) -> Iterator[str]:
    if "evidence" not in data or "capture_sha256" not in private:
        yield "names no evidence, or commits to no bytes"


_RULES = {
    "claim.created": _created,
    "claim.edited": _edited,
    "state.changed": _state,
    "round.opened": _opened,
    "review.submitted": _reviewed,
    "round.revealed": _revealed,
    "round.voided": _voided,
    "verdict.recorded": _verdict,
    "claim.published": _published,
    "correction.issued": _corrected,
    "claim.withdrawn": _withdrawn,
    "claim.suspended": _suspended,
    "claim.restored": _restored,
    "evidence.attached": _evidence,
    "evidence.withdrawn": _evidence,
}
