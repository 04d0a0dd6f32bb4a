"""Words come out right where header, page and bytes say three things about their encoding."""

import pytest

from claims.web.charset import decode
from claims.web.page import read
from tests.claims.web.pages import html

RUSSIAN = "Совет долины решил закрыть старую плотину до осеннего паводка, сообщил мэр. "
ARABIC = "قرر مجلس الوادي إغلاق السد القديم قبل فيضانات الخريف، حسبما قال رئيس البلدية. "
HEBREW = "מועצת העמק החליטה לסגור את הסכר הישן לפני שיטפונות הסתיו, אמר ראש העיר. "
CHINESE = "山谷议会决定在秋季洪水之前关闭旧堰，市长星期二表示。居民将不得不绕道而行。"
JAPANESE = "谷の評議会は秋の洪水の前に古い堰を閉じることを決めたと、市長が述べた。"
GREEK = "Το συμβούλιο αποφάσισε να κλείσει το παλιό φράγμα, είπε ο δήμαρχος. "
GERMAN = "Das Wehr schließt vor den Überschwemmungen. „Früher ging’s nicht“, hieß es. "
FRENCH = "Le maire a dit : « l’été, c’est l’œuvre de l’État » – à Évry, où naît l’idée… "
ICELANDIC = "Þórður sagði að áin væri ófær. Það er óvíst hvað gerist, sögðu íbúarnir á Ísafirði. "
POLISH = "Rada postanowiła zachować starą latarnię; źródła mówią o ścianie i ćwierć milionie. "
CZECH = "Rada přístavu rozhodla zachovat starý maják, příští středu přijedou šéfové, řekl. "
HUNGARIAN = "A kikötői tanács úgy döntött, megőrzi a régi tornyot, mondta a szóvivő Győrben. "
TURKISH = "Liman kurulu eski feneri korumaya karar verdi, ışığın görülmediğini söyledi. "
LITHUANIAN = "Taryba nusprendė išsaugoti senąjį švyturį, sakė čia gyvenanti moteris, žvejai. "
SPANISH = "La señora Muñoz decidió conservar el faro; «nadie preguntó», dijo la niña. "
NAMES = "ВКонтакте сообщила, что СМИ не правы. ВКонтакте и ТАСС сообщают, что МИДу отвечено. "


def page(text: str, *, says: str = "", lang: str = "") -> str:
    meta = f'<meta charset="{says}">' if says else ""
    return f'<html lang="{lang}"><head>{meta}</head><body><p>{text * 8}</p></body></html>'


@pytest.mark.parametrize(
    ("text", "written", "header", "meta", "lang"),
    [
        (RUSSIAN, "cp1251", "iso-8859-1", "windows-1251", ""),
        (RUSSIAN, "cp1251", "iso-8859-1", "", "ru"),
        (RUSSIAN, "koi8-r", "windows-1251", "koi8-r", ""),
        (RUSSIAN, "cp1251", "koi8-r", "windows-1251", ""),
        (RUSSIAN, "koi8-r", "", "windows-1251", "ru"),
        (RUSSIAN, "iso8859-5", "windows-1251", "", "ru"),
        (RUSSIAN, "cp866", "", "", "ru"),
        (RUSSIAN, "utf-16-le", "utf-16le", "", "ru"),
        (RUSSIAN, "utf-8", "", "utf-16", "ru"),
        (NAMES, "cp1251", "windows-1251", "", "ru"),
        (ARABIC, "cp1256", "iso-8859-1", "windows-1256", ""),
        (HEBREW, "cp1255", "iso-8859-1", "", "he"),
        (CHINESE, "gb18030", "iso-8859-1", "gbk", ""),
        (JAPANESE, "euc-jp", "", "", "ja"),
        (JAPANESE, "iso2022_jp", "", "iso-2022-jp", ""),
        (GREEK, "cp1253", "iso-8859-1", "windows-1253", ""),
        (GERMAN, "cp1252", "iso-8859-1", "", "de"),
        (FRENCH, "cp1252", "iso-8859-1", "", "fr"),
        (ICELANDIC, "cp1252", "iso-8859-1", "", "is"),
        (POLISH, "cp1250", "iso-8859-1", "windows-1250", ""),
        (POLISH, "cp1250", "iso-8859-1", "", "pl"),
        (POLISH, "iso8859-2", "", "iso-8859-1", "pl"),
        (POLISH, "cp1250", "utf-8", "", "pl"),
        (CZECH, "iso8859-2", "iso-8859-1", "", "cs"),
        (CZECH, "cp1250", "iso-8859-1", "", "cs"),
        (HUNGARIAN, "cp1250", "", "utf-8", "hu"),
        (TURKISH, "cp1254", "iso-8859-1", "windows-1254", ""),
        (TURKISH, "iso8859-9", "", "", "tr"),
        (LITHUANIAN, "cp1257", "iso-8859-1", "", "lt"),
        (SPANISH, "cp1252", "", "utf-8", "es"),
        (FRENCH, "cp1252", "iso-8859-1", "windows-1251", "fr"),
        (ARABIC, "iso8859-6", "", "utf-8", "ar"),
        (ARABIC, "iso8859-6", "iso-8859-1", "", "ar"),
        (JAPANESE, "iso2022_jp", "", "utf-8", ""),
        (RUSSIAN, "cp866", "", "", ""),
    ],
)
def test_the_reading_with_words_in_it_wins(
    text: str, written: str, header: str, meta: str, lang: str
) -> None:
    body = page(text, says=meta, lang=lang).encode(written)
    assert decode(body, declared=header).text == body.decode(written)


@pytest.mark.parametrize("lang", ["de", ""])
def test_few_letters_in_much_markup_are_not_given_up_for_a_wrong_name(lang: str) -> None:
    much = f"<script>{'var a = 1;' * 4000}</script>{page(GERMAN, says='utf-8', lang=lang)}"
    assert decode(much.encode("cp1252"), declared="utf-8").text == much


def test_a_few_stray_bytes_are_all_that_is_lost_of_a_page() -> None:
    body = page(GERMAN, says="utf-8").encode()
    stray = body.replace("„".encode(), b"\x84", 2)
    assert decode(stray).text == page(GERMAN, says="utf-8").replace("„", "\ufffd", 2)


@pytest.mark.parametrize("text", [RUSSIAN, ARABIC, CHINESE, GERMAN, FRENCH])
def test_text_that_was_encoded_twice_is_turned_back_and_told(text: str) -> None:
    once = page(text).encode()
    taken = "".join(bytes([each]).decode("cp1252", "ignore") or chr(each) for each in once)
    decoded = decode(taken.encode(), declared="utf-8")
    assert (decoded.text, decoded.misdeclared) == (once.decode(), True)


def test_text_about_broken_letters_is_left_as_it_is() -> None:
    text = page("Wer „Ã¼“ statt „ü“ sieht, hat UTF-8 falsch gelesen, wie bei Ã¤ und Ã¶. ")
    decoded = decode(text.encode(), declared="utf-8")
    assert (decoded.text, decoded.misdeclared) == (text, False)


def test_wide_text_without_a_mark_is_text_where_the_server_says_so() -> None:
    body = page(RUSSIAN, lang="ru").encode("utf-16-be")
    assert "Совет долины" in read(body, media_type="text/html", charset="utf-16be").text
    assert read(body, media_type="text/html").oddities == ("not_text",)


@pytest.mark.parametrize(
    ("body", "declared", "charset", "odd"),
    [
        ("Grüße".encode(), "utf-8", "utf-8", False),
        ("Grüße".encode(), "iso-8859-1", "utf-8", True),
        ("Grüße".encode("cp1252"), "iso-8859-1", "cp1252", False),
        ("שלום עולם".encode("cp1255"), "windows-1255", "windows-1255", False),
        ("مرحبا".encode("cp1256"), "windows-1256", "windows-1256", False),
        ("你好".encode("gb18030"), "gb2312", "gb18030", False),
        ("\ufeffGrüße".encode(), "iso-8859-1", "utf-8", True),
        ("\ufeffGrüße".encode("utf-16-le"), "utf-8", "utf-16-le", True),
        (b"plain", "no-such-charset", "utf-8", False),
        (b"plain", "rot13", "utf-8", False),
        (b"plain", "zip", "utf-8", False),
    ],
)
def test_words_come_out_right_whatever_was_declared(
    body: bytes, declared: str, charset: str, *, odd: bool
) -> None:
    page = read(body, media_type="text/plain", charset=declared)
    assert page.charset == charset
    assert page.text == body.decode(charset).lstrip("\ufeff")
    assert ("wrong_charset" in page.oddities) == odd


def test_bytes_that_are_not_what_they_were_declared_to_be_are_guessed() -> None:
    words = "Grüße aus Marlby: die Fähre fährt im März wieder, für alle, die müde vom Fußweg sind."
    page = read(words.encode("cp1252"), media_type="text/plain", charset="utf-8")
    assert page.text == words
    assert "wrong_charset" in page.oddities


def test_a_charset_in_the_page_is_heard_when_the_header_is_silent() -> None:
    body = html(f'<p dir="rtl">{"שלום עולם טוב " * 60}</p>', head='<meta charset="windows-1255">')
    page = read(body.decode().encode("cp1255"))
    assert page.charset == "windows-1255"
    assert "שלום עולם" in page.text
