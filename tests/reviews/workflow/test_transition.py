"""A claim changes state by the table, once, and leaves a trace; every refusal leaves none."""

import json
from collections.abc import Callable

import pytest
from django.db import transaction

from claims.errors import DeskError, Forbidden, FourEyes, Invalid, Stale
from claims.ledger import read
from claims.models import Actor, Claim
from reviews.errors import IllegalTransition, NotReady
from reviews.models import Correction
from reviews.rounds import newest
from reviews.verdicts.finding import agree
from reviews.workflow.options import options
from reviews.workflow.step import OverrideWish, Wish
from reviews.workflow.table import TRANSITIONS
from reviews.workflow.transition import transition
from tests import factories
from tests.reviews import stories

pytestmark = pytest.mark.django_db

REASON = Wish(reason="A reason.", note="A note.")
DISMISSAL = Wish(reason="opinion", note="Nothing to check.")
CORRECTED = Wish(kind="rechecked", note="Looked again.")


def dismissed() -> Claim:
    return transition(factories.claim(), "dismiss", by=factories.editor(), wish=DISMISSAL)


def withdrawn() -> Claim:
    return transition(stories.published(), "withdraw", by=factories.editor(), wish=REASON)


BEGIN: dict[str, Callable[[], Claim]] = {
    "draft": factories.claim,
    "checking": stories.settled,
    "published": stories.published,
    "dismissed": dismissed,
}
ALLOWED = {
    ("start_checking", "draft"): "checking",
    ("return_to_draft", "checking"): "draft",
    ("dismiss", "draft"): "dismissed",
    ("dismiss", "checking"): "dismissed",
    ("restore", "dismissed"): "draft",
    ("publish", "checking"): "published",
    ("reopen", "published"): "checking",
    ("withdraw", "published"): "dismissed",
}


def wish_for(name: str) -> Wish:
    return DISMISSAL if name == "dismiss" else REASON


@pytest.mark.parametrize("state", BEGIN)
@pytest.mark.parametrize("name", TRANSITIONS)
def test_every_row_of_the_table_and_nothing_else(name: str, state: str) -> None:
    factories.scale()
    claim = BEGIN[state]()
    size, version = read.size(), claim.version
    target = ALLOWED.get((name, state))

    if target is None:
        with pytest.raises((IllegalTransition, NotReady)):
            transition(claim, name, by=factories.editor(), wish=wish_for(name))
        claim.refresh_from_db()
        assert (claim.state, claim.version, read.size()) == (state, version, size)
    else:
        moved = transition(claim, name, by=factories.editor(), wish=wish_for(name))
        assert (moved.state, moved.version) == (target, version + 1)
        assert read.size() > size


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("start_checking", {"contributor", "reviewer", "editor"}),
        ("return_to_draft", {"editor"}),
        ("dismiss", {"reviewer", "editor"}),
        ("restore", {"editor"}),
        ("publish", {"editor"}),
        ("reopen", {"editor"}),
        ("withdraw", {"editor"}),
    ],
)
@pytest.mark.parametrize("role", ["contributor", "reviewer", "editor", "admin"])
def test_each_role_may_what_the_table_says(name: str, who: set[str], role: str) -> None:
    factories.scale()
    state = max(TRANSITIONS[name].sources, key=list(BEGIN).index)
    claim = BEGIN[state]()
    by = factories.actor(role)

    if role in who:
        transition(claim, name, by=by, wish=wish_for(name))
    else:
        with pytest.raises(Forbidden) as refusal:
            transition(claim, name, by=by, wish=wish_for(name))
        assert refusal.value.reason == "role"


def test_a_narrow_token_is_told_which_scope_it_lacks() -> None:
    claim = stories.settled()
    by = factories.actor("editor", scopes={"claims:read"})

    with pytest.raises(Forbidden) as refusal:
        transition(claim, "publish", by=by)

    assert refusal.value.reason == "scope"


def test_the_second_of_two_editors_is_told_to_look_again() -> None:
    claim = factories.claim()
    transition(claim, "dismiss", by=factories.editor(), wish=DISMISSAL, version=1)

    with pytest.raises(Stale):
        transition(claim, "start_checking", by=factories.editor(), version=1)


@pytest.mark.parametrize("name", ["return_to_draft", "dismiss", "restore", "reopen", "withdraw"])
def test_a_missing_reason_is_named(name: str) -> None:
    factories.scale()
    claim = BEGIN[max(TRANSITIONS[name].sources, key=list(BEGIN).index)]()

    with pytest.raises(Invalid) as refusal:
        transition(claim, name, by=factories.editor())

    assert "/reason" in {problem.pointer for problem in refusal.value.problems}


def test_starting_opens_a_round_and_asks_for_coverage() -> None:
    claim = stories.sent_to_review()

    round_ = newest(claim)
    assert round_ is not None
    assert round_.is_open
    assert claim.stage == "review"
    assert claim.coverage_runs.count() == 1
    kinds = [entry.type for entry in read.entries(claim=claim.pk)]
    assert kinds[:2] == ["state.changed", "round.opened"]


def test_a_discreet_claim_sends_nothing_out_by_itself() -> None:
    claim = stories.sent_to_review(factories.claim(discreet=True))

    assert not claim.coverage_runs.exists()


def test_leaving_checking_voids_the_round_before_the_state_changes() -> None:
    claim = stories.settled()

    transition(claim, "return_to_draft", by=factories.editor(), wish=REASON)

    kinds = [entry.type for entry in read.entries(claim=claim.pk)]
    assert kinds[-2:] == ["round.voided", "state.changed"]


def test_publishing_says_everything_that_is_missing() -> None:
    claim = stories.sent_to_review()
    lead, second = factories.reviewer(), factories.reviewer()
    stories.reviewed(claim, lead, "true")
    stories.reviewed(claim, second, "true")
    size = read.size()

    with pytest.raises(NotReady) as refusal:
        transition(claim, "publish", by=factories.editor())

    assert {unmet.code for unmet in refusal.value.unmet} == {
        "finding_agreed",
        "supported",
        "sources",
    }
    assert all(unmet.message and unmet.fix for unmet in refusal.value.unmet)
    assert read.size() == size


def test_before_a_verdict_only_verdict_and_four_eyes_answer() -> None:
    claim = stories.sent_to_review()
    stories.reviewed(claim, factories.reviewer(), "true")

    with pytest.raises(NotReady) as refusal:
        transition(claim, "publish", by=factories.editor())

    assert [unmet.code for unmet in refusal.value.unmet] == ["verdict"]


def hands(claim: Claim, role: str) -> Actor:
    round_ = newest(claim)
    assert round_ is not None
    people = {
        "author": lambda: claim.authors.get().person,
        "reviewer": lambda: round_.reviews.first().reviewer,  # type: ignore[union-attr]
    }
    who = people[role]()
    who.roles = ["editor", "reviewer"]
    who.save()
    return Actor(person=who, scopes=who.scopes)


@pytest.mark.parametrize("role", ["author", "reviewer"])
def test_nobody_publishes_what_they_had_a_hand_in(role: str) -> None:
    claim = stories.settled()
    by = hands(claim, role)

    with pytest.raises(FourEyes):
        transition(claim, "publish", by=by)

    told = next(option for option in options(claim, by) if option.name == "publish")
    assert "four_eyes" in {unmet.code for unmet in told.unmet}


def test_unproven_needs_no_override_and_true_cannot_do_without() -> None:
    unproven, true = stories.settled(), stories.settled(rating="true")

    assert transition(unproven, "publish", by=factories.editor()).state == "published"
    with pytest.raises(NotReady) as refusal:
        transition(true, "publish", by=factories.editor())
    assert [unmet.code for unmet in refusal.value.unmet] == ["sources"]

    wish = Wish(overrides=(OverrideWish("sources", "Two people saw it; both are protected."),))
    assert transition(true, "publish", by=factories.editor(), wish=wish).state == "published"
    document = json.loads(bytes(stories.living(true).document))
    assert document["overrides"] == [
        {"code": "sources", "note": "Two people saw it; both are protected."}
    ]


@pytest.mark.parametrize("code", ["verdict", "four_eyes", "finding_agreed", "supported", "x"])
def test_a_safeguard_is_never_overridden(code: str) -> None:
    claim = stories.settled()

    with pytest.raises(Invalid):
        transition(
            claim,
            "publish",
            by=factories.editor(),
            wish=Wish(overrides=(OverrideWish(code, "Trust me."),)),
        )


def test_what_was_not_unmet_is_not_shown_as_overridden() -> None:
    claim = stories.settled()

    transition(
        claim,
        "publish",
        by=factories.editor(),
        wish=Wish(overrides=(OverrideWish("sources", "In case."),)),
    )

    assert not stories.living(claim).overrides.exists()


def test_publishing_again_after_a_recheck_is_a_correction() -> None:
    lead, newcomer = factories.reviewer(), factories.reviewer()
    claim = stories.published(people=(lead, factories.reviewer()))
    claim = stories.reopened(claim)
    cited = [factories.evidence(claim)]
    stories.reviewed(claim, newcomer, "false", evidence=cited)
    stories.reviewed(claim, lead, "false", evidence=cited)
    agree(claim, by=lead)
    with pytest.raises(Invalid):
        transition(claim, "publish", by=factories.editor())
    wish = Wish(
        kind="rating_changed",
        note="A document came to light.",
        overrides=(OverrideWish("sources", "One record, two readers."),),
    )

    claim = transition(claim, "publish", by=factories.editor(), wish=wish)

    assert claim.published_version == 2
    last = read.entries(claim=claim.pk)[-1]
    assert (last.type, last.data["corrects"], last.data["kind"]) == (
        "correction.issued",
        1,
        "rating_changed",
    )


def test_a_first_publication_corrects_nothing_whatever_kind_is_sent() -> None:
    claim = stories.settled()
    wish = Wish(kind="update", note="A document came to light.")

    published = transition(claim, "publish", by=factories.editor(), wish=wish)

    assert published.published_version == 1
    assert not Correction.objects.exists()


@pytest.mark.parametrize(
    ("rating", "kind", "true"),
    [
        ("false", "rating_changed", True),
        ("unproven", "rating_changed", False),
        ("false", "clarification", False),
        ("unproven", "clarification", True),
        ("false", "factual_error", True),
        ("unproven", "rechecked", True),
    ],
)
def test_a_correction_does_not_say_the_opposite_of_what_it_did(
    rating: str, kind: str, *, true: bool
) -> None:
    claim = stories.reopened()
    lead, second = factories.reviewer(), factories.reviewer()
    cited = [factories.evidence(claim, primary=True)]
    stories.reviewed(claim, lead, rating, evidence=cited)
    stories.reviewed(claim, second, rating, evidence=cited)
    agree(claim, by=second)
    wish = Wish(kind=kind, note="A document came to light.")

    if true:
        assert transition(claim, "publish", by=factories.editor(), wish=wish).published_version
        return
    with pytest.raises(Invalid) as refusal:
        transition(claim, "publish", by=factories.editor(), wish=wish)
    assert refusal.value.problems[0].pointer == "/kind"


def test_whether_a_rating_changed_is_not_told_before_it_is_settled() -> None:
    claim = stories.reopened()
    stories.reviewed(claim, factories.reviewer(), "unproven")
    for kind in ("rating_changed", "clarification"):
        wish = Wish(kind=kind, note="A document came to light.")
        with pytest.raises(NotReady) as refusal:
            transition(claim, "publish", by=factories.editor(), wish=wish)
        assert [one.code for one in refusal.value.unmet] == ["verdict"]


def test_what_was_withdrawn_is_called_so_when_somebody_withdraws_it_again() -> None:
    claim = stories.published()
    wish = Wish(reason="We were fooled.")
    claim = transition(claim, "withdraw", by=factories.editor(), wish=wish)

    with pytest.raises(IllegalTransition, match="“Withdrawn”"):
        transition(claim, "withdraw", by=factories.editor(), wish=wish)


def test_one_seat_of_a_recheck_is_kept_for_somebody_new() -> None:
    lead, second = factories.reviewer(), factories.reviewer()
    claim = stories.reopened(stories.published(people=(lead, second)))

    stories.reviewed(claim, lead, "unproven")
    with pytest.raises(FourEyes):
        stories.reviewed(claim, second, "unproven")

    stories.reviewed(claim, factories.reviewer(), "unproven")


def test_a_withdrawn_check_does_not_come_back() -> None:
    claim = withdrawn()

    assert (claim.state, claim.outcome) == ("dismissed", "withdrawn")
    with pytest.raises(NotReady) as refusal:
        transition(claim, "restore", by=factories.editor(), wish=REASON)
    assert [unmet.code for unmet in refusal.value.unmet] == ["withdrawn"]


def test_options_are_allowed_exactly_when_nothing_is_unmet() -> None:
    factories.scale()
    for begin in BEGIN.values():
        claim = begin()
        for role in ("contributor", "reviewer", "editor", "admin"):
            by = factories.actor(role)
            for option in options(claim, by):
                if option.name == "publish" and claim.state != "checking":
                    continue
                assert option.allowed == _works(claim, option.name, by), (option, role)


def _works(claim: Claim, name: str, by: Actor) -> bool:
    """Whether the transition goes through; whatever it did is undone."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                transition(claim, name, by=by, wish=wish_for(name))
        except DeskError:
            return False
        transaction.set_rollback(True)
        return True
