"""Finds when a page says it was published, and from where on the page that comes."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import htmldate
from lxml.html import HtmlElement

from claims.web.dates import read_date, unix_time
from claims.web.declared import Declared, line, types
from claims.web.regions import Outside

EARLIEST = date(1995, 1, 1)
_PUBLICATION_METAS = (
    "article:published_time", "og:article:published_time", "datepublished", "article:published",
    "article.published", "og:pubdate", "pubdate", "publishdate", "publish-date", "publish_date",
    "published_time", "publication_date", "parsely-pub-date", "sailthru.date", "dcterms.issued",
    "cxenseparse:recs:publishtime", "shareaholic:article_published_time", "dcterms.created",
    "dc.date.issued", "dc.date.created", "dcterms.date", "dc.date", "citation_publication_date",
    "iso-8601-publish-date", "rnews:datepublished", "date", "publicationdate", "displaydate",
    "article_date_original", "originalpublicationdate", "ptime", "created",
)  # fmt: skip
_CHANGE_METAS = (
    "http-equiv:last-modified", "last-modified", "article:modified_time", "og:updated_time",
    "datemodified", "revised",
)  # fmt: skip
_PUBLICATION_CLASS = re.compile(
    r"publish|entry-date|create|post-date|pubdate|\bdate\b", re.IGNORECASE
)
_OTHER_DAY_CLASS = re.compile(r"updated|modified|current|today|clock", re.IGNORECASE)
_ENTRY_CLASS = re.compile(r"entry-date|post-date|publish", re.IGNORECASE)
_SAYS_CHANGED = re.compile(
    r"\b(?:(?:last )?(?:updated?|modified|edited|changed|revised)|aktualisiert|geändert|stand:"
    r"|mis à jour|modifié|actualizad[oa]|modificado|atualizad[oa]|aggiornat[oa]|bijgewerkt"
    r"|gewijzigd|zaktualizowan[oay]|aktualizace|aktualizováno|frissítve|uppdaterad|oppdatert|opdateret"
    r"|päivitetty|обновлен[оа]|оновлено|güncelle\w+|diperbarui)|تحديث|עודכן|更新|업데이트|수정",
    re.IGNORECASE,
)
_SAYS_PUBLISHED = re.compile(
    r"\b(?:publi\w+|posted|created|veröffentlicht|erstellt|erschienen|geplaatst|gepubliceerd"
    r"|pubblicato|opublikowano|vydáno|publicerad|publisert|julkaistu|опубликован[оа]|опубліковано"
    r"|yayın\w+)|نشر|פורסם|公開|掲載|发布|發布|입력|등록",
    re.IGNORECASE,
)
_DAY_IN_PATH = re.compile(
    r"/((?:19|20)\d{2})/(\d{1,2})/(\d{1,2})(?=/|[^\d]|$)"
    r"|[/_-]((?:19|20)\d{2})(-?)(\d{2})\5(\d{2})(?=[/_.-]|$)"
)
# Characters: of a date as it is kept, of the label before one, and of what a link may hold
# besides one.
_LONGEST, _LABEL, _MARK = 120, 25, 8
_NOT_PAGES = frozenset({"VideoObject", "ImageObject", "AudioObject", "Comment", "Person"})
_GUESS = "guess from the page"
_SLASHED = re.compile(r"\b(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4})\b", re.ASCII)
# Where nobody says whether day or month comes first.
_READ_BOTH_WAYS = frozenset({"en", "en-us", "en-ca", "en-ph"})


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


def published(tree: HtmlElement, declared: Declared, *, outside: Outside, url: str) -> Published:
    """When the page says it was first published: what it declares before what it shows.

    A day in the future, seen from now with a day's grace for zones, is passed over and told.
    """
    latest = datetime.now(UTC).date() + timedelta(days=1)
    future = False
    for raw, source in _stated(tree, declared, outside, url):
        found = unix_time(raw) or read_date(raw)
        if found.on is None or found.on < EARLIEST:
            continue
        if found.on > latest:
            future = True
            continue
        return Published(raw[:_LONGEST], found.on, found.at, source, future)
    guess = _guess(tree, url)
    if guess is None or (
        guess in _days_of_others(tree, declared, outside) and not _is_shown(guess, tree, outside)
    ):
        return Published(future=future)
    return Published(guess.isoformat(), guess, source=_GUESS, future=future)


def _days_of_others(tree: HtmlElement, declared: Declared, outside: Outside) -> set[date]:
    """Days that the page gives for its last change, and those of comments and other articles."""
    told = [value for name in _CHANGE_METAS for value in declared.metas.get(name, ())]
    told += [str(node["dateModified"]) for node in declared.own if "dateModified" in node]
    theirs = (node for node in declared.nodes if not any(node is each for each in declared.own))
    told += [str(node["datePublished"]) for node in theirs if "datePublished" in node]
    for element in tree.iter("time"):
        if outside.holds(element):
            told += [element.get("datetime") or "", line(element.text_content())]
    return {on for raw in told if (on := read_date(raw).on)}


def _is_shown(day: date, tree: HtmlElement, outside: Outside) -> bool:
    """Whether readers see *day* in the article, or in a footer that names it the article's."""
    return any(
        read_date(line(element.text)).on == day
        and (not outside.holds(element) or _ENTRY_CLASS.search(element.get("class") or ""))
        for element in tree.iter("p", "div", "span", "time", "li", "em", "small", "b", "strong")
        if element.text and any(map(str.isdigit, element.text))
    )


def _stated(
    tree: HtmlElement, declared: Declared, outside: Outside, url: str
) -> Iterator[tuple[str, str]]:
    """Days in words, each with where the page has it; the surest first."""
    for node in (declared.article, *declared.own):
        raw = node.get("datePublished")
        if isinstance(raw, str | int) and not set(types(node)) & _NOT_PAGES:
            yield line(str(raw)), "json-ld"
    for name in _PUBLICATION_METAS:
        if raw := declared.meta(name):
            yield raw, f"meta {name}"
    for raw in _times(tree, outside):
        yield raw, "time element"
    if found := _DAY_IN_PATH.search(url):
        year, month, day = (found[1] or found[4], found[2] or found[6], found[3] or found[7])
        yield f"{year}-{month.zfill(2)}-{day.zfill(2)}", "address"


def _times(tree: HtmlElement, outside: Outside) -> Iterator[str]:
    """What ``time`` elements say, those that say "published" first.

    None of comments and of links to other pages, and none that say "updated".
    """
    found = []
    for element in tree.iter("time", "abbr", "span", "div", "p"):
        kind = f"{element.get('class', '')} {element.get('itemprop', '')} {element.get('id', '')}"
        told = _PUBLICATION_CLASS.search(kind)
        if element.tag != "time" and not (told and len(element.text_content()) < _LONGEST):
            continue
        if _OTHER_DAY_CLASS.search(kind) and "published" not in kind.lower():
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
    changed = _SAYS_CHANGED.search(text)
    if changed is None:
        return text
    published = _SAYS_PUBLISHED.search(text)
    if published is None:
        before = text[: changed.start()].strip(" ,;·|–—-")
        return before if read_date(before).on else ""
    part = text[published.end() :] if published.start() > changed.start() else text
    again = _SAYS_CHANGED.search(part)
    return part[: again.start()] if again else part


def _is_link_elsewhere(element: HtmlElement, written: str) -> bool:
    link = next(element.iterancestors("a"), None)
    return link is not None and len(line(link.text_content())) > len(written) + _MARK


def _guess(tree: HtmlElement, url: str) -> date | None:
    try:
        found = htmldate.find_date(tree, url=url, original_date=True)
    except Exception:  # noqa: BLE001 - its many patterns meet pages that nobody foresaw
        return None
    guessed = date.fromisoformat(found) if found else None
    if guessed is None:
        return None
    said = [*filter(None, map(str.strip, tree.itertext()))]
    # Of a year or a month alone, or of a day that does not exist, it makes the first; "03/04/2026"
    # it reads in one way of two.
    unsure = guessed.day == 1 or _is_two_days(guessed, said, tree)
    return guessed if not unsure or any(read_date(one).on == guessed for one in said) else None


def _is_two_days(day: date, said: Iterable[str], tree: HtmlElement) -> bool:
    """Whether the page writes *day* as English reads in two ways, and says not in which."""
    language = (tree.getroottree().getroot().get("lang") or "en").lower().replace("_", "-")
    if language not in _READ_BOTH_WAYS or day.day == day.month:
        return False
    slashed = (found for one in said for found in _SLASHED.finditer(one))
    return any(
        {int(one["first"]), int(one["second"])} == {day.day, day.month}
        and int(one["year"]) == day.year
        for one in slashed
    )
