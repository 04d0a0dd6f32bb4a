"""What an origin interval means, in words a reader understands: never just "1 origin"."""

from collections.abc import Mapping
from typing import Any

from claims.provenance.tongue import ENGLISH, Tongue, gettext_noop

_NUMBERS = (
    gettext_noop("no"), gettext_noop("one"), gettext_noop("two"), gettext_noop("three"),
    gettext_noop("four"), gettext_noop("five"), gettext_noop("six"), gettext_noop("seven"),
    gettext_noop("eight"), gettext_noop("nine"),
)  # fmt: skip


def explain(summary: Mapping[str, Any], *, tongue: Tongue = ENGLISH) -> str:
    """A few plain sentences for a summary with the keys of ``Summary`` as JSON."""
    if summary["articles"] == 0:
        return tongue.gettext("No article about this is known yet.")
    parts = (_how_far, _who, _copies, _circles, _withdrawn, _open)
    return " ".join(told for part in parts if (told := part(summary, tongue)))


def _how_far(summary: Mapping[str, Any], tongue: Tongue) -> str:
    articles, low, high = (summary[key] for key in ("articles", "origins_low", "origins_high"))
    many = tongue.ngettext("One article", "%(count)s articles", articles) % {"count": articles}
    if high == 0:
        if summary["retracted"]:
            told = tongue.gettext("%(articles)s, and nothing they rest on still stands.")
        else:
            # No origin at all, though nothing was withdrawn: denials, and what leans on them.
            told = tongue.gettext("%(articles)s, and what was found only passes on denials.")
        return told % {"articles": many}
    if high > 1:
        told = tongue.gettext("%(articles)s, going back to %(origins)s.")
        return told % {"articles": many, "origins": _span(low, high, tongue)}
    if articles == 1:
        told = tongue.gettext("%(articles)s, and it goes back to %(origin)s.")
    elif summary["named"]:
        # Not "every one of them": some may only deny it.
        told = tongue.gettext(
            "%(articles)s, and all that supports the claim goes back to %(origin)s."
        )
    else:
        told = tongue.gettext("%(articles)s, but every one of them goes back to %(origin)s.")
    return told % {"articles": many, "origin": _one(summary, tongue)}


def _one(summary: Mapping[str, Any], tongue: Tongue) -> str:
    if summary["named"]:
        return tongue.gettext("one named source")
    if summary["unnamed"]:
        return tongue.gettext("one report that names nobody")
    if summary["circular_groups"]:
        return tongue.gettext("reports that only cite one another")
    return tongue.gettext("one report whose own source nobody could trace")


def _span(low: int, high: int, tongue: Tongue) -> str:
    if low == high:
        told = tongue.ngettext(
            "%(count)s independent origin", "%(count)s independent origins", high
        )
        return told % {"count": _number(high, tongue)}
    told = tongue.ngettext(
        "at least %(low)s and at most %(high)s origin",
        "at least %(low)s and at most %(high)s origins",
        high,
    )
    return told % {"low": _number(low, tongue), "high": _number(high, tongue)}


def _who(summary: Mapping[str, Any], tongue: Tongue) -> str:
    named, high = summary["named"], summary["origins_high"]
    if high == 0:
        return ""
    if not named:
        return tongue.gettext("No named source stands behind it.")
    others = []
    if summary["unnamed"]:
        count = summary["unnamed"]
        told = tongue.ngettext("%(count)s unnamed source", "%(count)s unnamed sources", count)
        others.append(told % {"count": _number(count, tongue)})
    if summary["untraced"]:
        count = summary["untraced"]
        told = tongue.ngettext("%(count)s untraced report", "%(count)s untraced reports", count)
        others.append(told % {"count": _number(count, tongue)})
    sources = _sources(named, tongue)
    if len(others) > 1:
        both = tongue.gettext("%(one)s and %(other)s") % {"one": others[0], "other": others[1]}
        others = [both]
    if others:
        told = tongue.gettext("Among them %(sources)s; besides, %(others)s.")
        told %= {"sources": sources, "others": others[0]}
    else:
        told = tongue.ngettext(
            "%(sources)s can be asked or looked up.",
            "%(sources)s can be asked or looked up.",
            named,
        ) % {"sources": _capital(sources)}
    if summary["origins_low"] < named and not summary["unconfirmed"]:
        told += " " + tongue.gettext(
            "Some of the named sources speak for the same body and count as one voice."
        )
    return told


def _sources(named: int, tongue: Tongue) -> str:
    told = tongue.ngettext("%(count)s named source", "%(count)s named sources", named)
    return told % {"count": _number(named, tongue)}


def _copies(summary: Mapping[str, Any], tongue: Tongue) -> str:
    articles, wordings = summary["articles"], summary.get("wordings") or summary["articles"]
    if wordings >= articles:
        return ""
    if wordings == 1:
        return tongue.gettext("They are all copies of one text.")
    return tongue.ngettext(
        "They are %(count)s different text; the others are copies.",
        "They are %(count)s different texts; the others are copies.",
        wordings,
    ) % {"count": _number(wordings, tongue)}


def _circles(summary: Mapping[str, Any], tongue: Tongue) -> str:
    if not summary["circular_groups"] or summary["origins_high"] == summary["untraced"] == 1:
        return ""
    return tongue.gettext(
        "Some of these reports cite each other in a circle, which adds one origin at the most."
    )


def _withdrawn(summary: Mapping[str, Any], tongue: Tongue) -> str:
    count = summary["retracted"]
    if not count:
        return ""
    told = tongue.ngettext(
        "%(count)s source it rested on was withdrawn.",
        "%(count)s sources it rested on were withdrawn.",
        count,
    )
    return _capital(told % {"count": _number(count, tongue)})


def _open(summary: Mapping[str, Any], tongue: Tongue) -> str:
    count = summary["unconfirmed"]
    if not count:
        return ""
    return tongue.ngettext(
        "This is provisional: %(count)s link of the chain is not yet confirmed by a person.",
        "This is provisional: %(count)s links of the chain are not yet confirmed by a person.",
        count,
    ) % {"count": _number(count, tongue)}


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _number(count: int, tongue: Tongue) -> str:
    return tongue.gettext(_NUMBERS[count]) if count < len(_NUMBERS) else str(count)
