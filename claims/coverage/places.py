"""The places a desk can look in: which there are, which are on, and asking one of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings

from claims.coverage import archive
from claims.coverage.providers.archive import search
from claims.coverage.queries import Query
from claims.web.address import try_parse

# New files are read when somebody asks; one too large for that is read on by the clock.
_ARCHIVE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that a provider named. ``page``: where its bytes lie in the local archive."""

    url: str
    title: str = ""
    page: UUID | None = None
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """Something a provider could not give, in a sentence; the rest of its answer stands."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Answer:
    hits: tuple[Hit, ...] = ()
    losses: tuple[Loss, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One provider. ``missing``: what has to be set before it can be asked, in a sentence.

    ``outside``: asking it tells somebody else what the desk looks for.
    """

    name: str
    label: str
    ask: Callable[[Sequence[Query]], Answer] = field(repr=False)
    outside: bool = True
    missing: str = ""

    @property
    def configured(self) -> bool:
        return not self.missing


def known() -> Mapping[str, Place]:
    """Every provider by name, those that lack something too."""
    return {place.name: place for place in _BUILT_IN}


def default() -> tuple[Place, ...]:
    """The providers that are asked when nobody says which: the setting's, as far as they can."""
    named: Sequence[str] = getattr(settings, "COVERAGE_PROVIDERS", ("archive",))
    places = known()
    return tuple(places[name] for name in named if name in places and places[name].configured)


def _ask_archive(queries: Sequence[Query]) -> Answer:
    archive.refresh(seconds=_ARCHIVE_SECONDS)
    hits = tuple(Hit(found.url, found.title, found.page) for found in search(queries))
    losses = tuple(Loss("archive_cut", file.problem) for file in archive.problems())
    return Answer(hits, losses)


def _by_hand(queries: Sequence[Query]) -> Answer:
    """Addresses among the queries, as a person gave them."""
    addresses = [address for query in queries if (address := try_parse(query.text))]
    return Answer(tuple(Hit(address.url) for address in addresses))


_BUILT_IN = (
    Place("archive", "Local archive", _ask_archive, outside=False),
    Place("urls", "Addresses given by hand", _by_hand, outside=False),
)
