"""What an origin interval means, in words a reader understands: never just "1 origin"."""

from collections.abc import Mapping
from typing import Any

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def explain(summary: Mapping[str, Any]) -> str:
    """A few plain sentences for a summary with the keys of ``Summary`` as JSON."""
    if summary["articles"] == 0:
        return "No article about this is known yet."
    parts = (_how_far, _who, _copies, _circles, _withdrawn, _open)
    return " ".join(told for part in parts if (told := part(summary)))


def _how_far(summary: Mapping[str, Any]) -> str:
    articles, low, high = (summary[key] for key in ("articles", "origins_low", "origins_high"))
    many = "One article" if articles == 1 else f"{articles} articles"
    if high == 0:
        if summary["retracted"]:
            return f"{many}, and nothing they rest on still stands."
        # No origin at all, though nothing was withdrawn: denials, and what leans on them.
        return f"{many}, and what was found only passes on denials."
    if high > 1:
        return f"{many}, going back to {_span(low, high)}."
    if articles == 1:
        return f"One article, and it goes back to {_one(summary)}."
    if summary["named"]:
        # Not "every one of them": some may only deny it.
        return f"{many}, and all that supports the claim goes back to one named source."
    return f"{many}, but every one of them goes back to {_one(summary)}."


def _one(summary: Mapping[str, Any]) -> str:
    if summary["named"]:
        return "one named source"
    if summary["unnamed"]:
        return "one report that names nobody"
    if summary["circular_groups"]:
        return "reports that only cite one another"
    return "one report whose own source nobody could trace"


def _span(low: int, high: int) -> str:
    if low == high:
        return f"{_number(high)} independent origins"
    return f"at least {_number(low)} and at most {_many(high, 'origin')}"


def _who(summary: Mapping[str, Any]) -> str:
    named, high = summary["named"], summary["origins_high"]
    if high == 0:
        return ""
    if not named:
        return "No named source stands behind it."
    others = [
        _many(summary[kind], noun)
        for kind, noun in (("unnamed", "unnamed source"), ("untraced", "untraced report"))
        if summary[kind]
    ]
    told = f"{_capital(_many(named, 'named source'))} can be asked or looked up."
    if others:
        told = f"Among them {_many(named, 'named source')}; besides, {' and '.join(others)}."
    if summary["origins_low"] < named and not summary["unconfirmed"]:
        told += " Some of the named sources speak for the same body and count as one voice."
    return told


def _copies(summary: Mapping[str, Any]) -> str:
    articles, wordings = summary["articles"], summary.get("wordings") or summary["articles"]
    if wordings >= articles:
        return ""
    if wordings == 1:
        return "They are all copies of one text."
    return f"They are {_number(wordings)} different texts; the others are copies."


def _circles(summary: Mapping[str, Any]) -> str:
    if not summary["circular_groups"] or summary["origins_high"] == summary["untraced"] == 1:
        return ""
    return "Some of these reports cite each other in a circle, which adds one origin at the most."


def _withdrawn(summary: Mapping[str, Any]) -> str:
    count = summary["retracted"]
    if not count:
        return ""
    were = "was" if count == 1 else "were"
    return f"{_capital(_many(count, 'source'))} it rested on {were} withdrawn."


def _open(summary: Mapping[str, Any]) -> str:
    count = summary["unconfirmed"]
    if not count:
        return ""
    are = "is" if count == 1 else "are"
    return (
        f"This is provisional: {_many(count, 'link')} of the chain {are}"
        " not yet confirmed by a person."
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _many(count: int, noun: str) -> str:
    return f"{_number(count)} {noun}{'' if count == 1 else 's'}"


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)
