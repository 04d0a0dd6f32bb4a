"""Attaching evidence to a claim: a capture, an address to be captured, a contact, a sighting."""

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from claims import jobs
from claims.capturing import read
from claims.errors import Invalid, Missing, Problem
from claims.evidence import fields
from claims.evidence.opened import visible_captures
from claims.evidence.standing import Standing, standing
from claims.ledger.canonical import canonical
from claims.ledger.events import EvidenceAttached
from claims.ledger.record import record
from claims.models import Actor, Capture, Claim, Evidence
from claims.web import guard
from claims.web.address import parse
from claims.web.errors import BadAddress, FetchError, Unreadable

FETCH = "evidence.fetch"
_SOME_PUBLIC_ADDRESS = ("93.184.216.34",)
_NEEDED = ("title", "stance", "kind")
_USUAL: dict[str, Any] = {
    **dict.fromkeys(_NEEDED),
    **dict.fromkeys(("contact", "quote", "anchor", "translation")),
    "note": "",
    "owner": "",
    "interest": "",
    "named": False,
    "primary": False,
    "visibility": Evidence.Visibility.PUBLIC.value,
}


def attach(
    claim: Claim,
    *,
    by: Actor,
    capture: Capture | uuid.UUID | str | None = None,
    url: str = "",
    **said: Any,
) -> Evidence:
    """Attach one piece of evidence. It stands on a capture, a url, a contact or an observation.

    ``capture`` is a capture or its id. ``said`` has title, stance and kind, and may have contact,
    quote, anchor, translation, note, named, primary, owner, visibility. A quote has to stand in
    the capture's text, and on the page that the anchor names; where it names nothing, the desk
    notes the page. With a url, in the text that a job captures from it. Raises Forbidden and
    Invalid, which names each field that cannot be used.
    """
    may_write(by)
    said = _whole(said)
    fields.check(said)
    kind, contact = said["kind"], said["contact"]
    refuse_contact_with(kind, contact)
    _refuse_nothing_to_stand_on(kind, capture=capture, url=url, contact=contact)
    stands_on = captured(capture, by=by) if capture else None
    address = _address(url) if url else ""
    # Reading a page takes its time, so it is done before the claim is locked.
    values = {name: fields.tidy(name, value) for name, value in said.items()}
    if stands_on is not None and values["quote"] is not None:
        found = quoted(values["quote"], stands_on, anchor=values["anchor"])
        values["quote"] = found.place
        values["anchor"] = found.anchor(values["anchor"], stated=True)
    return _attach(claim, values, stands_on, address, by=by)


@transaction.atomic
def _attach(
    claim: Claim,
    values: Mapping[str, Any],
    capture: Capture | None,
    address: str,
    *,
    by: Actor,
) -> Evidence:
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    item = Evidence.objects.create(
        claim=claim,
        capture=capture,
        url=address,
        capturing=Evidence.Capturing.FETCHING if address else Evidence.Capturing.STORED,
        added_by=by.person,
        **values,
    )
    if address:
        jobs.enqueue(FETCH, key=f"{FETCH}:{item.pk}", args={"evidence": str(item.pk)}, claim=claim)
    record(
        EvidenceAttached(
            evidence=str(item.pk), capture_sha256=digest_of(item), content=content_of(item)
        ),
        claim=claim,
        actor=by,
    )
    return item


def _whole(said: Mapping[str, Any]) -> dict[str, Any]:
    """What was said with what was not; refuses what nobody knows and what is missing."""
    problems = [
        Problem(f"/{name}", "There is no such field.") for name in sorted(said.keys() - _USUAL)
    ]
    problems += [Problem(f"/{name}", "This is missing.") for name in _NEEDED if name not in said]
    if problems:
        raise Invalid("Something is missing or not known.", problems=problems)
    return {**_USUAL, **said}


def may_write(by: Actor) -> None:
    if not by.is_system:
        by.need("claims:write")


def captured(capture: Capture | uuid.UUID | str, *, by: Actor) -> Capture:
    """The capture with this id, if they may look into it, or a refusal at ``/capture``.

    Whoever could attach what is sealed for others would open it for themselves.
    """
    if isinstance(capture, Capture):
        return capture
    try:
        key = uuid.UUID(str(capture))
    except ValueError:
        key = None
    found = visible_captures(by).filter(pk=key).first() if key is not None else None
    if found is None:
        raise Invalid.at("/capture", "There is no such capture.")
    return found


def quoted(
    quote: Mapping[str, Any],
    capture: Capture,
    *,
    anchor: Mapping[str, Any] | None,
    moved: bool = False,
) -> Standing:
    """Where the quote stands in the capture's text, on the anchor's page if it can, or a refusal.

    ``moved`` here from another capture: as ``standing`` has it.
    """
    try:
        reading = read(capture)
    except (Missing, Unreadable) as error:
        raise Invalid.at("/quote/exact", f"No quote can be found: {error.message}") from error
    return standing(quote, reading, page=(anchor or {}).get("page"), moved=moved)


def refuse_contact_with(kind: str, contact: Mapping[str, Any] | None) -> None:
    if contact and kind not in fields.SPOKEN:
        raise Invalid.at(
            "/contact", "A contact goes with an interview, correspondence or an observation."
        )


def digest_of(item: Evidence) -> str:
    """SHA-256, hex, of what it stands on: the captured bytes, else its canonical record."""
    if item.capture is not None:
        return item.capture.sha256
    stands_on = item.contact or ({"url": item.url} if item.url else {"observation": item.title})
    return hashlib.sha256(canonical(stands_on)).hexdigest()


def content_of(item: Evidence) -> dict[str, Any]:
    """What the log commits to of one piece of evidence."""
    names = (*fields.CHECKS, "url")
    return {name: getattr(item, name) for name in names}


def _refuse_nothing_to_stand_on(
    kind: str, *, capture: object, url: str, contact: Mapping[str, Any] | None
) -> None:
    if capture and url:
        raise Invalid(
            "Give the capture or the address, not both.",
            problems=[Problem("/url", "The capture says already where it is from.")],
        )
    if not (capture or url or contact or kind == Evidence.Kind.OBSERVATION):
        where = "/contact" if kind in fields.SPOKEN else "/capture"
        raise Invalid.at(
            where, "Evidence stands on something: a capture, an address, or who was spoken to."
        )


def _address(url: str) -> str:
    """The normal form of an address that may be fetched, as far as that shows without asking."""
    try:
        guard.check(url.strip(), resolve=lambda _name: _SOME_PUBLIC_ADDRESS)
        return parse(url).url
    except (BadAddress, FetchError) as refused:
        raise Invalid.at("/url", refused.message) from refused
