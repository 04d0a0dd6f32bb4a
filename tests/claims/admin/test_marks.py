"""A marked text prints every character once, in its order, whatever marks overlap."""

from hypothesis import given
from hypothesis import strategies as st

from claims.admin.marks import Mark, around, cut_at, laid_out, one_line, plain_blocks


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    text = draw(st.text(min_size=1, max_size=80))
    places = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    spans = draw(st.lists(places, max_size=6))
    return text, [Mark(min(a, b), max(a, b), f"k{n}", str(n)) for n, (a, b) in enumerate(spans)]


@given(marked_texts())
def test_nothing_is_lost_or_doubled(case: tuple[str, list[Mark]]) -> None:
    text, marks = case

    pieces = one_line(text, marks)

    assert "".join(piece.words for piece in pieces) == text
    assert all(text[p.start : p.start + len(p.words)] == p.words for p in pieces)


@given(marked_texts())
def test_each_piece_is_under_exactly_the_marks_that_cover_it(
    case: tuple[str, list[Mark]],
) -> None:
    text, marks = case

    for piece in one_line(text, marks):
        end = piece.start + len(piece.words)
        over = {m.kind for m in marks if m.start <= piece.start and m.end >= end}
        assert set(piece.kinds.split()) == over


def test_overlapping_marks_share_the_words_between_them() -> None:
    pieces = one_line("abcdef", [Mark(0, 4, "quote"), Mark(2, 6, "cue")])

    assert [(piece.words, piece.kinds) for piece in pieces] == [
        ("ab", "quote"),
        ("cd", "quote cue"),
        ("ef", "cue"),
    ]


def test_what_lies_far_from_a_mark_is_left_out_and_said_to_be() -> None:
    text = "\n\n".join(f"Paragraph {number}." for number in range(9))
    start = text.index("Paragraph 4.")

    shown = around(laid_out(text, plain_blocks(text), [Mark(start, start + 12, "quote")]))

    words = ["".join(piece.words for piece in one.pieces) if one else "…" for one in shown]
    assert words == ["…", "Paragraph 3.", "Paragraph 4.", "Paragraph 5.", "…"]


def test_a_paragraph_is_parted_where_a_page_begins_and_nothing_is_lost() -> None:
    blocks = [("body", 0, 10), ("body", 11, 20)]
    assert cut_at(blocks, ()) == blocks
    assert cut_at(blocks, (0, 4, 4, 10, 11, 15, 40)) == [
        ("body", 0, 4),
        ("body", 4, 10),
        ("body", 11, 15),
        ("body", 15, 20),
    ]
