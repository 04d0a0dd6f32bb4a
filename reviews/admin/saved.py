"""Filters under a name: kept from a list, shared with the desk, and removed again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claims.admin.base import actor_of
from claims.errors import DeskError, Invalid, Missing
from claims.models import Actor
from reviews.models import SavedFilter
from reviews.queue import filters

PLACES = {
    SavedFilter.Place.CLAIMS: "admin:claims_claim_changelist",
    SavedFilter.Place.QUEUE: "desk:queue",
}
SHOWN = 100


def saved_at(place: str, request: HttpRequest) -> dict[str, Any]:
    """What a list shows of its saved filters."""
    by = actor_of(request)
    now = filters.query_of(place, request.META.get("QUERY_STRING", ""))
    rows = list(filters.of_place(place, by)[:SHOWN])
    return {
        "saved_place": place,
        "saved_here": reverse(PLACES[SavedFilter.Place(place)]),
        "saved_now": now,
        "saved": [(one, one.query == now, by.is_person(one.owner)) for one in rows],
    }


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Keep or remove a filter, and go back to the list as it was filtered."""
    by, place = actor_of(request), request.POST.get("place", "")
    try:
        said, query = _change(request, place, by)
    except DeskError as refusal:
        said, query = "", request.POST.get("query", "")
        messages.error(request, " ".join(dict.fromkeys(refusal.sentences())))
    if said:
        messages.success(request, said)
    known = place if place in PLACES else SavedFilter.Place.CLAIMS
    query = filters.query_of(known, query)
    back = reverse(PLACES[SavedFilter.Place(known)])
    return HttpResponseRedirect(f"{back}?{query}" if query else back)


def _change(request: HttpRequest, place: str, by: Actor) -> tuple[str, str]:
    sent = request.POST
    if sent.get("do") == "save":
        row = filters.save(
            place,
            name=sent.get("name", ""),
            query=sent.get("query", ""),
            shared="shared" in sent,
            by=by,
        )
        words = _("Kept for everybody as “%s”.") if row.shared else _("Kept for you as “%s”.")
        return words % row.name, row.query
    if sent.get("do") == "remove":
        try:
            gone = filters.remove(UUID(sent.get("filter", "")), by=by)
        except ValueError as error:
            raise Missing(_("This is no filter of yours.")) from error
        return _("“%s” is removed.") % gone.name, sent.get("query", "")
    raise Invalid(_("There is no such button here."))
