"""What it costs to group and count a story of many articles: time, memory, growth."""

import json
import math
import random
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations, islice
from typing import TypeVar

from claims.provenance.copies import Kind, Text, compare
from claims.provenance.origins import Article, Edge, Source, count
from claims.provenance.wordings import Index, group, site_boilerplate
from tests.claims.text.generator import COPIES, article, dice

SIZES = (1_000, 10_000)
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
    """The usual sizes, and one more where it is asked for."""
    return map(Measured, figures(sorted({*SIZES, size})))


def figures(sizes: Iterable[int] = SIZES) -> Iterator[dict[str, object]]:
    """One figure after another, each beside its baseline: comparing each text with each."""
    grouped: list[tuple[int, float]] = []
    for size in sizes:
        texts = list(story(size))
        seconds, made = _timed(partial(group, texts))
        grouped.append((size, seconds))
        yield {
            "bench": "provenance",
            "figure": "group",
            "articles": size,
            "seconds": round(seconds, 2),
            "wordings": len(made.groups),
            "ties": sum(relation.kind is Kind.COPY for relation in made.relations),
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "baseline_seconds": round(_each_with_each(texts), 1),
            "growth_exponent": _exponent(grouped),
        }
        index = Index(common=site_boilerplate(texts))
        for text in texts:
            index.add(text)
        one = Text("one-more", COPIES["extract"](article(3), dice(3)))
        seconds, _ = _timed(partial(index.add, one))
        yield {
            "bench": "provenance",
            "figure": "add_one",
            "articles": size,
            "milliseconds": round(seconds * 1000, 2),
        }
        seconds, counted = _timed(partial(count, *graph(size)))
        yield {
            "bench": "provenance",
            "figure": "count",
            "articles": size,
            "seconds": round(seconds, 2),
            "origins_high": counted.origins_high,
        }


def _each_with_each(texts: list[Text]) -> float:
    """What all pairs would take, from the first few."""
    seconds, _ = _timed(lambda: [compare(*pair) for pair in islice(combinations(texts, 2), PAIRS)])
    return seconds / PAIRS * len(texts) * (len(texts) - 1) / 2


def _exponent(grouped: list[tuple[int, float]]) -> float | None:
    if len(grouped) < 2:
        return None
    (few, short), (many, long) = grouped[-2:]
    return round(math.log(long / short) / math.log(many / few), 2)


def _timed(work: Callable[[], _Made]) -> tuple[float, _Made]:
    started = time.process_time()
    made = work()
    return time.process_time() - started, made


def main(arguments: list[str]) -> None:
    """Print one JSON line per figure, for the sizes given."""
    for figure in figures([int(size) for size in arguments] or SIZES):
        sys.stdout.write(json.dumps(figure) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
