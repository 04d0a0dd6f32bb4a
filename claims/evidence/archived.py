"""A capture as the archive record it is: one WARC, the same bytes whenever it is asked for."""

from datetime import datetime
from typing import Any

from claims import capturing
from claims.models import Capture
from claims.web.address import try_parse
from claims.web.packing import Packed, pack

BY_HAND = frozenset({"upload", "hand-in"})
"""Ways on which bytes come from a person: whose word it is where they are from."""


def warc(capture: Capture) -> bytes:
    """The capture as a WARC. Raises Missing where the stored bytes are gone or damaged."""
    return pack(packed(capture))


def packed(capture: Capture) -> Packed:
    """The capture with its stored bytes, as it goes into an archive. Raises Missing.

    What the web answered is a response under its address. What a person brought is a document
    under a name of its own: the address they gave is in the notes, because nobody saw the bytes
    there.
    """
    asking = capture.asking
    by_hand = capture.via in BY_HAND or try_parse(capture.final_url) is None
    started = asking.get("started")
    return Packed(
        key=capture.pk,
        url=f"urn:uuid:{capture.pk}" if by_hand else capture.final_url,
        status=None if by_hand else capture.status,
        headers=capture.headers,
        media_type=capture.media_type,
        body=capturing.content(capture),
        date=datetime.fromisoformat(started) if started else capture.fetched_at,
        notes=_notes(capture),
        asked_with=asking.get("headers", ()),
        remote_address=asking.get("address", ""),
    )


def _notes(capture: Capture) -> dict[str, Any]:
    notes = {
        "capture": str(capture.pk),
        "via": capture.via,
        "asked": capture.asked_url,
        "final": capture.final_url,
        "file_name": capture.file_name,
        "ended": capture.fetched_at.isoformat(),
        "started": capture.asking.get("started", ""),
        "hops": capture.asking.get("hops", []),
    }
    return {name: value for name, value in notes.items() if value}
