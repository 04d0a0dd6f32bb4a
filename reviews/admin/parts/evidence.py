"""Evidence as cards, with what its reader may not know yet left out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import OuterRef, Subquery

from claims.admin.acts import Forms, Plain
from claims.models import Actor, ArchiveLink, Claim, Evidence, Role
from reviews.admin.forms.ahead import ReasonForm
from reviews.admin.forms.evidence import TERMS, ChangeEvidenceForm, initial_evidence
from reviews.models import Finding, Round
from reviews.rounds import cited_by, contact_of, hides, may_read, translation_of

# What could tell how whoever added it rates the claim; groups that name a person go whole.
HIDDEN = ("stance", "note", "interest", "translation_", "contact_")
# Cards that a single digit reaches.
DIGITS = 9


@dataclass(frozen=True, slots=True)
class Card:
    """One piece of evidence. What tells what somebody thinks of it is empty while it is blind."""

    item: Evidence
    number: int
    blind: bool
    # Sealed, and not for whoever looks: what it says is empty.
    closed: bool
    stance: str
    stance_words: str
    note: str
    interest: str
    quote: Mapping[str, Any] | None
    anchor: Mapping[str, Any] | None
    owner: str
    contact: Mapping[str, Any] | None
    terms: str
    translation: Mapping[str, Any] | None
    adder: str
    host: str
    archive_url: str
    change: Any
    may_change: bool
    withdraw: Any
    remove: Any
    sign_off: Any

    @property
    def key(self) -> str:
        return str(self.number) if self.number <= DIGITS else ""


@dataclass(frozen=True, slots=True)
class Proof:
    cards: Sequence[Card]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What can be cited, for the forms that cite."""
        return [
            (str(card.item.pk), f"{card.number} · {card.item.title}")
            for card in self.cards
            if card.item.withdrawn_at is None
        ]

    def cited_in(self, finding: Finding | None) -> list[Evidence]:
        """The evidence a version cites, withdrawn or not, as ``rounds.cited_in`` gives it."""
        if finding is None:
            return []
        ids = {key for one in finding.sentences for key in one["evidence"]}
        return [card.item for card in self.cards if str(card.item.pk) in ids]

    @property
    def standing(self) -> list[Card]:
        return [card for card in self.cards if card.item.withdrawn_at is None]

    @property
    def numbers(self) -> dict[str, int]:
        return {str(card.item.pk): card.number for card in self.cards}


def proof_of(
    claim: Claim, by: Actor, *, unrevealed: Round | None, page_forms: Forms, changing: str = ""
) -> Proof:
    """All evidence of the claim. ``unrevealed`` is the first round nobody may look into yet.

    ``changing`` is the id of the piece whose form is open; a form for each would weigh more than
    the page.
    """
    archived = ArchiveLink.objects.filter(capture=OuterRef("capture")).order_by("-recorded_at")
    rows = claim.evidence.select_related(
        "capture", "added_by", "withdrawn_by", "signed_off_by"
    ).annotate(archive_url=Subquery(archived.values("url")[:1]))
    items = list(rows)
    cited = cited_by(items, by)
    return Proof(
        [
            _card(
                item, number, by, cited, unrevealed, page_forms, changing=str(item.pk) == changing
            )
            for number, item in enumerate(items, start=1)
        ]
    )


def _card(
    item: Any,
    number: int,
    by: Actor,
    cited: Collection[UUID],
    unrevealed: Round | None,
    page_forms: Forms,
    *,
    changing: bool,
) -> Card:
    blind, closed = hides(unrevealed, item, by), not may_read(item, by, cited=cited)
    writes = by.may("claims:write")
    standing = item.withdrawn_at is None
    own = by.is_person(item.added_by)
    may_change = writes and standing and (own or by.holds(Role.EDITOR))
    url = item.capture.final_url if item.capture is not None else item.url
    contact = contact_of(item, by, unrevealed=unrevealed, cited=cited)
    may_vouch = (
        item.visibility == Evidence.Visibility.SEALED
        and item.signed_off_at is None
        and by.may("publish")
        and not own
    )
    return Card(
        item=item,
        number=number,
        blind=blind,
        closed=closed,
        stance="" if blind else item.stance,
        stance_words="" if blind else str(Evidence.Stance(item.stance).label),
        note="" if blind else item.note,
        interest="" if blind or closed else item.interest,
        quote=None if closed else item.quote,
        anchor=None if closed else item.anchor,
        owner="" if closed else item.owner,
        contact=contact,
        terms=str(TERMS.get(contact["terms"], "")) if contact else "",
        translation=None if closed else translation_of(item, by, unrevealed=unrevealed),
        adder="" if blind or item.added_by is None else item.added_by.get_username(),
        host="" if closed else (urlsplit(url).hostname or "").removeprefix("www."),
        archive_url="" if closed else item.archive_url or "",
        change=_change_form(item, page_forms, blind=blind, wanted=changing and may_change),
        may_change=may_change,
        withdraw=_form(
            page_forms,
            ReasonForm,
            "withdraw_evidence",
            item,
            wanted=writes and standing and (own or by.holds(Role.REVIEWER, Role.EDITOR)),
        ),
        remove=_form(
            page_forms,
            Plain,
            "remove_evidence",
            item,
            wanted=may_change,
        ),
        sign_off=_form(page_forms, Plain, "sign_off", item, wanted=standing and may_vouch),
    )


def _change_form(item: Evidence, page_forms: Forms, *, blind: bool, wanted: bool) -> Any:
    refused = page_forms.was_refused("change_evidence", item.pk)
    if refused is not None or not wanted:
        return refused
    form = page_forms.of(ChangeEvidenceForm, "change_evidence", item.pk, initial_evidence(item))
    return form.leaving_out(HIDDEN if blind else ())


def _form(page_forms: Forms, kind: Any, act: str, item: Evidence, *, wanted: bool) -> Any:
    refused = page_forms.was_refused(act, item.pk)
    return refused or (page_forms.of(kind, act, item.pk) if wanted else None)
