"""Labels what is odd about a page: walls, twins, liveblogs, pages that lead elsewhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml.html import HtmlElement

from claims.web.address import Address, site, twins
from claims.web.declared import Declared
from claims.web.walls import Shown, walls

NO_ARTICLE = {
    "bot_wall": "The site wants to be sure that a person is looking, and shows no article.",
    "consent_wall": "The site asks for consent first, and shows no article.",
    "login_wall": "The site asks for a log-in first, and shows no article.",
    "soft_404": "The site says that this page does not exist.",
    "script_redirect": "The page only sends a browser elsewhere by script.",
    "feed": "This is a list of articles, not an article.",
    "document": "This is a document, not an article.",
    "not_text": "This is no text that can be read.",
}
"""What a page says of itself that holds no article, in the order in which to tell it."""

UNREAD = {
    "locked": "This PDF is locked with a password, so its words cannot be read.",
    "scanned": "The pages of this PDF are pictures: it has no words that a program can read.",
    "partly_scanned": "Some of its pages are pictures, whose words a program cannot read.",
    "cut_short": "It is so long that only its beginning was read.",
}
"""What of a document was not read, and why."""
_LIVE_PATH = re.compile(
    r"/live(?:/|$)|(?<![a-z])(?:live-?blog|live-?updates?|live-?ticker|newsblog)(?![a-z])",
    re.IGNORECASE,
)
_REFRESH = re.compile(r"^\s*(\d+)\s*[;,]\s*(?:url\s*=\s*)?['\"]?([^'\"]+)", re.IGNORECASE)
_SCRIPTED = re.compile(
    r"(?<![\w$.])(?:(?:window|document|self|top|parent)\.)*location"
    r"(?:(?:\.href)?\s*=(?!=)|\.(?:replace|assign)\s*\()"
)
_AT_LOAD = re.compile(r"setTimeout|onload|DOMContentLoaded|['\"]load['\"]|\(function|\)\s*=>")
_FEED = re.compile(
    r"<(?:rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]|^\s*\{[^{]{0,300}jsonfeed\.org/version",
    re.IGNORECASE,
)
_AT_ONCE = 10
_LONGEST_SCRIPT = 20_000
_JUST_BEFORE = 200


@dataclass(frozen=True)
class Looked:
    """What has been read of a page so far."""

    tree: HtmlElement
    declared: Declared
    address: Address | None
    canonical: Address | None
    title: str
    text: str
    visible: str
    markup: str

    @cached_property
    def shown(self) -> Shown:
        host = self.address.host if self.address else ""
        return Shown(
            self.tree, self.declared, host, self.title, self.text, self.visible, self.markup
        )


def oddities(page: Looked) -> tuple[str, ...]:
    """Labels for what is odd about the page, the most telling ones first."""
    return tuple(dict.fromkeys([*walls(page.shown), *_kinds(page), *_elsewhere(page)]))


def refresh(page: Looked) -> str:
    """Where the page sends its readers by itself at once; empty when it does not."""
    found = _REFRESH.match(page.declared.meta("http-equiv:refresh"))
    return found[2].strip() if found and int(found[1][:6]) <= _AT_ONCE else ""


def _kinds(page: Looked) -> Iterator[str]:
    path = page.address.path if page.address else ""
    if "LiveBlogPosting" in page.declared.kinds() or _LIVE_PATH.search(path):
        yield "liveblog"
    root = page.tree.getroottree().getroot()
    views = twins(page.address) if page.address else frozenset()
    if root.get("amp") is not None or root.get("⚡") is not None or "amp" in views:
        yield "amp"
    yield from (view for view in ("print", "mobile") if view in views)
    if refresh(page):
        yield "meta_refresh"
    if page.shown.is_bare and _is_sent_on(page):
        yield "script_redirect"
    if _FEED.search(page.markup[:1000]):
        yield "feed"
    if page.tree.xpath("boolean(//frameset)"):
        yield "frames"
    if page.shown.is_bare and page.address is not None and not page.address.is_home:
        yield "little_text"


def _is_sent_on(page: Looked) -> bool:
    """Whether a script leads elsewhere by itself, not only when somebody clicks."""
    for script in page.tree.iter("script"):
        text = (script.text or "")[:_LONGEST_SCRIPT]
        for found in _SCRIPTED.finditer(text):
            before = text[: found.start()]
            inside = before.count("{") > before.count("}")
            if not inside or _AT_LOAD.search(before[-_JUST_BEFORE:]):
                return True
    return False


def _elsewhere(page: Looked) -> Iterator[str]:
    if page.canonical is None or page.address is None:
        return
    if page.canonical.is_home and not page.address.is_home:
        yield "canonical_home"
    elif site(page.canonical.host) != site(page.address.host):
        yield "canonical_elsewhere"
