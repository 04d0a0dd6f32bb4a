"""The places a desk can look in: which there are, and which of them are on.

``settings.COVERAGE`` is a table as ``{"on": ["archive", …], "searxng": {"url": …}}``: the
providers that are asked unless somebody says otherwise, and what each needs to know. A name of
the form ``package.module:Class`` adds a provider of the desk's own, from ``modules``, the folder
of the table's file, or wherever Python finds it; what it does wrong costs its own answers alone.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from django.conf import settings

from claims.coverage import archive, outlets, searching
from claims.coverage.answers import Answer, Hit, Lead, Loss
from claims.coverage.providers.archive import search as search_archive
from claims.coverage.providers.base import Provider
from claims.coverage.providers.registry import PROVIDERS, build
from claims.coverage.queries import Query
from claims.coverage.redaction import redacted, secrets_of
from claims.web.address import is_encyclopedia

ARCHIVE, BY_HAND = "archive", "by_hand"
NAME_MAX = 40
# New files are read when somebody asks; one too large for that is read on by the clock.
_ARCHIVE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Place:
    """One provider. ``missing``: what has to be set before it can be asked, in a sentence.

    ``path``: the name of the table it is told in, which of the desk's own is another.
    ``outside``: asking it tells somebody else what the desk looks for. ``ask`` raises Again,
    Later and GaveUp where it gave nothing at all.
    """

    name: str
    label: str
    ask: Callable[[Sequence[Query]], Answer] = field(repr=False)
    outside: bool = True
    missing: str = ""
    path: str = ""

    @property
    def configured(self) -> bool:
        return not self.missing


def known() -> Mapping[str, Place]:
    """Every provider by name, those that lack something too."""
    folder = _table().get("modules")
    if isinstance(folder, str) and folder not in sys.path:
        sys.path.append(folder)  # Last: nothing there takes the place of what is installed.
    places = {ARCHIVE: Place(ARCHIVE, "Local archive", _ask_archive, outside=False)}
    told = _told()
    for name in dict.fromkeys([*PROVIDERS, *told]):
        place = _place(name, told.get(name, {}))
        if place.name in places:
            place = _unusable(name, f"There is another provider called {place.name}.")
        places[place.name] = place
    return places


def default(places: Mapping[str, Place]) -> tuple[Place, ...]:
    """Those of all *places* that are asked when nobody says which: those that are on.

    One that is on and not ready is among them, and so is a name that nobody has: they say why.
    """
    by_path = {place.path: place for place in places.values()}
    on = [places.get(name) or by_path.get(name) or _nobody(name) for name in _table()["on"]]
    return tuple({place.name: place for place in on}.values())


def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = settings.COVERAGE
    return table


def _told() -> dict[str, dict[str, Any]]:
    """What each provider is told: the outlets the desk knows, and its table before them."""
    told = outlets.known()
    for name, of in _table().items():
        if isinstance(of, Mapping):
            told[name] = told.get(name, {}) | {key: _fixed(value) for key, value in of.items()}
    return told


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _place(name: str, told: Mapping[str, Any]) -> Place:
    """A provider with what it is told; one that cannot be made says so and stops no other."""
    secrets = secrets_of(told)
    own = {key: value for key, value in told.items() if key != "budget"}
    try:
        provider = build(name, **own)
        place = Place(
            str(provider.name)[:NAME_MAX],
            str(provider.label),
            partial(_ask, provider, budget=told.get("budget"), secrets=secrets),
            outside=provider.name != BY_HAND,
            missing=str(provider.missing),
            path=name,
        )
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the desk's own may raise anything
        return _unusable(name, redacted(str(error), secrets) or type(error).__name__)
    return place


def _unusable(name: str, why: str) -> Place:
    return Place(name[:NAME_MAX], name, _ask_nobody, missing=why, path=name)


def _nobody(name: str) -> Place:
    return _unusable(name, f"There is no provider called {name}.")


def _ask_nobody(_queries: Sequence[Query]) -> Answer:
    return Answer()


def _ask(
    provider: Provider, queries: Sequence[Query], *, budget: int | None, secrets: Sequence[str]
) -> Answer:
    answer = searching.search(provider, queries, budget=budget, secrets=secrets)
    unread = outlets.unread(provider.name, said=_table().get(provider.name, {}))
    return replace(answer, losses=(*answer.losses, *unread))


def _ask_archive(queries: Sequence[Query]) -> Answer:
    archive.refresh(seconds=_ARCHIVE_SECONDS)
    words = [query for query in queries if not query.address]
    found = search_archive(words)
    hits = tuple(
        Hit(one.url, one.title, one.page) for one in found if not is_encyclopedia(one.url)
    )
    leads = tuple(
        Lead(one.url, one.title, "", "lead") for one in found if is_encyclopedia(one.url)
    )
    losses = tuple(Loss("archive_problem", file.problem) for file in archive.problems())
    return Answer(hits, losses, leads)
