"""What jobs are called: no name that is for programs is shown to people."""

import pytest

from claims import tasks
from claims.models import Job
from claims.models.jobs import KINDS_IN_WORDS
from reviews import tasks as later
from tests import factories as make
from tests.reviews.admin.desk import Desk, words


def test_every_kind_of_job_has_a_name_for_people() -> None:
    assert set(KINDS_IN_WORDS) == set(tasks.KINDS) | set(later.KINDS)


@pytest.mark.django_db
def test_lists_and_my_desk_call_work_by_that_name() -> None:
    claim = make.claim()
    Job.objects.create(
        kind="claim.trace",
        key="one",
        claim=claim,
        state=Job.State.FAILED,
        cause="The disk is full.",
    )
    desk = Desk.of(make.editor())

    for page in ("/admin/", "/admin/claims/job/"):
        shown = words(desk.get(page))
        assert "Count the origins" in shown
        assert "claim.trace" not in shown


@pytest.mark.django_db
def test_the_page_of_a_job_is_headed_by_its_work_and_leads_to_its_claim() -> None:
    claim = make.claim("The bridge is closed.")
    job = Job.objects.create(kind="claim.trace", key="one", claim=claim)

    answer = Desk.of(make.editor()).get(f"/admin/claims/job/{job.pk}/change/")

    assert "<h1>Count the origins</h1>" in answer.content.decode()
    assert f"/admin/claims/claim/{claim.pk}/change/" in answer.content.decode()
    assert "Attempts:" not in words(answer)
