"""A claim's graph follows its articles, keeps what people said, and comes to the right number."""

import threading
from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims import sources
from claims.intake.take import take
from claims.models import (
    Article,
    Claim,
    Comparison,
    OriginTrace,
    Outlet,
    ProvenanceEdge,
    SourceNode,
)
from claims.models.ledger import LogEntry
from claims.provenance import decide, graph
from claims.provenance.attribution import read
from claims.provenance.draft import Draft, compose
from claims.provenance.trace import SOURCES, recompute
from tests import factories as make

CLAIM = "The bridge over the Orle was closed on Monday because a pillar had cracked."

READ = pytest.mark.django_db


def paper(
    name: str,
    text: str,
    *,
    owner: str = "",
    language: str = "en",
    agency: bool = False,
    **fields: Any,
) -> Article:
    """An article of an outlet, with what a reader of sentences finds in it."""
    host = name.lower().replace(" ", "-") + ".example"
    outlet = Outlet.objects.filter(name=name).first() or make.outlet(
        name, host=host, owner=owner, agency=agency
    )
    return make.article(
        text,
        url=f"https://{host}/{len(text)}",
        outlet=outlet,
        language=language,
        attributions=read(text, language=language, outlet=name),
        **fields,
    )


def traced(*articles: Article, text: str = CLAIM) -> Claim:
    claim = make.claim(text)
    make.covered(claim, *articles)
    recompute(claim)
    claim.refresh_from_db()
    return claim


def links(claim: Claim) -> set[tuple[str, str, str]]:
    """The links as names: who has it from whom, and how."""
    return {
        (edge.source.label, edge.type, edge.target.label)
        for edge in claim.edges.select_related("source", "target")
    }


def people(claim: Claim) -> Iterable[SourceNode]:
    return claim.nodes.filter(article=None)


@READ
def test_the_seed_article_alone_rests_on_one_origin_nobody_names() -> None:
    text = make.SEED_ARTICLE.read_text(encoding="utf-8")
    article = make.seed_article(attributions=read(text, language="en"))
    exact = text[text.index("Pakistan has reportedly") : text.index("According to the report")]
    candidate = make.candidate(
        article,
        exact.strip(),
        text='Pakistan has reportedly initiated "secret normalisation talks" with Israel.',
        attributions=["e2", "e3"],
    )
    claim = take(candidate, by=make.contributor(), trace=recompute)
    assert str(claim.sources["headline"]).startswith(
        "1 article · 1 outlet · 1 owner · 1 wording · 1 origin (0 named)"
    )
    assert set(claim.sources) == set(SOURCES)
    assert claim.claimant is None
    own = claim.nodes.get(article=article).label
    assert links(claim) == {
        (own, "attributes_to", "Middle East Monitor"),
        ("Middle East Monitor", "attributes_to", "a Hebrew news website"),
    }
    monitor, website = claim.nodes.get(kind="outlet"), claim.nodes.get(kind="unnamed")
    assert (monitor.named, website.named) == (True, False)
    edge = claim.edges.get(target=website)
    assert edge.status == "suggested"
    assert edge.read_in == article
    assert edge.span is not None
    assert text[edge.span[0] : edge.span[1]] == edge.quote
    assert edge.cue_span is not None
    assert text[edge.cue_span[0] : edge.cue_span[1]] == edge.cue == "cited"
    assert edge.rule
    assert edge.rule_version
    assert edge.confidence


@READ
def test_other_assertions_of_an_article_have_their_own_sources() -> None:
    text = make.SEED_ARTICLE.read_text(encoding="utf-8")
    article = make.seed_article(attributions=read(text, language="en"))
    claim = traced(article, text="The United States is pressuring Pakistan to recognise Israel.")
    assert [node.label for node in people(claim)] == ["Imran Khan"]
    assert claim.sources["named"] == 1


@READ
def test_forty_papers_on_one_unnamed_source_are_one_origin() -> None:
    papers = [
        paper(
            f"Paper {number}",
            f"Number {number} begins its page in its own way, with words of paper {number}.\n"
            "The bridge over the Orle was closed on Monday because a pillar had cracked, the"
            " Orle Herald reported, citing a local website.",
        )
        for number in range(40)
    ]
    claim = traced(*papers)
    assert claim.sources["articles"] == 40
    assert (claim.sources["origins_low"], claim.sources["origins_high"]) == (1, 1)
    assert sorted(node.label for node in people(claim)) == ["a local website", "the Orle Herald"]
    edge = claim.edges.get(target__label="a local website")
    assert edge.proof["times"] == 40


@READ
def test_different_unnamed_sources_stay_apart() -> None:
    claim = traced(
        paper("Paper A", "The bridge over the Orle was closed on Monday, an official said."),
        paper("Paper B", "On Monday the Orle bridge was closed for a cracked pillar, two"
              " people familiar with the matter said."),
    )  # fmt: skip
    assert claim.sources["unnamed"] == 2


@READ
def test_a_copy_adds_an_article_and_no_origin() -> None:
    body = (
        "The bridge over the Orle was closed on Monday because a pillar had cracked, an"
        " official said. Buses go round by Vessel Street until further notice, and the school"
        " in Lower Orle begins half an hour later than it did. The pillar was built in 1931."
    )
    claim = traced(paper("Paper A", body), paper("Paper B", body), paper("Paper C", body))
    assert claim.sources["headline"].startswith(
        "3 articles · 3 outlets · 3 owners · 1 wording · 1 origin (0 named)"
    )
    assert [item.relation for item in claim.coverage.all()] == ["independent", "copy", "copy"]
    copied = claim.edges.filter(type="copies").first()
    assert copied is not None
    assert copied.proof["share"] == 1.0
    assert copied.proof["passages"]
    assert {node.wording.number for node in claim.nodes.exclude(article=None) if node.wording} == {
        1
    }


@READ
def test_a_cited_outlet_of_the_coverage_is_its_article() -> None:
    told = paper("Orle Herald", "The bridge over the Orle was closed on Monday because a pillar"
                 " had cracked, engineer Ana Lind told the Herald.")  # fmt: skip
    cites = paper("Paper B", "The Orle bridge was closed on Monday, the Orle Herald reported.")
    claim = traced(cites, told)
    node = claim.nodes.get(label="Orle Herald", kind="outlet")
    assert node.resolved_to == claim.nodes.get(article=told)
    assert node.resolved_rule == graph.SAME_OUTLET
    assert (claim.sources["origins_high"], claim.sources["named"]) == (1, 1)
    shown = graph.as_json(claim)
    edge = next(e for e in shown["edges"] if e["cites"] == str(node.pk))
    assert edge["to"] == str(node.resolved_to_id)


@READ
def test_circular_reporting_is_one_untraced_origin() -> None:
    claim = traced(
        paper("North Post", "The Orle bridge was closed on Monday, South Post reported."),
        paper(
            "South Post", "On Monday they closed the bridge over the Orle, North Post reported."
        ),
    )
    assert (claim.sources["circular_groups"], claim.sources["untraced"]) == (1, 1)
    shown = graph.as_json(claim)
    articles = {node["id"] for node in shown["nodes"] if node["article"]}
    assert set(shown["circular"][0]) == articles


@READ
def test_an_article_that_cites_itself_leans_on_nothing() -> None:
    claim = traced(
        paper("Orle Herald", "The bridge over the Orle was closed on Monday, the Orle Herald"
              " reported.")
    )  # fmt: skip
    assert not claim.edges.exists()
    assert claim.sources["untraced"] == 1


@READ
def test_an_agencys_sources_hang_on_the_agency() -> None:
    text = (
        "ORLE (Kestrelwire) — The bridge over the Orle was closed on Monday because a pillar had"
        " cracked, Transport Minister Ilse Maar said."
    )
    claim = traced(paper("Paper A", text), paper("Paper B", text))
    agency = claim.nodes.get(label="Kestrelwire")
    assert agency.agency
    assert ("Kestrelwire", "attributes_to", "Ilse Maar") in links(claim)
    assert claim.edges.filter(type="agency_byline", target=agency).count() == 2
    assert claim.sources["named"] == 1


@READ
def test_a_denial_is_no_origin() -> None:
    claim = traced(
        paper("Paper A", "Bram Oster denied that the bridge over the Orle had been closed on"
              " Monday because a pillar had cracked.")
    )  # fmt: skip
    assert claim.edges.get().is_denial
    assert claim.sources["origins_high"] == 0


@READ
def test_a_sentence_that_names_nobody_inherits_the_storys_report_as_a_suggestion() -> None:
    claim = traced(
        paper("Paper A", "Orle has two bridges, according to the Lower Valley Gazette.\n"
              "The bridge over the Orle was reportedly closed on Monday because a pillar had"
              " cracked.\nAccording to the report, buses go round.")
    )  # fmt: skip
    edge = claim.edges.get()
    assert edge.target.label == "the Lower Valley Gazette"
    assert edge.rule.startswith("inherited")
    assert edge.confidence is not None
    assert edge.confidence < 0.6


@READ
def test_short_names_are_the_person_named_in_full() -> None:
    claim = traced(
        paper("Paper A", "The bridge over the Orle was closed on Monday because a pillar had"
              " cracked, engineer Dana Wick said."),
        paper("Paper B", "The Orle bridge was closed on Monday, Wick said."),
    )  # fmt: skip
    assert [node.label for node in people(claim)] == ["Dana Wick"]
    assert claim.sources["named"] == 1


@READ
def test_one_owner_under_two_names_is_shown_and_carries_nothing() -> None:
    claim = traced(
        paper("Paper A", "The Orle bridge was closed on Monday, Dana Wick said.", owner="House"),
        paper("Paper B", "On Monday the bridge was closed, Tom Rehn told us.", owner="House"),
    )
    assert claim.sources["owners"] == 1
    assert claim.edges.filter(type="same_owner").count() == 1
    assert claim.sources["named"] == 2


@READ
def test_a_declared_original_joins_the_wording() -> None:
    first = paper("Orle Herald", "The bridge over the Orle was closed on Monday, Dana Wick said.")
    other = paper(
        "Paper B",
        "A shortened text under another headline: bridge closed, Wick said.",
        signals={"elsewhere": [first.url]},
    )
    claim = traced(first, other)
    assert claim.edges.filter(type="declares_canonical").count() == 1
    assert claim.sources["wordings"] == 1


@READ
def test_once_more_changes_nothing() -> None:
    claim = traced(
        paper("Paper A", "The Orle bridge was closed on Monday, the Orle Herald reported."),
        paper("Orle Herald", "The bridge was closed on Monday, an official said."),
    )
    before = (
        list(claim.edges.order_by("pk").values()),
        list(claim.nodes.order_by("pk").values()),
        claim.version,
        claim.updated_at,
    )
    again = recompute(claim)
    claim.refresh_from_db()
    assert before == (
        list(claim.edges.order_by("pk").values()),
        list(claim.nodes.order_by("pk").values()),
        claim.version,
        claim.updated_at,
    )
    assert OriginTrace.objects.filter(claim=claim).get() == again


@READ
def test_what_people_decided_outlives_a_new_reading() -> None:
    article = paper("Paper A", "The Orle bridge was closed on Monday, the Orle Herald reported.")
    claim = traced(article)
    node = claim.nodes.get(label="the Orle Herald")
    confirmed = claim.edges.get()
    ProvenanceEdge.objects.filter(pk=confirmed.pk).update(status="confirmed")
    by_hand = make.node(claim, "Dana Wick", "person", by_hand=True)
    make.edge(node, by_hand, by_hand=True, status="confirmed")
    Article.objects.filter(pk=article.pk).update(attributions=[])
    recompute(claim)
    assert claim.edges.filter(status="confirmed").count() == 2
    assert set(people(claim)) == {node, by_hand}


@READ
def test_what_only_a_machine_said_goes_with_its_reason() -> None:
    article = paper("Paper A", "The Orle bridge was closed on Monday, the Orle Herald reported.")
    claim = traced(article)
    Article.objects.filter(pk=article.pk).update(attributions=[])
    recompute(claim)
    assert not claim.edges.exists()
    assert not people(claim)
    claim.refresh_from_db()
    assert claim.sources["untraced"] == 1


@READ
def test_a_persons_word_on_a_source_is_not_overruled() -> None:
    told = paper("Orle Herald", "The bridge over the Orle was closed on Monday, Dana Wick said.")
    cites = paper("Paper B", "The Orle bridge was closed on Monday, the Orle Herald reported.")
    claim = traced(cites, told)
    node = claim.nodes.get(label="Orle Herald", kind="outlet")
    SourceNode.objects.filter(pk=node.pk).update(resolved_to=None, resolved_at=claim.created_at)
    recompute(claim)
    node.refresh_from_db()
    assert node.resolved_to is None


@READ
def test_an_article_set_aside_counts_nowhere() -> None:
    claim = traced(
        paper("Paper A", "The Orle bridge was closed on Monday, Dana Wick said."),
        paper("Paper B", "On Monday the bridge was closed, Tom Rehn said."),
    )
    assert claim.sources["articles"] == 2
    claim.coverage.filter(article__outlet__name="Paper B").update(set_aside=True)
    recompute(claim)
    claim.refresh_from_db()
    assert (claim.sources["articles"], claim.sources["named"]) == (1, 1)


@READ
def test_a_new_headline_is_a_new_version() -> None:
    claim = traced(paper("Paper A", "The Orle bridge was closed on Monday, Dana Wick said."))
    version = claim.version
    make.covered(claim, paper("Paper B", "On Monday the bridge was closed, Tom Rehn said."))
    recompute(claim)
    claim.refresh_from_db()
    assert claim.version == version + 1


@READ
def test_to_find_no_coverage_is_no_new_version() -> None:
    claim = make.claim()
    recompute(claim)
    claim.refresh_from_db()
    assert claim.version == 1
    assert claim.sources["headline"].startswith("0 articles")


def alerts(claim: Claim) -> list[str]:
    """What was said of origins that came up, oldest first."""
    assert all(alert.kind == "new_origin" for alert in claim.alerts.all())
    return [alert.message for alert in claim.alerts.order_by("created_at")]


def out(claim: Claim, *, relied_on: OriginTrace | None = None) -> None:
    """The claim is published, on the count as it stands or on an earlier one."""
    relied_on = relied_on or claim.traces.first()
    Claim.objects.filter(pk=claim.pk).update(published_version=1, relied_on=relied_on)


def more(claim: Claim, *articles: Article) -> None:
    make.covered(claim, *articles)
    recompute(claim)
    claim.refresh_from_db()


@READ
def test_a_new_origin_after_publication_asks_for_another_look() -> None:
    claim = traced(paper("Paper A", "The Orle bridge was closed on Monday, Dana Wick said."))
    out(claim)
    more(claim, paper("Paper B", "On Monday the bridge was closed, Tom Rehn said."))
    assert claim.needs_look
    (said,) = alerts(claim)
    assert "Tom Rehn" in said
    assert "1–2 origins" in said
    assert LogEntry.objects.filter(claim=claim.pk, type="x-origins.grew").count() == 1


@READ
def test_an_origin_between_the_verdict_and_the_publication_is_new_to_the_verdict() -> None:
    claim = traced(paper("Paper A", "The Orle bridge was closed on Monday, Dana Wick said."))
    at_the_verdict = claim.traces.first()
    more(claim, paper("Paper B", "On Monday the bridge was closed, Tom Rehn said."))
    out(claim, relied_on=at_the_verdict)
    more(claim, paper("Paper C", "Nobody crosses the Orle since Monday, Dana Wick said."))
    assert claim.needs_look
    assert "Tom Rehn" in alerts(claim)[0]


@READ
def test_origins_that_come_one_by_one_are_each_told_once() -> None:
    claim = traced(paper("Paper A", "The Orle bridge was closed on Monday, Dana Wick said."))
    out(claim)
    more(claim, paper("Paper B", "On Monday the bridge was closed, Tom Rehn said."))
    more(claim, paper("Paper C", "It was closed on Monday, the Orle bridge, Tom Rehn said."))
    more(claim, paper("Paper D", "The bridge closed on Monday, Kim Aro said."))
    told = alerts(claim)
    assert len(told) == 2
    assert "Kim Aro" in told[1]
    assert LogEntry.objects.filter(claim=claim.pk, type="x-origins.grew").count() == 2


@READ
def test_a_link_taken_off_and_put_back_does_not_ring_twice() -> None:
    claim = traced(paper("Paper A", "The Orle bridge was closed on Monday, Dana Wick said."))
    out(claim)
    more(claim, paper("Paper B", "On Monday the bridge was closed, Tom Rehn said."))
    editor = make.editor()
    edge = claim.edges.get(target__label="Tom Rehn")
    decide.reject(edge, by=editor)
    before = alerts(claim)
    decide.undo(edge, by=editor)
    assert alerts(claim) == before


@READ
def test_another_interval_with_the_new_origin_is_told_again() -> None:
    claim = traced(paper("Paper A", "The Orle bridge was closed on Monday, Dana Wick said."))
    decide.confirm(claim.edges.get(), by=make.editor())
    out(claim)
    more(claim, paper("Paper B", "On Monday the bridge was closed, Tom Rehn said."))
    decide.confirm(claim.edges.get(target__label="Tom Rehn"), by=make.editor())
    told = alerts(claim)
    assert ["1–2 origins" in told[0], "2 origins" in told[1]] == [True, True]


@READ
def test_confirming_what_the_verdict_saw_is_nothing_new() -> None:
    claim = traced(
        paper("Paper A", "The Orle bridge was closed on Monday, Dana Wick said."),
        paper("Paper B", "On Monday the bridge was closed, Tom Rehn said."),
    )
    out(claim)
    for edge in claim.edges.all():
        decide.confirm(edge, by=make.editor())
    claim.refresh_from_db()
    assert claim.sources["origins_low"] == 2
    assert not claim.needs_look


@READ
def test_an_origin_in_the_place_of_another_asks_for_another_look_too() -> None:
    first = paper("Paper A", "The Orle bridge was closed on Monday, Dana Wick said.")
    claim = traced(first)
    out(claim)
    make.covered(claim, paper("Paper B", "On Monday the bridge was closed, Tom Rehn said."))
    claim.coverage.filter(article=first).update(set_aside=True)
    recompute(claim)
    claim.refresh_from_db()
    assert claim.sources["origins_high"] == 1
    assert claim.needs_look


@READ
def test_one_more_copy_after_publication_is_nothing_new() -> None:
    words = " ".join(f"word{number}" for number in range(60))
    text = f"The Orle bridge was closed on Monday.\n{words}."
    claim = traced(paper("Paper A", text))
    out(claim)
    more(claim, paper("Paper B", f"{text} A line of its own."))
    assert claim.sources["articles"] == 2
    assert not claim.needs_look
    assert not alerts(claim)


@READ
def test_an_article_that_left_and_came_back_brings_its_sources_back_and_nothing_new() -> None:
    told = paper("Paper A", "The Orle bridge was closed on Monday, a local official said.")
    claim = traced(told, paper("Paper B", "On Monday the bridge was closed, Tom Rehn said."))
    out(claim)
    for aside in (True, False):
        claim.coverage.filter(article=told).update(set_aside=aside)
        recompute(claim)
    assert claim.sources["unnamed"] == 1
    assert not alerts(claim)


@READ
def test_a_claim_without_coverage_counts_nothing() -> None:
    claim = traced()
    assert claim.sources["headline"].startswith("0 articles")
    assert graph.as_json(claim)["nodes"] == []


@READ
def test_the_shape_is_the_contracts() -> None:
    claim = traced(paper("Paper A", "The Orle bridge was closed on Monday, Dana Wick said."))
    shown = graph.as_json(claim)
    assert set(shown) == {"nodes", "edges", "wordings", "circular", "summary"}
    assert {"from", "to", "type", "status", "is_denial"} <= shown["edges"][0].keys()
    assert set(shown["summary"]) == {*SOURCES, "circular", "origins"}
    ids = {node["id"] for node in shown["nodes"]}
    assert {shown["edges"][0]["from"], shown["edges"][0]["to"]} <= ids
    assert set(shown["summary"]["origins"]) <= ids


@READ
def test_the_number_of_statements_does_not_grow_with_the_articles() -> None:
    def statements(number: int) -> int:
        claim = make.claim(CLAIM)
        make.covered(
            claim,
            *(
                paper(
                    f"Paper {number} {one}",
                    f"The Orle bridge was closed on Monday, Person Number{one} said. {one}",
                )
                for one in range(number)
            ),
        )
        with CaptureQueriesContext(connection) as few:
            recompute(claim)
        return len(few)

    assert statements(12) <= statements(3) + 2


def test_two_at_once_make_one_graph(fresh_database: str) -> None:
    claim = make.claim(CLAIM)
    make.covered(
        claim,
        *(
            paper(f"Paper {n}", f"The Orle bridge was closed on Monday, Person N{n} said.")
            for n in range(6)
        ),
    )
    start = threading.Barrier(3)
    problems: list[BaseException] = []

    def run() -> None:
        try:
            start.wait(timeout=10)
            recompute(claim)
        except BaseException as problem:  # noqa: BLE001 - shown below
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not problems
    assert claim.edges.count() == 6
    assert OriginTrace.objects.filter(claim=claim).count() == 1


@READ
def test_one_more_article_leaves_what_was_compared_as_it_was() -> None:
    words = [" ".join(f"{kind}{number}" for number in range(60)) for kind in ("river", "bank")]
    told = f"{CLAIM} The mayor said so.\n"
    papers = [
        paper(f"Paper {number}", f"{told}{words[number % 2]} own{number}.") for number in range(8)
    ]
    claim = traced(*papers)
    before = dict(Comparison.objects.values_list("item", "compared_as"))
    kept = {row.pk: row.relations for row in Comparison.objects.all()}
    more = paper("Late Paper", f"{told}{words[1]} and words of its own.")
    make.covered(claim, more)
    recompute(claim)
    after = {row.pk: row.relations for row in Comparison.objects.exclude(item__article=more)}
    assert after == kept
    assert before.items() <= dict(Comparison.objects.values_list("item", "compared_as")).items()
    step_by_step = links(claim)
    assert any(source == "Late Paper" and kind == "copies" for source, kind, _ in step_by_step)
    Comparison.objects.all().delete()
    recompute(claim)
    assert links(claim) == step_by_step


@READ
def test_an_article_that_came_without_a_sketch_gets_one() -> None:
    claim = traced(paper("Paper 1", f"{CLAIM} The mayor said so."))
    assert claim.coverage.get().article.sketch


@READ
def test_what_an_article_carries_is_read_once_until_something_of_it_changes() -> None:
    first = paper("Paper A", "The Orle bridge was closed on Monday, the Orle Herald reported.")
    claim = traced(first)
    more(claim, paper("Paper B", "On Monday the bridge was closed, Tom Rehn said."))
    kept = Comparison.objects.get(item__article=first)
    marked = {**kept.carried, "openings": ["paper b"]}
    Comparison.objects.filter(pk=kept.pk).update(carried=marked)
    more(claim, paper("Paper C", "It is closed, the bridge over the Orle, Kim Aro said."))
    kept.refresh_from_db()
    assert kept.carried == marked
    Article.objects.filter(pk=first.pk).update(attributions=[])
    recompute(claim)
    kept.refresh_from_db()
    assert (kept.carried["openings"], kept.carried["chains"]) == ([], [])
    Claim.objects.filter(pk=claim.pk).update(text="The ferry sails again.")
    recompute(Claim.objects.get(pk=claim.pk))
    read_as = kept.read_as
    kept.refresh_from_db()
    assert kept.read_as != read_as


@READ
def test_an_outlet_that_comes_in_later_is_found_in_what_was_read_before() -> None:
    body = " ".join(f"word{number}" for number in range(80))
    text = f"{CLAIM}\n{body}."
    claim = traced(paper("Paper A", f"{text}\nFirst published by Harbour Evening."))
    late = paper("Harbour Evening", text)
    make.covered(claim, late)
    claim.coverage.filter(article=late).update(first_seen=timezone.now())
    recompute(claim)
    assert ("Paper A", "copies", "Harbour Evening") in links(claim)


@READ
@pytest.mark.parametrize("change", ["rename", "merge"])
def test_an_outlet_that_becomes_another_during_a_trace_is_read_as_what_it_is(
    change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = paper("Orle Herald", "The bridge over the Orle was closed on Monday, Dana Wick said.")
    cites = paper("Paper B", "The Orle bridge was closed on Monday, the Evening Post reported.")
    claim = make.claim(CLAIM)
    make.covered(claim, told, cites)
    outlet = told.outlet
    assert outlet is not None
    post, editor = make.outlet("Evening Post"), make.editor()

    def meanwhile(*args: Any, **kwargs: Any) -> Draft:
        drafted = compose(*args, **kwargs)
        if change == "rename":
            sources.change(outlet, by=editor, name="Evening Post", owner="", agency=False)
        else:
            sources.merge(outlet, by=editor, into=post)
        return drafted

    monkeypatch.setattr("claims.provenance.trace.compose", meanwhile)
    recompute(claim)
    cited = claim.nodes.get(kind="outlet")
    assert cited.resolved_to == claim.nodes.get(article=told)
    assert cited.label == "Evening Post"
