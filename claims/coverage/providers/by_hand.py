"""Addresses that a person brings: nothing is asked of anybody."""

from dataclasses import dataclass

from claims.coverage.providers.base import Answer, Get, Hit, Query, gather, page_of


@dataclass(frozen=True, slots=True)
class ByHand:
    name: str = "by_hand"
    label: str = "Addresses by hand"
    pace: float = 0.0
    pages: int = 1
    missing: str = ""

    def search(self, query: Query, *, get: Get, cursor: str = "") -> Answer:
        """A hit for each address in the query; what is none is counted."""
        del get, cursor
        return gather([{"url": url} for url in query.urls], lambda entry: _hit(entry["url"]))


def _hit(url: str) -> Hit:
    return Hit(url=url.strip(), outlet_hint=page_of(url).host)
