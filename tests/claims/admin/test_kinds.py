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
