"""Where a text gives the words of somebody else."""

import time

import pytest

from claims.text.quoted import quoted_spans


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("He said “we will not wait any longer” and left.", "we will not wait any longer"),
        ('"We will not wait any longer," he said.', "We will not wait any longer,"),
        ("‘The workers’ demands aren’t met,’ she said.", "The workers’ demands aren’t met,"),
        ("„Wir warten nicht noch länger“, sagte er.", "Wir warten nicht noch länger"),
        ("Il a dit « nous n'attendrons plus longtemps ».", " nous n'attendrons plus longtemps "),
        ("قال الوزير «لن ننتظر شتاء آخر هنا» ثم غادر", "لن ننتظر شتاء آخر هنا"),
        ('דובר צה"ל אמר "לא נחכה עוד חורף אחד" והלך', "לא נחכה עוד חורף אחד"),
        ("”Vi väntar inte en vinter till”, sade hon.", "Vi väntar inte en vinter till"),
    ],
)
def test_words_in_quotation_marks_are_found(text: str, said: str) -> None:
    assert [text[start:end] for start, end in quoted_spans(text)] == [said]


def test_a_term_in_quotation_marks_is_the_writers_own() -> None:
    assert quoted_spans("A “secret letter” was sent about the so-called “peace talks”.") == ()


def test_speech_over_two_paragraphs_is_quoted_in_both() -> None:
    text = "“We will not wait for it.\n“It is done and we go on.” She left."
    assert [text[start:end] for start, end in quoted_spans(text)] == [
        "We will not wait for it.",
        "It is done and we go on.",
    ]


def test_a_mark_that_is_never_closed_quotes_nothing() -> None:
    assert quoted_spans("He said “we will not wait any longer.\nThe end of the matter came.") == ()


@pytest.mark.parametrize("mark", ['"', "'", "‘", "“ a\n", 'a"', "« "])
def test_marks_without_end_are_read_in_linear_time(mark: str) -> None:
    started = time.perf_counter()
    quoted_spans(mark * 100_000)
    assert time.perf_counter() - started < 3
