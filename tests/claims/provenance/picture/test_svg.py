"""The picture: told without colour, safe to put on a page, legible small and large."""

import random
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.provenance.origins import DEPENDENCE, KINDS
from claims.provenance.picture import STYLE, Link, Node, Picture, draw, picture_of

SVG = "{http://www.w3.org/2000/svg}"

ARTICLE = Node("a", "Ledger Review", detail="Secret letter")
UNNAMED = Node("u", "a website the article does not name", "unnamed", standing="unnamed")


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own output


def words(svg: str) -> str:
    return " ".join(text for text in parsed(svg).itertext() if text.strip())


def box(svg: str, key: str) -> ET.Element:
    return next(g for g in parsed(svg).iter(f"{SVG}g") if g.get("data-key") == key)


def many(articles: int, wordings: int) -> Picture:
    """Articles of so many wordings, each of which leans on one of eight sources or another."""
    roll = random.Random(7)  # noqa: S311
    sources = [Node(f"s{n}", f"source {n}", sorted(KINDS)[n]) for n in range(8)]
    made, links = [], []
    for number in range(articles):
        name, wording = f"a{number:04}", number % wordings
        made.append(Node(name, f"Paper {number}", wording=str(wording), time=f"{number:04}"))
        target = f"s{wording % 8}" if wording % 5 else f"a{roll.randrange(number // 9 + 1):04}"
        links.append(Link(name, target, status=roll.choice(["confirmed", "suggested"])))
    return Picture((*made, *sources), tuple(links))


def test_a_source_nobody_names_has_a_shape_a_dash_and_words_of_its_own() -> None:
    shown = box(draw(Picture((ARTICLE, UNNAMED), (Link("a", "u"),))), "n-u")
    (outline,) = shown.iter(f"{SVG}polygon")
    assert outline.get("stroke-dasharray")
    assert "? NO NAME GIVEN" in " ".join(shown.itertext())


def test_a_picture_reads_from_left_to_right_on_a_page_that_does_not() -> None:
    assert parsed(draw(many(3, 3))).get("direction") == "ltr"


def test_a_circle_is_framed_and_called_one() -> None:
    nodes = (ARTICLE, Node("b", "Fennmark Daily"))
    picture = Picture(nodes, (Link("a", "b"), Link("b", "a")), (("a", "b"),))
    svg = draw(picture)
    frame = next(r for r in parsed(svg).iter(f"{SVG}rect") if r.get("class") == "prov-ring")
    assert frame.get("stroke-dasharray") == "14 5 3 5"
    assert "CIRCLE: THEY CITE ONE ANOTHER" in words(svg)
    assert "CIRCLE" not in words(draw(Picture(nodes, (Link("a", "b"),))))


def test_a_withdrawn_article_is_struck_through_and_called_so() -> None:
    svg = draw(Picture((Node("a", "Alpha", retracted=True),), ()))
    assert "WITHDRAWN" in words(svg)
    assert 'text-decoration="line-through"' in svg


def test_suggested_links_denials_and_mere_links_look_different_and_are_explained() -> None:
    nodes = (ARTICLE, UNNAMED, Node("p", "Ivo Lund", "person"), Node("b", "Beta"))
    links = (
        Link("a", "u", status="suggested"),
        Link("a", "p", is_denial=True),
        Link("b", "a", "links_to"),
        Link("b", "p"),
    )
    svg = draw(Picture(nodes, links))
    looks = {
        (path.get("stroke-width"), path.get("stroke-dasharray"))
        for path in parsed(svg).iter(f"{SVG}path")
        if path.get("class") == "prov-link"
    }
    assert len(looks) == 4
    for told in ("suggested, not confirmed", "denies it", "carries nothing", "confirmed by a"):
        assert told in words(svg)


def test_a_rejected_link_is_not_drawn() -> None:
    nodes = (ARTICLE, UNNAMED)
    rejected = draw(Picture(nodes, (Link("a", "u", status="rejected"),)))
    assert rejected == draw(Picture(nodes, ()))


def test_origins_stand_left_of_what_leans_on_them() -> None:
    chain = tuple(Node(name, name) for name in "abcd")
    svg = draw(Picture(chain, (Link("a", "b"), Link("b", "c"), Link("c", "d"), Link("a", "d"))))
    place = {
        name: float(next(box(svg, f"n-{name}").iter(f"{SVG}rect")).get("x", "0"))
        for name in "abcd"
    }
    assert place["d"] < place["c"] < place["b"] < place["a"]


def test_few_articles_of_one_wording_are_listed_in_one_box() -> None:
    papers = tuple(Node(f"a{n}", f"Paper {n}", wording="1") for n in range(3))
    shown = " ".join(box(draw(Picture(papers, (Link("a1", "a0", "copies"),))), "w-1").itertext())
    assert "3 articles, one wording" in shown
    assert all(f"Paper {n}" in shown for n in range(3))


def test_many_articles_are_folded_and_opened_on_demand() -> None:
    picture = many(60, 6)
    folded = draw(picture, open_url=lambda key: f"?open={key}")
    assert "10 articles, one wording" in words(folded)
    assert 'href="?open=w-1"' in folded
    opened = draw(picture, open_groups={"w-1"}, open_url=lambda key: f"?open={key}")
    assert 'href="?open=w-1"' not in opened
    assert "• \u2068Paper 55\u2069" in words(opened)


def test_five_hundred_articles_stay_legible() -> None:
    picture = many(500, 150)
    svg = draw(picture)
    shown = [g for g in parsed(svg).iter(f"{SVG}g") if g.get("data-key")]
    assert len(shown) < 100
    assert "wordings" in words(svg)
    assert len(svg) < 300_000


def test_no_box_lies_over_another() -> None:
    for picture in (many(5, 5), many(60, 30), many(500, 150)):
        places = []
        for group in parsed(draw(picture)).iter(f"{SVG}g"):
            rects = [r for r in group.iter(f"{SVG}rect") if r.get("width") == "224"]
            if rects:
                last = rects[-1]
                x, y = float(last.get("x", "")), float(last.get("y", ""))
                places.append((x, y, y + float(last.get("height", ""))))
        for x, top, bottom in places:
            below = [other for other in places if other[0] == x and other[1] > top]
            assert all(other[1] >= bottom for other in below)


def test_words_from_right_to_left_are_isolated() -> None:
    svg = draw(Picture((Node("a", "المرفأ اليوم"), Node("u", "אתר חדשות", "unnamed")), ()))
    assert "\u2068المرفأ اليوم\u2069" in words(svg)
    assert "\u2068אתר חדשות\u2069" in words(svg)


def test_a_name_cannot_turn_the_words_around_it() -> None:
    svg = draw(Picture((Node("a", "Ledger\u202e\u2069 weiveR"),), ()))
    assert "\u2068Ledger weiveR\u2069" in words(svg)


def test_nothing_that_a_page_says_becomes_markup() -> None:
    evil = "</text><script>alert(1)</script>\"'&"
    picture = Picture(
        (Node("<a>", evil, detail=evil, href="javascript:alert(1)"), Node("u", evil, "unnamed")),
        (Link("<a>", "u", cue=evil),),
        heading=evil,
    )
    svg = draw(picture)
    names = {element.tag.removeprefix(SVG) for element in parsed(svg).iter()}
    assert "script" not in names
    assert "a" not in names


def test_the_picture_asks_for_nothing_a_strict_page_refuses() -> None:
    svg = draw(many(60, 30), open_url=lambda key: f"?open={key}")
    attributes = {name for element in parsed(svg).iter() for name in element.attrib}
    assert "style" not in attributes
    assert not [name for name in attributes if name.startswith("on")]
    assert "<style" not in svg
    assert "url(" not in svg


def test_it_is_named_and_described_for_those_who_do_not_see_it() -> None:
    picture = Picture((ARTICLE, UNNAMED), (Link("a", "u"),), heading="1 article · 1 origin")
    root = parsed(draw(picture, prefix="one"))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "one-title one-desc"
    assert root.findtext(f"{SVG}title") == "1 article · 1 origin"
    assert "Nobody is named in" in (root.findtext(f"{SVG}desc") or "")


def test_links_inside_the_picture_can_be_reached_by_keyboard() -> None:
    root = parsed(draw(many(60, 6), open_url=lambda key: f"?open={key}"))
    assert root.get("role") == "group"


def test_every_class_it_uses_has_a_rule_in_the_style_sheet() -> None:
    used = set(re.findall(r'class="([^"]+)"', draw(many(60, 30))))
    assert {name for names in used for name in names.split()} <= set(
        re.findall(r"prov[a-z-]*", STYLE)
    )


def test_a_kept_graph_is_drawn_as_it_was() -> None:
    graph = {
        "nodes": [
            {"id": "1", "kind": "article", "label": "x", "outlet": "Ledger Review",
             "title": "Secret letter", "wording": 1, "retracted": False},
            {"id": "2", "kind": "unnamed", "label": "a website", "wording": None},
            {"id": "3", "kind": "outlet", "label": "gone", "wording": None, "resolved_to": "1"},
        ],
        "edges": [{"from": "1", "to": "2", "type": "attributes_to", "status": "suggested",
                   "is_denial": False, "cue": "citing"}],
        "origins": [{"id": "2", "standing": "unnamed", "members": ["2"]}],
    }  # fmt: skip
    picture = picture_of(graph, {"circular": [], "headline": "1 article"})
    assert [node.label for node in picture.nodes] == ["Ledger Review", "a website"]
    assert picture.nodes[1].standing == "unnamed"
    assert "Secret letter" in draw(picture)


ids = st.sampled_from([f"n{n}" for n in range(9)])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            Node,
            id=ids,
            label=st.text(max_size=40),
            kind=st.sampled_from(["article", "article", *sorted(KINDS)]),
            wording=st.sampled_from(["", "", "1", "2"]),
            standing=st.sampled_from(["", "named", "untraced", "retracted"]),
        ),
        unique_by=lambda node: node.id,
    ),
    st.lists(
        st.builds(
            Link,
            source=ids,
            target=ids,
            type=st.sampled_from([*sorted(DEPENDENCE), "links_to"]),
            status=st.sampled_from(["confirmed", "suggested", "rejected"]),
            is_denial=st.booleans(),
            cue=st.text(max_size=20),
        )
    ),
    st.randoms(use_true_random=False),
)
def test_any_graph_is_drawn_and_the_order_of_listing_makes_no_difference(
    nodes: list[Node], links: list[Link], roll: random.Random
) -> None:
    svg = draw(Picture(tuple(nodes), tuple(links), (("n0", "n1"),)))
    mixed = Picture(
        tuple(roll.sample(nodes, len(nodes))),
        tuple(roll.sample(links, len(links))),
        (("n0", "n1"),),
    )
    parsed(svg)
    assert draw(mixed) == svg


@pytest.mark.parametrize("length", [1, 300])
def test_a_long_chain_is_drawn(length: int) -> None:
    chain = tuple(Node(f"n{n}", f"Paper {n}") for n in range(length + 1))
    links = tuple(Link(f"n{n}", f"n{n + 1}") for n in range(length))
    parsed(draw(Picture(chain, links)))


def test_in_a_crowd_sources_without_a_name_that_are_called_the_same_stand_in_one_box() -> None:
    texts = [Node(f"a{n}", f"Paper {n}", wording=str(n), time=f"{n:04}") for n in range(40)]
    officials = [Node(f"u{n}", "an official", "unnamed", standing="unnamed") for n in range(40)]
    links = tuple(Link(f"a{n}", f"u{n}") for n in range(40))
    crowd = Picture((*texts, *officials), links)
    shown = words(draw(crowd))
    assert "40 × an official" in shown
    assert "as many different sources" in shown
    assert shown.count("? NO NAME GIVEN") == 1
    (key,) = re.findall(r'data-key="(s-\w+)"', draw(crowd))
    assert words(draw(crowd, open_groups=[key])).count("? NO NAME GIVEN") == 40
    few = Picture((*texts[:3], *officials[:3]), links[:3])
    assert words(draw(few)).count("? NO NAME GIVEN") == 3


def test_a_source_without_a_name_that_leans_on_another_is_not_folded_away() -> None:
    texts = [Node(f"a{n}", f"Paper {n}", wording=str(n), time=f"{n:04}") for n in range(40)]
    officials = [Node(f"u{n}", "an official", "unnamed") for n in range(40)]
    links = [Link(f"a{n}", f"u{n}") for n in range(40)]
    crowd = Picture((*texts, *officials), (*links, Link("u7", "u8")))
    assert 'data-key="n-u7"' in draw(crowd)
    assert "39 × an official" in words(draw(crowd))
