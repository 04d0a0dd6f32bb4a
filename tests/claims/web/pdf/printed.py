"""PDFs written by hand, as small as they can be."""

import zlib
from collections.abc import Mapping, Sequence

WIDTH = 6.0
"""Of each letter, in points."""

Placed = tuple[float, float, str]
_FONT = b"<</F 3 0 R>>"


def file_of(objects: Mapping[int, bytes], *, trailer: bytes = b"") -> bytes:
    """The numbered objects as a file; the first is its catalogue."""
    body = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, told in objects.items():
        places[number] = len(body)
        body += b"%d 0 obj\n%b\nendobj\n" % (number, told)
    table = len(body)
    size = max(objects) + 1
    body += b"xref\n0 %d\n0000000000 65535 f \n" % size
    body += b"".join(b"%010d 00000 n \n" % places.get(number, 0) for number in range(1, size))
    body += b"trailer\n<</Size %d/Root 1 0 R%b>>\n" % (size, trailer)
    return bytes(body + b"startxref\n%d\n%%%%EOF\n" % table)


def stream(data: bytes, *, told: bytes = b"") -> bytes:
    packed = zlib.compress(data, 9)
    head = b"<</Filter/FlateDecode/Length %d%b>>" % (len(packed), told)
    return b"%b\nstream\n%b\nendstream" % (head, packed)


def printed(*pages: Sequence[str | Placed], trailer: bytes = b"") -> bytes:
    """A PDF with these lines on its pages: below each other, or placed from below left."""
    text = "".join(line if isinstance(line, str) else line[2] for page in pages for line in page)
    return of_contents(*map(_content, pages), letters=text, trailer=trailer)


def of_contents(*contents: bytes, letters: str = "", trailer: bytes = b"") -> bytes:
    """A PDF whose pages draw what is told, with a font ``F`` of which no letter is there."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        3: b"<</Type/Font/Subtype/Type0/BaseFont/Arial/Encoding/Identity-H"
        b"/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>",
        4: b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Arial/DW %d/FontDescriptor 6 0 R"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>" % (WIDTH * 100),
        5: stream(_letters(letters)),
        6: b"<</Type/FontDescriptor/FontName/Arial/Flags 32/Ascent 800/Descent -200"
        b"/FontBBox[0 -200 600 800]/ItalicAngle 0/CapHeight 700/StemV 80>>",
    }
    kids = []
    for number, content in enumerate(contents):
        page = 7 + 2 * number
        kids.append(b"%d 0 R" % page)
        objects[page] = (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font%b>>"
            b"/Contents %d 0 R>>" % (_FONT, page + 1)
        )
        objects[page + 1] = stream(content)
    objects[2] = b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(kids), b" ".join(kids))
    return file_of(objects, trailer=trailer)


def picture() -> bytes:
    """A page that is nothing but a grey picture, as a scanner makes it."""
    pixels = b"<</Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceGray"
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 5 0 R"
        b"/Resources<</XObject<</I 4 0 R>>>>>>",
        4: pixels + b"/BitsPerComponent 8/Length 4>>\nstream\n\x80\x80\x80\x80\nendstream",
        5: stream(b"q 600 0 0 700 0 0 cm /I Do Q"),
    }
    return file_of(objects)


def locked() -> bytes:
    """A PDF that opens with a password which nobody told."""
    key = b"<" + b"61" * 32 + b">"
    encrypt = b"/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -4/O%b/U%b>>/ID[<00><00>]"
    return printed(["The bridge is shut."], trailer=encrypt % (key, key))


def _content(page: Sequence[str | Placed]) -> bytes:
    drawn = []
    for at, line in enumerate(page):
        left, bottom, words = (72, 720 - 14 * at, line) if isinstance(line, str) else line
        codes = words.encode("utf-16-be").hex()
        drawn.append(f"BT /F 10 Tf 1 0 0 1 {left:g} {bottom:g} Tm <{codes}> Tj ET")
    return "\n".join(drawn).encode()


def _letters(text: str) -> bytes:
    """Which letter each sign of the font means."""
    known = sorted(set(text.encode("utf-16-be").hex(" ", 2).split()))
    blocks = []
    for start in range(0, len(known), 100):
        part = known[start : start + 100]
        lines = "\n".join(f"<{unit}> <{unit}>" for unit in part)
        blocks.append(f"{len(part)} beginbfchar\n{lines}\nendbfchar")
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        + "\n".join(blocks)
        + "\nendcmap end end"
    ).encode()
