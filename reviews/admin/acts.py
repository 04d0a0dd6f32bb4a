"""What the buttons of the claim page do: each names one verb."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import capturing
from claims import evidence as evidence_verbs
from claims.admin.acts import Act, ActForm, GuardedPlain, Plain
from claims.coverage import gather
from claims.errors import Invalid, Stale
from claims.models import Actor, Claim, CoverageRun, Evidence, ProvenanceEdge
from claims.provenance import decide
from claims.web.kinds import kind_of
from reviews import notes, right_of_reply, rounds
from reviews.admin.forms.ahead import (
    AnswerForm,
    AskedForm,
    CorrectionForm,
    ReasonForm,
    TransitionForm,
)
from reviews.admin.forms.chain import (
    AsideForm,
    AskForm,
    DecideForm,
    LinkForm,
    ResolveForm,
    SourceForm,
)
from reviews.admin.forms.claim import EditForm, NoteForm, SplitForm
from reviews.admin.forms.evidence import ChangeEvidenceForm, EvidenceForm
from reviews.admin.forms.judging import AgreeForm, FindingForm, RatingForm, ReviewForm, SeatForm
from reviews.models import CorrectionProposal, ReviewDraft
from reviews.queue import lease, pick
from reviews.stage import present_finding
from reviews.verdicts import finding as findings
from reviews.verdicts import rate, settle
from reviews.workflow import amend, correct
from reviews.workflow import split as splitting
from reviews.workflow.alerts import settle_alert
from reviews.workflow.step import OverrideWish, Wish
from reviews.workflow.table import TRANSITIONS
from reviews.workflow.transition import may_ask, transition

UPLOAD_MAX = 20 * 1024 * 1024


_Row = TypeVar("_Row", bound=Model)


def _needs(scope: str) -> Callable[[Claim, Actor], None]:
    return lambda _claim, by: by.need(scope)


def _there(rows: QuerySet[_Row], key: str) -> _Row:
    """The one of these rows that a button is about; an address is typed by anybody."""
    found = rows.filter(pk=_key(key)).first()
    if found is None:
        raise Http404
    return found


def _key(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError as error:
        raise Http404 from error


# Words and fields


def _edit(claim: Claim, form: EditForm, by: Actor) -> str:
    said = form.cleaned_data
    named = (said["claimant_name"].strip(), said["claimant_kind"] or "other")
    changes: dict[str, Any] = {
        "language": said["language"].strip(),
        "claimant": named if named[0] else None,
        "topic": said["topic"].strip() or None,
        "why": said["why"].strip(),
        "tags": said["tags"],
        "due_at": _due(claim, said["due_at"]),
        "assigned_to": said["assigned_to"],
        "harm": said["harm"],
        "visibility": said["visibility"],
        "external_ref": said["external_ref"].strip() or None,
        "discreet": said["discreet"],
        "urgent": said["urgent"],
    }
    # The field trims what is typed; that alone must make nobody an author.
    if said["text"] != claim.text.strip():
        changes["text"] = said["text"]
    amendment = amend.Amendment(changes, meaning=said["meaning"], reason=said["reason"].strip())
    amend.edit(claim, amendment, by=by, version=said["version"])
    return _("Kept.")


def _due(claim: Claim, typed: datetime | None) -> datetime | None:
    """The field shows whole minutes: what was only shown is no other time."""
    shown = claim.due_at.replace(second=0, microsecond=0) if claim.due_at is not None else None
    return claim.due_at if typed == shown else typed


def _split(claim: Claim, form: SplitForm, by: Actor) -> str:
    parts = [splitting.Part(line) for line in form.lines()]
    made = splitting.split(claim, parts, by=by, note=form.cleaned_data["note"])
    return _("Split into %(number)s claims. You wrote them, so others review them.") % {
        "number": len(made)
    }


def _may_split(_claim: Claim, by: Actor) -> None:
    splitting.may_split(by)


# Who says so


def _decide(claim: Claim, form: DecideForm, by: Actor) -> str:
    verb = {
        "confirmed": decide.confirm,
        "rejected": decide.reject,
        "suggested": decide.undo,
    }[form.status]
    verb(
        _link(claim, form.target),
        by=by,
        version=form.edge_version,
        note=form.cleaned_data["note"],
    )
    return _("Noted; the origins are counted anew.")


def _add_link(claim: Claim, form: LinkForm, by: Actor) -> str:
    said = form.cleaned_data
    target: decide.End = said["rests_on"] or {"label": said["name"], "kind": said["kind"]}
    decide.add(
        claim,
        by=by,
        source=said["whose"],
        target=target,
        kind=said["type"],
        quote=said["quote"],
        note=said["note"],
    )
    return _("The link is in; the origins are counted anew.")


def _resolve(claim: Claim, form: ResolveForm, by: Actor) -> str:
    decide.resolve(
        form.cleaned_data["node"],
        by=by,
        to=form.cleaned_data["to"],
        note=form.cleaned_data["note"],
    )
    return _("Noted; the origins are counted anew.")


def _tell_of(claim: Claim, form: SourceForm, by: Actor) -> str:
    """Whatever of a source was told differently from what stands there."""
    said = form.cleaned_data
    node, note = said["node"], said["note"]
    if said["speaks_for"].strip() != node.speaks_for:
        decide.speaks_for(node, by=by, whom=said["speaks_for"], note=note)
    was_there = {"yes": True, "no": False}.get(said["first_hand"])
    if was_there != node.first_hand:
        decide.first_hand(node, by=by, was_there=was_there, note=note)
    if said["retracted"] != node.retracted:
        decide.retracted(node, by=by, is_so=said["retracted"], note=note)
    return _("Noted; the origins are counted anew.")


def _set_aside(claim: Claim, form: AsideForm, by: Actor) -> str:
    item = _there(claim.coverage.select_related("article"), form.target)
    aside = form.cleaned_data["aside"]
    decide.set_aside(claim, item.article, by=by, aside=aside)
    return _("Set aside: it counts for nothing.") if aside else _("It counts again.")


def _link(claim: Claim, key: str) -> ProvenanceEdge:
    return _there(claim.edges.all(), key)


# Coverage


def _ask(claim: Claim, form: AskForm, by: Actor) -> str:
    _run, new = gather.ask(claim, by=by, queries=form.lines())
    return _("The desk is looking.") if new else _("A look is going on already.")


def _cancel(claim: Claim, form: ActForm, by: Actor) -> str:
    gather.cancel(_run_of(claim, form.target), by=by)
    return _("Stopped. What was found stays.")


def _retry(claim: Claim, form: ActForm, by: Actor) -> str:
    gather.retry(_run_of(claim, form.target), by=by)
    return _("What failed is tried again.")


def _run_of(claim: Claim, key: str) -> CoverageRun:
    return _there(claim.coverage_runs.all(), key)


# Evidence


def _add_evidence(claim: Claim, form: EvidenceForm, by: Actor) -> str:
    said, sent = form.said(), form.cleaned_data["file"]
    capture: Any = form.cleaned_data["capture"]
    url = form.cleaned_data["url"].strip()
    if sent is not None:
        if sent.size > UPLOAD_MAX:
            raise Invalid.at("/file", _("This file is too large: at most 20 MB."))
        body = sent.read()
        capture = capturing.take_in(
            body,
            media_type=kind_of(body, said=(sent.content_type or "").lower()),
            fetched_at=timezone.now(),
            via="upload",
            file_name=sent.name or "",
        )
    evidence_verbs.attach(claim, by=by, capture=capture, url=url, **said)
    return _("Evidence added.")


def _change_evidence(claim: Claim, form: ChangeEvidenceForm, by: Actor) -> str:
    item = _item(claim, form.target)
    amend.change_evidence(item, by=by, changes=form.changes())
    return _("Kept.")


def _withdraw_evidence(claim: Claim, form: ReasonForm, by: Actor) -> str:
    amend.withdraw_evidence(_item(claim, form.target), by=by, reason=form.cleaned_data["reason"])
    return _("Withdrawn. It stays visible, with your reason.")


def _remove_evidence(claim: Claim, form: ActForm, by: Actor) -> str:
    amend.remove_evidence(_item(claim, form.target), by=by)
    return _("Removed: nobody had relied on it.")


def _sign_off(claim: Claim, form: ActForm, by: Actor) -> str:
    evidence_verbs.sign_off(_item(claim, form.target), by=by)
    return _("You vouch for it.")


def _settle_alert(claim: Claim, form: ReasonForm, by: Actor) -> str:
    alert = _there(claim.alerts.all(), form.target)
    settle_alert(alert, by=by, reason=form.cleaned_data["reason"])
    return _("Noted: the check stands as it is.")


def _item(claim: Claim, key: str) -> Evidence:
    return _there(claim.evidence.all(), key)


# Right of reply


def _log_reply(claim: Claim, form: AskedForm, by: Actor) -> str:
    said = form.cleaned_data
    names = ("asked", "role", "channel", "asked_at", "deadline", "answer", "not_asked_because")
    asked = right_of_reply.Asked(**{name: said[name] for name in names})
    right_of_reply.log(claim, asked, by=by)
    return _("On record.")


def _answer(claim: Claim, form: AnswerForm, by: Actor) -> str:
    found = _there(claim.replies.all(), form.target)
    right_of_reply.answered(found, by=by, answer=form.cleaned_data["answer"])
    return _("The answer is on record.")


# Seats and reviews


def _take_seat(claim: Claim, form: SeatForm, by: Actor) -> str:
    said = form.cleaned_data
    hold = lease.take(claim, by=by, seat=said["seat"], take_over=said["take_over"])
    return _("The %(seat)s seat is yours until %(time)s UTC.") % {
        "seat": hold.seat,
        "time": hold.expires_at.strftime("%H:%M"),
    }


def _give_back(claim: Claim, form: ActForm, by: Actor) -> str:
    lease.give_back(_key(form.target), by=by)
    return _("The seat is free. What you typed is kept.")


def _renew(claim: Claim, form: ActForm, by: Actor) -> str:
    lease.renew(_key(form.target), by=by)
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


# The finding


def _write_finding(claim: Claim, form: FindingForm, by: Actor) -> str:
    _same_version(claim, form.cleaned_data["number"])
    findings.write(claim, form.finding(), by=by)
    return _("A new version of the text. A reviewer who did not write it has to agree.")


def _agree(claim: Claim, form: AgreeForm, by: Actor) -> str:
    _same_version(claim, form.cleaned_data["number"])
    findings.agree(claim, by=by)
    return _("You stand by this text.")


def _same_version(claim: Claim, number: int | None) -> None:
    round_ = rounds.newest(claim)
    present = present_finding(round_) if round_ is not None else None
    if number is not None and present is not None and present.number != number:
        raise Stale(_("A newer version of the text was written meanwhile. Read it first."))


# What happens to the claim


def _transition(claim: Claim, form: TransitionForm, by: Actor) -> str:
    name = form.target
    said = form.cleaned_data
    overrides = tuple(
        OverrideWish(
            code=field.removeprefix("override_"),
            note=said[field],
            private_note=said.get(f"private_{field.removeprefix('override_')}", ""),
            reason=said.get(f"reason_{field.removeprefix('override_')}", ""),
        )
        for field in said
        if field.startswith("override_") and said[field].strip()
    )
    wish = Wish(
        reason=said.get("reason", ""),
        note=said.get("note", ""),
        kind=said.get("kind", ""),
        overrides=overrides,
    )
    moved = transition(claim, name, by=by, wish=wish, version=said["version"])
    return _("Done: the claim is “%s” now.") % moved.get_state_display()


def may_transition(claim: Claim, name: str, by: Actor) -> None:
    if name not in TRANSITIONS:
        raise Http404
    may_ask(claim, name, by=by)


# Published


def _propose(claim: Claim, form: CorrectionForm, by: Actor) -> str:
    said = form.cleaned_data
    changes: dict[str, Any] = {}
    text = form.finding()
    round_ = rounds.newest(claim)
    present = present_finding(round_) if round_ is not None else None
    if text.sentences and (present is None or findings.text_of(present) != text):
        changes["finding"] = text
    if said["text"] and said["text"] != claim.text.strip():
        changes["text"] = said["text"]
    named = (said["claimant_name"].strip(), said["claimant_kind"] or "other")
    before = (claim.claimant.name, claim.claimant.kind) if claim.claimant is not None else None
    after = named if named[0] else None
    if after != before:
        changes["claimant"] = after
    proposal = correct.propose_correction(
        claim,
        by=by,
        kind=said["kind"],
        note=said["note"],
        changes=changes,
        requested_by=said["requested_by"],
    )
    if proposal.issued_as_id is not None:
        return _("The correction is out.")
    return _("Proposed. An editor who is not you has to issue it.")


def _issue(claim: Claim, form: ActForm, by: Actor) -> str:
    found = _there(CorrectionProposal.objects.filter(claim=claim), form.target)
    correct.issue_correction(found, by=by)
    return _("The correction is out: page, feeds and subscribers have it.")


def _suspend(claim: Claim, form: ReasonForm, by: Actor) -> str:
    correct.suspend(claim, by=by, reason=form.cleaned_data["reason"])
    return _("The page is held back. Somebody else can bring it back.")


def _restore_page(claim: Claim, form: ReasonForm, by: Actor) -> str:
    correct.restore_page(claim, by=by, note=form.cleaned_data["reason"])
    return _("The page is shown again.")


def _note(claim: Claim, form: NoteForm, by: Actor) -> str:
    noted = notes.write(claim, form.cleaned_data["text"], by=by)
    said = [_("Noted, for colleagues only.")]
    if noted.told:
        said.append(_("Told: %(names)s.") % {"names": ", ".join(noted.told)})
    if noted.unknown:
        said.append(
            _("Nobody who may read it answers to: %(names)s.")
            % {"names": ", ".join(noted.unknown)}
        )
    return " ".join(said)


def _may_propose(_claim: Claim, by: Actor) -> None:
    correct.may_propose(by)


ACTS: dict[str, Act] = {
    "edit": Act(EditForm, "words", _edit, amend.may_edit),
    "split": Act(SplitForm, "words", _split, _may_split),
    "decide": Act(DecideForm, "chain", _decide, _needs("claims:write")),
    "add_link": Act(LinkForm, "chain", _add_link, _needs("claims:write")),
    "resolve": Act(ResolveForm, "chain", _resolve, _needs("claims:write")),
    "tell_of": Act(SourceForm, "chain", _tell_of, _needs("claims:write")),
    "set_aside": Act(AsideForm, "coverage", _set_aside, _needs("claims:write")),
    "ask": Act(AskForm, "coverage", _ask, _needs("coverage:write")),
    "cancel": Act(Plain, "coverage", _cancel, _needs("coverage:write")),
    "retry": Act(Plain, "coverage", _retry, _needs("coverage:write")),
    "add_evidence": Act(EvidenceForm, "evidence", _add_evidence, _needs("claims:write")),
    "change_evidence": Act(
        ChangeEvidenceForm, "evidence", _change_evidence, _needs("claims:write")
    ),
    "withdraw_evidence": Act(ReasonForm, "evidence", _withdraw_evidence, _needs("claims:write")),
    "remove_evidence": Act(Plain, "evidence", _remove_evidence, _needs("claims:write")),
    "sign_off": Act(Plain, "evidence", _sign_off, _needs("publish")),
    "settle_alert": Act(ReasonForm, "next", _settle_alert),
    "log_reply": Act(AskedForm, "replies", _log_reply, _needs("claims:write")),
    "answer": Act(AnswerForm, "replies", _answer, _needs("claims:write")),
    "take_seat": Act(SeatForm, "reviews", _take_seat, rate.may_review),
    "give_back": Act(Plain, "reviews", _give_back, _needs("reviews:write")),
    "renew": Act(Plain, "reviews", _renew, _needs("reviews:write")),
    "skip": Act(ReasonForm, "reviews", _skip, _needs("reviews:write")),
    "review": Act(ReviewForm, "reviews", _review, rate.may_review),
    "save_draft": Act(ReviewForm, "reviews", _save_draft, rate.may_review),
    "reconcile": Act(RatingForm, "reviews", _reconcile, settle.may_reconcile),
    "ask_decision": Act(GuardedPlain, "reviews", _ask_decision, settle.may_ask_for_adjudication),
    "adjudicate": Act(RatingForm, "reviews", _adjudicate, settle.may_adjudicate),
    "write_finding": Act(FindingForm, "finding", _write_finding, findings.may_write),
    "agree": Act(AgreeForm, "finding", _agree, findings.may_agree),
    "transition": Act(TransitionForm, "next", _transition),
    "propose": Act(CorrectionForm, "published", _propose, _may_propose),
    "issue": Act(Plain, "published", _issue),
    "suspend": Act(ReasonForm, "published", _suspend),
    "restore_page": Act(ReasonForm, "published", _restore_page, correct.may_restore),
    "note": Act(NoteForm, "notes", _note, _needs("claims:read")),
}
# Drafts are for whoever may review; nothing in them is checked before they are submitted.
UNCHECKED = frozenset({"save_draft"})
