"""What a piece of evidence may say of itself, field by field."""

import re
from collections.abc import Callable, Generator, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from claims.errors import Invalid, Problem
from claims.models import Evidence
from claims.text.usable import has_words, problem_with, says_something

TITLE_MAX = 500
QUOTE_MAX = 10_000
WORDS_MAX = 20_000
NAME_MAX = 200
INTEREST_MAX = 500
PAGE_MAX = 100_000
SECONDS_MAX = 1_000_000
TERMS = ("on_record", "background", "confidential")

Kind = Evidence.Kind
SPOKEN = frozenset({Kind.INTERVIEW, Kind.CORRESPONDENCE, Kind.OBSERVATION})
"""Kinds that may stand on a record of who was spoken to instead of a capture."""

_CONTACT = ("who", "role", "when", "channel", "by", "terms")
# "95", "1:35" or "1:02:03.5": what is below the first is under sixty.
_MOMENT = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,7}(?:\.\d{1,3})?)", re.ASCII)
_SIXTY = 60
_DASH = re.compile(r"\s*[-\u2012-\u2015]\s*")
_REGION_NUMBERS = 4

Check = Callable[[Any, str], Iterator[Problem]]


def check(fields: Mapping[str, Any]) -> None:
    """Raise Invalid with every field that cannot be used; absent ones are not asked for."""
    problems = [
        problem for name, value in fields.items() for problem in CHECKS[name](value, f"/{name}")
    ]
    if problems:
        raise Invalid("Some of this cannot be used.", problems=problems)


def tidy(name: str, value: Any) -> Any:
    """A checked value as it is stored: without spaces around, an empty object as nothing."""
    if name in {"title", "owner", "interest"}:
        return value.strip()
    if name == "anchor" and value and "timecode" in value:
        # Told as people write it, kept in one way; the log has no numbers with a point.
        timecode = value["timecode"]
        told = timecode if isinstance(timecode, int) else _DASH.sub("-", str(timecode).strip())
        return {**value, "timecode": told}
    if name in {"quote", "anchor", "translation", "contact"}:
        return dict(value) if value else None
    return value


def _title(value: Any, pointer: str) -> Iterator[Problem]:
    yield from _words(value, pointer, longest=TITLE_MAX, what="The title", needed=True)


def _note(value: Any, pointer: str) -> Iterator[Problem]:
    yield from _words(value, pointer, longest=WORDS_MAX, what="The note")


def _owner(value: Any, pointer: str) -> Iterator[Problem]:
    yield from _words(value, pointer, longest=NAME_MAX, what="The owner’s name")


def _interest(value: Any, pointer: str) -> Iterator[Problem]:
    yield from _words(value, pointer, longest=INTEREST_MAX, what="The interest")


def _flag(value: Any, pointer: str) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield Problem(pointer, "Use true or false.")


def _one_of(allowed: list[str]) -> Check:
    def look(value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, str) or value not in allowed:
            yield Problem(pointer, f"Use one of: {', '.join(allowed)}.")

    return look


def _quote(value: Any, pointer: str) -> Iterator[Problem]:
    if value is None:
        return
    known = ("exact", "prefix", "suffix")
    # start and end come back with what was shown; where the words stand is found anew.
    if not (yield from _object(value, pointer, known=(*known, "start", "end"))):
        return
    for name in known:
        yield from _words(
            value.get(name, ""),
            f"{pointer}/{name}",
            longest=QUOTE_MAX,
            what="The quote",
            needed=name == "exact",
        )
    exact = value.get("exact")
    if isinstance(exact, str) and has_words(exact) and not says_something(exact):
        yield Problem(f"{pointer}/exact", "The quote is punctuation alone: it stands anywhere.")


def _anchor(value: Any, pointer: str) -> Iterator[Problem]:
    if value is None:
        return
    if not (yield from _object(value, pointer, known=("page", "region", "timecode"))):
        return
    if not value:
        yield Problem(pointer, "Say which page, region or timecode.")
    page, region, timecode = (value.get(name) for name in ("page", "region", "timecode"))
    if "page" in value and not (_whole(page) and 1 <= page <= PAGE_MAX):
        yield Problem(f"{pointer}/page", "A page is a whole number from 1 on.")
    if "region" in value and not _is_region(region):
        yield Problem(
            f"{pointer}/region",
            "A region is four whole numbers, in pixels: left, top, width, height.",
        )
    if "timecode" in value and not _is_timecode(timecode):
        yield Problem(
            f"{pointer}/timecode",
            "A timecode is a number of seconds, or as 1:02:03, or from and to, as 2:03-2:40.",
        )


def _translation(value: Any, pointer: str) -> Iterator[Problem]:
    if value is None:
        return
    if not (yield from _object(value, pointer, known=("text", "by"))):
        return
    yield from _words(
        value.get("text", ""),
        f"{pointer}/text",
        longest=WORDS_MAX,
        what="The translation",
        needed=True,
    )
    yield from _words(
        value.get("by", ""),
        f"{pointer}/by",
        longest=NAME_MAX,
        what="The translator’s name",
        needed=True,
    )


def _contact(value: Any, pointer: str) -> Iterator[Problem]:
    if value is None:
        return
    if not (yield from _object(value, pointer, known=_CONTACT)):
        return
    for name in _CONTACT[:-1]:
        yield from _words(
            value.get(name, ""),
            f"{pointer}/{name}",
            longest=NAME_MAX,
            what="This",
            needed=name == "who",
        )
    if isinstance(when := value.get("when"), str) and when and not _is_moment(when):
        yield Problem(f"{pointer}/when", "Use a date or a time, as 2026-03-04T09:30:00Z.")
    if value.get("terms") not in TERMS:
        yield Problem(f"{pointer}/terms", f"Say on which terms: {', '.join(TERMS)}.")


CHECKS: dict[str, Check] = {
    "title": _title,
    "stance": _one_of(list(Evidence.Stance.values)),
    "kind": _one_of(list(Kind.values)),
    "visibility": _one_of(list(Evidence.Visibility.values)),
    "quote": _quote,
    "anchor": _anchor,
    "translation": _translation,
    "contact": _contact,
    "note": _note,
    "owner": _owner,
    "interest": _interest,
    "named": _flag,
    "primary": _flag,
}


def _object(value: Any, pointer: str, *, known: tuple[str, ...]) -> Generator[Problem, None, bool]:
    """Whether *value* is an object to look into; a key nobody knows is refused."""
    if not isinstance(value, Mapping):
        yield Problem(pointer, f"This is an object with {', '.join(known)}.")
        return False
    for name in sorted(map(str, value.keys() - set(known))):
        yield Problem(f"{pointer}/{name}", f"Only these can be said here: {', '.join(known)}.")
    return True


def _words(
    value: Any, pointer: str, *, longest: int, what: str, needed: bool = False
) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem(pointer, "This has to be text.")
    elif wrong := problem_with(value, longest=longest, what=what):
        yield Problem(pointer, wrong)
    elif needed and not has_words(value):
        yield Problem(pointer, f"{what} has no words.")


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_region(value: Any) -> bool:
    return (
        isinstance(value, list | tuple)
        and len(value) == _REGION_NUMBERS
        and all(_whole(number) and 0 <= number <= PAGE_MAX for number in value)
        # A line or a point shows nothing.
        and min(value[2:]) > 0
    )


def _is_timecode(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return False
    moments = [_seconds(moment) for moment in _DASH.split(str(value).strip(), maxsplit=1)]
    told = [moment for moment in moments if moment is not None and moment <= SECONDS_MAX]
    return len(told) == len(moments) and told == sorted(told)


def _seconds(moment: str) -> float | None:
    """Seconds from the beginning; None for what is no time."""
    match = _MOMENT.fullmatch(moment)
    if match is None:
        return None
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    above = (
        match[1] is not None and minutes >= _SIXTY,
        match[2] is not None and seconds >= _SIXTY,
    )
    return None if any(above) else (hours * _SIXTY + minutes) * _SIXTY + seconds


def _is_moment(value: str) -> bool:
    for read in (datetime.fromisoformat, date.fromisoformat):
        try:
            read(value)
        except ValueError:
            continue
        return True
    return False
