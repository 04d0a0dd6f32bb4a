"""Reads who signed a page: a suggestion, and rather none than a wrong one."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from lxml.html import HtmlElement

from claims.web.declared import Declared, line
from claims.web.regions import Outside, spaced

_LONGEST = 60
_MOST_WORDS = 5
_MOST_NAMES = 6

_VERBS = (
    r"(?:written|posted|reported|published|submitted|story|text|words|articles?|posts|stories"
    r"|interview|review|(?:view|show|see) all (?:posts|articles|stories)|more (?:stories|articles)"
    r"|geschrieben|veröffentlicht|verfasst|aufgezeichnet|ein(?:e|en)? (?:kommentar|gastbeitrag)"
    r"|(?:zeige )?alle (?:beiträge|artikel)|artikel|beitrag|kommentar|propos recueillis|écrit"
    r"|publié|publicado|escrito|scritto|pubblicato|geschreven)"
)
_LEAD = re.compile(
    rf"^\W*(?:{_VERBS}\s+)?(?:by|of|von|vom|par|por|di|da|door|av|af|tarafından|oleh)\b\s*:?\s+"
    r"|^\W*(?:authors?|autor(?:in|en|es|e)?|auteurs?|redaktion|text|interview|fotos?|photos?|words"
    r"|byline|texto|texte|testo)\b\s*:?\s*(?=\S)"
    r"|^\W*(?:بقلم|كتب|كتبت|بواسطة|מאת|כתב|כתבה)\s*:?\s*"
    r"|^\W+(?=\w)",
    re.IGNORECASE,
)
_LEADING_WORD = re.compile(
    r"^\W*(?:(?:written|posted|text|interview) )?(?:by|von|par|por|di|door|بقلم|מאת)\b:? \S",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:[;,/|•·]|\b(?:and|und|et|y|e|en|og|och)\b|&|\sו(?=\w)| و )\s*")
_TAIL = re.compile(r"\s+(?:[-–—|(]|\bfor\b|\bin\b|\bat\b|@).*$")
_JUNK = re.compile(r"[@\d<>{}=#%*+]|https?:|www\.|\.(?:com|org|net|de|co)\b", re.IGNORECASE)
# Desks and agencies sign too; they are not persons, and agencies are told elsewhere.
_NOBODY = re.compile(
    r"\b(?:admin\w*|editors?|editorial|staff|team|desk|newsroom|redaktion|redacción|rédaction"
    r"|redazione|redactie|webmaster|guest|contributor|correspondent|reporter|agenc\w+|agentur\w*"
    r"|news|media|press|online|web|tv|radio|magazine|times|post|wires?|services?|reuters|afp|dpa"
    r"|ap|efe|ansa|upi|unknown|anonymous|author|byline|comments?|share|follow|posted|updated|by"
    r"|none|null|undefined|user|default|published|veröffentlicht|publié|publicado|profile?|view"
    r"|show|articles?|beiträge|all)\b|هيئة التحرير|מערכת",
    re.IGNORECASE,
)
_SIGNED = (
    "//*[@rel='author' or contains(concat(' ', @rel, ' '), ' author ')]",
    "//*[@itemprop='author']",
    "//*[contains(@class, 'author') or contains(@class, 'byline') or contains(@class, 'autor')]",
    "//address",
)
_AGENCIES = re.compile(
    r"\b(Reuters|Associated Press|AP|Agence France[- ]Presse|AFP|dpa|EFE|ANSA|Press Association"
    r"|PA Media|Xinhua|TASS|Interfax|Anadolu(?: Agency)?|APA|Kyodo|Yonhap|Bloomberg|IANS|PTI|UPI"
    r"|dpa-AFX|epd|KNA|SID|DPA)\b"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signed:
    """A page and where it is signed: the texts of each kind of place, the surest first."""

    tree: HtmlElement
    declared: Declared
    outside: Outside
    places: tuple[list[str], ...]

    @classmethod
    def of(cls, tree: HtmlElement, declared: Declared, outside: Outside) -> "Signed":
        places = tuple(_texts(tree, path, outside) for path in _SIGNED)
        return cls(tree, declared, outside, places)


def byline(signed: Signed, *, visible: str, site_name: str) -> str:
    """The names of who signed the page, joined by "; ", as far as the page shows them to readers.

    A name that stands in the metadata alone is often the account that pressed the button, so it
    does not count. ``visible`` is all text of the page, with its tags gone.
    """
    seen = _folded(visible)
    stranger = _folded(site_name)
    for names in _candidates(signed):
        good: list[str] = []
        for name in names:
            folded = _folded(name)
            if folded and folded in seen and folded != stranger and name not in good:
                good.append(name)
        if good:
            return "; ".join(good[:_MOST_NAMES])
    return ""


def agencies(signed: Signed) -> tuple[str, ...]:
    """News agencies that the page names as its author or as whom it has the text from."""
    declared = signed.declared
    texts = [
        *declared.named("sourceOrganization"),
        *declared.named("author"),
        *declared.named("provider"),
        declared.meta("author", "article:author", "source", "dc.source"),
        *(text for place in signed.places[:3] for text in place),
    ]
    found = (agency[1] for text in texts for agency in _AGENCIES.finditer(text))
    return tuple(dict.fromkeys(found))


def _candidates(signed: Signed) -> Iterable[list[str]]:
    yield _names(signed.declared.people("author"))
    for place in signed.places:
        found = [_names([text]) for text in place]
        # Many signatures are a list of authors, not the author of this page.
        distinct = list(dict.fromkeys(name for names in found for name in names))
        yield distinct if len(distinct) <= _MOST_NAMES else []
    yield next(filter(None, map(_full_names, _signing_lines(signed))), [])
    for metas in (("author", "article:author", "parsely-author", "sailthru.author"), _CREATORS):
        yield _full_names(signed.declared.meta(*metas))


_CREATORS = ("dc.creator", "dcterms.creator", "twitter:creator:name")


def _full_names(text: str) -> list[str]:
    # One word alone, without any mark that it is a name, is as often an account or a brand.
    return [name for name in _names([text]) if " " in name]


def _signing_lines(signed: Signed) -> Iterable[str]:
    for element in signed.tree.iter("p", "div", "span", "li", "h2", "h3", "h4", "h5"):
        if len(element) <= _MOST_WORDS:
            text = _short(element)
            if _LEADING_WORD.match(text) and not signed.outside.holds(element):
                yield text


def _short(element: HtmlElement) -> str:
    """The words of *element*, where they are few; many elements hold the whole page."""
    words: list[str] = []
    left = _LONGEST
    for piece in element.itertext():
        for word in piece.split():
            left -= len(word)
            words.append(word)
        if left + 1 < len(words):
            return ""
    return " ".join(words)


def _texts(tree: HtmlElement, path: str, outside: Outside) -> list[str]:
    """The texts of what *path* finds, the innermost elements only."""
    found = [element for element in tree.xpath(path) if not outside.holds(element)]
    outer = {each for element in found for each in element.iterancestors()}
    texts = (spaced(element) for element in found if element not in outer)
    return [text for text in texts if text and len(text) <= 4 * _LONGEST]


def _names(texts: Iterable[str]) -> list[str]:
    return [name for text in texts for part in _parts(text) if (name := _name(part))]


def _parts(text: str) -> list[str]:
    text = _LEAD.sub("", line(text))
    if re.fullmatch(r"[^,]+, [^, ]+", text) and len(text.split()) == 2:  # noqa: PLR2004
        return [" ".join(reversed(text.split(", ")))]
    return _SPLIT.split(text)


def _name(text: str) -> str:
    text = _TAIL.sub("", _LEAD.sub("", text.strip(" \t-–—:.,|"))).strip(" \t-–—:.,|")
    if not 1 < len(text) <= _LONGEST or len(text.split()) > _MOST_WORDS:
        return ""
    if _JUNK.search(text) or _NOBODY.search(text) or not any(map(str.isalpha, text)):
        return ""
    return text


def _folded(text: str) -> str:
    return line(unicodedata.normalize("NFKC", text).casefold())
