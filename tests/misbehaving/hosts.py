"""The hosts whose pages misbehave: what each answers, and what the desk has to call it."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass

from tests.claims.web.loopback import page, redirect
from tests.claims.web.pdf.printed import printed
from tests.misbehaving import pages
from tests.misbehaving.pages import article
from tests.misbehaving.web import NO_FILE, Answer, Asked, Reset

ZONE = "misbehaves.example"
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
_NO_ROBOTS = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nUser-agent: *\nDisallow: /"


@dataclass(frozen=True, slots=True)
class Host:
    """``ends``: the code of the cause that has to stand at the page, empty where it is kept.

    ``label``: what the kept page has to be called besides. ``attempts``: how often it has to be
    tried at least. ``path``: which page of it the list names. ``left``: the page is about
    something else, so that it is counted and left.
    """

    name: str
    answer: Answer | bytes
    ends: str = ""
    label: str = ""
    attempts: int = 1
    path: str = "/news/ferry"
    robots: Answer | bytes = NO_FILE
    left: bool = False

    @property
    def host(self) -> str:
        return f"{self.name}.{ZONE}"

    @property
    def url(self) -> str:
        return f"http://{self.host}{self.path}"

    def __call__(self, asked: Asked) -> "bytes | Iterator[bytes]":
        reply = self.robots if asked.path == "/robots.txt" else self.answer
        if not self.ends and asked.path not in {self.path, "/robots.txt"}:
            reply = NO_FILE  # A host with a real page says so where it has none.
        return reply if isinstance(reply, bytes) else reply(asked)  # type: ignore[return-value]


def _status(code: int, words: str = "Odd", **headers: str) -> bytes:
    return page(pages.document(words, f"<p>{words}</p>").encode(), status=f"{code} X", **headers)


def _first(times: int, then: bytes) -> Answer:
    """*then* for the first so many, and a good page afterwards."""
    return lambda asked: then if asked.times < times else page(article(asked.host))


def _packed(body: bytes, *codings: str) -> bytes:
    for _ in codings:
        body = gzip.compress(body, 9)
    return page(body, content_encoding=", ".join(codings))


def _dripping(head: bytes) -> Answer:
    def drip(asked: Asked) -> Iterator[bytes]:
        yield head
        while not asked.over.is_set():
            asked.wait(0.5)
            yield b"x"

    return drip


def _mute(asked: Asked) -> Iterator[bytes]:
    asked.wait(120)
    yield b""


def _endless(asked: Asked) -> Iterator[bytes]:
    yield _HEAD + b"\r\n<p>"
    while not asked.over.is_set():
        yield b"and so on " * 6_000


def _torn(before: bytes) -> Answer:
    def tear(_: Asked) -> Iterator[bytes]:
        yield before
        raise Reset

    return tear


def _chain(asked: Asked) -> bytes:
    step = int(asked.path.rpartition("/")[2] or 0)
    return redirect(f"http://{asked.host}/{step + 1}")


def _to(location: str) -> bytes:
    return redirect(location)


def _front_for_all(asked: Asked) -> bytes:
    del asked
    return page(pages.FRONT)


def _moved(asked: Asked) -> bytes:
    return page(pages.CONSENT) if asked.path == "/gate" else redirect("/gate")


SLOW = (
    Host("drips", _dripping(_HEAD + b"\r\n<p>"), "timeout"),
    Host("drips-head", _dripping(_HEAD + b"X-Slow: "), "timeout"),
    Host("mute", _mute, "timeout"),
)
ENDLESS = (
    Host("endless", _endless, "too_large"),
    Host("bomb", _packed(bytes(40 << 20), "gzip"), "too_large"),
    Host("bomb-in-bomb", _packed(bytes(40 << 20), "gzip", "gzip"), "too_large"),
    Host("huge-by-its-word", _HEAD + b"Content-Length: 99999999999\r\n\r\n<p>", "too_large"),
    Host("header-flood", _HEAD + b"X-A: b\r\n" * 5_000 + b"\r\n<p>Hi</p>", "protocol"),
    Host("header-long", _HEAD + b"X-A: " + b"b" * 200_000 + b"\r\n\r\nHi", "protocol"),
    Host("headers-heavy", _HEAD + b"X-A: %s\r\n" % (b"b" * 60_000) * 2 + b"\r\nHi", "too_large"),
)
BROKEN = (
    Host("longer-by-its-word", _HEAD + b"Content-Length: 5000\r\n\r\n<p>Half", "cut"),
    Host("shorter-by-its-word", page(article("A"), content_length="90"), "no_text"),
    Host("bad-chunks", _HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nHi\r\n", "cut"),
    Host("half-chunks", _HEAD + b"Transfer-Encoding: chunked\r\n\r\n40\r\nHalf", "cut"),
    Host("torn", _torn(_HEAD + b"Content-Length: 900\r\n\r\n<p>Half"), "cut"),
    Host("torn-at-once", _torn(b""), "unreachable"),
    Host("hangs-up", b"", "protocol"),
    Host("no-web-server", b"SSH-2.0-OpenSSH_9.2\r\n", "protocol"),
    Host("no-such-packing", page(b"\x1b\x00\x00", content_encoding="zstd"), "encoding"),
    Host("packed-by-its-word", page(article("P"), content_encoding="gzip"), "encoding"),
)
REDIRECTS = (
    Host("to-itself", lambda asked: redirect(asked.path), "redirect_loop"),
    Host("to-and-fro", lambda a: redirect("/a" if a.path == "/b" else "/b"), "redirect_loop"),
    Host("chain", _chain, "too_many_redirects", path="/0"),
    Host("to-private", _to("http://10.0.0.7/"), "address_refused"),
    Host("to-loopback", _to("http://127.0.0.1:5432/"), "address_refused"),
    Host("to-metadata", _to("http://169.254.169.254/latest/"), "address_refused"),
    Host("to-mapped", _to("http://[::ffff:7f00:1]/"), "address_refused"),
    Host("to-number", _to("//2130706433/"), "address_refused"),
    Host("to-file", _to("file:///etc/passwd"), "address_refused"),
    Host("to-port", _to(f"http://good.{ZONE}:22/"), "address_refused"),
    Host("to-nothing", _to("http://[/"), "bad_redirect"),
)
STATUSES = (
    Host("s401", _status(401), "http_401"),
    Host("s403", page(pages.CHALLENGE, status="403 Forbidden"), "http_403"),
    Host("s404", _status(404), "http_404"),
    Host("s410", _status(410), "http_410"),
    Host("s451", _status(451), "http_451"),
    Host("s304", b"HTTP/1.1 304 Not Modified\r\n\r\n", "http_304"),
    Host("s999", _status(999), "http_999"),
    Host("s429", _status(429), "http_429", attempts=2),
    Host("s429-soon", _first(1, _status(429, retry_after="1")), attempts=2),
    Host("s429-next-week", _status(429, retry_after="604800"), "http_429"),
    Host("s500", _status(500), "http_500", attempts=2),
    Host("s502-once", _first(1, _status(502)), attempts=2),
    Host("s503-later", _status(503, retry_after="Wed, 21 Oct 2099 07:28:00 GMT"), "http_503"),
)
ROBOTS = (
    Host("forbids", page(article("F")), "robots", robots=_NO_ROBOTS),
    Host("cannot-say", page(article("C")), "robots", robots=_status(503)),
    Host("says-it-for-ever", page(article("E")), "robots", robots=_endless),
    Host("says-it-in-html", page(article("H")), robots=page(pages.FRONT)),
)  # fmt: skip
NO_ARTICLE = (
    Host("consent", page(pages.CONSENT), "consent_wall"),
    Host("consent-next-door", _moved, "consent_wall"),
    Host("soft-404", page(pages.GONE), "soft_404"),
    Host("front-for-all", _front_for_all, "soft_404"),
    Host(
        "home-for-all", lambda a: page(pages.FRONT) if a.path == "/" else redirect("/"), "soft_404"
    ),
    Host("wants-a-person", page(pages.CHALLENGE), "bot_wall"),
    Host("incapsula", page(pages.INCAPSULA), "bot_wall"),
    Host("login", page(pages.LOGIN), "login_wall"),
    Host("by-script", page(pages.SCRIPT), "script_redirect"),
    Host("a-list", page(pages.FEED), "feed"),
    Host("pdf", page(b"%PDF-1.7\n\x00\x01\x02"), "not_text"),
    Host("report", page(printed(["The ferry was sold in June, says the ministry."])), "document"),
    Host("picture", page(b"\x89PNG\r\n\x1a\n\x00"), "not_text"),
    Host("nothing", page(b""), "no_text"),
    Host("s204", b"HTTP/1.1 204 No Content\r\n\r\n", "no_text"),
    Host("laughs", page(pages.LAUGHS), left=True),
    Host("frames", page(b"<frameset><frame src='/a'></frameset>"), "no_text"),
)
ODD = (
    Host("good", page(article("The Good"))),
    Host("paywall", page(pages.PAYWALL), label="paywall_stub"),
    Host("hebrew", page(pages.HEBREW), label="wrong_charset"),
    Host("live", page(article("Live")), label="liveblog", path="/live/ferry"),
    Host("canonical-home", page(article("Home", head="<link rel=canonical href='/'>")),
         label="canonical_home"),
    Host("syndicated", page(article("Syndicated", head="<link rel='canonical'"
         " href='https://agency.example/ferry'>")), label="canonical_elsewhere"),
    Host("tomorrow", page(article("Tomorrow", head="<meta property='article:published_time'"
         " content='2099-01-01T10:00:00Z'>")), label="future_date"),
    Host("refreshes", page(article("Refresh", head="<meta http-equiv='refresh'"
         " content='0; url=/next'>")), label="meta_refresh"),
    Host("deep", page(b"<div>" * 3_000 + article("Deep")), "no_text"),
    Host("no-type", page(article("Untyped"), content_type="")),
)  # fmt: skip
TWINS = (
    Host("twins", page(article("The Twins")), path="/ferry"),
    Host("m.twins", page(article("The Twins")), path="/ferry"),
    Host("amp.twins", page(article("The Twins")), path="/ferry"),
    Host("www.twins", page(article("The Twins")), path="/ferry/print"),
)
# Those that are to be asked again come first: after half a minute nobody is.
HOSTS = (*STATUSES, *SLOW, *ENDLESS, *BROKEN, *REDIRECTS, *ROBOTS, *NO_ARTICLE, *ODD)
