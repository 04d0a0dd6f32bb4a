"""All captures behind a claim in one file that other tools open: a WACZ."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from claims.errors import Forbidden, Missing
from claims.evidence.archived import packed
from claims.evidence.opened import may_open
from claims.models import Actor, Capture, Claim, Evidence, Reading
from claims.web.wacz import Bundle

LIST = "desk/evidence.json"
_AT_ONCE = 100


def write_bundle(claim: Claim, file: BinaryIO, *, by: Actor) -> list[str]:
    """Write what the claim stands on into *file*; returns, in words, what was left out.

    In it are the captures of its evidence, of its coverage and its article, and what was found
    where cited sources were looked at again. Sealed evidence is in it only for who added it and
    for editors; nothing in it says stance, note, adder or who cited what. Bytes that are gone
    cost their capture, not the bundle. Raises Forbidden (it is for the people of the desk) and
    Missing (a claim this person may not see).
    """
    if by.person is None:
        raise Forbidden("Captured bytes are for the people of the desk.")
    if not Claim.objects.visible_to(by).filter(pk=claim.pk).exists():
        raise Missing("There is no such claim.")
    items = list(claim.evidence.select_related("capture"))
    shown = [item for item in items if may_open(item, by)]
    left_out = [f"Evidence {n}: it is sealed." for n, item in _numbered(items, shown)]
    with Bundle(file, title=claim.text[:200], created=timezone.now()) as bundle:
        for capture in _captures(claim, shown):
            try:
                bundle.add(packed(capture), title=capture.title or capture.file_name)
            except Missing as error:
                left_out.append(f"Capture {capture.pk}: {error.message}")
        bundle.put(LIST, _listed(claim, items, shown, left_out))
        bundle.description = _described(left_out)
    return left_out


def _numbered(items: Sequence[Evidence], shown: Sequence[Evidence]) -> list[tuple[int, Evidence]]:
    keys = {item.pk for item in shown}
    return [(n, item) for n, item in enumerate(items, start=1) if item.pk not in keys]


def _captures(claim: Claim, shown: Sequence[Evidence]) -> Iterator[Any]:
    """Each capture once, by time, with the title that was read from it."""
    covered = claim.coverage.exclude(article__capture=None).values("article__capture")
    of_evidence = [item.capture_id for item in shown if item.capture_id is not None]
    found_since = Q(pk__in=_found_since(shown))
    own = [claim.article.capture_id] if claim.article is not None else []
    titles = Reading.objects.filter(capture=OuterRef("pk")).order_by("-created_at")
    wanted = Capture.objects.filter(
        Q(pk__in=covered) | Q(pk__in=[*of_evidence, *filter(None, own)]) | found_since
    )
    ordered = wanted.annotate(title=Subquery(titles.values("title")[:1]))
    return ordered.order_by("fetched_at", "pk").iterator(chunk_size=_AT_ONCE)


def _found_since(shown: Sequence[Evidence]) -> Any:
    from_these = Evidence.objects.filter(pk__in=[item.pk for item in shown])
    return from_these.exclude(rechecks__found=None).values("rechecks__found")


def _listed(
    claim: Claim, items: Sequence[Evidence], shown: Sequence[Evidence], left_out: Sequence[str]
) -> bytes:
    """What stands on which capture, for whoever opens the bundle without the desk."""
    keys = {item.pk for item in shown}
    rows = [
        {
            "number": number,
            "id": str(item.pk),
            "title": item.title,
            "kind": item.kind,
            "quote": item.quote,
            "anchor": item.anchor,
            "translation": item.translation,
            "url": item.capture.final_url if item.capture is not None else item.url,
            "capture": str(item.capture_id) if item.capture_id else None,
            "sha256": item.capture.sha256 if item.capture is not None else None,
            "withdrawn": item.withdrawn_at is not None,
        }
        for number, item in enumerate(items, start=1)
        if item.pk in keys
    ]
    said = {
        "claim": str(claim.pk),
        "text": claim.text,
        "evidence": rows,
        "left_out": list(left_out),
    }
    return json.dumps(said, ensure_ascii=False, indent=2).encode()


def _described(left_out: Sequence[str]) -> str:
    whole = f"Captures behind a claim; {LIST} says which evidence stands on which."
    return f"{whole} Left out: {' '.join(left_out)}" if left_out else whole
