"""One source called in several ways is known as one, and two are not taken for one."""

import pytest

from claims.provenance.naming import Outlets, plain_name, plain_words, whole_names


@pytest.mark.parametrize(
    ("label", "plain"),
    [
        ("The Orle Herald", "orle herald"),
        ("the “Orle  Herald”", "orle herald"),
        ("Orle Herald's", "orle herald"),
        ("a Hebrew news website", "hebrew news website"),
        ("L’Écho du Nord", "echo du nord"),
        ("«المرفأ اليوم»", "المرفا اليوم"),
        ("The", "the"),
        ("…", ""),
    ],
)
def test_names_are_compared_without_what_tells_nothing(label: str, plain: str) -> None:
    assert plain_name(label) == plain


def test_short_and_titled_names_are_the_whole_one() -> None:
    told = whole_names(["dana wick", "wick", "engineer dana wick", "lind", "tom rehn"])
    assert told["wick"] == "dana wick"
    assert told["engineer dana wick"] == "dana wick"
    assert told["lind"] == "lind"
    assert told["dana wick"] == "dana wick"


def test_a_short_name_that_two_people_have_is_neither() -> None:
    assert whole_names(["dana wick", "tom wick", "wick"])["wick"] == "wick"


def test_outlets_are_known_by_name_and_host_also_where_a_reader_cut_them_short() -> None:
    outlets = Outlets({"Vessany Evening": "v", "evening.example": "v", "Vessany": "other"})
    assert outlets.called("the Vessany Evening") == "v"
    assert outlets.called("evening.example") == "v"
    assert outlets.called("Evening") is None
    assert outlets.opening("vessany evening reported") == "v"
    assert outlets.opening("vessany said") == "other"
    assert outlets.among(plain_words("First published by Vessany Evening's.")) == {"v", "other"}


def test_without_outlets_nothing_is_called_so() -> None:
    outlets = Outlets({})
    assert outlets.called("X") is None
    assert outlets.opening("x said") is None
    assert outlets.among("x said") == set()
