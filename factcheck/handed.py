"""Reads what somebody hands to the command line: a file, or a page by its address."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from claims.text.usable import has_words, problem_with
from claims.web import client, guard, sandbox
from claims.web.address import parse
from claims.web.errors import BadAddress, FetchError, Unreadable
from claims.web.oddities import NO_ARTICLE
from claims.web.page import Page

BYTES_MAX = 8 * 1024 * 1024
CHARACTERS_MAX = 1_000_000
_MEDIA_TYPES = {".txt": "text/plain", ".html": "text/html", ".htm": "text/html"}


class UnusableError(Exception):
    """It cannot be checked; the message is one line that says why."""


@dataclass(frozen=True, slots=True)
class Handed:
    """An article as it came: offsets of everything that follows count characters of ``text``."""

    text: str
    title: str = ""
    url: str = ""
    outlet: str = ""
    published: str = ""

    def keep(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def kept(cls, path: Path) -> "Handed":
        return cls(**json.loads(path.read_text(encoding="utf-8")))


def read(what: str) -> Handed:
    """Read a file or fetch an address. Raises UnusableError; nothing is asked of a private one."""
    path = Path(what)
    is_address = "://" in what or (urlsplit(what).scheme and not _is_there(path))
    return _fetched(what) if is_address else _read(path)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _read(path: Path) -> Handed:
    try:
        if path.is_dir():
            raise UnusableError(f"{path}: this is a folder; name one file in it.")
        if not path.exists():
            raise UnusableError(f"{path}: there is no such file.")
        # No size is asked for first: a pipe has none.
        with path.open("rb") as file:
            body = file.read(BYTES_MAX + 1)
        if len(body) > BYTES_MAX:
            raise UnusableError(f"{path}: more than {BYTES_MAX >> 20} MB; that is no article.")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "is no name of a file"
        raise UnusableError(f"{path}: {reason}.") from error
    media_type = _MEDIA_TYPES.get(path.suffix.lower(), "")
    return _usable(str(path), _page(body, name=str(path), media_type=media_type), url="")


def _fetched(url: str) -> Handed:
    try:
        parse(url)
        guard.check(url)
        got = client.fetch(url)
    except (BadAddress, FetchError) as refusal:
        raise UnusableError(f"{url}: {refusal.message}") from refusal
    if not got.ok:
        raise UnusableError(f"{url}: the site answered {got.status}.")
    page = _page(got.body, name=url, url=got.final, media_type=got.media_type, charset=got.charset)
    for oddity, sentence in NO_ARTICLE.items():
        if oddity in page.oddities:
            raise UnusableError(f"{url}: {sentence}")
    return _usable(url, page, url=page.canonical or got.final)


def _page(
    body: bytes, *, name: str, url: str = "", media_type: str = "", charset: str = ""
) -> Page:
    if not body.strip():
        raise UnusableError(f"{name}: there is nothing in it.")
    try:
        return sandbox.read(body, url=url, media_type=media_type, charset=charset)
    except Unreadable as stopped:
        raise UnusableError(f"{name}: {stopped}") from stopped
    finally:
        sandbox.close()


def _usable(name: str, page: Page, *, url: str) -> Handed:
    if "document" in page.oddities:
        raise UnusableError(f"{name}: this is a document; save the article in it as text.")
    if "not_text" in page.oddities:
        raise UnusableError(f"{name}: this is no text; its bytes are something else.")
    if "wrong_charset" in page.oddities and "\ufffd" in page.text:
        raise UnusableError(f"{name}: its encoding cannot be told; save it as UTF-8.")
    wrong = problem_with(page.text, longest=CHARACTERS_MAX, what="It")
    if wrong is None and not has_words(page.text):
        wrong = "There are no words in it."
    if wrong:
        raise UnusableError(f"{name}: {wrong}")
    return Handed(
        text=page.text,
        title=page.title,
        url=url,
        outlet=page.site_name,
        published=page.published_at.isoformat() if page.published_at else "",
    )
