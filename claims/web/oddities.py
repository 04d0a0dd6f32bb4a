"""Recognises pages that are not what was asked for: walls, stubs, twins, pages that are gone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from claims.web.address import Address, site, try_parse
from claims.web.declared import Declared

STUB_WORDS = 120
LITTLE_WORDS = 30

_BOT_WALL = re.compile(
    r"just a moment\.\.\.|attention required! \| cloudflare|checking (?:if the site"
    r"|your browser)|verify(?:ing)? (?:that )?you are (?:a )?human|are you a (?:human|robot)"
    r"|please enable js and"
    r"|_incapsula_resource|px-captcha|cf-chl-|cf_chl_|captcha-delivery\.com|pardon our "
    r"interruption|cdn-cgi/challenge-platform/h/|access (?:to this page has been )?denied"
    r"|unusual traffic|ddos-guard"
    r"|enable javascript and cookies to continue|request unsuccessful|human verification",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"before you continue|we value your privacy|your privacy (?:matters|choices|is important)"
    r"|accept all cookies|manage (?:cookie|consent)|consent (?:to|management)|cookie wall"
    r"|bevor sie (?:fortfahren|zu)|wir (?:und unsere partner|benötigen ihre zustimmung)"
    r"|alle akzeptieren|zustimmen und weiter|mit werbung (?:weiter)?lesen|avant de continuer"
    r"|tout accepter|continuer sans accepter|aceptar (?:todas|y continuar)|antes de continuar"
    r"|accetta (?:tutti|e continua)|prima di continuare|wij waarderen uw privacy|alles accepteren",
    re.IGNORECASE,
)
_CONSENT_HOST = re.compile(r"(?:^|\.)(?:consent|cmp|privacy|privacygate|cookiewall|myprivacy)\.")
_PAYWALL = re.compile(
    r"subscri(?:be|bers?|ption)[^.]{0,40}(?:to (?:continue|read|access|unlock)|only|exclusive)"
    r"|(?:continue|keep) reading (?:with|by|for)|(?:already|not) a subscriber|sign in to read"
    r"|(?:this|the) (?:article|content|story) is (?:for|reserved|exclusive|available)[^.]{0,30}"
    r"subscri|to continue reading|free articles?(?: left| remaining)|become a member to read"
    r"|réservé aux abonnés|abonnez-vous|article (?:est )?réservé|il vous reste \d+"
    r"|jetzt (?:weiterlesen|abonnieren|testen)|artikel (?:mit|nur für) abonnent|weiterlesen mit"
    r"|suscríbete|solo (?:para|suscriptores)|exclusivo (?:para )?(?:suscriptores|assinantes)"
    r"|contenuto riservato|per abbonati|abbonati per|abonneer|לרכישת מנוי|למנויים בלבד|للمشتركين",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"(?:log|sign)[ -]?in|anmelden|connexion|iniciar sesión|accedi", re.IGNORECASE)
_GONE = re.compile(
    r"\b(?:404|410)\b|(?:page|article|story|content|site) (?:was |is |has been |you[^.]{0,30} )?"
    r"(?:not found|cannot be found|can.?t be found|no longer (?:available|exists?)|removed|missing"
    r"|unavailable|does(?: not|n.t) exist)|not found|(?:seite|artikel) (?:wurde )?"
    r"(?:nicht gefunden|existiert nicht|nicht (?:mehr )?verfügbar)|(?:page )?(?:introuvable"
    r"|non trouvée)|página no (?:encontrada|existe)|no encontrad[ao]|página não encontrada"
    r"|pagina non trovata"
    r"|pagina niet gevonden|страница не найдена|الصفحة غير موجودة|הדף (?:לא נמצא|המבוקש)",
    re.IGNORECASE,
)
_GONE_TITLE = re.compile(rf"(?:\W|oops|sorry|error|fehler|erreur|{_GONE.pattern})+", re.IGNORECASE)
_LIVE_PATH = re.compile(r"/live(?:blog)?s?(?:/|-|$)|liveticker|live-updates", re.IGNORECASE)
_REFRESH = re.compile(r"^\s*(\d+)\s*[;,]\s*url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)
_SCRIPTED = re.compile(r"(?:window|document|top)?\.?location(?:\.href)?\s*=\s*['\"]")
_MOBILE_HOST = re.compile(r"^(?:m|mobile)\.")
_FEED = re.compile(r"<(?:rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]", re.IGNORECASE)
_AT_ONCE = 10
_LONGEST_GONE = 120


@dataclass(frozen=True, slots=True)
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

    @property
    def words(self) -> int:
        return len(self.text.split())


def oddities(page: Looked) -> tuple[str, ...]:
    """Labels for what is odd about the page, the most telling ones first."""
    return tuple(dict.fromkeys([*_walls(page), *_kinds(page), *_elsewhere(page)]))


def refresh(page: Looked) -> str:
    """Where the page sends its readers by itself at once; empty when it does not."""
    found = _REFRESH.match(page.declared.meta("http-equiv:refresh"))
    return found[2].strip() if found and int(found[1][:6]) <= _AT_ONCE else ""


def _walls(page: Looked) -> Iterator[str]:
    short = page.words < STUB_WORDS
    everything = f"{page.title}\n{page.visible[:20_000]}"
    if short and _BOT_WALL.search(f"{everything}\n{page.markup[:60_000]}"):
        yield "bot_wall"
    host = page.address.host if page.address else ""
    asked = everything if page.words < LITTLE_WORDS else f"{page.title}\n{page.text[:1000]}"
    if _CONSENT_HOST.search(host) or (short and _CONSENT.search(asked)):
        yield "consent_wall"
    gone = short and _GONE.search(f"{page.title}\n{page.text[:400]}")
    title = page.title[:_LONGEST_GONE]
    if gone or (_GONE.search(title) and _GONE_TITLE.fullmatch(title)):
        yield "soft_404"
    if (short or _PAYWALL.search(page.text[-600:])) and _is_paid(page):
        yield "paywall_stub"
    password = page.tree.xpath("boolean(//input[@type='password'])")
    if short and password and _LOGIN.search(everything):
        yield "login_wall"
    if page.words < LITTLE_WORDS and page.address is not None and not page.address.is_home:
        yield "little_text"


def _is_paid(page: Looked) -> bool:
    free = [str(node.get("isAccessibleForFree")).lower() for node in page.declared.nodes]
    locked = page.declared.meta("article:content_tier").lower() in {"locked", "metered"}
    return "false" in free or locked or _PAYWALL.search(page.visible[:20_000]) is not None


def _kinds(page: Looked) -> Iterator[str]:
    path = page.address.path if page.address else ""
    if "LiveBlogPosting" in page.declared.kinds() or _LIVE_PATH.search(path):
        yield "liveblog"
    root = page.tree.getroottree().getroot()
    if (
        root.get("amp") is not None
        or root.get("⚡") is not None
        or (page.address is not None and re.search(r"^amp\.|/amp(?:/|$)|[?&]amp=", path))
    ):
        yield "amp"
    if re.search(r"/print(?:/|$)|[?&]print(?:=|$)", path):
        yield "print"
    if page.address is not None and _MOBILE_HOST.search(page.address.host):
        yield "mobile"
    if refresh(page):
        yield "meta_refresh"
    if page.words < LITTLE_WORDS and _SCRIPTED.search(page.markup[:20_000]):
        yield "script_redirect"
    if _FEED.search(page.markup[:1000]):
        yield "feed"
    if page.tree.xpath("boolean(//frameset)"):
        yield "frames"


def _elsewhere(page: Looked) -> Iterator[str]:
    if page.canonical is None or page.address is None:
        return
    if page.canonical.is_home and not page.address.is_home:
        yield "canonical_home"
    elif site(page.canonical.host) != site(page.address.host):
        yield "canonical_elsewhere"


def elsewhere(declared: Declared, address: Address | None) -> tuple[str, ...]:
    """Addresses at other sites that the page names as its source."""
    named = [
        declared.link("canonical"),
        *(declared.metas.get("syndication-source", ())),
        *(declared.metas.get("original-source", ())),
        *(declared.metas.get("article:original_source", ())),
    ]
    if address is None:
        return ()
    found = filter(None, map(try_parse, named))
    home = site(address.host)
    return tuple(dict.fromkeys(each.url for each in found if site(each.host) != home))
