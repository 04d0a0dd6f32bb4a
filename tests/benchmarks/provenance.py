"""What it costs to group and count a story of many articles: time, memory, growth."""

import json
import math
import random
import resource
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations, islice
from typing import Any, TypeVar

from claims.models import ProvenanceEdge
from claims.provenance import decide
from claims.provenance.copies import Kind, Relation, Text, compare
from claims.provenance.graph import as_json
from claims.provenance.origins import Article, Edge, Source, count
from claims.provenance.trace import recompute
from claims.provenance.wordings import Index, site_boilerplate
from tests import factories
from tests.benchmarks.chains import claim_with, more
from tests.claims.text.generator import COPIES, article, dice

SIZES = (1_000, 10_000, 100_000)
USUAL = 1_000
"""What a benchmark is told where nobody names a size; then all of SIZES are measured."""
ROWS_UPTO = 10_000
PAIRS = 300

_Made = TypeVar("_Made")


def story(articles: int) -> Iterator[Text]:
    """One story: a text of its own for every fifty articles, the others copies of seven kinds."""
    originals = max(articles // 50, 1)
    kinds = tuple(COPIES.values())
    for number in range(articles):
        words = article(number % originals)
        if number >= originals:
            words = kinds[(number // originals) % len(kinds)](words, dice(number))
        yield Text(f"t{number:06}", words, site=f"site{number // 4}.example")


def graph(articles: int) -> tuple[list[Article], list[Source], list[Edge]]:
    """A graph of so many articles: half copies, the others citing an article or a source."""
    roll = dice(articles)
    papers = [Article(f"a{n:06}", f"Paper {n}", f"House {n // 3}") for n in range(articles)]
    sources = [Source(f"s{n:03}", roll.choice(["person", "unnamed", "outlet"])) for n in range(99)]
    return papers, sources, [_edge(number, papers, sources, roll) for number in range(1, articles)]


def _edge(number: int, papers: list[Article], sources: list[Source], roll: random.Random) -> Edge:
    here = papers[number].id
    if number % 2:
        return Edge(here, papers[number // 2].id, "copies", status="suggested")
    if number % 3:
        return Edge(here, papers[roll.randrange(number)].id, "attributes_to")
    return Edge(here, roll.choice(sources).id, "attributes_to")


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure of this benchmark as ``./desk bench`` prints it."""

    facts: dict[str, object]

    def as_json(self) -> dict[str, object]:
        return self.facts


def measured(size: int) -> Iterator[Measured]:
    """The usual sizes; where another is asked for, up to that one."""
    sizes = [one for one in SIZES if size in (USUAL, one) or one < size]
    yield from map(Measured, figures(sorted({*sizes, size})))


def figures(sizes: Iterable[int]) -> Iterator[dict[str, object]]:
    """One figure after another: pure functions, then, up to ``ROWS_UPTO``, through rows."""
    grown = Growth()
    for size in sizes:
        for facts in (*_pure(size), *(_rows(size) if size <= ROWS_UPTO else ())):
            yield {
                "bench": "provenance",
                **facts,
                "articles": size,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                "growth_exponent": grown.exponent(facts, size),
            }


class Growth:
    """How each figure grows from one size to the next: 1 where twice as much takes twice as long.

    Of this process's processor seconds, which others on the machine disturb less.
    """

    def __init__(self) -> None:
        self._last: dict[str, tuple[int, float]] = {}

    def exponent(self, facts: dict[str, Any], size: int) -> float | None:
        name, took = facts["figure"], facts["seconds"]
        few, short = self._last.get(name, (0, 0.0))
        self._last[name] = size, took
        if not (few and short and took):
            return None
        return round(math.log(took / short) / math.log(size / few), 2)


def _pure(size: int) -> Iterator[dict[str, Any]]:
    texts = list(story(size))
    index = Index(common=site_boilerplate(texts))

    def grouped() -> list[Relation]:
        return [relation for text in texts for relation in index.add(text)]

    took, relations = _timed(grouped)
    yield {
        "figure": "group",
        **took,
        "wordings": len(index.groups()),
        "ties": sum(relation.kind is Kind.COPY for relation in relations),
        "baseline_seconds": round(_each_with_each(texts), 1),
    }
    one = Text("one-more", COPIES["extract"](article(3), dice(3)))
    took, _ = _timed(partial(index.add, one))
    yield {"figure": "add_one", **took}
    took, counted = _timed(partial(count, *graph(size)))
    yield {"figure": "count", **took, "origins_high": counted.origins_high}


def _rows(size: int) -> Iterator[dict[str, Any]]:
    """A trace of all; of one article more; a decision; and the answer of REST.

    One more article and one decision stand beside a trace of all, the answer beside the same rows
    written as they come.
    """
    claim = claim_with(story(size))
    took, _ = _timed(partial(recompute, claim))
    yield {"figure": "trace", **took}
    whole = {"baseline_seconds": took["seconds"]}
    more(claim, [Text(f"more{size}", COPIES["extract"](article(3), dice(size)))])
    took, _ = _timed(partial(recompute, claim))
    yield {"figure": "trace_one_more", **took, **whole}
    edge = claim.edges.filter(type=ProvenanceEdge.Type.ATTRIBUTES_TO).earliest("created_at", "pk")
    took, _ = _timed(partial(decide.confirm, edge, by=factories.editor()))
    yield {"figure": "decide", **took, **whole}
    bare, _ = _timed(
        lambda: json.dumps([*claim.nodes.values(), *claim.edges.values()], default=str)
    )
    took, answer = _timed(lambda: json.dumps(as_json(claim), default=str))
    yield {
        "figure": "answer",
        **took,
        "baseline_seconds": bare["seconds"],
        "edges": claim.edges.count(),
        "bytes": len(answer),
    }


def _each_with_each(texts: list[Text]) -> float:
    """What all pairs would take, from the first few."""
    took, _ = _timed(lambda: [compare(*pair) for pair in islice(combinations(texts, 2), PAIRS)])
    return took["seconds"] / PAIRS * len(texts) * (len(texts) - 1) / 2


def _timed(work: Callable[[], _Made]) -> tuple[dict[str, float], _Made]:
    """What work took, in seconds of this process's processor and of the wall clock."""
    cpu, wall = time.process_time(), time.perf_counter()
    made = work()
    return {
        "seconds": round(time.process_time() - cpu, 4),
        "wall_seconds": round(time.perf_counter() - wall, 4),
    }, made
