"""Compares edges with a labelled file, by the measure that the development data defines."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_ARTICLE = re.compile(
    r"^(?:the|a|an|la|le|el|les|los|l'|un|une|una|mr|ms|mrs|dr)\s+", re.IGNORECASE
)

Edge = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Score:
    """How well predicted edges meet the labels; a label with ``same_as`` counts nowhere."""

    cases: int
    fully_right: int
    right: int
    predicted: int
    wanted: int
    false_denials: int
    denials_as_origins: int
    forbidden: int

    @property
    def precision(self) -> float:
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 0.0

    def __str__(self) -> str:
        return (
            f"precision {self.precision:.3f}, recall {self.recall:.3f}, "
            f"{self.fully_right} of {self.cases} texts fully right, "
            f"{self.denials_as_origins} denials as origins, {self.forbidden} forbidden names"
        )


def score(cases: Sequence[Mapping[str, Any]], predicted: Mapping[str, Sequence[Edge]]) -> Score:
    """The score of *predicted* (case id → edges) over labelled *cases*."""
    totals = [_one(case, list(predicted.get(case["id"], ()))) for case in cases]
    return Score(len(cases), *(sum(column) for column in zip(*totals, strict=True)))


def _one(case: Mapping[str, Any], got: list[Edge]) -> tuple[int, int, int, int, int, int, int]:
    wanted = [edge for edge in case["edges"] if not edge["same_as"]]
    again = [edge for edge in case["edges"] if edge["same_as"]]
    repeats = [edge[key] for edge in again for key in ("source", "resolves_to")]
    by_id = {edge["id"]: edge for edge in got}
    used: set[str] = set()
    as_origin = 0
    for want in wanted:
        names = [name for name in (want["source"], want["resolves_to"]) if name]
        alike = [
            edge for edge in got
            if edge["id"] not in used and any(_same(edge["source"], name) for name in names)
        ]  # fmt: skip
        match = next(
            (
                edge for edge in alike
                if _depth(edge, by_id) == want["depth"] and edge["is_denial"] == want["is_denial"]
            ),
            None,
        )  # fmt: skip
        if match is not None:
            used.add(match["id"])
        elif want["is_denial"] and any(not edge["is_denial"] for edge in alike):
            as_origin += 1
    extra = [
        edge for edge in got
        if edge["id"] not in used and not edge["same_as"]
        and not any(_same(edge["source"], name or "") for name in repeats)
    ]  # fmt: skip
    forbidden = sum(any(_same(e["source"], name) for name in case["not_sources"]) for e in extra)
    right = len(used)
    return (
        int(right == len(wanted) and not extra),
        right,
        right + len(extra),
        len(wanted),
        sum(bool(edge["is_denial"]) for edge in extra),
        as_origin,
        forbidden,
    )


def _normal(words: str) -> str:
    words = re.sub(r"[^\w\s'-]", " ", words).casefold().strip()
    while (shorter := _ARTICLE.sub("", words)) != words:
        words = shorter
    return re.sub(r"\s+", " ", words)


def _same(one: str, other: str) -> bool:
    one, other = _normal(one), _normal(other)
    return bool(one and other) and (f" {one} " in f" {other} " or f" {other} " in f" {one} ")


def _depth(edge: Edge, by_id: Mapping[str, Edge]) -> int:
    depth, seen = 1, {edge["id"]}
    while edge["from"] in by_id and edge["from"] not in seen:
        edge = by_id[edge["from"]]
        seen.add(edge["id"])
        depth += 1
    return depth
