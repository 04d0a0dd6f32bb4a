"""Changing a claim or its evidence, with what that means for the rounds that rest on it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims import evidence as evidence_verbs
from claims.coverage import gather
from claims.errors import Forbidden, Invalid, Problem, Stale, Unmet
from claims.intake import checks
from claims.intake.submit import placed_quote, quote_problems
from claims.ledger.events import ClaimAmended, ClaimEdited, Event
from claims.ledger.record import record
from claims.models import (
    Actor,
    Alert,
    Claim,
    Claimant,
    ClaimAuthor,
    Evidence,
    Role,
    Tag,
    Topic,
    User,
)
from claims.text.digest import words_digest
from reviews import clock, notices, rounds
from reviews.errors import IllegalTransition, NotReady
from reviews.models import Round
from reviews.policy import current as current_policy
from reviews.publishing.release import living_publication
from reviews.queue.rank import priority_of
from reviews.stage import restage

TEXT_MAX = 5_000
WHY_MAX = 2_000
FIELDS = frozenset(
    "text language claimant quote topic tags due_at assigned_to harm discreet urgent visibility"
    " external_ref why".split()
)
# What is stored on the claim's own row; tags and people stand beside it.
COLUMNS = (
    *sorted(FIELDS - {"tags", "assigned_to"}),
    "text_digest",
    "urgent_reason",
    "due_set_at",
    *clock.STORED,
)
QUOTE_SHOWN = ("exact", "prefix", "suffix")
MEANINGS = ("", "same", "changed")


@dataclass(frozen=True, slots=True)
class Amendment:
    """What somebody wants changed. ``changes`` maps FIELDS to new values, already of their type.

    ``claimant`` is (name, kind) or None; ``tags`` names; ``topic`` a name or None;
    ``assigned_to`` usernames; ``due_at`` an aware datetime or None; ``quote`` a dict or None.
    Of ``one_of_many`` claims people are told together at the end, by whoever does them all.
    """

    changes: Mapping[str, Any]
    meaning: str = ""
    reason: str = ""
    one_of_many: bool = False


def may_edit(claim: Claim, by: Actor) -> None:
    """Role alone: contributors edit drafts; reviewers and editors also what is in checking."""
    by.need("claims:write")
    if claim.state == Claim.State.DRAFT or by.holds(Role.REVIEWER, Role.EDITOR):
        return
    raise Forbidden("A contributor edits a claim while it is incoming; ask a reviewer.")


def may_mark_urgent(by: Actor) -> None:
    """Role alone, for the one field that is an editor’s."""
    if not by.holds(Role.EDITOR) or not by.may("publish"):
        raise Forbidden("Only an editor marks a claim as urgent, or no longer so.")


@transaction.atomic
def edit(claim: Claim, amendment: Amendment, *, by: Actor, version: int | None) -> Claim:
    """Change words or fields of a claim in draft or checking.

    New words after the first review of a round need ``meaning``: "same" (an editor says so;
    the reviewers are told) or "changed" (the round is void and another opens). Raises
    Forbidden, Invalid, Stale, IllegalTransition.
    """
    may_edit(claim, by)
    held = Claim.objects.select_for_update().get(pk=claim.pk)
    may_edit(held, by)
    amendment = _trimmed(amendment)
    new_words = "text" in amendment.changes and amendment.changes["text"] != held.text
    _check(held, amendment, by, new_words=new_words)
    if version is not None and version != held.version:
        raise Stale(
            "Somebody changed this claim since you opened it. Look at what is new, then decide."
        )
    if held.state not in {Claim.State.DRAFT, Claim.State.CHECKING}:
        raise IllegalTransition(
            "Words and fields change while a claim is incoming or in checking."
        )
    changed = _apply(held, amendment, by)
    if not changed:
        return held
    events: list[Event] = []
    if new_words:
        events += _new_words(held, amendment, by)
    others = sorted(changed - {"text"})
    if others:
        said = {"reason": amendment.reason} if amendment.reason else None
        events.append(ClaimAmended(fields=others, values=said))
    if "discreet" in changed and held.discreet:
        # What was begun without anybody having seen what leaves the house ends here.
        events += gather.stop(held)
    held.version += 1
    held.updated_at = timezone.now()
    held.priority = priority_of(held).score
    held.save(update_fields=[*COLUMNS, "version", "updated_at", "priority"])
    restage(held)
    record(*events, claim=held, actor=by)
    return held


@transaction.atomic
def withdraw_evidence(item: Evidence, *, by: Actor, reason: str) -> Evidence:
    """Take evidence back with a reason; it stays visible, and rounds that rest on it are void."""
    may_withdraw(item, by)
    claim, item = _held(item)
    if not reason.strip():
        raise Invalid.at("/reason", "Say why it is withdrawn: this stays on record.")
    if item.withdrawn_at is not None:
        raise IllegalTransition("This evidence was withdrawn before.")
    events = evidence_verbs.withdraw(item, by=by, reason=reason)
    events += _void_resting(claim, _rounds_hit_by(claim, item), cause="evidence_withdrawn", by=by)
    restage(claim)
    record(*events, claim=claim, actor=by)
    return item


@transaction.atomic
def change_evidence(item: Evidence, *, by: Actor, changes: Mapping[str, Any]) -> Evidence:
    """Change evidence nobody has relied on yet."""
    may_change(item, by)
    claim, item = _held(item)
    _refuse_relied_on(claim, item)
    events = evidence_verbs.change(item, by=by, changes=dict(changes))
    if events:
        record(*events, claim=claim, actor=by)
    return item


@transaction.atomic
def remove_evidence(item: Evidence, *, by: Actor) -> None:
    """Remove evidence nobody has relied on yet."""
    may_change(item, by)
    claim, item = _held(item)
    _refuse_relied_on(claim, item)
    _refuse_maybe_cited(claim, item)
    events = evidence_verbs.remove(item, by=by)
    record(*events, claim=claim, actor=by)


def may_withdraw(item: Evidence, by: Actor) -> None:
    """Role alone: who added it, a reviewer or an editor."""
    _refuse_strangers(item, by, also=(Role.REVIEWER, Role.EDITOR))


def may_change(item: Evidence, by: Actor) -> None:
    """Role alone: who added it, or an editor."""
    _refuse_strangers(item, by, also=(Role.EDITOR,))


def needs_another_look(claim: Claim, *, kind: str, message: str) -> None:
    """Mark a claim whose published answer something speaks against; the caller saves nothing."""
    Alert.objects.create(claim=claim, kind=kind, message=message)
    claim.needs_look = True
    claim.version += 1
    claim.updated_at = timezone.now()
    claim.save(update_fields=["needs_look", "version", "updated_at"])


def _trimmed(amendment: Amendment) -> Amendment:
    """Without spaces around the words, as when a claim is brought: they make nobody an author."""
    text = amendment.changes.get("text")
    if text is None:
        return amendment
    return replace(amendment, changes={**amendment.changes, "text": text.strip()})


def _check(claim: Claim, amendment: Amendment, by: Actor, *, new_words: bool) -> None:
    changes = amendment.changes
    unknown = [
        Problem(f"/{name}", "This cannot be changed here.") for name in set(changes) - FIELDS
    ]
    if unknown:
        raise Invalid("Some of this cannot be changed.", problems=unknown)
    if "urgent" in changes and changes["urgent"] != claim.urgent:
        may_mark_urgent(by)
        if changes["urgent"] and not amendment.reason.strip():
            raise Invalid.at("/reason", "Say why it is urgent: colleagues will drop other work.")
    if amendment.meaning not in MEANINGS:
        raise Invalid.at("/meaning", "Use same or changed.")
    if "quote" in changes:
        checks.refuse(quote_problems(changes["quote"], claim.article))
    if len(changes.get("why", "")) > WHY_MAX:
        raise Invalid.at("/why", f"Keep it under {WHY_MAX:,} characters.")
    if new_words:
        _check_new_words(claim, amendment, by)


def _check_new_words(claim: Claim, amendment: Amendment, by: Actor) -> None:
    text = amendment.changes["text"]
    if not text.strip():
        raise Invalid.at("/text", "A claim needs words.")
    if len(text) > TEXT_MAX:
        raise Invalid.at("/text", f"Keep a claim under {TEXT_MAX:,} characters.")
    round_ = rounds.newest(claim)
    if round_ is None or round_.is_void or not round_.reviews.exists():
        return
    if not amendment.meaning:
        raise Invalid.at(
            "/meaning",
            "Reviews rest on these words. Say same if the meaning stays (an editor can), or"
            " changed to begin a new round.",
        )
    if amendment.meaning == "same" and not (by.holds(Role.EDITOR) and by.may("publish")):
        raise Forbidden("Only an editor can say that changed words mean the same.")


def _new_words(claim: Claim, amendment: Amendment, by: Actor) -> list[Event]:
    """Authorship, and what becomes of the round."""
    if by.person is not None:
        ClaimAuthor.objects.get_or_create(claim=claim, person=by.person)
        rounds.free_seats(claim.pk, holder=by.person)
    events: list[Event] = [ClaimEdited(text=claim.text)]
    round_ = rounds.newest(claim)
    if round_ is None or round_.is_void:
        return events
    if round_.is_open:
        # One author more is one reviewer less.
        notices.tell_if_too_few_may_sit(claim, round_, by=by)
    if not round_.reviews.exists():
        return events
    if amendment.meaning == "same":
        said = (
            "An editor changed the words of a claim you reviewed; the meaning, they say, is the"
            " same. Look whether you agree."
        )
        sat = User.objects.filter(reviews__round=round_)
        notices.tell(sat, "words_changed", claim, said, but=by)
        return events
    return events + _void_resting(claim, [round_], cause="words_changed", by=by)


def _apply(claim: Claim, amendment: Amendment, by: Actor) -> set[str]:
    """Write the new values onto the claim; returns the names of those that really changed."""
    changed, due = set(), claim.due_at
    for name, value in amendment.changes.items():
        writer = _WRITERS.get(name)
        if writer is not None:
            if writer(claim, value):
                changed.add(name)
        elif getattr(claim, name) != value:
            setattr(claim, name, value)
            changed.add(name)
    if "text" in changed:
        claim.text_digest = words_digest(claim.text)
    if "urgent" in changed:
        claim.urgent_reason = amendment.reason if claim.urgent else ""
        if claim.urgent and "due_at" not in changed and _bring_forward(claim):
            changed.add("due_at")
        _tell_of_urgency(claim, by)
    if claim.due_at != due:
        claim.due_set_at = timezone.now()
        clock.wind(claim)
    if "assigned_to" in changed and not amendment.one_of_many:
        _tell_assigned(claim, by)
    return changed


def _bring_forward(claim: Claim) -> bool:
    """Let an urgent claim be due within the policy's hours, unless it is due sooner anyway."""
    due = timezone.now() + timedelta(hours=current_policy().urgent_due_hours)
    if claim.due_at is not None and claim.due_at <= due:
        return False
    claim.due_at = due
    return True


def _write_claimant(claim: Claim, value: tuple[str, str] | None) -> bool:
    claimant = None
    if value is not None:
        name, kind = value
        claimant, _ = Claimant.objects.get_or_create(name=name, kind=kind)
    if claim.claimant == claimant:
        return False
    claim.claimant = claimant
    return True


def _write_quote(claim: Claim, value: Mapping[str, Any] | None) -> bool:
    """With its place in the article; sent back as it was shown, it is the same quote."""
    kept = claim.quote
    if kept is not None and value is not None:
        same = all(kept.get(name, "") == value.get(name, "") for name in QUOTE_SHOWN)
    else:
        same = kept is value
    placed = placed_quote(value, claim.article)
    if same or placed == kept:
        return False
    claim.quote = placed
    return True


def _write_topic(claim: Claim, value: str | None) -> bool:
    topic = Topic.objects.get_or_create(name=value)[0] if value else None
    if claim.topic == topic:
        return False
    claim.topic = topic
    return True


def _write_tags(claim: Claim, names: Iterable[str]) -> bool:
    wanted = {Tag.objects.get_or_create(name=name)[0] for name in names}
    if set(claim.tags.all()) == wanted:
        return False
    claim.tags.set(wanted)
    return True


def _write_assigned(claim: Claim, usernames: Iterable[str]) -> bool:
    names = list(usernames)
    people = {
        person.get_username(): person
        for person in User.objects.filter(username__in=names, is_active=True)
    }
    unknown = [
        Problem(f"/assigned_to/{position}", f"There is no colleague called “{name}”.")
        for position, name in enumerate(names)
        if name not in people
    ]
    if unknown:
        raise Invalid("Somebody named here is not at this desk.", problems=unknown)
    if set(claim.assigned_to.all()) == set(people.values()):
        return False
    claim.assigned_to.set(people.values())
    return True


def _write_due(claim: Claim, value: datetime | None) -> bool:
    if claim.due_at == value:
        return False
    claim.due_at = value
    return True


_WRITERS: dict[str, Callable[[Claim, Any], bool]] = {
    "claimant": _write_claimant,
    "quote": _write_quote,
    "topic": _write_topic,
    "tags": _write_tags,
    "assigned_to": _write_assigned,
    "due_at": _write_due,
}


def _tell_assigned(claim: Claim, by: Actor) -> None:
    said = f"{by.name} assigned a claim to you."
    notices.tell(claim.assigned_to.all(), "assigned", claim, said, but=by)


def _tell_of_urgency(claim: Claim, by: Actor) -> None:
    if claim.urgent:
        said = f"{by.name} marked a claim as urgent: {claim.urgent_reason}"
        people = [*notices.reviewers(), *claim.assigned_to.all()]
        notices.tell(people, "urgent", claim, said, but=by)


def _held(item: Evidence) -> tuple[Claim, Evidence]:
    claim = Claim.objects.select_for_update().get(pk=item.claim_id)
    return claim, Evidence.objects.select_for_update().get(pk=item.pk)


def _refuse_strangers(item: Evidence, by: Actor, *, also: tuple[str, ...]) -> None:
    by.need("claims:write")
    if by.is_person(item.added_by) or by.holds(*also):
        return
    if item.added_by is None and by.person is None:
        return
    raise Forbidden("Only who added this evidence, or an editor, can do that.")


def _refuse_relied_on(claim: Claim, item: Evidence) -> None:
    fix = "Withdraw it with a reason instead; it stays visible."
    if item.withdrawn_at is not None:
        raise NotReady(
            "This evidence was withdrawn.",
            unmet=[Unmet("evidence", "Withdrawn evidence stays as it is.", "Add it anew.")],
        )
    open_round = rounds.open_round(claim)
    if open_round is not None and open_round.reviews.exists():
        raise NotReady(
            "A review of the open round is in.",
            unmet=[Unmet("evidence", "A review of the open round is in.", fix)],
        )
    revealed = claim.rounds.filter(revealed_at__isnull=False)
    if any(_cites(round_, item) for round_ in revealed):
        raise NotReady(
            "A review cites this evidence.",
            unmet=[Unmet("evidence", "A revealed review cites this evidence.", fix)],
        )


def _refuse_maybe_cited(claim: Claim, item: Evidence) -> None:
    """Refuse what reviews that stay hidden for good could cite, whatever they do.

    If only cited evidence could not be removed, that would tell what they cite.
    """
    hidden = claim.rounds.filter(
        revealed_at__isnull=True, reviews__submitted_at__gte=item.created_at
    )
    if hidden.exists():
        said = "It was there when a review was written that nobody may look into."
        fix = "Change it, or withdraw it with a reason; it stays visible."
        raise NotReady(said, unmet=[Unmet("evidence", said, fix)])


def _cites(round_: Round, item: Evidence) -> bool:
    if item.cited_by.filter(review__round=round_).exists():
        return True
    key = str(item.pk)
    return any(
        key in sentence["evidence"]
        for finding in round_.findings.all()
        for sentence in finding.sentences
    )


def _rounds_hit_by(claim: Claim, item: Evidence) -> list[Round]:
    """The rounds that cite it, and an open one with a review in whatever it cites.

    If only citing rounds fell, whether one falls would tell what a hidden review cites.
    """
    living = claim.rounds.filter(voided_at__isnull=True)
    return [
        round_
        for round_ in living
        if (round_.is_open and round_.reviews.exists())
        or (round_.revealed_at is not None and _cites(round_, item))
    ]


def _void_resting(claim: Claim, hit: Iterable[Round], *, cause: str, by: Actor) -> list[Event]:
    """Void these rounds; in checking the same transaction opens the next one."""
    hit = list(hit)
    events: list[Event] = [rounds.void(round_, cause=cause) for round_ in hit]
    if not hit:
        return events
    newest = rounds.newest(claim)
    if claim.state == Claim.State.CHECKING and newest is not None and newest.is_void:
        living = living_publication(claim)
        earlier = living.verdict.round if living is not None else None
        begun, opened = rounds.begin(claim, recheck_of=earlier)
        notices.tell_if_too_few_may_sit(claim, begun, by=by)
        events.append(opened)
    living = living_publication(claim)
    if living is not None and living.verdict.round_id in {round_.pk for round_ in hit}:
        needs_another_look(
            claim,
            kind=cause,
            message="What the published verdict rests on no longer stands: check it again, or"
            " withdraw it.",
        )
    return events
