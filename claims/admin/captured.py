"""What a capture's page shows of its text: the passages that evidence quotes, marked in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet

from claims.admin.marks import Mark, Paragraph, cut_at, laid_out, plain_blocks
from claims.evidence.quote import found_again
from claims.models import Actor, Capture, Claim, Evidence, Reading
from claims.text.paged import pages_of
from claims.text.passage import Found, How
from claims.web.oddities import UNREAD

# A page that is longer is shown up to here, and around what is quoted below.
SHOWN_MAX = 200_000
_AROUND = 1_500


@dataclass(frozen=True, slots=True)
class Quoted:
    """Evidence that quotes the capture, and how its words stand there: None where they do not."""

    item: Evidence
    place: Found | None
    pages: tuple[int, int] | None

    @property
    def changed(self) -> bool:
        return self.place is not None and self.place.how == How.CHANGED


@dataclass(frozen=True, slots=True)
class Captured:
    """The newest text that was read from a capture; no reading, no paragraphs.

    ``unread``: what of it could not be read, in sentences.
    """

    reading: Reading | None
    paragraphs: Sequence[Paragraph | None]
    quoted: Sequence[Quoted]
    evidence: Sequence[Evidence]
    cut: bool
    unread: Sequence[str]


def captured(capture: Capture, by: Actor) -> Captured:
    """The captured text for one person, with the quotes of all evidence that they may see."""
    reading = capture.readings.order_by("-created_at").first()
    evidence = list(evidence_on(capture, by))
    text = reading.text if reading is not None else ""
    pages = reading.pages if reading is not None else ()
    quoted = [_quoted(one, one.quote, text, pages) for one in evidence if one.quote]
    marks = [
        Mark(one.place.start, one.place.end, "quote", str(one.item.pk))
        for one in quoted
        if one.place is not None
    ]
    return Captured(
        reading=reading,
        paragraphs=_shown(text, marks, pages),
        quoted=quoted,
        evidence=evidence,
        cut=len(text) > SHOWN_MAX,
        unread=[UNREAD[odd] for odd in (reading.oddities if reading else ()) if odd in UNREAD],
    )


def _quoted(item: Evidence, quote: Mapping[str, Any], text: str, pages: Sequence[int]) -> Quoted:
    place = found_again(quote, text)
    stands_on = pages_of(pages, place.start, place.end) if place is not None else None
    return Quoted(item, place, stands_on)


def _shown(text: str, marks: Sequence[Mark], pages: Sequence[int]) -> list[Paragraph | None]:
    """The text from its beginning, then what stands around marks far below; None parts them."""
    blocks = cut_at(plain_blocks(text), pages)
    shown: list[Paragraph | None] = []
    end = 0
    wanted = [(0, SHOWN_MAX)]
    wanted += sorted((mark.start - _AROUND, mark.end + _AROUND) for mark in marks)
    for first, last in wanted:
        start = max(first, end)
        if start >= min(last, len(text)):
            continue
        if shown and start > end:
            shown.append(None)
        end = last
        inside = [
            (role, max(begin, start), min(stop, end))
            for role, begin, stop in blocks
            if begin < end and stop > start
        ]
        shown += _numbered(laid_out(text, inside, marks), pages)
    return shown


def _numbered(paragraphs: Sequence[Paragraph], pages: Sequence[int]) -> list[Paragraph]:
    """Each first paragraph of a page with its number; also where the page began before it."""
    told = []
    last = None
    for one in paragraphs:
        here = pages_of(pages, one.start, one.start + 1)
        number = here[0] if here is not None else None
        told.append(replace(one, page=number if number != last else None))
        last = number
    return told


def evidence_on(capture: Capture, by: Actor) -> QuerySet[Evidence]:
    """Evidence that stands on a capture, of claims this person knows; sealed for whom it is."""
    known = Evidence.objects.filter(
        capture=capture, claim__in=Claim.objects.visible_to(by).values("pk")
    ).select_related("claim")
    if by.may("publish"):
        return known
    sealed = Q(visibility=Evidence.Visibility.SEALED)
    return known.filter(~sealed | Q(added_by=by.person))
