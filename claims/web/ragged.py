"""Reads XML as servers really write it: bare "&" and "<", other output before it, cut short."""

import html.entities
import re
from typing import Any

from lxml import etree

# What is passed over (CDATA, references that XML knows) and what is mended: an "&" alone or
# before a name that only HTML knows, and a "<" that begins no tag.
_BARE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)"
    r"|&(?:#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)"
    r"|&(?:(?P<name>[A-Za-z][A-Za-z0-9]{1,31});)?"
    r"|<(?=[\s0-9=])",
    re.DOTALL,
)
_ROOT = re.compile(
    r"<(?P<tag>(?:[\w.-]{1,40}:)?(?:rss|rdf|feed|urlset|sitemapindex))(?=[\s/>])", re.IGNORECASE
)
_WEB_PAGE = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)


def root_of(text: str) -> Any:
    """The root element of the feed or sitemap in *text*; None when there is none.

    Nothing outside of *text* is read, and no entity that it defines is followed.
    """
    root = _ROOT.search(text)
    if root is None or _WEB_PAGE.search(text, 0, root.start()):
        return None
    # The declaration's own encoding is no longer true, and it may stand behind other output.
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True, encoding="utf-8",
    )  # fmt: skip
    mended = _BARE.sub(_meant, text[root.start() :].replace("\0", ""))
    try:
        return etree.fromstring(mended.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


def breaks_off(text: str) -> bool:
    """Whether the end of the feed in *text* is missing."""
    root = _ROOT.search(text)
    if root is None:
        return False
    alone = text[root.end() :].partition(">")[0].endswith("/")
    return not alone and not re.search(rf"</\s*{re.escape(root['tag'])}\s*>", text, re.IGNORECASE)


def _meant(found: re.Match[str]) -> str:
    written, name = found[0], found["name"]
    if written == "<":
        return "&lt;"
    if name and (known := html.entities.html5.get(f"{name};")):
        return "".join(f"&#{ord(letter)};" for letter in known)
    if name or written == "&":
        return f"&amp;{written[1:]}"
    return written
