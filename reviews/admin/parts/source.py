"""A cited source, as it was relied on and as it stands now, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from claims.admin.captured import evidence_on
from claims.admin.marks import Mark, Paragraph, around, laid_out, plain_blocks
from claims.models import Actor, Capture, Claim, Recheck
from claims.text.revised import Revision, revised
from reviews.admin.difference import Change, difference

# What is longer is compared up to here; the whole is in the captures.
COMPARED_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Side:
    """One text with what is only in it marked; None between paragraphs is what stayed."""

    capture: Capture
    paragraphs: Sequence[Paragraph | None]


@dataclass(frozen=True, slots=True)
class Source:
    look: Recheck
    before: Side | None
    after: Side | None
    edits: Sequence[Sequence[Change]]
    # Sealed evidence is not opened by everybody: then there is the finding and no text.
    sealed: bool
    # The newest look, where it found everything as it was since.
    again: Recheck | None


def source_of(claim: Claim, key: Any, by: Actor) -> Source | None:
    """What one look at a source of this claim found; None where there is no such look."""
    look = (
        Recheck.objects.select_related("evidence", "capture", "found", "alert")
        .filter(pk=key, evidence__claim=claim)
        .first()
    )
    if look is None:
        return None
    again = _well_since(look)
    if not evidence_on(look.capture, by).filter(pk=look.evidence_id).exists():
        return Source(look, None, None, (), sealed=True, again=again)
    old, new = _text(look.capture), _text(look.found)
    if look.found is None or not old or not new:
        before, after = _whole(look.capture, old), _whole(look.found, new)
        return Source(look, before, after, (), sealed=False, again=again)
    revision = revised(old, new, quote=look.evidence.quote)
    return Source(
        look,
        _side(look.capture, old, revision.gone, "gone"),
        _side(look.found, new, revision.came, "came"),
        _edits(revision),
        sealed=False,
        again=again,
    )


def _well_since(look: Recheck) -> Recheck | None:
    newest = Recheck.objects.filter(evidence=look.evidence, last_at__gt=look.last_at).first()
    return newest if newest is not None and newest.outcome == Recheck.Outcome.SAME else None


def _text(capture: Capture | None) -> str:
    """Title and text as they were read, which for what was found may be not yet."""
    reading = capture.readings.order_by("-created_at").first() if capture is not None else None
    if reading is None or not reading.text.strip():
        return ""
    return f"{reading.title}\n\n{reading.text}".strip()[:COMPARED_MAX]


def _side(capture: Capture, text: str, spans: Sequence[tuple[int, int]], kind: str) -> Side:
    marks = [Mark(start, end, kind) for start, end in spans]
    return Side(capture, around(laid_out(text, plain_blocks(text), marks)))


def _whole(capture: Capture | None, text: str) -> Side | None:
    if capture is None:
        return None
    return Side(capture, laid_out(text, plain_blocks(text), []) if text else [])


def _edits(revision: Revision) -> list[Sequence[Change]]:
    return [difference(edit.before, edit.after) for edit in revision.edits]
