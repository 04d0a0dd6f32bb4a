"""Reads when a page says it was published, and from where on the page that comes."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import htmldate
from lxml.html import HtmlElement

from claims.web.declared import Declared, line
from claims.web.regions import Outside

EARLIEST = date(1995, 1, 1)
_METAS = (
    "article:published_time", "og:article:published_time", "datepublished", "article:published",
    "article.published", "og:pubdate", "pubdate", "publishdate", "publish-date", "publish_date",
    "published_time", "publication_date", "parsely-pub-date", "sailthru.date", "dcterms.issued",
    "cxenseparse:recs:publishtime", "shareaholic:article_published_time", "dcterms.created",
    "dc.date.issued", "dc.date.created", "dcterms.date", "dc.date", "citation_publication_date",
    "iso-8601-publish-date", "rnews:datepublished", "date", "publicationdate", "displaydate",
    "article_date_original", "originalpublicationdate", "ptime", "created",
)  # fmt: skip
_ISO = re.compile(
    r"(?P<year>[12]\d{3})[-/.]?(?P<month>\d{2})[-/.]?(?P<day>\d{2})"
    r"(?:[T ]\s?(?P<hour>\d{2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}\b)?)?",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"\b(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>[12]\d{3})\b")
_IN_WORDS = (
    "january januar janvier enero janeiro gennaio januari jan janv ene gen",
    "february februar février fevrier febrero fevereiro febbraio februari feb févr fév fev",
    "march märz maerz mars marzo março maart mar mär",
    "april avril abril aprile apr avr abr",
    "may mai mayo maio maggio mei mag",
    "june juni juin junio junho giugno jun giu",
    "july juli juillet julio julho luglio jul juil lug",
    "august août aout agosto augustus aug ago",
    "september septembre septiembre setembro settembre sept sep set",
    "october oktober octobre octubre outubro ottobre oct okt out ott",
    "november novembre noviembre novembro nov",
    "december dezember décembre decembre diciembre dezembro dicembre dec dez déc dic",
)
# Hebrew, Arabic of the Gulf, the Levant and the Maghreb, Russian, Turkish.
_FURTHER_EAST = (
    "ינואר يناير كانون_الثاني جانفي января янв ocak oca",
    "פברואר فبراير شباط فيفري февраля фев şubat şub",
    "מרץ מרס مارس آذار марта мар mart",
    "אפריל أبريل ابريل إبريل نيسان أفريل апреля апр nisan nis",
    "מאי مايو أيار ماي мая май mayıs",
    "יוני يونيو حزيران جوان июня июн haziran haz",
    "יולי يوليو تموز جويلية июля июл temmuz tem",
    "אוגוסט أغسطس اغسطس آب أوت августа авг ağustos ağu",
    "ספטמבר سبتمبر أيلول сентября сен сент eylül eyl",
    "אוקטובר أكتوبر اكتوبر تشرين_الأول октября окт ekim eki",
    "נובמבר نوفمبر تشرين_الثاني ноября ноя нояб kasım kas",
    "דצמבר ديسمبر كانون_الأول декабря дек aralık ara",
)
_MONTHS = {
    name: number
    for table in (_IN_WORDS, _FURTHER_EAST)
    for number, names in enumerate(table, start=1)
    for name in names.split()
}
# Some months are two words, and some pages name one in two ways ("كانون الثاني/يناير").
_WORD = r"[^\W\d_]{2,10}"
_NAMED = rf"{_WORD}(?:\s(?!de\b){_WORD})?(?:\s?/\s?{_WORD}(?:\s{_WORD})?)?"
_CHARACTERS = re.compile(
    r"(?P<year>[12]\d{3})\s?年\s?(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日"
)
_WORDED = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th|er|º)?\s+(?:de\s+)?(?P<name>{_NAMED})\.?[,،]?"
    r"\s+(?:de\s+)?"
    r"(?P<year>[12]\d{3})\b"
    r"|\b(?P<name2>[^\W\d_]{3,10})\.?\s+(?P<day2>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year2>[12]\d{3})\b"
)
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_IN_PATH = re.compile(r"/((?:19|20)\d{2})/(\d{1,2})/(\d{1,2})(?=/|[^\d]|$)")
_LONGEST = 120
GUESS = "guess from the page"


@dataclass(frozen=True, slots=True)
class Published:
    """``raw`` as the page has it. ``on`` is the day as written there, whatever its zone.

    ``at`` only where the page gives an hour and its zone. ``source`` says where it was read:
    ``json-ld``, ``meta NAME``, ``time element``, ``address``, or ``guess from the page``.
    """

    raw: str = ""
    on: date | None = None
    at: datetime | None = None
    source: str = ""
    future: bool = False


def published(tree: HtmlElement, declared: Declared, *, url: str) -> Published:
    """When the page says it was first published: what it declares before what it shows.

    A day in the future, seen from now with a day's grace for zones, is passed over and told.
    """
    latest = datetime.now(UTC).date() + timedelta(days=1)
    future = False
    for raw, source in _stated(tree, declared, url):
        found = read_date(raw)
        if found.on is None or found.on < EARLIEST:
            continue
        if found.on > latest:
            future = True
            continue
        return Published(raw[:_LONGEST], found.on, found.at, source, future)
    guess = _guess(tree, url)
    return Published(
        (guess and guess.isoformat()) or "", guess, None, _GUESS if guess else "", future
    )


_GUESS = "guess from the page"


def read_date(raw: str) -> Published:
    """The day, and the moment if there is one, in *raw*: ISO, dotted, or with a month in words.

    ``3/4/2024`` is not read: which is the month depends on the country.
    """
    written, raw = raw, _in_our_digits(raw)
    return replace(_read_date(raw), raw=written)


def _in_our_digits(text: str) -> str:
    return _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)


def _read_date(raw: str) -> Published:
    if found := _ISO.search(raw):
        return _from_iso(raw, found)
    if found := _DOTTED.search(raw):
        return Published(raw, _day(found["year"], found["month"], found["day"]))
    if found := _CHARACTERS.search(raw):
        return Published(raw, _day(found["year"], found["month"], found["day"]))
    for found in _WORDED.finditer(raw):
        month = _month(found["name"] or found["name2"])
        if month is not None:
            year, day = found["year"] or found["year2"], found["day"] or found["day2"]
            return Published(raw, _day(year, month, day))
    return Published(raw)


def _month(written: str) -> int | None:
    """Its number; in Hebrew "in" is written before the name without a space."""
    for name in written.lower().split("/"):
        known = "_".join(name.split())
        for spelled in (known, known.removeprefix("ב")):
            if spelled in _MONTHS:
                return _MONTHS[spelled]
    return None


def _stated(tree: HtmlElement, declared: Declared, url: str) -> Iterator[tuple[str, str]]:
    for node in (declared.article, *declared.nodes):
        raw = node.get("datePublished")
        if isinstance(raw, str):
            yield line(raw), "json-ld"
    for name in _METAS:
        if raw := declared.meta(name):
            yield raw, f"meta {name}"
    for raw in _times(tree):
        yield raw, "time element"
    if found := _IN_PATH.search(url):
        yield "-".join((found[1], found[2].zfill(2), found[3].zfill(2))), "address"


def _times(tree: HtmlElement) -> Iterator[str]:
    """What ``time`` elements say, those that say "published" first; none of comments."""
    found = []
    outside = Outside(tree)
    for element in tree.iter("time", "abbr", "span", "div", "p"):
        kind = f"{element.get('class', '')} {element.get('itemprop', '')} {element.get('id', '')}"
        told = re.search(
            r"publish|entry-date|create|post-date|pubdate|\bdate\b", kind, re.IGNORECASE
        )
        if element.tag != "time" and not (told and len(element.text_content()) < _LONGEST):
            continue
        if re.search(r"updated|modified", kind, re.IGNORECASE) and "published" not in kind.lower():
            continue
        if outside.holds(element):
            continue
        first = element.get("pubdate") is not None or told is not None
        raw = element.get("datetime") or element.get("content") or line(element.text_content())
        found.append((not first, element.tag != "time", raw))
    yield from (raw for _, _, raw in sorted(found, key=lambda entry: entry[:2]))


def _from_iso(raw: str, found: re.Match[str]) -> Published:
    on = _day(found["year"], found["month"], found["day"])
    if on is None or not found["hour"] or not found["zone"]:
        return Published(raw, on)
    try:
        at = datetime.fromisoformat(
            f"{on}T{found['hour']}:{found['minute']}:{found['second'] or '00'}"
            f"{_offset(found['zone'])}"
        )
    except ValueError:
        return Published(raw, on)
    return Published(raw, on, at.astimezone(UTC))


def _offset(zone: str) -> str:
    if zone.upper() in {"Z", "UTC", "GMT"}:
        return "+00:00"
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"


def _day(year: object, month: object, day: object) -> date | None:
    try:
        return date(int(str(year)), int(str(month)), int(str(day)))
    except ValueError:
        return None


def _guess(tree: HtmlElement, url: str) -> date | None:
    try:
        found = htmldate.find_date(tree, url=url, original_date=True)
    except Exception:  # noqa: BLE001 - its many patterns meet pages that nobody foresaw
        return None
    guessed = date.fromisoformat(found) if found else None
    if guessed is None or (guessed.month, guessed.day) != (1, 1):
        return guessed
    # Of a year alone it makes the first of January, which nobody said.
    told = map(read_date, filter(None, map(str.strip, tree.itertext())))
    return guessed if any(one.on == guessed for one in told) else None
