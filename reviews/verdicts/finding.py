"""The text that gives the answer: written in versions, agreed by a second person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from claims.errors import Forbidden, FourEyes, Invalid, Problem, Stale
from claims.ledger.record import record
from claims.models import Actor, Claim, Evidence, Role, User
from reviews import rounds
from reviews.errors import IllegalTransition
from reviews.events import FindingAgreed, FindingWritten
from reviews.models import Finding, FindingAgreement, Round
from reviews.stage import present_finding, restage
from reviews.verdicts.cite import cited_evidence

HEADLINE_MAX = 300
ANSWER_MAX = 2_000
LOOKED_MAX = 5_000
SENTENCE_MAX = 5_000
SENTENCES_MAX = 200
TEXT_MAX = 50_000


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with the evidence it stands on, or marked as the desk's own judgement."""

    text: str
    evidence: tuple[str, ...] = ()
    judgement: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A finding as it is handed in.

    ``looked_against`` says where evidence against it was looked for and what was found ("none"
    is an answer); None leaves what an earlier version said of it.
    """

    headline: str
    answer: str
    sentences: tuple[Sentence, ...]
    looked_against: str | None = None

    def as_json(self) -> dict[str, Any]:
        said = {
            "headline": self.headline,
            "answer": self.answer,
            "sentences": [
                {"text": one.text, "evidence": list(one.evidence), "judgement": one.judgement}
                for one in self.sentences
            ],
        }
        return (
            said if self.looked_against is None else said | {"looked_against": self.looked_against}
        )

    def after(self, present: Finding | None) -> "Text":
        """The same with what the present version says and this one leaves open."""
        if self.looked_against is not None:
            return self
        return replace(self, looked_against=present.looked_against if present else "")

    def check(self) -> None:
        """Refuse what is empty or too long, all of it at once."""
        problems = [*_length("headline", self.headline, HEADLINE_MAX)]
        problems += _length("answer", self.answer, ANSWER_MAX)
        if not self.sentences:
            problems.append(Problem("/finding/sentences", "Write at least one sentence."))
        if len(self.sentences) > SENTENCES_MAX:
            problems.append(
                Problem("/finding/sentences", f"Keep it under {SENTENCES_MAX} sentences.")
            )
        if len(self.looked_against or "") > LOOKED_MAX:
            problems.append(
                Problem("/finding/looked_against", f"Keep this under {LOOKED_MAX:,} characters.")
            )
        for position, one in enumerate(self.sentences):
            problems += _length(f"sentences/{position}/text", one.text, SENTENCE_MAX)
        if sum(len(one.text) for one in self.sentences) > TEXT_MAX:
            problems.append(
                Problem("/finding", f"Keep the finding under {TEXT_MAX:,} characters.")
            )
        if problems:
            raise Invalid("The finding cannot be used as it is.", problems=problems)

    def cited(self, claim: Claim) -> list[Evidence]:
        """All evidence the sentences cite; refuses what cannot be cited, at its sentence."""
        found: dict[Any, Evidence] = {}
        for position, one in enumerate(self.sentences):
            at = f"/finding/sentences/{position}/evidence"
            for item in cited_evidence(claim, one.evidence, pointer=at):
                found.setdefault(item.pk, item)
        return list(found.values())


def text_of(finding: Finding) -> Text:
    """A stored version as the text it was handed in as."""
    return Text(
        headline=finding.headline,
        answer=finding.answer,
        sentences=tuple(
            Sentence(one["text"], tuple(one["evidence"]), one.get("judgement", False))
            for one in finding.sentences
        ),
        looked_against=finding.looked_against,
    )


@transaction.atomic
def write(claim: Claim, text: Text, *, by: Actor, number: int | None = None) -> Finding:
    """Write a new version after the reveal: by a reviewer of the round or an editor.

    ``number`` is the version it was written from; where another came meanwhile it raises Stale.
    """
    may_write(claim, by)
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    person = may_write(claim, by)
    round_ = rounds.newest(claim)
    text.check()
    text.cited(claim)
    round_ = _revealed(claim, round_)
    present = present_finding(round_)
    _refuse_stale(present, number)
    text = text.after(present)
    if present is not None and text_of(present) == text:
        return present
    finding = Finding.objects.create(
        round=round_,
        number=(present.number if present is not None else 0) + 1,
        author=person,
        **text.as_json(),
    )
    restage(claim)
    record(
        FindingWritten(round=str(round_.pk), number=finding.number, finding=text.as_json()),
        claim=claim,
        actor=by,
    )
    return finding


@transaction.atomic
def agree(claim: Claim, *, by: Actor, number: int | None = None) -> Finding:
    """A reviewer of the round who did not write the present version stands by it.

    ``number`` is the version that was read; where another came meanwhile it raises Stale.
    """
    may_agree(claim, by)
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    person = may_agree(claim, by)
    round_ = _revealed(claim, rounds.newest(claim))
    finding = present_finding(round_)
    if finding is None:
        raise IllegalTransition("There is no text to agree to yet.")
    _refuse_stale(finding, number)
    _, new = FindingAgreement.objects.get_or_create(finding=finding, reviewer=person)
    if new:
        restage(claim)
        record(FindingAgreed(round=str(round_.pk), number=finding.number), claim=claim, actor=by)
    return finding


def versions(round_: Round) -> Sequence[Finding]:
    """All versions of a revealed round's text, newest first."""
    return list(round_.findings.select_related("author").prefetch_related("agreements__reviewer"))


def may_write(claim: Claim, by: Actor) -> User:
    """The writer behind ``by``, or a refusal for role: asked by doors before anything else."""
    if by.person is not None and by.holds(Role.EDITOR) and by.may("publish"):
        return by.person
    if "publish" not in by.scopes:
        by.need("reviews:write")
    round_ = rounds.newest(claim)
    if by.person is None or (round_ is not None and not rounds.sat_in(round_, by.person)):
        raise Forbidden("Only the round’s reviewers and editors write its text.")
    return by.person


def may_agree(claim: Claim, by: Actor) -> User:
    """The reviewer behind ``by``, or a refusal: role first, then the four eyes."""
    by.need("reviews:write")
    round_ = rounds.newest(claim)
    if by.person is None or (round_ is not None and not rounds.sat_in(round_, by.person)):
        raise Forbidden("Only a reviewer of this round can agree to its text.")
    present = present_finding(round_) if round_ is not None else None
    if present is not None and present.author_id == by.person.pk:
        raise FourEyes("You wrote this version, so the other reviewer has to agree to it.")
    return by.person


def _refuse_stale(present: Finding | None, number: int | None) -> None:
    """Refuse what was meant for another version than the present one; the claim is locked."""
    if number is not None and present is not None and present.number != number:
        raise Stale("A newer version of the text was written meanwhile. Read it first.")


def _revealed(claim: Claim, round_: Round | None) -> Round:
    if claim.state != Claim.State.CHECKING:
        raise IllegalTransition("This claim is not in checking; a published text is corrected.")
    if round_ is None or round_.revealed_at is None or round_.is_void:
        raise IllegalTransition("The text is open to all once both reviews are in.")
    return round_


def _length(field: str, words: str, longest: int) -> list[Problem]:
    if not words.strip():
        return [Problem(f"/finding/{field}", "This is empty; write it, or take it out.")]
    if len(words) > longest:
        return [Problem(f"/finding/{field}", f"Keep this under {longest:,} characters.")]
    return []
