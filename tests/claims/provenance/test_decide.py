"""What people say about the chain is counted at once, can be undone, and stands in the log."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from claims.errors import Conflict, DeskError, Forbidden, Invalid, Missing, Stale
from claims.models import Actor, Claim, Job, ProvenanceEdge, SourceNode
from claims.models.ledger import LogEntry, Secret
from claims.provenance import decide
from claims.provenance.trace import recount
from tests import factories as make

READ = pytest.mark.django_db


class Story:
    """Two papers: one has it from an outlet that names nobody, one from a person."""

    def __init__(self) -> None:
        self.claim = make.claim("The bridge was closed on Monday.")
        articles = [make.article(outlet=make.outlet(name)) for name in ("Paper A", "Paper B")]
        make.covered(self.claim, *articles)
        self.a, self.b = (make.article_node(self.claim, one) for one in articles)
        self.herald = make.node(self.claim, "Orle Herald")
        self.wick = make.node(self.claim, "Dana Wick", "person")
        self.to_herald = make.edge(self.a, self.herald)
        self.to_wick = make.edge(self.b, self.wick)
        recount(self.claim)

    @property
    def numbers(self) -> dict[str, Any]:
        return dict(Claim.objects.get(pk=self.claim.pk).sources)

    @property
    def log(self) -> list[dict[str, Any]]:
        rows = LogEntry.objects.filter(claim=self.claim.pk).order_by("seq")
        return [json.loads(bytes(row.body)) for row in rows]


@pytest.fixture
def story(db: None) -> Story:
    return Story()


def test_a_confirmed_link_is_counted_and_on_record(story: Story) -> None:
    assert story.numbers["unconfirmed"] == 2
    by = make.contributor()
    edge = decide.confirm(story.to_wick, by=by, note="He said so on the phone.")
    assert (edge.status, edge.decided_by, edge.version) == ("confirmed", by.person, 2)
    assert story.numbers["unconfirmed"] == 1
    (entry,) = story.log
    assert entry["type"] == "x-provenance.decided"
    assert entry["data"] == {"what": "confirm", "subject": str(edge.pk), "status": "confirmed"}
    assert entry["actor"].startswith("u:")
    said = {row.field: row.value for row in Secret.objects.filter(seq=entry["seq"])}
    assert said["note"] == "He said so on the phone."
    assert said["link"] == {"from": story.b.label, "to": "Dana Wick", "type": "attributes_to"}


def test_a_rejected_link_counts_for_nothing_and_can_come_back(story: Story) -> None:
    by = make.contributor()
    edge = decide.reject(story.to_wick, by=by)
    assert (story.numbers["named"], story.numbers["untraced"]) == (0, 2)
    edge = decide.undo(edge, by=by)
    assert (edge.status, edge.decided_by) == ("suggested", None)
    assert (story.numbers["named"], story.numbers["untraced"]) == (1, 1)
    assert [entry["data"]["what"] for entry in story.log] == ["reject", "undo"]


def test_two_confirmed_voices_raise_the_low_end(story: Story) -> None:
    by = make.contributor()
    decide.confirm(story.to_wick, by=by)
    assert story.numbers["origins_low"] == 1
    decide.add(
        story.claim,
        by=by,
        source=story.a,
        target={"label": "Tom Rehn", "kind": "person"},
        kind="attributes_to",
    )
    assert story.numbers["origins_low"] == 2


def test_saying_the_same_twice_is_once(story: Story) -> None:
    edge = decide.confirm(story.to_wick, by=make.contributor())
    again = decide.confirm(edge, by=make.contributor())
    assert again.version == edge.version
    assert len(story.log) == 1


def test_who_looked_before_somebody_decided_is_told(story: Story) -> None:
    decide.confirm(story.to_wick, by=make.contributor(), version=1)
    with pytest.raises(Stale):
        decide.reject(story.to_wick, by=make.contributor(), version=1)
    story.to_wick.refresh_from_db()
    assert story.to_wick.status == "confirmed"
    assert len(story.log) == 1


def test_a_link_by_hand_is_confirmed_by_who_draws_it(story: Story) -> None:
    by = make.reviewer()
    edge = decide.add(
        story.claim,
        by=by,
        source=str(story.herald.pk),
        target={"label": "a local website", "kind": "unnamed"},
        kind="attributes_to",
        quote="citing a local website",
        note="It says so in print.",
    )
    assert (edge.by_hand, edge.status, edge.decided_by) == (True, "confirmed", by.person)
    assert (edge.target.named, edge.target.by_hand) == (False, True)
    assert (story.numbers["unnamed"], story.numbers["untraced"]) == (1, 0)
    assert story.log[0]["data"]["what"] == "add"
    decide.undo(edge, by=by)
    assert story.log[1]["data"]["status"] == "suggested"


def test_drawing_what_a_machine_suggested_confirms_it(story: Story) -> None:
    edge = decide.add(
        story.claim, by=make.reviewer(), source=story.b, target=story.wick, kind="attributes_to"
    )
    assert edge.pk == story.to_wick.pk
    assert (edge.by_hand, edge.status) == (False, "confirmed")


def test_a_source_by_hand_is_the_one_a_machine_calls_so(story: Story) -> None:
    by = make.reviewer()
    said = {"label": "The Morning Echo", "kind": "outlet"}
    first = decide.add(story.claim, by=by, source=story.a, target=said, kind="attributes_to")
    other = decide.add(story.claim, by=by, source=story.b, target=said, kind="attributes_to")
    assert first.target == other.target
    assert first.target.key == "name:morning echo"


def test_articles_can_be_named_by_their_own_id(story: Story) -> None:
    assert story.a.article is not None
    edge = decide.add(
        story.claim,
        by=make.reviewer(),
        source=str(story.b.pk),
        target=str(story.a.article.pk),
        kind="copies",
    )
    assert edge.target == story.a
    assert story.numbers["wordings"] == 1


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"kind": "admires"}, "/type"),
        ({"target": "not-an-id"}, "/to"),
        ({"target": "00000000-0000-4000-8000-000000000000"}, "/to"),
        ({"target": {"kind": "person"}}, "/to/label"),
        ({"target": {"label": "X", "kind": "ghost"}}, "/to/kind"),
        ({"target": {"label": "X", "kind": "article"}}, "/to/kind"),
        ({"target": {"label": "X\x00", "kind": "person"}}, "/to/label"),
        ({"target": {"label": "X", "kind": "person", "named": "yes"}}, "/to/named"),
        ({"target": {"label": "X", "kind": "person", "age": 3}}, "/to/age"),
        ({"quote": "q" * 5_001}, "/quote"),
        ({"note": "n\x00"}, "/note"),
    ],
)
def test_what_cannot_be_used_is_named_and_leaves_nothing_behind(
    story: Story, wrong: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(Invalid) as refused:
        decide.add(
            story.claim,
            by=make.reviewer(),
            **{"source": story.a, "target": story.wick, "kind": "attributes_to", **wrong},
        )
    assert pointer in [problem.pointer for problem in refused.value.problems]
    assert ProvenanceEdge.objects.count() == 2
    assert SourceNode.objects.count() == 4
    assert not story.log


def test_nothing_rests_on_itself(story: Story) -> None:
    with pytest.raises(Invalid, match="itself"):
        decide.add(story.claim, by=make.reviewer(), source=story.a, target=story.a, kind="copies")


def test_a_node_of_another_claim_is_none_of_this_one(story: Story) -> None:
    other = make.node(make.claim(), "Stranger")
    with pytest.raises(Invalid):
        decide.add(
            story.claim, by=make.reviewer(), source=story.a, target=other, kind="attributes_to"
        )


def test_what_a_source_is_found_to_be_carries_what_hung_on_it(story: Story) -> None:
    by = make.reviewer()
    node = decide.resolve(story.herald, by=by, to=story.b, note="Same words, same day.")
    assert (node.resolved_to, node.resolved_by) == (story.b, by.person)
    # Paper A has it from the Herald, which is Paper B, which has it from Dana Wick.
    assert (story.numbers["origins_high"], story.numbers["named"]) == (1, 1)
    undone = decide.resolve(node, by=by, to=None)
    assert undone.resolved_to is None
    assert undone.resolved_at is not None
    assert story.numbers["origins_high"] == 2
    assert [entry["data"]["status"] for entry in story.log] == ["said", "undone"]


def test_two_sources_can_be_found_to_be_one(story: Story) -> None:
    decide.resolve(story.herald, by=make.reviewer(), to=story.wick)
    assert (story.numbers["origins_high"], story.numbers["named"]) == (1, 1)


def test_nodes_are_not_resolved_in_a_ring(story: Story) -> None:
    by = make.reviewer()
    decide.resolve(story.herald, by=by, to=story.wick)
    with pytest.raises(Invalid, match="ring"):
        decide.resolve(story.wick, by=by, to=story.herald)
    with pytest.raises(Invalid, match="ring"):
        decide.resolve(story.wick, by=by, to=story.wick)
    with pytest.raises(Invalid, match="article"):
        decide.resolve(story.a, by=by, to=story.b)
    assert len(story.log) == 1


def test_two_who_speak_for_one_are_one_voice(story: Story) -> None:
    by = make.contributor()
    minister = decide.add(
        story.claim,
        by=by,
        source=story.a,
        target={"label": "Ilse Maar", "kind": "person"},
        kind="attributes_to",
    ).target
    decide.confirm(story.to_wick, by=by)
    assert story.numbers["origins_low"] == 2
    for node in (minister, story.wick):
        decide.speaks_for(node, by=by, whom="Ministry of Transport")
    assert story.numbers["origins_low"] == 1
    decide.speaks_for(story.wick, by=by, whom="")
    assert story.numbers["origins_low"] == 2


def test_an_outlet_that_was_there_is_a_named_origin(story: Story) -> None:
    by = make.contributor()
    assert story.numbers["named"] == 1
    decide.first_hand(story.herald, by=by, was_there=True)
    assert story.numbers["named"] == 2
    decide.first_hand(story.herald, by=by, was_there=None)
    assert story.numbers["named"] == 1


def test_what_was_taken_back_is_no_origin(story: Story) -> None:
    by = make.contributor()
    decide.retracted(story.b, by=by, is_so=True)
    assert (story.numbers["retracted"], story.numbers["named"]) == (1, 0)
    decide.retracted(story.b, by=by, is_so=False)
    assert (story.numbers["retracted"], story.numbers["named"]) == (0, 1)


def test_an_article_about_something_else_counts_nowhere(story: Story) -> None:
    assert story.b.article is not None
    by = make.contributor()
    item = decide.set_aside(story.claim, story.b.article, by=by, note="Another bridge.")
    assert item.set_aside
    assert (story.numbers["articles"], story.numbers["named"]) == (1, 0)
    assert Job.objects.filter(kind="claim.trace", claim=story.claim).count() == 1
    decide.set_aside(story.claim, story.b.article, by=by, aside=False)
    assert story.numbers["articles"] == 2
    assert [entry["data"]["status"] for entry in story.log] == ["aside", "undone"]
    with pytest.raises(Missing):
        decide.set_aside(story.claim, make.article(), by=by)


def test_a_link_that_a_new_reading_dropped_cannot_be_decided(story: Story) -> None:
    ProvenanceEdge.objects.filter(pk=story.to_wick.pk).delete()
    with pytest.raises(Conflict):
        decide.confirm(story.to_wick, by=make.contributor())


ACTS: list[Callable[[Story, Actor], object]] = [
    lambda story, by: decide.confirm(story.to_wick, by=by),
    lambda story, by: decide.reject(story.to_wick, by=by),
    lambda story, by: decide.undo(story.to_wick, by=by),
    lambda story, by: decide.add(
        story.claim, by=by, source=story.a, target=story.b, kind="copies"
    ),
    lambda story, by: decide.resolve(story.herald, by=by, to=story.b),
    lambda story, by: decide.speaks_for(story.wick, by=by, whom="X"),
    lambda story, by: decide.first_hand(story.herald, by=by, was_there=True),
    lambda story, by: decide.retracted(story.wick, by=by, is_so=True),
    lambda story, by: decide.set_aside(story.claim, story.a.article, by=by),  # type: ignore[arg-type]
]


@pytest.mark.parametrize("act", ACTS)
def test_who_may_only_read_decides_nothing(
    story: Story, act: Callable[[Story, Actor], object]
) -> None:
    before = story.numbers
    for by in (make.admin(), make.actor("reviewer", scopes={"claims:read"})):
        with pytest.raises(Forbidden):
            act(story, by)
    assert story.numbers == before
    assert not story.log


def test_a_token_for_coverage_alone_is_enough(story: Story) -> None:
    decide.confirm(story.to_wick, by=make.service("claims:read", "coverage:write"))
    assert story.log[0]["actor"].startswith("k:")


def test_of_two_contradicting_decisions_at_once_the_second_is_told(fresh_database: str) -> None:
    story = Story()
    deciders = [(decide.confirm, make.contributor()), (decide.reject, make.contributor())]
    start = threading.Barrier(len(deciders))
    outcomes: list[str] = []

    def run(act: Callable[..., ProvenanceEdge], by: Actor) -> None:
        try:
            start.wait(timeout=10)
            outcomes.append(act(story.to_wick, by=by, version=1).status)
        except DeskError as refused:
            outcomes.append(refused.reason)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=one) for one in deciders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes)[1] == "stale"
    story.to_wick.refresh_from_db()
    assert story.to_wick.status in outcomes
    assert len(story.log) == 1


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What became of acts that were begun together: "done", or the sentence that refused one."""
    start = threading.Barrier(len(acts))
    outcomes: list[str] = []

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait(timeout=10)
            act()
            outcomes.append("done")
        except DeskError as refused:
            outcomes.append(refused.problems[0].message if refused.problems else refused.message)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(outcomes)


def test_two_nodes_found_to_be_each_other_at_once_are_one(fresh_database: str) -> None:
    story = Story()
    one, other = make.contributor(), make.contributor()
    outcomes = at_once(
        lambda: decide.resolve(story.herald, by=one, to=story.wick),
        lambda: decide.resolve(story.wick, by=other, to=story.herald),
    )
    assert outcomes == [
        "That one is resolved to this already: it would go in a ring.",
        "done",
    ]
    assert (story.numbers["origins_high"], len(story.log)) == (1, 1)


@pytest.mark.parametrize("backwards", [False, True])
def test_decisions_come_to_the_same_in_either_order(story: Story, *, backwards: bool) -> None:
    one, other = make.contributor(), make.editor()
    acts: list[Callable[[], object]] = [
        lambda: decide.confirm(story.to_wick, by=one),
        lambda: decide.reject(story.to_herald, by=other),
        lambda: decide.speaks_for(story.wick, by=one, whom="Orle Council"),
        lambda: decide.first_hand(story.herald, by=other, was_there=True),
    ]
    for act in acts[::-1] if backwards else acts:
        act()
    assert story.numbers["headline"] == (
        "2 articles · 2 outlets · 2 owners · 2 wordings · 1–2 origins (1 named) · 1 untraced"
    )


def test_two_who_decide_on_different_links_at_once_are_both_counted(fresh_database: str) -> None:
    story = Story()
    one, other = make.contributor(), make.contributor()
    outcomes = at_once(
        lambda: decide.confirm(story.to_wick, by=one, version=1),
        lambda: decide.confirm(story.to_herald, by=other, version=1),
    )
    assert outcomes == ["done", "done"]
    assert (story.numbers["unconfirmed"], len(story.log)) == (0, 2)
