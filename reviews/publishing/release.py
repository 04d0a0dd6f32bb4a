"""Freezing an answer and letting it out: the publication, and what it corrects."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from claims.ledger.events import Event
from claims.models import Actor, Claim, User
from reviews.events import ClaimPublished, CorrectionIssued
from reviews.models import (
    Correction,
    Finding,
    Override,
    Publication,
    Slug,
    Verdict,
)
from reviews.publishing.document import Edition, freeze
from reviews.rounds import cited_in, newest
from reviews.stage import present_finding

SLUG_MAX = 60


class Passed(Protocol):
    """A gate an editor passed over."""

    @property
    def code(self) -> str: ...
    @property
    def note(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def private_note(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Released:
    """The frozen publication and what the log says of it."""

    publication: Publication
    events: list[Event]


def living_publication(claim: Claim) -> Publication | None:
    """The version that is out now; None before the first and after a withdrawal."""
    last = (
        claim.publications.select_related("verdict__round", "verdict__rating", "withdrawal")
        .order_by("-version")
        .first()
    )
    if last is None or hasattr(last, "withdrawal"):
        return None
    return last


def release(
    claim: Claim,
    *,
    by: Actor,
    kind: str = "",
    note: str = "",
    requested_by: str = "",
    proposer: User | None = None,
    finding: Finding | None = None,
    overrides: Sequence[Passed] = (),
) -> Released:
    """Freeze the claim's settled answer as its next version; composed by reviews.workflow.

    The caller has locked the claim, asked every gate, and writes the events. With a living
    publication this is a correction of ``kind``. What an earlier version passed over and is
    still passed over has to be said again.
    """
    if by.person is None:
        raise RuntimeError("a person publishes")
    round_ = newest(claim)
    verdict: Verdict | None = getattr(round_, "verdict", None)
    text = finding or (present_finding(round_) if round_ is not None else None)
    if verdict is None or text is None:
        raise RuntimeError("the gates let a claim pass without verdict or text")
    corrected = living_publication(claim)
    now = timezone.now()
    version = (claim.publications.aggregate(last=Max("version"))["last"] or 0) + 1
    first = claim.publications.order_by("version").first()
    # Whatever a demo publishes is a sample, for good: nobody may take it for a real check.
    sample = claim.sample or settings.DEMO
    edition = Edition(
        claim=claim,
        verdict=verdict,
        finding=text,
        cited=tuple(cited_in(claim, text)),
        slug=_slug(claim, text.headline),
        version=version,
        published_at=now,
        first_published_at=first.published_at if first is not None else now,
        overrides=tuple((one.code, one.note) for one in overrides),
        sample=sample,
        corrects=corrected,
        kind=kind,
        note=note,
        requested_by=requested_by,
    )
    body, digest = freeze(edition)
    publication = Publication.objects.create(
        claim=claim,
        version=version,
        slug=edition.slug,
        verdict=verdict,
        document=body,
        sha256=digest,
        published_by=by.person,
        published_at=now,
        sample=sample,
    )
    Override.objects.bulk_create(
        Override(
            publication=publication,
            code=one.code,
            note=one.note,
            reason=one.reason,
            private_note=one.private_note,
        )
        for one in overrides
    )
    said = [{"code": one.code, "note": one.note} for one in overrides]
    kept = _kept_at_the_desk(overrides)
    if corrected is None:
        event: Event = ClaimPublished(
            verdict=str(verdict.pk),
            version=version,
            rating=verdict.rating.code,
            snapshot_sha256=digest,
            overrides=said,
            passed_over=kept,
        )
        return Released(publication, [event])
    Correction.objects.create(
        publication=publication,
        corrects=corrected,
        kind=kind,
        note=note,
        requested_by=requested_by,
        proposer=proposer,
        issuer=by.person,
        issued_at=now,
    )
    event = CorrectionIssued(
        verdict=str(verdict.pk),
        version=version,
        rating=verdict.rating.code,
        snapshot_sha256=digest,
        overrides=said,
        passed_over=kept,
        kind=kind,
        corrects=corrected.version,
    )
    return Released(publication, [event])


def _kept_at_the_desk(overrides: Sequence[Passed]) -> list[dict[str, str]] | None:
    """What of the overrides is on record as a commitment alone; None where nothing was said."""
    kept = [
        {"code": one.code, "reason": one.reason, "private": one.private_note}
        for one in overrides
        if one.reason or one.private_note
    ]
    return kept or None


def _slug(claim: Claim, headline: str) -> str:
    """The claim's public name, given once. Words that slugify to nothing get the claim's id."""
    given = Slug.objects.filter(claim=claim).first()
    if given is not None:
        return given.slug
    words = slugify(headline)[:SLUG_MAX].strip("-") or "check"
    slug = words
    if slug == "check" or Slug.objects.filter(slug=slug).exists():
        slug = f"{words}-{claim.pk.hex[:8]}"
    Slug.objects.create(slug=slug, claim=claim)
    return slug
