"""Whether one text is a copy of another: how much, which passages, and which came first."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from claims.provenance.copies import By, Kind, Label, Relation, Text, compare, direction
from claims.provenance.wordings import site_boilerplate
from tests.claims.text import generator
from tests.claims.text.generator import COPIES, article, dice
from tests.claims.text.test_anchors import ARABIC, ENGLISH, OTHER

NOON = datetime(2031, 3, 1, 12, tzinfo=UTC)
COPIED = {Kind.COPY, Kind.PARTIAL}
ORIGINALS = 60


def found(kind: str) -> list[Relation]:
    """Sixty originals compared with one copy each."""
    change = COPIES[kind]
    return [
        compare(
            Text("original", article(seed)),
            Text("copy", change(article(seed), dice(1000 + seed))),
        )
        for seed in range(ORIGINALS)
    ]


@pytest.mark.parametrize("kind", [kind for kind in COPIES if kind != "35 % edited"])
def test_copies_of_six_kinds_are_found(kind: str) -> None:
    recall = sum(relation.kind in COPIED for relation in found(kind)) / ORIGINALS
    print(f"\ncopies, {kind}: recall {recall:.3f}")  # noqa: T201
    assert recall >= 0.99


def test_copies_with_a_third_of_their_words_changed_are_mostly_found() -> None:
    recall = sum(relation.kind in COPIED for relation in found("35 % edited")) / ORIGINALS
    print(f"\ncopies, 35 % edited: recall {recall:.3f}")  # noqa: T201
    assert recall >= 0.80


def reports(number: int) -> Text:
    return Text(f"r{number}", article(500 + number), site=f"site{number}")


def under_one_notice(number: int) -> Text:
    site = number % 6
    text = f"{article(600 + number, sentences=5)}\n{generator.boilerplate(site)}"
    return Text(f"n{number}", text, site=f"site{site}")


def at_one_press_conference(number: int) -> Text:
    text = generator.at_the_press_conference(700 + 2 * number, generator.quotation(number % 4))
    return Text(f"p{number}", text, site=f"site{number}")


@pytest.mark.parametrize("make", [reports, under_one_notice, at_one_press_conference])
def test_at_most_one_pair_of_strangers_in_a_thousand_is_called_copied(
    make: Callable[[int], Text],
) -> None:
    texts = [make(number) for number in range(48)]
    common = site_boilerplate(texts)
    pairs = list(combinations(texts, 2))
    false = [pair for pair in pairs if compare(*pair, common=common).kind in COPIED]
    print(f"\nstrangers, {make.__name__}: {len(false)} of {len(pairs)} pairs")  # noqa: T201
    assert len(false) <= len(pairs) / 1000


def test_two_reporters_at_one_press_conference_have_a_common_source() -> None:
    here, there = at_one_press_conference(0), at_one_press_conference(4)
    relation = compare(here, there)
    assert (relation.kind, relation.label) == (Kind.COMMON_SOURCE, Label.COMMON_SOURCE)
    assert relation.said_share > 0.8
    assert all(passage.said for passage in relation.passages if passage.words > 8)


def test_a_copy_shows_its_passages_with_their_places_in_both_texts() -> None:
    text = article(3)
    first = generator.sentences_of(text)[0]
    relation = compare(
        Text("b", f"Something else came first. {text}", first_seen=NOON + timedelta(hours=1)),
        Text("a", text, first_seen=NOON),
    )
    assert (relation.copy, relation.original) == ("b", "a")
    (passage,) = relation.passages
    assert text[slice(*passage.there)].startswith(first[:40])
    assert passage.here[0] == passage.there[0] + len("Something else came first. ")


def test_a_partly_copied_text_says_how_much() -> None:
    # Four sentences of twelve stand in both.
    shared = article(8, sentences=4)
    relation = compare(
        Text("a", f"{shared} {article(9, sentences=8)}"),
        Text("b", f"{article(10, sentences=8)} {shared}"),
    )
    assert relation.kind is Kind.PARTIAL
    assert 0.2 <= relation.share < 0.5
    assert relation.passages[0].words > 25


def test_two_short_flashes_are_copies_only_where_every_word_agrees() -> None:
    flash = "Orrel ferry to reopen Monday, mayor says"
    assert compare(Text("a", flash), Text("b", flash.upper())).kind is Kind.COPY
    other = "Orrel ferry to reopen Sunday, mayor says"
    assert compare(Text("a", flash), Text("b", other)).kind is Kind.INDEPENDENT
    assert compare(Text("a", "Read more"), Text("b", "Read more")).kind is Kind.INDEPENDENT


def test_texts_without_words_have_nothing_to_do_with_each_other() -> None:
    assert compare(Text("a", ""), Text("b", " … ")).kind is Kind.INDEPENDENT


# Which came first.


def text(name: str, **more: object) -> Text:
    return Text(name, article(1), outlet=f"The {name}", url=f"https://{name}.example/x", **more)  # type: ignore[arg-type]


EARLIER = {"first_seen": NOON}
LATER = {"first_seen": NOON + timedelta(days=1)}


def test_explicit_credit_outweighs_everything_else() -> None:
    # The earlier text credits the later one, which declares it canonical: the credit counts.
    copy = text("a", credits=frozenset({"the B"}), **EARLIER)
    original = text("b", canonical="https://a.example/x", **LATER)
    way = direction(copy, original)
    assert (way.copy, way.original, way.by) == ("a", "b", By.CREDIT)


def test_a_declared_canonical_address_outweighs_the_agency_and_the_time() -> None:
    copy = text("a", canonical="http://www.b.example/x/", **EARLIER)
    way = direction(copy, text("b", agency="The a", **LATER))
    assert (way.copy, way.by) == ("a", By.CANONICAL)


def test_a_paper_with_an_agencys_byline_has_it_from_the_agency() -> None:
    copy = text("a", agency="The b", **EARLIER)
    relation = compare(copy, text("b", issued="agency", **LATER))
    assert (relation.copy, relation.direction.by, relation.label) == (
        "a",
        By.ISSUER,
        Label.AGENCY,
    )


def test_two_papers_with_one_agencys_byline_have_an_agency_copy() -> None:
    relation = compare(
        text("a", agency="Kestrelwire", **LATER), text("b", agency="KESTRELWIRE", **EARLIER)
    )
    assert (relation.label, relation.copy) == (Label.AGENCY, "a")
    assert relation.direction.by is By.FIRST_SEEN


def test_a_printed_press_release_is_a_press_release_copy() -> None:
    relation = compare(text("a", **EARLIER), text("r", issued="press_release", **LATER))
    assert (relation.copy, relation.original, relation.label) == ("a", "r", Label.PRESS_RELEASE)


def test_a_text_of_neither_agency_nor_office_is_a_copy_of_another_outlet() -> None:
    assert compare(text("a", **EARLIER), text("b", **LATER)).label is Label.OUTLET


def test_a_few_words_in_common_are_incidental() -> None:
    # One sentence of two dozen: more than chance, far less than a part.
    shared = article(31, sentences=1)
    relation = compare(
        Text("a", f"{shared} {article(32, sentences=24)}"),
        Text("b", f"{article(33, sentences=24)} {shared}"),
    )
    assert (relation.kind, relation.label) == (Kind.INCIDENTAL, Label.INCIDENTAL)


def test_what_we_saw_first_is_a_weak_sign() -> None:
    way = direction(text("a", **LATER), text("b", **EARLIER))
    assert (way.copy, way.by, way.is_explicit) == ("a", By.FIRST_SEEN, False)
    assert way.confidence < 0.5


def test_two_texts_that_credit_each_other_say_nothing() -> None:
    way = direction(
        text("a", credits=frozenset({"The b"})), text("b", credits=frozenset({"The a"}))
    )
    assert (way.by, way.confidence) == (By.NOTHING, 0.0)


def test_the_order_of_the_two_makes_no_difference() -> None:
    here, there = text("a", **LATER), text("b", **EARLIER)
    assert compare(here, there) == compare(there, here)


# Other languages.


def test_a_translation_is_suggested_with_less_confidence_than_a_copy() -> None:
    english, arabic = Text("e", ENGLISH, language="en"), Text("a", ARABIC, language="ar")
    relation = compare(english, arabic)
    assert (relation.kind, relation.label) == (Kind.TRANSLATION, Label.TRANSLATION)
    assert relation.confidence <= 0.6


def test_a_translation_that_credits_its_original_points_to_it() -> None:
    english = Text("e", ENGLISH, outlet="Ledger Review", language="en", **LATER)  # type: ignore[arg-type]
    arabic = Text(
        "a",
        ARABIC,
        language="ar-EG",
        credits=frozenset({"Ledger Review"}),
        **EARLIER,  # type: ignore[arg-type]
    )
    assert compare(english, arabic).copy == "a"


def test_another_story_in_another_language_is_no_translation() -> None:
    relation = compare(Text("o", OTHER, language="en"), Text("a", ARABIC, language="ar"))
    assert relation.kind is Kind.INDEPENDENT
