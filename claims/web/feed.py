"""Reads feeds and sitemaps of every make: RSS, Atom, RDF, JSON Feed, news sitemaps, their indexes.

Namespaces are not looked at: outlets get them wrong, and one provider changes its own with each
answer. Meant to run in ``claims.web.sandbox``: answers are JSON's types.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from claims.web.charset import decode
from claims.web.declared import line
from claims.web.lenient import loads
from claims.web.unpack import gunzip

LARGEST = 32 << 20
MOST_ENTRIES = 2000
MOST_SITEMAPS = 500
_SHORT = 2000

Entry = dict[str, str]


def read_feed(body: bytes, *, charset: str = "") -> dict[str, Any]:
    """``{"kind", "title", "language", "entries": […], "left_out": n, "cut": n}`` of a feed.

    ``kind``: ``rss``, ``atom``, ``json``, ``sitemap``, ``index`` (entries are then sitemaps), or
    ``""`` when *body* is none of these. Entries are string maps with some of ``url, title, date,
    summary, language, outlet, outlet_url, id``, as written there; ``left_out`` counts entries that
    are no entries, ``cut`` those beyond the most that are read.
    """
    text = decode(gunzip(body, limit=LARGEST), declared=charset).text
    start = text.lstrip("\ufeff \t\r\n\0")
    if start.startswith("{"):
        return _json_feed(start)
    root = _root(text)
    kind = _KINDS.get(_local(root), "") if root is not None else ""
    if root is None or not kind:
        return _result("")
    wanted = _ENTRIES[kind]
    entries: list[Entry] = []
    left_out = cut = 0
    most = MOST_SITEMAPS if kind == "index" else MOST_ENTRIES
    for element in root.iter(etree.Element):
        if _local(element) not in wanted or element is root:
            continue
        if len(entries) >= most:
            cut += 1
            continue
        entry = _entry(element, place="loc" if kind in _OF_SITEMAPS else "link")
        if entry.get("url") or entry.get("id"):
            entries.append(entry)
        else:
            left_out += 1
    channel = next((child for child in root if _local(child) == "channel"), root)
    heads = {_local(child): line(child.text or "") for child in channel if child.text}
    title, language = heads.get("title", ""), heads.get("language") or root.get(_XML_LANG, "")
    return _result(kind, title, language, entries, left_out=left_out, cut=cut)


_KINDS = {"rss": "rss", "rdf": "rss", "feed": "atom", "urlset": "sitemap", "sitemapindex": "index"}
# There, links are other editions of a page, in other languages.
_OF_SITEMAPS = frozenset({"sitemap", "index"})
_ENTRIES = {
    "rss": frozenset({"item"}),
    "atom": frozenset({"entry"}),
    "sitemap": frozenset({"url"}),
    "index": frozenset({"sitemap"}),
}
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
) -> dict[str, Any]:
    return {
        "kind": kind,
        "title": title,
        "language": language,
        "entries": entries or [],
        "left_out": left_out,
        "cut": cut,
    }


def _root(text: str) -> Any:
    # Comments, blank lines and stray output of servers stand before the declaration; and the
    # declaration's own encoding is no longer true.
    start = text.find("<")
    if start < 0:
        return None
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True, encoding="utf-8",
    )  # fmt: skip
    cleaned = text[start:].encode("utf-8", "replace").replace(b"\0", b"")
    try:
        return etree.fromstring(cleaned, parser)
    except etree.XMLSyntaxError:
        return None


def _local(element: Any) -> str:
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def _entry(element: Any, *, place: str) -> Entry:
    fields = dict(_fields(element))
    found = {
        "url": fields.get(place, ""),
        "title": fields.get("title", ""),
        "date": next((fields[name] for name in _DATES if fields.get(name)), ""),
        "summary": next((fields[name] for name in _SUMMARIES if fields.get(name)), ""),
        "language": fields.get("language", ""),
        "outlet": fields.get("source") or fields.get("name", ""),
        "outlet_url": fields.get("source@url", ""),
        "id": fields.get("guid") or fields.get("id", ""),
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
            if child.get("rel", "alternate") == "alternate":
                # One that says it is the page itself is better than one that says nothing.
                place = 0 if "html" in child.get("type", "") else len(found)
                found.insert(place, ("link", child.get("href").strip()))
            continue
        text = "".join(child.itertext()).strip()
        if name == "source":
            text, origin = _source(child, text)
            found.append(("source@url", origin))
        if text:
            found.append((name, text[:_SHORT] if name in _SUMMARIES else line(text)[:_SHORT]))
    yield from reversed(found)


def _source(element: Any, text: str) -> tuple[str, str]:
    """The name and address of the place an entry was taken from, as RSS or Atom has it."""
    inner = {_local(child): child for child in element}
    name = inner["title"].text if "title" in inner else text
    links = [child.get("href") for child in element if _local(child) == "link"]
    return (name or "").strip(), (element.get("url") or next(filter(None, links), "")).strip()


def _is_foreign(child: Any, entry: Any) -> bool:
    """Whether *child* says something about an image, a video or a source inside the entry."""
    if child.prefix == "media":
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
