"""A story told bit by bit, with decisions in between, comes to what one trace of all would."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.utils import timezone

from claims.models import Article, Claim, Comparison, CoverageItem, Domain, Outlet
from claims.provenance import decide, graph
from claims.provenance.attribution import read
from claims.provenance.trace import recompute
from tests import factories as make
from tests.claims.provenance.test_trace import CLAIM

pytestmark = pytest.mark.django_db

PAPERS = "Orle Herald|Evening Post|Lower Echo|Valley Gazette|North Star|South Mail".split("|")
CITED = (
    "the Orle Herald|the Evening Post|the Lower Echo, citing a local website|engineer Dana Wick"
    "|Wick|Transport Minister Ilse Maar|an official|a Hebrew news website|the Harbour Board"
).split("|")
WORDS = [" ".join(f"{kind}{number}" for number in range(70)) for kind in ("river", "bank", "mill")]
STEPS = 14


class Story:
    """One claim and what happens to it, by a seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - which words, not which secrets
        self.claim = make.claim(CLAIM)
        self.editor = make.editor()
        self.seen = timezone.now()
        self.number = 0

    def step(self) -> None:
        steps: list[Callable[[], None]] = [
            *[self.arrive] * 5, self.confirm, self.reject, self.undo, self.link, self.resolve,
            self.change, self.reread, self.aside, self.back, self.rename, self.host, self.retract,
            self.reword,
        ]  # fmt: skip
        self.dice.choice(steps)()

    def arrive(self) -> None:
        """An article, often with words of others, and of a paper that may be known already."""
        self.number += 1
        roll = self.dice
        whom = roll.choice([*CITED, ""])
        lead = f"{CLAIM[:-1]}, {whom} said." if whom else CLAIM
        body = roll.choice([*WORDS, " ".join(f"own{self.number}x{n}" for n in range(30))])
        credit = f"\nFirst published by {roll.choice(PAPERS)}." if not roll.randrange(4) else ""
        text = f"{lead}\n{body}. Page {self.number} ends here.{credit}"
        name = roll.choice(PAPERS)
        outlet = Outlet.objects.filter(name=name).first() or make.outlet(name)
        article = make.article(
            text,
            url=f"https://site{self.number % 3}.example/{self.number}",
            outlet=outlet,
            language="en",
            attributions=read(text, language="en", outlet=name),
            signals=roll.choice([{}, {}, {"based_on": ["https://site0.example/3"]}]),
        )
        self.seen += timedelta(minutes=1)
        make.covered(self.claim, article)
        self.claim.coverage.filter(article=article).update(first_seen=self.seen)

    def confirm(self) -> None:
        if edge := self.some(self.claim.edges.all()):
            decide.confirm(edge, by=self.editor)

    def reject(self) -> None:
        if edge := self.some(self.claim.edges.all()):
            decide.reject(edge, by=self.editor)

    def undo(self) -> None:
        if edge := self.some(self.claim.edges.exclude(status="suggested")):
            decide.undo(edge, by=self.editor)

    def link(self) -> None:
        """A link by hand, which may be one that a machine drew, in a person's words."""
        if edge := self.some(self.claim.edges.filter(is_denial=False)):
            ends = {"source": edge.source, "target": edge.target}
            decide.add(self.claim, by=self.editor, kind=edge.type, quote="In my words.", **ends)

    def resolve(self) -> None:
        here = self.some(self.claim.nodes.filter(article=None))
        to = self.some(self.claim.nodes.exclude(article=None))
        if here is not None and to is not None:
            decide.resolve(here, by=self.editor, to=to)

    def change(self) -> None:
        """A page has other words than it had."""
        if item := self.some(self.claim.coverage.all()):
            self.number += 1
            told = f"{item.article.text}\nUpdated: {self.dice.choice(CITED)} said so too."
            # What stood there before stands further down.
            text = self.dice.choice([told, f"Version {self.number} of this page.\n{told}"])
            self.written(item, text=text, attributions=self.edges(text))

    def reread(self) -> None:
        """A newer reader finds less in the same words."""
        if item := self.some(self.claim.coverage.all()):
            self.written(item, attributions=item.article.attributions[:1])

    def aside(self) -> None:
        if item := self.some(self.claim.coverage.filter(set_aside=False)):
            decide.set_aside(self.claim, item.article, by=self.editor)

    def back(self) -> None:
        if item := self.some(self.claim.coverage.filter(set_aside=True)):
            decide.set_aside(self.claim, item.article, by=self.editor, aside=False)

    def rename(self) -> None:
        if outlet := self.some(Outlet.objects.filter(articles__coverage_of__claim=self.claim)):
            Outlet.objects.filter(pk=outlet.pk).update(name=f"{outlet.name} Weekly")

    def host(self) -> None:
        if outlet := self.some(Outlet.objects.filter(articles__coverage_of__claim=self.claim)):
            Domain.objects.get_or_create(host="local-website.example", defaults={"outlet": outlet})

    def retract(self) -> None:
        if item := self.some(self.claim.coverage.all()):
            self.written(item, retracted=not item.article.retracted)

    def reword(self) -> None:
        Claim.objects.filter(pk=self.claim.pk).update(text=f"{CLAIM} So it was said.")

    def some(self, rows: Any) -> Any:
        listed = sorted(rows, key=lambda row: str(getattr(row, "key", None) or row))
        return self.dice.choice(listed) if listed else None

    @staticmethod
    def edges(text: str) -> list[dict[str, Any]]:
        return [edge.as_json() for edge in read(text, language="en")]

    @staticmethod
    def written(item: CoverageItem, **fields: Any) -> None:
        Article.objects.filter(pk=item.article_id).update(**fields)


def state(claim: Claim) -> dict[str, Any]:
    """All that a trace leaves behind, but for ids of what it makes and times of writing."""
    claim.refresh_from_db()
    names = dict(claim.nodes.values_list("pk", "key"))
    shown = graph.as_json(claim)
    newest = claim.traces.first()
    assert newest is not None
    named = {str(pk): key for pk, key in names.items()}
    edges = claim.edges.values_list(
        *("source", "target", "type", "is_denial", "status", "by_hand", "note"),
        *("read_in", "quote", "span", "cue", "cue_span", "proof", "rule", "rule_version"),
        *("confidence", "drafted_as"),
    )
    nodes = claim.nodes.values_list(
        "key", "label", "kind", "named", "agency", "resolved_to", "resolved_rule",
        "wording__number",
    )  # fmt: skip
    items = claim.coverage.values_list("article", "relation", "proof", "proved_as")
    kept = Comparison.objects.filter(item__claim=claim).values_list(
        "item", "compared_as", "relations", "passages", "read_as", "carried"
    )
    return {
        "summary": newest.summary,
        "sources": claim.sources,
        "edges": sorted(map(repr, ((names[a], names[b], *rest) for a, b, *rest in edges))),
        "nodes": sorted(
            map(repr, ((*n[:5], names.get(n[5]) if n[5] else None, *n[6:]) for n in nodes))
        ),
        "items": sorted(map(repr, items)),
        "kept": sorted(map(repr, kept)),
        "counted": sorted(named[one] for group in shown["wordings"] for one in group["articles"]),
    }


def all_written_anew(claim: Claim) -> None:
    """Spoil whatever a trace writes, and forget what was read; which texts are alike is kept.

    What people decided stays, for no machine can do it again.
    """
    Comparison.objects.filter(item__claim=claim).update(read_as="", carried={})
    suggested = claim.edges.filter(status="suggested", by_hand=False)
    suggested.update(
        read_in=None, quote="?", span=None, cue="?", cue_span=None, proof={"?": 1}, rule="?",
        rule_version="?", confidence=0.123, drafted_as="?",
    )  # fmt: skip
    counted = Q(article__in=claim.coverage.filter(set_aside=False).values("article"))
    read = Q(edges_out__in=suggested) | Q(edges_in__in=suggested)
    drafted = claim.nodes.filter(counted | read, by_hand=False).values_list("pk", flat=True)
    written = claim.nodes.filter(pk__in=list(drafted))
    written.update(label="?", agency=True, wording=None)
    written.filter(resolved_at=None).update(resolved_to=None, resolved_rule="")
    claim.coverage.update(proof={"?": 1}, proved_as="?", relation="unknown")
    Claim.objects.filter(pk=claim.pk).update(sources={})
    recompute(Claim.objects.get(pk=claim.pk))


def from_scratch(claim: Claim) -> None:
    """Trace the claim as if nobody ever had."""
    Comparison.objects.filter(item__claim=claim).delete()
    claim.edges.all().delete()
    claim.nodes.all().delete()
    claim.wordings.all().delete()
    recompute(claim)


@pytest.mark.parametrize("seed", range(12))
def test_what_was_written_bit_by_bit_is_what_would_be_written_all_at_once(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of a link that many articles show, no more than two are told.
    monkeypatch.setattr("claims.provenance.draft.READINGS_MAX", 2)
    story = Story(seed)
    for _ in range(4):
        story.arrive()
    for _ in range(STEPS):
        story.step()
        if story.dice.randrange(3):
            recompute(Claim.objects.get(pk=story.claim.pk))
    recompute(Claim.objects.get(pk=story.claim.pk))
    before = state(story.claim)
    all_written_anew(story.claim)
    after = state(story.claim)
    for part, told in before.items():
        assert after[part] == told, part


@pytest.mark.parametrize("seed", range(6))
def test_articles_that_came_one_by_one_count_as_if_they_had_come_together(seed: int) -> None:
    story = Story(1_000 + seed)
    for number in range(12):
        story.arrive()
        if number > 3:
            recompute(story.claim)
    story.host()
    story.retract()
    recompute(story.claim)
    step_by_step = counts(story.claim)
    from_scratch(story.claim)
    assert counts(story.claim) == step_by_step


def counts(claim: Claim) -> dict[str, Any]:
    """The numbers of the newest trace, and which articles are one wording."""
    claim.refresh_from_db()
    numbers: dict[int | None, set[Any]] = {}
    for number, article in claim.nodes.exclude(article=None).values_list(
        "wording__number", "article"
    ):
        numbers.setdefault(number, set()).add(article)
    return {**claim.sources, "wordings": numbers}


def test_a_link_tells_in_how_many_places_it_was_read_also_where_it_shows_no_more_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("claims.provenance.draft.READINGS_MAX", 1)
    story = Story(0)
    for number in range(4):
        text = f"{CLAIM[:-1]}, the Lower Echo reported, citing a local website. Page {number}."
        edges = read(text, language="en")
        article = make.article(text, url=f"https://p{number}.example/", attributions=edges)
        make.covered(story.claim, article)
        recompute(story.claim)
        edge = story.claim.edges.get(target__label="a local website")
        assert edge.proof.get("times", 1) == number + 1
