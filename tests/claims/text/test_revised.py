"""A later version of a text is told apart by what a reader would mind, and by nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.text.revised import Quote, revised

OLD = (
    "The council of Brindle Quay closed the harbour bridge on Monday after the storm.\n\n"
    "At least 12 people were hurt when a part of the roadway fell into the water. "
    "The mayor said that it will stay closed until the repair is paid for by the county.\n\n"
    "Engineers from the port looked at the pillars on Tuesday morning and found cracks. "
    "A ferry takes people across the harbour every half an hour until the evening.\n\n"
    "3 min read"
)
QUOTE = {"exact": "At least 12 people were hurt"}


def test_the_same_text_is_the_same() -> None:
    same = revised(OLD, OLD, quote=QUOTE)
    assert (same.matters, same.gone, same.came, same.quote) == (False, [], [], Quote.KEPT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("3 min read", "4 min read"),
        ("3 min read", "Share this"),
        ("said that", "said  that"),
        ("12 people", "12 people"),
        ("closed the harbour bridge", "closed the HARBOUR bridge"),
    ],
)
def test_what_nobody_minds_does_not_matter(old: str, new: str) -> None:
    assert not revised(OLD, OLD.replace(old, new)).matters


def test_lines_that_break_elsewhere_do_not_matter() -> None:
    old = OLD.replace("roadway", "well-known roadway").replace("pillars", "pil\u00adlars")
    new = OLD.replace("roadway", "well\u00adknown roadway")
    same = revised(old, new, quote={"exact": "a part of the well-known roadway"})
    assert (same.matters, same.gone, same.quote) == (False, [], Quote.KEPT)


def test_one_figure_that_changed_matters_and_is_shown() -> None:
    found = revised(OLD, OLD.replace("12 people", "21 people"))
    assert found.matters
    [edit] = found.edits
    assert "12 people" in edit.before
    assert "21 people" in edit.after


def test_a_short_sentence_is_one_and_a_label_is_none() -> None:
    old = f"{OLD}\n\nNobody was killed. Photo by Ann Lee."
    assert revised(old, old.replace("Nobody was", "Somebody was")).matters
    assert not revised(old, old.replace("Photo by Ann Lee.", "Photo: Bo Lee.")).matters


def test_a_quote_that_is_no_longer_there_matters_most() -> None:
    paragraph = OLD.split("\n\n")[1]
    found = revised(OLD, OLD.replace(paragraph, "The roadway was swept."), quote=QUOTE)
    assert (found.matters, found.quote) == (True, Quote.LOST)


def test_a_correction_note_matters_though_nothing_went() -> None:
    found = revised(OLD, f"{OLD}\n\nCorrection: an earlier version misnamed the mayor's office.")
    assert found.matters
    assert found.notes
    assert not found.gone


@pytest.mark.parametrize(
    "note", ["تصحيح: ذكر نص سابق عدد الجرحى بشكل خاطئ.", "תיקון: בגרסה קודמת נכתב מספר שגוי."]
)
def test_a_correction_note_is_known_in_other_scripts(note: str) -> None:
    assert revised(OLD, f"{OLD}\n\n{note}").matters


def test_more_text_below_an_article_does_not_matter() -> None:
    more = "\n\nRead next: the ten best ferries of the whole coast, by people who took them all."
    assert not revised(OLD, OLD + more).matters


def test_another_article_in_its_place_matters() -> None:
    other = "The festival opens on Friday with music on four stages along the old harbour wall."
    found = revised(OLD, other)
    assert found.matters
    assert found.share > 0.9


def test_the_same_finding_has_the_same_sign_while_things_around_it_change() -> None:
    changed = OLD.replace("12 people", "21 people")
    one = revised(OLD, changed + "\n\nRead next: the ten best ferries of the whole coast today.")
    two = revised(OLD, changed + "\n\nRead next: a hundred recipes that everybody can cook now.")
    assert one.sign == two.sign
    three = revised(OLD, changed.replace("found cracks", "found nothing"))
    assert three.sign != one.sign


def test_spans_stand_where_they_say() -> None:
    new = OLD.replace("12 people", "21 people")
    found = revised(OLD, new)
    assert next(OLD[a:b] for a, b in found.gone).startswith("At least 12")
    assert next(new[a:b] for a, b in found.came).startswith("At least 21")


@given(st.text(max_size=400), st.text(max_size=400))
def test_no_text_is_too_odd(old: str, new: str) -> None:
    found = revised(old, new)
    assert 0 <= found.share <= 1
    assert not revised(old, old).matters
