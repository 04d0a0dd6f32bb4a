"""Reviews and the finding: seats, what is hidden and what is open, and what one may do now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch
from django.utils.translation import gettext as _

from claims.admin.acts import Forms, GuardedPlain
from claims.models import Actor, Claim, Role, User
from reviews import rounds
from reviews.admin.difference import Change, difference, plain
from reviews.admin.forms.ahead import ReasonForm
from reviews.admin.forms.judging import AgreeForm, FindingForm, RatingForm, ReviewForm, SeatForm
from reviews.admin.parts.evidence import Proof
from reviews.models import (
    SEATS,
    Finding,
    FindingAgreement,
    Lease,
    Rating,
    ReconcileVote,
    Review,
    ReviewDraft,
    ReviewEvidence,
    Round,
    Verdict,
)
from reviews.verdicts.earlier import Earlier, earlier_verdicts

Stage = Claim.Stage
LEAD = SEATS[0]


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat of the newest round: free, held, or with its review in."""

    name: str
    holder: str
    until: datetime | None
    reviewer: str
    in_at: datetime | None
    mine: bool
    lease: UUID | None
    take: Any

    @property
    def leads(self) -> bool:
        return self.name == LEAD


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the text, with what it changed of the one before."""

    finding: Finding
    agreed: Sequence[tuple[str, datetime]]
    changes: Sequence[Change]
    sentences: Sequence[Mapping[str, Any]]


@dataclass(slots=True)
class Judging:
    """What the page shows of reviews and finding, and the forms one may fill in now."""

    round: Round | None = None
    earlier: Sequence[Round] = ()
    seats: Sequence[Seat] = ()
    mine: Lease | None = None
    reviews: Sequence[Review] = ()
    earlier_reviews: Mapping[Any, Sequence[Review]] = field(default_factory=dict)
    votes: Mapping[str, str] = field(default_factory=dict)
    verdict: Verdict | None = None
    ratings: Sequence[Rating] = ()
    given: Sequence[Rating] = ()
    versions: Sequence[Version] = ()
    closed: str = ""
    draft_at: datetime | None = None
    review_form: Any = None
    reconcile_form: Any = None
    ask_form: Any = None
    adjudicate_form: Any = None
    adjudicate_closed: str = ""
    finding_form: Any = None
    agree_form: Any = None
    agree_closed: str = ""
    skip_form: Any = None
    # None until one has a rating of one's own: an earlier verdict must not lead it.
    earlier_verdicts: Sequence[Earlier] | None = None
    sat: bool = False

    @property
    def revealed(self) -> bool:
        return self.round is not None and self.round.revealed_at is not None

    @property
    def present(self) -> Version | None:
        return self.versions[0] if self.versions else None


def judging_of(
    claim: Claim,
    by: Actor,
    *,
    all_rounds: Sequence[Round],
    leases: Sequence[Lease],
    proof: Proof,
    page_forms: Forms,
) -> Judging:
    """Everything about the newest round that this actor may see; ``all_rounds`` newest first."""
    part = Judging()
    if not all_rounds:
        return part
    part.round, part.earlier = all_rounds[0], all_rounds[1:]
    person = by.person
    part.mine = next((one for one in leases if person and one.holder_id == person.pk), None)
    _read_reviews(part, claim, by)
    taken = _taken(part)
    part.sat = person is not None and any(row[3] == person.pk for row in taken)
    part.verdict = getattr(part.round, "verdict", None)
    part.closed = _why_closed(claim, part.round, by, sat=part.sat)
    part.seats = _seats(part, taken, leases, person, page_forms)
    if part.round.is_open:
        _offer_review(part, claim, by, proof, page_forms)
        _compare(part, claim, by)
    elif part.revealed and not part.round.is_void:
        _offer_settling(part, claim, by, page_forms)
        _read_versions(part, proof)
        _offer_finding(part, claim, by, proof, page_forms)
    return part


def _read_reviews(part: Judging, claim: Claim, by: Actor) -> None:
    """Every review this actor may read, of all rounds, through the one blind method."""
    rows = (
        Review.objects.visible_to(by)
        .filter(round__claim=claim)
        .select_related("rating", "reviewer")
        .annotate(
            cited_keys=ArraySubquery(
                ReviewEvidence.objects.filter(review=OuterRef("pk")).values("evidence_id")
            )
        )
        .order_by("submitted_at")
    )
    by_round: dict[Any, list[Review]] = {}
    for row in rows:
        by_round.setdefault(row.round_id, []).append(row)
    part.reviews = by_round.pop(part.round.pk, []) if part.round is not None else []
    part.earlier_reviews = by_round
    seen: dict[Any, Rating] = {row.rating_id: row.rating for row in part.reviews}
    part.given = list(seen.values())


def _taken(part: Judging) -> list[tuple[str, str, datetime, Any]]:
    """Which seats have their review in, by whom and when: that much is never hidden."""
    if part.revealed:
        return [
            (row.seat, row.reviewer.get_username(), row.submitted_at, row.reviewer_id)
            for row in part.reviews
        ]
    return list(
        Review.objects.filter(round=part.round).values_list(
            "seat", "reviewer__username", "submitted_at", "reviewer"
        )
    )


def _why_closed(claim: Claim, round_: Round, by: Actor, *, sat: bool) -> str:
    """Why this person cannot take a seat, in words; empty where they can."""
    if not by.may("reviews:write") or by.person is None:
        return _("Reviews are written by reviewers.")
    if not round_.is_open:
        return ""
    if sat:
        return _("Your review is in. It is read when the last one is in too.")
    why = rounds.why_not_review(claim, by.person)
    return why or rounds.why_not_this_seat(round_, by.person) or ""


def _seats(
    part: Judging,
    taken: Sequence[tuple[str, str, datetime, Any]],
    leases: Sequence[Lease],
    person: User | None,
    page_forms: Forms,
) -> list[Seat]:
    assert part.round is not None  # noqa: S101 - the caller looked
    reviews = {seat: (name, at) for seat, name, at, _key in taken}
    held = {lease.seat: lease for lease in leases}
    seats = []
    for name in part.round.seats:
        lease = held.get(name)
        reviewer, in_at = reviews.get(name, ("", None))
        mine = lease is not None and person is not None and lease.holder_id == person.pk
        may_take = part.round.is_open and not part.closed and not reviewer and part.mine is None
        seats.append(
            Seat(
                name=name,
                holder=lease.holder.get_username() if lease and lease.holder else "",
                until=lease.expires_at if lease else None,
                reviewer=reviewer,
                in_at=in_at,
                mine=mine,
                lease=lease.key if lease else None,
                take=page_forms.of(SeatForm, "take_seat", "") if may_take else None,
            )
        )
    return seats


def _offer_review(part: Judging, claim: Claim, by: Actor, proof: Proof, page_forms: Forms) -> None:
    refused: Any = page_forms.was_refused("review") or page_forms.was_refused("save_draft")
    if part.mine is not None or refused is not None:
        part.ratings = _ratings(part)
        draft = ReviewDraft.objects.filter(round=part.round, writer=by.person).first()
        typed = draft.typed if draft is not None else {}
        part.draft_at = draft.saved_at if draft is not None else None
        form = refused or page_forms.of(ReviewForm, "review", "", typed)
        part.review_form = form.over(proof.choices).with_sentences(
            proof.choices, typed.get("sentences", [])
        )
    if not part.closed and part.mine is None:
        part.skip_form = page_forms.of(ReasonForm, "skip")


def _compare(part: Judging, claim: Claim, by: Actor) -> None:
    """Verdicts on nearly the same words, for who has a rating in their draft or handed one in."""
    own = next((one.rating for one in part.reviews if by.is_person(one.reviewer)), None)
    if own is None and part.mine is not None and part.review_form is not None:
        chosen = part.review_form["rating"].value()
        own = next((one for one in part.ratings if one.code == chosen), None)
    if own is not None:
        part.earlier_verdicts = earlier_verdicts(claim, by=by, own=own)


def _offer_settling(part: Judging, claim: Claim, by: Actor, page_forms: Forms) -> None:
    """Reconcile, ask, decide: as the stage and this actor's part in the round allow."""
    if claim.stage not in {Stage.DISPUTED, Stage.ADJUDICATION}:
        return
    votes = ReconcileVote.objects.filter(round=part.round).select_related("rating", "reviewer")
    part.votes = {
        vote.reviewer.get_username(): str(vote.rating) for vote in votes.order_by("at", "pk")
    }
    if claim.stage == Stage.DISPUTED:
        if part.sat:
            part.reconcile_form = page_forms.of(RatingForm, "reconcile")
        if part.sat or by.may("publish"):
            part.ask_form = page_forms.of(GuardedPlain, "ask_decision")
    if by.may("publish") and by.holds(Role.EDITOR) and by.person and part.round:
        part.adjudicate_closed = rounds.why_not_adjudicate(claim, part.round, by.person) or ""
        if not part.adjudicate_closed:
            part.ratings = _ratings(part)
            part.adjudicate_form = page_forms.of(RatingForm, "adjudicate")


def _ratings(part: Judging) -> list[Rating]:
    return list(part.round.scale.ratings.all()) if part.round is not None else []


def _read_versions(part: Judging, proof: Proof) -> None:
    assert part.round is not None  # noqa: S101 - the caller looked
    rows = list(
        part.round.findings.select_related("author").prefetch_related(
            Prefetch("agreements", FindingAgreement.objects.select_related("reviewer"))
        )
    )
    numbers = proof.numbers
    for row, before in zip(rows, [*rows[1:], None], strict=True):
        changes: Sequence[Change] = ()
        if before is not None:
            changes = difference(
                _plain(before),
                _plain(row),
            )
        agreed = [(one.reviewer.get_username(), one.agreed_at) for one in row.agreements.all()]
        sentences = [
            {**one, "numbers": [numbers[key] for key in one["evidence"] if key in numbers]}
            for one in row.sentences
        ]
        part.versions = [*part.versions, Version(row, agreed, changes, sentences)]


def _plain(version: Finding) -> str:
    return plain(version.headline, version.answer, version.sentences, version.looked_against)


def _offer_finding(
    part: Judging, claim: Claim, by: Actor, proof: Proof, page_forms: Forms
) -> None:
    if claim.state != Claim.State.CHECKING or by.person is None:
        return
    present = part.present
    edits = by.may("publish") and by.holds(Role.EDITOR)
    if edits or (part.sat and by.may("reviews:write")):
        initial: dict[str, Any] = {}
        sentences: Sequence[Mapping[str, Any]] = ()
        if present is not None:
            initial = {
                "headline": present.finding.headline,
                "answer": present.finding.answer,
                "looked_against": present.finding.looked_against,
                "number": present.finding.number,
            }
            sentences = present.finding.sentences
        form = page_forms.of(FindingForm, "write_finding", "", initial)
        part.finding_form = form.with_sentences(proof.choices, sentences)
    if not (part.sat and by.may("reviews:write")) or present is None:
        return
    if present.finding.author_id == by.person.pk:
        part.agree_closed = _("You wrote this version, so another reviewer has to agree to it.")
    elif any(name == by.person.get_username() for name, _at in present.agreed):
        part.agree_closed = _("You stand by this version.")
    else:
        part.agree_form = page_forms.of(AgreeForm, "agree", "", {"number": present.finding.number})
