"""Reads what a page calls itself: its headline, its standfirst, the name of its site."""

import re

from lxml.html import HtmlElement

from claims.web.address import Address, site
from claims.web.declared import Declared, line
from claims.web.regions import marks

_SEPARATOR = re.compile(r"\s+[|–—·•»«:\-/]+\s+|\s*[|»«·]\s*|\s+::\s+")
_QUOTES = re.compile(r"[\"'“”„‟‘’‚«»‹›`´]")
_LONGEST_SITE = 80
_LEAST_HEAD = 8
_LEAST_DECK = 40


def site_name(said: Declared, address: Address | None) -> str:
    """As declared; else the host of *address*."""
    declared_names = [
        said.meta("og:site_name"),
        *said.named("publisher"),
        said.meta("application-name", "al:android:app_name", "twitter:app:name:iphone"),
    ]
    for name in declared_names:
        if name and len(name) <= _LONGEST_SITE:
            return name
    return address.host.removeprefix("www.") if address else ""


def headline(tree: HtmlElement, said: Declared, *, site_name: str, address: Address | None) -> str:
    """The headline as the page shows it, without the name of the site."""
    stated = said.article.get("headline")
    written = line(tree.findtext(".//title") or "")
    full = (
        said.meta("og:title")
        or (line(stated) if isinstance(stated, str) else "")
        or said.meta("twitter:title")
        or written
    )
    heads = {head: line(head.text_content()) for head in tree.iter("h1")}
    sites = {bare(text) for head, text in heads.items() if _is_site_head(head)}
    shown = [text for text in heads.values() if text and bare(text) not in sites]
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
    small, large = bare(head), bare(full)
    if small == large:
        return True
    parts = [bare(part) for part in _SEPARATOR.split(full)]
    runs = {" ".join(parts[:stop]) for stop in range(1, len(parts))}
    runs |= {" ".join(parts[start:]) for start in range(1, len(parts))}
    small_parts = " ".join(bare(part) for part in _SEPARATOR.split(head))
    return len(small) > _LEAST_HEAD and (small in runs or small_parts in runs)


def bare(text: str) -> str:
    """*text* for comparing with another: one line, without quotation marks and capitals."""
    return line(_QUOTES.sub("", text)).casefold()


def deck(said: Declared, visible: str, *, title: str) -> str:
    """The standfirst that the page both declares and shows; empty without one."""
    for told in (said.meta("og:description"), said.meta("description", "twitter:description")):
        cut = told.endswith(("...", "…"))
        if len(told) >= _LEAST_DECK and not cut and told in visible and told not in title:
            return told
    return ""


def _names_of(site_name: str, address: Address | None) -> set[str]:
    names = {bare(site_name)} if site_name else set()
    if address is not None:
        own = site(address.host)
        names |= {address.host, address.host.removeprefix("www."), own, own.partition(".")[0]}
    return names


def _without_site(full: str, *, names: set[str]) -> str:
    """*full* without the site's name at either end, where it is plainly that."""
    title = full
    for cut in _SEPARATOR.finditer(full):
        head, tail = full[: cut.start()], full[cut.end() :]
        if _is_site(tail, names) and bare(head) not in names:
            title = head
            break
        if _is_site(head, names) and tail:
            title = tail
    return title.strip()


def _is_site(text: str, names: set[str]) -> bool:
    name = bare(text)
    return name in names or name.replace(" ", "") in {name.replace(" ", "") for name in names}
