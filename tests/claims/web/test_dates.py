"""Days are read as pages write them, where they are not open to two readings."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from claims.web import dates
from claims.web.dates import read_date

CALENDARS = tomllib.loads(Path(dates.__file__).with_suffix(".toml").read_text("utf-8"))


@pytest.mark.parametrize("calendar", CALENDARS)
def test_a_year_has_twelve_months_in_each_language_and_no_name_is_that_of_two(
    calendar: str,
) -> None:
    numbers: dict[str, int] = {}
    for language, months in CALENDARS[calendar].items():
        assert len(months) == 12, language
        for number, names in enumerate(months, start=1):
            for name in filter(None, names.split(", ")):
                assert numbers.setdefault(name, number) == number, (language, name)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("יום שני, 4 במרץ 2024, 10:15", date(2024, 3, 4)),
        ("ב-4 במאי 2024", date(2024, 5, 4)),
        ("الاثنين ٤ مارس ٢٠٢٤", date(2024, 3, 4)),
        ("الاثنين، 4 مارس، 2024", date(2024, 3, 4)),
        ("4 آذار/مارس 2024", date(2024, 3, 4)),
        ("12 كانون الثاني 2024", date(2024, 1, 12)),
        ("4 كانون الأول/ديسمبر 2024", date(2024, 12, 4)),
        ("٢٠٢٤-٠٣-٠٤", date(2024, 3, 4)),
        ("۴ مارس ۲۰۲۴", date(2024, 3, 4)),
        ("4 марта 2024", date(2024, 3, 4)),
        ("4 Mart 2024", date(2024, 3, 4)),
        ("2024年3月4日", date(2024, 3, 4)),
        ("4 de marzo de 2024", date(2024, 3, 4)),
        ("31 شباط 2024", None),
        ("٣/٤/٢٠٢٤", None),
        ("²4 2024", None),
    ],
)
def test_days_are_read_in_the_languages_of_the_desk(written: str, day: date | None) -> None:
    assert read_date(written).on == day
    assert read_date(written).raw == written


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("2024-03-01", "2024-03-01"),
        ("20240301T101500Z", "2024-03-01"),
        ("2024/03/01 10:15", "2024-03-01"),
        ("Fri, 01 Mar 2024 10:15:00 GMT", "2024-03-01"),
        ("March 1st, 2024", "2024-03-01"),
        ("1. März 2024", "2024-03-01"),
        ("1.3.2024", "2024-03-01"),
        ("1 de marzo de 2024", "2024-03-01"),
        ("1er mars 2024", "2024-03-01"),
        ("31.2.2024", "None"),
        ("3/4/2024", "None"),
        ("soon", "None"),
        ("", "None"),
    ],
)
def test_days_are_read_where_they_are_not_open_to_two_readings(raw: str, day: str) -> None:
    assert str(read_date(raw).on) == day


@pytest.mark.parametrize(
    "written",
    [
        "4th of March 2024", "04-Mar-2024", "Lunes 4 de marzo del 2024", "4 marca 2024",
        "4. března 2024", "2024. március 4.", "4 martie 2024", "4. marts 2024",
        "4. maaliskuuta 2024", "4 Μαρτίου 2024", "4 березня 2024", "4 март 2024", "4. ožujka 2024",
        "4 de març de 2024", "4 Maret 2024", "4 मार्च 2024", "०४ मार्च २०२४", "৪ মার্চ ২০২৪",
        "2024년 3월 4일", "ngày 4 tháng 3 năm 2024", "4 มีนาคม 2567", "๔ มี.ค. ๒๕๖๗",
        "۱۴ اسفند ۱۴۰۲", "令和6年3月4日", "民國113年3月4日",
        "4 مارس 2024 الموافق 23 شعبان 1445 هـ",
    ],
)  # fmt: skip
def test_days_are_read_in_many_languages_and_calendars(written: str) -> None:
    assert str(read_date(written).on) == "2024-03-04"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("den 4 augusti 2024", "2024-08-04"),
        ("4. ágúst 2024", "2024-08-04"),
        ("4. avgust 2024.", "2024-08-04"),
        ("4. listopadu 2024", "2024-11-04"),
    ],
)
def test_months_are_read_whose_names_are_those_of_one_language_alone(
    written: str, day: str
) -> None:
    assert str(read_date(written).on) == day


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1 فروردین 1403", "2024-03-20"),
        ("29 اسفند 1402", "2024-03-19"),
        ("30 اسفند 1403", "2025-03-20"),
        ("1 فروردین 1374", "1995-03-21"),
        ("31 شهریور 1400", "2021-09-22"),
        ("22 بهمن 1357", "1979-02-11"),
    ],
)
def test_persian_days_are_those_of_the_calendar(written: str, day: str) -> None:
    assert str(read_date(written).on) == day


@pytest.mark.parametrize("written", ["23 شعبان 1445 هـ", "כ״ד באדר א׳ תשפ״ד", "4 listopada 2024"])
def test_a_day_that_could_be_another_is_left_unread(written: str) -> None:
    assert read_date(written).on is None
