"""Adds up what a provider gives, page by page and question by question."""

import time
from collections.abc import Iterable, Sequence

from claims.coverage.answers import HITS_MAX, Answer, Hit, Lead, Loss
from claims.coverage.providers import base
from claims.coverage.redaction import redacted
from claims.web.address import is_encyclopedia


class Gathered:
    """Each address once, up to ``HITS_MAX`` pages and until ``end`` of the monotonic clock."""

    def __init__(self, *, end: float, secrets: Sequence[str] = ()) -> None:
        self.end = end
        self.secrets = secrets
        self.hits: dict[str, Hit] = {}
        self.leads: dict[str, Lead] = {}
        self.losses: list[Loss] = []
        self.notices: list[base.Notice] = []
        self.answered = False

    def take(self, pages: Iterable[base.Answer], *, left: int) -> bool:
        """Whether to go on with the next of the questions; *left*: how many there are."""
        for page in pages:
            self.answered = True
            for hit in page.items:
                self._put(hit)
            self.notices += page.notices
            more = bool(left or page.next_cursor)
            if more and len(self.hits) >= HITS_MAX:
                words = f"It was not asked to the end: it named {len(self.hits)} pages by then."
                self.losses.append(Loss("too_many", words))
                return False
            if more and time.monotonic() > self.end:
                self.losses.append(Loss("time", "It was not asked to the end: time was up."))
                return False
        return True

    def answer(self) -> Answer:
        told = [
            Loss(notice.code, redacted(notice.message, self.secrets))
            for notice in base.added_up(self.notices)
        ]
        losses = tuple(dict.fromkeys([*told, *self.losses]))
        return Answer(tuple(self.hits.values()), losses, tuple(self.leads.values()))

    def _put(self, hit: base.Hit) -> None:
        title = base.words_of(hit.title)
        if hit.kind == "article" and not is_encyclopedia(hit.url):
            self.hits.setdefault(hit.url, Hit(hit.url, title))
            return
        day = hit.published_on
        lead = Lead(
            hit.url,
            title,
            base.snippet_of(hit.snippet),
            hit.kind if hit.kind in {"fact_check", "snapshot"} else "lead",
            outlet=base.words_of(hit.outlet_hint),
            published=day.isoformat() if day is not None else base.words_of(hit.published_raw),
            language=base.language_of(hit.lang),
        )
        self.leads.setdefault(hit.url, lead)
