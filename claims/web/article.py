"""Finds the words of a page's article."""

import copy
import re
from dataclasses import dataclass

from lxml.html import HtmlElement
from trafilatura import bare_extraction

from claims.web.dates import read_date
from claims.web.declared import Declared, line
from claims.web.headline import bare
from claims.web.regions import Outside, consent_boxes
from claims.web.state import article_in, unmarked
from claims.web.walls import is_locked

_LEAST_LOST = 400
_LEAST_SCRIPTED = 150
_LITTLE = 200
_MOST_DATE_WORDS = 9
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


@dataclass(frozen=True, slots=True)
class Article:
    """Its words. ``lost``: likely not all of them. ``scripted``: only a script shows them."""

    text: str
    lost: bool
    scripted: bool


def article(
    tree: HtmlElement, said: Declared, *, outside: Outside, visible: str, title: str
) -> Article:
    """Read from the page's markup, or else from the data that it holds for its scripts."""
    paragraphs = _paragraphs(tree, outside)
    text, lost = _text(_shown(tree, visible), said, paragraphs=paragraphs, title=title)
    scripted = _scripted(tree, said, text, title=title)
    return Article(scripted or text, lost, bool(scripted))


def visible_text(tree: HtmlElement) -> str:
    """All words of the page, on one line, without scripts and styles."""
    return line(" ".join(tree.xpath(_VISIBLE)))


def tidy(text: str, *, title: str) -> str:
    """*text* without its headline on top and without lines that only point to other pages."""
    lines = [entry for entry in text.split("\n") if not _POINTER.match(entry.strip())]
    while lines and (bare(lines[0]) == bare(title) or _is_date_line(lines[0])):
        lines.pop(0)
    return "\n".join(lines).strip()


def _text(tree: HtmlElement, said: Declared, *, paragraphs: int, title: str) -> tuple[str, bool]:
    """The article's words, and whether the reader likely lost some of them.

    ``paragraphs`` is the length of what paragraphs hold by a much simpler count. Where the careful
    reading finds less than half of it, a generous one is tried, and then the words that the page
    declares to be its article's.
    """
    text = _extract(tree, generous=False)
    if _is_short(text, paragraphs):
        text = max(text, _extract(tree, generous=True), key=len)
    body = said.article.get("articleBody")
    if isinstance(body, str) and _is_short(text, len(body)):
        text = max(text, unmarked(body), key=len)
    if len(text) < _LITTLE:
        # Stories told by captions are no paragraphs to the careful reading.
        text = max(text, _extract(tree), key=len)
    return tidy(text, title=title), _is_short(text, paragraphs)


def _scripted(tree: HtmlElement, said: Declared, text: str, *, title: str) -> str:
    """The article where a script has yet to show it; empty where the page shows one itself.

    What a page keeps from those who have not paid is not looked for.
    """
    if len(text) >= _LEAST_LOST or is_locked(said):
        return ""
    written = line(tree.findtext(".//title") or "")
    found = article_in(tree, titles=(title, said.meta("og:title", "twitter:title"), written))
    found_more = len(found) >= _LEAST_SCRIPTED and len(text) * 2 < len(found)
    return tidy(found, title=title) if found_more else ""


def _shown(tree: HtmlElement, visible: str) -> HtmlElement:
    """The page without what asks for consent and without what it hides from every reader.

    What it hides is left where that is most of the article.

    Some show the article itself only once a script has run.
    """
    asking = line(" ".join(box.text_content() for box in consent_boxes(tree)))
    # Where hardly anything else is there, what asks for consent is what the page shows.
    boxes = asking if len(visible) - len(asking) >= _LEAST_LOST else ""
    if not tree.xpath(_HIDDEN) and not boxes:
        return tree
    rest: HtmlElement = copy.deepcopy(tree)
    for element in [*(consent_boxes(rest) if boxes else ()), *rest.xpath(_HIDDEN)]:
        if element.getparent() is not None:
            element.drop_tree()
    shown = len(visible) - len(boxes)
    return tree if _is_short(visible_text(rest), shown) else rest


def _is_short(text: str, other: int) -> bool:
    return other >= _LEAST_LOST and len(text) * 2 < other


def _extract(tree: HtmlElement, *, generous: bool | None = None) -> str:
    """The words of *tree*: generously, carefully, or as its reader does by itself."""
    try:
        found = bare_extraction(
            tree,
            include_comments=False,
            include_tables=True,
            with_metadata=False,
            favor_precision=generous is False,
            favor_recall=generous is True,
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


def _is_date_line(entry: str) -> bool:
    words = entry.split()
    return len(words) <= _MOST_DATE_WORDS and read_date(entry).on is not None
