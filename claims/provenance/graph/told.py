"""What a claim's graph is drafted from: its coverage, as the draft wants to be told it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import CharField, F, Func, TextField
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Left

from claims.models import Article, Claim, Domain, Outlet
from claims.provenance.carried import Wanted, wanted
from claims.provenance.draft import BEGINS, Told
from claims.text.attributed import Attribution


class _Sha256(Func):
    """The SHA-256 of a text, as hexadecimal digits."""

    template = "encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')"
    output_field = CharField()


# What an article is told by. Its words, megabytes in a long story, stay where they are.
_FACTS: dict[str, Combinable] = {
    "seen": F("first_seen"),
    "key": F("article__pk"),
    "words": _Sha256("article__text"),
    "said": _Sha256(Cast("article__attributions", TextField())),
    "begins": Left("article__text", BEGINS),
    "language": F("article__language"),
    "title": F("article__title"),
    "url": F("article__url"),
    "outlet": F("article__outlet"),
    "signals": F("article__signals"),
}
_WORDS: dict[str, Combinable] = {
    "text": F("article__text"),
    "attributions": F("article__attributions"),
}


@dataclass(frozen=True, slots=True)
class _Publisher:
    """Who published an article; of an outlet that was merged, the other one."""

    key: str
    name: str
    owner: str
    agency: bool
    names: tuple[str, ...]


class Coverage:
    """The articles that count for a claim and were read. Their words are fetched when needed."""

    def __init__(self, claim: Claim) -> None:
        self._items = claim.coverage.filter(set_aside=False).exclude(article__text="")
        self._publishers = _publishers(claim)

    def told(self) -> list[Told]:
        """All of them, without their words."""
        rows = self._items.order_by().values_list(*_FACTS.values())
        return [self._told(dict(zip(_FACTS, row, strict=True))) for row in rows]

    def articles(self, ids: Collection[str], /) -> dict[str, Told]:
        """These with text and attributions."""
        names = (*_FACTS, *_WORDS)
        rows = self._of(ids).values_list(*_FACTS.values(), *_WORDS.values())
        return {
            told.id: told
            for row in rows
            for told in [self._told(dict(zip(names, row, strict=True)))]
        }

    def texts(self, ids: Collection[str], /) -> dict[str, str]:
        """Their texts alone."""
        texts = Article.objects.filter(pk__in=list(map(UUID, ids))).order_by()
        return {str(key): text for key, text in texts.values_list("pk", "text")}

    def _of(self, ids: Collection[str]) -> Any:
        return self._items.filter(article__in=list(map(UUID, ids))).order_by()

    def _told(self, row: Mapping[str, Any]) -> Told:
        publisher = self._publishers.get(row["outlet"])
        signals = row["signals"]
        return Told(
            id=str(row["key"]),
            text=row.get("text", ""),
            first_seen=row["seen"],
            language=row["language"],
            title=row["title"],
            url=row["url"],
            site=(urlsplit(row["url"]).hostname or "").removeprefix("www."),
            outlet=publisher.key if publisher is not None else "",
            outlet_name=publisher.name if publisher is not None else "",
            owner=publisher.owner if publisher is not None else "",
            names=publisher.names if publisher is not None else (),
            agency=publisher is not None and publisher.agency,
            attributions=tuple(map(Attribution.from_json, row.get("attributions", ()))),
            canonical=_first(signals, "elsewhere"),
            based_on=tuple(_all(signals, "based_on")),
            byline_agency=_first(signals, "agency"),
            words=row["words"],
            content=f"{row['words']}:{row['said']}",
            begins=row["begins"],
        )


def wanted_of(claim: Claim) -> Wanted:
    """The claim in its own words, and in those it was quoted from."""
    quoted = (claim.quote or {}).get("exact", "")
    return wanted(claim.text, str(quoted), language=claim.language)


def _publishers(claim: Claim) -> dict[UUID, _Publisher]:
    """By the outlet that an article is filed under, who published it, where anybody knows."""
    ids = Article.objects.filter(coverage_of__claim=claim).order_by().values("outlet")
    outlets = list(Outlet.objects.filter(pk__in=ids).select_related("merged_into").order_by())
    meant = {one.pk: one.merged_into or one for one in outlets}
    hosts: defaultdict[UUID, list[str]] = defaultdict(list)
    for outlet, host in Domain.objects.filter(
        outlet__in={one.pk for one in meant.values()}
    ).values_list("outlet", "host"):
        hosts[outlet] += [host, host.removeprefix("www.")]
    return {
        former.pk: _Publisher(
            key=str(outlet.pk),
            name=outlet.name,
            owner=outlet.owner_key,
            agency=outlet.agency,
            names=tuple(dict.fromkeys((outlet.name, former.name, *hosts.get(outlet.pk, ())))),
        )
        for former, outlet in ((one, meant[one.pk]) for one in outlets)
        if not outlet.unknown
    }


def _all(signals: Mapping[str, Any], name: str) -> Iterator[str]:
    value = signals.get(name) or ()
    return iter([value] if isinstance(value, str) else [str(one) for one in value])


def _first(signals: Mapping[str, Any], name: str) -> str:
    return next(_all(signals, name), "")
