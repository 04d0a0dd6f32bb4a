"""Reads feeds and sitemaps of every make: RSS, Atom, RDF, JSON Feed, news sitemaps, their indexes.

Namespaces are not looked at: outlets get them wrong, and one provider changes its own with each
answer. Meant to run in ``claims.web.sandbox``: answers are JSON's types.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from claims.web.charset import decode
from claims.web.declared import line
from claims.web.lenient import loads
from claims.web.ragged import breaks_off, root_of
from claims.web.unpack import gunzip

LARGEST = 32 << 20
MOST_ENTRIES = 2000
MOST_SITEMAPS = 500
_SHORT = 2000

Entry = dict[str, str]


def read_feed(body: bytes, *, charset: str = "") -> dict[str, Any]:
    """``{"kind", "title", "language", "entries", "left_out", "cut", "broken_off"}`` of a feed.

    ``kind``: ``rss``, ``atom``, ``json``, ``sitemap``, ``index`` (entries are then sitemaps), or
    ``""`` when *body* is none of these. Entries are string maps with some of ``url, title, date,
    summary, language, outlet, outlet_url, id``, as written there; ``left_out`` counts entries that
    are no entries, ``cut`` those beyond the most that are read. ``broken_off``: its end is
    missing, and with it the entry that was not whole.
    """
    text = decode(gunzip(body, limit=LARGEST), declared=charset).text
    start = text.lstrip("\ufeff \t\r\n\0")
    if start.startswith("{"):
        return _json_feed(start)
    root = root_of(text)
    kind = _KINDS.get(_local(root), "") if root is not None else ""
    if root is None or not kind:
        return _result("")
    elements = [one for one in root.iter(etree.Element) if _local(one) in _ENTRIES[kind]]
    if broken_off := breaks_off(text):
        elements = _whole(elements, text)
    most = MOST_SITEMAPS if kind == "index" else MOST_ENTRIES
    place = "loc" if kind in _OF_SITEMAPS else "link"
    read = [_entry(element, place=place) for element in elements[:most]]
    entries = [entry for entry in read if entry.get("url") or entry.get("id")]
    left_out, cut = len(read) - len(entries), max(len(elements) - most, 0)
    channel = next((child for child in root if _local(child) == "channel"), root)
    heads = {_local(child): line(child.text or "") for child in channel if child.text}
    title, language = heads.get("title", ""), heads.get("language") or root.get(_XML_LANG, "")
    return _result(
        kind, title, language, entries, left_out=left_out, cut=cut, broken_off=broken_off
    )


_KINDS = {"rss": "rss", "rdf": "rss", "feed": "atom", "urlset": "sitemap", "sitemapindex": "index"}
# There, links are other editions of a page, in other languages.
_OF_SITEMAPS = frozenset({"sitemap", "index"})
_ENTRIES = {
    "rss": frozenset({"item"}),
    "atom": frozenset({"entry"}),
    "sitemap": frozenset({"url"}),
    "index": frozenset({"sitemap"}),
}
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# Local names that say the same thing, the more trustworthy ones first.
_DATES = (
    "publication_date", "pubdate", "published", "date", "issued", "created", "dcterms", "updated",
    "modified", "lastmod",
)  # fmt: skip
# Elements whose inner ones speak of something else than the entry.
_OF_OTHERS = frozenset(
    {"image", "video", "thumbnail", "author", "contributor", "content", "source", "group"}
)
_SUMMARIES = ("summary", "description", "encoded", "content")


def _result(
    kind: str,
    title: str = "",
    language: str = "",
    entries: list[Entry] | None = None,
    *,
    left_out: int = 0,
    cut: int = 0,
    broken_off: bool = False,
) -> dict[str, Any]:
    return {
        "kind": kind,
        "title": title,
        "language": language,
        "entries": entries or [],
        "left_out": left_out,
        "cut": cut,
        "broken_off": broken_off,
    }


def _whole(elements: list[Any], text: str) -> list[Any]:
    """*elements* without the last one where *text* breaks off inside of it."""
    if not elements:
        return []
    name = re.escape(_local(elements[-1]))
    last = list(re.finditer(rf"<(/?)(?:[\w.-]+:)?{name}(?=[\s/>]|\Z)", text, re.IGNORECASE))[-1:]
    return elements[:-1] if last and not last[0][1] else elements


def _local(element: Any) -> str:
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def _entry(element: Any, *, place: str) -> Entry:
    fields = dict(_fields(element))
    found = {
        "url": fields.get("origlink") or fields.get(place, ""),
        "title": fields.get("title", ""),
        "date": next((fields[name] for name in _DATES if fields.get(name)), ""),
        "summary": next((fields[name] for name in _SUMMARIES if fields.get(name)), ""),
        "language": fields.get("language", ""),
        "outlet": fields.get("source") or fields.get("name", ""),
        "outlet_url": fields.get("source@url", ""),
        "id": fields.get("guid") or fields.get("id") or element.get(_RDF_ABOUT, ""),
    }
    if not found["url"] and found["id"].startswith(("http://", "https://")):
        found["url"] = found["id"]
    return {name: value for name, value in found.items() if value}


def _fields(element: Any) -> Iterator[tuple[str, str]]:
    """Names and words, the first of a name last, so that it stays in a dict."""
    found: list[tuple[str, str]] = []
    for child in element.iter(etree.Element):
        name = _local(child)
        if child is element or _is_foreign(child, element):
            continue
        if name == "link" and child.get("href"):
            if _is_the_page(child):
                # One that says it is the page itself is better than one that says nothing.
                place = 0 if "html" in child.get("type", "") else len(found)
                found.insert(place, ("link", _joined(child, child.get("href"))))
            continue
        text = "".join(child.itertext()).strip()
        if text and name in {"link", "origlink"}:
            text = _joined(child, text)
        if name == "source":
            text, origin = _source(child, text)
            found.append(("source@url", origin))
        if text:
            found.append((name, text[:_SHORT] if name in _SUMMARIES else line(text)[:_SHORT]))
    yield from reversed(found)


def _is_the_page(link: Any) -> bool:
    """Whether a link leads to what the entry is about; some write the relation as an address."""
    return (link.get("rel") or "alternate").strip().rpartition("/")[2].lower() == "alternate"


def _joined(element: Any, address: str) -> str:
    """*address* as it is under the base that the feed declares there, if it declares one."""
    try:
        return urljoin(element.base or "", address.strip())
    except ValueError:
        return address.strip()


def _source(element: Any, text: str) -> tuple[str, str]:
    """The name and address of the place an entry was taken from, as RSS or Atom has it."""
    inner = {_local(child): child for child in element}
    name = inner["title"].text if "title" in inner else text
    links = [child.get("href") for child in element if _local(child) == "link"]
    return (name or "").strip(), (element.get("url") or next(filter(None, links), "")).strip()


def _is_foreign(child: Any, entry: Any) -> bool:
    """Whether *child* says something about an image, a video or a source inside the entry."""
    if child.prefix == "media" or "/mrss" in child.tag.partition("}")[0]:
        return True
    outer = child.getparent()
    while outer is not None and outer is not entry:
        if _local(outer) in _OF_OTHERS:
            return True
        outer = outer.getparent()
    return False


def _json_feed(text: str) -> dict[str, Any]:
    data = loads(text)
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        return _result("")
    entries, left_out = [], 0
    items = data["items"]
    for item in items[:MOST_ENTRIES]:
        entry = _json_entry(item) if isinstance(item, dict) else {}
        if entry.get("url"):
            entries.append(entry)
        else:
            left_out += 1
    cut = max(len(items) - MOST_ENTRIES, 0)
    title, language = _text(data, "title"), _text(data, "language")
    return _result("json", title, language, entries, left_out=left_out, cut=cut)


def _json_entry(item: Mapping[str, Any]) -> Entry:
    ident = _text(item, "id")
    url = _text(item, "url") or _text(item, "external_url")
    if not url and ident.startswith(("http://", "https://")):
        url = ident
    found = {
        "url": url,
        "title": _text(item, "title"),
        "date": _text(item, "date_published") or _text(item, "date_modified"),
        "summary": _text(item, "summary") or _text(item, "content_text")
        or _text(item, "content_html"),
        "language": _text(item, "language"),
        "id": ident,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return value.strip()[:_SHORT] if isinstance(value, str) else ""
