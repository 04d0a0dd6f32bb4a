"""Lists that page by key: no count, no offset, as fast at a million rows as at a thousand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest
from django.utils.functional import Promise

AFTER, BEFORE, SORT = "after", "before", "sort"
_OURS = (AFTER, BEFORE, SORT)
_BETWEEN = "~"


@dataclass(frozen=True, slots=True)
class Order:
    """One way to sort a list: a field, then the key. Rows without a value are left out."""

    label: str | Promise
    field: str
    descending: bool = True
    key_descending: bool = True

    def sorting(self, *, backwards: bool = False) -> tuple[str, str]:
        """The names for ``order_by``; backwards they read the list from its other end."""
        return (
            _signed(self.field, descending=self.descending != backwards),
            _signed("pk", descending=self.key_descending != backwards),
        )

    def beyond(self, value: Any, key: Any, *, backwards: bool = False) -> Q:
        """The rows that come after this place (backwards: before it), for an index to walk."""
        field = "lt" if self.descending != backwards else "gt"
        tie = "lt" if self.key_descending != backwards else "gt"
        same = Q(**{self.field: value, f"pk__{tie}": key})
        # The bound beside the pair lets the database start in the index at the right place.
        bound = Q(**{f"{self.field}__{field}e": value})
        return bound & (Q(**{f"{self.field}__{field}": value}) | same)


@dataclass(frozen=True, slots=True)
class Choice:
    """One order as a link above the list."""

    label: str
    url: str
    chosen: bool


class KeysetList(ChangeList):
    """A change list without numbers of pages: the next rows follow from the last one shown."""

    order: Order
    next_url: str = ""
    previous_url: str = ""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.asked = {name: request.GET.get(name, "") for name in _OURS}
        super().__init__(request, *args, **kwargs)

    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        left: dict[str, Any] = super().get_filters_params(params)
        for name in _OURS:
            left.pop(name, None)
        # The database takes no NUL in a value: told as every other filter that is none.
        if any("\0" in word for name, words in left.items() for word in (name, *words)):
            raise IncorrectLookupParameters
        return left

    def get_query_string(
        self, new_params: Mapping[str, Any] | None = None, remove: Iterable[str] | None = None
    ) -> str:
        """A link within the list; a place in it holds for one filter and order only."""
        given = {AFTER: None, BEFORE: None, **(new_params or {})}
        return str(super().get_query_string(given, remove))

    def get_ordering(
        self, request: HttpRequest, queryset: QuerySet[Model]
    ) -> list[str | Combinable]:
        orders = self._orders or {"": Order("", "pk")}
        first = next(iter(orders))
        self.sort = self.asked[SORT] if self.asked[SORT] in orders else first
        self.order = orders[self.sort]
        return list(self.order.sorting())

    def get_results(self, request: HttpRequest) -> None:
        backwards = bool(self.asked[BEFORE])
        place = self._place(self.asked[BEFORE] or self.asked[AFTER])
        rows = self.queryset.order_by(*self.order.sorting(backwards=backwards))
        if _nullable(self.model, self.order.field):
            rows = rows.filter(**{f"{self.order.field}__isnull": False})
        if place is not None:
            rows = rows.filter(self.order.beyond(*place, backwards=backwards))
        found = list(rows[: self.list_per_page + 1])
        more, found = len(found) > self.list_per_page, found[: self.list_per_page]
        if backwards:
            found.reverse()
        self.result_list = found
        # The stock template tags ask for these; a count of all rows is never made.
        self.result_count = self.full_result_count = len(found)
        self.show_full_result_count = False
        self.can_show_all, self.multi_page = False, False
        self.paginator = None
        if found and (more or backwards):
            self.next_url = self.get_query_string({AFTER: self._cursor(found[-1])})
        if found and (more if backwards else place is not None):
            self.previous_url = self.get_query_string({BEFORE: self._cursor(found[0])})

    @property
    def sorts(self) -> list[Choice]:
        """The orders there are, as links."""
        return [
            Choice(str(order.label), self.get_query_string({SORT: name}), name == self.sort)
            for name, order in self._orders.items()
        ]

    @property
    def kept_params(self) -> list[tuple[str, str]]:
        """What a search keeps of the present filters and order."""
        left = {**self.params, SORT: self.asked[SORT]}
        return [
            (name, value)
            for name, value in left.items()
            if value and name not in {"q", AFTER, BEFORE}
        ]

    @property
    def _orders(self) -> dict[str, Order]:
        return getattr(self.model_admin, "orders", {})

    @property
    def _field(self) -> "Field[Any, Any]":
        found = self.model._meta.get_field(self.order.field)  # noqa: SLF001 - Django's public name
        if not isinstance(found, Field):
            raise TypeError("a list is sorted by a column of its own")
        return found

    def _cursor(self, row: Model) -> str:
        return f"{self._field.value_to_string(row)}{_BETWEEN}{row.pk}"

    def _place(self, cursor: str) -> tuple[Any, Any] | None:
        """The value and key a cursor names; a broken one is the beginning."""
        value, found, key = cursor.rpartition(_BETWEEN)
        if not found:
            return None
        own_key = self.model._meta.pk  # noqa: SLF001 - Django's public name
        try:
            return self._field.to_python(value), own_key.to_python(key)
        except ValidationError:
            return None


def _signed(field: str, *, descending: bool) -> str:
    return f"-{field}" if descending else field


def _nullable(model: type[Model], field: str) -> bool:
    return field != "pk" and bool(model._meta.get_field(field).null)  # noqa: SLF001
