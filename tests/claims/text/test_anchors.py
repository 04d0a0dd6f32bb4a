"""Names and numbers that survive a translation."""

from claims.text.anchors import anchors, likeness

ENGLISH = (
    "A ferry between Vessany and Orrel was shut on 5 March 2024 after 43 cracks were found in its "
    "loading ramp, the harbour master Ivo Lund told the Vessany Courier. Some 1,200 passengers "
    "from Marlby and Dunmere were sent home. Minister Ane Holt, speaking in Halver, promised 17 "
    "buses by 9:30 on Friday; Tariq Bell of the union in Fennmark called that a joke and asked "
    "for 350 thousand crowns."
)
ARABIC = (
    "أغلقت عبّارة بين فيساني وأوريل في ٥ مارس ٢٠٢٤ بعد العثور على ٤٣ شقا في منحدر التحميل، "
    "كما قال مدير الميناء إيفو لوند لصحيفة فيساني كوريير. وأعيد نحو ١٢٠٠ راكب من مارلبي "
    "ودنمير إلى بيوتهم. ووعدت الوزيرة آني هولت في هالفر بتوفير ١٧ حافلة بحلول ٩:٣٠ يوم الجمعة،"
    " ووصف طارق بيل من النقابة في فينمارك ذلك بالنكتة وطالب بمبلغ ٣٥٠ ألف كرونة."
)
OTHER = (
    "The county museum in Ashgrove bought 12 paintings of Petra Lindqvist in 1998 and lost 3 of "
    "them, its keeper Samir Okafor wrote in Westmere. Nobody in Pinehollow had insured the roof, "
    "and the council of Brindle wants 90 crowns from each of the 26 households before Sunday, "
    "as Greta Vance of Coldharbour has said since 2001."
)


def test_a_name_has_the_same_consonants_in_three_scripts() -> None:
    assert "ntn" in anchors("It was Netanyahu who called.").sequence
    assert "ntn" in anchors("اتصل نتنياهو اليوم").sequence
    assert "ntn" in anchors("היום התקשר נתניהו").sequence


def test_numbers_are_read_in_all_digits_and_separators() -> None:
    assert anchors("It cost 1,200 or 1.200 or ١٢٠٠ or 12.5 in all").sequence == (
        "1200",
        "1200",
        "1200",
        "12.5",
    )


def test_a_translation_is_liker_than_another_story() -> None:
    arabic = anchors(ARABIC)
    assert likeness(anchors(ENGLISH), arabic) > 0.4
    assert likeness(anchors(OTHER), arabic) < 0.1


def test_a_few_words_are_like_nothing() -> None:
    assert likeness(anchors("Ivo Lund, 43"), anchors("إيفو لوند ٤٣")) == 0.0
