"""From the last review to a verdict: agreement, majority, reconciliation, adjudication."""

from collections import Counter

from django.db import transaction
from django.utils import timezone

from claims.errors import Forbidden, FourEyes, Invalid
from claims.ledger.events import Event
from claims.ledger.record import record
from claims.models import Actor, Claim, Role
from reviews import rounds
from reviews.errors import IllegalTransition
from reviews.events import (
    Adjudicated,
    AdjudicationAsked,
    ReconcileVoted,
    RoundRevealed,
    VerdictRecorded,
)
from reviews.models import Adjudication, Rating, ReconcileVote, Round, Verdict
from reviews.scales import rating_of
from reviews.stage import restage

Stage = Claim.Stage


def reveal_if_complete(claim: Claim, round_: Round) -> list[Event]:
    """Reveal the round when its last review is in; settle it where the ratings allow."""
    ratings = [review.rating for review in round_.reviews.select_related("rating")]
    if len(ratings) < round_.needed:
        return []
    round_.revealed_at = timezone.now()
    round_.save(update_fields=["revealed_at"])
    events: list[Event] = [RoundRevealed(round=str(round_.pk))]
    rating, votes = Counter(ratings).most_common(1)[0]
    if votes == len(ratings):
        events.append(_settle(claim, round_, rating, by=Verdict.By.AGREEMENT))
    elif votes * 2 > len(ratings):
        events.append(_settle(claim, round_, rating, by=Verdict.By.MAJORITY))
    return events


@transaction.atomic
def reconcile(claim: Claim, *, by: Actor, rating: str) -> Verdict | None:
    """Name the rating one would settle on; when all reviewers name the same, it is settled.

    Only ratings that were given can be named. Returns the verdict once there is one.
    """
    by.need("reviews:write")
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    round_ = rounds.newest(claim)
    person = by.person
    if person is None or (round_ is not None and not rounds.sat_in(round_, person)):
        raise Forbidden("Only the reviewers of this round can reconcile.")
    if round_ is None or claim.stage != Stage.DISPUTED:
        raise IllegalTransition("There is nothing to reconcile: no ratings differ.")
    named = rating_of(round_.scale, rating)
    given = {review.rating_id for review in round_.reviews.all()}
    if named.pk not in given:
        raise Invalid.at("/rating", "Settle on one of the ratings that were given.")
    ReconcileVote.objects.create(round=round_, reviewer=person, rating=named)
    events: list[Event] = [ReconcileVoted(round=str(round_.pk), rating=named.code)]
    verdict = None
    newest = {vote.reviewer_id: vote.rating_id for vote in round_.votes.order_by("at", "pk")}
    if len(newest) == round_.needed and set(newest.values()) == {named.pk}:
        events.append(_settle(claim, round_, named, by=Verdict.By.RECONCILED))
        verdict = round_.verdict
    restage(claim)
    record(*events, claim=claim, actor=by)
    return verdict


@transaction.atomic
def ask_for_adjudication(claim: Claim, *, by: Actor) -> None:
    """Hand the dispute to an editor outside the round. Asking twice is asking once.

    ``by`` is a reviewer of the round or an editor; the desk itself asks when the policy's
    time limit has passed.
    """
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    round_ = rounds.newest(claim)
    if not by.is_system and not by.may("publish"):
        by.need("reviews:write")
        if by.person is None or (round_ is not None and not rounds.sat_in(round_, by.person)):
            raise Forbidden("Only the round’s reviewers or an editor can ask for a decision.")
    if round_ is not None and claim.stage == Stage.ADJUDICATION:
        return
    if round_ is None or claim.stage != Stage.DISPUTED:
        raise IllegalTransition("There is nothing to decide: no ratings differ.")
    round_.adjudication_asked_at = timezone.now()
    round_.adjudication_asked_by = by.person
    round_.save(update_fields=["adjudication_asked_at", "adjudication_asked_by"])
    restage(claim)
    record(AdjudicationAsked(round=str(round_.pk)), claim=claim, actor=by)


@transaction.atomic
def adjudicate(claim: Claim, *, by: Actor, rating: str, reason: str) -> Adjudication:
    """An editor outside the round decides where the reviewers differ."""
    by.need("publish")
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    round_ = rounds.newest(claim)
    if by.person is None or not by.holds(Role.EDITOR):
        raise Forbidden("Only an editor decides between reviewers.")
    why = _why_not(claim, round_, by)
    if why:
        raise FourEyes(why)
    if not reason.strip():
        raise Invalid.at("/reason", "Say why you decide so.")
    if round_ is None or claim.stage not in {Stage.DISPUTED, Stage.ADJUDICATION}:
        raise IllegalTransition("There is nothing to decide: no ratings differ.")
    decided = rating_of(round_.scale, rating)
    row = Adjudication.objects.create(
        round=round_, editor=by.person, rating=decided, reason=reason
    )
    settled = _settle(claim, round_, decided, by=Verdict.By.ADJUDICATION)
    restage(claim)
    record(
        Adjudicated(round=str(round_.pk), rating=decided.code, reason=reason),
        settled,
        claim=claim,
        actor=by,
    )
    return row


def _why_not(claim: Claim, round_: Round | None, by: Actor) -> str | None:
    if by.person is None:
        return None
    if round_ is None:
        return "You wrote this claim’s words." if rounds.is_author(claim, by.person) else None
    return rounds.why_not_adjudicate(claim, round_, by.person)


def _settle(claim: Claim, round_: Round, rating: Rating, *, by: str) -> VerdictRecorded:
    verdict = Verdict.objects.create(
        claim=claim, round=round_, rating=rating, by=by, trace=claim.traces.first()
    )
    return VerdictRecorded(
        verdict=str(verdict.pk), round=str(round_.pk), by=by, rating=rating.code
    )
