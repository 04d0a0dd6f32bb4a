"""The dashboard over a year of checks, and an act on very many claims, from look to end."""

import resource
import time
from collections.abc import Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_static.models import StaticDevice

from claims import jobs
from claims.models import Actor, Claim, Job, Role, User
from claims.models.actors import person as acting
from reviews.bulk.acts import Dismiss
from reviews.bulk.begin import begin
from reviews.bulk.look import look
from reviews.models import BulkAct, BulkItem
from reviews.tasks import KINDS
from tests.benchmarks import decided, rows
from tests.benchmarks.clients import percentile
from tests.benchmarks.figures import Figure

MANY_AT_ONCE = 12_345
TIMES = 10
# A lead who opens a page waits a second; whoever looks before an act waits two.
PAGE_MS, LOOK_MS = 1_000, 2_000
STATEMENTS_MAX = 25


def figures(size: int) -> Iterator[Figure]:
    """The dashboard at ``size`` published checks; an act on 12,345 claims, or fewer at a try."""
    lead = User.objects.create(
        username="bench-lead", roles=[Role.EDITOR.value, Role.ADMIN.value], password="!"
    )
    decided.claims_published(size)
    # The decisions that the dashboard counts in the log are made by the act.
    yield from _act(acting(lead), min(size, MANY_AT_ONCE))
    rows.tidy()
    yield from _dashboard(lead)


def _dashboard(lead: User) -> Iterator[Figure]:
    client = _client(lead)
    for name, query in {
        "quarter": "",
        "year": "weeks=52",
        "year_of_a_language": "weeks=52&language=en",
        "year_published": "weeks=52&outcome=published",
    }.items():
        address = f"{reverse('desk:dashboard')}?{query}"
        _seconds(client, address)
        with CaptureQueriesContext(connection) as asked:
            _seconds(client, address)
        statements = [float(one["time"]) * 1000 for one in asked]
        took = [_seconds(client, address) for _ in range(TIMES)]
        yield Figure(f"dashboard_{name}_p95", percentile(took, 95) * 1000, PAGE_MS, "ms")
        yield Figure(f"dashboard_{name}_slowest_statement", max(statements), PAGE_MS, "ms")
        yield Figure(f"dashboard_{name}_statements", len(statements), STATEMENTS_MAX, "statements")


def _act(by: Actor, many: int) -> Iterator[Figure]:
    rows.claims_in_review(many)
    chosen = Claim.objects.filter(state=Claim.State.CHECKING)
    began, memory = time.perf_counter(), _memory()
    row = look(Dismiss("opinion", "Nobody can check it."), chosen, by=by)
    yield Figure("bulk_look", (time.perf_counter() - began) * 1000, LOOK_MS, "ms")
    if by.person is None:
        raise RuntimeError("A lead is a person.")
    client = _client(by.person)
    page = reverse("desk:many_act", args=[row.pk])
    yield Figure("bulk_page", _seconds(client, page) * 1000, LOOK_MS, "ms")
    began = time.perf_counter()
    begin(row, by=by)
    while (job := Job.objects.filter(kind="bulk", state=Job.State.QUEUED).first()) is not None:
        jobs.work(job.pk, KINDS[job.kind])
    took = time.perf_counter() - began
    row = BulkAct.objects.get(pk=row.pk)
    done = row.items.filter(outcome=BulkItem.Outcome.DONE).count()
    if row.ended_at is None or done != many:
        raise RuntimeError(f"{done} of {many} were done.")
    yield Figure("bulk_claims_a_second", done / took, 1, "claims/s")
    yield Figure("bulk_memory_grown", (_memory() - memory) / 1024, 200, "MB")


def _client(person: User) -> Client:
    """Signed in as one who has shown the second factor."""
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    device, _made = StaticDevice.objects.get_or_create(user=person, name="bench")
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
    return client


def _seconds(client: Client, address: str) -> float:
    began = time.perf_counter()
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return time.perf_counter() - began


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
