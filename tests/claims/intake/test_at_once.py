"""Two who bring the same thing at the same moment make one of it."""

import threading
from collections.abc import Callable

from django.db import connections

from claims.intake.articles import hand_in
from claims.intake.submit import create
from claims.intake.take import take
from claims.models import Actor, Article, Claim, Job
from claims.models.ledger import LogEntry
from tests import factories as make

MANY = 4


def at_once(act: Callable[[Actor], object]) -> list[object]:
    """What ``act`` comes to for each of some people who do it at the same moment."""
    people = [make.contributor() for _ in range(MANY)]
    start = threading.Barrier(MANY)
    outcomes: list[object] = []

    def run(by: Actor) -> None:
        try:
            start.wait(timeout=10)
            outcomes.append(act(by))
        except Exception as problem:  # noqa: BLE001 - shown by the test
            outcomes.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(by,)) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


def test_the_same_words_are_one_claim_with_the_demand_of_all(fresh_database: str) -> None:
    at_once(lambda by: create(by=by, text="The bridge is closed."))
    claim = Claim.objects.get()
    assert claim.demand == MANY
    assert claim.authors.count() == 1
    assert LogEntry.objects.filter(claim=claim.pk).count() == 1


def test_the_same_article_is_one_with_one_job(fresh_database: str) -> None:
    outcomes = at_once(lambda by: hand_in(by=by, text="The bridge is closed.")[1])
    assert sorted(map(str, outcomes)) == ["False"] * (MANY - 1) + ["True"]
    assert Article.objects.count() == 1
    assert Job.objects.filter(kind="article.read").count() == 1


def test_one_candidate_taken_by_all_is_one_claim(fresh_database: str) -> None:
    candidate = make.candidate(make.article())
    outcomes = at_once(lambda by: take(candidate, by=by))
    claim = Claim.objects.get()
    assert outcomes == [claim] * MANY
    assert claim.demand == 1
    assert Job.objects.filter(claim=claim, kind="claim.trace").count() == 1
