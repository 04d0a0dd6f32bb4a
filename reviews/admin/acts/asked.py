"""What every act of the claim page asks first: a right, and the row it is about."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import Http404

from claims.models import Actor, Claim

_Row = TypeVar("_Row", bound=Model)


def needs(scope: str) -> Callable[[Claim, Actor], None]:
    return lambda _claim, by: by.need(scope)


def there(rows: QuerySet[_Row], key: str) -> _Row:
    """The one of these rows that a button is about; an address is typed by anybody."""
    found = rows.filter(pk=key_of(key)).first()
    if found is None:
        raise Http404
    return found


def key_of(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError as error:
        raise Http404 from error
