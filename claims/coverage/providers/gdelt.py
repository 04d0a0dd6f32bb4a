"""GDELT's DOC 2.0: news of the last three months in many languages, without a key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from claims.coverage.providers.base import (
    Answer,
    Get,
    Hit,
    ProviderError,
    Query,
    ask,
    day_of,
    gather,
    json_of,
    language_of,
    link,
    page_of,
    raw_of,
    spoken,
    words_of,
)
from claims.coverage.providers.refusals import listed

_URL = "https://api.gdeltproject.org/api/v2/doc/doc"
_MOST = 250
_STAMP = "%Y%m%d%H%M%S"
# GDELT names languages in English; we keep tags.
_LANGUAGES = {
    "arabic": "ar", "bulgarian": "bg", "chinese": "zh", "croatian": "hr", "czech": "cs",
    "danish": "da", "dutch": "nl", "english": "en", "estonian": "et", "finnish": "fi",
    "french": "fr", "german": "de", "greek": "el", "hebrew": "he", "hindi": "hi",
    "hungarian": "hu", "indonesian": "id", "italian": "it", "japanese": "ja", "korean": "ko",
    "norwegian": "no", "persian": "fa", "polish": "pl", "portuguese": "pt", "romanian": "ro",
    "russian": "ru", "serbian": "sr", "slovak": "sk", "spanish": "es", "swedish": "sv",
    "turkish": "tr", "ukrainian": "uk", "urdu": "ur", "vietnamese": "vi", "bengali": "bn",
}  # fmt: skip
_NAMES = {tag: name for name, tag in _LANGUAGES.items()}


@dataclass(frozen=True, slots=True)
class Gdelt:
    """``until`` of the query moves backwards from page to page: GDELT itself has no pages."""

    name: str = "gdelt"
    label: str = "GDELT"
    pace: float = 5.0
    pages: int = 4
    missing: str = ""

    def search(self, query: Query, *, get: Get, cursor: str = "") -> Answer:
        words = query.words
        language = spoken(query.language)
        # It searches English translations of all languages: English words find every one.
        if language != "en" and (name := _NAMES.get(language)):
            words = f"{words} sourcelang:{name}"
        since, until = _range(query, cursor)
        url = link(
            _URL,
            query=words,
            mode="artlist",
            format="json",
            maxrecords=_MOST,
            sort="datedesc",
            startdatetime=since,
            enddatetime=until,
            timespan="" if since else "3months",
        )
        fetched = ask(get, url, label=self.label)
        _refuse_words(fetched.body)
        data = json_of(fetched, label=self.label)
        answer = parse(data)
        return Answer(answer.items, _older(data, until=cursor), answer.notices)


def parse(data: Mapping[str, Any]) -> Answer:
    """Hits of one answer; nothing found is an empty object."""

    def hit(entry: Mapping[str, Any]) -> Hit:
        raw, day = day_of(entry.get("seendate"))
        language = words_of(entry.get("language"), 40).lower()
        return Hit(
            url=entry["url"],
            title=words_of(entry.get("title")),
            outlet_hint=words_of(entry.get("domain")) or page_of(entry["url"]).host,
            published_raw=raw,
            published_on=day,
            lang=_LANGUAGES.get(language, "") or language_of(language),
            raw=raw_of(entry),
        )

    return gather(listed(data, "articles", label="GDELT", bare=True), hit)


def _refuse_words(body: bytes) -> None:
    """Refusals come as a sentence in plain text with status 200."""
    text = body[:300].decode("utf-8", "replace").strip()
    if text.startswith(("{", "[", "<", "\ufeff", "\ufffd")) or not text:
        return
    if "limit requests" in text.lower() or "too many requests" in text.lower():
        raise ProviderError("rate_limited", f"GDELT: {words_of(text, 160)}", retry=True)
    raise ProviderError("rejected", f"GDELT did not accept the question: {words_of(text, 160)}")


def _range(query: Query, cursor: str) -> tuple[str, str]:
    """Both ends or neither, as GDELT wants them."""
    until = cursor if len(cursor) == len("20240101000000") and cursor.isdigit() else ""
    if not (query.since or query.until or until):
        return "", ""
    now = datetime.now(UTC)
    since = query.since or (now - timedelta(days=90)).date()
    last = query.until or now.date()
    return since.strftime("%Y%m%d000000"), until or last.strftime("%Y%m%d235959")


def _older(data: Mapping[str, Any], *, until: str) -> str:
    """Where the next, older page ends: only when this one was full."""
    entries = data.get("articles")
    if not isinstance(entries, list) or len(entries) < _MOST:
        return ""
    seen = [_moment(entry) for entry in entries if isinstance(entry, Mapping)]
    known = [moment for moment in seen if moment is not None]
    if not known:
        return ""
    oldest = min(known)
    stamp = oldest.strftime(_STAMP)
    if stamp == until:
        # All were seen in one moment: what else was seen then cannot be had.
        return (oldest - timedelta(seconds=1)).strftime(_STAMP)
    # The moment itself once more: articles come in batches of a quarter of an hour, and the page
    # may have ended in the middle of one.
    return stamp if not until or stamp < until else ""


def _moment(entry: Mapping[str, Any]) -> datetime | None:
    try:
        return datetime.strptime(str(entry.get("seendate")), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
