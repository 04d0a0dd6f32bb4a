"""Asks an outlet's front page which feeds it declares, as a job: suggestions, nothing more."""

from claims import capturing, sources
from claims.jobs import Again, GaveUp, Held
from claims.models import Outlet
from claims.web.errors import Unreadable
from claims.web.fetched import Fetched

# Where the safe way leads nowhere, an older site may still answer on the other.
_NO_SAFE_WAY = frozenset({"tls", "unreachable"})


def look(held: Held) -> None:
    """Ask the front page of one outlet. Raises Again, Later and GaveUp; may run twice."""
    outlet = Outlet.objects.filter(pk=held.args["outlet"]).first()
    pages = sources.front_pages(outlet) if outlet is not None else ()
    if outlet is None or not pages:
        raise GaveUp("no_outlet", "This outlet is gone, or no domain of it is known any more.")
    fetched = _front_page(held, pages)
    try:
        page = capturing.read_bytes(
            fetched.body, url=fetched.final, media_type=fetched.media_type, headers=fetched.headers
        )
    except Unreadable as error:
        raise GaveUp(error.code, error.message) from error
    sources.offer(held, outlet, feeds=page.signals.get("feeds", ()))


def _front_page(held: Held, pages: tuple[str, ...]) -> Fetched:
    safe, *others = pages
    try:
        return capturing.ask_for(held, safe)
    except Again as error:
        if error.code not in _NO_SAFE_WAY or not others:
            raise
    return capturing.ask_for(held, others[0])
