"""Collects what a page declares of its ties to other texts."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from urllib.parse import urljoin

from claims.web.address import Address, site, try_parse
from claims.web.declared import Declared
from claims.web.oddities import Looked, refresh

_MOST_FEEDS = 5
_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
)
_TELLING = frozenset(
    {"LiveBlogPosting", "OpinionNewsArticle", "ClaimReview", "AdvertiserContentArticle"}
)


def canonical(said: Declared, address: Address | None) -> Address | None:
    """The address that the page declares to be its own; None without one."""
    return _joined(address, said.link("canonical") or said.meta("og:url"))


def signals(page: Looked, *, agencies: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """By kind, as ``claims.web.page.Page`` lists them; kinds without any are left out."""
    said = page.declared
    robots = f"{said.meta('robots')} {said.meta('googlebot')}".lower()
    found = {
        "elsewhere": _elsewhere(said, page.address),
        "based_on": tuple(_based_on(said)),
        "agency": agencies,
        "amp": tuple(filter(None, [_absolute(page, said.link("amphtml"))])),
        "refresh": tuple(filter(None, [_absolute(page, refresh(page))])),
        "kinds": tuple(sorted(said.kinds() & _TELLING)),
        "noarchive": ("meta robots",) if "noarchive" in robots else (),
        "feeds": tuple(islice(_feeds(page), _MOST_FEEDS)),
    }
    return {name: values for name, values in found.items() if values}


def _elsewhere(said: Declared, address: Address | None) -> tuple[str, ...]:
    """Addresses at other sites that the page names as its source."""
    named = [
        said.link("canonical"),
        *(said.metas.get("syndication-source", ())),
        *(said.metas.get("original-source", ())),
        *(said.metas.get("article:original_source", ())),
    ]
    if address is None:
        return ()
    found = filter(None, map(try_parse, named))
    home = site(address.host)
    return tuple(dict.fromkeys(each.url for each in found if site(each.host) != home))


def _feeds(page: Looked) -> Iterator[str]:
    """The feeds that the page offers of its site; those of its comments are none of them."""
    for link in page.tree.iter("link"):
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        offered = "alternate" in (link.get("rel") or "").lower().split() and kind in _FEED_TYPES
        address = _absolute(page, (link.get("href") or "").strip()) if offered else ""
        if address and "comment" not in address:
            yield address


def _absolute(page: Looked, href: str) -> str:
    address = _joined(page.address, href)
    return address.url if address else ""


def _joined(base: Address | None, href: str) -> Address | None:
    try:
        return try_parse(urljoin(base.url if base else "", href)) if href else None
    except ValueError:
        return None


def _based_on(said: Declared) -> Iterable[str]:
    for key in ("isBasedOn", "isBasedOnUrl", "translationOfWork"):
        value = said.article.get(key)
        for item in value if isinstance(value, list) else [value]:
            url = item.get("url") or item.get("@id") if isinstance(item, Mapping) else item
            address = try_parse(url)
            if address is not None:
                yield address.url
