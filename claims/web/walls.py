"""Recognises what stands in the place of an article: walls, stubs, and pages that are gone.

News is written about cookies, missing pages and subscriptions too. So words alone never make a
wall of a page that says something: they have to be said to the reader (by a heading, a button, a
sentence about "this page"), and little else has to be there.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lxml.html import HtmlElement

from claims.web.declared import Declared, line
from claims.web.regions import marks

STUB_WORDS = 120
LITTLE_WORDS = 30
_FEW_WORDS = 20
_OWN_WORDS = 10
_LONGEST_HEADING = 90
_LONGEST_SENTENCE = 120
_LONGEST_LABEL = 60
_REST = 15
_SEEN = 20_000
_END = 600

# Scripts that put no spaces between words, and about how many of their characters make one.
_UNSPACED = (
    (re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"), 2),
    (re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"), 4),
)
_SENTENCE = re.compile(r"(?<=[.!?。！？؟।])\s*|\n")
_PART = re.compile(r"\s+[|–—·•»«:-]+\s+")


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_SAID = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_BOT_HEADING = _any(_SAID["bot_headings"])
_BOT_SAID = _any(_SAID["bot_said"])
_CONSENT_HEADING = _any(_SAID["consent_headings"])
_CONSENT_SAID = _any(_SAID["consent_said"])
_CONSENT_LABEL = _any(_SAID["consent_labels"])
_PAYWALL = _any(_SAID["paywall"])
_LOGIN = _any(_SAID["login"])
_GONE = _any(
    rf"(?:{name})[^.!?。！？\n]{{0,60}}?(?:{fate})|(?:{fate})[^.!?。！？\n]{{0,30}}?(?:{name})"
    for name, fate in ((gone["name"], "|".join(gone["fate"])) for gone in _SAID["gone"])
)
# A heading that is nothing but the number, and one that is nothing but "not found".
_GONE_BARE = re.compile(
    r"(?:\W|\b(?:oops|uh-?oh|sorry|http|status|error|fehler|erreur|errore|erro|ошибка|помилка"
    r"|hata|hiba|chyba|błąd|fout|fel|virhe)\b|خطأ|שגיאה|错误|エラー|오류)*"
    r"(?:40[34]|410|not found)(?:\W|\b(?:not found|gone|error|fehler|forbidden)\b)*",
    re.IGNORECASE,
)
_BOT_MARKS = re.compile(
    r"_incapsula_resource|px-captcha|cf-chl-|cf_chl_|captcha-delivery\.com"
    r"|cdn-cgi/challenge-platform/h/|ddos-guard|just a moment\.\.\.",
    re.IGNORECASE,
)
_CONSENT_HOST = re.compile(r"(?:^|\.)(?:consent|cmp|privacygate|cookiewall|myprivacy)\.")
_OUT_OF_SIGHT = "ancestor::nav or ancestor::header[not(ancestor::article)] or ancestor::footer"
_NEAR = (
    "//body//text()[not(ancestor::script or ancestor::style or ancestor::noscript"
    f" or ancestor::template or ancestor::aside or {_OUT_OF_SIGHT})]"
)
_OFFERS = re.compile(
    r"related|recommend|newsletter|sidebar|trending|more-from|most-read|comment|(?<![a-z])footer",
    re.IGNORECASE,
)
_LABELS = "//button | //a | //*[@role='button'] | //input[@type='submit' or @type='button']"


def word_count(text: str) -> int:
    """How many words *text* has, about: some scripts put no spaces between them."""
    unspaced = 0
    if not text.isascii():
        unspaced = sum(len(script.findall(text)) // each for script, each in _UNSPACED)
    return len(text.split()) + unspaced


@dataclass(frozen=True)
class Shown:
    """What a page shows: its headline, the words read as its article, and all that is visible."""

    tree: HtmlElement
    declared: Declared
    host: str
    title: str
    text: str
    visible: str
    markup: str

    @cached_property
    def words(self) -> int:
        return word_count(self.text)

    @property
    def is_short(self) -> bool:
        return self.words < STUB_WORDS

    @property
    def is_bare(self) -> bool:
        """Whether there is hardly anything to read."""
        return self.words < LITTLE_WORDS

    @property
    def own(self) -> str:
        """Its own words; where there are none, whatever is there."""
        return self.visible[:_SEEN] if self.words < _OWN_WORDS else self.text

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """What the page calls itself, each way."""
        written = (line(head.text_content()) for head in self.tree.iter("title", "h1", "h2"))
        said = (part for head in (self.title, *written) for part in (head, *_PART.split(head)))
        return tuple(dict.fromkeys(each for each in said if 0 < len(each) <= _LONGEST_HEADING))

    @cached_property
    def near(self) -> str:
        """What is visible beside menus, footers and boxes that offer something else."""
        if not self.is_short:
            return self.text[-_END:]
        pieces = (piece for piece in self.tree.xpath(_NEAR) if not _is_boxed(piece.getparent()))
        return line(" ".join(pieces))[:_SEEN]

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """What its buttons and links say."""
        found = self.tree.xpath(_LABELS)
        named = (line(each.get("value") or each.text_content()) for each in found)
        return tuple(label for label in named if 0 < len(label) <= _LONGEST_LABEL)


def walls(page: Shown) -> Iterator[str]:
    """Labels for what stands in the place of the article, the most telling ones first."""
    if _is_bot_wall(page):
        yield "bot_wall"
    if _is_consent_wall(page):
        yield "consent_wall"
    if _is_gone(page):
        yield "soft_404"
    if _is_paid(page):
        yield "paywall_stub"
    if _is_login_wall(page):
        yield "login_wall"


def is_locked(declared: Declared) -> bool:
    """Whether a page declares that one has to pay for it."""
    free = [str(node.get("isAccessibleForFree")).lower() for node in declared.own]
    return "false" in free or declared.meta("article:content_tier").lower() in {
        "locked",
        "metered",
    }


def _is_boxed(element: HtmlElement | None) -> bool:
    if element is None:
        return False
    return any(_OFFERS.search(marks(outer)) for outer in (element, *element.iterancestors()))


def _is_all(pattern: re.Pattern[str], headings: Iterable[str]) -> bool:
    """Whether one of *headings* says nothing else, but for dots and the like."""
    return any(pattern.fullmatch(heading.strip(" .…!?:-–—|")) for heading in headings)


def _is_bot_wall(page: Shown) -> bool:
    if not page.is_short:
        return False
    if _is_all(_BOT_HEADING, page.headings):
        return True
    if _BOT_SAID.search(page.own):
        return True
    return page.is_bare and _BOT_MARKS.search(page.markup[: 3 * _SEEN]) is not None


def _is_consent_wall(page: Shown) -> bool:
    if not page.is_short:
        return False
    if _CONSENT_HOST.search(page.host):
        return True
    said = page.own
    told = _CONSENT_SAID.search(said) is not None
    headed = _is_all(_CONSENT_HEADING, page.headings)
    if told and headed:
        return True
    asked = _is_all(_CONSENT_LABEL, page.labels) or _is_all(_CONSENT_LABEL, said.split("\n"))
    if page.is_bare:
        form = page.tree.find(".//form") is not None
        return (told and (asked or form)) or (asked and headed)
    return asked and (headed or len(_CONSENT_SAID.findall(said)) > 1)


def _is_gone(page: Shown) -> bool:
    if not page.is_short:
        return _says_only(_GONE, page.title)
    if any(_GONE_BARE.fullmatch(head) or _GONE.search(head) for head in page.headings):
        return True
    said = _SENTENCE.split(page.text) if page.words < _FEW_WORDS else []
    return any(len(each) <= _LONGEST_SENTENCE and _GONE.search(each) for each in said)


def _says_only(pattern: re.Pattern[str], heading: str) -> bool:
    found = pattern.search(heading)
    rest = heading[: found.start()] + heading[found.end() :] if found else heading
    return found is not None and sum(map(str.isalpha, rest)) <= _REST


def _is_paid(page: Shown) -> bool:
    said = _PAYWALL.search(page.near) is not None
    return said or (page.is_short and is_locked(page.declared))


def _is_login_wall(page: Shown) -> bool:
    if not page.is_short or not page.tree.xpath("boolean(//input[@type='password'])"):
        return False
    if page.is_bare:
        return _LOGIN.search(page.visible[:_SEEN]) is not None
    return any(_says_only(_LOGIN, heading) for heading in page.headings)
