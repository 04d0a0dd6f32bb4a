"""The outlets that a desk knows, for the providers that read an outlet's feeds or sitemaps."""

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import JSONObject

from claims.coverage.answers import Loss
from claims.models import Domain, Outlet

_OUTLETS_MAX = 60


def known() -> dict[str, dict[str, Any]]:
    """Settings for those providers: addresses of feeds as ``urls``, and ``hosts`` of sitemaps."""
    # Every page of a claim shows who would be asked: both lists in one statement.
    hosts = _hosts().values_list(JSONObject(host=F("host")))[:_OUTLETS_MAX]
    found = _with_feeds().values_list("feeds")[:_OUTLETS_MAX].union(hosts, all=True)
    named = [of for (of,) in found]
    feeds = (url for of in named if isinstance(of, list) for url in of if isinstance(url, str))
    return {
        "feeds": {"urls": tuple(feeds)},
        "sitemaps": {"hosts": tuple(of["host"] for of in named if isinstance(of, dict))},
    }


def unread(provider: str, *, said: Collection[str]) -> tuple[Loss, ...]:
    """That there are more outlets than *provider* reads in one look.

    A desk that names feeds or hosts among the settings that it *said* has those read alone.
    """
    setting, found = _READ.get(provider, ("", None))
    many = found().count() if found is not None and setting not in said else 0
    if many <= _OUTLETS_MAX:
        return ()
    words = f"Of {many:,} outlets or hosts of outlets the first {_OUTLETS_MAX} are read."
    return (Loss("too_many", words),)


def _with_feeds() -> QuerySet[Outlet]:
    return Outlet.objects.exclude(feeds=[]).order_by("name", "pk")


def _hosts() -> QuerySet[Domain]:
    # Names that nobody can own are the samples'.
    return Domain.objects.exclude(host__endswith=".example").order_by("host")


_READ: dict[str, tuple[str, Callable[[], QuerySet[Any]]]] = {
    "feeds": ("urls", _with_feeds),
    "sitemaps": ("hosts", _hosts),
}
