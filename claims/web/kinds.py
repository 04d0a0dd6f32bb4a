"""What kind of file some bytes are, told by the bytes: a name or a label may say anything."""

import re

OCTETS = "application/octet-stream"

# Where a mark stands in the file, the mark, and the kind it stands for.
_MARKS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"fLaC", "audio/flac"),
    (0, b"OggS", "audio/ogg"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"MZ", "application/x-msdownload"),
    (0, b"\x7fELF", "application/x-elf"),
    (0, b"WARC/1.", "application/warc"),
    (257, b"ustar", "application/x-tar"),
)
_RIFF = {b"WAVE": "audio/wav", b"WEBP": "image/webp", b"AVI ": "video/x-msvideo"}
# ISO media: the brand says whether it is sound, a picture or a film.
_BRANDS = {
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heif",
    b"avif": "image/avif",
    b"qt  ": "video/quicktime",
}
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
_SVG = re.compile(rb"<svg\b", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml\b", re.IGNORECASE)
_SEEN = 4_096
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
    if body.startswith(b"RIFF"):
        return _RIFF.get(body[8:12])
    if body[4:8] == b"ftyp":
        return _BRANDS.get(body[8:12], "video/mp4")
    if body.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(body)
    return None


def _packed(body: bytes) -> str:
    document = _OPEN_DOCUMENT.search(body[:200])
    if document is not None:
        return document[1].decode()
    if b"[Content_Types].xml" in body[:_SEEN]:
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
    start = body[:_SEEN]
    page, drawing = _HTML.search(start), _SVG.search(start)
    # A script within a drawing makes no page of it, nor a drawing within a page.
    if drawing is not None and (page is None or drawing.start() < page.start()):
        return "image/svg+xml"
    if page is not None:
        return "text/html"
    if _XML.match(start):
        return "application/xhtml+xml" if b"www.w3.org/1999/xhtml" in start else "application/xml"
    return said if said in _TEXTS else "text/plain"
