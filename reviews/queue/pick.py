"""The next claim for this reviewer: what they may take, first first."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from claims.errors import FourEyes, Invalid, Missing
from claims.models import Actor, Claim, ClaimAuthor, Role
from claims.models.claim import ClaimQuerySet
from reviews import conflicts, rounds
from reviews.errors import AlreadyReviewed, IllegalTransition, Leased
from reviews.models import Adjudication, Lease, Review, Round, Skip
from reviews.queue import first, lease

SKIP_FOR = timedelta(days=7)
TRIES = 5
OVERTAKEN = (Leased, AlreadyReviewed, FourEyes, IllegalTransition)
Stage = Claim.Stage


def for_reviewer(by: Actor, *, language: str = "") -> ClaimQuerySet:
    """Claims with a seat this reviewer may take now, in no order yet.

    Left out: one’s own words, what one has reviewed in this round or holds already, what one
    skipped, languages one does not read, seats kept for somebody new, what one has an interest
    in, and tags whose skill one lacks.
    """
    free, ran_out = Q(busy_until__isnull=True), Q(busy_until__lte=timezone.now())
    in_review = Claim.objects.filter(state=Claim.State.CHECKING, stage=Stage.REVIEW)
    # With an OR the list walks past every claim whose seats are held. Mostly nobody let one run
    # out in the last minute (``rank`` frees those before), and then it begins in an index.
    if in_review.filter(ran_out).exists():
        free |= ran_out
    return _open_to(by, language=language).filter(free)


def first_for_reviewer(
    by: Actor, *, language: str, many: int, after: tuple[int, uuid.UUID] | None
) -> list[Claim]:
    """The first so many of the same claims in their order, or those after a place.

    Free seats and those that ran out are looked for apart and merged: each begins in an index,
    where an OR walks past every claim whose seats are held.
    """
    now, open_to = timezone.now(), _open_to(by, language=language)
    ordered = open_to.select_related("claimant", "topic").order_by("-priority", "id")
    steps = [Q()]
    if after is not None:
        priority, key = after
        steps = [Q(priority=priority, id__gt=key), Q(priority__lt=priority)]
    found: list[Claim] = []
    for half in (Q(busy_until__isnull=True), Q(busy_until__lte=now)):
        of_half: list[Claim] = []
        for step in steps:
            of_half += ordered.filter(half, step)[: many - len(of_half)]
            if len(of_half) >= many:
                break
        found += of_half
    return sorted(found, key=lambda claim: (-claim.priority, claim.pk))[:many]


def _open_to(by: Actor, *, language: str) -> ClaimQuerySet:
    """Claims in review that this reviewer could sit at, whether a seat is free or not."""
    person, now = by.person, timezone.now()
    waiting = Claim.objects.visible_to(by).filter(state=Claim.State.CHECKING, stage=Stage.REVIEW)
    if person is None:
        return waiting.none()
    if languages := languages_of(by, language):
        waiting = waiting.filter(language__in=languages)
    mine = Review.objects.filter(
        round__claim=OuterRef("pk"),
        round__revealed_at__isnull=True,
        round__voided_at__isnull=True,
        reviewer=person,
    )
    held = Lease.objects.filter(claim=OuterRef("pk"), holder=person, expires_at__gt=now)
    skipped = Skip.objects.filter(claim=OuterRef("pk"), person=person, until__gt=now)
    return (
        conflicts.limits_of(person)
        .fitting(waiting)
        .exclude(
            Exists(ClaimAuthor.objects.filter(claim=OuterRef("pk"), person=person))
            | Exists(mine)
            | Exists(held)
            | Exists(skipped)
            | Exists(_kept_from(by))
        )
    )


def languages_of(by: Actor, asked: str) -> list[str]:
    """The languages to look for claims in: the one asked for, else those one reads; [] for all."""
    if asked:
        return [asked]
    return list(by.person.languages) if by.person is not None else []


def for_editor(by: Actor) -> ClaimQuerySet:
    """Claims that wait for an editor: to be decided, or to be published, by one who may."""
    person = by.person
    waiting = Claim.objects.visible_to(by).filter(
        state=Claim.State.CHECKING, stage__in=[Stage.ADJUDICATION, Stage.READY]
    )
    if person is None:
        return waiting.none()
    sat = Review.objects.filter(
        round__claim=OuterRef("pk"), round__voided_at__isnull=True, reviewer=person
    )
    decided = Adjudication.objects.filter(
        round__claim=OuterRef("pk"), round__voided_at__isnull=True, editor=person
    )
    return (
        conflicts.limits_of(person)
        .without_conflict(waiting)
        .exclude(
            Exists(ClaimAuthor.objects.filter(claim=OuterRef("pk"), person=person))
            | Exists(sat)
            | Exists(decided)
        )
    )


def queue(by: Actor, *, stage: str = "", language: str = "") -> ClaimQuerySet:
    """What this person may take, first first; an editor’s queue is what waits for editors."""
    found: ClaimQuerySet = Claim.objects.none()
    if by.holds(Role.REVIEWER):
        found = for_reviewer(by, language=language)
    elif by.holds(Role.EDITOR):
        found = for_editor(by)
        if language:
            found = found.filter(language=language)
    if stage:
        found = found.filter(stage=stage)
    return found.order_by("-priority", "id")


def take_next(*, by: Actor, stage: str = "", language: str = "") -> lease.Hold | None:
    """Take a seat of the first claim nobody else is taking at this moment; None when none waits.

    Rows that others have locked are passed over, so that many ask at once without waiting.
    """
    by.need("reviews:write")
    if stage and stage not in Stage.values:
        raise Invalid.at("/stage", f"There are these stages: {', '.join(Stage.values)}.")
    if stage and stage != Stage.REVIEW:
        return None
    languages = languages_of(by, language)
    taken = first.take(by, languages=languages, now=timezone.now())
    if taken is not None and by.person is not None:
        return lease.Hold(taken.key, taken.claim, taken.seat, by.person, taken.until)
    return _take_with_care(by, languages)


@transaction.atomic
def _take_with_care(by: Actor, languages: list[str]) -> lease.Hold | None:
    """The same a step at a time, for every case there is; what stands in the way is said."""
    for more in reversed(range(TRIES)):
        claim = first.lock_first(by, languages=languages, now=timezone.now())
        if claim is None:
            break
        try:
            return lease.take_locked(claim, by=by)
        except OVERTAKEN:
            # It changed between our look and our lock. The next look sees it as it is now.
            if not more:
                raise
            rounds.mark_busy(claim)
    return None


@transaction.atomic
def skip(claim: Claim, *, by: Actor, reason: str) -> Skip:
    """Pass a claim over for a week, with a reason; a seat held on it is given back."""
    by.need("reviews:write")
    if by.person is None:
        raise IllegalTransition("Only a person’s queue has anything to skip.")
    if not reason.strip():
        raise Invalid.at("/reason", "Say in a word why you pass it over.")
    held = rounds.held_by(claim, by.person)
    if held is not None:
        lease.give_back(held.key, by=by)
    row, _ = Skip.objects.update_or_create(
        claim=claim,
        person=by.person,
        defaults={"reason": reason, "until": timezone.now() + SKIP_FOR},
    )
    return row


def passed_over(by: Actor) -> QuerySet[Skip]:
    """What this person passed over and is not offered now, with the reason, soonest back first."""
    mine = Skip.objects.filter(person=by.person, until__gt=timezone.now())
    known = Claim.objects.visible_to(by).values("pk")
    return mine.filter(claim__in=known).select_related("claim").order_by("until", "pk")


def offer_again(claim: str, *, by: Actor) -> None:
    """Let the queue offer a claim that this person passed over. Raises Missing."""
    by.need("reviews:write")
    try:
        mine = Skip.objects.filter(person=by.person, claim=uuid.UUID(claim))
    except ValueError as error:
        raise Missing("This is no claim that you passed over.") from error
    if not mine.update(until=timezone.now()):
        raise Missing("This is no claim that you passed over.")


def _kept_from(by: Actor) -> QuerySet[Round]:
    """Rounds of a re-check whose only free seat is kept for somebody who did not sit before."""
    now = timezone.now()
    earlier = Review.objects.filter(round=OuterRef("recheck_of"), reviewer=by.person)
    newcomer_sat = Review.objects.filter(round=OuterRef("pk")).exclude(
        reviewer__in=Review.objects.filter(round=OuterRef(OuterRef("recheck_of"))).values(
            "reviewer"
        )
    )
    somebody = Review.objects.filter(round=OuterRef("pk"))
    holding = Lease.objects.filter(
        claim=OuterRef("claim"), expires_at__gt=now, holder__isnull=False
    ).exclude(holder=by.person)
    return Round.objects.filter(
        Exists(earlier),
        ~Exists(newcomer_sat),
        Exists(somebody) | Exists(holding),
        claim=OuterRef("pk"),
        recheck_of__isnull=False,
        revealed_at__isnull=True,
        voided_at__isnull=True,
    )
