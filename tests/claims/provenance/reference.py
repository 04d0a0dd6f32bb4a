"""The nine steps once more, from their description alone: sets and closures, slow and plain."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

DEPENDS = {"attributes_to", "copies", "translates", "agency_byline", "declares_canonical"}
JOINS = {"copies", "declares_canonical"}

Pairs = set[tuple[str, str]]
Node = dict[str, Any]


def summary(graph: Mapping[str, Any]) -> dict[str, Any]:
    """Every key of the answer for one graph as JSON. Only for small ones: cubes of their size."""
    articles = {one["id"]: one for one in graph["articles"]}
    sources = {one["id"]: one for one in graph.get("sources") or []}
    everything = articles | sources
    edges = [
        one
        for one in graph.get("edges") or []
        if one["from"] in everything and one["to"] in everything
    ]
    # 1
    depend = [e for e in edges if e["type"] in DEPENDS and e.get("status") != "rejected"]
    denials = [e for e in depend if e.get("is_denial")]
    standing = [e for e in depend if not e.get("is_denial")]
    # 2
    joining = [
        e for e in standing if e["type"] in JOINS and e["from"] in articles and e["to"] in articles
    ]
    resting = [e for e in standing if e not in joining]
    copied = {(e["from"], e["to"]) for e in joining if e["from"] != e["to"]}
    group_of = _groups(articles, copied)
    node_of = group_of | {one: one for one in sources}
    members = {
        name: sorted(a for a in articles if group_of[a] == name) for name in group_of.values()
    }
    roots = {name: _roots(ids, copied) for name, ids in members.items()}
    nothing_but_denials = {e["from"] for e in denials} - {e["from"] for e in resting}
    # 3
    gone = {one for one, facts in everything.items() if facts.get("retracted")}
    flowing = [e for e in resting if e["from"] not in gone]
    arrows = {(node_of[e["from"]], node_of[e["to"]]) for e in flowing}
    arrows = {(here, there) for here, there in arrows if here != there}
    # 4
    leads = _closure({*members, *sources}, arrows)
    kept = set(members) | {there for here, there in leads if here in members}
    # 5
    circles = {
        frozenset(x for x in kept if (x, one) in leads and (one, x) in leads) | {one}
        for one in kept
    }
    # 6
    sinks = [
        circle
        for circle in circles
        if not any(here in circle and there not in circle for here, there in arrows)
    ]
    # 7
    told: dict[str, str] = {}
    for sink in sinks:
        name, *more = sorted(sink)
        if more:
            told["+".join(sorted(sink))] = "untraced"
        elif name in members:
            if not roots[name] <= nothing_but_denials:
                told[name] = "retracted" if roots[name] <= gone else "untraced"
        else:
            told[name] = _class(sources[name])
    # 8
    counted = sorted(name for name, how in told.items() if how != "retracted")
    sure = _closure(
        set(everything), {(e["from"], e["to"]) for e in flowing if _status(e) == "confirmed"}
    )
    heard = {
        sources[name].get("speaks_for") or name
        for name, how in told.items()
        if how == "named" and any((a, name) in sure for a in articles)
    }
    # 9
    rings = sorted(sorted(circle) for circle in circles if len(circle) > 1)
    how_many = list(told.values()).count
    numbers = {
        "articles": len(articles),
        "outlets": len({a.get("outlet") or ("?", i) for i, a in articles.items()}),
        "owners": len(
            {a.get("owner") or a.get("outlet") or ("?", i) for i, a in articles.items()}
        ),
        "wordings": len(members),
        "origins_low": max(1, len(heard)) if counted else 0,
        "origins_high": len(counted),
        "named": how_many("named"),
        "unnamed": how_many("unnamed"),
        "untraced": how_many("untraced"),
        "retracted": how_many("retracted"),
        "unconfirmed": sum(_status(e) == "suggested" for e in standing),
        "circular_groups": len(rings),
    }
    # "Always true": an outlet that is filed under two owners is no second publisher.
    numbers["owners"] = min(numbers["owners"], numbers["outlets"])
    return numbers | {"circular": rings, "origins": counted, "headline": _line(numbers)}


def _status(edge: Mapping[str, Any]) -> str:
    return edge.get("status") or "confirmed"


def _class(source: Mapping[str, Any]) -> str:
    first_hand = source.get("first_hand")
    if source.get("retracted"):
        return "retracted"
    if first_hand is False:
        return "untraced"
    if source["kind"] in ("unnamed", "collective"):
        return "unnamed"
    if source["kind"] == "outlet" and first_hand is not True:
        return "untraced"
    return "named"


def _groups(articles: Iterable[str], copied: Pairs) -> dict[str, str]:
    """Each article with the first id of those that copying ties it to, either way."""
    tied = _closure(set(articles), copied | {(there, here) for here, there in copied})
    return {one: min([one, *(o for o in articles if (one, o) in tied)]) for one in articles}


def _roots(members: Sequence[str], copied: Pairs) -> set[str]:
    """Who copies no other; in a ring of copies, those whom all copies lead to and back."""
    copying = {here for here, _ in copied}
    if roots := set(members) - copying:
        return roots
    leads = _closure(set(members), {(a, b) for a, b in copied if a in members})
    return {
        one for one in members if all((b, one) in leads for a, b in leads if a == one and b != one)
    }


def _closure(nodes: set[str], pairs: Pairs) -> Pairs:
    """Warshall: who is reached over one pair or more."""
    reached = set(pairs)
    for by in nodes:
        into = [a for a in nodes if (a, by) in reached]
        out = [b for b in nodes if (by, b) in reached]
        reached |= set(product(into, out))
    return reached


def _line(said: Mapping[str, int]) -> str:
    def many(name: str, number: int) -> str:
        return f"{number} {name}" + ("" if number == 1 else "s")

    low, high = said["origins_low"], said["origins_high"]
    between = many("origin", high) if low == high else f"{low}–{high} origins"
    line = " · ".join(
        many(name, said[f"{name}s"]) for name in ("article", "outlet", "owner", "wording")
    )
    line += f" · {between} ({said['named']} named)"
    if said["circular_groups"]:
        line += " · " + many("circular group", said["circular_groups"])
    if said["untraced"]:
        line += f" · {said['untraced']} untraced"
    if said["retracted"]:
        line += f" · {said['retracted']} retracted"
    if said["unconfirmed"]:
        line += f" · provisional, {many('link', said['unconfirmed'])} unconfirmed"
    return line
