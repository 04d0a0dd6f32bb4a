"""What a capture's page shows of its text: the passages that evidence quotes, marked in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from claims.admin.marks import Mark, Paragraph, laid_out, plain_blocks
from claims.evidence.quote import found_again
from claims.models import Actor, Capture, Claim, Evidence, Reading
from claims.text.passage import Found, How

# A page that is longer is shown up to here, and around what is quoted below.
SHOWN_MAX = 200_000
_AROUND = 1_500


@dataclass(frozen=True, slots=True)
class Quoted:
    """Evidence that quotes the capture, and how its words stand there: None where they do not."""

    item: Evidence
    place: Found | None

    @property
    def changed(self) -> bool:
        return self.place is not None and self.place.how == How.CHANGED


@dataclass(frozen=True, slots=True)
class Captured:
    """The newest text that was read from a capture; no reading, no paragraphs."""

    reading: Reading | None
    paragraphs: Sequence[Paragraph | None]
    quoted: Sequence[Quoted]
    evidence: Sequence[Evidence]
    cut: bool


def captured(capture: Capture, by: Actor) -> Captured:
    """The captured text for one person, with the quotes of all evidence that they may see."""
    reading = capture.readings.order_by("-created_at").first()
    evidence = list(evidence_on(capture, by))
    text = reading.text if reading is not None else ""
    quoted = [Quoted(one, found_again(one.quote, text)) for one in evidence if one.quote]
    marks = [
        Mark(one.place.start, one.place.end, "quote", str(one.item.pk))
        for one in quoted
        if one.place is not None
    ]
    return Captured(
        reading=reading,
        paragraphs=_shown(text, marks),
        quoted=quoted,
        evidence=evidence,
        cut=len(text) > SHOWN_MAX,
    )


def _shown(text: str, marks: Sequence[Mark]) -> list[Paragraph | None]:
    """The text from its beginning, then what stands around marks far below; None parts them."""
    blocks = plain_blocks(text)
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
        shown += laid_out(text, inside, marks)
    return shown


def evidence_on(capture: Capture, by: Actor) -> QuerySet[Evidence]:
    """Evidence that stands on a capture, of claims this person knows; sealed for whom it is."""
    known = Evidence.objects.filter(
        capture=capture, claim__in=Claim.objects.visible_to(by).values("pk")
    ).select_related("claim")
    if by.may("publish"):
        return known
    sealed = Q(visibility=Evidence.Visibility.SEALED)
    return known.filter(~sealed | Q(added_by=by.person))
