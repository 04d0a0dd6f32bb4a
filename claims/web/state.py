"""Reads the article of a page that holds it only as data for its own scripts."""

import json
import re
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any

import lxml.html
from lxml.html import HtmlElement

from claims.web.declared import line, storable

_MOST_JSON = 4 << 20
_MOST_NODES = 50_000
_MOST_STATES = 20
_DEPTH = 40
_ESCAPED_TIMES = 2
# ``window.__INITIAL_STATE__ = {…}``, also as ``JSON.parse("…")``; ``__NEXT_DATA__`` is plain JSON.
_ASSIGNED = re.compile(
    r"(?:window|self|globalThis)(?:\.|\[\s*[\"'])\w+(?:[\"']\s*\])?\s*=\s*"
    r"(?:JSON\.parse\(\s*)?(?=[\[{\"])"
)
_HEADLINES = ("headline", "title", "name", "heading", "displaytitle", "displayheadline")
_BODIES = re.compile(
    r"body|content|text|article|story|paragraph|block|component|element|section|html|markup"
    r"|document|richtext|children|data|attributes|fields|main|value|rendered|items?$|nodes?$",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"related|recommend|(?:^|_)(?:more|next|previous|popular|trending|latest)|comment|author"
    r"|byline|image|media|video|gallery|caption|credit|seo|meta|tags?$|topic|breadcrumb|newsletter"
    r"|promo|teaser|url|href|src$|slug|tracking|analytics|context$|config|navigation|menu|footer",
    re.IGNORECASE,
)
_INLINE = frozenset(
    {"text", "link", "a", "strong", "em", "b", "i", "bold", "italic", "span", "hyperlink", "leaf"}
)
_MARKUP = re.compile(r"[<&]")


def article_in(tree: HtmlElement, *, titles: Collection[str]) -> str:
    """The words of the article with one of these *titles* in the page's data; empty without one.

    Data hold other articles too: only an object that carries the page's own headline counts.
    """
    known = {line(title).casefold() for title in titles if line(title)}
    found = (
        _body(node) for data in _data(tree) for node in _objects(data) if _is_titled(node, known)
    )
    return max(found, key=len, default="")


def unmarked(text: str) -> str:
    """*text* without markup; some sites escape theirs once more before they put it there."""
    text = storable(text)
    for _ in range(_ESCAPED_TIMES):
        if not _MARKUP.search(text):
            break
        tree = lxml.html.fromstring(f"<div>{text}</div>")
        text = "\n".join(filter(None, map(line, tree.itertext())))
    return text.strip()


def _data(tree: HtmlElement) -> Iterator[Any]:
    for script in tree.iter("script"):
        text = script.text or ""
        kind = (script.get("type") or "").lower()
        if not text or len(text) > _MOST_JSON or "ld+json" in kind:
            continue
        if kind.endswith("json"):
            yield _loads(text, len(text) - len(text.lstrip()))
            continue
        for start in islice(_ASSIGNED.finditer(text), _MOST_STATES):
            yield _loads(text, start.end())


def _loads(text: str, start: int) -> Any:
    """The JSON at that place, or in the string there; None where there is none."""
    decoder = json.JSONDecoder(strict=False)
    try:
        value, _ = decoder.raw_decode(text, start)
        return decoder.decode(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return None


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    room, waiting = _MOST_NODES, [data]
    while waiting and room:
        room -= 1
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _is_titled(node: dict[str, Any], known: set[str]) -> bool:
    for key, value in node.items():
        if key.lower() in _HEADLINES:
            said = value.get("rendered") if isinstance(value, dict) else value
            if isinstance(said, str) and line(unmarked(said)).casefold() in known:
                return True
    return False


def _body(node: dict[str, Any]) -> str:
    found = (_words(value) for key, value in node.items() if _is_body(key))
    return max(found, key=len, default="")


def _is_body(key: str) -> bool:
    return bool(_BODIES.search(key)) and not _OF_OTHERS.search(key)


def _words(value: Any, depth: int = _DEPTH) -> str:
    """The words in *value*: a list is read in order, of an object only its longest part.

    Objects hold the same words several times, as text, as markup and as blocks.
    """
    if depth == 0:
        return ""
    if isinstance(value, str):
        return unmarked(value) if " " in value or not value.isascii() else ""
    if isinstance(value, list):
        pieces = [_piece(item, depth - 1) for item in value]
        inline = any(isinstance(item, dict) and _is_inline(item) for item in value)
        return ("" if inline else "\n").join(filter(None, pieces)).strip()
    if isinstance(value, dict):
        parts = (_words(inner, depth - 1) for key, inner in value.items() if _is_body(key))
        return max(parts, key=len, default="")
    return ""


def _piece(item: Any, depth: int) -> str:
    if isinstance(item, dict) and _is_inline(item):
        return str(item.get("text", item.get("value")))
    return _words(item, depth)


def _is_inline(item: dict[str, Any]) -> bool:
    said = item.get("text", item.get("value"))
    kind = str(item.get("type") or item.get("nodeType") or "text").lower()
    return isinstance(said, str) and kind in _INLINE
