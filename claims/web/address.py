"""Reads the address of a page into one normal form, so that one page is one page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from url_normalize import url_normalize

from claims.web.errors import BadAddress
from claims.web.guard import LONGEST_URL, PORTS
from claims.web.host import read_host

# Parameters that say where a reader came from, never which page it is. Short on purpose: "ref",
# "id" or "source" name the page often enough.
_TRACKING = re.compile(
    r"utm_\w+|mtm_\w+|pk_(campaign|kwd|source|medium)|hsa_\w+|_hs(enc|mi)|vero_(id|conv)"
    r"|(fb|g|d|y|tw|tt|ms|dc|wb|yc)clid|g?braid|wbraid|gad_source|li_fat_id|igshid|igsh"
    r"|mc_(cid|eid)|mkt_tok|_ga|_gl|ref_src|ref_url|s_cid|ns_(mchannel|source|campaign|linkname|fee)"
    r"|at_(medium|campaign|custom\d|link_\w+|format|bbc_team)|xtor|wt_mc|guccounter|guce_\w+"
    r"|__twitter_impression|smid|cmpid|spm|ncid",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_SPACES = " \t\r\n\f\v\u00a0\u200b\ufeff"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_MOBILE = re.compile(r"(?:www|m|mobile|amp)\.(?=[^.]+\.)")
_AMP_PATH = re.compile(r"/amp(?=/|$)|\.amp(?=\.html?$|$)|(?<=\.)amp\.(?=html?$)", re.IGNORECASE)
_PRINT_PATH = re.compile(r"/(?:print|drucken|imprimir)(?=/|$)", re.IGNORECASE)
_VIEW = re.compile(
    r"(?:amp|print|outputtype|view|mode)(?:=(?:1|true|amp|print|yes)?)?$", re.IGNORECASE
)
_CACHES = (
    re.compile(r"https://www\.google\.[a-z.]+/amp/(?P<safe>s/)?(?P<rest>.+)"),
    re.compile(r"https://[^/]+\.cdn\.ampproject\.org/[a-z]/(?P<safe>s/)?(?P<rest>.+)"),
)
_ENCYCLOPEDIAS = frozenset({"wikipedia.org", "wikiwand.com", "wikizero.com"})
# Second-level names under which countries hand out names: co.uk, com.au, ac.jp.
_SHARED = frozenset({"ac", "co", "com", "edu", "gob", "gov", "net", "ne", "or", "org", "gouv"})


@dataclass(frozen=True, slots=True)
class Address:
    """``raw`` as it was written; ``url`` the normal form: ASCII, no user, no fragment.

    ``host`` is in ASCII without a port. ``path`` holds the query too.
    """

    raw: str
    url: str
    scheme: str
    host: str
    path: str

    @property
    def is_home(self) -> bool:
        """Whether this is the front page of its host."""
        return self.path in {"/", "/index.html", "/index.php", "/home"}


@dataclass(frozen=True, slots=True)
class Alias:
    """Another address that is likely the same page: a hint, never proof. ``kind`` says why."""

    kind: str
    url: str


def parse(raw: str) -> Address:
    """*raw* as an address, or ``BadAddress`` with a sentence for whoever typed it.

    Whether it may be fetched is not asked here: that is the guard's.
    """
    written = raw.strip(_SPACES)
    scheme, authority, path, query = _parts(written)
    hostname, port = _host_and_port(authority)
    host = read_host(hostname)
    default = port is None or port == PORTS[scheme]
    authority = host.authority if default else f"{host.authority}:{port}"
    try:
        # Host and query are read here: the library lets through hosts that no resolver would,
        # and rewrites "%2F", "=" and ";" in queries, where they may tell two pages apart.
        normal = urlsplit(url_normalize(f"{scheme}://host{path or '/'}") or "").path
    except (ValueError, UnicodeError) as error:
        raise BadAddress("This address cannot be read.") from error
    kept = _without_tracking(_query(query))
    rest = (normal or "/") + (f"?{kept}" if kept else "")
    return Address(raw, f"{scheme}://{authority}{rest}", scheme, host.name, rest)


def try_parse(raw: object) -> Address | None:
    """The address, or None when *raw* is none: for answers of strangers."""
    if not isinstance(raw, str):
        return None
    try:
        return parse(raw)
    except BadAddress:
        return None


def aliases(address: Address) -> tuple[Alias, ...]:
    """Addresses under which the same page is likely to be found, the best guess first."""
    found: list[Alias] = []
    for kind, url in _guesses(address):
        other = try_parse(url)
        known = {address.url, *(alias.url for alias in found)}
        if other is not None and other.url not in known:
            found.append(Alias(kind, other.url))
    return tuple(found)


def twins(address: Address) -> frozenset[str]:
    """Which view of a page this is by its address: ``amp``, ``print``, ``mobile``."""
    lead = _MOBILE.match(address.host)
    start = lead[0] if lead else ""
    path, _, query = address.path.partition("?")
    asked = [view for pair in query.split("&") if (view := _VIEW.match(pair))]
    cached = any(cache.fullmatch(address.url) for cache in _CACHES)
    found = {
        "amp": cached or start == "amp." or _AMP_PATH.search(path) or "amp" in _views(asked),
        "print": _PRINT_PATH.search(path) or "print" in _views(asked),
        "mobile": start in {"m.", "mobile."},
    }
    return frozenset(name for name, is_so in found.items() if is_so)


def _views(asked: list[re.Match[str]]) -> set[str]:
    # "amp=1" says it by its name, "outputType=amp" by its value.
    said = (view[0].lower().partition("=") for view in asked)
    return {word for name, _, value in said for word in (name, value)}


def twin_key(address: Address) -> str:
    """One key for the mobile, AMP, print and www twins of a page, http or https alike."""
    for cache in _CACHES:
        cached = cache.fullmatch(address.url)
        inner = try_parse(f"https://{unquote(cached['rest'])}") if cached else None
        if inner is not None:
            return twin_key(inner)
    host = _MOBILE.sub("", address.host, count=1)
    path, _, query = address.path.partition("?")
    path = _PRINT_PATH.sub("", _AMP_PATH.sub("", path)).rstrip("/") or "/"
    kept = "&".join(pair for pair in query.split("&") if pair and not _VIEW.match(pair))
    return f"{host}{path}?{kept}" if kept else f"{host}{path}"


def page_key(url: str) -> str:
    """``twin_key`` of the page at *url*; *url* itself where it is no address."""
    address = try_parse(url)
    return twin_key(address) if address is not None else url


def site(host: str) -> str:
    """The part of *host* that somebody owns, as far as it shows without a list of all zones.

    Good for "is this another outlet's address?", not for deciding who owns what.
    """
    labels = host.split(".")
    if host.replace(".", "").isdigit() or ":" in host:
        return host
    country = len(labels[-1]) == 2  # noqa: PLR2004
    size = 3 if country and len(labels) > 2 and labels[-2] in _SHARED else 2  # noqa: PLR2004
    return ".".join(labels[-size:])


def is_encyclopedia(url: str) -> bool:
    """Whether *url* leads to a Wikipedia or a copy of one: it says what others said."""
    address = try_parse(url)
    return address is not None and site(address.host) in _ENCYCLOPEDIAS


def zones(host: str) -> tuple[str, ...]:
    """*host* and the names above it, longest first, for looking up whose it is."""
    labels = host.split(".")
    return tuple(".".join(labels[start:]) for start in range(max(len(labels) - 1, 1)))


def _parts(written: str) -> tuple[str, str, str, str]:
    if not written:
        raise BadAddress("The address is empty.")
    if len(written.encode("utf-8", "replace")) > LONGEST_URL:
        raise BadAddress("The address is longer than 8 KiB.")
    scheme = _SCHEME.match(written)
    if scheme is None or scheme[1].lower() not in PORTS:
        raise BadAddress("This is no address of a web page: it has to begin with http or https.")
    if not written[scheme.end() :].startswith("//") or "\\" in written:
        raise BadAddress("This address cannot be read.")
    if any(ord(char) < 0x20 or 0xD800 <= ord(char) < 0xE000 for char in written):  # noqa: PLR2004
        raise BadAddress("The address holds characters that no address has.")
    rest = written[scheme.end() + 2 :].partition("#")[0]
    head, _, query = rest.partition("?")
    authority, slash, path = head.partition("/")
    return scheme[1].lower(), authority, slash + path, query


def _host_and_port(authority: str) -> tuple[str, int | None]:
    host = authority.rpartition("@")[2]
    name, colon, port = host.rpartition(":")
    if not colon or host.endswith("]"):
        return host, None
    if not port:
        return name, None
    if not (port.isascii() and port.isdigit() and int(port[:6]) < 65536):  # noqa: PLR2004
        raise BadAddress("The port of this address is no port.")
    return name, int(port)


def _query(written: str) -> str:
    encoded = quote(written, safe="%!$&'()*+,;=:@/?-._~[]")
    return _ESCAPE.sub(lambda found: _shortest(found[1]), encoded)


def _shortest(digits: str) -> str:
    char = chr(int(digits, 16))
    return char if _UNRESERVED.fullmatch(char) else f"%{digits.upper()}"


def _without_tracking(query: str) -> str:
    pairs = query.split("&")
    return "&".join(pair for pair in pairs if not _TRACKING.fullmatch(pair.partition("=")[0]))


def _guesses(address: Address) -> Iterator[tuple[str, str]]:
    for cache in _CACHES:
        if cached := cache.fullmatch(address.url):
            scheme = "https" if cached["safe"] else "http"
            yield "amp", f"{scheme}://{unquote(cached['rest'])}"
    start, _, rest = address.host.partition(".")
    bare = _MOBILE.sub("", address.host, count=1)
    path, _, query = address.path.partition("?")
    mark = f"?{query}" if query else ""
    for kind, pattern in (("amp", _AMP_PATH), ("print", _PRINT_PATH)):
        if pattern.search(path):
            plain = pattern.sub("", path) or "/"
            yield kind, f"{address.scheme}://{address.host}{plain}{mark}"
    kept = "&".join(pair for pair in query.split("&") if not _VIEW.match(pair))
    if kept != query:
        kind = "print" if "print" in query.lower() else "amp"
        yield kind, f"{address.scheme}://{address.host}{path}{f'?{kept}' if kept else ''}"
    if bare != address.host:
        kind = {"www": "www", "amp": "amp"}.get(start, "mobile")
        yield kind, f"{address.scheme}://{bare}{address.path}"
        if start != "www":
            yield kind, f"{address.scheme}://www.{bare}{address.path}"
    elif rest and site(address.host) == address.host:
        yield "www", f"{address.scheme}://www.{address.host}{address.path}"
    if address.scheme == "http":
        yield "https", f"https://{address.url.removeprefix('http://')}"
