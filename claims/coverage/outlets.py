"""The outlets that a desk knows, for the providers that read an outlet's feeds or sitemaps."""

from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import JSONObject

from claims.coverage.answers import Loss
from claims.models import Domain, Outlet

_OUTLETS_MAX = 60


def known() -> dict[str, dict[str, Any]]:
    """By provider, the setting with what it may read: ``feeds`` their addresses, ``sitemaps``
    hosts.
    """
    # Every page of a claim shows who would be asked: both lists in one statement.
    hosts = _hosts().values_list(JSONObject(host=F("host")))[:_OUTLETS_MAX]
    found = _with_feeds().values_list("feeds")[:_OUTLETS_MAX].union(hosts, all=True)
    named = [of for (of,) in found]
    feeds = (url for of in named if isinstance(of, list) for url in of if isinstance(url, str))
    return {
        "feeds": {"urls": tuple(feeds)},
        "sitemaps": {"hosts": tuple(of["host"] for of in named if isinstance(of, dict))},
    }


def unread(provider: str) -> tuple[Loss, ...]:
    """That there are more outlets than *provider* reads in one look."""
    found = {"feeds": _with_feeds, "sitemaps": _hosts}.get(provider)
    many = found().count() if found is not None else 0
    if many <= _OUTLETS_MAX:
        return ()
    words = f"Of {many:,} outlets or hosts of outlets the first {_OUTLETS_MAX} are read."
    return (Loss("too_many", words),)


def _with_feeds() -> QuerySet[Outlet]:
    return Outlet.objects.exclude(feeds=[]).order_by("name", "pk")


def _hosts() -> QuerySet[Domain]:
    # Names that nobody can own are the samples'.
    return Domain.objects.exclude(host__endswith=".example").order_by("host")
