"""Real people, institutions and outlets get no word in the sample that is not in the seed.

A machine can only hold names, numbers and, in the translations, the whole vocabulary. Whoever
changes a page of the first story reads it against the seed article as well.
"""

import re
from datetime import date

import pytest

from tests.seeds.samples import SEED_ARTICLE, SEEDS, Sample, read, samples

SEED = SEED_ARTICLE.read_text(encoding="utf-8")
SEED_WORDS = set(re.findall(r"[a-z]+", SEED.lower()))
LETTER = [sample for sample in samples() if sample.story == "letter"]


def words_of(text: str) -> set[str]:
    return set(text.split())


# What stands around an article, and words that open a sentence.
FURNITURE = words_of(
    """
    about archive articles arts boats business classifieds climate comments constructed contact
    council culture essays events family farming front harbour home homes jobs latest letters
    local mail market money most newsletter notices opinion politics print puzzles readers reading
    region schools shore sport stars tags today topics village weather week wire yesterday
    he it what
    """
)
# Words that open a sentence before a name.
OPENERS = words_of("according as an at for from in on the while")
# What the seed prints with a first name between.
SHORTENED = ["Prime Minister Khan"]
MONTHS = "January February March April May June July August September October November December"

# Arabic and Hebrew, name by name, as the seed article has them in English.
NAMES = {
    "ar": {
        "باكستان": "Pakistan",
        "باكستاني": "Pakistani",
        "إسرائيل": "Israel",
        "عمران خان": "Imran Khan",
        "رئيس الوزراء": "Prime Minister",
        "الموساد": "Mossad",
        "يوسي كوهين": "Yossi Cohen",
        "سيد بخاري": "Sayed Bukhari",
        "مطار بن غوريون الدولي": "Ben Gurion International Airport",
        "تل أبيب": "Tel Aviv",
        "للخطوط الجوية البريطانية": "British Airways",
        "20 نوفمبر": "November 20",
        "إسلام آباد": "Islamabad",
        "لندن": "London",
        "وزارة الخارجية": "Ministry of Foreign Affairs",
        "القدس": "Jerusalem",
        "فلسطين": "Palestine",
        "حل الدولتين": "two-state solution",
    },
    "he": {
        "פקיסטן": "Pakistan",
        "פקיסטני": "Pakistani",
        "ישראל": "Israel",
        "אימראן ח'אן": "Imran Khan",
        "ראש הממשלה": "Prime Minister",
        "המוסד": "Mossad",
        "יוסי כהן": "Yossi Cohen",
        "סייד בוכארי": "Sayed Bukhari",
        "נמל התעופה הבינלאומי בן גוריון": "Ben Gurion International Airport",
        "תל אביב": "Tel Aviv",
        "בריטיש איירווייז": "British Airways",
        "20 בנובמבר": "November 20",
        "איסלאמאבאד": "Islamabad",
        "לונדון": "London",
        "משרד החוץ": "Ministry of Foreign Affairs",
        "ירושלים": "Jerusalem",
        "פלסטין": "Palestine",
        "פתרון שתי המדינות": "two-state solution",
    },
}
# Every other word of the translations; a new one has to be read and added by hand.
OTHER_WORDS = {
    "ar": words_of(
        """
        آباد أبيب أجل أن أيام أُخذ إذ إسرائيل إسلام إلى إن الاستقرار الاقتصادي الباكستاني
        البريطانية الجوية الخارجية الدولتين الدولي الرحلة العلاقات القدس الكبير المرفأ المسؤول
        المستمر الموساد الوزراء اليوم بإسرائيل باكستان باكستاني بالإنجليزية بخاري بدأت بسبب بشأن
        بضعة بقي بن بين ترجمة تسعى تطبيع تعترف تل ثم جاءت جهاز حديث حل خان رئيس رحلة رسالة رسميا
        زار سرية سلّم سلّمت سيد صراعها طلبا عبر على عمران عن غوريون فلسطين في قادمة كبير كوهين
        لتطبيع لـ للخطوط للقراءة لندن مؤخرا مباشرة متن محادثات مزيد مسؤول مستشار مطار مع مكتب من
        نقلا نوفمبر هو وإسرائيل وإن وبدأت وزارة وسلّم وصل وفقا ولا ويبدو ويُعتقد ويُقال يوسي
        يُقال
        """
    ),
    "he": words_of(
        """
        אביב איירווייז אימראן אינה ב בוכארי בטיסה ביקר בירושלים בישראל בן בנובמבר בנמל בריטיש בשל
        בתל גוריון דרך הבינלאומי הבכיר הגיע ההערכה הוא החוץ היא היישר המדינות המוסד הממשלה
        המתמשך הסכסוך הפקיסטני התעופה ובכיר ומסר ונלקח ח'אן חשאיות יוסי יועץ יציבות ישראל כהן כי
        כך כלכלית כפי לאחרונה לאימראן לונדון למשרד לפי לראש לשם מאיסלאמאבאד מבקשת מכירה מכתב
        מפקיסטן מראש מתוך נורמליזציה נחת נטען נראה סביב סודי סייד עם פלסטין פקיסטן פקיסטני פתחה
        פתרון רשמית שהבכיר שהגיעה שיחות של שנטען שתי תרגום
        """
    ),
}
SCRIPT = {"ar": r"[\u0620-\u0652]+", "he": r"[\u05d0-\u05ea]+(?:'[\u05d0-\u05ea]+)?"}


def outlets() -> set[str]:
    """The constructed outlets, owners and agencies, as they are printed."""
    rows = read(SEEDS / "desk.json")["outlets"]
    return {row["name"] for row in rows} | {row["owner"] for row in rows}


def language(sample: Sample) -> str:
    found = re.search(r'<html[^>]* lang="(\w\w)"', sample.source)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("sample", LETTER, ids=lambda sample: sample.file)
def test_no_capitalised_word_is_new(sample: Sample) -> None:
    printed = {word for name in outlets() for word in re.findall(r"[A-Za-z]+", name)}
    words = set(re.findall(r"\b[A-Z][A-Za-z]+", f"{sample.title} {sample.seen}"))
    new = {w for w in words if w.lower() not in SEED_WORDS | FURNITURE and w not in printed}
    assert not new - set(MONTHS.split()), new


@pytest.mark.parametrize("sample", LETTER, ids=lambda sample: sample.file)
def test_no_two_capitalised_words_make_a_new_name(sample: Sample) -> None:
    known = [SEED, *outlets(), *SHORTENED]
    for name in re.findall(r"[A-Z][a-z]+(?: [A-Z][a-z]+)+", f"{sample.title}\n{sample.text}"):
        first, rest = name.split(" ", 1)
        kept = rest if first.lower() in OPENERS else name
        assert any(kept in text for text in known), name


@pytest.mark.parametrize("sample", LETTER, ids=lambda sample: sample.file)
def test_no_number_is_new(sample: Sample) -> None:
    published = re.search(r'(?:datetime|name="date" content)="(\d{4}-\d\d-\d\d)', sample.source)
    assert published is not None
    day = date.fromisoformat(published[1])
    text = sample.text.replace(f"{day.day} {day:%B} {day.year}", "")
    assert set(re.findall(r"\d+", text)) <= set(re.findall(r"\d+", SEED))


@pytest.mark.parametrize("sample", LETTER, ids=lambda sample: sample.file)
def test_only_the_page_of_the_seed_and_its_copies_give_anybody_words(sample: Sample) -> None:
    quoted = re.findall(r'["“]([^"”]+)["”]', sample.text) if language(sample) == "en" else []
    assert set(quoted) <= set(re.findall(r'"([^"]+)"', SEED))


@pytest.mark.parametrize("code", ["ar", "he"])
def test_a_translation_has_only_words_that_were_read_against_the_seed(code: str) -> None:
    pages = [sample for sample in LETTER if language(sample) == code]
    text = "\n".join(f"{sample.title}\n{sample.text}" for sample in pages)
    assert pages
    for name, english in NAMES[code].items():
        assert name in text, name
        assert english in SEED, english
    words = set(re.findall(SCRIPT[code], text))
    names = {word for name in NAMES[code] for word in re.findall(SCRIPT[code], name)}
    assert not words - names - OTHER_WORDS[code]


def test_the_translations_cite_nobody_but_the_chain_and_constructed_outlets() -> None:
    latin = re.compile(r"[A-Za-z][A-Za-z' -]+[A-Za-z]")
    allowed = {
        "Middle East Monitor",
        "Ledger Review",
        SEED.splitlines()[1].removesuffix(": Report"),
    }
    for sample in LETTER:
        if language(sample) != "en":
            assert set(latin.findall(sample.text)) <= allowed, sample.file
