"""Asks a host what it allows robots to read, and keeps to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

from protego import Protego

from claims.web.charset import decode
from claims.web.client import USER_AGENT
from claims.web.errors import FetchError
from claims.web.fetched import Fetched

# RFC 9309: a crawler has to read at least so much, and may leave the rest.
_LARGEST = 512 << 10
_SLOWEST = 30.0
# There is nobody to ask for the page either, and this is the better word for why.
_NO_HOST = frozenset({"address_refused", "dns", "unreachable", "tls"})


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one host. ``silent``: it could not say, so only a person's own click counts."""

    text: str = ""
    silent: bool = False
    sitemaps: tuple[str, ...] = ()
    delay: float = 0.0
    _rules: Protego | None = field(default=None, repr=False, compare=False)

    def allows(self, url: str, *, user_agent: str = USER_AGENT, by_hand: bool = False) -> bool:
        """Whether *url* may be read by a machine, or, ``by_hand``, because a person asked for it.

        A person's click overrules silence, not a "no".
        """
        if self.silent:
            return by_hand
        return self._rules is None or bool(self._rules.can_fetch(url, _product(user_agent)))


def robots_of(url: str, *, get: Callable[[str], Fetched], user_agent: str = USER_AGENT) -> Robots:
    """The rules of the host of *url* (RFC 9309): none where there is no file, silence on 5xx.

    Raises ``FetchError`` where there is no such host to ask, or it cannot be reached.
    """
    parts = urlsplit(url)
    try:
        fetched = get(f"{parts.scheme}://{parts.netloc}/robots.txt")
    except FetchError as error:
        if error.code in _NO_HOST:
            raise
        return Robots(silent=True)
    if fetched.status >= HTTPStatus.INTERNAL_SERVER_ERROR or fetched.status == 429:  # noqa: PLR2004
        return Robots(silent=True)
    if not fetched.ok:
        return Robots()
    return parse(decode(fetched.body[:_LARGEST], declared=fetched.charset).text, user_agent)


def parse(text: str, user_agent: str = USER_AGENT) -> Robots:
    """The rules in *text*; a page of HTML holds none."""
    if text.lstrip().startswith("<"):
        return Robots()
    rules = Protego.parse(text)
    delay = rules.crawl_delay(_product(user_agent)) or 0.0
    return Robots(
        text=text,
        sitemaps=tuple(rules.sitemaps),
        delay=min(max(float(delay), 0.0), _SLOWEST),
        _rules=rules,
    )


def _product(user_agent: str) -> str:
    return user_agent.partition("/")[0]
