"""Reads a day as it is written, in the languages and calendars of the press."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

_ISO = re.compile(
    r"(?P<year>[12]\d{3})[-/.]?(?P<month>\d{2})[-/.]?(?P<day>\d{2})"
    r"(?:[T ]\s?(?P<hour>\d{2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}\b)?)?",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"\b(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>[12]\d{3})\b")
_CHINESE_JAPANESE_KOREAN = re.compile(
    r"(?P<era>令和|平成|民國|民国)?\s?(?P<year>元|\d{1,4})\s?[年년]\s?"
    r"(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]"
)
_ERAS = {"令和": 2018, "平成": 1988, "民國": 1911, "民国": 1911}
_VIETNAMESE = re.compile(
    r"\b(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})(?:,?\s+năm|,)?\s+(?P<year>[12]\d{3})\b",
    re.IGNORECASE,
)
# Some months are two words, and some pages name one in two ways ("كانون الثاني/يناير").
_WORD = r"[^\W\d_](?:(?!\d)[\w\u0300-\u036f\u0900-\u0e7f.])*"
_NAME = rf"{_WORD}(?:\s(?!del?\b){_WORD})?(?:\s?/\s?{_WORD}(?:\s{_WORD})?)?"
_OF = r"(?:del?\s+|of\s+|d.)?"
_MONTH_NAMED = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th|er|º)?[\s-]+{_OF}(?P<name>{_NAME})\.?[,،]?"
    rf"[\s-]+{_OF}(?P<year>[12]\d{{3}})\b"
    r"|\b(?P<name2>[^\W\d_]{3,10})\.?\s+(?P<day2>\d{1,2})(?:st|nd|rd|th)?,?"
    r"\s+(?P<year2>[12]\d{3})\b"
    rf"|\b(?P<year3>[12]\d{{3}})\.\s+(?P<name3>[^\W\d_]{{3,10}})\s+(?P<day3>\d{{1,2}})\b"
)
_UNIX_TIME = re.compile(r"1\d{9}(?:\d{3})?")
_FOREIGN_DIGIT = re.compile(r"[^\D0-9]")
# How far the Buddhist era is ahead, and from which year on one is taken to be of it.
_BUDDHIST_AHEAD, _BUDDHIST_FROM = 543, 2400
# Of the 33 years of the cycle.
_PERSIAN_LEAPS = frozenset({1, 5, 9, 13, 17, 22, 26, 30})

_NAMES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _numbers(languages: Mapping[str, Sequence[str]]) -> dict[str, int]:
    return {
        name: number
        for months in languages.values()
        for number, names in enumerate(months, start=1)
        for name in filter(None, names.split(", "))
    }


_MONTHS = _numbers(_NAMES["gregorian"])
_BUDDHIST_MONTHS = _numbers(_NAMES["buddhist"])
_PERSIAN_MONTHS = _numbers(_NAMES["persian"])


@dataclass(frozen=True, slots=True)
class Written:
    """``raw``: the words. ``on``: the day they say, whatever its zone; None where they say none.

    ``at`` only where they give an hour and its zone.
    """

    raw: str
    on: date | None = None
    at: datetime | None = None


def read_date(raw: str) -> Written:
    """The day, and the moment if there is one, in *raw*: ISO, dotted, or with a month in words.

    ``3/4/2024`` is not read: which is the month depends on the country.
    """
    text = _FOREIGN_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), raw)
    if found := _ISO.search(text):
        return _from_iso(raw, found)
    return Written(raw, _day_in(text))


def unix_time(raw: str) -> Written | None:
    """The moment, where *raw* is nothing but a number of seconds or thousandths since 1970."""
    if not _UNIX_TIME.fullmatch(raw):
        return None
    at = datetime.fromtimestamp(int(raw[:10]), UTC)
    return Written(raw, at.date(), at)


def _from_iso(raw: str, found: re.Match[str]) -> Written:
    on = _day(found["year"], found["month"], found["day"])
    if on is None or not found["hour"] or not found["zone"]:
        return Written(raw, on)
    try:
        at = datetime.fromisoformat(
            f"{on}T{found['hour']}:{found['minute']}:{found['second'] or '00'}"
            f"{_offset(found['zone'])}"
        )
    except ValueError:
        return Written(raw, on)
    return Written(raw, on, at.astimezone(UTC))


def _offset(zone: str) -> str:
    if zone.upper() in {"Z", "UTC", "GMT"}:
        return "+00:00"
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"


def _day_in(text: str) -> date | None:
    if found := _CHINESE_JAPANESE_KOREAN.search(text):
        return _of_era(found)
    if found := _DOTTED.search(text) or _VIETNAMESE.search(text):
        return _day(found["year"], found["month"], found["day"])
    for found in _MONTH_NAMED.finditer(text):
        year, name, day = (
            found[part] or found[f"{part}2"] or found[f"{part}3"]
            for part in ("year", "name", "day")
        )
        on = _of_named_month(int(year), name, int(day))
        if on is not None:
            return on
    return None


def _of_era(found: re.Match[str]) -> date | None:
    year = 1 if found["year"] == "元" else int(found["year"])
    return _day(year + _ERAS.get(found["era"] or "", 0), found["month"], found["day"])


def _of_named_month(year: int, name: str, day: int) -> date | None:
    """The day in our calendar; in Thailand years count from Buddha's, in Iran from the Hijra's.

    The months of the lunar Hijri year begin when the moon is seen: its days are left unread.
    """
    if (month := _month(name)) is not None:
        return _day(year, month, day)
    if month := _BUDDHIST_MONTHS.get(name.strip(".")):
        return _day(year - _BUDDHIST_AHEAD if year > _BUDDHIST_FROM else year, month, day)
    if month := _PERSIAN_MONTHS.get(name):
        return _from_persian(year, month, day)
    return None


def _from_persian(year: int, month: int, day: int) -> date | None:
    """By the cycle of 33 years, which is right from 1995 to 2090."""
    longest = 31 if month <= 6 else 30  # noqa: PLR2004
    if not 1 <= day <= longest:
        return None
    leaps = sum(1 for before in range(1354, year) if before % 33 in _PERSIAN_LEAPS)
    days = (year - 1354) * 365 + leaps + (month - 1) * 30 + min(month - 1, 6) + day - 1
    try:
        return date(1975, 3, 21) + timedelta(days=days)
    except OverflowError:
        return None


def _month(written: str) -> int | None:
    """Its number; in Hebrew "in" is written before the name without a space."""
    for name in written.lower().split("/"):
        known = " ".join(name.strip(".").split())
        for spelled in (known, known.removeprefix("ב")):
            if spelled in _MONTHS:
                return _MONTHS[spelled]
    return None


def _day(year: object, month: object, day: object) -> date | None:
    try:
        return date(int(str(year)), int(str(month)), int(str(day)))
    except ValueError:
        return None
