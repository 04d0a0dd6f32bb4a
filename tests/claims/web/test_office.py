"""Office documents give the words that evidence quotes, and nothing that is not shown."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.web.office import text_of
from claims.web.page import read

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OPEN = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
)


def zipped(parts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, words in parts.items():
            file.writestr(name, words)
    return buffer.getvalue()


def docx(inner: str, **more: str) -> bytes:
    return zipped({"word/document.xml": f"<w:document {W}><w:body>{inner}</w:body>", **more})


def odf(inner: str) -> bytes:
    root = f"<office:document-content {OPEN}><office:body>{inner}</office:body>"
    return zipped({"content.xml": f"{root}</office:document-content>"})


XLSX = zipped(
    {
        "xl/workbook.xml": "<workbook/>",
        "xl/sharedStrings.xml": "<sst><si><t>Year</t></si><si><r><t>Lor</t></r><r><t>ries</t></r>"
        "<rPh><t>rori</t></rPh></si></sst>",
        "xl/worksheets/sheet10.xml": "<worksheet><row><c><v>last</v></c></row></worksheet>",
        "xl/worksheets/sheet1.xml": '<worksheet><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c>'
        '</row><row><c><v>2025</v></c><c t="inlineStr"><is><t>seven</t></is></c></row>'
        "</worksheet>",
    }
)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            docx(
                "<w:p><w:r><w:t>The bridge</w:t></w:r><w:r><w:t xml:space='preserve'> is shut."
                "</w:t></w:r><w:del><w:r><w:delText>open</w:delText></w:r></w:del></w:p>"
                "<w:p/><w:p><w:r><w:t>He</w:t><w:tab/><w:t>said so.</w:t></w:r></w:p></w:document>"
            ),
            "The bridge is shut.\nHe\tsaid so.",
        ),
        (
            odf(
                "<office:text><text:h>Minutes</text:h><text:p>The <text:span>bridge</text:span>"
                " is<text:s/>shut.<office:annotation><text:p>really?</text:p></office:annotation>"
                " Now.</text:p></office:text>"
            ),
            "Minutes\nThe bridge is shut. Now.",
        ),
        (
            odf(
                "<table:table><table:table-row><table:table-cell><text:p>2025</text:p>"
                "</table:table-cell><table:table-cell><text:p>seven</text:p></table:table-cell>"
                "</table:table-row></table:table>"
            ),
            "2025\tseven",
        ),
        (XLSX, "Year\tLorries\n2025\tseven\nlast"),
        (
            zipped(
                {
                    "ppt/presentation.xml": "<p/>",
                    "ppt/slides/slide1.xml": '<a:p xmlns:a="a"><a:r><a:t>Shut</a:t></a:r></a:p>',
                }
            ),
            "Shut",
        ),
        (zipped({"a.txt": "words"}), None),
        (zipped({"content.xml": "\0"}), None),
        (docx("</w:document>").replace(b"\0", b"\1"), None),
        (b"PK\x03\x04 damaged", None),
    ],
)
def test_a_document_is_read_line_by_line(body: bytes, text: str | None) -> None:
    assert text_of(body) == text


def test_the_reader_takes_a_document_for_what_it_is() -> None:
    page = read(XLSX, media_type="application/octet-stream")
    assert page.text.startswith("Year\tLorries")
    assert page.oddities == ("document",)
    assert read(zipped({"a.txt": "words"})).oddities == ("not_text",)


def test_entities_and_bombs_unpack_nothing() -> None:
    entity = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    assert text_of(zipped({"word/document.xml": f"{entity}<w:p {W}><w:t>&x;a</w:t></w:p>"})) == ""
    bomb = docx("<w:p><w:t>" + "a" * (60 << 20) + "</w:t></w:p></w:document>")
    assert len(bomb) < 1 << 20
    assert text_of(bomb) == ""


@given(st.binary(max_size=300))
def test_whatever_comes_is_read_or_not(inner: bytes) -> None:
    text_of(zipped({"content.xml": inner.decode("latin-1")}))
    text_of(b"PK\x03\x04" + inner)
