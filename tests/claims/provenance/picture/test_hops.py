"""The picture in sentences: every link, from the articles to what they lean on."""

from claims.provenance.picture import Link, Node, Picture, hops

NODES = (
    Node("a", "Ledger Review"),
    Node("m", "Middle East Monitor", "outlet"),
    Node("u", "a website", "unnamed"),
    Node("p", "Ivo Lund", "person"),
)


def said(*links: Link) -> list[str]:
    told = hops(Picture(NODES, links))
    return [hop.sentence.replace("\u2068", "").replace("\u2069", "") for hop in told]


def test_the_chain_is_told_from_the_article_to_its_source() -> None:
    links = (
        Link("m", "u", cue="citing", status="suggested"),
        Link("a", "m", cue="reported"),
    )
    assert said(*links) == [
        "Ledger Review has it from Middle East Monitor (“reported”).",
        (
            "Middle East Monitor has it from a website"
            " (nobody is named; “citing”; suggested, not confirmed)."
        ),
    ]


def test_a_denial_and_a_mere_link_are_told_as_what_they_are() -> None:
    assert said(Link("a", "p", is_denial=True), Link("a", "m", "links_to")) == [
        "Ledger Review links to Middle East Monitor (carries no dependence).",
        "Ledger Review says that it is not so, on the word of Ivo Lund.",
    ]


def test_names_are_isolated_from_the_sentence_around_them() -> None:
    (hop,) = hops(Picture(NODES, (Link("a", "p"),)))
    assert hop.sentence.startswith("\u2068Ledger Review\u2069 has it from \u2068Ivo Lund\u2069")


def test_a_link_to_nothing_in_the_picture_is_passed_over() -> None:
    assert said(Link("a", "nowhere")) == []
