"""Seats, reviews, what settles a rating, and the text of the finding."""

from django.utils import timezone
from django.utils.translation import gettext as _

from claims.admin.acts import Act, ActForm, GuardedPlain, Plain
from claims.errors import Invalid
from claims.models import Actor, Claim
from reviews import rounds
from reviews.admin.acts.asked import key_of, needs
from reviews.admin.forms.ahead import ReasonForm
from reviews.admin.forms.judging import AgreeForm, FindingForm, RatingForm, ReviewForm, SeatForm
from reviews.models import ReviewDraft
from reviews.queue import lease, pick
from reviews.verdicts import finding as findings
from reviews.verdicts import rate, settle


def _take_seat(claim: Claim, form: SeatForm, by: Actor) -> str:
    said = form.cleaned_data
    hold = lease.take(claim, by=by, seat=said["seat"], take_over=said["take_over"])
    return _("The %(seat)s seat is yours until %(time)s UTC.") % {
        "seat": hold.seat,
        "time": hold.expires_at.strftime("%H:%M"),
    }


def _give_back(claim: Claim, form: ActForm, by: Actor) -> str:
    lease.give_back(key_of(form.target), by=by)
    return _("The seat is free. What you typed is kept.")


def _renew(claim: Claim, form: ActForm, by: Actor) -> str:
    lease.renew(key_of(form.target), by=by)
    return _("The seat stays yours.")


def _skip(claim: Claim, form: ReasonForm, by: Actor) -> str:
    pick.skip(claim, by=by, reason=form.cleaned_data["reason"])
    return _("Passed over: your queue does not offer it for a week.")


def _review(claim: Claim, form: ReviewForm, by: Actor) -> str:
    said = form.cleaned_data
    text = form.finding()
    empty = not (text.headline or text.answer or text.sentences)
    seat = rounds.held_by(claim, by.person) if by.person is not None else None
    leads = seat is not None and seat.seat == "first"
    rate.submit(
        claim,
        rate.Rated(
            rating=said["rating"],
            reason=said["reason"],
            evidence=said["evidence"],
            confidence=said["confidence"],
            has_interest=said["has_interest"],
            conflict_of_interest=said["conflict_of_interest"],
            # An empty finding of the lead is refused field by field, not as a missing one.
            text=text if leads or not empty else None,
        ),
        by=by,
    )
    return _("Your review is in.")


def _save_draft(claim: Claim, form: ReviewForm, by: Actor) -> str:
    round_ = rounds.open_round(claim)
    if round_ is None or by.person is None:
        raise Invalid(_("There is no open round to keep a draft for."))
    ReviewDraft.objects.update_or_create(
        round=round_,
        writer=by.person,
        defaults={"typed": form.typed(), "saved_at": timezone.now()},
    )
    return _("Draft kept. Only you see it.")


def _reconcile(claim: Claim, form: RatingForm, by: Actor) -> str:
    settled = settle.reconcile(claim, by=by, rating=form.cleaned_data["rating"])
    if settled is not None:
        return _("You agree: the rating is settled.")
    return _("Noted. It is settled when all of you name the same rating.")


def _ask_decision(claim: Claim, form: ActForm, by: Actor) -> str:
    settle.ask_for_adjudication(claim, by=by)
    return _("An editor outside the round is asked to decide.")


def _adjudicate(claim: Claim, form: RatingForm, by: Actor) -> str:
    said = form.cleaned_data
    settle.adjudicate(claim, by=by, rating=said["rating"], reason=said["reason"])
    return _("Decided: the rating is settled.")


def _write_finding(claim: Claim, form: FindingForm, by: Actor) -> str:
    findings.write(claim, form.finding(), by=by, number=form.cleaned_data["number"])
    return _("A new version of the text. A reviewer who did not write it has to agree.")


def _agree(claim: Claim, form: AgreeForm, by: Actor) -> str:
    findings.agree(claim, by=by, number=form.cleaned_data["number"])
    return _("You stand by this text.")


ACTS: dict[str, Act] = {
    "take_seat": Act(SeatForm, "reviews", _take_seat, rate.may_review),
    "give_back": Act(Plain, "reviews", _give_back, needs("reviews:write")),
    "renew": Act(Plain, "reviews", _renew, needs("reviews:write")),
    "skip": Act(ReasonForm, "reviews", _skip, needs("reviews:write")),
    "review": Act(ReviewForm, "reviews", _review, rate.may_review),
    "save_draft": Act(ReviewForm, "reviews", _save_draft, rate.may_review),
    "reconcile": Act(RatingForm, "reviews", _reconcile, settle.may_reconcile),
    "ask_decision": Act(GuardedPlain, "reviews", _ask_decision, settle.may_ask_for_adjudication),
    "adjudicate": Act(RatingForm, "reviews", _adjudicate, settle.may_adjudicate),
    "write_finding": Act(FindingForm, "finding", _write_finding, findings.may_write),
    "agree": Act(AgreeForm, "finding", _agree, findings.may_agree),
}
