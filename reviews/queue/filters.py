"""Filters of lists under a name: kept for oneself, or for everybody at the desk."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from claims.errors import Forbidden, Invalid, Missing
from claims.models import Actor, User
from reviews.models import SavedFilter

NAME_MAX, QUERY_MAX, MOST = 80, 1_000, 50
# What the address of a list may say: fixed choices, its order, and the words of a search.
KNOWN: Mapping[str, frozenset[str]] = {
    SavedFilter.Place.CLAIMS: frozenset({"state__exact", "stage", "whose", "only", "sort", "q"}),
    SavedFilter.Place.QUEUE: frozenset({"language", "stage"}),
}


def of_place(place: str, by: Actor) -> QuerySet[SavedFilter]:
    """One's own filters of a list, and those shared with the desk, by name."""
    mine = Q(owner=by.person) if by.person is not None else Q(pk__in=())
    rows = SavedFilter.objects.filter(mine | Q(shared=True), place=place)
    return rows.select_related("owner")


def query_of(place: str, query: str) -> str:
    """The query of an address with what is a filter of this list alone, in one order.

    A page within the list, or another's parameters, are left out; so the same filter is the same
    words whoever clicked it together.
    """
    known = KNOWN.get(place, frozenset())
    said = parse_qsl(query.lstrip("?"), keep_blank_values=False, max_num_fields=None)
    return urlencode(sorted({name: value for name, value in said if name in known}.items()))


@transaction.atomic
def save(place: str, *, name: str, query: str, shared: bool, by: Actor) -> SavedFilter:
    """Keep a filter under a name; one of that name of one's own is replaced. Raises Invalid."""
    owner = _person(by)
    name, query = " ".join(name.split()), query_of(place, query)
    if place not in KNOWN:
        raise Invalid.at("/place", f"There are these lists: {', '.join(KNOWN)}.")
    if not name or len(name) > NAME_MAX or "\0" in name:
        raise Invalid.at("/name", f"Give it a name of at most {NAME_MAX} characters.")
    if not query:
        raise Invalid.at("/query", "Nothing is filtered here: choose a filter first.")
    if len(query) > QUERY_MAX or "%00" in query:
        raise Invalid.at("/query", "This filter is too long to keep.")
    User.objects.select_for_update(of=("self",)).get(pk=owner.pk)
    mine = SavedFilter.objects.filter(owner=owner, place=place)
    if mine.exclude(name=name).count() >= MOST:
        raise Invalid.at("/name", f"You keep {MOST} filters already: remove one first.")
    row, _ = SavedFilter.objects.update_or_create(
        owner=owner, place=place, name=name, defaults={"query": query, "shared": shared}
    )
    return row


def remove(key: UUID, *, by: Actor) -> SavedFilter:
    """Take back a filter of one's own; somebody else's, shared or not, is not there for this."""
    found = SavedFilter.objects.filter(pk=key, owner=_person(by)).first()
    if found is None:
        raise Missing("This is no filter of yours.")
    SavedFilter.objects.filter(pk=found.pk).delete()
    return found


def _person(by: Actor) -> User:
    if by.person is None:
        raise Forbidden("Filters are people’s.")
    return by.person
