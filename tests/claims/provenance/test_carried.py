"""Only what the claim rests on counts: other sources of the same article stand beside it."""

from claims.provenance.attribution import read
from claims.provenance.carried import Carried, How, carried, wanted

CLAIM = "The bridge over the Orle was closed on Monday because a pillar had cracked."


def look(text: str, *, language: str = "en", claim: str = CLAIM) -> Carried:
    return carried(
        wanted(claim, language="en"), text, read(text, language=language), language=language
    )


def names(found: Carried) -> list[list[str]]:
    return [[hop.source for hop in hops] for hops in found.chains]


def test_the_sentence_that_makes_the_claim_says_on_whose_word() -> None:
    found = look(
        "Orle was founded in 1204, historian Ada Bly said.\n"
        "The bridge over the Orle was closed on Monday because a pillar had cracked, the Lower"
        " Herald reported, citing an official.\n"
        "Repairs will cost a million, treasurer Tom Rehn said."
    )
    assert names(found) == [["the Lower Herald", "an official"]]
    assert found.how is How.STATED
    assert found.score == 1.0


def test_two_who_both_say_so_are_two_chains() -> None:
    found = look(
        "The Orle bridge was closed on Monday because a pillar had cracked, engineer Dana Wick"
        " and mayor Ana Lind said."
    )
    assert sorted(names(found)) == [["Ana Lind"], ["Dana Wick"]]


def test_other_words_for_the_same_are_found() -> None:
    found = look("On Monday they closed the Orle bridge over cracks in a pillar, Dana Wick said.")
    assert names(found) == [["Dana Wick"]]


def test_a_headline_is_asked_only_where_the_body_says_nothing() -> None:
    found = look(
        "Police: bridge over the Orle closed on Monday\n"
        "The bridge over the Orle was closed on Monday because a pillar had cracked, engineer"
        " Dana Wick said."
    )
    assert names(found) == [["Dana Wick"]]


def test_who_speaks_of_something_else_is_not_inherited() -> None:
    found = look(
        "The bridge over the Orle was closed on Monday because a pillar had cracked.\n"
        "The town has been a fine place to live, mayor Ana Lind said."
    )
    assert found.chains == ()


def test_a_hedge_inherits_the_report_the_story_comes_back_to() -> None:
    found = look(
        "Two bridges cross the river, the Upper Echo reported.\n"
        "They were built in 1931, according to the Lower Herald, citing an official.\n"
        "The bridge over the Orle was reportedly closed on Monday because a pillar had cracked.\n"
        "According to the Lower Herald, buses go round."
    )
    assert names(found) == [["the Lower Herald", "an official"]]
    assert found.how is How.INHERITED


def test_an_article_about_something_else_says_nothing_of_it() -> None:
    found = look("Lantern week begins on Friday.")
    assert (found.chains, found.said_at, found.score < 0.34) == ((), (), True)


def test_the_agency_whose_text_it_is_is_told_apart() -> None:
    found = look(
        "ORLE (Kestrelwire) — The bridge over the Orle was closed on Monday because a pillar had"
        " cracked, Dana Wick said."
    )
    assert found.byline is not None
    assert found.byline.source == "Kestrelwire"
    assert names(found) == [["Dana Wick"]]


def test_in_another_language_names_and_numbers_lead_to_the_sentence() -> None:
    found = look(
        "Le pont sur l'Orle à Vessany a été fermé le 4 mars, a déclaré Dana Wick.\nIl pleut.",
        language="fr",
        claim="The bridge in Vessany over the Orle was closed on 4 March.",
    )
    assert names(found) == [["Dana Wick"]]


def test_a_text_without_words_carries_nothing() -> None:
    for text in ("", "\n\n", "…", "\u200b"):
        assert look(text) == Carried()
    assert look("The bridge was closed.", claim="?").chains == ()


def test_a_sentence_of_a_megabyte_is_read_in_a_moment() -> None:
    long = "The bridge over the Orle was closed, " + "and then it rained " * 50_000 + "he said."
    assert carried(wanted(CLAIM, language="en"), long, (), language="en").score > 0
