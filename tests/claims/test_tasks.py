"""Each kind of job has a door that Celery finds by name; who waits for it is told of failure."""

from uuid import uuid4

import pytest
from celery import current_app

from claims import jobs, tasks
from claims.errors import Busy, Conflict
from claims.jobs import Held
from claims.models import Evidence, Job
from claims.web.errors import FetchError, Unreadable
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", tasks.KINDS)
def test_a_kind_of_job_has_its_task(kind: str) -> None:
    assert f"job:{kind}" in current_app.tasks


@pytest.mark.parametrize("kind", tasks.KINDS)
def test_a_message_about_a_job_that_is_not_there_does_nothing(kind: str) -> None:
    current_app.tasks[f"job:{kind}"](str(uuid4()))
    assert not Job.objects.exists()


def test_evidence_whose_page_cannot_be_had_says_why() -> None:
    item = make.evidence(
        make.claim(), url="http://127.0.0.1/", capturing=Evidence.Capturing.FETCHING
    )
    job = jobs.enqueue(
        "evidence.fetch", key=f"evidence.fetch:{item.pk}", args={"evidence": str(item.pk)}
    )
    tasks.run(job.pk, job.kind)
    item.refresh_from_db()
    assert item.capturing == Evidence.Capturing.FAILED
    assert "cannot be fetched" in item.capture_problem


def test_a_claim_is_traced_by_a_job() -> None:
    claim = make.claim()
    make.covered(claim, make.article())
    job = jobs.enqueue("claim.trace", key="claim.trace:1", claim=claim)
    tasks.run(job.pk, job.kind)
    claim.refresh_from_db()
    assert claim.sources["articles"] == 1


@pytest.mark.parametrize(
    ("error", "code", "again"),
    [
        (Busy("The log is busy.", retry_after=2), "busy", True),
        (FetchError("timeout", "No answer."), "timeout", True),
        (Conflict("Not as things stand."), "illegal_transition", False),
        (Unreadable("too_big", "Too much."), "too_big", False),
    ],
)
def test_what_the_desk_refuses_ends_a_job_and_what_may_pass_does_not(
    error: Exception, code: str, *, again: bool
) -> None:
    job = jobs.enqueue("test", key="refused")

    def refuse(_: Held) -> None:
        raise error

    jobs.work(job.pk, refuse)
    job.refresh_from_db()
    assert job.code == code
    assert job.cause == str(error)
    assert (job.state == Job.State.QUEUED) == again
