"""Collects what a page says about itself where machines are meant to read it."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from lxml.html import HtmlElement

_ARTICLES = re.compile(
    r"(?:\w*Article|Report|BlogPosting|LiveBlogPosting|NewsStory|ClaimReview|\w*Review)$"
)
_PAGES = re.compile(r"(?:\w*WebPage|CreativeWork|\w*Posting)$")
_KINDS = (_ARTICLES, _PAGES)
_OF_OTHERS = frozenset(
    "itemListElement mentions citation relatedLink comment liveBlogUpdate blogPost itemReviewed"
    " appearance firstAppearance isBasedOn translationOfWork associatedMedia video image audio"
    " subjectOf review isRelatedTo".split()
)
_MOST_JSON = 2 << 20
_MOST_NODES = 5000
_DEPTH = 30
_REFERENCE = 2
_WRAPPED = re.compile(r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[|//<!\[CDATA\[)|"
                      r"(?:-->|\]\]>|/\*\s*\]\]>\s*\*/|//\]\]>)\s*;?\s*$")  # fmt: skip

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Declared:
    """``metas``: lower-case name → contents, in order. ``nodes``: all JSON-LD objects, flat.

    ``own`` are those of them that describe this page, not what it lists, shows or speaks of;
    ``article`` is the one that describes its article, empty when none does.
    """

    metas: Mapping[str, tuple[str, ...]]
    links: Mapping[str, tuple[str, ...]]
    nodes: tuple[Json, ...]
    own: tuple[Json, ...]
    article: Json

    def meta(self, *names: str) -> str:
        """The first non-empty content of the first of these metas that has one."""
        found = (value for name in names for value in self.metas.get(name, ()) if value)
        return next(found, "")

    def link(self, rel: str) -> str:
        return next(iter(self.links.get(rel, ())), "")

    def kinds(self) -> set[str]:
        """The types of the JSON-LD objects that describe this page."""
        return {kind for node in self.own for kind in types(node)}

    def named(self, key: str) -> list[str]:
        """The names of what the article holds under *key*, references resolved."""
        return [name for value in items(self.article.get(key)) if (name := self._name(value))]

    def people(self, key: str) -> list[str]:
        """As ``named``, without what is declared to be an organisation."""
        values = [self.resolved(value) for value in items(self.article.get(key))]
        organisations = ("Organization", "NewsMediaOrganization", "WebSite", "Corporation")
        return [
            name
            for value in values
            if not (isinstance(value, Mapping) and set(organisations) & set(types(value)))
            if (name := self._name(value))
        ]

    def resolved(self, value: object) -> object:
        """*value*, or the object of this page that it refers to by ``@id``."""
        if isinstance(value, Mapping) and set(value) <= {"@id", "@type"} and "@id" in value:
            return next(
                (node for node in self.nodes if node.get("@id") == value["@id"] and len(node) > 1),
                value,
            )
        return value

    def _name(self, value: object) -> str:
        value = self.resolved(value)
        if isinstance(value, Mapping):
            value = next(iter(items(value.get("name"))), "")
        return line(value) if isinstance(value, str) else ""


def declared(tree: HtmlElement) -> Declared:
    """What *tree* declares. Whatever cannot be read is as if it were not there."""
    nodes = tuple(_nodes(tree))
    metas = _grouped(_metas(tree))
    titles = {line(head.text_content()).casefold() for head in tree.iter("title", "h1")}
    titles |= {title.casefold() for title in metas.get("og:title", ())}
    named = [node for node, _ in nodes if _is(node, _ARTICLES) and _is_titled(node, titles)]
    own = tuple(node for node, is_own in nodes if is_own or any(node is each for each in named))
    articles = (node for pattern in _KINDS for node in own if _is(node, pattern))
    return Declared(
        metas=metas,
        links=_grouped(_links(tree)),
        nodes=tuple(node for node, _ in nodes),
        own=own,
        # Cards of other articles may come first; the page's own has its title.
        article=next(chain(named, articles), {}),
    )


def _is_titled(node: Json, titles: set[str]) -> bool:
    headline = node.get("headline")
    known = line(headline).casefold() if isinstance(headline, str) else ""
    return bool(known) and any(title.startswith(known) for title in titles)


def types(node: Json) -> list[str]:
    """The types of a JSON-LD object, without their vocabulary."""
    return [kind.rpartition("/")[2] for kind in items(node.get("@type")) if isinstance(kind, str)]


def _is(node: Json, pattern: re.Pattern[str]) -> bool:
    return len(node) > _REFERENCE and any(map(pattern.match, types(node)))


def items(value: object) -> list[object]:
    """JSON-LD's "one or many" as many."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def line(text: str) -> str:
    """*text* with single spaces, on one line."""
    return " ".join(text.split())


def storable(text: str) -> str:
    """*text* without what JSON can say and no database takes: NUL, and half a character."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    grouped: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        grouped[name] = (*grouped.get(name, ()), value)
    return grouped


def _metas(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        content = meta.get("content")
        if name and content:
            yield name.strip().lower(), line(content)
        elif meta.get("http-equiv") and content:
            yield f"http-equiv:{meta.get('http-equiv').strip().lower()}", line(content)


def _links(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    for link in tree.iter("link"):
        href = (link.get("href") or "").strip()
        for rel in (link.get("rel") or "").lower().split():
            if href:
                yield rel, href


def _nodes(tree: HtmlElement) -> Iterator[tuple[Json, bool]]:
    room = _MOST_NODES
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not script.text:
            continue
        for node in _flat(_loads(script.text)):
            if not room:
                return
            room -= 1
            yield node


def _loads(text: str) -> object:
    if len(text) > _MOST_JSON:
        return None
    text = _WRAPPED.sub("", _WRAPPED.sub("", text)).strip().rstrip(";")
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _flat(value: object, depth: int = _DEPTH, *, own: bool = True) -> Iterator[tuple[Json, bool]]:
    """Every object in *value*, outer ones first, and whether it describes the page itself."""
    if depth == 0:
        return
    if isinstance(value, dict):
        if "@type" in value or "@id" in value:
            yield value, own
        for key, inner in value.items():
            if isinstance(inner, dict | list):
                yield from _flat(inner, depth - 1, own=own and key not in _OF_OTHERS)
    elif isinstance(value, list):
        for inner in value:
            yield from _flat(inner, depth - 1, own=own)
