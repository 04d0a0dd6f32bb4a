"""Reads a captured page: words, title, day, who signed it, and what is odd about it."""

import gzip
import re
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from lxml.html import HtmlElement

from claims.web.address import Address, try_parse
from claims.web.article import Article, article, visible_text
from claims.web.bylines import Signed, agencies, byline
from claims.web.charset import Decoded, decode, is_wide
from claims.web.declared import Declared, declared, storable
from claims.web.headline import deck, headline, site_name
from claims.web.kinds import PDF, kind_of
from claims.web.markup import parse
from claims.web.oddities import Looked, oddities
from claims.web.office import text_of
from claims.web.pdf import document
from claims.web.published import Published, published
from claims.web.regions import Outside
from claims.web.signals import canonical, signals

READER = "page-11"
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
    missed some. ``pages``: of a document that has them, where in ``text`` each one begins.
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
    pages: tuple[int, ...] = ()


def read(body: bytes, *, url: str = "", media_type: str = "", charset: str = "") -> Page:
    """What *body* says. ``media_type`` and ``charset`` as the server had them; both may be wrong.

    What is not text at all comes back without text and with the oddity ``not_text``; a feed with
    ``feed``; an office document or a PDF as its bare text, with ``document``. All words can be
    stored: no NUL, no half characters. Deterministic, but for the day of today. Hostile bytes go
    through ``claims.web.sandbox`` instead, which calls this in a child process.
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
    # Servers call a PDF what they like.
    if kind_of(body) == PDF and (printed := document(body)) is not None:
        odd = ("document", *printed.oddities)
        return Page(text=printed.text, pages=printed.pages, oddities=odd)
    wide = body.startswith((b"\xff", b"\xfe")) or is_wide(charset)
    if _BINARY.match(body) or (body[:1024].count(0) > 0 and not wide):
        return Page(oddities=("not_text",))
    decoded = decode(body, declared=charset)
    plain = media_type == "text/plain" or (
        media_type not in _HTML and not _MARKUP.search(decoded.text[:2000])
    )
    if plain or not decoded.text.strip():
        return _plain(decoded)
    tree = parse(decoded.text)
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
        "pages": tuple(data["pages"]),
    })  # fmt: skip


def read_as_json(body: bytes, **options: Any) -> dict[str, Any]:
    """``read`` for the other side of a pipe."""
    return as_json(read(body, **options))


def _plain(decoded: Decoded) -> Page:
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n").strip("\ufeff")
    odd = ("wrong_charset",) if decoded.misdeclared else ()
    return Page(text=text, charset=decoded.charset, oddities=odd)


def _html(tree: HtmlElement, decoded: Decoded, address: Address | None) -> Page:
    said = declared(tree)
    visible = visible_text(tree)
    # Bytes without an address: the page's own word will do to tell its headline from its name.
    home = address or canonical(said, None)
    site = site_name(said, home)
    title = headline(tree, said, site_name=site, address=home)
    outside = Outside(tree)
    when = published(tree, said, outside=outside, url=address.url if address else "")
    signed = Signed.of(tree, said, outside)
    found = article(tree, said, outside=outside, visible=visible, title=title)
    own = canonical(said, address)
    looked = Looked(tree, said, address, own, title, found.text, visible, decoded.text)
    return Page(
        title=title,
        deck=deck(said, visible, title=title),
        text=found.text,
        language=_language(tree, said),
        byline=byline(signed, visible=visible, site_name=site),
        published_raw=when.raw,
        published_on=when.on,
        published_at=when.at,
        date_source=when.source,
        canonical=own.url if own else "",
        site_name=site,
        charset=decoded.charset,
        signals=signals(looked, agencies=agencies(signed)),
        oddities=_all_oddities(looked, decoded, when, found),
        lost_text=found.lost,
    )


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


def _all_oddities(
    page: Looked, decoded: Decoded, when: Published, found: Article
) -> tuple[str, ...]:
    more = {
        "wrong_charset": decoded.misdeclared,
        "future_date": when.future,
        "lost_text": found.lost,
        "script_text": found.scripted,
    }
    return (*oddities(page), *(label for label, is_so in more.items() if is_so))
