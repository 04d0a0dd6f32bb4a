"""Reads a captured page: words, title, day, who signed it, and what is odd about it."""

import copy
import gzip
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import lxml.etree
import lxml.html
from lxml.html import HtmlElement
from trafilatura import bare_extraction, load_html

from claims.web.address import Address, site, try_parse
from claims.web.bylines import Signed, agencies, byline
from claims.web.charset import Decoded, decode, is_wide
from claims.web.dates import Published, published, read_date
from claims.web.declared import Declared, declared, line, storable
from claims.web.oddities import Looked, elsewhere, oddities, refresh
from claims.web.office import text_of
from claims.web.regions import Outside, marks
from claims.web.state import article_in, unmarked
from claims.web.walls import is_locked

READER = "page-6"
"""The version of this reader; it changes whenever it may read the same page differently."""

_HTML = frozenset({"text/html", "application/xhtml+xml", "application/xml", "text/xml", ""})
_BINARY = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*%PDF-|\x89PNG|\xff\xd8\xff|GIF8|RIFF.{4}(?:WAVE|WEBP|AVI )"
    rb"|PK\x03\x04|\x1f\x8b|\x7fELF|MZ.{0,64}\0|OggS\0|ID3[\2-\4]|\0\0\0.ftyp|wOF[F2]|\xd0\xcf\x11\xe0|BM.{4}\0\0\0\0",
    re.DOTALL,
)
_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|div|p|article|meta|title|rss|feed)\b", re.IGNORECASE
)
_SEPARATOR = re.compile(r"\s+[|–—·•»«:\-/]+\s+|\s*[|»«·]\s*|\s+::\s+")
_QUOTES = re.compile(r"[\"'“”„‟‘’‚«»‹›`´]")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
# Numbers of control signs: below 32 they say nothing, and some parsers stop at them; from 128 on
# they mean the letters of windows-1252 (HTML, "numeric character reference end state").
_REFERENCE = re.compile(
    r"&#(?:[xX]0*(?P<hex>[0-8bcefBCEF]|[189][0-9a-fA-F])(?![0-9a-fA-F])"
    r"|0*(?P<dec>[0-8]|1[124-9]|2[0-9]|3[01]|12[89]|1[345][0-9])(?![0-9]));?"
)
_LEAST_LOST = 400
_LONGEST_SITE = 80
_LEAST_HEAD = 8
_LEAST_DECK = 40
_MOST_DATE_WORDS = 9
_MOST_FEEDS = 5
_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
)
_TELLING = frozenset(
    {"LiveBlogPosting", "OpinionNewsArticle", "ClaimReview", "AdvertiserContentArticle"}
)
_HIDDEN = (
    "//body//*[(@hidden and @hidden != 'until-found')"
    " or contains(translate(@style, 'DISPLAYNOE ', 'displaynoe'), 'display:none')]"
)
_VISIBLE = (
    "//body//text()[not(ancestor::script or ancestor::style or ancestor::noscript"
    " or ancestor::template)]"
)
# Whole lines that send readers to another page, a list or a shop, in the languages of the press.
_POINTER = re.compile(
    r"(?:read (?:more|also|next)|also read|see also|more on this|(?:also )?on rt\.com|don.?t miss"
    r"|related (?:articles?|stories|coverage|content|topics?|posts?)|recommended(?: stories)?"
    r"|(?:you (?:may|might) also (?:like|be interested)|like this story\?|share (?:this|on|it)\b)"
    r"|(?:click|tap) here (?:to|for)|sign up (?:for|to|here)|subscribe (?:to|now|here|for)\b"
    r"|follow (?:us|@|\w+ on (?:twitter|facebook|x))|tags?(?=:|(?: [^,\n]+,){3})|filed under"
    r"|topics?:|advertisement$"
    r"|lire aussi|à lire aussi|lisez aussi|voir aussi|sur le même (?:sujet|thème)"
    r"|lesen sie (?:auch|hier|mehr)|mehr zum thema|auch interessant|siehe auch|weiterlesen:?$"
    r"|lee también|leer más|te puede interesar|lea también|ver también|más información:?$"
    r"|leia (?:também|mais)|veja também|saiba mais:?$|leggi anche|per approfondire"
    r"|lees ook|читайте также|اقرأ أيضا|اقرأ أيضًا|اقرأ المزيد|קראו גם|קרא גם|עוד בנושא)"
    r"(?=$|[\s:!?.,–—-])[^\n]{0,200}$",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """What was read. Offsets of later work count characters of ``text``.

    ``language``: as declared, lower case ("pt-br"), empty when the page does not say.
    ``published_on``: the day as the page writes it, in whatever zone that is; ``published_at``
    only with hour and zone. ``date_source``: where it was read. ``byline``: a suggestion.
    ``deck``: the standfirst where the page both declares and shows it, in ``text`` or not.
    ``canonical``: normal form of the declared one. ``signals``: declared ties to other texts,
    each a tuple of strings: ``elsewhere``, ``based_on``, ``agency``, ``amp``, ``refresh``,
    ``kinds``, ``noarchive``, ``feeds``. ``oddities``: labels. ``lost_text``: the reader likely
    missed some.
    """

    title: str = ""
    deck: str = ""
    text: str = ""
    language: str = ""
    byline: str = ""
    published_raw: str = ""
    published_on: date | None = None
    published_at: datetime | None = None
    date_source: str = ""
    canonical: str = ""
    site_name: str = ""
    charset: str = ""
    signals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    oddities: tuple[str, ...] = ()
    lost_text: bool = False


def read(body: bytes, *, url: str = "", media_type: str = "", charset: str = "") -> Page:
    """What *body* says. ``media_type`` and ``charset`` as the server had them; both may be wrong.

    What is not text at all comes back without text and with the oddity ``not_text``; a feed with
    ``feed``; an office document as its bare text, with ``document``. All words can be stored: no
    NUL, no half characters. Deterministic, but for the day of today. Hostile bytes go through
    ``claims.web.sandbox`` instead, which calls this in a child process.
    """
    page = _read(body, url=url, media_type=media_type, charset=charset)
    return replace(
        page,
        title=storable(page.title),
        deck=storable(page.deck),
        text=storable(page.text),
        byline=storable(page.byline),
        published_raw=storable(page.published_raw),
        site_name=storable(page.site_name),
    )


def _read(body: bytes, *, url: str, media_type: str, charset: str) -> Page:
    if body.startswith(b"PK\x03\x04") and (told := text_of(body)):
        return Page(text=told, oddities=("document",))
    wide = body.startswith((b"\xff", b"\xfe")) or is_wide(charset)
    if _BINARY.match(body) or (body[:1024].count(0) > 0 and not wide):
        return Page(oddities=("not_text",))
    decoded = decode(body, declared=charset)
    plain = media_type == "text/plain" or (
        media_type not in _HTML and not _MARKUP.search(decoded.text[:2000])
    )
    if plain or not decoded.text.strip():
        return _plain(decoded)
    tree = _parsed(decoded.text)
    if tree is None:
        return _plain(decoded)
    return _html(tree, decoded, try_parse(url))


def read_folder(folder: Path) -> dict[str, dict[str, str]]:
    """What ``./desk measure extraction`` answers for a folder of ``<id>.html.gz``.

    A file that cannot be unpacked or read has an answer all the same, with nothing in it.
    """
    answers = {}
    for path in sorted(folder.glob("*.html.gz")):
        try:
            page = read(gzip.decompress(path.read_bytes()), media_type="text/html")
        except (OSError, EOFError, zlib.error, ValueError):
            page = Page()
        answers[path.name.removesuffix(".html.gz")] = {
            "articleBody": page.text,
            "title": page.title,
            "author": page.byline,
            "date": page.published_on.isoformat() if page.published_on else "",
        }
    return answers


def as_json(page: Page) -> dict[str, Any]:
    """*page* in JSON's types; ``from_json`` is the way back."""
    return asdict(page) | {
        "published_on": page.published_on and page.published_on.isoformat(),
        "published_at": page.published_at and page.published_at.isoformat(),
    }


def from_json(data: Mapping[str, Any]) -> Page:
    on, at = data["published_on"], data["published_at"]
    return Page(**{
        **data,
        "published_on": date.fromisoformat(on) if on else None,
        "published_at": datetime.fromisoformat(at) if at else None,
        "signals": {name: tuple(values) for name, values in data["signals"].items()},
        "oddities": tuple(data["oddities"]),
    })  # fmt: skip


def read_as_json(body: bytes, **options: Any) -> dict[str, Any]:
    """``read`` for the other side of a pipe."""
    return as_json(read(body, **options))


def _plain(decoded: Decoded) -> Page:
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n").strip("\ufeff")
    odd = ("wrong_charset",) if decoded.misdeclared else ()
    return Page(text=text, charset=decoded.charset, oddities=odd)


def _parsed(text: str) -> HtmlElement | None:
    # An encoding declared in the text itself would be believed once more.
    text = _CONTROL.sub("", _DECLARATION.sub("", text)).replace("\f", " ")
    if "&#" in text:
        text = _REFERENCE.sub(_referred, text)
    tree = load_html(text)
    if tree is None:
        try:
            tree = lxml.html.document_fromstring(text)
        except (lxml.etree.LxmlError, ValueError):
            return None
    return tree


def _referred(found: re.Match[str]) -> str:
    number = int(found["hex"], 16) if found["hex"] else int(found["dec"])
    return "" if number < 32 else bytes([number]).decode("cp1252", "ignore")  # noqa: PLR2004


def _html(tree: HtmlElement, decoded: Decoded, address: Address | None) -> Page:
    said = declared(tree)
    visible = _visible(tree)
    # Bytes without an address: the page's own word will do to tell its headline from its name.
    home = address or _canonical(said, None)
    site_name = _site_name(said, home)
    title = _title(tree, said, site_name=site_name, address=home)
    when = published(tree, said, url=address.url if address else "")
    outside = Outside(tree)
    signed = Signed.of(tree, said, outside)
    by = byline(signed, visible=visible, site_name=site_name)
    named = agencies(signed)
    cheap = _paragraphs(tree, outside)
    text, lost = _text(_shown(tree, visible), said, cheap=cheap, title=title)
    scripted = _scripted(tree, said, text, title=title)
    text = scripted or text
    canonical = _canonical(said, address)
    looked = Looked(tree, said, address, canonical, title, text, visible, decoded.text)
    return Page(
        title=title,
        deck=_deck(said, visible, title=title),
        text=text,
        language=_language(tree, said),
        byline=by,
        published_raw=when.raw,
        published_on=when.on,
        published_at=when.at,
        date_source=when.source,
        canonical=canonical.url if canonical else "",
        site_name=site_name,
        charset=decoded.charset,
        signals=_signals(looked, named),
        oddities=_all_oddities(looked, decoded, when, lost=lost, scripted=bool(scripted)),
        lost_text=lost,
    )


def _text(tree: HtmlElement, said: Declared, *, cheap: int, title: str) -> tuple[str, bool]:
    """The article's words, and whether the reader likely lost some of them.

    ``cheap`` is the length of what paragraphs hold by a much simpler count. Where the careful
    reading finds less than half of it, a generous one is tried, and then the words that the page
    declares to be its article's.
    """
    text = _extract(tree, generous=False)
    if _is_short(text, cheap):
        text = max(text, _extract(tree, generous=True), key=len)
    body = said.article.get("articleBody")
    if isinstance(body, str) and _is_short(text, len(body)):
        text = max(text, unmarked(body), key=len)
    return tidy(text, title=title), _is_short(text, cheap)


def _scripted(tree: HtmlElement, said: Declared, text: str, *, title: str) -> str:
    """The article where a script has yet to show it; empty where the page shows one itself.

    What a page keeps from those who have not paid is not looked for.
    """
    if len(text) >= _LEAST_LOST or is_locked(said):
        return ""
    written = line(tree.findtext(".//title") or "")
    found = article_in(tree, titles=(title, said.meta("og:title", "twitter:title"), written))
    return tidy(found, title=title) if _is_short(text, len(found)) else ""


def _shown(tree: HtmlElement, visible: str) -> HtmlElement:
    """The page without what it hides from every reader, unless that is most of the article.

    Some show the article itself only once a script has run.
    """
    hidden = tree.xpath(_HIDDEN)
    if not hidden:
        return tree
    rest: HtmlElement = copy.deepcopy(tree)
    for element in rest.xpath(_HIDDEN):
        if element.getparent() is not None:
            element.drop_tree()
    return tree if _is_short(_visible(rest), len(visible)) else rest


def _is_short(text: str, other: int) -> bool:
    return other >= _LEAST_LOST and len(text) * 2 < other


def _extract(tree: HtmlElement, *, generous: bool) -> str:
    try:
        found = bare_extraction(
            tree,
            include_comments=False,
            include_tables=True,
            with_metadata=False,
            favor_precision=not generous,
            favor_recall=generous,
        )
    except Exception:  # noqa: BLE001 - its many rules meet pages that nobody foresaw
        return ""
    return (getattr(found, "text", "") or "").strip()


def _paragraphs(tree: HtmlElement, outside: Outside) -> int:
    """How many characters of running text there are, by a count that no clever rule can fool."""
    total = 0
    for element in tree.iter("p", "blockquote", "div", "td", "section", "article"):
        if element.tag in {"p", "blockquote"}:
            own = line(element.text_content())
            least = 60
        else:
            own = line(" ".join([element.text or "", *(child.tail or "" for child in element)]))
            least = 200
        if len(own) >= least and not outside.holds(element):
            total += len(own)
    return total


def _visible(tree: HtmlElement) -> str:
    return line(" ".join(tree.xpath(_VISIBLE)))


def _language(tree: HtmlElement, said: Declared) -> str:
    root = tree.getroottree().getroot()
    named = [
        root.get("lang"),
        root.get("{http://www.w3.org/XML/1998/namespace}lang"),
        said.article.get("inLanguage"),
        said.meta("http-equiv:content-language", "language", "dc.language", "og:locale"),
    ]
    for name in named:
        if isinstance(name, str) and _LANGUAGE.fullmatch(name.strip().replace("_", "-")):
            return name.strip().replace("_", "-").lower()[:12]
    return ""


def _site_name(said: Declared, address: Address | None) -> str:
    declared_names = [
        said.meta("og:site_name"),
        *said.named("publisher"),
        said.meta("application-name", "al:android:app_name", "twitter:app:name:iphone"),
    ]
    for name in declared_names:
        if name and len(name) <= _LONGEST_SITE:
            return name
    return address.host.removeprefix("www.") if address else ""


def _title(tree: HtmlElement, said: Declared, *, site_name: str, address: Address | None) -> str:
    """The headline as the page shows it, without the name of the site."""
    headline = said.article.get("headline")
    written = line(tree.findtext(".//title") or "")
    full = (
        said.meta("og:title")
        or (line(headline) if isinstance(headline, str) else "")
        or said.meta("twitter:title")
        or written
    )
    heads = {head: line(head.text_content()) for head in tree.iter("h1")}
    sites = {_bare(text) for head, text in heads.items() if _is_site_head(head)}
    shown = [text for text in heads.values() if text and _bare(text) not in sites]
    for text in shown:
        if _is_part(text, full):
            return text
    if not full:
        return shown[0] if shown else ""
    return _without_site(full, names=_names_of(site_name, address) | sites)


def _is_site_head(head: HtmlElement) -> bool:
    link = head.find(".//a")
    home = link is not None and re.fullmatch(r"(?:https?://[^/]+)?/?", link.get("href") or "x")
    return bool(home) or "site-title" in marks(head)


def _is_part(head: str, full: str) -> bool:
    """Whether *full* is *head*, or *head* and something set apart from it."""
    small, large = _bare(head), _bare(full)
    if small == large:
        return True
    parts = [_bare(part) for part in _SEPARATOR.split(full)]
    runs = {" ".join(parts[:stop]) for stop in range(1, len(parts))}
    runs |= {" ".join(parts[start:]) for start in range(1, len(parts))}
    small_parts = " ".join(_bare(part) for part in _SEPARATOR.split(head))
    return len(small) > _LEAST_HEAD and (small in runs or small_parts in runs)


def _bare(text: str) -> str:
    return line(_QUOTES.sub("", text)).casefold()


def _deck(said: Declared, visible: str, *, title: str) -> str:
    for deck in (said.meta("og:description"), said.meta("description", "twitter:description")):
        cut = deck.endswith(("...", "…"))
        if len(deck) >= _LEAST_DECK and not cut and deck in visible and deck not in title:
            return deck
    return ""


def _names_of(site_name: str, address: Address | None) -> set[str]:
    names = {_bare(site_name)} if site_name else set()
    if address is not None:
        own = site(address.host)
        names |= {address.host, address.host.removeprefix("www."), own, own.partition(".")[0]}
    return names


def _without_site(full: str, *, names: set[str]) -> str:
    """*full* without the site's name at either end, where it is plainly that."""
    title = full
    for cut in _SEPARATOR.finditer(full):
        head, tail = full[: cut.start()], full[cut.end() :]
        if _is_site(tail, names) and _bare(head) not in names:
            title = head
            break
        if _is_site(head, names) and tail:
            title = tail
    return title.strip()


def _is_site(text: str, names: set[str]) -> bool:
    bare = _bare(text)
    return bare in names or bare.replace(" ", "") in {name.replace(" ", "") for name in names}


def _canonical(said: Declared, address: Address | None) -> Address | None:
    raw = said.link("canonical") or said.meta("og:url")
    if not raw:
        return None
    try:
        return try_parse(urljoin(address.url if address else "", raw))
    except ValueError:
        return None


def _signals(page: Looked, named: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    said = page.declared
    robots = f"{said.meta('robots')} {said.meta('googlebot')}".lower()
    found = {
        "elsewhere": elsewhere(said, page.address),
        "based_on": tuple(_based_on(said)),
        "agency": named,
        "amp": tuple(filter(None, [_absolute(page, said.link("amphtml"))])),
        "refresh": tuple(filter(None, [_absolute(page, refresh(page))])),
        "kinds": tuple(sorted(said.kinds() & _TELLING)),
        "noarchive": ("meta robots",) if "noarchive" in robots else (),
        "feeds": tuple(islice(_feeds(page), _MOST_FEEDS)),
    }
    return {name: values for name, values in found.items() if values}


def _feeds(page: Looked) -> Iterator[str]:
    """The feeds that the page offers of its site; those of its comments are none of them."""
    for link in page.tree.iter("link"):
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        offered = "alternate" in (link.get("rel") or "").lower().split() and kind in _FEED_TYPES
        address = _absolute(page, (link.get("href") or "").strip()) if offered else ""
        if address and "comment" not in address:
            yield address


def _absolute(page: Looked, href: str) -> str:
    if not href:
        return ""
    try:
        address = try_parse(urljoin(page.address.url if page.address else "", href))
    except ValueError:
        return ""
    return address.url if address else ""


def _based_on(said: Declared) -> Iterable[str]:
    for key in ("isBasedOn", "isBasedOnUrl", "translationOfWork"):
        value = said.article.get(key)
        for item in value if isinstance(value, list) else [value]:
            url = item.get("url") or item.get("@id") if isinstance(item, Mapping) else item
            address = try_parse(url)
            if address is not None:
                yield address.url


def _all_oddities(
    page: Looked, decoded: Decoded, when: Published, *, lost: bool, scripted: bool
) -> tuple[str, ...]:
    more = {
        "wrong_charset": decoded.misdeclared,
        "future_date": when.future,
        "lost_text": lost,
        "script_text": scripted,
    }
    return (*oddities(page), *(label for label, is_so in more.items() if is_so))


def tidy(text: str, *, title: str) -> str:
    """*text* without its headline on top and without lines that only point to other pages."""
    lines = [entry for entry in text.split("\n") if not _POINTER.match(entry.strip())]
    while lines and (_bare(lines[0]) == _bare(title) or _is_date_line(lines[0])):
        lines.pop(0)
    return "\n".join(lines).strip()


def _is_date_line(entry: str) -> bool:
    words = entry.split()
    return len(words) <= _MOST_DATE_WORDS and read_date(entry).on is not None
