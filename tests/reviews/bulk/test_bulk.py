"""An act on many claims: foreseen truly, done once each by the usual verbs, and on record."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from claims import jobs
from claims.errors import Busy, Conflict, Forbidden, Invalid, Missing
from claims.ledger import read
from claims.models import Actor, Claim, Job, Role, User
from claims.text.digest import words_digest
from reviews import tasks
from reviews.bulk import begin, look, run
from reviews.bulk.acts import Act, Assign, Dismiss, Due, Tag, may_ask
from reviews.models import BulkAct, BulkItem, Notification
from reviews.workflow.amend import Amendment, edit
from tests import factories as make
from tests.reviews import stories

pytestmark = pytest.mark.django_db
Outcome = BulkItem.Outcome
NOT_NOW = Dismiss(reason="out_of_scope", note="Not for this desk.")


def looked(act: Act, *claims: Claim, by: Actor) -> BulkAct:
    return look.look(act, Claim.objects.filter(pk__in=[one.pk for one in claims]), by=by)


def worked(row: BulkAct) -> None:
    """As workers do: every job that waits, until none does."""
    while job := Job.objects.filter(kind=begin.KIND, state=Job.State.QUEUED).first():
        jobs.work(job.pk, tasks.KINDS[begin.KIND])
        job.refresh_from_db()
        assert job.state == Job.State.SUCCEEDED, job.cause


def done(act: Act, *claims: Claim, by: Actor) -> BulkAct:
    row = begin.begin(looked(act, *claims, by=by), by=by)
    worked(row)
    row.refresh_from_db()
    return row


def outcomes(row: BulkAct) -> dict[Any, tuple[str, str]]:
    return {one.claim_id: (one.outcome, one.code) for one in row.items.all()}


def events_of(claim: Claim) -> list[str]:
    return [one.type for one in read.entries(claim=claim.pk)]


def test_people_are_assigned_beside_those_who_have_it_or_instead() -> None:
    old, new, by = make.person(Role.REVIEWER), make.person(Role.REVIEWER), make.editor()
    claim = make.claim()
    claim.assigned_to.add(old)

    done(Assign(people=[new.username]), claim, by=by)
    assert set(claim.assigned_to.all()) == {old, new}
    done(Assign(people=[new.username], instead=True), claim, by=by)
    assert set(claim.assigned_to.all()) == {new}
    done(Assign(people=[], instead=True), claim, by=by)
    assert not claim.assigned_to.exists()


def test_whoever_gets_many_claims_is_told_once() -> None:
    who, by = make.person(Role.REVIEWER), make.editor()

    done(Assign(people=[who.username]), *(make.claim() for _ in range(3)), by=by)

    notice = Notification.objects.get()
    assert (notice.person, notice.kind, notice.claim) == (who, "assigned", None)
    assert "3 claims" in notice.message


def test_each_change_is_an_entry_of_its_claim_by_whoever_asked() -> None:
    first, second, by = make.claim(), make.in_checking(), make.editor()

    row = done(Tag(add=["flood"]), first, second, by=by)

    for claim in (first, second):
        assert events_of(claim) == ["x-claim.amended"]
        assert read.activity(claim, limit=1)[0].who == by.name
        claim.refresh_from_db()
        assert claim.version == 2
    assert row.ended_at is not None


def test_tags_come_and_go_and_others_stay() -> None:
    by = make.editor()
    claim = make.claim()
    done(Tag(add=["flood", "bridge"]), claim, by=by)

    done(Tag(add=["ferry"], remove=["flood"]), claim, by=by)

    assert {one.name for one in claim.tags.all()} == {"bridge", "ferry"}


def test_a_due_date_is_set_and_taken_away() -> None:
    by, claim = make.editor(), make.claim()
    due = timezone.now().replace(microsecond=0) + timedelta(days=2)

    done(Due(at=due.isoformat()), claim, by=by)
    claim.refresh_from_db()
    assert claim.due_at == due
    done(Due(at=""), claim, by=by)
    claim.refresh_from_db()
    assert claim.due_at is None


def test_what_is_so_already_has_no_entry_and_keeps_its_version() -> None:
    by, claim = make.editor(), make.claim()
    done(Tag(add=["flood"]), claim, by=by)

    row = done(Tag(add=["flood"]), claim, by=by)

    assert outcomes(row) == {claim.pk: (Outcome.UNCHANGED, "")}
    assert events_of(claim) == ["x-claim.amended"]


def test_dismissing_goes_by_the_one_door_of_states() -> None:
    draft, checking = make.claim(), stories.sent_to_review()

    row = done(NOT_NOW, draft, checking, by=make.reviewer())

    for claim in (draft, checking):
        claim.refresh_from_db()
        assert (claim.state, claim.outcome) == ("dismissed", "not_taken_up")
        assert "state.changed" in events_of(claim)
    assert "round.voided" in events_of(checking)
    assert {outcome for outcome, _ in outcomes(row).values()} == {Outcome.DONE}


def test_what_cannot_be_done_is_foreseen_stays_and_says_why() -> None:
    out, gone, draft = stories.published(), make.claim(), make.claim()
    by = make.editor()
    done(NOT_NOW, gone, by=by)

    row = looked(NOT_NOW, out, gone, draft, by=by)
    foreseen = {one.claim_id: one.code for one in row.items.all()}
    worked(begin.begin(row, by=by))

    assert foreseen == {out.pk: "illegal_transition", gone.pk: "as_it_is", draft.pk: ""}
    assert outcomes(row)[draft.pk] == (Outcome.DONE, "")
    assert outcomes(row)[out.pk] == (Outcome.STAYED, "illegal_transition")
    assert all(one.why for one in row.items.filter(outcome=Outcome.STAYED))


def test_a_claim_under_recheck_is_foreseen_to_stay() -> None:
    claim, by = stories.reopened(), make.editor()

    row = looked(NOT_NOW, claim, by=by)
    assert row.items.get().code == "unmet"
    worked(begin.begin(row, by=by))

    assert outcomes(row)[claim.pk] == (Outcome.STAYED, "unmet")


def test_a_contributor_changes_drafts_alone() -> None:
    draft, checking, by = make.claim(), make.in_checking(), make.contributor()

    row = done(Tag(add=["flood"]), draft, checking, by=by)

    assert outcomes(row) == {
        draft.pk: (Outcome.DONE, ""),
        checking.pk: (Outcome.STAYED, "role"),
    }


def test_a_claim_that_changed_after_the_look_stays() -> None:
    by, claim, other = make.editor(), make.claim(), make.claim()
    row = looked(NOT_NOW, claim, other, by=by)
    edit(claim, Amendment({"harm": 3}), by=by, version=None)

    worked(begin.begin(row, by=by))

    assert outcomes(row) == {claim.pk: (Outcome.STAYED, "stale"), other.pk: (Outcome.DONE, "")}
    claim.refresh_from_db()
    assert claim.state == "draft"


def test_of_two_acts_on_the_same_claims_one_changes_each() -> None:
    one, other = make.editor(), make.editor()
    claims = [make.claim() for _ in range(4)]
    rows = [looked(NOT_NOW, *claims, by=one), looked(Tag(add=["flood"]), *claims, by=other)]

    for row, by in zip(rows, (one, other), strict=True):
        begin.begin(row, by=by)
    worked(rows[0])

    for claim in claims:
        came_to = sorted(outcomes(row)[claim.pk] for row in rows)
        assert came_to == [(Outcome.DONE, ""), (Outcome.STAYED, "stale")]
        claim.refresh_from_db()
        assert claim.version == 2


def test_a_role_taken_away_meanwhile_stops_what_is_left() -> None:
    by, claim = make.editor(), make.claim()
    row = begin.begin(looked(NOT_NOW, claim, by=by), by=by)
    User.objects.filter(pk=row.by_id).update(roles=[Role.ADMIN])

    worked(row)

    assert outcomes(row)[claim.pk] == (Outcome.STAYED, "role")


def test_a_claim_hidden_meanwhile_is_left_alone_and_told_of_no_more() -> None:
    by, claim = make.reviewer(), make.claim()
    row = begin.begin(looked(Tag(add=["flood"]), claim, by=by), by=by)
    Claim.objects.update(visibility=Claim.Visibility.RESTRICTED)

    worked(row)

    assert outcomes(row)[claim.pk] == (Outcome.STAYED, "not_found")
    assert not look.items_of(row, by).exists()
    assert look.items_of(row, make.editor()).count() == 1


def test_restricted_claims_are_no_part_of_a_look_by_who_may_not_know_of_them() -> None:
    make.claim(visibility=Claim.Visibility.RESTRICTED)
    seen = make.claim()

    row = look.look(Tag(add=["flood"]), Claim.objects.all(), by=make.reviewer())

    assert [one.claim_id for one in row.items.all()] == [seen.pk]


def test_a_busy_log_is_tried_again_and_no_reason_to_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    by, claim = make.editor(), make.claim()
    row = begin.begin(looked(Tag(add=["flood"]), claim, by=by), by=by)
    job = Job.objects.get(kind=begin.KIND)

    def busy(*_: Any, **__: Any) -> int:
        raise Busy("The log is busy.")

    with monkeypatch.context() as patched:
        patched.setattr("reviews.workflow.amend.record", busy)
        jobs.work(job.pk, tasks.KINDS[begin.KIND])
    job.refresh_from_db()
    assert (job.state, job.code) == (Job.State.QUEUED, "busy")
    assert outcomes(row)[claim.pk] == (Outcome.WAITING, "")
    assert claim.tags.count() == 0

    Job.objects.update(not_before=timezone.now())
    worked(row)
    assert outcomes(row)[claim.pk] == (Outcome.DONE, "")


def test_a_worker_that_lost_its_job_writes_nothing() -> None:
    by, claim = make.editor(), make.claim()
    begin.begin(looked(Tag(add=["flood"]), claim, by=by), by=by)
    job = Job.objects.get(kind=begin.KIND)
    held = jobs.take(job.pk)
    assert held is not None
    Job.objects.filter(pk=job.pk).update(fence=held.fence + 1)

    with pytest.raises(jobs.Fenced):
        run.run(held)

    claim.refresh_from_db()
    assert claim.version == 1
    assert BulkItem.objects.get().outcome == Outcome.WAITING


def test_the_work_goes_on_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "SLICE", 2)
    by = make.editor()

    row = done(Tag(add=["flood"]), *(make.claim() for _ in range(5)), by=by)

    assert Job.objects.filter(kind=begin.KIND).count() == 3
    assert row.items.filter(outcome=Outcome.DONE).count() == 5


def test_beginning_twice_is_one_act() -> None:
    by = make.editor()
    row = looked(Tag(add=["flood"]), make.claim(), by=by)

    begin.begin(row, by=by)
    begin.begin(row, by=by)

    assert Job.objects.filter(kind=begin.KIND).count() == 1


def test_only_whoever_looked_may_begin_or_stop() -> None:
    by, other = make.editor(), make.editor()
    row = looked(Tag(add=["flood"]), make.claim(), by=by)

    with pytest.raises(Missing):
        begin.begin(row, by=other)
    begin.begin(row, by=by)
    with pytest.raises(Missing):
        begin.stop(row, by=other)


def test_a_stop_keeps_what_is_done_and_leaves_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "SLICE", 2)
    by = make.editor()
    row = begin.begin(looked(Tag(add=["flood"]), *(make.claim() for _ in range(5)), by=by), by=by)
    jobs.work(Job.objects.get(kind=begin.KIND).pk, tasks.KINDS[begin.KIND])

    begin.stop(row, by=by)
    worked(row)

    assert row.items.filter(outcome=Outcome.DONE).count() == 2
    assert row.items.filter(outcome=Outcome.STAYED, code="stopped").count() == 3
    assert Claim.objects.filter(tags__name="flood").count() == 2
    with pytest.raises(Conflict):
        begin.stop(row, by=by)
    with pytest.raises(Conflict):
        begin.begin(row, by=by)


def test_a_look_without_claims_is_refused() -> None:
    with pytest.raises(Invalid):
        looked(Tag(add=["flood"]), by=make.editor())


def test_too_many_claims_are_refused_before_anything_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(look, "MOST", 2)

    with pytest.raises(Invalid):
        looked(Tag(add=["flood"]), *(make.claim() for _ in range(3)), by=make.editor())

    assert not BulkAct.objects.exists()


@pytest.mark.parametrize(
    "act",
    [
        Assign(people=[]),
        Assign(people=["nobody-here"]),
        Due(at="tomorrow"),
        Due(at="2026-03-01T10:00:00"),
        Tag(),
        Tag(add=["x" * 81]),
        Tag(add=["nul\0"]),
        Tag(add=["both"], remove=["both"]),
        Tag(add=[f"tag-{n}" for n in range(51)]),
        Dismiss(reason="boredom", note="So."),
        Dismiss(reason="opinion", note="  "),
        Dismiss(reason="opinion", note="x" * 200_000),
    ],
)
def test_a_wish_that_cannot_be_used_is_refused(act: Act) -> None:
    with pytest.raises(Invalid) as refusal:
        looked(act, make.claim(), by=make.editor())

    assert refusal.value.problems
    assert not BulkAct.objects.exists()


@pytest.mark.parametrize("kind", ["", "publish", "delete"])
def test_an_unknown_act_is_refused(kind: str) -> None:
    with pytest.raises(Invalid):
        may_ask(kind, make.editor())


def test_who_may_not_do_it_to_one_may_not_do_it_to_many() -> None:
    for who, kind in ((make.admin(), "tag"), (make.contributor(), "dismiss")):
        with pytest.raises(Forbidden):
            may_ask(kind, who)
    with pytest.raises(Forbidden):
        may_ask("tag", make.service("claims:read", "claims:write"))


def test_looks_that_nobody_acted_on_are_forgotten_after_a_day() -> None:
    by, claim = make.editor(), make.claim()
    stale, begun = (looked(Tag(add=["flood"]), claim, by=by) for _ in range(2))
    begin.begin(begun, by=by)
    BulkAct.objects.update(made_at=timezone.now() - timedelta(days=2))

    looked(Tag(add=["ferry"]), claim, by=by)

    assert not BulkAct.objects.filter(pk=stale.pk).exists()
    assert BulkAct.objects.filter(pk=begun.pk).exists()


def test_twelve_thousand_claims_are_looked_at_and_begun(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run, "SLICE", 20)
    Claim.objects.bulk_create(
        Claim(text=f"Claim {n}.", text_digest=words_digest(f"Claim {n}."), language="en")
        for n in range(12_345)
    )
    by = make.editor()

    row = look.look(Tag(add=["flood"]), Claim.objects.filter(state="draft"), by=by)
    begin.begin(row, by=by)
    jobs.work(Job.objects.get(kind=begin.KIND).pk, tasks.KINDS[begin.KIND])

    done_by_now = row.items.filter(outcome=Outcome.DONE).count()
    assert done_by_now == Claim.objects.filter(tags__name="flood").count() > 0
    assert row.items.count() == 12_345
    assert Job.objects.filter(kind=begin.KIND, state=Job.State.QUEUED).count() == 1
