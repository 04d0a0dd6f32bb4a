"""What changed between two versions can be read both ways."""

from hypothesis import given
from hypothesis import strategies as st

from reviews.admin.difference import difference

TEXTS = st.text(alphabet="ab \n", max_size=60)


@given(TEXTS, TEXTS)
def test_both_versions_can_be_put_together_again(old: str, new: str) -> None:
    changes = difference(old, new)

    assert "".join(change.words for change in changes if change.kind != "came") == old
    assert "".join(change.words for change in changes if change.kind != "gone") == new


def test_one_changed_word_is_one_change() -> None:
    changes = difference("It was closed for a year.", "It was closed for a month.")

    assert [(c.kind, c.words) for c in changes if c.kind != "same"] == [
        ("gone", "year."),
        ("came", "month."),
    ]


def test_very_long_texts_are_shown_whole_instead_of_compared() -> None:
    old, new = "a " * 3_000, "b " * 3_000

    assert [change.kind for change in difference(old, new)] == ["gone", "came"]
