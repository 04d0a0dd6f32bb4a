"""Turns the bytes of a page into words, whatever three places say about their encoding."""

import codecs
import re
from dataclasses import dataclass

from trafilatura.utils import detect_encoding

# What the web means by a name is often not what the name says (WHATWG Encoding, section 4.2).
_MEANT = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "iso-8859-9": "cp1254",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030",
    "big5": "big5hkscs", "x-x-big5": "big5hkscs", "shift_jis": "cp932", "shift-jis": "cp932",
    "x-sjis": "cp932", "sjis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
    "iso-8859-8-i": "iso8859_8", "logical": "iso8859_8", "visual": "iso8859_8",
    "iso-8859-11": "cp874", "tis-620": "cp874", "macintosh": "mac_roman", "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8", "utf-16": "utf-16-le",
}  # fmt: skip
# Python knows "encodings" that unpack, rot or run: only those of web pages are let in.
_KNOWN = re.compile(
    r"utf-8|utf-16-?[lb]e|iso-?8859[-_]\d{1,2}|(windows-|cp)125\d|cp(866|874|932|949)|koi8-[ru]"
    r"|gb18030|big5hkscs|euc[-_]jp|iso-2022-jp|mac_roman|x?-?mac-cyrillic"
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(
    rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})"
    rb"|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_:.-]{2,40})",
    re.IGNORECASE,
)
_HEAD = 4096


@dataclass(frozen=True, slots=True)
class Decoded:
    """The words, the encoding they were in, and whether somebody had declared another."""

    text: str
    charset: str
    misdeclared: bool


def decode(body: bytes, *, declared: str = "") -> Decoded:
    """*body* as text. ``declared`` is the charset of the Content-Type header, if it had one.

    A byte order mark decides; then, whatever was declared, bytes that are valid UTF-8 are UTF-8,
    since text in any other encoding practically never is; then header, the page's own word, and
    a guess from the bytes. Never fails: what cannot be read becomes U+FFFD.
    """
    named = [name for name in (_codec(declared), _codec(_in_page(body))) if name]
    for mark, charset in _MARKS:
        if body.startswith(mark):
            text = body[len(mark) :].decode(charset, "replace")
            return Decoded(text, charset, _differs(charset, named))
    plain = body.isascii() and not any(name.startswith(("iso-2022", "utf-16")) for name in named)
    if plain or _reads_as(body, "utf-8"):
        return Decoded(body.decode("utf-8"), "utf-8", not plain and _differs("utf-8", named))
    for charset in named:
        if charset != "utf-8" and _reads_as(body, charset):
            return Decoded(body.decode(charset), charset, _differs(charset, named))
    charset = _guess(body, named)
    return Decoded(body.decode(charset, "replace"), charset, _differs(charset, named))


def _in_page(body: bytes) -> str:
    found = _META.search(body[:_HEAD])
    return (found[1] or found[2]).decode("ascii") if found else ""


def _codec(name: str) -> str:
    name = name.strip().lower()
    name = _MEANT.get(name, name)
    if not _KNOWN.fullmatch(name):
        return ""
    try:
        codecs.lookup(name)
    except LookupError:
        return ""
    return name


def _reads_as(body: bytes, charset: str) -> bool:
    try:
        body.decode(charset)
    except (UnicodeDecodeError, ValueError):
        return False
    return True


def _guess(body: bytes, named: list[str]) -> str:
    # UTF-8 that was cut or has a stray byte in it is still UTF-8.
    if "utf-8" in named and body.decode("utf-8", "replace").count("\ufffd") * 100 < len(body):
        return "utf-8"
    for guess in detect_encoding(body[: 1 << 18]):
        if charset := _codec(guess.replace("_", "-")) or _codec(guess):
            return charset
    return named[0] if named else "cp1252"


def _differs(charset: str, named: list[str]) -> bool:
    return any(name != charset for name in named)
