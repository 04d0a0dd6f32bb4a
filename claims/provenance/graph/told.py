"""What a claim's graph is drafted from: its coverage, as the draft wants to be told it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from claims.models import Claim, CoverageItem, Domain, Outlet
from claims.provenance.carried import Wanted, wanted
from claims.provenance.draft import Told
from claims.text.attributed import Attribution


def coverage_of(claim: Claim) -> list[CoverageItem]:
    """The articles that count for a claim and were read, first seen first."""
    items = claim.coverage.filter(set_aside=False).exclude(article__text="")
    return list(
        items.select_related("article__outlet__owner", "article__outlet__merged_into__owner")
    )


def told_of(items: Iterable[CoverageItem]) -> list[Told]:
    """The articles as the draft wants them, with every name their outlets are known by."""
    listed = list(items)
    outlets = {outlet.pk for item in listed if (outlet := outlet_of(item)) is not None}
    hosts: defaultdict[UUID, list[str]] = defaultdict(list)
    for domain in Domain.objects.filter(outlet__in=outlets):
        hosts[domain.outlet_id] += [domain.host, domain.host.removeprefix("www.")]
    return [_told(item, hosts) for item in listed]


def wanted_of(claim: Claim) -> Wanted:
    """The claim in its own words, and in those it was quoted from."""
    quoted = (claim.quote or {}).get("exact", "")
    return wanted(claim.text, str(quoted), language=claim.language)


def outlet_of(item: CoverageItem) -> Outlet | None:
    """Who published an article, where anybody knows; an outlet that was merged is the other."""
    outlet = item.article.outlet
    if outlet is not None and outlet.merged_into is not None:
        outlet = outlet.merged_into
    return None if outlet is None or outlet.unknown else outlet


def _told(item: CoverageItem, hosts: Mapping[UUID, list[str]]) -> Told:
    article, outlet = item.article, outlet_of(item)
    signals = article.signals
    names: tuple[str, ...] = ()
    if outlet is not None:
        former = article.outlet.name if article.outlet is not None else ""
        names = tuple(dict.fromkeys((outlet.name, former, *hosts.get(outlet.pk, ()))))
    return Told(
        id=str(article.pk),
        text=article.text,
        first_seen=item.first_seen,
        language=article.language,
        title=article.title,
        url=article.url,
        site=(urlsplit(article.url).hostname or "").removeprefix("www."),
        outlet=str(outlet.pk) if outlet is not None else "",
        outlet_name=outlet.name if outlet is not None else "",
        owner=outlet.owner_key if outlet is not None else "",
        names=names,
        agency=outlet is not None and outlet.agency,
        attributions=tuple(Attribution.from_json(edge) for edge in article.attributions),
        canonical=_first(signals, "elsewhere"),
        based_on=tuple(_all(signals, "based_on")),
        byline_agency=_first(signals, "agency"),
    )


def _all(signals: Mapping[str, Any], name: str) -> list[str]:
    value = signals.get(name) or ()
    return [value] if isinstance(value, str) else [str(one) for one in value]


def _first(signals: Mapping[str, Any], name: str) -> str:
    return next(iter(_all(signals, name)), "")
