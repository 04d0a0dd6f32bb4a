"""Sentences and paragraphs, and that they keep their places."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.text.blocks import paragraphs
from claims.text.sentences import sentences


def _texts(text: str) -> list[str]:
    return [sentence.text for sentence in sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Dr. A. B. Rehn paid 3.5 million to St. Anne's.",
        "The U.S. Army left at 5 p.m. on Jan. 4.",
        '"Is it over?" he asked.',
        "M. Dupont et Mme. Roy sont partis.",
        "La Sra. Olmo y el Dr. Sanz llegaron.",
        "Version 2.10.3 costs No. 5 about 1,000.50 crowns.",
        "He waited ... and waited.",
    ],
)
def test_these_are_one_sentence(text: str) -> None:
    assert _texts(text) == [text]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It broke. Nobody was hurt.", 2),
        ("He left at 5 p.m. The end came later.", 2),
        ("“It broke.” She left.", 2),
        ("قال إنه غادر. ثم عاد؟ نعم.", 3),
        ("הגשר נסגר. מתי ייפתח? איש אינו יודע.", 3),
        ("« Oui. » Il est parti. Fin…", 3),
        ("¿Cuándo? Nadie lo sabe. ¡Basta!", 3),
        ("He said no. Nine others left.", 2),
        ("A headline without a stop\nThe text begins.", 2),
    ],
)
def test_these_are_several(text: str, count: int) -> None:
    assert len(_texts(text)) == count


def test_wrapped_lines_are_one_paragraph_and_an_empty_line_ends_it() -> None:
    text = (
        "The observatory on the hill above the town has been closed since the storm in\n"
        "March, when the roof was torn off and the main mirror cracked in three places,\n"
        "and nobody has been able to say when it will open again to the public or who is\n"
        "going to pay for it.\n\nA new roof is being built."
    )

    assert len(paragraphs(text)) == 2


def test_short_lines_are_paragraphs_of_their_own() -> None:
    assert len(paragraphs("First line\nSecond line\r\nThird line")) == 3


@given(
    st.text(max_size=300)
    | st.lists(
        st.sampled_from(
            ["Dr.", "a.", "B.", "5", "3.5", '"', "”", "?", "\n", " ", "…", "word", "؟"]
        )
    ).map("".join)
)
def test_nothing_but_space_is_lost_and_offsets_slice_to_the_words(text: str) -> None:
    found = sentences(text)

    assert all(text[one.start : one.end] == one.text for one in found)
    assert all(one.text == one.text.strip() for one in found)
    ends = [0, *(one.end for one in found)]
    starts = [*(one.start for one in found), len(text)]
    assert all(not text[end:start].strip() for end, start in zip(ends, starts, strict=True))


@pytest.mark.parametrize(
    "text", ["a" * 1_000_000, "word " * 200_000, "M. " * 300_000, '"' * 500_000]
)
def test_a_megabyte_without_an_end_is_read_in_seconds(text: str) -> None:
    started = time.perf_counter()

    sentences(text)

    assert time.perf_counter() - started < 10
