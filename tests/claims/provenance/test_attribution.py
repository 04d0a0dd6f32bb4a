"""Whose word a text rests on, as the reader finds it."""

import json
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.provenance.attribution import read, to_measure
from claims.provenance.attribution.lexicon import languages
from claims.text.attributed import Attribution
from tests.claims.provenance.attribution_score import score
from tests.shared import shared

_OWN = Path(__file__).with_name("attribution_cases.json")
_UNSEEN = Path(__file__).with_name("attribution_unseen.json")
_NEWS = Path(__file__).with_name("attribution_news.json")
_FINAL = Path(__file__).with_name("attribution_final.json")
_SEEDS = Path(__file__).parents[3] / "seeds"

FRAGMENTS = (
    "said", "told", "according to", "citing", "denied", "that", "who", "which", ",", ".", '"', "“",
    "”", ":", ";", "—", "(AP)", "the", "report", "Rehn", "Tomas", "Kell Herald", "and", "but",
    "he", "officials", "with inputs from", "quoted by", "as saying", "obtained by",
    "this newspaper",
    "\n", "\r\n", "<p>", "</p>", "<b>", "&amp;", "&#39;", "&nbsp;", "<", "\u200b",
    "\u00ad", "é", "e\u0301", "قال", "وفقا", "لصحيفة", "أمر", "אמר", "לפי",
    "one of", "of", "put", "asked by", "seen by", "ـ", "\x00", "a-t-elle", "dit-il", "qu'",
    "selon", "a déclaré", "dijo", "según", "l'", "'s", "S.", "3.5", "\u202b", "😀",
)  # fmt: skip


def _cases(path: Path, part: str | None = None) -> list[dict[str, Any]]:
    cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
    return [case for case in cases if part is None or case["part"] == part]


def _only(text: str, language: str = "en", **more: Any) -> Attribution:
    (edge,) = read(text, language=language, **more)
    return edge


def test_the_development_set_is_read_as_labelled() -> None:
    cases = _cases(shared("attribution/dev.json"))

    result = score(cases, to_measure({"cases": cases}))

    print(f"\nattribution, dev: {result}")  # noqa: T201 - the score is what the run is for
    assert result.precision >= 0.95
    assert result.recall >= 0.85
    assert result.denials_as_origins == 0
    assert result.forbidden == 0


@pytest.mark.parametrize(
    ("part", "precision", "recall"),
    [
        ("tuned", 0.97, 0.97),
        ("held_out", 0.97, 0.95),
        ("second", 0.95, 0.95),
        ("third", 0.90, 0.80),
    ],
)
def test_our_own_labelled_texts_are_read_as_labelled(
    part: str, precision: float, recall: float
) -> None:
    cases = _cases(_OWN, part)
    assert len(cases) >= 40

    result = score(cases, to_measure({"cases": cases}))

    print(f"\nattribution, {part}: {result}")  # noqa: T201 - the score is what the run is for
    assert result.precision >= precision
    assert result.recall >= recall
    assert result.denials_as_origins == 0


@pytest.mark.parametrize("language", ["en", "ar", "he", "fr", "es"])
def test_each_language_is_good_by_itself(language: str) -> None:
    cases = [case for case in _cases(_OWN) if case["lang"] == language]

    result = score(cases, to_measure({"cases": cases}))

    print(f"\nattribution, {language}: {result}")  # noqa: T201 - the score is what the run is for
    assert result.precision >= 0.90
    assert result.recall >= 0.85


@pytest.mark.parametrize("language", ["", "en", "ar", "he", "fr", "es"])
def test_texts_written_without_seeing_the_rules_are_read_too(language: str) -> None:
    cases = [case for case in _cases(_UNSEEN) if language in {"", case["lang"]}]

    result = score(cases, to_measure({"cases": cases}))

    print(f"\nattribution, unseen {language}: {result}")  # noqa: T201 - the score is what the run is for
    assert result.precision >= (0.90 if language else 0.95)
    assert result.recall >= (0.80 if language else 0.88)
    assert result.denials_as_origins == 0
    assert result.forbidden == 0


@pytest.mark.parametrize(
    ("part", "precision", "recall"),
    [
        ("first", 0.98, 0.98),
        ("second", 0.97, 0.93),
        ("third", 0.98, 0.97),
        ("fourth", 0.98, 0.96),
        ("fifth", 0.97, 0.96),
        ("sixth", 0.97, 0.97),
        ("seventh", 0.97, 0.93),
        ("eighth", 0.98, 0.98),
        ("ninth", 0.97, 0.94),
        ("tenth", 0.94, 0.90),
        ("eleventh", 0.99, 0.96),
    ],
)
def test_news_copy_labelled_before_it_was_read_stays_read(
    part: str, precision: float, recall: float
) -> None:
    cases = _cases(_NEWS, part)

    result = score(cases, to_measure({"cases": cases}))

    print(f"\nattribution, news {part}: {result}")  # noqa: T201 - the score is what the run is for
    assert result.precision >= precision
    assert result.recall >= recall
    assert result.denials_as_origins == 0


@pytest.mark.parametrize("language", ["en", "ar", "he", "fr", "es"])
def test_news_copy_is_read_in_each_language(language: str) -> None:
    cases = [case for case in _cases(_NEWS) if case["lang"] == language]

    result = score(cases, to_measure({"cases": cases}))

    print(f"\nattribution, news {language}: {result}")  # noqa: T201 - the score is what the run is for
    assert result.precision >= 0.95
    assert result.recall >= 0.95


def _marked_up(text: str) -> str:
    return "<div class='x'><p>" + text.replace(", ", ", <b>") + "</b></p><br/>"


@pytest.mark.parametrize(
    "damage",
    [
        _marked_up,
        lambda text: text.replace(", ", ",&nbsp;"),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: "\u200f" + text.replace(" ", " \u200f") + "\u202c",
        lambda text: "\ufeff" + text + "\r\n\r\n",
        lambda text: text.replace(" that ", "\r\nthat "),
    ],
    ids=["tags", "entities", "hard spaces", "direction marks", "byte order mark", "wrapped"],
)
def test_what_a_page_leaves_in_its_text_changes_nothing(damage: Callable[[str], str]) -> None:
    cases = _cases(_NEWS, "first")
    whole = score(cases, to_measure({"cases": cases}))
    spoilt = [case | {"text": damage(case["text"])} for case in cases]

    result = score(spoilt, to_measure({"cases": spoilt}))

    assert (result.right, result.predicted) == (whole.right, whole.predicted)


def test_an_entity_in_a_name_is_kept_as_printed() -> None:
    text = "<p>Turan&#39;s foreign ministry confirmed the visit.</p>"

    edge = _only(text)

    assert edge.source == text[slice(*edge.source_span)] == "Turan&#39;s foreign ministry"


def test_texts_no_rule_was_ever_changed_for_are_read_as_well() -> None:
    """Keep it so: a rule that is mended because of these texts makes the figure worthless."""
    cases = _cases(_FINAL)

    result = score(cases, to_measure({"cases": cases}))

    print(f"\nattribution, final: {result}")  # noqa: T201 - the score is what the run is for
    assert result.precision >= 0.96
    assert result.recall >= 0.88
    assert result.denials_as_origins == 0
    assert result.forbidden == 0


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "حديث عن محادثات سرية بين باكستان وإسرائيل"),
        ("he", "השליח ביקר בכפר ומסר חבילה סגורה לידי המוכתר."),
        ("he", 'השליח ביקר בכפר ומסר "מכתב סודי" לראש הכפר.'),
        ("fr", "Une vedette assure trois traversées par jour."),
        ("es", "Una barca asegura el paso entre las dos orillas."),
    ],
)
def test_a_thing_for_an_object_makes_it_another_verb(language: str, text: str) -> None:
    assert read(text, language=language) == ()


@pytest.mark.parametrize(
    ("language", "text", "outlet"),
    [
        ("ar", "وفقا لـ Kell Monitor، أبحرت السفينة.", "Kell Monitor"),
        ("ar", "نقلا عن «صوت المرافئ»، توقفت الرافعات.", "صوت المرافئ"),
        ("he", "לפי Kell Monitor, הספינה הפליגה.", "Kell Monitor"),
        ("he", 'על פי "גל הצפון", המפעל ייסגר.', "גל הצפון"),
    ],
)
def test_quoted_and_latin_names_of_outlets_are_read(language: str, text: str, outlet: str) -> None:
    edge = _only(text, language)

    assert (edge.source, edge.kind, edge.depth) == (outlet, "outlet", 1)


def test_a_reason_given_within_somebody_elses_words_is_no_source() -> None:
    edge = _only(
        "Selon le Kell Courier, le bac est fermé parce qu'une étude a révélé des fissures.", "fr"
    )

    assert edge.source == "le Kell Courier"


@pytest.mark.parametrize("subject", ["Letter from Kell", "Norland", "Adviser to Rehn"])
def test_a_headline_that_leaves_out_is_is_still_a_passive(subject: str) -> None:
    assert read(f"{subject} said to seek secret talks with Vale", language="en") == ()


def test_a_description_between_commas_is_not_another_person() -> None:
    edge = _only("Omar Rehn, an analyst at Stratum, the Kell firm, said the base was empty.")

    assert edge.source == "Omar Rehn"


def test_the_words_of_a_source_are_given_as_printed() -> None:
    edge = _only("Cafe\u0301 owner Rene\u0301 Abt said the shop was shut.")

    assert edge.source == "Rene\u0301 Abt"


def test_the_seed_article_rests_on_one_report() -> None:
    text = next(_SEEDS.glob("000_*.txt")).read_text(encoding="utf-8")

    edges = read(text, language="en")
    own = [edge for edge in edges if edge.same_as is None]

    assert [(edge.source, edge.depth, edge.named) for edge in own] == [
        ("Middle East Monitor", 1, True),
        ("a Hebrew news website", 2, False),
        ("Imran Khan", 1, True),
    ]
    relay = own[0]
    assert own[1].from_id == relay.id
    assert own[1].kind == "unnamed"
    repeats = [edge for edge in edges if edge.same_as == relay.id]
    assert [edge.source for edge in repeats] == [
        "Report",
        "the report",
        "The report",
        "the report",
    ]


def test_an_outlet_that_was_told_stands_between_article_and_speaker() -> None:
    outlet, speaker = read("Baker Lena Abt told Plains TV the shop was shut.", language="en")

    assert (outlet.source, outlet.from_id) == ("Plains TV", "article")
    assert (speaker.source, speaker.from_id, speaker.depth) == ("Lena Abt", outlet.id, 2)


@pytest.mark.parametrize(
    ("language", "text", "sources"),
    [
        ("fr", "« Le pont tient », a-t-elle déclaré.", ["elle"]),
        ("fr", "« Le pont tient », assure-t-il.", ["il"]),
        ("fr", "Le maire a de son côté annoncé que le pont fermera.", ["Le maire"]),
        ("es", "Aseguró además un portavoz que el puente resiste.", ["un portavoz"]),
        ("es", "Desmintió la compañía que el puente cierre.", ["la compañía"]),
        ("ar", "لكن سكان الحي أكدوا أن الجسر مغلق.", ["سكان الحي"]),
        ("he", 'האתר "גל הצפון" פרסם כי הגשר נסגר.', ["גל הצפון"]),
    ],
)
def test_a_verb_before_or_around_its_speaker_is_read(
    language: str, text: str, sources: list[str]
) -> None:
    assert [edge.source for edge in read(text, language=language)] == sources


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Contrary to what the Kell Herald reported, no crane has fallen."),
        ("fr", "Contrairement à ce qu'a écrit Le Courrier de Kell, le bac navigue."),
        ("es", "En contra de lo publicado por El Faro de Kell, el puente sigue abierto."),
        ("he", 'בניגוד לדיווח בעיתון "גל הצפון", הגשר לא נסגר.'),
        ("ar", "خلافا لما ذكرته صحيفة المرفأ، لم يغلق الجسر."),
    ],
)
def test_a_report_that_is_contradicted_is_still_who_reported_it(language: str, text: str) -> None:
    edge = _only(text, language)

    assert (edge.kind, edge.depth, edge.rule) == ("outlet", 1, "contradicted")


def test_what_an_outlet_learned_from_others_rests_on_them() -> None:
    outlet, officials = read(
        "The Kell Herald has learned from two officials that the port will close.", language="en"
    )

    assert (officials.source, officials.from_id) == ("two officials", outlet.id)


def test_one_of_them_is_no_further_source() -> None:
    group, again = read(
        "Three officials said the port would close. One of the officials said it was late.",
        language="en",
    )

    assert again.same_as == group.id


@pytest.mark.parametrize(
    "text",
    [
        "Verdens reports that the bank will cut jobs.",
        "Verdens quoted a banker as saying that jobs would go.",
        "The cuts, first reported by Verdens, begin in May.",
    ],
)
def test_one_word_that_reports_and_is_nobodys_surname_is_an_outlet(text: str) -> None:
    assert read(text, language="en")[0].kind == "outlet"


def test_where_somebody_posted_is_no_source() -> None:
    edge = _only("The governor wrote on Telegram that the road was open.")

    assert edge.source == "The governor"


def test_what_the_publisher_was_told_is_one_hop() -> None:
    edge = _only("Baker Lena Abt told Plains TV the shop was shut.", outlet="Plains TV")

    assert (edge.source, edge.depth) == ("Lena Abt", 1)


def test_a_denial_is_no_attribution() -> None:
    edge = _only("Mayor Tomas Rehn denied that the stadium had been sold.")

    assert edge.is_denial
    assert edge.source == "Tomas Rehn"


@pytest.mark.parametrize(
    "text",
    [
        "Each guest pays according to age.",
        "She left the race, citing family reasons.",
        "The suspect reportedly fled.",
        "It is believed that the vault was empty.",
        "The court denied bail to the driver.",
        "The minister declined to comment.",
        "The storm claimed nine lives.",
        "Hundreds were told to leave their homes.",
        "That said, the harbour is busy.",
        "Opinion: The bridge nobody needed",
        "The charity According to Mary feeds 200 families.",
    ],
)
def test_what_names_nobody_gives_no_edge(text: str) -> None:
    assert read(text, language="en") == ()


def test_a_report_named_again_is_no_second_source() -> None:
    first, again = read(
        "The Ridge Times said the vault was empty. According to the report, a guard fled.",
        language="en",
    )

    assert again.same_as == first.id
    assert again.resolves_to == "The Ridge Times"


def test_each_part_of_a_sentence_rests_on_its_own_source() -> None:
    mayor, doctors = read(
        "The mayor says the water is clean, but doctors say children are falling ill.",
        language="en",
    )

    assert mayor.reach[0][1] <= doctors.reach[0][0]


def test_an_agency_in_the_dateline_reaches_the_whole_text() -> None:
    text = "OSLO (AP) — The court opens on Monday. It has nine judges."

    edge = _only(text)

    assert edge.source == "AP"
    assert edge.reach == ((0, len(text)),)


def test_invisible_characters_do_not_shift_the_spans() -> None:
    text = "The tunnel \u200bflooded, accord\u00ading to the Sierra\u200b Herald."

    edge = _only(text)

    assert text[slice(*edge.source_span)] == "the Sierra\u200b Herald"
    assert text[slice(*edge.cue_span)] == "accord\u00ading to"


def test_each_language_has_its_data_file() -> None:
    assert languages() == {"en", "ar", "he", "fr", "es"}


def test_a_language_without_a_data_file_gives_no_edges() -> None:
    assert read("Das Rathaus sagte, die Brücke sei sicher.", language="de") == ()


@pytest.mark.parametrize("language", ["", "und", "xx", "fre", "fr-CA", "FR_fr", " fr "])
def test_a_language_that_is_missing_or_says_nothing_is_guessed(language: str) -> None:
    edges = read("Selon la mairie, le pont est fermé.", language=language)

    assert [edge.source for edge in edges] == ["la mairie"]


def test_portuguese_is_not_read_as_if_it_were_spanish() -> None:
    assert read("O ministro dijo que a ponte está fechada.", language="pt") == ()


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"cases": None},
        {"cases": [None, 5, "x"]},
        {"cases": [{"id": "a"}]},
        {"cases": [{"id": "a", "lang": None, "text": None}]},
        {"cases": [{"id": "a", "lang": "xx-YY", "text": "He said no."}]},
        {"cases": [{"id": "a", "lang": "en", "text": ""}]},
        {"cases": [{"lang": "en", "text": "\x00\x00said\ud800"}]},
    ],
)
def test_odd_input_is_measured_without_an_error(document: dict[str, Any]) -> None:
    assert isinstance(to_measure(document), dict)


def test_measured_edges_carry_the_names_of_the_contract() -> None:
    answer = to_measure(
        {"cases": [{"id": "a", "lang": "en", "text": "Police said nobody was hurt."}]}
    )

    assert set(answer["a"][0]) >= {
        "id", "from", "source", "source_span", "kind", "named", "cue", "cue_span", "depth",
        "is_denial", "resolves_to", "same_as",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The bridge is shut, according to one of"),
        ("en", "Two of"),
        ("en", "Kell put ـ . at"),
        ("en", "A memo seen by"),
        ("en", "asked by"),
        ("fr", "a-t-elle"),
        ("fr", "« Oui », a-t-elle"),
        ("ar", "قال ـ"),
        ("ar", "نسبت"),
        ("he", 'סיפר ל"'),
        ("es", "y dijo"),
    ],
)
def test_a_text_that_breaks_off_is_read_without_an_error(language: str, text: str) -> None:
    assert all(edge.source for edge in read(text, language=language))


@pytest.mark.parametrize("language", ["en", "ar", "he", "fr", "es"])
def test_letters_in_two_pieces_are_read_as_letters_in_one(language: str) -> None:
    for case in [case for case in _cases(_NEWS, "fifth") if case["lang"] == language]:
        whole = read(unicodedata.normalize("NFC", case["text"]), language=language)
        apart = read(unicodedata.normalize("NFD", case["text"]), language=language)

        assert [unicodedata.normalize("NFC", edge.source) for edge in apart] == [
            unicodedata.normalize("NFC", edge.source) for edge in whole
        ]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from(FRAGMENTS), max_size=40).map(" ".join) | st.text(max_size=200),
    st.sampled_from(["en", "ar", "he", "fr", "es", "", "und", "zz"]),
)
def test_spans_always_hold_the_exact_words(text: str, language: str) -> None:
    edges = read(text, language=language)

    by_id = {edge.id: edge for edge in edges}
    for edge in edges:
        start, end = edge.source_span
        assert 0 <= start < end <= len(text)
        assert edge.source == text[start:end]
        assert edge.cue == text[slice(*edge.cue_span)]
        assert edge.cue_span[0] < edge.cue_span[1]
        assert 0 < edge.confidence <= 1
        assert all(0 <= low <= high <= len(text) for low, high in edge.reach)
        parent = by_id.get(edge.from_id)
        assert edge.depth == (1 if parent is None else parent.depth + 1)
        assert (edge.from_id == "article") == (parent is None)
        assert edge.same_as is None or edge.same_as in by_id
        assert edge.same_as != edge.id


@pytest.mark.parametrize(
    "text",
    [
        "the mayor of Kell said that " * 8_000,
        "word " * 40_000,
        '"' * 10_000,
        '"I said," he said. ' * 2_000,
        "a" * 200_000,
        "(" * 50_000,
        "the mayor, " * 10_000 + "said no",
        "according to the " * 10_000,
        "<p " * 60_000,
        "word\n" * 40_000,
        "one of " * 20_000 + "said no",
        "which the Herald obtained, " * 8_000,
        "\u202eقال\u202c the mayor said \u2067אמר\u2069 " * 6_000,
        "e\u0301 said le\u0301a " * 12_000,
        "\x00\x01 said \x1f" * 15_000,
    ],
    ids=[
        "cues",
        "words",
        "quotes",
        "quotations",
        "letters",
        "brackets",
        "commas",
        "frames",
        "tags",
        "lines",
        "partitives",
        "relatives",
        "directions",
        "combining marks",
        "control characters",
    ],
)
def test_hostile_texts_are_read_in_bounded_time(text: str) -> None:
    started = time.perf_counter()

    edges = read(text, language="en")

    assert time.perf_counter() - started < 20
    assert all(edge.source for edge in edges)
