"""The shape of every provider, and what all of them do with answers of strangers."""

import html
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

from claims.coverage.queries import Query as Search
from claims.coverage.relevance import clues, share
from claims.coverage.relevance import words_of as folded_words
from claims.web.address import Address, site, try_parse, twin_key
from claims.web.charset import decode
from claims.web.dates import read_date
from claims.web.errors import FetchError
from claims.web.fetched import Fetched
from claims.web.lenient import loads

_T = TypeVar("_T")

EARLIEST = date(1990, 1, 1)
MOST_ENTRIES = 2_000
"""Of one answer: no service gives so many, and reading them would take minutes."""
# Tags that stand inside a word or beside it, and all others: what is no tag ("<5%") is words.
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|em|font|i|mark|s|small|span|strong|sub|sup|u|wbr)(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[!/?]?[a-zA-Z][^>]{0,2000}>|<!--.{0,2000}?-->", re.DOTALL)
# A year of four digits is meant as it stands: 0001 is what a server writes that has no date.
_RFC822 = re.compile(r"(?:[A-Za-z]{3},? )?\d{1,2} [A-Za-z]{3} (?:[1-9]\d{3}|\d\d)\b")
# The two older forms that HTTP allows.
_TURNED = re.compile(
    r"(?:[A-Za-z]{3,9}, ?)?(?P<day>\d{1,2})-(?P<month>[A-Za-z]{3})-(?P<year>[1-9]\d{3}|\d\d)\b"
    r"|[A-Za-z]{3} (?P<month2>[A-Za-z]{3}) (?P<day2>\d{1,2}) [\d:]{5,8}"
    r"(?: [+-]\d{4}| [A-Z]{3,4})? (?P<year2>[1-9]\d{3})$"
)
# Marks that turn the words around them; whoever shows a title sees to its direction.
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
# Names of languages that are no longer used, and by some still are.
_SPOKEN = {"und": "", "mul": "", "zxx": "", "nb": "no", "nn": "no", "iw": "he"}
_OLD_NAMES = {"iw": "he", "in": "id", "ji": "yi", "mo": "ro"}
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_PASSING = frozenset({"dns", "unreachable", "timeout", "cut", "protocol", "host_busy"})
_TITLE, _SNIPPET, _RAW = 400, 600, 2000
_COUNTRIES = {
    "ar": "SA", "bg": "BG", "bn": "BD", "cs": "CZ", "da": "DK", "de": "DE", "el": "GR",
    "en": "US", "es": "ES", "fi": "FI", "fr": "FR", "he": "IL", "hi": "IN", "hu": "HU",
    "id": "ID", "it": "IT", "ja": "JP", "ko": "KR", "nl": "NL", "no": "NO", "pl": "PL",
    "pt": "BR", "ro": "RO", "ru": "RU", "sv": "SE", "th": "TH", "tr": "TR", "uk": "UA",
    "vi": "VN", "zh": "CN",
}  # fmt: skip
_RAW_DEPTH, _RAW_ITEMS = 6, 60
_ABOUT = 0.4


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. ``words`` as a person would type them; quotation marks mean a phrase.

    Places that are read whole are given every search of a look at once, one a line.
    ``language``: two or three letters, empty for any. ``urls``: for providers that are asked
    about pages and not about words. This is all of a claim that leaves the house.
    """

    words: str = ""
    since: date | None = None
    until: date | None = None
    language: str = ""
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. ``url`` as given; ``published_raw`` too, with the day if it can be read.

    ``kind``: ``article`` is to be captured; ``lead`` points at where to look and is never an
    origin; ``fact_check`` is somebody's published check; ``snapshot`` an archived page.
    ``outlet_hint``: a name or an address, for a person or a look-up to make something of.
    """

    url: str
    title: str = ""
    outlet_hint: str = ""
    published_raw: str = ""
    published_on: date | None = None
    lang: str = ""
    snippet: str = ""
    kind: str = "article"
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that went missing or was odd, in words, with how many times."""

    code: str
    message: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of hits. An empty ``next_cursor`` means that there is no further page."""

    items: tuple[Hit, ...] = ()
    next_cursor: str = ""
    notices: tuple[Notice, ...] = ()


class ProviderError(Exception):
    """The provider gave nothing. ``retry``: asking again later may help, after ``retry_after`` s.

    Codes: ``not_configured``, ``denied``, ``rate_limited``, ``unavailable``, ``rejected``,
    ``odd_answer``, and those of ``claims.web.client.fetch``.
    """

    def __init__(
        self, code: str, message: str, *, retry: bool = False, retry_after: int | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retry = retry
        self.retry_after = retry_after


class Get(Protocol):
    """The guarded client, as a provider sees it: ``functools.partial(client.fetch, …)`` is one."""

    def __call__(self, url: str, /, *, headers: Mapping[str, str] | None = None) -> Fetched: ...


class Provider(Protocol):
    """A place to look. ``pace``: seconds between two requests; ``pages``: the most per query.

    ``missing``: what has to be set before it can be asked, in words; empty when it is ready.
    """

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def pace(self) -> float: ...
    @property
    def pages(self) -> int: ...
    @property
    def missing(self) -> str: ...

    def search(self, query: Query, *, get: Get, cursor: str = "") -> Answer: ...


class Skip(Exception):
    """An entry that is none. The code is one of ``REASONS``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


REASONS = {
    "no_entry": "entries were not in the form that was expected",
    "no_address": "entries had no address of a web page",
    "duplicate": "entries were there twice",
    "withdrawn": "entries had been withdrawn by their publisher",
    "elsewhere": "entries were about something else",
    "too_many": "entries behind the most that are looked at were not read",
}


def gather(entries: object, parse: Callable[[Mapping[str, Any]], Hit]) -> Answer:
    """Hits from *entries*, one by one: a bad one costs itself, and is counted.

    *parse* raises ``Skip``, or whatever a wrong type makes it raise.
    """
    if entries is None:
        entries = []
    if not isinstance(entries, list):
        notice = Notice("odd_answer", "There was no list of results where one should be.")
        return Answer(notices=(notice,))
    hits: dict[str, Hit] = {}
    lost: dict[str, int] = {}
    if len(entries) > MOST_ENTRIES:
        lost["too_many"] = len(entries) - MOST_ENTRIES
    for entry in entries[:MOST_ENTRIES]:
        try:
            hit = parse(entry) if isinstance(entry, Mapping) else _refuse("no_entry")
            key = _key(hit)
            if key in hits:
                raise Skip("duplicate")  # noqa: TRY301 - counted as the others
            hits[key] = hit
        except Skip as skip:
            lost[skip.code] = lost.get(skip.code, 0) + 1
        except (TypeError, ValueError, KeyError, AttributeError, IndexError, OverflowError):
            lost["no_entry"] = lost.get("no_entry", 0) + 1
    return Answer(items=tuple(hits.values()), notices=notices_of(lost))


def notices_of(lost: Mapping[str, int]) -> tuple[Notice, ...]:
    """One notice for each reason in *lost*."""
    return tuple(Notice(code, f"{count} {REASONS[code]}.", count) for code, count in lost.items())


def page_of(url: object) -> Address:
    """*url* as the address of a page, or ``Skip``."""
    address = try_parse(url)
    if address is None:
        raise Skip("no_address")
    return address


def unwrapped(url: str) -> str:
    """The page's address inside that of a counter of Bing's or Google's; else *url* itself.

    Those of counters change with every answer, and lead nowhere without it.
    """
    address = page_of(url)
    path = address.path.partition("?")[0].lower()
    if site(address.host) == "bing.com" and "/apiclick" in path:
        names = ["url"]
    elif address.host.startswith("www.google.") and path == "/url":
        names = ["url", "q"]
    else:
        return url
    told = parse_qs(urlsplit(address.url).query)
    inner = next((told[name][0] for name in names if name in told), "")
    if not inner:
        raise Skip("no_address")
    return page_of(inner).raw


def ask(
    get: Get,
    url: str,
    *,
    label: str,
    headers: Mapping[str, str] | None = None,
    refuse: bool = True,
) -> Fetched:
    """The answer with a good status, or ``ProviderError`` in plain words.

    ``refuse=False``: of any status, for providers that say more in the body.
    """
    try:
        fetched = get(url, headers=headers)
    except FetchError as error:
        retry = error.code in _PASSING
        words = f"{label}: {error.message}"
        raise ProviderError(error.code, words, retry=retry) from error
    if refuse:
        refuse_status(fetched, label=label)
    return fetched


def refuse_status(fetched: Fetched, *, label: str) -> None:
    """Raises ``ProviderError`` for every status that holds no answer."""
    status, after = fetched.status, fetched.retry_after
    if fetched.ok:
        return
    if status == 429:  # noqa: PLR2004
        raise ProviderError(
            "rate_limited", f"{label} asks us to slow down.", retry=True, retry_after=after
        )
    if status in {401, 403, 407}:
        # Many sites say "forbidden" and mean "later".
        raise ProviderError(
            "denied",
            f"{label} refused to answer ({status}).",
            retry=after is not None,
            retry_after=after,
        )
    if status >= 500 or status == 408:  # noqa: PLR2004
        raise ProviderError(
            "unavailable", f"{label} is out of order ({status}).", retry=True, retry_after=after
        )
    raise ProviderError("rejected", f"{label} did not accept the question ({status}).")


def ask_json(
    get: Get, url: str, *, label: str, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The JSON object that *url* answers with, or ``ProviderError``."""
    return json_of(ask(get, url, label=label, headers=headers), label=label)


def json_of(fetched: Fetched, *, label: str) -> dict[str, Any]:
    """The JSON object in *fetched*; stray backslashes are mended, as some servers leave them."""
    text = decode(fetched.body, declared=fetched.charset).text.strip().lstrip("\ufeff")
    data = loads(text)
    if isinstance(data, dict):
        return data
    if data is not None:
        raise ProviderError("odd_answer", f"{label} answered in a form that is not known.")
    if not text:
        raise ProviderError("odd_answer", f"{label} gave an empty answer.", retry=True)
    if text.startswith(("<", "{", "[")):
        page = text.startswith("<")
        what = "a web page instead of results" if page else "something cut short or garbled"
        words = f"{label} answered with {what}."
        raise ProviderError("odd_answer", words, retry=True)
    raise ProviderError("rejected", f"{label} answered: {words_of(text, 160)}")


def words_of(value: object, limit: int = _TITLE) -> str:
    """*value* as plain words on one line, without tags; empty when it is no text."""
    if not isinstance(value, str):
        return ""
    text = value[: 20 * limit]
    if "<" in text or "&" in text:
        text = html.unescape(_TAG.sub(" ", _INLINE.sub("", text)))
    text = " ".join(_FORBIDDEN.sub(" ", text.translate(_TURNING)).split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def snippet_of(value: object) -> str:
    return words_of(value, _SNIPPET)


def raw_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """*entry* as it came, fit to be stored: no NUL, no half characters, no endless values."""
    return {_kept_text(str(key)): _kept(value, _RAW_DEPTH) for key, value in _some(entry.items())}


def day_of(raw: object) -> tuple[str, date | None]:
    """The date as printed and the day it means, None when that is unclear or impossible."""
    if not isinstance(raw, str) or not raw.strip():
        return "", None
    written = words_of(raw, 120)
    day = _rfc822_day(written) or read_date(written).on
    latest = datetime.now(UTC).date() + timedelta(days=2)
    return written, day if day and EARLIEST <= day <= latest else None


def language_of(value: object) -> str:
    """A language tag in lower case, its first two parts, or nothing."""
    text = value.strip().replace("_", "-").lower() if isinstance(value, str) else ""
    if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{1,8})*", text):
        return ""
    name, *parts = text.split("-")
    return "-".join([_OLD_NAMES.get(name, name), *parts[:1]])


def country_of(language: str) -> str:
    """The country whose edition is asked in a language, for services that have one for each."""
    return _COUNTRIES.get(language, "US")


def spoken(language: str) -> str:
    """The name of a language by which services know it; empty for what is no language."""
    name = language.partition("-")[0].lower()
    return _SPOKEN.get(name, name)


def link(base: str, **parameters: object) -> str:
    """*base* with those of *parameters* that are not empty as its query."""
    kept = {name: str(value) for name, value in parameters.items() if value not in ("", None)}
    return f"{base}?{urlencode(kept)}" if kept else base


def is_about(hit: Hit, query: Query) -> bool:
    """Whether *hit* speaks of what is asked for: for places that are read whole.

    A headline has few words, so that it answers one search of *query* in part is enough.
    """
    searches = [Search(line, query.language) for line in query.words.splitlines()]
    asked = [found for found in map(clues, searches) if found]
    words = folded_words(f"{hit.title} {hit.snippet}")
    return not asked or any(share(found, words) >= _ABOUT for found in asked)


def only_about(answer: Answer, query: Query) -> Answer:
    """*answer* without what is about something else; that is no loss and is not counted."""
    items = tuple(hit for hit in answer.items if is_about(hit, query))
    return Answer(items, answer.next_cursor, answer.notices)


def onward(answer: Answer, cursor: str) -> Answer:
    """*answer*, but never on to the page that was asked for already."""
    if answer.next_cursor and answer.next_cursor == cursor:
        return Answer(answer.items, "", answer.notices)
    return answer


def number_of(cursor: str, default: int = 0, *, most: int = 100_000) -> int:
    """A cursor that is a number; *default* for anything else."""
    usable = cursor.isascii() and cursor.isdigit() and len(cursor) < 9  # noqa: PLR2004
    return min(int(cursor), most) if usable else default


def joined(answers: Iterable[Answer], next_cursor: str = "") -> Answer:
    """Several answers as one, in order, each thing once; losses of one kind are added up."""
    hits: dict[str, Hit] = {}
    notices: list[Notice] = []
    for answer in answers:
        notices.extend(answer.notices)
        for hit in answer.items:
            if hits.setdefault(_key(hit), hit) is not hit:
                notices += notices_of({"duplicate": 1})
    return Answer(tuple(hits.values()), next_cursor, added_up(notices))


def added_up(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """The same with one notice for each of ``REASONS``, however often it was given."""
    lost: dict[str, int] = {}
    others = []
    for notice in notices:
        if notice.code in REASONS:
            lost[notice.code] = lost.get(notice.code, 0) + notice.count
        else:
            others.append(notice)
    return (*notices_of(lost), *others)


def _key(hit: Hit) -> str:
    address = page_of(hit.url)
    return address.url if hit.kind == "snapshot" else twin_key(address)


def _refuse(code: str) -> Hit:
    raise Skip(code)


def _rfc822_day(written: str) -> date | None:
    if turned := _TURNED.match(written):
        year = turned["year"] or turned["year2"]
        year = year if len(year) > 2 else f"{19 if year > '69' else 20}{year}"  # noqa: PLR2004
        day, month = turned["day"] or turned["day2"], turned["month"] or turned["month2"]
        return read_date(f"{day} {month} {year}").on
    if not _RFC822.match(written):
        return None
    try:
        return parsedate_to_datetime(written).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _kept(value: object, depth: int) -> Any:
    if isinstance(value, str):
        return _kept_text(value)
    if isinstance(value, bool | int | None):
        return value if not isinstance(value, int) or abs(value) < 1 << 62 else str(value)[:80]
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None  # noqa: PLR0124
    if depth and isinstance(value, Mapping):
        return {
            _kept_text(str(key)): _kept(inner, depth - 1) for key, inner in _some(value.items())
        }
    if depth and isinstance(value, list | tuple):
        return [_kept(inner, depth - 1) for inner in _some(value)]
    return None


def _kept_text(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text[:_RAW])


def _some(values: Iterable[_T]) -> list[_T]:
    return [value for value, _ in zip(values, range(_RAW_ITEMS), strict=False)]
