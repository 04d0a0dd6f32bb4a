"""A file is what its bytes are, whatever its name or a browser says."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.web.kinds import OCTETS, kind_of


def zipped(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, words in files.items():
            file.writestr(name, words)
    return buffer.getvalue()


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = "[Content_Types].xml"


def office(folder: str) -> bytes:
    return zipped(**{TYPES: "<Types/>", f"{folder}/document.xml": "<x/>"})


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
        (b"\0\0\0\x20ftypisom\0\0", "video/mp4"),
        (b"\0\0\0\x20ftypM4A \0\0", "audio/mp4"),
        (b"\0\0\0\x14ftypqt  \0\0", "video/quicktime"),
        (b"\0\0\0\x18ftypheic\0\0", "image/heic"),
        (b"\0\0\0\x18ftyphevc\0\0", "image/heic"),
        (b"\0\0\0\x18ftyp3gp4\0\0", "video/3gpp"),
        (b"\0\0\0\x08wide\0\0\1\0mdat", "video/quicktime"),
        (b"\x1a\x45\xdf\xa3\x01", "video/webm"),
        (b"\x1a\x45\xdf\xa3\x42\x82\x88matroska\0", "video/x-matroska"),
        (b"OggS\0\x02", "audio/ogg"),
        (b"OggS\0\x02\0\0\x80theora", "video/ogg"),
        (b"ID3\x04\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x64\0", "audio/mpeg"),
        (b"\xff\xe3\x90\0\0", "audio/mpeg"),
        (b"\xff\xf9\x50\0\0", "audio/aac"),
        (b"FORM\0\0\0\0AIFF\0", "audio/aiff"),
        (b"BM\x64\0\0\0\0\0", "image/bmp"),
        # Words that begin as files do.
        (b"BMW said on Friday that it sold 20 cars.", "text/plain"),
        (b"MZ motorcycles were made in Zschopau.", "text/plain"),
        (b"ID3 tags name a song.", "text/plain"),
        (b"The free press met.", "text/plain"),
        (b"\r\n%PDF-1.4\n", "application/pdf"),
        (
            office("word"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (office("xl"), XLSX),
        (zipped(**{"xl/media/1.png": "x" * 9_000, TYPES: "<Types/>"}), XLSX),
        (zipped(a="x"), "application/zip"),
        (b"MZ\x90\0", "application/x-msdownload"),
        (b"  <!DOCTYPE html><p>", "text/html"),
        (b"plain words\n<script>alert(1)</script>", "text/html"),
        (b"<p>hello</p>", "text/html"),
        (b"<!-- a --><img src=x onerror=alert(1)>", "text/html"),
        (b"<Ann> did you see <Bob>?", "text/plain"),
        ("<html><script>1</script>".encode("utf-16"), "text/html"),
        (b'<?xml version="1.0"?><svg onload="x">', "image/svg+xml"),
        (b"<!-- " + b"x" * 5_000 + b' --><svg onload="x">', "image/svg+xml"),
        (b'<?xml version="1.0"?><rss>', "application/xml"),
        ("Wörter, mehr nicht.".encode(), "text/plain"),
        ("كلمات".encode("utf-16"), "text/plain"),
        (b"\0\x01\x02\x03", OCTETS),
        (b"", OCTETS),
    ],
)
def test_bytes_show_what_they_are(body: bytes, kind: str) -> None:
    assert kind_of(body) == kind
    assert kind_of(body, said="image/png") == kind


@pytest.mark.parametrize("said", ["text/csv", "application/json", "message/rfc822"])
def test_among_texts_the_name_counts(said: str) -> None:
    assert kind_of(b"a,b\n1,2\n", said=said) == said
    assert kind_of(b"<html>", said=said) == "text/html"


def test_text_with_tags_is_a_page_where_a_browser_says_so() -> None:
    assert kind_of(b"Hello <marquee>you", said="text/html") == "text/html"
    assert kind_of(b"Hello you", said="text/html") == "text/plain"


@given(st.binary(max_size=600), st.text(max_size=20))
def test_whatever_comes_is_called_something(body: bytes, said: str) -> None:
    assert "/" in kind_of(body, said=said)
