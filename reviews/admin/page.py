"""The claim page: what it shows, put together once for whoever looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from claims.admin.acts import Forms, Plain
from claims.coverage import choosing
from claims.coverage import queries as searches
from claims.errors import Forbidden
from claims.models import Actor, Alert, Claim, ClaimPart, CoverageRun, Tag, User
from claims.models.claim import ClaimQuerySet
from reviews import notes, rounds
from reviews.admin.forms.chain import AskForm, LinkForm, ResolveForm, SourceForm
from reviews.admin.forms.claim import EditForm, NoteForm, SplitForm, initial_of
from reviews.admin.forms.evidence import EvidenceForm, cited_article
from reviews.admin.parts.ahead import Way, ways_of
from reviews.admin.parts.chain import Chain, chain_of
from reviews.admin.parts.coverage import coverage_of, items_of, whole
from reviews.admin.parts.evidence import Proof, proof_of
from reviews.admin.parts.judging import Judging, judging_of
from reviews.admin.parts.past import activity_of
from reviews.admin.parts.published import Published, published_of
from reviews.admin.parts.replies import replies_of
from reviews.admin.parts.words import in_article
from reviews.gates import Case
from reviews.models import Round, Suspension
from reviews.policy import Settings
from reviews.policy import current as current_policy
from reviews.queue.priority import Priority
from reviews.queue.rank import priority_under
from reviews.right_of_reply import SILENCE
from reviews.workflow.amend import may_edit
from reviews.workflow.split import may_split
from reviews.workflow.step import Looked

Stage = Claim.Stage
ACTIVITY = 12
# What asks for another person; all else that is unmet asks for something to be done.
ANOTHER_PERSON = frozenset({"role", "four_eyes"})
OFFERED = 300
"""A form offers so many articles and sources; of more, those whose names are looked for."""
# Acts whose forms stand on the page only when somebody works on the chain by hand.
BY_HAND = frozenset({"add_link", "resolve", "tell_of"})


@dataclass(frozen=True, slots=True)
class NextStep:
    """The obvious next thing for this person: a sentence, and where it is done."""

    sentence: str
    anchor: str = ""
    label: str = ""


def claims_for_page(by: Actor) -> ClaimQuerySet:
    """Claims this person may open, with what the head of the page shows."""
    tags = Tag.objects.filter(claims=OuterRef("pk")).order_by("name")
    people = User.objects.filter(assigned_claims=OuterRef("pk")).order_by("username")
    skills = tags.filter(needs_skill=True)
    lacking = skills.exclude(skilled=by.person) if by.person is not None else skills
    return (
        Claim.objects.visible_to(by)
        .select_related("claimant", "article__outlet", "article__capture", "topic")
        .annotate(
            tag_names=ArraySubquery(tags.values("name")),
            people_assigned=ArraySubquery(people.values("username")),
            skills_lacking=ArraySubquery(lacking.values("name")),
            was_split=Exists(
                ClaimPart.objects.filter(Q(whole=OuterRef("pk")) | Q(part=OuterRef("pk")))
            ),
            is_held_back=Exists(
                Suspension.objects.filter(claim=OuterRef("pk"), lifted_at__isnull=True)
            ),
        )
        # Here, so that the gate that asks whether there are any need not ask again.
        .prefetch_related("replies")
    )


def context(
    claim: Claim,
    by: Actor,
    page_forms: Forms,
    *,
    by_hand: bool = False,
    changing: str = "",
    citing: str = "",
    links: int = 1,
    named: str = "",
) -> dict[str, Any]:
    """All parts of the page of one claim; ``by_hand`` adds the forms that draw the chain.

    ``changing`` is the piece of evidence whose form is open, ``citing`` the article of the
    coverage that is to become evidence, ``links`` which part of the chain's links is shown,
    ``named`` what the sources are called that the chain's forms offer.
    """
    refused_at = page_forms.refused.act if page_forms.refused is not None else ""
    by_hand = by_hand or refused_at in BY_HAND
    settings = current_policy()
    all_rounds = list(
        claim.rounds.select_related(
            "verdict__rating", "adjudication__editor", "adjudication__rating", "scale"
        ).order_by("-number")
    )
    leases = rounds.living(claim) if all_rounds and all_rounds[0].is_open else []
    unrevealed = _unrevealed(claim, all_rounds)
    proof = proof_of(claim, by, unrevealed=unrevealed, page_forms=page_forms, changing=changing)
    read, waiting = notes.readable(claim, by, unrevealed=unrevealed)
    blind = {str(card.item.pk) for card in proof.cards if card.blind}
    activity = activity_of(claim, by, blind=blind, limit=ACTIVITY)
    page_forms.initial = {
        "version": claim.version,
        "seen": activity[0].seq if activity else -1,
    }
    judging = judging_of(
        claim, by, all_rounds=all_rounds, leases=leases, proof=proof, page_forms=page_forms
    )
    items = items_of(claim)
    chain = chain_of(claim, coverage=whole(items), part=links)
    mine = judging.mine
    coverage = coverage_of(
        claim, items, wordings=chain.wordings, since=mine.taken_at if mine is not None else None
    )
    published = published_of(claim, by, judging=judging, proof=proof, page_forms=page_forms)
    ways = ways_of(
        claim,
        by,
        looked=Looked(
            _case(claim, by, judging, proof), out=published is not None and published.out
        ),
        overridable=settings.overridable,
        page_forms=page_forms,
    )
    refused = page_forms.refused
    since = []
    if refused is not None and refused.is_stale:
        seen = refused.data.get("seen", "")
        since = [told for told in activity if _after(told.seq, seen)]
    return {
        "claim": claim,
        "by": by,
        "in_article": in_article(claim),
        "chain": chain,
        "coverage": coverage,
        "proof": proof,
        "replies": replies_of(claim, by, page_forms),
        "judging": judging,
        "published": published,
        "ways": [way for way in ways if not way.is_shut],
        "shut_ways": [way for way in ways if way.is_shut],
        "activity": activity,
        "notes": read,
        "notes_waiting": waiting,
        "note_waits": notes.waits(by, unrevealed=unrevealed),
        "alerts": _alerts(claim),
        "priority": _priority(claim, settings),
        "next_step": _next_step(claim, judging, ways, published),
        "since": since,
        "edit_form": _edit_form(claim, by, page_forms),
        "stale_words": _stale_words(claim, page_forms),
        "split_form": _split_form(claim, by, page_forms),
        **_parts(claim, by),
        "may_decide": by.may("claims:write"),
        **(_chain_forms(claim, by, chain, page_forms, named=named) if by_hand else {}),
        "ask_form": _ask_form(claim, by, coverage.run, page_forms),
        "plain": page_forms.of(Plain, "plain"),
        **_evidence_form(claim, by, page_forms, citing=citing),
        "note_form": page_forms.of(NoteForm, "note"),
        "refused": refused,
    }


def _ask_form(
    claim: Claim, by: Actor, run: CoverageRun | None, page_forms: Forms
) -> AskForm | None:
    """What a look would ask of whom, to be seen and changed first; a person's own words stay."""
    if not by.may("coverage:write"):
        return None
    seen = choosing.preview(claim)
    asked = [query.text for query in seen.queries]
    chosen = [place.name for place in seen.places if place.name in seen.chosen]
    if run is not None and any(query.get("why") == searches.BY_HAND for query in run.queries):
        asked, chosen = [query["text"] for query in run.queries], run.providers
    initial = {"queries": "\n".join(asked), "providers": chosen}
    form: AskForm = page_forms.of(AskForm, "ask", initial=initial)
    form.offer(seen)
    return form


def _alerts(claim: Claim) -> list[Alert]:
    """What speaks for another look, and whose silence there is to go on with while it is open."""
    silent = claim.is_open and any(row.is_silent for row in claim.replies.all())
    if not claim.needs_look and not silent:
        return []
    alerts = claim.alerts.filter(closed_at__isnull=True).prefetch_related("rechecks")
    return list(alerts if silent else alerts.exclude(kind=SILENCE))


def _case(claim: Claim, by: Actor, judging: Judging, proof: Proof) -> Case:
    """What the gates look at, as ``case_of`` would read it, from what the page has read."""
    round_ = judging.round
    if round_ is None or round_.is_void or round_.revealed_at is None:
        return Case(claim, by.person, round_, None, None, ())
    verdict, present = judging.verdict, judging.present
    if verdict is not None:
        verdict.rating.scale = round_.scale
    finding = present.finding if present is not None else None
    return Case(claim, by.person, round_, verdict, finding, tuple(proof.cited_in(finding)))


def _priority(claim: Claim, settings: Settings) -> Priority | None:
    if claim.state not in {Claim.State.DRAFT, Claim.State.CHECKING}:
        return None
    return priority_under(claim, settings.weights)


def _unrevealed(claim: Claim, all_rounds: Sequence[Round]) -> Round | None:
    """As ``rounds.unrevealed_since``, from the rounds that are here already."""
    first = None
    if claim.state in {Claim.State.DRAFT, Claim.State.CHECKING}:
        for round_ in all_rounds:
            if round_.revealed_at is not None:
                break
            first = round_
    return first


def _edit_form(claim: Claim, by: Actor, page_forms: Forms) -> Any:
    if claim.state not in {Claim.State.DRAFT, Claim.State.CHECKING}:
        return None
    try:
        may_edit(claim, by)
    except Forbidden:
        return page_forms.was_refused("edit")
    return page_forms.of(EditForm, "edit", "", initial_of(claim))


def _evidence_form(claim: Claim, by: Actor, page_forms: Forms, *, citing: str) -> dict[str, Any]:
    """The form that adds evidence; with an article of the coverage it says what it can."""
    if not by.may("claims:write"):
        return {"evidence_form": None}
    cited = claim.coverage.select_related("article__outlet__owner")
    key = _uuid(citing)
    item = cited.filter(pk=key).first() if key is not None else None
    initial = cited_article(item.article) if item is not None else {}
    form = page_forms.of(EvidenceForm, "add_evidence", "", initial)
    return {"evidence_form": form, "citing": item}


def _split_form(claim: Claim, by: Actor, page_forms: Forms) -> Any:
    if claim.state not in {Claim.State.DRAFT, Claim.State.CHECKING}:
        return None
    try:
        may_split(by)
    except Forbidden:
        return page_forms.was_refused("split")
    return page_forms.of(SplitForm, "split")


def _parts(claim: Any, by: Actor) -> dict[str, Any]:
    """The claims this one was split into, and those it is a part of."""
    rows = list(ClaimPart.objects.around(claim, by)) if claim.was_split else []
    return {
        "parts": [row.part for row in rows if row.whole_id == claim.pk],
        "part_of": [row.whole for row in rows if row.part_id == claim.pk],
    }


def _stale_words(claim: Claim, page_forms: Forms) -> dict[str, str] | None:
    """For a stale edit: the words as they were opened, as they are now, and as they were typed."""
    form = page_forms.was_refused("edit")
    if form is None or not form.is_stale:
        return None
    base = form.data.get("base_text", "")
    typed = form.data.get("text", "")
    if base == claim.text:
        return None
    return {"base": base, "now": claim.text, "typed": typed}


def _chain_forms(
    claim: Claim, by: Actor, chain: Chain, page_forms: Forms, *, named: str
) -> dict[str, Any]:
    """The three forms below the chain; they choose among the claim's own nodes.

    Of very many those are offered whose name has the words ``named`` in it, and the ends of the
    links that are shown.
    """
    if not by.may("claims:write") or not chain.nodes:
        return {}
    every = claim.nodes.order_by("kind", "label", "key")
    if chain.nodes > OFFERED:
        hops = (*chain.own, *chain.elsewhere)
        typed = page_forms.refused.data.values() if page_forms.refused is not None else ()
        near = {end.pk for hop in hops for end in (hop.source, hop.target)}
        near |= {key for value in typed if (key := _uuid(str(value))) is not None}
        nodes = list(every.filter(pk__in=near))
        if named:
            nodes += every.filter(label__icontains=named).exclude(pk__in=near)[:OFFERED]
    else:
        nodes = list(every)
    return {
        "offered": len(nodes) if chain.nodes > OFFERED else None,
        "named": named,
        "link_form": page_forms.of(LinkForm, "add_link").over(nodes),
        "resolve_form": page_forms.of(ResolveForm, "resolve").over(nodes),
        "source_form": page_forms.of(SourceForm, "tell_of").over(nodes),
    }


def _uuid(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None


def _after(seq: int, seen: str) -> bool:
    try:
        return seq > int(seen)
    except ValueError:
        return False


def _next_step(
    claim: Claim, judging: Judging, ways: Sequence[Way], published: Published | None
) -> NextStep:
    """What this person would do now, or for whom the claim waits."""
    if judging.mine is not None:
        return NextStep(_("You hold a seat of this claim."), "review-form", _("Write your review"))
    if claim.state == Claim.State.DRAFT:
        return _while_incoming(ways)
    if claim.state == Claim.State.CHECKING:
        return _while_checking(claim, judging, ways)
    if published is not None and claim.state == Claim.State.PUBLISHED:
        return _while_published(claim, published)
    return NextStep(_("This claim is closed."), "next")


def _while_incoming(ways: Sequence[Way]) -> NextStep:
    way = _way(ways, "start_checking")
    if way is not None and way.option.allowed:
        return NextStep(
            _("It is incoming. When the words are right, send it to review."),
            "next",
            _("Send to review"),
        )
    return NextStep(_("It is incoming; something is missing before it can be reviewed."), "next")


def _while_checking(claim: Claim, judging: Judging, ways: Sequence[Way]) -> NextStep:
    if claim.stage == Stage.REVIEW:
        return _while_reviewed(judging)
    if claim.stage in {Stage.DISPUTED, Stage.ADJUDICATION}:
        return _while_disputed(claim, judging)
    if claim.stage == Stage.FINDING:
        return _while_written(judging)
    publish = _way(ways, "publish")
    if publish is not None and publish.option.allowed:
        return NextStep(_("Everything is settled."), "next", _("Publish"))
    if publish is not None and _is_missing_something(publish):
        return NextStep(
            _("The rating and the text are settled, but a gate before publication is not met."),
            "next",
            _("See what is missing"),
        )
    return NextStep(_("It is ready, and waits for an editor who had no hand in it."), "next")


def _is_missing_something(way: Way) -> bool:
    return any(one.code not in ANOTHER_PERSON for one in way.option.unmet)


def _way(ways: Sequence[Way], name: str) -> Way | None:
    return next((one for one in ways if one.option.name == name), None)


def _while_disputed(claim: Claim, judging: Judging) -> NextStep:
    if judging.reconcile_form is not None:
        return NextStep(
            _("You rated it differently. Settle on one of the ratings, or ask an editor."),
            "reviews",
            _("Settle the rating"),
        )
    if judging.adjudicate_form is not None and claim.stage == Stage.ADJUDICATION:
        return NextStep(_("The reviewers differ; you decide."), "reviews", _("Decide"))
    return NextStep(_("The reviewers’ ratings differ; it waits for them or an editor."))


def _while_written(judging: Judging) -> NextStep:
    if judging.agree_form is not None:
        return NextStep(_("The text waits for your yes."), "finding", _("Read it and agree"))
    if judging.present is None and judging.finding_form is not None:
        return NextStep(_("There is no text yet."), "finding", _("Write the text"))
    return NextStep(_("The text waits for a second reviewer’s yes."), "finding")


def _while_reviewed(judging: Judging) -> NextStep:
    if any(seat.take is not None and not seat.holder for seat in judging.seats):
        return NextStep(_("A seat is free for you."), "reviews", _("Take a seat"))
    if judging.sat:
        return NextStep(_("Your review is in. It waits for the others."), "reviews")
    return NextStep(_("It waits for its reviewers."), "reviews")


def _while_published(claim: Claim, published: Published) -> NextStep:
    if published.suspension is not None and published.restore_closed:
        return NextStep(
            _("The page is held back: readers see that, and nothing else."), "published"
        )
    if published.suspension is not None:
        return NextStep(
            _("The page is held back: readers see that, and nothing else."),
            "published",
            _("Look at it, and show it again"),
        )
    if claim.needs_look:
        return NextStep(
            _("It is published, and something speaks for another look."),
            "next",
            _("See what can be done"),
        )
    return NextStep(
        _("It is published. Wrong, or has the world changed? Correct it."), "published"
    )
