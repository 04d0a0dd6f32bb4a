"""Turns the bytes of a page into words, whatever three places say about their encoding."""

import codecs
import re
from collections.abc import Iterator
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
    "euc-jis-2004": "euc-jp", "euc-jisx0213": "euc-jp", "shift-jis-2004": "cp932",
    "shift-jisx0213": "cp932", "cp1125": "cp866",
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
# The escape by which Japanese mail, and pages made of it, change to two bytes a character.
_SHIFTED = re.compile(rb"\x1b\$[@B]")
_LANGUAGE = re.compile(rb"<html[^>]{0,400}?\blang\s*=\s*[\"']?([a-z]{2})\b", re.IGNORECASE)
_CYRILLIC = ("windows-1251", "koi8-r", "iso-8859-5", "cp866")
# Where nobody says it rightly: what pages in these languages are written in, if not in UTF-8.
_USUAL = dict.fromkeys(
    (b"ca", b"da", b"de", b"en", b"es", b"eu", b"fi", b"fr", b"gl", b"is", b"it", b"nl", b"no",
     b"pt", b"sv"),
    ("windows-1252",),
) | {
    b"ru": _CYRILLIC, b"uk": _CYRILLIC, b"be": _CYRILLIC, b"bg": _CYRILLIC,
    b"ja": ("euc-jp", "cp932"), b"ko": ("cp949",), b"th": ("cp874",), b"he": ("windows-1255",),
    b"ar": ("windows-1256", "iso-8859-6"), b"fa": ("windows-1256",), b"el": ("windows-1253",),
}  # fmt: skip
# Languages of the Latin script that the western encoding cannot write: bytes of theirs look like
# western letters, and servers send the western name unasked.
_CENTRAL, _BALTIC = ("iso-8859-2", "windows-1250"), ("windows-1257",)
_UNWESTERN = {
    b"pl": _CENTRAL, b"cs": _CENTRAL, b"sk": _CENTRAL, b"hu": _CENTRAL, b"sl": _CENTRAL,
    b"hr": _CENTRAL, b"bs": _CENTRAL, b"ro": _CENTRAL, b"sq": _CENTRAL,
    b"lt": _BALTIC, b"lv": _BALTIC, b"et": _BALTIC, b"tr": ("windows-1254",),
}  # fmt: skip
_WESTERN = "cp1252"
# What no language writes, and bytes in a wrong encoding look like: western letters in long rows,
# words that begin small and end in capitals, symbols inside of words, two scripts in one word,
# control characters.
_WRONG = re.compile(
    "(?:[\u0080-\u00bf\u02c6\u02dc\u2013-\u2122]*(?![İıŞşĞğ])[\u00c0-\u024f]){5,}"
    "|[а-џ][Ѐ-Я]{2,}|[Ѐ-Я]{2,}[а-џ]"
    "|[^\\W\\d_][¢-©¬®±¶†‡‰][^\\W\\d_]|[Ѐ-ӿ][¤¦§«¬®]"
    "|[A-Za-z\u00c0-\u024f][\u0370-\u06ff]|[\u0370-\u06ff][A-Za-z\u00c0-\u024f]"
    "|[\u0080-\u009f\u2500-\u259f\ue000-\uf8ff]"
)
_FOREIGN = re.compile("[^\x00-\x7f]+")
_SAMPLE = 1 << 16
_LEAST_WRONG = 10
_MOST_WRONG = 0.03


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
    a guess from the bytes, each as far as words come out of it. UTF-8 that was taken for a western
    encoding and encoded once more is turned back. Never fails: what cannot be read becomes U+FFFD.
    """
    named = [name for name in (_codec(declared), _codec(_in_page(body))) if name]
    for mark, charset in _MARKS:
        if body.startswith(mark):
            marked = body[len(mark) :].decode(charset, "replace")
            return Decoded(marked, charset, _differs(charset, named))
    text = _read(body, "utf-8")
    if text is not None and not _only_looks_like_utf8(body, named):
        twice = _turned_back(text)
        odd = not body.isascii() and _differs("utf-8", named)
        return Decoded(twice or text, "utf-8", misdeclared=bool(twice) or odd)
    return _least_wrong(body, named)


def is_wide(declared: str) -> bool:
    """Whether text in this charset has a NUL in every other place."""
    return _codec(declared).startswith("utf-16")


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


def _read(body: bytes, charset: str) -> str | None:
    try:
        return body.decode(charset)
    except (UnicodeDecodeError, ValueError):
        return None


def _least_wrong(body: bytes, named: list[str]) -> Decoded:
    """The first reading that is words throughout, or else the one with least that is none."""
    best: tuple[float, Decoded] | None = None
    for charset in _candidates(body, named):
        text = _read(body, charset)
        if text is None:
            continue
        decoded = Decoded(text, charset, _differs(charset, named))
        wrong = _wrong(text)
        if not wrong:
            return decoded
        if best is None or wrong < best[0]:
            best = wrong, decoded
    if best is not None:
        return best[1]
    charset = min([*named, _WESTERN], key=lambda name: _wrong_characters(body, name))
    if "utf-8" in named and _is_mostly_utf8(body):
        charset = "utf-8"
    return Decoded(body.decode(charset, "replace"), charset, _differs(charset, named))


def _candidates(body: bytes, named: list[str]) -> Iterator[str]:
    # UTF-8 that was cut or has a stray byte in it is still UTF-8, and is read as far as it goes.
    if _SHIFTED.search(body):
        yield "iso-2022-jp"
    if "utf-8" in named and _is_mostly_utf8(body):
        return
    found = _LANGUAGE.search(body[:_HEAD])
    language = found[1].lower() if found else b""
    yield from (name for name in named if name != _WESTERN)
    yield from sorted(_UNWESTERN.get(language, ()), key=lambda name: _wrong_characters(body, name))
    yield from (name for name in named if name == _WESTERN)
    yield from _USUAL.get(language, ())
    for guess in detect_encoding(body[: 1 << 18]):
        charset = _codec(guess.replace("_", "-")) or _codec(guess)
        if charset and not charset.startswith("mac"):
            yield charset


def _wrong(text: str) -> float:
    """How much of *text* is no language's; zero for what little there always is."""
    sample = text[:_SAMPLE]
    wrong = _lengths(_WRONG, sample)
    share = wrong / max(_lengths(_FOREIGN, sample), 1)
    return share if wrong >= _LEAST_WRONG and share > _MOST_WRONG else 0.0


def _wrong_characters(body: bytes, charset: str) -> int:
    """How many characters of *body* in *charset* no language has or cannot be read."""
    text = body[:_SAMPLE].decode(charset, "replace")
    return _lengths(_WRONG, text) + text.count("\ufffd")


def _lengths(pattern: re.Pattern[str], text: str) -> int:
    return sum(len(found[0]) for found in pattern.finditer(text))


def _is_mostly_utf8(body: bytes) -> bool:
    text = body.decode("utf-8", "replace")
    return text.count("\ufffd") * 2 <= _lengths(_FOREIGN, text)


def _only_looks_like_utf8(body: bytes, named: list[str]) -> bool:
    if body.isascii() and _SHIFTED.search(body):
        return True
    kind = "utf-16" if 0 in body else "iso-2022" if body.isascii() else ""
    return bool(kind) and any(name.startswith(kind) for name in named)


def _turned_back(text: str) -> str:
    """*text* before it was encoded twice; empty for text that never was.

    No text of any language gives UTF-8 when its letters are taken for western bytes.
    """
    first = _FOREIGN.search(text)
    if first is None or not _once(first[0]):
        return ""
    return _once(text)


def _once(text: str) -> str:
    try:
        return text.encode("cp1252", _AS_BYTES).decode("utf-8")
    except UnicodeError:
        return ""


def _as_bytes(error: UnicodeError) -> tuple[bytes, int]:
    # Five bytes are no letter of windows-1252; software that knows it lets them through.
    if isinstance(error, UnicodeEncodeError) and "\x80" <= error.object[error.start] <= "\x9f":
        return bytes([ord(error.object[error.start])]), error.start + 1
    raise error


_AS_BYTES = "claims.web.charset"
codecs.register_error(_AS_BYTES, _as_bytes)


def _differs(charset: str, named: list[str]) -> bool:
    return any(name != charset for name in named)
