"""Random people in any order: whatever they try, the rules of judging hold after each step."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from claims.errors import DeskError
from claims.intake import submit
from claims.ledger import read
from claims.models import Actor, Claim, Evidence
from reviews.models import Lease, Publication, Review, Round, Verdict
from reviews.publishing.release import living_publication
from reviews.queue import lease
from reviews.rounds import newest
from reviews.stage import derive
from reviews.verdicts import finding as texts
from reviews.verdicts import settle
from reviews.workflow import amend, correct
from reviews.workflow.amend import Amendment
from reviews.workflow.step import OverrideWish, Wish
from reviews.workflow.table import TRANSITIONS
from reviews.workflow.transition import transition
from tests import factories, verifier
from tests.reviews import stories

PEOPLE = st.integers(min_value=0, max_value=7)
REACHED: set[str] = set()
RATINGS = st.sampled_from(["true", "false", "unproven"])


class Desk(RuleBasedStateMachine):
    """One claim, eight people, every verb of judging and publishing."""

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        factories.scale()
        both = ("reviewer", "editor")
        self.people: list[Actor] = [
            factories.contributor(),
            *(factories.reviewer() for _ in range(3)),
            *(factories.editor() for _ in range(2)),
            factories.actor(*both),
            factories.actor(*both, "contributor"),
        ]
        self.claim = submit.create(
            by=self.people[7], text="The bridge is shut.", language="en"
        ).claim
        self.frozen: dict[Any, tuple[Any, ...]] = {}

    def teardown(self) -> None:
        REACHED.update(self.types())
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    def standing(self) -> list[Evidence]:
        return [one for one in self.claim.evidence.all() if one.withdrawn_at is None][:1]

    def types(self) -> set[str]:
        return {entry.type for entry in read.entries(claim=self.claim.pk)}

    def attempt(self, act: Callable[[], object]) -> None:
        """Do it or be refused; a refusal leaves nothing, not even a log entry."""
        size, refused = read.size(), False
        try:
            with transaction.atomic():
                act()
        except DeskError:
            refused = True
        assert not refused or read.size() == size
        self.claim.refresh_from_db()

    @rule(who=PEOPLE, name=st.sampled_from(sorted(TRANSITIONS)), override=st.booleans())
    def move(self, who: int, name: str, *, override: bool) -> None:
        reason = "opinion" if name == "dismiss" else "A reason."
        passed = (OverrideWish("sources", "Said in public."),) if override else ()
        wish = Wish(reason=reason, note="A note.", kind="rechecked", overrides=passed)
        self.attempt(lambda: transition(self.claim, name, by=self.people[who], wish=wish))

    @rule(who=PEOPLE)
    def begin(self, who: int) -> None:
        self.attempt(lambda: transition(self.claim, "start_checking", by=self.people[who]))

    @rule(who=PEOPLE, rating=RATINGS, cites=st.booleans())
    def review(self, who: int, rating: str, *, cites: bool) -> None:
        cited = self.standing() if cites else []
        self.attempt(
            lambda: stories.reviewed(self.claim, self.people[who], rating, evidence=cited)
        )

    @rule(who=PEOPLE, take_over=st.booleans())
    def sit(self, who: int, *, take_over: bool) -> None:
        self.attempt(lambda: lease.take(self.claim, by=self.people[who], take_over=take_over))

    @rule(who=PEOPLE, rating=RATINGS)
    def reconcile(self, who: int, rating: str) -> None:
        self.attempt(lambda: settle.reconcile(self.claim, by=self.people[who], rating=rating))

    @rule(who=PEOPLE, rating=RATINGS)
    def adjudicate(self, who: int, rating: str) -> None:
        self.attempt(
            lambda: settle.adjudicate(self.claim, by=self.people[who], rating=rating, reason="So.")
        )

    @rule(who=PEOPLE)
    def agree(self, who: int) -> None:
        self.attempt(lambda: texts.agree(self.claim, by=self.people[who]))

    @rule(who=PEOPLE, headline=st.sampled_from(["One", "Two"]))
    def write(self, who: int, headline: str) -> None:
        cited = self.standing()
        self.attempt(
            lambda: texts.write(
                self.claim, stories.text(cited, headline=headline), by=self.people[who]
            )
        )

    @rule(who=PEOPLE, meaning=st.sampled_from(["", "same", "changed"]), words=st.integers(0, 3))
    def edit(self, who: int, meaning: str, words: int) -> None:
        amendment = Amendment({"text": f"The bridge is shut, {words}."}, meaning=meaning)
        self.attempt(lambda: amend.edit(self.claim, amendment, by=self.people[who], version=None))

    @rule(rating=RATINGS, steps=st.integers(1, 6))
    def go_on(self, rating: str, steps: int) -> None:
        """What a desk would do next, so that long ways are walked as well as short ones."""
        for _ in range(steps):
            self.next_step(rating)

    def next_step(self, rating: str) -> None:
        stage = self.claim.stage or self.claim.state
        editors, reviewers = self.people[4:6], self.people[1:4]
        self.attach()
        if stage == "draft":
            self.begin(0)
        elif stage == "review":
            for who in reviewers:
                self.attempt(
                    lambda who=who: stories.reviewed(
                        self.claim, who, rating, evidence=self.standing()
                    )
                )
        elif stage in {"disputed", "adjudication"}:
            self.adjudicate(4, rating)
        elif stage == "finding":
            for who in reviewers:
                self.attempt(lambda who=who: texts.agree(self.claim, by=who))
        elif stage == "ready":
            self.move(5, "publish", override=True)
        elif stage == "published":
            self.correct(5, 4)
            wish = Wish(reason="Look again.")
            self.attempt(lambda: transition(self.claim, "reopen", by=editors[0], wish=wish))

    @rule()
    def attach(self) -> None:
        if self.claim.evidence.count() < 3:
            factories.evidence(self.claim, primary=True)

    @rule(who=PEOPLE)
    def withdraw(self, who: int) -> None:
        item = self.claim.evidence.filter(withdrawn_at__isnull=True).first()
        if item is not None:
            self.attempt(
                lambda: amend.withdraw_evidence(item, by=self.people[who], reason="Forged.")
            )

    @rule(who=PEOPLE, other=PEOPLE)
    def correct(self, who: int, other: int) -> None:
        cited = self.standing()

        def act() -> None:
            proposal = correct.propose_correction(
                self.claim,
                by=self.people[who],
                kind="clarification",
                note="Clearer.",
                changes={"finding": stories.text(cited, headline="Clearer")},
            )
            correct.issue_correction(proposal, by=self.people[other])

        self.attempt(act)

    @rule(who=PEOPLE, other=PEOPLE)
    def hold_back(self, who: int, other: int) -> None:
        def act() -> None:
            correct.suspend(self.claim, by=self.people[who], reason="Threat.")
            correct.restore_page(self.claim, by=self.people[other])

        self.attempt(act)

    @invariant()
    def the_log_keeps_its_rules(self) -> None:
        assert verifier.broken(read.bodies(0, read.size())) == []

    @invariant()
    def the_stage_is_the_derived_one(self) -> None:
        assert self.claim.stage == derive(self.claim)

    @invariant()
    def one_open_round_in_checking_and_none_outside(self) -> None:
        open_rounds = Round.objects.filter(
            claim=self.claim, revealed_at__isnull=True, voided_at__isnull=True
        ).count()
        if self.claim.state == Claim.State.CHECKING:
            last = newest(self.claim)
            assert last is not None
            assert not last.is_void
        else:
            assert open_rounds == 0

    @invariant()
    def published_means_a_living_publication(self) -> None:
        if self.claim.state == Claim.State.PUBLISHED:
            assert living_publication(self.claim) is not None

    @invariant()
    def no_author_sits_and_nobody_sits_twice(self) -> None:
        authors = set(self.claim.authors.values_list("person", flat=True))
        sitting = [
            held.holder_id for held in Lease.objects.filter(claim=self.claim) if held.holder_id
        ]
        assert len(sitting) == len(set(sitting))
        assert authors.isdisjoint(sitting)

    @invariant()
    def nothing_hidden_is_shown(self) -> None:
        stranger = self.people[0]
        shown = Review.objects.visible_to(stranger).filter(round__claim=self.claim)
        assert all(one.round.revealed_at is not None for one in shown.select_related("round"))

    @invariant()
    def what_was_said_stays_said(self) -> None:
        for model, fields in (
            (Review, ("rating_id", "reason", "reviewer_id")),
            (Verdict, ("rating_id", "by")),
            (Publication, ("sha256", "version")),
        ):
            rows = {row.pk: tuple(getattr(row, f) for f in fields) for row in model.objects.all()}
            for key, said in list(self.frozen.items()):
                if key in rows:
                    assert rows[key] == said
            self.frozen |= rows


@pytest.mark.django_db
def test_the_rules_hold_in_any_order() -> None:
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=25,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    # A walk that never gets anywhere would keep every rule.
    assert {"claim.published", "correction.issued"} <= REACHED
