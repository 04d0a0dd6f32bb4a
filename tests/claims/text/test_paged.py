"""Pages are counted from one, and a passage may stand on several of them."""

from claims.text.paged import page_span, pages_of

PAGES = (0, 10, 20, 20)


def test_a_page_is_a_part_of_the_text() -> None:
    assert [page_span(PAGES, number, 25) for number in range(6)] == [
        None,
        (0, 10),
        (10, 20),
        (20, 20),
        (20, 25),
        None,
    ]
    assert page_span((), 1, 25) is None


def test_a_passage_stands_on_the_pages_from_its_first_to_its_last_word() -> None:
    assert pages_of(PAGES, 0, 10) == (1, 1)
    assert pages_of(PAGES, 9, 11) == (1, 2)
    assert pages_of(PAGES, 20, 21) == (4, 4)
    assert pages_of((), 3, 4) is None
