"""All providers by name, and how a desk adds one of its own."""

import importlib
from collections.abc import Callable
from typing import Any

from claims.coverage.providers.base import Provider
from claims.coverage.providers.bing_news import BingNews
from claims.coverage.providers.by_hand import ByHand
from claims.coverage.providers.claimreview_feed import ClaimReviewFeed
from claims.coverage.providers.feeds import Feeds
from claims.coverage.providers.gdelt import Gdelt
from claims.coverage.providers.google_factcheck import GoogleFactCheck
from claims.coverage.providers.google_news import GoogleNews
from claims.coverage.providers.mediacloud import MediaCloud
from claims.coverage.providers.newsapi import NewsApi
from claims.coverage.providers.searxng import SearXNG
from claims.coverage.providers.sitemaps import Sitemaps
from claims.coverage.providers.wayback import WaybackAvailability, WaybackCdx
from claims.coverage.providers.wikipedia import Wikipedia

Build = Callable[..., Provider]

PROVIDERS: dict[str, Build] = {
    "by_hand": ByHand,
    "feeds": Feeds,
    "sitemaps": Sitemaps,
    "wikipedia": Wikipedia,
    "searxng": SearXNG,
    "google_factcheck": GoogleFactCheck,
    "gdelt": Gdelt,
    "google_news": GoogleNews,
    "bing_news": BingNews,
    "wayback": WaybackAvailability,
    "wayback_cdx": WaybackCdx,
    "mediacloud": MediaCloud,
    "newsapi": NewsApi,
    "claimreview_feed": ClaimReviewFeed,
}
"""The local archive is not here: it asks our own database, see ``claims.coverage.places``."""

_SHAPE = ("name", "label", "pace", "pages", "missing", "search")


def build(name: str, /, **settings: Any) -> Provider:
    """The provider *name* with its settings (its fields).

    *name* is one of ``PROVIDERS``, or ``package.module:Class``, or the same with a dot.

    ``LookupError`` when there is none of that name, ``TypeError`` when it does not take the
    settings or has not the shape of a provider: both say what to do.
    """
    made = (PROVIDERS.get(name) or _load(name))(**settings)
    lacking = [part for part in _SHAPE if not hasattr(made, part)]
    if lacking:
        raise TypeError(f"{name} is no provider: it lacks {', '.join(lacking)}.")
    return made


def _load(path: str) -> Build:
    module, colon, name = path.partition(":")
    if not colon:
        module, colon, name = path.rpartition(".")
    if not colon:
        raise LookupError(
            f"There is no provider {path!r}; one of your own is package.module:Class."
        )
    try:
        found: Build = getattr(importlib.import_module(module), name)
    except (Exception, SystemExit) as error:
        raise LookupError(f"The provider {path!r} cannot be imported: {error}") from error
    return found
