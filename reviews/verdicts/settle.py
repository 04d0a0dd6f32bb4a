"""From the last review to a verdict: agreement, majority, reconciliation, adjudication."""

from collections import Counter

from django.db import transaction
from django.utils import timezone

from claims.errors import Forbidden, FourEyes, Invalid
from claims.ledger.events import Event
from claims.ledger.record import record
from claims.models import Actor, Claim, Role, User
from reviews import method, notices, rounds
from reviews.errors import IllegalTransition
from reviews.events import (
    Adjudicated,
    AdjudicationAsked,
    ReconcileVoted,
    RoundRevealed,
    VerdictRecorded,
)
from reviews.models import Adjudication, Rating, RatingScale, ReconcileVote, Round, Verdict
from reviews.scales import active as active_scale
from reviews.scales import rating_of
from reviews.stage import restage

Stage = Claim.Stage


def reveal_if_complete(claim: Claim, round_: Round, *, by: Actor) -> list[Event]:
    """Reveal the round when its last review is in; settle it where the ratings allow.

    ``by`` handed in the last review; the others find a line in their inbox.
    """
    reviews = list(round_.reviews.select_related("rating", "reviewer"))
    ratings = [review.rating for review in reviews]
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
    people = [review.reviewer for review in reviews]
    if len(events) > 1:
        said = "All reviews of a claim you reviewed are in, and its rating is settled."
        notices.tell(people, "revealed", claim, said, but=by)
    else:
        said = "The ratings of a claim you reviewed differ. Settle on one with your colleague."
        notices.tell(people, "disputed", claim, said, but=by)
    return events


@transaction.atomic
def reconcile(claim: Claim, *, by: Actor, rating: str) -> Verdict | None:
    """Name the rating one would settle on; when all reviewers name the same, it is settled.

    Only ratings that were given can be named. Returns the verdict once there is one.
    """
    may_reconcile(claim, by)
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    person = may_reconcile(claim, by)
    round_ = rounds.newest(claim)
    # What cannot be used is told before what does not fit the state.
    named = rating_of(scale_of(round_), rating)
    if round_ is None or claim.stage != Stage.DISPUTED:
        raise IllegalTransition("There is nothing to reconcile: no ratings differ.")
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
    may_ask_for_adjudication(claim, by)
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    may_ask_for_adjudication(claim, by)
    round_ = rounds.newest(claim)
    if round_ is not None and claim.stage == Stage.ADJUDICATION:
        return
    if round_ is None or claim.stage != Stage.DISPUTED:
        raise IllegalTransition("There is nothing to decide: no ratings differ.")
    round_.adjudication_asked_at = timezone.now()
    round_.adjudication_asked_by = by.person
    round_.save(update_fields=["adjudication_asked_at", "adjudication_asked_by"])
    restage(claim)
    outside = [
        one for one in notices.editors() if not rounds.why_not_adjudicate(claim, round_, one)
    ]
    said = "Reviewers differ on a claim, and an editor has to decide: you may."
    notices.tell(outside, "adjudication", claim, said, but=by)
    record(AdjudicationAsked(round=str(round_.pk)), claim=claim, actor=by)


@transaction.atomic
def adjudicate(claim: Claim, *, by: Actor, rating: str, reason: str) -> Adjudication:
    """An editor outside the round decides where the reviewers differ."""
    may_adjudicate(claim, by)
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    editor = may_adjudicate(claim, by)
    round_ = rounds.newest(claim)
    if not reason.strip():
        raise Invalid.at("/reason", "Say why you decide so.")
    decided = rating_of(scale_of(round_), rating)
    if round_ is None or claim.stage not in {Stage.DISPUTED, Stage.ADJUDICATION}:
        raise IllegalTransition("There is nothing to decide: no ratings differ.")
    row = Adjudication.objects.create(round=round_, editor=editor, rating=decided, reason=reason)
    settled = _settle(claim, round_, decided, by=Verdict.By.ADJUDICATION)
    restage(claim)
    record(
        Adjudicated(round=str(round_.pk), rating=decided.code, reason=reason),
        settled,
        claim=claim,
        actor=by,
    )
    return row


def scale_of(round_: Round | None) -> RatingScale:
    """The scale a claim is judged on: its round's, else the one the next round will have."""
    return round_.scale if round_ is not None else active_scale()


def may_reconcile(claim: Claim, by: Actor) -> User:
    """The reviewer behind ``by``, or a refusal for role: asked by doors before anything else."""
    by.need("reviews:write")
    round_ = rounds.newest(claim)
    if by.person is None or (round_ is not None and not rounds.sat_in(round_, by.person)):
        raise Forbidden("Only the reviewers of this round can reconcile.")
    return by.person


def may_ask_for_adjudication(claim: Claim, by: Actor) -> None:
    """Refuse who is neither of the round nor an editor; the desk itself may."""
    if by.is_system or by.may("publish"):
        return
    by.need("reviews:write")
    round_ = rounds.newest(claim)
    if by.person is None or (round_ is not None and not rounds.sat_in(round_, by.person)):
        raise Forbidden("Only the round’s reviewers or an editor can ask for a decision.")


def may_adjudicate(claim: Claim, by: Actor) -> User:
    """The editor behind ``by``, or a refusal: role first, then the four eyes."""
    by.need("publish")
    if by.person is None or not by.holds(Role.EDITOR):
        raise Forbidden("Only an editor decides between reviewers.")
    round_ = rounds.newest(claim)
    if round_ is not None:
        why = rounds.why_not_adjudicate(claim, round_, by.person)
    else:
        why = "You wrote this claim’s words." if rounds.is_author(claim, by.person) else None
    if why:
        raise FourEyes(why)
    return by.person


def _settle(claim: Claim, round_: Round, rating: Rating, *, by: str) -> VerdictRecorded:
    verdict = Verdict.objects.create(
        claim=claim,
        round=round_,
        rating=rating,
        by=by,
        trace=claim.traces.first(),
        method=method.in_force(round_.scale).as_json(),
    )
    return VerdictRecorded(
        verdict=str(verdict.pk), round=str(round_.pk), by=by, rating=rating.code
    )
