"""Reads when a page says it was published, and from where on the page that comes."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import htmldate
from lxml.html import HtmlElement

from claims.web.declared import Declared, line, types
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
# Polish, Czech, Slovak, Croatian, Ukrainian, Bulgarian, Serbian, Greek, Finnish, Hungarian,
# Romanian, Danish, Catalan, Indonesian, Hindi, Bengali and others that are written alike.
_FURTHER_OFF = (
    (
        "stycznia ledna januára siječnja січня януари јануар ιανουαρίου tammikuuta január ianuarie"
        " gener janeiro jänner जनवरी জানুয়ারি styczeń leden"
    ),
    (
        "lutego února februára veljače лютого февруари фебруар φεβρουαρίου helmikuuta február"
        " februarie febrer feber फरवरी ফেব্রুয়ারি luty únor"
    ),
    (
        "marca března ožujka березня март μαρτίου maaliskuuta március martie marts març maret मार्च"
        " মার্চ marzec březen mart"
    ),
    (
        "kwietnia dubna apríla travnja квітня април απριλίου huhtikuuta április aprilie अप्रैल এপ্রিল"
        " kwiecień duben"
    ),
    "maja května mája svibnja травня май мај μαΐου toukokuuta május maj maig मई মে květen maí",
    (
        "czerwca června júna lipnja червня юни јун ιουνίου kesäkuuta június iunie juny जून জুন"
        " czerwiec červen"
    ),
    (
        "lipca července júla srpnja липня юли јул ιουλίου heinäkuuta július iulie juliol"
        " जुलाई জুলাই lipiec červenec"
    ),
    (
        "sierpnia srpna augusta kolovoza серпня август αυγούστου elokuuta augusztus août agost"
        " अगस्त আগস্ট sierpień srpen agustus"
    ),
    (
        "września září rujna вересня септември септембар σεπτεμβρίου syyskuuta szeptember"
        " septembrie setembre सितंबर সেপ্টেম্বর wrzesień septembra septembar"
    ),
    (
        "października října októbra жовтня октомври октобар οκτωβρίου lokakuuta október octombrie"
        " अक्टूबर অক্টোবর październik říjen oktobar"
    ),
    (
        "novembra studenog studenoga листопада ноември новембар νοεμβρίου"
        " marraskuuta noiembrie नवंबर নভেম্বর novembar"
    ),
    (
        "grudnia prosince decembra prosinca грудня декември децембар δεκεμβρίου joulukuuta"
        " decembrie desembre desember दिसंबर ডিসেম্বর grudzień prosinec decembar"
    ),
)
_THAI = (
    "มกราคม ม.ค", "กุมภาพันธ์ ก.พ", "มีนาคม มี.ค", "เมษายน เม.ย", "พฤษภาคม พ.ค", "มิถุนายน มิ.ย",
    "กรกฎาคม ก.ค", "สิงหาคม ส.ค", "กันยายน ก.ย", "ตุลาคม ต.ค", "พฤศจิกายน พ.ย", "ธันวาคม ธ.ค",
)  # fmt: skip
_PERSIAN = tuple("فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند".split())


def _numbered(*tables: tuple[str, ...]) -> dict[str, int]:
    return {
        name: number
        for table in tables
        for number, names in enumerate(table, start=1)
        for name in names.split()
    }


_MONTHS = _numbered(_IN_WORDS, _FURTHER_EAST, _FURTHER_OFF)
_MONTHS_OF_BUDDHA = _numbered(_THAI)
_MONTHS_OF_PERSIA = _numbered(_PERSIAN)
# Some months are two words, and some pages name one in two ways ("كانون الثاني/يناير").
_WORD = r"[^\W\d_](?:(?!\d)[\w\u0300-\u036f\u0900-\u0e7f.])*"
_NAMED = rf"{_WORD}(?:\s(?!del?\b){_WORD})?(?:\s?/\s?{_WORD}(?:\s{_WORD})?)?"
_OF = r"(?:del?\s+|of\s+|d.)?"
_CHARACTERS = re.compile(
    r"(?P<era>令和|平成|民國|民国)?\s?(?P<year>元|\d{1,4})\s?[年년]\s?"
    r"(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]"
)
_ERAS = {"令和": 2018, "平成": 1988, "民國": 1911, "民国": 1911}
_VIETNAMESE = re.compile(
    r"\b(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})(?:,?\s+năm|,)?\s+(?P<year>[12]\d{3})\b",
    re.IGNORECASE,
)
_WORDED = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th|er|º)?[\s-]+{_OF}(?P<name>{_NAMED})\.?[,،]?"
    rf"[\s-]+{_OF}(?P<year>[12]\d{{3}})\b"
    r"|\b(?P<name2>[^\W\d_]{3,10})\.?\s+(?P<day2>\d{1,2})(?:st|nd|rd|th)?,?"
    r"\s+(?P<year2>[12]\d{3})\b"
    rf"|\b(?P<year3>[12]\d{{3}})\.\s+(?P<name3>[^\W\d_]{{3,10}})\s+(?P<day3>\d{{1,2}})\b"
)
_TOLD = re.compile(r"publish|entry-date|create|post-date|pubdate|\bdate\b", re.IGNORECASE)
_NOT_TOLD = re.compile(r"updated|modified|current|today|clock", re.IGNORECASE)
_CHANGES = (
    "http-equiv:last-modified", "last-modified", "article:modified_time", "og:updated_time",
    "datemodified", "revised",
)  # fmt: skip
_OF_ENTRY = re.compile(r"entry-date|post-date|publish", re.IGNORECASE)
_LABEL = 25
_MARK = 8
_CHANGED = re.compile(
    r"\b(?:(?:last )?(?:updated?|modified|edited|changed|revised)|aktualisiert|geändert|stand:"
    r"|mis à jour|modifié|actualizad[oa]|modificado|atualizad[oa]|aggiornat[oa]|bijgewerkt"
    r"|gewijzigd|zaktualizowan[oay]|aktualizace|aktualizováno|frissítve|uppdaterad|oppdatert|opdateret"
    r"|päivitetty|обновлен[оа]|оновлено|güncelle\w+|diperbarui)|تحديث|עודכן|更新|업데이트|수정",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"\b(?:publi\w+|posted|created|veröffentlicht|erstellt|erschienen|geplaatst|gepubliceerd"
    r"|pubblicato|opublikowano|vydáno|publicerad|publisert|julkaistu|опубликован[оа]|опубліковано"
    r"|yayın\w+)|نشر|פורסם|公開|掲載|发布|發布|입력|등록",
    re.IGNORECASE,
)
_SECONDS = re.compile(r"1\d{9}(?:\d{3})?")
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_IN_PATH = re.compile(
    r"/((?:19|20)\d{2})/(\d{1,2})/(\d{1,2})(?=/|[^\d]|$)"
    r"|[/_-]((?:19|20)\d{2})(-?)(\d{2})\5(\d{2})(?=[/_.-]|$)"
)
_LONGEST = 120
_BUDDHA = 543
_LATEST_OF_OURS = 2400
_PERSIAN_LEAPS = frozenset({1, 5, 9, 13, 17, 22, 26, 30})
_NO_PAGES = frozenset({"VideoObject", "ImageObject", "AudioObject", "Comment", "Person"})
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
        found = _of_seconds(raw) or read_date(raw)
        if found.on is None or found.on < EARLIEST:
            continue
        if found.on > latest:
            future = True
            continue
        return Published(raw[:_LONGEST], found.on, found.at, source, future)
    guess = _guess(tree, url)
    if guess in _days_of_others(tree, declared) and not _is_written(guess, tree):
        guess = None
    return Published(
        (guess and guess.isoformat()) or "", guess, None, _GUESS if guess else "", future
    )


_GUESS = "guess from the page"


def _days_of_others(tree: HtmlElement, declared: Declared) -> set[date | None]:
    """Days that the page gives for its last change, and those of comments and other articles."""
    outside = Outside(tree)
    told = [value for name in _CHANGES for value in declared.metas.get(name, ())]
    told += [str(node["dateModified"]) for node in declared.own if "dateModified" in node]
    theirs = (node for node in declared.nodes if not any(node is each for each in declared.own))
    told += [str(node["datePublished"]) for node in theirs if "datePublished" in node]
    for element in tree.iter("time"):
        if outside.holds(element):
            told += [element.get("datetime") or "", line(element.text_content())]
    return {on for raw in told if (on := read_date(raw).on)}


def _is_written(day: date | None, tree: HtmlElement) -> bool:
    """Whether readers see *day* in the article, or in a footer that names it the article's."""
    outside = Outside(tree)
    return any(
        read_date(line(element.text)).on == day
        and (not outside.holds(element) or _OF_ENTRY.search(element.get("class") or ""))
        for element in tree.iter("p", "div", "span", "time", "li", "em", "small", "b", "strong")
        if element.text and any(map(str.isdigit, element.text))
    )


def read_date(raw: str) -> Published:
    """The day, and the moment if there is one, in *raw*: ISO, dotted, or with a month in words.

    ``3/4/2024`` is not read: which is the month depends on the country.
    """
    written, raw = raw, _in_our_digits(raw)
    return replace(_read_date(raw), raw=written)


def _of_seconds(raw: str) -> Published | None:
    # What is meant for machines may be a number of seconds, or of thousandths.
    if not _SECONDS.fullmatch(raw):
        return None
    at = datetime.fromtimestamp(int(raw[:10]), UTC)
    return Published(raw, at.date(), at)


def _in_our_digits(text: str) -> str:
    return _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)


def _read_date(raw: str) -> Published:
    if found := _ISO.search(raw):
        return _from_iso(raw, found)
    if found := _CHARACTERS.search(raw):
        return Published(raw, _of_era(found))
    if found := _DOTTED.search(raw) or _VIETNAMESE.search(raw):
        return Published(raw, _day(found["year"], found["month"], found["day"]))
    for found in _WORDED.finditer(raw):
        year, name, day = (
            found[part] or found[f"{part}2"] or found[f"{part}3"]
            for part in ("year", "name", "day")
        )
        on = _worded(int(year), name, int(day))
        if on is not None:
            return Published(raw, on)
    return Published(raw)


def _of_era(found: re.Match[str]) -> date | None:
    year = 1 if found["year"] == "元" else int(found["year"])
    return _day(year + _ERAS.get(found["era"] or "", 0), found["month"], found["day"])


def _worded(year: int, name: str, day: int) -> date | None:
    """The day in our calendar; in Thailand years count from Buddha's, in Iran from the Hijra's.

    The months of the lunar Hijri year begin when the moon is seen: its days are left unread.
    """
    if (month := _month(name)) is not None:
        return _day(year, month, day)
    if month := _MONTHS_OF_BUDDHA.get(name.strip(".")):
        return _day(year - _BUDDHA if year > _LATEST_OF_OURS else year, month, day)
    if month := _MONTHS_OF_PERSIA.get(name):
        return _from_persian(year, month, day)
    return None


def _from_persian(year: int, month: int, day: int) -> date | None:
    """By the cycle of 33 years, which is right from 1995 to 2090."""
    longest = 31 if month <= 6 else 30  # noqa: PLR2004
    if not 1 <= day <= longest:
        return None
    leaps = sum(1 for before in range(1354, year) if before % 33 in _PERSIAN_LEAPS)
    days = (year - 1354) * 365 + leaps + (month - 1) * 30 + min(month - 1, 6) + day - 1
    try:
        return date(1975, 3, 21) + timedelta(days=days)
    except OverflowError:
        return None


def _month(written: str) -> int | None:
    """Its number; in Hebrew "in" is written before the name without a space."""
    for name in written.lower().split("/"):
        known = "_".join(name.strip(".").split())
        for spelled in (known, known.removeprefix("ב")):
            if spelled in _MONTHS:
                return _MONTHS[spelled]
    return None


def _stated(tree: HtmlElement, declared: Declared, url: str) -> Iterator[tuple[str, str]]:
    for node in (declared.article, *declared.own):
        raw = node.get("datePublished")
        if isinstance(raw, str | int) and not set(types(node)) & _NO_PAGES:
            yield line(str(raw)), "json-ld"
    for name in _METAS:
        if raw := declared.meta(name):
            yield raw, f"meta {name}"
    for raw in _times(tree):
        yield raw, "time element"
    if found := _IN_PATH.search(url):
        year, month, day = (found[1] or found[4], found[2] or found[6], found[3] or found[7])
        yield f"{year}-{month.zfill(2)}-{day.zfill(2)}", "address"


def _times(tree: HtmlElement) -> Iterator[str]:
    """What ``time`` elements say, those that say "published" first.

    None of comments and of links to other pages, and none that say "updated".
    """
    found = []
    outside = Outside(tree)
    for element in tree.iter("time", "abbr", "span", "div", "p"):
        kind = f"{element.get('class', '')} {element.get('itemprop', '')} {element.get('id', '')}"
        told = _TOLD.search(kind)
        if element.tag != "time" and not (told and len(element.text_content()) < _LONGEST):
            continue
        if _NOT_TOLD.search(kind) and "published" not in kind.lower():
            continue
        if outside.holds(element):
            continue
        written = line(element.text_content())
        raw = _published_part(f"{_before(element)} {written}".strip())
        if not raw or _is_link_elsewhere(element, written):
            continue
        first = element.get("pubdate") is not None or told is not None
        given = element.get("datetime") or element.get("content")
        # Where one text says both, its own words tell which is which.
        raw = given or (written if len(raw) >= len(written) else raw)
        found.append((not first, element.tag != "time", raw))
    yield from (raw for _, _, raw in sorted(found, key=lambda entry: entry[:2]))


def _before(element: HtmlElement) -> str:
    """The few words right before *element*, which may say what day it is."""
    if element.tag != "time":
        return ""
    previous = element.getprevious()
    outer = element.getparent()
    said = outer.text if previous is None and outer is not None else None
    if previous is not None:
        said = previous.tail or previous.text_content()
        said = "" if not previous.tail and any(map(str.isdigit, said)) else said
    return line(said or "")[-_LABEL:]


def _published_part(text: str) -> str:
    """*text* without a day that it says is of a change; empty where it names no other."""
    changed = _CHANGED.search(text)
    if changed is None:
        return text
    published = _PUBLISHED.search(text)
    if published is None:
        before = text[: changed.start()].strip(" ,;·|–—-")
        return before if read_date(before).on else ""
    part = text[published.end() :] if published.start() > changed.start() else text
    again = _CHANGED.search(part)
    return part[: again.start()] if again else part


def _is_link_elsewhere(element: HtmlElement, written: str) -> bool:
    link = next(element.iterancestors("a"), None)
    return link is not None and len(line(link.text_content())) > len(written) + _MARK


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
