"""Many claims at once at the desk: chosen, looked at, begun, and read afterwards."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims import jobs
from claims.models import Claim, Job
from reviews import tasks
from reviews.bulk import begin
from reviews.models import BulkAct
from tests import factories as make
from tests.reviews import stories
from tests.reviews.admin.desk import Desk, words

pytestmark = pytest.mark.django_db
CLAIMS, CHOOSE, MANY = "/admin/claims/claim/", "/admin/many/choose/", "/admin/many/"
TAGGED = {"act": "tag", "look": "1", "add": "flood"}


def look_at(desk: Desk, **typed: Any) -> str:
    """Choose and look; the address of the page that says what will happen."""
    answer = desk.client.post(CHOOSE, {**TAGGED, **typed})
    assert answer.status_code == 302, words(answer)
    return str(answer["Location"])


def work() -> None:
    for job in Job.objects.filter(kind=begin.KIND, state=Job.State.QUEUED):
        jobs.work(job.pk, tasks.KINDS[begin.KIND])


def test_ticked_claims_are_looked_at_begun_and_read_afterwards() -> None:
    claim, out = make.claim(), stories.published()
    desk = Desk.of(make.editor())
    form = desk.client.post(CHOOSE, {"act": "tag", "claim": [str(claim.pk)]})
    assert "For 1 claim that you ticked." in words(form)

    place = look_at(desk, claim=[str(claim.pk), str(out.pk)])
    before = words(desk.get(place))
    assert "1 claim will change." in before
    assert "1 stays as it is: It is published" in before
    assert not claim.tags.exists()
    desk.client.post(place, {"do": "begin"})
    assert "0 of 2" in words(desk.get(place))
    work()

    after = words(desk.get(place))
    assert "1 claim changed." in after
    assert "What stayed, and why" in after
    assert out.text in after
    assert [one.name for one in claim.tags.all()] == ["flood"]
    assert "They get the tag flood." in words(desk.get(MANY))


def test_all_that_fit_the_filter_are_meant_on_every_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviews.admin.desk.ClaimAdmin.list_per_page", 2)
    for _ in range(5):
        make.claim(urgent=True)
    make.claim()
    desk = Desk.of(make.editor())
    second = re.search(r'rel="next" href="([^"]*)"', desk.get(CLAIMS).content.decode())
    assert second is not None
    shown = desk.client.get(CLAIMS + second.group(1).replace("&amp;", "&") + "&only=urgent")
    told = re.search(r'name="filter" value="([^"]*)"', shown.content.decode())
    assert told is not None

    place = look_at(desk, scope="filter", filter=told.group(1).replace("&amp;", "&"))

    assert "5 claims will change." in words(desk.get(place))
    assert BulkAct.objects.get().chosen_by == "?only=urgent"


def test_a_search_chooses_what_it_finds() -> None:
    make.claim("The ferry was closed.")
    make.claim("A bridge.")
    desk = Desk.of(make.editor())

    assert "1 claim will change." in words(
        desk.get(look_at(desk, scope="filter", filter="?q=ferry"))
    )


def test_restricted_claims_are_counted_for_those_alone_who_may_know_of_them() -> None:
    make.claim(visibility=Claim.Visibility.RESTRICTED)
    make.claim()

    for who, many in ((make.reviewer(), "1 claim will"), (make.editor(), "2 claims will")):
        desk = Desk.of(who)
        assert many in words(desk.get(look_at(desk, scope="filter", filter="?")))


def test_a_hidden_claim_cannot_be_named_into_a_look() -> None:
    hidden = make.claim(visibility=Claim.Visibility.RESTRICTED)

    answer = Desk.of(make.reviewer()).client.post(CHOOSE, {**TAGGED, "claim": [str(hidden.pk)]})

    assert answer.status_code == 400
    assert hidden.text not in words(answer)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"act": "publish", "claim": "x"},
        {"act": "\0", "claim": "x"},
        {"act": "tag"},
        {"act": "tag", "look": "1"},
        {"act": "tag", "claim": ["nonsense"]},
        {"act": "tag", "claim": ["nonsense"] * 201},
        {**TAGGED, "claim": [str(uuid4())]},
        {**TAGGED, "scope": "filter", "filter": "?only=urgent"},
        {**TAGGED, "scope": "filter", "filter": "?created_by__password__startswith=a"},
        {**TAGGED, "scope": "filter", "filter": "?state__exact=\0"},
        {**TAGGED, "scope": "filter", "filter": "?q=\0"},
        {**TAGGED, "scope": "filter", "filter": "?stage=nonsense"},
        {**TAGGED, "scope": "filter", "filter": "?whose=nonsense"},
        {**TAGGED, "scope": "filter", "filter": "?only=nonsense"},
        {**TAGGED, "scope": "filter", "filter": "?nonsense=1"},
        {**TAGGED, "scope": "filter", "filter": "?" + "x" * 5_000},
    ],
)
def test_what_cannot_be_chosen_is_refused_in_words(sent: dict[str, Any]) -> None:
    make.claim()

    answer = Desk.of(make.editor()).client.post(CHOOSE, sent)

    assert 400 <= answer.status_code < 500
    assert 'role="alert"' in answer.content.decode()
    assert not BulkAct.objects.exists()


def test_the_due_date_of_a_bulk_act_is_read_as_a_time() -> None:
    claim, desk = make.claim(), Desk.of(make.editor())
    sent = {"act": "due", "claim": [str(claim.pk)], "look": "1", "due_at": "2027-01-01T09:30"}

    place = desk.client.post(CHOOSE, sent)["Location"]

    assert 'They are due <time datetime="2027-01-01T09:30:00Z"' in desk.get(place).content.decode()


def test_what_was_typed_stays_where_it_is_refused() -> None:
    claim, desk = make.claim(), Desk.of(make.editor())
    typed = {"act": "dismiss", "look": "1", "reason": "", "note": "My words.", "claim": claim.pk}

    answer = desk.client.post(CHOOSE, typed)

    assert answer.status_code == 400
    assert "My words." in answer.content.decode()
    assert "Choose a reason of the list." in words(answer)
    assert str(claim.pk) in answer.content.decode()


def test_dismissing_says_first_what_is_lost_and_wants_a_tick() -> None:
    draft, checking = make.claim(), stories.sent_to_review()
    stories.reviewed(checking, make.reviewer(), "false")
    desk = Desk.of(make.editor())
    place = look_at(
        desk,
        act="dismiss",
        reason="out_of_scope",
        note="Not ours.",
        claim=[str(draft.pk), str(checking.pk)],
    )

    said = words(desk.get(place))
    assert "2 claims leave the queue. 1 of them is being checked" in said
    assert "In 1 a review is in that will count no more." in said
    assert desk.client.post(place, {"do": "begin"}).status_code == 400
    assert not Job.objects.filter(kind=begin.KIND).exists()
    desk.client.post(place, {"do": "begin", "sure": "on"})
    work()

    assert set(Claim.objects.values_list("state", flat=True)) == {"dismissed"}


def test_a_look_tells_nothing_of_what_a_hidden_review_says() -> None:
    said = set()
    for rating in ("true", "false"):
        claim = stories.sent_to_review(make.claim("The ferry was closed."))
        stories.reviewed(claim, make.reviewer(), rating)
        desk = Desk.of(make.editor(name=f"editor-{rating}"))
        place = look_at(desk, act="dismiss", reason="opinion", note="So.", claim=[str(claim.pk)])
        said.add(words(desk.get(place)).replace(f"editor-{rating}", "editor"))
        Claim.objects.update(visibility=Claim.Visibility.RESTRICTED)

    assert len(said) == 1


def test_stopping_leaves_the_rest_as_it_is() -> None:
    claim, desk = make.claim(), Desk.of(make.editor())
    place = look_at(desk, claim=[str(claim.pk)])
    desk.client.post(place, {"do": "begin"})

    assert "Stopped." in words(desk.client.post(place, {"do": "stop"}, follow=True))
    work()

    assert "1 stayed as it was: You stopped before its turn." in words(desk.get(place))
    assert not claim.tags.exists()


def test_an_unknown_button_does_nothing() -> None:
    claim, desk = make.claim(), Desk.of(make.editor())
    place = look_at(desk, claim=[str(claim.pk)])

    assert desk.client.post(place, {"do": "explode"}).status_code == 400
    assert desk.get(place, after="nonsense").status_code == 200


def test_work_that_failed_is_loud_and_can_be_tried_again() -> None:
    claim, desk = make.claim(), Desk.of(make.editor())
    place = look_at(desk, claim=[str(claim.pk)])
    desk.client.post(place, {"do": "begin"})
    Job.objects.update(state=Job.State.FAILED, cause="The worker was lost.")

    said = words(desk.get(place))
    assert "Stuck" in said
    assert "The worker was lost." in said
    desk.client.post(f"/admin/claims/job/{Job.objects.get().pk}/retry/")
    work()

    assert claim.tags.exists()


def test_others_read_of_it_as_their_roles_allow() -> None:
    claim, desk = make.claim(), Desk.of(make.reviewer())
    place = look_at(desk, claim=[str(claim.pk)])
    other, editor = Desk.of(make.reviewer()), Desk.of(make.editor())
    assert editor.get(place).status_code == 404  # a look is nobody else's yet
    desk.client.post(place, {"do": "begin"})

    assert other.get(place).status_code == 404
    assert editor.get(place).status_code == 200
    assert editor.client.post(place, {"do": "stop"}).status_code == 404
    assert other.get(f"{MANY}{uuid4()}/").status_code == 404


def test_whoever_changes_nothing_is_offered_nothing() -> None:
    make.claim()

    assert "Many at once" not in words(Desk.of(make.admin()).get(CLAIMS))
    offered = Desk.of(make.contributor()).get(CLAIMS).content.decode()
    assert 'value="tag"' in offered
    assert 'value="dismiss"' not in offered
    sent = {"act": "dismiss", "claim": [str(uuid4())]}
    assert Desk.of(make.contributor()).client.post(CHOOSE, sent).status_code == 403


def test_the_page_asks_little_however_many_claims_there_are() -> None:
    desk = Desk.of(make.editor())
    for _ in range(3):
        make.claim()
    place = look_at(desk, scope="filter", filter="?")
    desk.client.post(place, {"do": "begin"})
    work()

    with CaptureQueriesContext(connection) as asked:
        desk.get(place)

    assert len(asked) < 25
