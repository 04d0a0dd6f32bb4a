"""What an origin interval means, in words a reader understands: never just "1 origin"."""

from collections.abc import Mapping
from typing import Any

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def explain(summary: Mapping[str, Any]) -> str:
    """A few plain sentences for a summary with the keys of ``Summary`` as JSON."""
    articles, low, high = (summary[key] for key in ("articles", "origins_low", "origins_high"))
    if articles == 0:
        return "No article about this is known yet."
    told = [_how_far(articles, low, high, summary)]
    told += _who(summary, high)
    if summary.get("retracted"):
        were = "was" if summary["retracted"] == 1 else "were"
        told.append(
            f"{_capital(_many(summary['retracted'], 'source'))} it rested on {were} withdrawn."
        )
    if summary.get("circular_groups"):
        told.append("Some of these reports cite each other in a circle and nobody else.")
    if summary.get("unconfirmed"):
        are = "is" if summary["unconfirmed"] == 1 else "are"
        told.append(
            f"This is provisional: {_many(summary['unconfirmed'], 'link')} of the chain {are}"
            " not yet confirmed by a person."
        )
    return " ".join(told)


def _how_far(articles: int, low: int, high: int, summary: Mapping[str, Any]) -> str:
    if high == 0:
        return f"{_articles(articles)}, and nothing they rest on still stands."
    if articles == 1:
        return "One article, resting on " + _span(low, high) + "."
    if high == 1 and not summary["named"]:
        return f"{articles} articles, but every one of them goes back to {_one(summary)}."
    if high == 1:
        return f"{articles} articles, and all of them go back to one source."
    return f"{articles} articles, which go back to {_span(low, high)}."


def _one(summary: Mapping[str, Any]) -> str:
    if summary["unnamed"]:
        return "one report that names nobody"
    return "one report whose own source nobody could trace"


def _span(low: int, high: int) -> str:
    if low == high:
        return _many(high, "origin")
    return f"at least {_number(low)} and at most {_many(high, 'origin')}"


def _who(summary: Mapping[str, Any], high: int) -> list[str]:
    named = summary["named"]
    if high == 0:
        return []
    if not named:
        return ["No named source stands behind it."]
    others = [
        _many(summary[kind], noun)
        for kind, noun in (("unnamed", "unnamed source"), ("untraced", "untraced report"))
        if summary[kind]
    ]
    if not others:
        return [f"{_capital(_many(named, 'named source'))} can be asked or looked up."]
    return [f"Among them {_many(named, 'named source')}; besides, {' and '.join(others)}."]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _articles(count: int) -> str:
    return "One article" if count == 1 else f"{count} articles"


def _many(count: int, noun: str) -> str:
    return f"{_number(count)} {noun}{'' if count == 1 else 's'}"


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)
