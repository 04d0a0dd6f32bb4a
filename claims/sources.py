"""Whose a page is: the outlet behind an address or a name."""

from django.db import transaction

from claims.models import Domain, Outlet
from claims.web.address import try_parse, zones

NAME_MAX = 200
UNKNOWN_NAME = "Publisher unknown"
# Many publishers under one name: the part in front says whose it is, the rest says nothing.
_SHARED_HOSTS = frozenset(
    "blogspot.com wordpress.com substack.com medium.com tumblr.com github.io gitlab.io "
    "livejournal.com weebly.com wixsite.com squarespace.com ghost.io typepad.com over-blog.com "
    "canalblog.com hatenablog.com telegra.ph web.app pages.dev netlify.app blogs.com "
    "google.com facebook.com archive.org archive.ph archive.is".split()
)
_TWINS = ("www.", "m.", "mobile.", "amp.")


@transaction.atomic
def outlet_for(url: str = "", name: str = "") -> Outlet:
    """The outlet an address belongs to; made where nobody knew it yet.

    A host goes to the outlet that has it or a name above it. Without an address a name finds
    the outlet called so. Where neither says anything, the publisher is unknown: an outlet of
    its own each time, flagged, so that two unknowns are never counted as one.
    """
    name = " ".join(name.split())[:NAME_MAX]
    address = try_parse(url) if url else None
    if address is not None:
        return _of_host(address.host, name)
    if name:
        return _called(name) or Outlet.objects.create(name=name)
    return Outlet.objects.create(name=UNKNOWN_NAME, unknown=True)


def _of_host(host: str, name: str) -> Outlet:
    known = _known(host)
    if known is not None:
        return known
    own = _without_twin(host)
    made = Outlet.objects.create(name=name or own[:NAME_MAX])
    # Somebody else may have met the host at the same moment; the first one there has it.
    Domain.objects.bulk_create([Domain(host=own, outlet=made)], ignore_conflicts=True)
    first = _present(Domain.objects.select_related("outlet").get(host=own).outlet)
    if first.pk != made.pk:
        made.delete()
    return first


def _known(host: str) -> Outlet | None:
    """The outlet of the longest known name that *host* ends in, shared hosts left out."""
    names = [zone for zone in zones(host) if zone not in _SHARED_HOSTS]
    found = {
        domain.host: domain
        for domain in Domain.objects.select_related("outlet__merged_into").filter(host__in=names)
    }
    return next((_present(found[zone].outlet) for zone in names if zone in found), None)


def _called(name: str) -> Outlet | None:
    found = Outlet.objects.filter(name__iexact=name, unknown=False).order_by("pk").first()
    return _present(found) if found is not None else None


def _present(outlet: Outlet) -> Outlet:
    """Where an outlet was merged into another, the other; a ring in the data is cut."""
    seen = {outlet.pk}
    while outlet.merged_into is not None and outlet.merged_into.pk not in seen:
        outlet = outlet.merged_into
        seen.add(outlet.pk)
    return outlet


def _without_twin(host: str) -> str:
    """The host without the label of its www, mobile or AMP twin, where a name remains."""
    for twin in _TWINS:
        rest = host.removeprefix(twin)
        if rest != host and "." in rest:
            return rest
    return host
