"""What kind of file some bytes are, told by the bytes: a name or a label may say anything."""

import re

OCTETS = "application/octet-stream"
PDF = "application/pdf"

# Where a mark stands in the file, the mark, and the kind it stands for.
_MARKS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", PDF),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"fLaC", "audio/flac"),
    (0, b"FLV\1", "video/x-flv"),
    (0, b"\0\0\1\xba", "video/mpeg"),
    (0, b"\0\0\1\xb3", "video/mpeg"),
    (0, b"0&\xb2u\x8ef\xcf\x11\xa6\xd9\0\xaa\0b\xcel", "video/x-ms-asf"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"\x7fELF", "application/x-elf"),
    (0, b"WARC/1.", "application/warc"),
    (257, b"ustar", "application/x-tar"),
)
# Words may begin like this, too: "BMW said", "MZ motorcycles", "ID3 tags".
_WEAK_MARKS = (
    (b"BM", "image/bmp"),
    (b"MZ", "application/x-msdownload"),
    (b"ID3", "audio/mpeg"),
)
# A PDF may have something before its first line.
_LATE_PDF = re.compile(rb"(?:^|[\r\n]|\xef\xbb\xbf)%PDF-\d")
_LATEST_PDF = 1_024
_RIFF = {b"WAVE": "audio/wav", b"WEBP": "image/webp", b"AVI ": "video/x-msvideo"}
# ISO media: the brand says whether it is sound, a picture or a film.
_BRANDS = {
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"hevc": "image/heic",
    b"hevx": "image/heic",
    b"mif1": "image/heif",
    b"avif": "image/avif",
    b"qt  ": "video/quicktime",
}
# How films begin that were made before there were brands.
_OLD_FILMS = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip"})
_OFFICE = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_OPEN_DOCUMENT = re.compile(
    rb"mimetype(application/(?:vnd\.oasis\.opendocument\.[a-z]+|epub\+zip))"
)
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|iframe|title|meta)\b", re.IGNORECASE
)
_FRAGMENT = re.compile(
    rb"\s*</?(?:a|article|b|blockquote|br|center|div|em|font|form|h[1-6]|i|img|link|main|nav|ol"
    rb"|p|pre|section|span|strong|style|table|u|ul|video)(?=[\s/>])[^<]*>",
    re.IGNORECASE,
)
_TAG = re.compile(rb"<[a-z!/]", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_SVG = re.compile(rb"<svg\b", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml\b", re.IGNORECASE)
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_SEEN = 4_096
_SEEN_WITH_COMMENTS = 65_536
# What a text may be called by who brings it; the bytes of all of these look alike.
_TEXTS = frozenset(
    "text/plain text/csv text/tab-separated-values text/markdown text/calendar text/vcard"
    " application/json application/x-ndjson application/geo+json message/rfc822".split()
)


def kind_of(body: bytes, *, said: str = "") -> str:
    """The media type that the bytes show; *said* counts only among kinds that look alike.

    Bytes that look like a page are a page, whatever they are called. Nothing known is
    ``application/octet-stream``.
    """
    found = _marked(body)
    if found is not None:
        return found
    if _is_text(body):
        return _text(body, said=said)
    return OCTETS


def _marked(body: bytes) -> str | None:
    for place, mark, kind in _MARKS:
        if body.startswith(mark, place):
            return kind
    if body.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(body)
    if _LATE_PDF.search(body[:_LATEST_PDF]):
        return PDF
    if (found := _recorded(body)) is not None:
        return found
    weak = (kind for mark, kind in _WEAK_MARKS if body.startswith(mark))
    return None if _is_text(body) else next(weak, None)


def _recorded(body: bytes) -> str | None:
    """Sound, pictures and films in containers that hold more than one kind."""
    if body.startswith(b"RIFF"):
        return _RIFF.get(body[8:12])
    if body.startswith(b"FORM") and body[8:12] in {b"AIFF", b"AIFC"}:
        return "audio/aiff"
    if body.startswith(b"OggS"):
        return "video/ogg" if b"\x80theora" in body[:_SEEN] else "audio/ogg"
    if body.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/x-matroska" if b"matroska" in body[:_SEEN] else "video/webm"
    if body[4:8] == b"ftyp":
        return "video/3gpp" if body[8:10] == b"3g" else _BRANDS.get(body[8:12], "video/mp4")
    if body[:1] == b"\0" and body[4:8] in _OLD_FILMS:
        return "video/quicktime"
    return _bare_sound(body)


def _bare_sound(body: bytes) -> str | None:
    """A stream of MPEG sound without anything around it, told by its first frame."""
    if len(body) < 3 or body[0] != 0xFF:  # noqa: PLR2004 - a frame begins with eleven ones
        return None
    if body[1] & 0xF6 == 0xF0:  # noqa: PLR2004 - ADTS
        return "audio/aac"
    # Layer III; a rate of all ones is none.
    third = body[1] & 0xE6 == 0xE2 and body[2] >> 4 != 0xF  # noqa: PLR2004
    return "audio/mpeg" if third else None


def _packed(body: bytes) -> str:
    document = _OPEN_DOCUMENT.search(body[:200])
    if document is not None:
        return document[1].decode()
    if b"[Content_Types].xml" in body:
        return next((kind for folder, kind in _OFFICE if folder in body), "application/zip")
    return "application/zip"


def _is_text(body: bytes) -> bool:
    if body.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return True
    return bool(body) and b"\0" not in body[:_SEEN] and not _strange(body[:_SEEN])


def _strange(start: bytes) -> bool:
    """Whether there are characters of control that no text holds."""
    return any(byte < 32 and byte not in b"\t\n\f\r\x1b" for byte in start)  # noqa: PLR2004 - the space


def _text(body: bytes, *, said: str) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        # The letters of tags are the same in UTF-16, with a NUL beside each.
        body = body[2 : 2 * _SEEN].replace(b"\0", b"")
    start = _COMMENT.sub(b"", body[:_SEEN_WITH_COMMENTS])[:_SEEN]
    page, drawing = _HTML.search(start), _SVG.search(start)
    # A script within a drawing makes no page of it, nor a drawing within a page.
    if drawing is not None and (page is None or drawing.start() < page.start()):
        return "image/svg+xml"
    if page is not None or _FRAGMENT.match(start) or (said in _PAGES and _TAG.search(start)):
        return "text/html"
    if _XML.match(start):
        return "application/xhtml+xml" if b"www.w3.org/1999/xhtml" in start else "application/xml"
    return said if said in _TEXTS else "text/plain"
