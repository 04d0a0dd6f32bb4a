"""One reviewer's rating, from a seat, unseen by the others."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from claims.errors import FourEyes, Invalid
from claims.ledger.canonical import canonical
from claims.ledger.events import Event
from claims.ledger.record import record
from claims.models import Actor, Claim, Evidence, Role, User
from reviews import method, notices, rounds
from reviews.errors import AlreadyReviewed, IllegalTransition, LeaseRequired
from reviews.events import ReviewSubmitted
from reviews.models import (
    SEATS,
    Finding,
    Lease,
    Rating,
    Review,
    ReviewDraft,
    ReviewEvidence,
    Round,
)
from reviews.scales import rating_of
from reviews.stage import restage
from reviews.verdicts.cite import cited_evidence
from reviews.verdicts.finding import Text
from reviews.verdicts.settle import reveal_if_complete, scale_of

REASON_MAX = 20_000
INTEREST_MAX = 2_000
CONFIDENCES = ("", "low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Rated:
    """What a reviewer hands in. ``text`` is the finding, the lead's alone.

    ``has_interest`` is False for "I have none", True with what it is in words, None where
    nobody asked.
    """

    rating: str
    reason: str
    evidence: Sequence[str] = ()
    confidence: str = ""
    has_interest: bool | None = None
    conflict_of_interest: str = ""
    text: Text | None = None


def may_review(claim: Claim, by: Actor) -> User:
    """The person behind ``by``, or a refusal: role first, then the four eyes."""
    by.need("reviews:write")
    if by.person is None:
        raise FourEyes("A review is a person’s; a service cannot write one.")
    why = rounds.why_not_review(claim, by.person)
    if why:
        raise FourEyes(why)
    return by.person


@transaction.atomic
def submit(claim: Claim, rated: Rated, *, by: Actor) -> Review:
    """Hand in a review; the last one of a round reveals it and may settle the verdict.

    Raises Forbidden, FourEyes, Invalid, IllegalTransition, AlreadyReviewed, LeaseRequired.
    """
    person = may_review(claim, by)
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    may_review(claim, by)  # an edit of the words may have made this person an author meanwhile
    round_ = rounds.open_round(claim)
    rating = rating_of(scale_of(round_), rated.rating)
    cited = _cited(claim, rated)
    _check_words(rated)
    round_ = _still_open(claim, round_, person)
    lease = _seat(claim, round_, person, rated)
    review = _write(round_, person, lease, rated, rating, cited)
    rounds.free_seats(claim.pk, holder=person)
    ReviewDraft.objects.filter(round=round_, writer=person).delete()
    said: list[Event] = [
        ReviewSubmitted(
            round=str(round_.pk),
            rating=rating.code,
            reason=rated.reason,
            evidence=[str(item.pk) for item in cited],
            finding=rated.text.as_json() if rated.text is not None else None,
        )
    ]
    said += reveal_if_complete(claim, round_, by=by)
    restage(claim)
    _tell_who_is_assigned(claim, round_, by)
    record(*said, claim=claim, actor=by)
    return review


def _tell_who_is_assigned(claim: Claim, round_: Round, by: Actor) -> None:
    """Another review is wanted: said to those the claim was assigned to who may still sit."""
    if round_.revealed_at is not None:
        return
    waiting = [
        one
        for one in claim.assigned_to.all()
        if one.holds(Role.REVIEWER)
        and not rounds.why_not_review(claim, one)
        and not rounds.sat_in(round_, one)
    ]
    said = "A claim assigned to you has a review in and waits for the next one."
    notices.tell(waiting, "review_wanted", claim, said, but=by)


def _cited(claim: Claim, rated: Rated) -> list[Evidence]:
    """The evidence the review stands on: what it names and what its finding cites."""
    named = cited_evidence(claim, rated.evidence, pointer="/evidence")
    if rated.text is None:
        return named
    rated.text.check()
    cited = {item.pk: item for item in named}
    for item in rated.text.cited(claim):
        cited.setdefault(item.pk, item)
    return list(cited.values())


def _check_words(rated: Rated) -> None:
    if not rated.reason.strip():
        raise Invalid.at("/reason", "Say in a sentence why you rate it so.")
    if len(rated.reason) > REASON_MAX:
        raise Invalid.at("/reason", f"Keep the reason under {REASON_MAX:,} characters.")
    if rated.confidence not in CONFIDENCES:
        raise Invalid.at("/confidence", "Use low, medium or high, or leave it out.")
    said = rated.conflict_of_interest.strip()
    if len(said) > INTEREST_MAX:
        raise Invalid.at("/conflict_of_interest", f"Keep it under {INTEREST_MAX:,} characters.")
    if rated.has_interest and not said:
        raise Invalid.at("/conflict_of_interest", "Say which interest you have in this.")
    if rated.has_interest is False and said:
        raise Invalid.at(
            "/conflict_of_interest", "You say that you have none: leave this empty, or say yes."
        )


def _still_open(claim: Claim, round_: Round | None, person: User) -> Round:
    if round_ is not None and claim.state == Claim.State.CHECKING:
        if rounds.sat_in(round_, person):
            raise AlreadyReviewed("Your review of this claim is in; it cannot be changed.")
        return round_
    last = rounds.newest(claim)
    if last is not None and not last.is_void and rounds.sat_in(last, person):
        raise AlreadyReviewed("Your review of this claim is in; it cannot be changed.")
    raise IllegalTransition("This claim is not waiting for reviews.")


def _seat(claim: Claim, round_: Round, person: User, rated: Rated) -> Lease:
    lease = rounds.held_by(claim, person)
    if lease is None or lease.seat not in round_.seats:
        raise LeaseRequired("Take a seat first: a review is written from one.")
    if lease.seat == SEATS[0] and rated.text is None:
        raise Invalid.at("/finding", "The lead’s review holds the finding: write it first.")
    if lease.seat != SEATS[0] and rated.text is not None:
        raise Invalid.at("/finding", "Only the lead writes the finding; leave it out.")
    return lease


def _write(
    round_: Round,
    person: User,
    lease: Lease,
    rated: Rated,
    rating: Rating,
    cited: list[Evidence],
) -> Review:
    digests = {item.pk: rounds.evidence_digest(item) for item in cited}
    together = hashlib.sha256(canonical(sorted(digests.values()))).hexdigest()
    interest = rated.conflict_of_interest.strip()
    review = Review.objects.create(
        round=round_,
        reviewer=person,
        seat=lease.seat,
        rating=rating,
        reason=rated.reason,
        confidence=rated.confidence,
        has_interest=bool(interest) or rated.has_interest,
        conflict_of_interest=interest,
        method=method.in_force(round_.scale).as_json(),
        words_digest=rounds.words_digest(round_.claim),
        evidence_digest=together,
    )
    ReviewEvidence.objects.bulk_create(
        ReviewEvidence(review=review, evidence_id=key, digest=digest)
        for key, digest in digests.items()
    )
    if rated.text is not None:
        Finding.objects.create(round=round_, number=1, author=person, **rated.text.as_json())
    return review
