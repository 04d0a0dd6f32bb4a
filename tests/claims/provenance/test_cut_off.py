"""A long trace that is cut off goes on where it stood, and comes to what it would have come to."""

from typing import Any
from uuid import uuid4

import pytest

from claims import jobs, tasks
from claims.models import Claim, Comparison
from claims.provenance import heard, regroup
from claims.provenance.copies import Relation, Text
from claims.provenance.kept import Unfinished
from claims.provenance.regroup import Compared
from claims.provenance.trace import recompute
from claims.provenance.wordings import Index, group
from tests import factories as make
from tests.claims.provenance.test_regroup import Asked, alike
from tests.claims.provenance.test_trace import CLAIM, links, paper
from tests.claims.provenance.test_wordings import story

pytestmark = pytest.mark.usefixtures("parts_of_four")


@pytest.fixture
def parts_of_four(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regroup, "TOLD_EVERY", 4)
    monkeypatch.setattr(heard, "TOLD_EVERY", 4)


class CutOffError(Exception):
    """The worker was stopped."""


def test_texts_that_were_compared_take_their_places_uncompared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = story(4, 5)
    told: list[Compared] = []

    def stop_at_the_third(so_far: Compared) -> None:
        told.append(so_far)
        if len(told) == 3:
            raise CutOffError

    with pytest.raises(CutOffError):
        regroup.regroup(texts, so_far=stop_at_the_third)
    assert [len(one.texts) for one in told] == [4, 8, 12]
    added: list[str] = []
    add = Index.add

    def noted(index: Index, text: Text) -> tuple[Relation, ...]:
        added.append(text.id)
        return add(index, text)

    monkeypatch.setattr(Index, "add", noted)
    made, after = regroup.regroup(texts, before=told[-1], near=Asked(texts).near)
    assert set(added) == {text.id for text in texts} - told[-1].texts.keys()
    whole, at_once = regroup.regroup(texts)
    assert alike(made.groups) == alike(whole.groups) == alike(group(texts).groups)
    assert after == at_once


def story_in_rows() -> Claim:
    """Two texts that many papers run, some with the words of a source of their own."""
    words = [" ".join(f"{kind}{number}" for number in range(60)) for kind in ("river", "bank")]
    claim = make.claim(CLAIM)
    make.covered(
        claim,
        *(
            paper(
                f"Paper {number}",
                f"{CLAIM} Person Number{number % 3} said so.\n{words[number % 2]} own{number}.",
            )
            for number in range(14)
        ),
    )
    return claim


@pytest.mark.django_db
def test_each_go_keeps_a_part_and_the_last_one_counts() -> None:
    claim = story_in_rows()
    goes = 0
    while True:
        goes += 1
        try:
            recompute(claim, within=-1)
            break
        except Unfinished:
            assert not claim.nodes.exists()
            assert Comparison.objects.filter(item__claim=claim).exists()
    assert goes > 3
    by_parts, count = links(claim), claim.traces.get().summary
    claim.edges.all().delete()
    claim.nodes.all().delete()
    Comparison.objects.all().delete()
    recompute(claim)
    assert links(claim) == by_parts
    assert claim.traces.first().summary["headline"] == count["headline"]  # type: ignore[union-attr]


@pytest.mark.django_db
def test_a_trace_that_needs_longer_waits_for_its_next_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    claim = story_in_rows()
    monkeypatch.setattr(tasks, "TRACE_WITHIN", -1)
    job = jobs.enqueue("claim.trace", key=f"claim.trace:{uuid4()}", claim=claim)
    ended: Any = jobs.work(job.pk, tasks.trace_claim)
    assert ended[1] == "queued"
    job.refresh_from_db()
    assert (job.code, job.attempts) == ("not_done_yet", 0)
